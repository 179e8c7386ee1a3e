"""What the surfaces made of data have in common: names, curvatures, domain, mini-batches."""

from __future__ import annotations

import math
import re
from abc import abstractmethod
from dataclasses import replace
from itertools import count
from operator import index
from typing import TYPE_CHECKING, Any

from landscape.errors import LandscapeError
from landscape.surfaces.data.batches import check_batch, epoch_order
from landscape.surfaces.data.carried import carry
from landscape.surfaces.data.design import Design, can_be_drawn
from landscape.surfaces.data.models import MODELS
from landscape.surfaces.data.table import Table
from landscape.surfaces.surface import Bounds, CriticalPoint, Surface

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from numpy.typing import ArrayLike, NDArray

    Array = NDArray[Any]
    Gradient = Callable[[float, float], tuple[float, float]]

__all__ = [
    "DataSurface",
    "box",
    "carried_table",
    "curvatures_of",
    "minimum_at",
    "same_for_both",
]


class DataSurface(Surface):
    """The loss of a model with two weights, the mean over the examples of a data set.

    Attributes, beside those of every surface:
      labels       the names of the two weights, such as ("w", "b") or ("w_bmi", "w_s5")
      model        "linear", "logistic", …
      source       the data set: a name or a path
      target, features, classes, scaling  what was taken from it, and how features are scaled
      examples     how many examples the mean is over
      dropped      how many rows were left out for a missing value
      table        the whole data set
      lowest       the loss at the lowest minimum, None if none is known
      curvatures   the smallest and the largest eigenvalue of the Hessian there, None likewise

    A surface stands for the whole data, or for one mini-batch (`batch_surface`).
    """

    lowest: float | None = None
    curvatures: tuple[float, float] | None = None

    def __init__(self, design: Design, source: str, spec: str, table: Table) -> None:
        self._design = design
        self.table = table
        wish = design.wish
        self.model, self.source, self.spec = wish.model, source, spec
        self.target, self.features = wish.target, wish.features
        self.classes, self.scaling = wish.classes, wish.scaling
        self.labels = design.labels
        self.examples, self.dropped = len(design.t), design.dropped
        stem = re.split(r"[/\\]", source)[-1]
        stem = re.sub(r"\.\w{1,4}$", "", stem)
        parts = [stem, wish.model, *wish.features, *([wish.scaling] * (wish.scaling != "raw"))]
        self.name = re.sub(r"[^\w-]+", "_", "_".join(parts))[:80].strip("_")
        shown = stem.replace("$", " ") if can_be_drawn(stem) else "data"
        title = f"{shown}, {wish.model}".replace("_", " ")
        self.title = title[:1].upper() + title[1:]
        facts = MODELS[self.model]
        self.teaches = facts.teaches
        self.latex = facts.latex.replace("PLUS", _sum_latex(design))
        self._settle()

    def __repr__(self) -> str:
        return f"<surface {self.spec or self.name}: {self.examples} examples>"

    @abstractmethod
    def _settle(self) -> None:
        """Set `bounds`, `start`, `points`, `lowest` and `curvatures`."""

    @abstractmethod
    def hessian(self, x: ArrayLike, y: ArrayLike) -> Array:
        """Return the second derivatives as an array of shape (2, 2, …)."""

    @abstractmethod
    def _gradients(self, order: Array) -> Iterator[Gradient]:
        """Yield the gradient of each batch: row k of `order` holds the examples of batch k."""

    # -- curvature ---------------------------------------------------------------------------

    @property
    def largest_curvature(self) -> float | None:
        """λmax, the Hessian's largest eigenvalue at the lowest minimum, None where there is none.

        GD is stable there up to a rate of 2/λmax. For linear regression λmax is the same
        everywhere; `two_layer_linear` has that of the minimum whose weights are equally large.
        """
        return self.curvatures[1] if self.curvatures else None

    @property
    def condition(self) -> float | None:
        """λmax/λmin of the Hessian at the lowest minimum: inf if the floor is flat, None without.

        GD at its best constant rate, 2/(λmin + λmax), takes steps in proportion to it.
        """
        if self.curvatures is None:
            return None
        smallest, largest = self.curvatures
        return largest / smallest if smallest > 0 else math.inf

    def same_model(self, other: DataSurface, x: float, y: float) -> tuple[float, float] | None:
        """Return the weights here that predict what the weights (x, y) of `other` predict.

        That is so for the same examples and features in another scaling. None where no weights do,
        and for `two_layer_linear`, where many would.
        """
        import numpy as np

        mine, theirs = self._design, other._design
        if self.model != other.model or self.model == "two_layer_linear":
            return None
        if len(mine.a) != len(theirs.a) or self.features != other.features:
            return None
        wanted = theirs.a * x + theirs.b * y
        columns = np.stack([mine.a, mine.b], axis=1)
        found, *_ = np.linalg.lstsq(columns, wanted)
        away = np.abs(columns @ found - wanted).max()
        if not away <= 1e-9 * max(1e-300, np.abs(wanted).max()):
            return None
        return float(found[0]), float(found[1])

    # -- mini-batches ------------------------------------------------------------------------

    def batches(self, size: int, seed: int) -> Callable[[], Gradient]:
        """Return a function whose every call gives the gradient over the next mini-batch.

        Parameters: `size` is the number of examples in a batch; `seed` decides the order. Each
        epoch draws without replacement in a new order; examples that do not fill a last batch are
        dropped for that epoch.

        Raises LandscapeError if `size` is no whole number from 1 to `examples`.
        """
        size, seed = check_batch(size, seed, self.examples)

        def stream() -> Iterator[Gradient]:
            for epoch in count():
                yield from self._gradients(epoch_order(self.examples, size, seed, epoch))

        return stream().__next__

    def batch_rows(self, k: int, size: int, seed: int) -> Array:
        """Return which examples make up batch `k` (from 0) of the order of `batches`.

        Raises LandscapeError as `batches` does.
        """
        size, seed = check_batch(size, seed, self.examples)
        epoch, place = divmod(index(k), self.examples // size)
        rows: Array = epoch_order(self.examples, size, seed, epoch)[place]
        return rows

    def batch_surface(self, k: int, size: int, seed: int) -> DataSurface:
        """Return the loss over batch `k` (from 0) alone: what the rule sees at that step.

        The weights mean what they mean on this surface (features scaled by all examples), and the
        domain is this surface's. Its gradient is the one that call number `k` of
        `batches(size, seed)` gives.

        Raises LandscapeError as `batches` does.
        """
        return self._of_rows(self.batch_rows(k, size, seed))

    def _of_rows(self, rows: Array) -> DataSurface:
        """Return the surface of some examples, with this surface's domain and start."""
        whole = self._design
        design = replace(whole, a=whole.a[rows], b=whole.b[rows], t=whole.t[rows])
        part = object.__new__(type(self))
        part.__dict__.update(self.__dict__)
        part._design = design
        part.examples = len(rows)
        part.spec = ""  # no text makes a batch
        part.name = f"{self.name}_batch"
        part.points, part.lowest, part.curvatures = (), None, None
        part._settle_part()
        return part

    @abstractmethod
    def _settle_part(self) -> None:
        """Set what is quickly known of the rows that were taken: it is done for every frame."""


def _sum_latex(design: Design) -> str:
    if len(design.wish.features) == 2:
        return r"w_{1} (x_{i1} - \bar{x}_{1}) + w_{2} (x_{i2} - \bar{x}_{2})"
    return "w x_{i} + b"


def carried_table(surfaces: Iterable[Surface]) -> str:
    """Return what a recipe carries of the CSV file that the surfaces of a picture are made from.

    It has all columns that any of them uses, and is "" for surfaces that no such file makes.
    """
    own = [one for one in surfaces if isinstance(one, DataSurface) and one.table.own]
    if not own:
        return ""
    return carry(own[0].table, {name for one in own for name in (one.target, *one.features)})


def curvatures_of(hessian: Array) -> tuple[float, float]:
    """Return the eigenvalues of a symmetric 2×2 matrix, the smaller first."""
    import numpy as np

    smallest, largest = np.linalg.eigvalsh(hessian)
    return float(smallest), float(largest)


def same_for_both(surface: DataSurface) -> LandscapeError:
    """Return the error for features that leave the two weights open."""
    names = " and ".join(surface.features)
    said = f"cannot tell the two weights of {surface.model} apart"
    if len(surface.features) == 2:
        return LandscapeError(
            f"{names} are collinear (one says what the other does) and {said}: choose other "
            "features"
        )
    return LandscapeError(f"{names} hardly varies for its size and {said}: add scaling=standard")


def minimum_at(surface: Surface, x: float, y: float) -> CriticalPoint:
    """Return the minimum at (x, y) with its value."""
    return CriticalPoint(x, y, surface.value_at(x, y), "minimum")


def box(
    middle: tuple[float, float], half: tuple[float, float], offset: tuple[float, float]
) -> tuple[Bounds, tuple[float, float]]:
    """Return a domain around `middle` and a start in it, both at round numbers.

    Parameters: `half` are the half widths; `offset` is where the start lies, as shares of them.
    """
    bounds, start = [], []
    for centre, width, share in zip(middle, half, offset, strict=True):
        digits = 1 - math.floor(math.log10(width))
        bounds.append((round(centre - width, digits), round(centre + width, digits)))
        start.append(round(centre + share * width, digits + 1))
    return (bounds[0], bounds[1]), (start[0], start[1])
