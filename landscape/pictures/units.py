"""The good range: an activation, its derivative, and where the pre-activations of units lie."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from landscape.drawing.good_range import in_good_range, reach_of
from landscape.drawing.histograms import Spread, spread
from landscape.drawing.sheet import page, split
from landscape.errors import LandscapeError
from landscape.keys import number_key, text, texts, whole_key
from landscape.networks.hidden import hidden_widths
from landscape.pictures.network import (
    NetworkRecipe,
    activation_names,
    load_data,
    spread_evenly,
)
from landscape.pictures.ready import Redrawn
from landscape.pictures.snapshots import Snapshots, networks_over_time
from landscape.pictures.words import layers_words, percent
from landscape.threads import one_blas_thread

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from landscape.networks.datasets import Dataset
    from landscape.networks.network import Network

    Array = NDArray[Any]

__all__ = ["Ridge", "Units", "UnitsPanel", "UnitsRecipe", "prepare"]

BINS = 80
_MOST_PANELS = 4
_MOST_LAYERS = 8
_LEAST, _LEAST_WIDE = 60.0, 70.0  # pixels of the axes' height and width


@dataclass(frozen=True, kw_only=True, repr=False)
class UnitsRecipe(NetworkRecipe):
    """What a picture of the good range depends on.

    Attributes:
      inits        schemes of initial weights, a panel for each with each activation
      activations  of the hidden layers
      share        of the largest derivative, from which on it is good
      reach        how far to each side of 0 the activation is shown; None for one that suits it
      optimizer    rule that trains the network
      epochs       of training: a still shows the network after them, a film the way there
      examples     rows of the data that are followed through the network, at most
    """

    picture = "units"

    net: str = text("6x100", "Widths of the hidden layers; 6x100 for six of 100.", metavar="WIDTHS")
    inits: tuple[str, ...] = texts(
        ("normal:scale=0.01", "glorot_normal", "normal:scale=1"),
        "Initial weights: zero, normal:scale=0.01, glorot_normal, he_normal, … Repeat it for "
        "several, one beside the other.",
        option="--init",
        singular="init",
        metavar="SCHEME",
    )
    activations: tuple[str, ...] = texts(
        ("tanh",),
        "tanh, sigmoid, relu, leaky_relu, gelu or linear. Repeat it for several.",
        option="--activation",
        singular="activation",
        metavar="NAME",
        choices=activation_names,
    )
    share: float = number_key(
        0.5, 0.001, 1, "The derivative is good from this share of its largest value on."
    )
    reach: float | None = number_key(
        None, 0.1, 1e6, "How far to each side of 0 the activation is shown.", optional=True
    )
    optimizer: str = text(
        "momentum:lr=0.05,mu=0.9", "Rule that trains.", option="--opt", metavar="NAME|RULE"
    )
    epochs: int = whole_key(0, 0, 10_000, "Epochs of training before the still, or in the film.")
    examples: int = whole_key(2000, 1, 100_000, "Rows of the data that are followed, at most.")

    def _check(self) -> None:
        super()._check()
        if not hidden_widths(self.net):
            raise LandscapeError("the good range is that of hidden units: set --net to 6x100, say")
        for name, given in (("init", self.inits), ("activation", self.activations)):
            if not given:
                raise LandscapeError(f"a picture of units needs an {name}: name one")
        panels = len(self.inits) * len(self.activations)
        if panels > _MOST_PANELS:
            raise LandscapeError(
                f"a picture of units has at most {_MOST_PANELS} panels: {len(self.inits)} inits "
                f"and {len(self.activations)} activations came"
            )
        if self.kind == "film" and not self.epochs:
            raise LandscapeError("a film of units shows training: add --epochs 20, say")

    def check_room(self) -> None:
        """Raise LandscapeError if the page is too small for the panels."""
        plan_units(self)


@dataclass(frozen=True, eq=False)
class Ridge:
    """The pre-activations of one layer: `spread`, marked where they are good, and `good` share."""

    spread: Spread
    good: float


@dataclass(frozen=True, eq=False)
class UnitsPanel:
    """The pre-activations of one network.

    Attributes: `network`; `init`, the scheme; `reach` of its axes; `layers`, their numbers from 1;
    `frames`, for each frame the ridge of each layer; `good`, for each frame the share of all
    pre-activations of hidden layers that are in the good range.
    """

    network: Network
    init: str
    reach: float
    layers: tuple[int, ...]
    frames: tuple[tuple[Ridge, ...], ...]
    good: tuple[float, ...]


class Units(Redrawn):
    """A picture of the good range whose numbers are computed.

    Attributes: `recipe`; `panels`; `epochs`, the time of each frame; `data`, what was
    followed through the networks: "500 rows of digits".
    """

    recipe: UnitsRecipe

    def __init__(
        self,
        recipe: UnitsRecipe,
        panels: tuple[UnitsPanel, ...],
        epochs: tuple[float, ...],
        data: str,
    ) -> None:
        self.recipe, self.panels, self.epochs, self.data = recipe, panels, epochs, data
        self.count = len(epochs)
        self.name = "-".join(["units", *recipe.activations])

    def numbers(self) -> list[str]:
        """Return a line for each panel: the share of pre-activations in the good range."""
        said = []
        for one in self.panels:
            layers = ", ".join(percent(ridge.good) for ridge in one.frames[-1])
            said.append(
                f"{one.network.activation}, {one.init}: {percent(one.good[-1])} in the good range; "
                f"{layers_words(one.layers, one.network)}: "
                f"{layers}"
            )
        return said


def plan_units(recipe: UnitsRecipe) -> tuple[list[tuple[float, float]], float]:
    """Return where the columns begin and how wide they are, and the height of the lower half.

    Raises LandscapeError if the page is too small for them.
    """
    size = recipe.pixels
    (left, _, width, height), unit = page(
        size, title=recipe.title != "" or bool(recipe.epochs), caption=recipe.caption != ""
    )
    label = 74 * unit
    gap = (24 if len(recipe.activations) == 1 else 52) * unit
    panels = len(recipe.inits) * len(recipe.activations)
    columns = split(left + label, width - label, panels, gap)
    lower = 0.48 * (height - 62 * unit)
    if lower < _LEAST or columns[0][1] < _LEAST_WIDE:
        raise LandscapeError(
            f"a picture of {size[0]}x{size[1]} has no room for {panels} panels: take a larger one "
            "or fewer of them"
        )
    return columns, lower


def prepare(
    recipe: UnitsRecipe,
    *,
    data: Dataset | None = None,
    report: Callable[[str], None] = lambda _: None,
    progress: Callable[[int, int], None] | None = None,
) -> Units:
    """Compute where the pre-activations of a recipe's networks lie, with the training it asks for.

    Parameters: `data` replaces the recipe's text by an object; `report` is told what a reader
    should know; `progress` is called with (done, in all).

    Raises LandscapeError for data, schemes and rules that mean nothing.
    """
    rows = load_data(recipe.data, dtype=recipe.dtype) if data is None else data
    pairs = [(init, name) for name in recipe.activations for init in recipe.inits]
    panels: list[UnitsPanel] = []
    epochs: tuple[float, ...] = (0.0,)
    made = networks_over_time(
        recipe, rows, pairs, recipe.optimizer, recipe.epochs, report, progress
    )
    for init, network, taken in made:
        with one_blas_thread():
            panels.append(_panel(recipe, network, init, taken, rows.X[: recipe.examples]))
        epochs = max(epochs, taken.epochs, key=len)
    followed = min(recipe.examples, rows.rows)
    return Units(recipe, tuple(panels), epochs, f"{followed} rows of {rows.name}")


def _panel(
    recipe: UnitsRecipe, network: Network, init: str, taken: Snapshots, inputs: Array
) -> UnitsPanel:
    hidden = len(network.sizes) - 2
    chosen = spread_evenly(hidden - 1, min(hidden, _MOST_LAYERS))
    reach = recipe.reach or reach_of(network.activation)
    frames, totals = [], []
    for flat in taken.flats:
        shares, ridges = [], []
        for k, trace in enumerate(network.trace(flat, inputs)[:hidden]):
            good = in_good_range(trace.preactivation, network.activation, recipe.share)
            shares.append(float(good.mean()))
            if k in chosen:
                found = spread(trace.preactivation, (-reach, reach), marked=good, bins=BINS)
                ridges.append(Ridge(found, shares[-1]))
        frames.append(tuple(ridges))
        weights = network.sizes[1:-1]
        totals.append(sum(w * s for w, s in zip(weights, shares, strict=True)) / sum(weights))
    layers = tuple(k + 1 for k in chosen)
    return UnitsPanel(network, init, reach, layers, tuple(frames), tuple(totals))
