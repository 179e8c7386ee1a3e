"""A surface from somebody's own Python function."""

from __future__ import annotations

import inspect
import numbers
import warnings
from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING, Any

from landscape.errors import LandscapeError
from landscape.surfaces.surface import Bounds, Surface, check_bounds

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Array = NDArray[Any]

__all__ = ["FunctionSurface", "LandscapeWarning"]

Function = Callable[[Any, Any], Any]

# The step of a fourth-order difference that balances its two errors is eps**(1/5) = 7e-4 of the
# length over which the function changes; a quarter of the domain is taken for that length.
_STEP = 1.8e-4
# Offsets and weights of f' by five points: in the middle, at the left end, at the right end.
_STENCILS = (
    ((-2, -1, 0, 1, 2), (1, -8, 0, 8, -1)),
    ((0, 1, 2, 3, 4), (-25, 48, -36, 16, -3)),
    ((0, -1, -2, -3, -4), (25, -48, 36, -16, 3)),
)


class LandscapeWarning(UserWarning):
    """Something works, but not as well as it could; the message says why in one line."""


class FunctionSurface(Surface):
    """A surface that is a Python function f(x, y) of two numbers (or of two arrays).

    Parameters: `f`, the function; `gradient`, a function of (x, y) that returns the pair
    (df/dx, df/dy), exact; `bounds` and `start`, as every surface has them; `name` defaults to the
    function's; `jit` says whether Numba compiles f: True (it must), False (never), None (if it
    can; if it cannot, one LandscapeWarning says why, and f runs as plain Python). It is compiled
    when it is first evaluated. Where f raises an ArithmeticError or a ValueError (math.log(-1)),
    its value is NaN.

    Without `gradient`, the gradient is a finite difference of fourth order and `exact` is False.
    Its step is about 1e-4 of the domain's width (more only where the coordinate is so large that
    this would be lost in its rounding), which suits a function that is smooth on the scale of the
    domain: six digits and more are then right. A point within two steps of a bound is differenced
    to the inside only, so for a point inside f is never asked for a value outside.

    Raises LandscapeError if f does not take two arguments or does not return a real number.
    """

    def __init__(
        self,
        f: Function,
        *,
        gradient: Function | None = None,
        bounds: Any = ((-3.0, 3.0), (-3.0, 3.0)),
        start: tuple[float, float] | None = None,
        name: str | None = None,
        jit: bool | None = None,
    ) -> None:
        given = getattr(f, "__name__", "function")
        self.name = name or (given if given.isidentifier() else "function")
        self.bounds: Bounds = check_bounds(bounds)
        self._start = start
        self._function = f
        self._jit = jit
        self._gradient = gradient
        self.exact = gradient is not None
        _check_arguments(f, self.name)
        self._check_values()

    def __repr__(self) -> str:
        return f"<surface {self.name}: Python function>"

    @property
    def start(self) -> tuple[float, float]:  # type: ignore[override]  # follows the bounds
        """A usual first point: the one given, else one inside the bounds, off their axes."""
        if self._start is not None:
            return self._start
        (x0, x1), (y0, y1) = self.bounds
        return x0 + 0.15 * (x1 - x0), y0 + 0.8 * (y1 - y0)

    # -- values ------------------------------------------------------------------------------

    def value(self, x: ArrayLike, y: ArrayLike) -> Array:
        """Return the loss at (x, y); the arguments broadcast."""
        import numpy as np

        xs, ys = np.asarray(x, np.float64), np.asarray(y, np.float64)
        with np.errstate(all="ignore"):
            values = self._evaluate(xs, ys)
        return np.asarray(values, np.float64)

    def value_at(self, x: float, y: float) -> float:
        """Return the loss at one point as a float."""
        return float(self.value(x, y))

    @cached_property
    def _evaluate(self) -> Callable[[Array, Array], Any]:
        """The function over arrays: compiled, or f itself, or f point by point."""
        import numpy as np

        compiled = None if self._jit is False else self._compiled()
        if compiled is not None:
            return compiled
        pointwise = np.vectorize(self._number, otypes=[np.float64])
        return (
            self._function if _takes_arrays(self._function, pointwise, self.bounds) else pointwise
        )

    def _compiled(self) -> Callable[[Array, Array], Any] | None:
        """Return f as a NumPy function made by Numba, None if Numba cannot."""
        import numba

        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # Numba's remarks on somebody else's function
                made: Callable[[Array, Array], Any] = numba.vectorize(
                    ["float64(float64, float64)"]
                )(self._function)
            self._compare(made)
        except Exception as problem:  # whatever a compiler may say of an unknown function
            reason = _first_line(problem)
            if self._jit:
                raise LandscapeError(f"Numba cannot compile {self.name}: {reason}") from None
            warnings.warn(
                f"{self.name} runs as plain Python, for Numba cannot compile it: {reason}",
                LandscapeWarning,
                stacklevel=2,
            )
            return None
        return made

    def _compare(self, made: Callable[..., Any]) -> None:
        """Refuse a compiled function that computes something else than Python does."""
        import numpy as np

        with np.errstate(all="ignore"):
            for x, y in _probes(self.bounds):
                ours, theirs = float(made(x, y)), self._number(x, y)
                if not np.isclose(ours, theirs, rtol=1e-6, atol=1e-12, equal_nan=True):
                    raise ValueError(f"compiled, it gives {ours:g} instead of {theirs:g}")

    def _number(self, x: float, y: float) -> float:
        """Return f(x, y) by Python, NaN where it has no value.

        Raises LandscapeError for what is no real number.
        """
        try:
            found = self._function(float(x), float(y))
        except (ArithmeticError, ValueError):
            return float("nan")
        except Exception as problem:
            raise LandscapeError(
                f"{self.name}({x:g}, {y:g}) failed: {type(problem).__name__}: "
                f"{_first_line(problem)}"
            ) from problem
        return _real(found, self.name)

    def _check_values(self) -> None:
        probes = _probes(self.bounds)
        for x, y in probes:
            self._number(x, y)
        if self._gradient is not None:
            self._exact_at(*probes[0])

    # -- gradients ---------------------------------------------------------------------------

    def gradient(self, x: ArrayLike, y: ArrayLike) -> Array:
        """Return (df/dx, df/dy) as an array of shape (2, …)."""
        import numpy as np

        xs, ys = np.broadcast_arrays(np.asarray(x, np.float64), np.asarray(y, np.float64))
        if self._gradient is None:
            bound_x, bound_y = self.bounds
            return np.stack(
                [
                    self._difference(xs, bound_x, lambda moved: self.value(moved, ys)),
                    self._difference(ys, bound_y, lambda moved: self.value(xs, moved)),
                ]
            )
        pairs = np.array([self._exact_at(a, b) for a, b in zip(xs.flat, ys.flat, strict=True)])
        return pairs.reshape(*xs.shape, 2).transpose(-1, *range(xs.ndim))

    def gradient_at(self, x: float, y: float) -> tuple[float, float]:
        """Return the gradient at one point as two floats."""
        if self._gradient is not None:
            return self._exact_at(x, y)
        dx, dy = self.gradient(x, y)
        return float(dx), float(dy)

    def _exact_at(self, x: float, y: float) -> tuple[float, float]:
        """Return the pair that the given gradient function returns."""
        assert self._gradient is not None
        what = f"the gradient of {self.name}"
        try:
            pair = tuple(self._gradient(float(x), float(y)))
        except (ArithmeticError, ValueError):
            return float("nan"), float("nan")
        except Exception as problem:
            raise LandscapeError(
                f"{what} must return a pair (df/dx, df/dy): {_first_line(problem)}"
            ) from problem
        if len(pair) != 2:
            raise LandscapeError(f"{what} must return a pair (df/dx, df/dy): {len(pair)} came")
        return _real(pair[0], what), _real(pair[1], what)

    @staticmethod
    def _difference(
        at: Array, bound: tuple[float, float], value: Callable[[Array], Array]
    ) -> Array:
        """Return the derivative along one coordinate by five values."""
        import numpy as np

        low, high = bound
        offsets = np.array([offset for offset, _ in _STENCILS], dtype=np.float64)
        weights = np.array([weight for _, weight in _STENCILS], dtype=np.float64)
        total = np.zeros(at.shape)
        with np.errstate(all="ignore"):
            # A power of two, so that at + k*step is exact.
            smallest = 8 * np.spacing(np.abs(at))
            step = 2.0 ** np.floor(np.log2(np.maximum(_STEP * (high - low), smallest)))
            left = (at >= low) & (at - 2 * step < low) & (at + 4 * step <= high)
            right = (at <= high) & (at + 2 * step > high) & (at - 4 * step >= low)
            which = np.where(left, 1, np.where(right, 2, 0))
            for k in range(5):
                total += weights[which, k] * value(at + offsets[which, k] * step)
            result: Array = total / (12 * step)
        return result


