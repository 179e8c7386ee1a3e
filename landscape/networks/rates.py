"""Optimizers for networks: the rules of the catalogue, with learning rates that suit training."""

from __future__ import annotations

from collections.abc import Mapping

from landscape.errors import LandscapeError
from landscape.optimizers.catalogue import OUTSIDERS, find_name
from landscape.optimizers.lookup import Optimizer, optimizer
from landscape.optimizers.rule import Rule
from landscape.optimizers.solver import Solver
from landscape.optimizers.vector import check_vector_rule
from landscape.specs import split_spec

__all__ = ["NETWORK_RATES", "network_rule"]

_USUAL = 0.01

# Learning rates for standardised inputs and batches of some tens of rows; a form that needs
# another one has it under name/form. They lie a 1-2-5 step below those that do best over three
# small tasks (benchmarks/network_rates.py finds them), so that larger networks do not diverge.
NETWORK_RATES: Mapping[str, float] = {
    "gd": 0.2,
    "momentum": 0.02,
    "nesterov": 0.02,
    "adagrad": 0.05,
    "adagrad/optax": 0.1,
    "adadelta": 1.0,
    "rmsprop": 0.005,
    "rmsprop/momentum": 0.0005,
    "adam": 0.005,
    "adamax": 0.02,
    "adamw": 0.005,
    "amsgrad": 0.01,
    "amsgrad/optax": 0.02,
    "amsgrad/paper": 0.002,
    "nadam": 0.005,
    "radam": 0.01,
    "adabelief": 0.005,
    "yogi": 0.01,
    "yogi/paper": 0.005,
    "adan": 0.01,
    "lion": 0.001,
    "signsgd": 0.002,
    "rprop": 0.0002,
    "schedule_free": 0.5,
    "schedule_free/adamw": 0.02,
    "sophia": 0.001,
    "sam": 0.2,
    "sgld": 0.01,
}


def network_rule(spec: str | Optimizer) -> Rule:
    """Return the rule of a text, with the learning rate for networks if it has none of its own.

    Raises LandscapeError for what is no rule, for a rule of the plane alone, and for a solver,
    which needs the whole loss.
    """
    head = find_name(split_spec(spec)[0]) if isinstance(spec, str) else ""
    if head in OUTSIDERS:
        raise LandscapeError(
            f"{head} works on whole layers, and a rule here sees one flat vector: take another, "
            "such as adam"
        )
    found = optimizer(spec)
    if isinstance(found, Solver):
        raise LandscapeError(
            f"{found.name} chooses its own steps on the whole loss: networks are trained by an "
            "update rule such as adam"
        )
    check_vector_rule(found)
    if found.learning_rate is not None:
        return found
    usual = NETWORK_RATES.get(found.name, _USUAL)
    return found.with_learning_rate(NETWORK_RATES.get(f"{found.name}/{found.form}", usual))
