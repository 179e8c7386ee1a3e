"""The cliff in the loss of a recurrent network: one hidden unit, the same two weights every step.

Source: Pascanu, Mikolov, Bengio 2013, On the difficulty of training recurrent neural networks,
arXiv:1211.5063, figure 6.
"""

from __future__ import annotations

import math
from functools import cache
from typing import TYPE_CHECKING, Any

from landscape.errors import LandscapeError, unknown_name
from landscape.formula.latex import format_number
from landscape.specs import format_spec
from landscape.surfaces.surface import Surface

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import ArrayLike, NDArray

    Array = NDArray[Any]

__all__ = ["RnnCliff"]

_MOST_ITERATIONS = 10_000


class RnnCliff(Surface):
    """The loss of a recurrent unit with weight w (x axis) and bias b (y axis).

    The state begins at `initial` and is iterated, s <- w sigmoid(s) + b; the loss is
    (sigmoid(s) - target)² after `iterations` steps. Where the iteration has two attractors the loss
    jumps from one to the other's, almost as a step: a wall on which the gradient is enormous. The
    gradient is exact, by differentiating forwards along the iteration.

    Parameters: `iterations` (1 to 10 000), `target` and `initial`, each a number.

    Raises LandscapeError for other values or parameters.

    Source: Pascanu, Mikolov, Bengio 2013, arXiv:1211.5063.
    """

    name = "rnn_cliff"
    continuous = True
    bounds = ((1.0, 10.0), (-6.0, 0.0))
    start = (7.0, -2.0)
    teaches = "A wall in the loss of a recurrent network: one step there throws the weights far."
    recurrence = "s = 1/2; 50 times s = w*sigmoid(s) + b; (sigmoid(s) - 0.7)**2"
    source = "Pascanu, Mikolov, Bengio 2013, arXiv:1211.5063"
    parameters = {"iterations": 50.0, "target": 0.7, "initial": 0.5}  # noqa: RUF012 (never written)

    def __init__(
        self,
        iterations: float = 50,
        target: float = 0.7,
        initial: float = 0.5,
        **unknown: float,
    ) -> None:
        for key in unknown:
            raise unknown_name("parameter of rnn_cliff", key, self.parameters)
        whole = float(iterations).is_integer() and 1 <= iterations <= _MOST_ITERATIONS
        if isinstance(iterations, bool) or not whole:
            raise LandscapeError(
                f"iterations of rnn_cliff must be a whole number from 1 to {_MOST_ITERATIONS}: "
                f"{iterations!r} came"
            )
        for key, value in (("target", target), ("initial", initial)):
            if not math.isfinite(value):
                raise LandscapeError(f"{key} of rnn_cliff must be finite: {value:g} came")
        self.iterations = int(iterations)
        self.target, self.initial = float(target), float(initial)
        given = {
            "iterations": (self.iterations, 50),
            "target": (self.target, 0.7),
            "initial": (self.initial, 0.5),
        }
        shown = {key: repr(value) for key, (value, usual) in given.items() if value != usual}
        self.spec = format_spec(self.name, shown)
        goal = format_number(self.target)
        self.latex = (
            rf"\left(\sigma\left(s_{{{self.iterations}}}\right) - {goal}\right)^{{2}},\ "
            r"s_{t+1} = w\,\sigma\left(s_{t}\right) + b"
        )

    def __repr__(self) -> str:
        return f"<surface {self.spec}>"

    def value(self, x: ArrayLike, y: ArrayLike) -> Array:
        """Return the loss at (w, b) = (x, y); the arguments broadcast."""
        result: Array = self._everything(x, y)[0]
        return result

    def gradient(self, x: ArrayLike, y: ArrayLike) -> Array:
        """Return (dloss/dw, dloss/db) as an array of shape (2, …)."""
        result: Array = self._everything(x, y)[1:]
        return result

    def value_at(self, x: float, y: float) -> float:
        """Return the loss at one point as a float."""
        point = _kernels()[0]
        loss: float = point(float(x), float(y), self.iterations, self.target, self.initial)[0]
        return loss

    def gradient_at(self, x: float, y: float) -> tuple[float, float]:
        """Return the gradient at one point as two floats."""
        point = _kernels()[0]
        _, dw, db = point(float(x), float(y), self.iterations, self.target, self.initial)
        return dw, db

    def _everything(self, x: ArrayLike, y: ArrayLike) -> Array:
        """Return loss, dloss/dw and dloss/db as one array of shape (3, …)."""
        import numpy as np

        xs, ys = np.broadcast_arrays(np.asarray(x, np.float64), np.asarray(y, np.float64))
        results = np.empty((3, xs.size))
        sweep = _kernels()[1]
        points = np.stack([xs.ravel(), ys.ravel()])
        sweep(points, self.iterations, self.target, self.initial, results)
        return results.reshape(3, *xs.shape)


def _point(
    w: float, b: float, iterations: int, target: float, initial: float
) -> tuple[float, float, float]:
    """Return the loss and its derivatives by w and b."""
    s, s_w, s_b = initial, 0.0, 0.0
    for _ in range(iterations):
        a = 1.0 / (1.0 + math.exp(-s))
        slope = w * (a * (1.0 - a))
        s, s_w, s_b = w * a + b, a + slope * s_w, 1.0 + slope * s_b
    a = 1.0 / (1.0 + math.exp(-s))
    error = a - target
    outer = 2.0 * error * (a * (1.0 - a))
    return error * error, outer * s_w, outer * s_b


def _sweep(points: Array, iterations: int, target: float, initial: float, results: Array) -> None:
    """Write loss and derivatives at each column (w, b) of `points` into that of `results`."""
    for k in range(points.shape[1]):
        loss, dw, db = _compiled_point(points[0, k], points[1, k], iterations, target, initial)
        results[0, k] = loss
        results[1, k] = dw
        results[2, k] = db


# Numba resolves this name when it compiles the sweep; until then nothing has imported Numba.
_compiled_point: Callable[..., Any] = _point


@cache
def _kernels() -> tuple[Callable[..., Any], Callable[..., Any]]:
    """Return the compiled kernels for one point and for arrays."""
    global _compiled_point  # noqa: PLW0603
    from numba import njit

    options = {"cache": True, "error_model": "numpy"}
    _compiled_point = njit(**options)(_point)
    return _compiled_point, njit(**options)(_sweep)