def _check_arguments(f: Function, name: str) -> None:
    try:
        inspect.signature(f).bind(0.0, 0.0)
    except TypeError as problem:
        raise LandscapeError(
            f"a surface is a function of two numbers, {name}(x, y): {problem}"
        ) from None
    except ValueError:
        pass  # built in, without a signature: its first call will tell


def _real(found: Any, what: str) -> float:
    """Return a real number, also from an array or tensor that holds just one."""
    if isinstance(found, numbers.Real):
        return float(found)
    shape = getattr(found, "shape", None)
    if shape is None or len(shape) > 0 or "complex" in str(getattr(found, "dtype", "")):
        shown = f"an array of shape {tuple(shape)}" if shape else type(found).__name__
        raise LandscapeError(f"{what} must return a real number for two: {shown} came")
    try:
        return float(found)
    except (TypeError, ValueError):
        raise LandscapeError(
            f"{what} must return a real number for two: {type(found).__name__} came"
        ) from None


def _probes(bounds: Bounds) -> list[tuple[float, float]]:
    """Return a few points inside the bounds, in no special position."""
    (x0, x1), (y0, y1) = bounds
    parts = ((0.15, 0.8), (0.43, 0.37), (0.71, 0.55), (0.9, 0.12), (0.27, 0.94), (0.55, 0.66))
    return [(x0 + a * (x1 - x0), y0 + b * (y1 - y0)) for a, b in parts]


