"""Networks: multilayer perceptrons over one flat vector, their data and their training."""

from landscape.networks.activations import ACTIVATIONS, Activation, activation
from landscape.networks.datasets import Dataset, dataset, dataset_names, from_arrays
from landscape.networks.evaluator import Evaluator
from landscape.networks.initial import INITIALISATIONS, Initialisation, initialisation
from landscape.networks.layout import Block
from landscape.networks.network import Network
from landscape.networks.rates import NETWORK_RATES
from landscape.networks.run import Run, load_run, load_runs, save_runs
from landscape.networks.trace import LayerTrace
from landscape.networks.training import network_for, train, train_all

__all__ = [
    "ACTIVATIONS",
    "INITIALISATIONS",
    "NETWORK_RATES",
    "Activation",
    "Block",
    "Dataset",
    "Evaluator",
    "Initialisation",
    "LayerTrace",
    "Network",
    "Run",
    "activation",
    "dataset",
    "dataset_names",
    "from_arrays",
    "initialisation",
    "load_run",
    "load_runs",
    "network_for",
    "save_runs",
    "train",
    "train_all",
]
