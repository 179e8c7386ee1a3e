"""The keys that say which network, on which data, and how it is trained."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from landscape.errors import LandscapeError
from landscape.files import AnyPath
from landscape.key_kinds import Batch
from landscape.keys import flag, number_key, text, whole_key
from landscape.networks.hidden import check_skips, hidden_widths
from landscape.pictures.recipe import PictureRecipe
from landscape.specs import parse_number, split_spec

if TYPE_CHECKING:
    from landscape.networks.datasets import Dataset
    from landscape.networks.network import Network

__all__ = [
    "NetworkRecipe",
    "activation_names",
    "data_file",
    "load_data",
    "spread_evenly",
]

_GAUSSIAN_STREAM = 5


def activation_names() -> Sequence[str]:
    """Return the names of all activations."""
    from landscape.networks.activations import ACTIVATIONS

    return tuple(ACTIVATIONS)


@dataclass(frozen=True, kw_only=True, repr=False)
class NetworkRecipe(PictureRecipe):
    """What a picture of a network depends on.

    Attributes:
      data        the name of a data set with options, or a CSV or NPZ file
      net         widths of the hidden layers: "64,32", "6x100" for six of 100, "none"
      skip        skip connections around hidden layers of equal width
      loss        "cross_entropy" or "squared_error", "" for what suits the data
      l2          weight of the squared weights in the loss
      batch       examples of a step in training, 0 for all
      schedule    learning rate by name or as a formula of lr0 and t, "" for a constant one
      seed        of the initial weights and of the batches
      float64     double precision
    """

    data: str = text("digits", "Data: a name with options, or a CSV or NPZ file.", metavar="DATA")
    net: str = text("64,32", "Widths of the hidden layers; 6x100 for six of 100.", metavar="WIDTHS")
    skip: bool = flag(False, "Skip connections around hidden layers of equal width.")
    loss: str = text(
        "",
        "cross_entropy or squared_error; by the data if left out.",
        choices=("", "cross_entropy", "squared_error"),
    )
    l2: float = number_key(0.0, 0, 1e6, "Weight of the squared weights in the loss.")
    batch: int = field(
        default=32,
        metadata={
            "key": Batch(
                low=0, high=10_000_000, help="Examples of a step in training.", metavar="ROWS|all"
            )
        },
    )
    schedule: str = text("", "How the learning rate changes.", metavar="NAME|FORMULA")
    seed: int = whole_key(0, 0, 2**53, "Seed of initial weights and batches.")
    float64: bool = flag(False, "Double precision.")

    def _check(self) -> None:
        hidden_widths(self.net)

    @property
    def dtype(self) -> str:
        """The data type of the network and its data."""
        return "float64" if self.float64 else "float32"

    def network(self, data: Dataset, activation: str) -> Network:
        """Return the network for `data` with `activation` in its hidden layers.

        Raises LandscapeError as `Network` does, and for skip connections where none fits.
        """
        from landscape.networks.training import network_for

        options = {"loss": self.loss} if self.loss else {}
        network = network_for(
            data,
            hidden_widths(self.net),
            activation=activation,
            skip=self.skip,
            l2=self.l2,
            **options,
        )
        check_skips(network)
        return network


def load_data(
    spec: str, table: str = "", folder: AnyPath | None = None, dtype: str = "float32"
) -> Dataset:
    """Return the data of a text; "gaussian:inputs=100" draws what has nothing to be learnt.

    Gaussian data are 1000 rows of 100 standard normal inputs with one of ten classes at random,
    the customary input for a look at initial weights.

    Parameters: `table`, `folder` and `dtype` as `landscape.networks.dataset` takes them.

    Raises LandscapeError as `landscape.networks.dataset` does.
    """
    from landscape.networks.datasets import dataset

    if spec.startswith("python:"):
        raise LandscapeError(
            f"{spec.removeprefix('python:')!r} was made in Python and is not in the recipe: make "
            "the picture there again"
        )
    if split_spec(spec)[0] != "gaussian":
        return dataset(spec, dtype, table=table, folder=folder)
    return _gaussian(spec).astype(dtype)


def _gaussian(spec: str) -> Dataset:
    import numpy as np

    from landscape.errors import unknown_name
    from landscape.networks.datasets import Dataset

    given = {"inputs": 100.0, "rows": 1000.0, "classes": 10.0, "seed": 0.0}
    limits = {"inputs": 10_000, "rows": 100_000, "classes": 1000, "seed": 2**53}
    for key, said in split_spec(spec)[1].items():
        if key not in given:
            raise unknown_name("option of gaussian", key, given)
        value = parse_number(said, f"{key} of gaussian")
        low = 0 if key == "seed" else 2 if key == "classes" else 1
        if value != int(value) or not low <= value <= limits[key]:
            raise LandscapeError(
                f"{key} of gaussian must be a whole number from {low} to {limits[key]}: "
                f"{said!r} came"
            )
        given[key] = value
    inputs, rows, classes, seed = (int(given[key]) for key in given)
    draw = np.random.Generator(np.random.PCG64([_GAUSSIAN_STREAM, seed]))
    points = draw.standard_normal((rows, inputs)).astype(np.float32)
    labels = draw.integers(0, classes, rows)
    return Dataset(
        "gaussian",
        spec,
        points,
        labels,
        points[:0],
        labels[:0],
        tuple(str(k) for k in range(classes)),
        tuple(f"x{k + 1}" for k in range(inputs)),
        "class",
        shift=np.zeros(inputs),
        scale=np.ones(inputs),
    )


def data_file(spec: str) -> str:
    """Return the CSV or NPZ file that a text names, "" for other data."""
    from landscape.networks.data_text import read_text

    if spec.startswith("python:") or not spec.strip():
        return ""
    head = read_text(spec)[0]
    return head if head.lower().endswith((".csv", ".npz")) else ""


def spread_evenly(last: int, count: int) -> list[int]:
    """Return at most `count` places from 0 to `last`, both among them, as even as they can be."""
    import numpy as np

    places = np.linspace(0, last, min(count, last + 1)).round()
    return [int(place) for place in np.unique(places)]