def _takes_arrays(f: Function, pointwise: Callable[..., Any], bounds: Bounds) -> bool:
    """Return whether f gives for arrays what it gives point by point."""
    import numpy as np

    xs, ys = np.array(_probes(bounds)).T.reshape(2, 2, 3)
    try:
        with np.errstate(all="ignore"), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            found = np.asarray(f(xs, ys))
            # A constant or a sum over all points is no answer for each of them.
            if found.shape != xs.shape or found.dtype.kind not in "fiub":
                return False
            # And the shapes must broadcast, as those of a grid do.
            column, row = xs[:, :1], ys[:1, :]
            crossed = np.asarray(f(column, row))
            return (
                crossed.shape == xs.shape
                and np.allclose(found, pointwise(xs, ys), equal_nan=True)
                and np.allclose(crossed, pointwise(column, row), equal_nan=True)
            )
    except LandscapeError:
        raise
    except Exception:
        return False


def _first_line(problem: Exception) -> str:
    """Return the line of a (possibly long) message that says what is wrong."""
    lines = [line.strip() for line in str(problem).splitlines() if line.strip()]
    # Numba begins with a banner about its pipeline.
    told = [line for line in lines if not line.lower().startswith(("failed in", "during:"))]
    line = (told or lines or [type(problem).__name__])[0]
    return line if len(line) <= 160 else line[:159] + "…"
