"""Initial weights: what goes through a network, layer by layer, still or while it learns."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from landscape.drawing.histograms import Spread, common_limits, spread
from landscape.drawing.sheet import page, split
from landscape.errors import LandscapeError
from landscape.keys import text, texts, whole_key
from landscape.networks.hidden import hidden_widths
from landscape.pictures.network import (
    NetworkRecipe,
    activation_names,
    load_data,
    spread_evenly,
)
from landscape.pictures.ready import Redrawn
from landscape.pictures.snapshots import Snapshots, networks_over_time
from landscape.pictures.words import layers_words
from landscape.threads import one_blas_thread

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from landscape.networks.datasets import Dataset
    from landscape.networks.network import Network
    from landscape.networks.trace import LayerTrace

    Array = NDArray[Any]

__all__ = ["QUANTITIES", "Layers", "LayersRecipe", "Row", "Shown", "prepare"]

QUANTITIES = {
    "preactivations": "pre-activations",
    "activations": "activations",
    "gradients": "gradients",
}
_MOST_ROWS = 6
_MOST_COLUMNS = 8
_LEAST, _LEAST_WIDE = 26.0, 36.0  # pixels of a histogram's height and width


@dataclass(frozen=True, kw_only=True, repr=False)
class LayersRecipe(NetworkRecipe):
    """What a picture of histograms layer by layer depends on.

    Attributes:
      inits        schemes of initial weights: "glorot_normal", "normal:scale=0.01"
      activations  of the hidden layers
      show         "preactivations", "activations" and "gradients"; none for what has room
      optimizer    rule that trains the network
      epochs       of training: a still shows the network after them, a film the way there
      examples     rows of the data that are followed through the network, at most
    """

    picture = "layers"

    net: str = text("6x100", "Widths of the hidden layers; 6x100 for six of 100.", metavar="WIDTHS")
    inits: tuple[str, ...] = texts(
        ("glorot_normal",),
        "Initial weights: zero, normal:scale=0.01, glorot_normal, he_normal, … Repeat it for "
        "several, one beneath the other.",
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
    show: tuple[str, ...] = texts(
        (),
        "preactivations, activations or gradients. Repeat it for several; all three if one "
        "network is shown, else activations.",
        singular="quantity",
        metavar="QUANTITY",
        choices=tuple(QUANTITIES),
    )
    optimizer: str = text(
        "momentum:lr=0.05,mu=0.9", "Rule that trains.", option="--opt", metavar="NAME|RULE"
    )
    epochs: int = whole_key(0, 0, 10_000, "Epochs of training before the still, or in the film.")
    examples: int = whole_key(2000, 1, 100_000, "Rows of the data that are followed, at most.")

    def _check(self) -> None:
        super()._check()
        if not hidden_widths(self.net):
            raise LandscapeError("histograms of layers need hidden layers: set --net to 6x100, say")
        for name, given in (("init", self.inits), ("activation", self.activations)):
            if not given:
                raise LandscapeError(f"a picture of layers needs an {name}: name one")
        rows = len(self.inits) * len(self.activations) * len(self.quantities)
        if rows > _MOST_ROWS:
            raise LandscapeError(
                f"a picture of layers has at most {_MOST_ROWS} rows: {len(self.inits)} inits, "
                f"{len(self.activations)} activations and {len(self.quantities)} quantities came"
            )
        if self.kind == "film" and not self.epochs:
            raise LandscapeError("a film of layers shows training: add --epochs 20, say")

    def check_room(self) -> None:
        """Raise LandscapeError if the page is too small for the histograms."""
        plan_layers(self)

    @property
    def quantities(self) -> tuple[str, ...]:
        """What is shown of each network."""
        several = len(self.inits) * len(self.activations) > 1
        return self.show or (("activations",) if several else tuple(QUANTITIES))


@dataclass(frozen=True, eq=False)
class Shown:
    """One histogram: `spread`; its layer's `dead` units, `saturated` share, whether all `alike`."""

    spread: Spread
    dead: int
    saturated: float
    alike: bool


@dataclass(frozen=True, eq=False)
class Row:
    """The histograms of one quantity of one network.

    Attributes: `network`; `init`, the scheme; `quantity`; `limits` of all its histograms; `layers`,
    their numbers from 1; `frames`, for each frame the histogram of each of the layers.
    """

    network: Network
    init: str
    quantity: str
    limits: tuple[float, float]
    layers: tuple[int, ...]
    frames: tuple[tuple[Shown, ...], ...]


class Layers(Redrawn):
    """A picture of histograms, layer by layer, whose numbers are computed.

    Attributes: `recipe`; `rows`; `epochs`, the time of each frame; `data`, what was followed: "500
    rows of digits".
    """

    recipe: LayersRecipe

    def __init__(
        self, recipe: LayersRecipe, rows: tuple[Row, ...], epochs: tuple[float, ...], data: str
    ) -> None:
        self.recipe, self.rows, self.epochs, self.data = recipe, rows, epochs, data
        self.count = len(epochs)
        names = recipe.activations if len(recipe.activations) < 3 else ("activations",)
        first = recipe.inits[0].partition(":")[0] if len(recipe.inits) == 1 else ""
        self.name = "-".join(["layers", *names, *([first] if first else [])])

    def numbers(self) -> list[str]:
        """Return a line for each row: the deviations, dead and saturated units of its layers."""
        said = []
        for row in self.rows:
            last = row.frames[-1]
            name = f"{row.network.activation}, {row.init}, {QUANTITIES[row.quantity]}"
            parts = [f"{name}, {layers_words(row.layers, row.network)}: deviation"]
            parts.append(", ".join(f"{one.spread.deviation:.2g}" for one in last))
            parts.append("dead " + ", ".join(str(one.dead) for one in last))
            if all(one.alike for one in last):
                parts.append("all units alike")
            parts.append("saturated " + ", ".join(f"{one.saturated:.0%}" for one in last))
            said.append(f"{parts[0]} {'; '.join(parts[1:])}")
        return said


