"""What every surface offers: values and exact gradients over the plane, and what is known of it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from landscape.errors import LandscapeError
from landscape.formula import Formula

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from numpy.typing import ArrayLike, NDArray

    Array = NDArray[Any]
    Gradient = Callable[[float, float], tuple[float, float]]

__all__ = ["Bounds", "CriticalPoint", "FormulaSurface", "Kind", "Surface", "check_bounds"]

_COMPILE_FROM = 1_000_000
Bounds = tuple[tuple[float, float], tuple[float, float]]
Kind = Literal["minimum", "maximum", "saddle", "degenerate"]
Scale = Literal["auto", "log", "linear"]


@dataclass(frozen=True, slots=True)
class CriticalPoint:
    """A point where the gradient vanishes or, at a kink, a minimum: where, how high, what kind."""

    x: float
    y: float
    value: float
    kind: Kind


class Surface(ABC):
    """A loss over two parameters.

    Attributes: `name` (for files and messages); `bounds` ((x0, x1), (y0, y1)), the domain that a
    picture shows; `start`, a usual first point; `points`, the known critical points; `latex`, the
    formula for a title ("" if there is none); `teaches`, the lesson in one line; `scale`, how
    contour levels are spaced; `spec`, the text that makes this surface again ("" if no text can);
    `labels`, the names of the two parameters; `title`, a heading ("" for one made from the name).
    """

    name: str
    bounds: Bounds
    start: tuple[float, float]
    points: tuple[CriticalPoint, ...] = ()
    latex: str = ""
    teaches: str = ""
    scale: Scale = "auto"
    spec: str = ""
    labels: tuple[str, str] = ("x", "y")
    title: str = ""
    continuous: bool = False  # True where it has no jump and no pole, however steep it is
    exact: bool = True  # False where the gradient is a finite difference
    examples: int = 0  # how many examples the loss is a mean over, 0 for a surface without data
    kept: str = ""  # of a surface that a file keeps: the SHA-256 by which a recipe knows it again,
    folder: str = ""  # and where its file is looked up first

    @abstractmethod
    def value(self, x: ArrayLike, y: ArrayLike) -> Array:
        """Return the loss at (x, y); the arguments broadcast."""

    @abstractmethod
    def gradient(self, x: ArrayLike, y: ArrayLike) -> Array:
        """Return (df/dx, df/dy) as an array of shape (2, …)."""

    def __call__(self, x: ArrayLike, y: ArrayLike) -> Array:
        """Return the loss at (x, y), as `value` does."""
        return self.value(x, y)

    def value_at(self, x: float, y: float) -> float:
        """Return the loss at one point as a float."""
        return float(self.value(x, y))

    def gradient_at(self, x: float, y: float) -> tuple[float, float]:
        """Return the gradient at one point as two floats."""
        dx, dy = self.gradient(x, y)
        return float(dx), float(dy)

    def batches(self, size: int, seed: int) -> Callable[[], Gradient]:
        """Return a function whose every call gives the gradient over the next mini-batch.

        Parameters: `size` is the number of examples in a batch, drawn without replacement in each
        epoch, in an order that `seed` decides. A gradient takes x and y and gives two floats.

        Raises LandscapeError for a surface without data.
        """
        raise LandscapeError(
            f"{self.name} has no examples to take batches of: choose a data surface"
        )

    def grid(self, columns: int, rows: int, bounds: Bounds | None = None) -> tuple[Array, ...]:
        """Return the loss over a grid that covers the domain: (xs, ys, values).

        Parameters: `columns` and `rows` are the numbers of grid lines; `bounds` default to the
        surface's own. xs has shape (columns,), ys (rows,), values (rows, columns).
        """
        import numpy as np

        (x0, x1), (y0, y1) = bounds or self.bounds
        xs, ys = np.linspace(x0, x1, columns), np.linspace(y0, y1, rows)
        return xs, ys, self.value_on_grid(xs, ys)

    def value_on_grid(self, xs: Array, ys: Array) -> Array:
        """Return the loss where the lines xs (columns) and ys (rows) cross: (rows, columns)."""
        return self.value(xs[None, :], ys[:, None])

    def visible_points(self) -> list[CriticalPoint]:
        """Return the known critical points within the bounds."""
        (x0, x1), (y0, y1) = self.bounds
        return [p for p in self.points if x0 <= p.x <= x1 and y0 <= p.y <= y1]

    @property
    def largest_curvature(self) -> float | None:
        """The largest eigenvalue of the Hessian at the lowest known minimum, None if unknown.

        Gradient descent is stable there for learning rates below two divided by it.
        """
        return None

    @property
    def condition(self) -> float | None:
        """The condition number of the Hessian at the minimum, None if it is not known."""
        return None

    @property
    def minima(self) -> tuple[CriticalPoint, ...]:
        """The known minima, the lowest first."""
        found = (point for point in self.points if point.kind == "minimum")
        return tuple(sorted(found, key=lambda point: point.value))


class FormulaSurface(Surface):
    """A surface written as a formula of x and y, with exact derivatives.

    Parameters: `text` is the formula; `parameters` are further names with values; the rest are the
    attributes of `Surface`. Without `points`, none are known.

    Raises LandscapeError if the text is no formula.
    """

    def __init__(
        self,
        text: str,
        *,
        name: str = "formula",
        bounds: Bounds = ((-3.0, 3.0), (-3.0, 3.0)),
        start: tuple[float, float] | None = None,
        points: tuple[CriticalPoint, ...] = (),
        parameters: Mapping[str, float] | None = None,
        teaches: str = "",
        scale: Scale = "auto",
        spec: str = "",
    ) -> None:
        self.formula = Formula(text, parameters)
        self.name = name
        self.bounds = check_bounds(bounds)
        (x0, x1), (y0, y1) = self.bounds
        # Away from the axes and the diagonals, where symmetric surfaces hide their lesson.
        self.start = start or (x0 + 0.15 * (x1 - x0), y0 + 0.8 * (y1 - y0))
        self.points = points
        self.teaches = teaches
        self.scale = scale
        self.spec = spec or text

    def __repr__(self) -> str:
        return f"<surface {self.name}: {self.formula.text}>"

    @property
    def latex(self) -> str:  # type: ignore[override]  # derived on first use
        """The formula as LaTeX, parameters filled in."""
        return self.formula.latex

    def value(self, x: ArrayLike, y: ArrayLike) -> Array:
        """Return the loss at (x, y); the arguments broadcast."""
        return self.formula.value(x, y)

    def gradient(self, x: ArrayLike, y: ArrayLike) -> Array:
        """Return (df/dx, df/dy) as an array of shape (2, …)."""
        return self.formula.gradient(x, y)

    def hessian(self, x: ArrayLike, y: ArrayLike) -> Array:
        """Return the second derivatives as an array of shape (2, 2, …)."""
        return self.formula.hessian(x, y)

    @property
    def largest_curvature(self) -> float | None:
        """The largest eigenvalue of the Hessian at the lowest known minimum, None if unknown."""
        import numpy as np

        if not self.minima:
            return None
        hessian = self.hessian(self.minima[0].x, self.minima[0].y)
        return float(np.linalg.eigvalsh(hessian)[-1]) if np.isfinite(hessian).all() else None

    def value_at(self, x: float, y: float) -> float:
        """Return the loss at one point as a float."""
        return self.formula.value_at(x, y)

    def gradient_at(self, x: float, y: float) -> tuple[float, float]:
        """Return the gradient at one point as two floats."""
        return self.formula.gradient_at(x, y)

    def value_on_grid(self, xs: Array, ys: Array) -> Array:
        """Return the loss where the lines xs (columns) and ys (rows) cross: (rows, columns).

        A million cells or more are evaluated by a compiled kernel: below that, compiling (once) or
        loading it (once a process) takes longer than NumPy does.
        """
        if xs.size * ys.size < _COMPILE_FROM:
            return super().value_on_grid(xs, ys)
        return self.formula.grid(xs, ys)


def check_bounds(bounds: Any) -> Bounds:
    """Return `bounds` as ((x0, x1), (y0, y1)) of finite floats.

    Parameters: `bounds` is ((x0, x1), (y0, y1)) or the four numbers in a row.

    Raises LandscapeError if they are anything else, or an interval is empty.
    """
    try:
        flat = [float(value) for part in bounds for value in _flat(part)]
        x0, x1, y0, y1 = flat
    except (TypeError, ValueError):
        raise LandscapeError(f"bounds are x0,x1,y0,y1 such as -3,3,-2,2: {bounds!r} came") from None
    finite = all(abs(value) < 1e150 for value in flat)
    if not (finite and x0 < x1 and y0 < y1):
        raise LandscapeError(
            f"bounds need x0 < x1 and y0 < y1, all finite: {x0:g},{x1:g},{y0:g},{y1:g} came"
        )
    return (x0, x1), (y0, y1)


def _flat(part: Any) -> tuple[Any, ...]:
    return (part,) if isinstance(part, (int, float)) else tuple(part)