def plan_layers(
    recipe: LayersRecipe,
) -> tuple[list[tuple[float, float]], list[tuple[float, float]]]:
    """Return where the columns begin and how wide they are, and the same of rows, in pixels.

    Raises LandscapeError if the page is too small for them.
    """
    size = recipe.pixels
    (left, bottom, width, height), unit = page(
        size, title=recipe.title != "" or bool(recipe.epochs), caption=recipe.caption != ""
    )
    label = min(176 * unit, 0.22 * width)
    hidden = len(hidden_widths(recipe.net))
    columns = split(left + label, width - label, min(hidden, _MOST_COLUMNS), 14 * unit)
    count = len(recipe.inits) * len(recipe.activations) * len(recipe.quantities)
    rows = split(bottom, height - 30 * unit, count, 10 * unit)[::-1]
    least = max(36 * unit, _LEAST_WIDE)
    if rows[0][1] - 52 * unit < _LEAST or columns[0][1] < least:
        raise LandscapeError(
            f"a picture of {size[0]}x{size[1]} has no room for {len(rows)} rows of "
            f"{len(columns)} histograms: take a larger one or fewer of them"
        )
    return columns, rows


def prepare(
    recipe: LayersRecipe,
    *,
    data: Dataset | None = None,
    report: Callable[[str], None] = lambda _: None,
    progress: Callable[[int, int], None] | None = None,
) -> Layers:
    """Compute the histograms of a recipe, with the training that it asks for.

    Parameters: `data` replaces the recipe's text by an object; `report` is told what a reader
    should know; `progress` is called with (done, in all).

    Raises LandscapeError for data, schemes and rules that mean nothing.
    """
    data = load_data(recipe.data, dtype=recipe.dtype) if data is None else data
    pairs = [(init, name) for name in recipe.activations for init in recipe.inits]
    rows: list[Row] = []
    epochs: tuple[float, ...] = (0.0,)
    made = networks_over_time(
        recipe, data, pairs, recipe.optimizer, recipe.epochs, report, progress
    )
    for init, network, taken in made:
        inputs, targets = data.X[: recipe.examples], data.y[: recipe.examples]
        with one_blas_thread():
            rows += _rows(recipe, network, init, taken, inputs, targets)
        epochs = taken.epochs
    followed = min(recipe.examples, data.rows)
    return Layers(recipe, tuple(rows), epochs, f"{followed} rows of {data.name}")


def _rows(
    recipe: LayersRecipe, network: Network, init: str, taken: Snapshots, inputs: Array, y: Array
) -> list[Row]:
    hidden = len(network.sizes) - 2
    chosen = spread_evenly(hidden - 1, min(hidden, _MOST_COLUMNS))
    limits: dict[str, list[tuple[float, float]]] = {name: [] for name in recipe.quantities}
    # Twice through the frames rather than all their arrays at once: axes are the film's.
    for flat in taken.flats:
        traces = network.trace(flat, inputs, y)
        for name in recipe.quantities:
            values = [values_of(traces[k], name) for k in chosen]
            limits[name].append(_limits(network.activation, name, values))
    found = {
        name: (min(a for a, _ in ends), max(b for _, b in ends)) for name, ends in limits.items()
    }
    frames: dict[str, list[tuple[Shown, ...]]] = {name: [] for name in recipe.quantities}
    for flat in taken.flats:
        traces = network.trace(flat, inputs, y)
        for name in recipe.quantities:
            frames[name].append(tuple(_shown(traces[k], name, found[name]) for k in chosen))
    layers = tuple(k + 1 for k in chosen)
    return [
        Row(network, init, name, found[name], layers, tuple(frames[name]))
        for name in recipe.quantities
    ]


def values_of(trace: LayerTrace, quantity: str) -> Array:
    """Return a layer's numbers of one kind, (rows, width); gradients are those of one example."""
    if quantity == "preactivations":
        return trace.preactivation
    if quantity == "activations":
        return trace.activation
    assert trace.gradient is not None
    return trace.gradient * len(trace.gradient)


def _limits(name: str, quantity: str, values: list[Array]) -> tuple[float, float]:
    if quantity == "activations" and name in ("tanh", "sigmoid"):
        return (-1.0, 1.0) if name == "tanh" else (0.0, 1.0)
    return common_limits(values, symmetric=quantity != "activations" or name == "linear")


def _shown(trace: LayerTrace, quantity: str, limits: tuple[float, float]) -> Shown:
    marked = None
    if not trace.kind.kinked and quantity != "gradients":
        marked = saturated(trace)
    found = spread(values_of(trace, quantity), limits, marked=marked)
    return Shown(found, trace.dead_count, trace.saturated_share, trace.alike)


def saturated(trace: LayerTrace) -> Array:
    """Return where units are saturated, (rows, width), as `LayerTrace.saturated` counts it."""
    import numpy as np

    from landscape.networks.trace import SATURATION

    return np.asarray(np.abs(trace.derivative) < SATURATION * trace.kind.steepest)
