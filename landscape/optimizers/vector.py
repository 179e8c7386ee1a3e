"""An update rule stepped on a flat array of any length, by the formula that steps in the plane."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from landscape.errors import LandscapeError
from landscape.formula.compile import execute
from landscape.formula.grammar import NUMPY_IMPORTS, SCALAR_IMPORTS
from landscape.optimizers.rule import NOISE_STREAM, Rule
from landscape.optimizers.vector_code import VectorCode
from landscape.optimizers.vector_source import VectorSource

__all__ = ["VectorStepper", "check_vector_rule"]

Array = NDArray[np.floating[Any]]
Ask = Callable[[Array], Array]


class VectorStepper:
    """Steps a rule over parameters p of shape (count,), in place, in the dtype of `start`.

    Numbers are computed in double precision: beta1**t, the sums dot(u, v) and norm(u) over all
    coordinates, and states that never meet an array (Prodigy's d). In float64 a step has the bits
    of the plane's step, the order of long sums aside.

    Parameters: `rule`; `start` (count,), float32 or float64; `rate`, the first learning rate, for
    states that start at it; `gradient` and `curvature`, what grad(q) and hess(q) give at an array
    q (count,): an array that is no longer changed until the step is done; `seed` of noise().

    Attributes: `p`, the parameters, the same array for good; `state`, the rule's memory by name,
    arrays (count,) or floats.

    Raises LandscapeError for a rule with swap(…), which has a meaning in the plane alone, and for
    one that asks for a gradient or curvature that is not given.
    """

    def __init__(
        self,
        rule: Rule,
        start: Array,
        rate: float = 0.0,
        *,
        gradient: Ask | None = None,
        curvature: Ask | None = None,
        seed: int = 0,
    ) -> None:
        code, source = _written(rule)
        for what, given, called in (
            ("grad", gradient, "gradients away from p"),
            ("hess", curvature, "second derivatives"),
        ):
            if code.asks(what) and given is None:
                raise LandscapeError(
                    f"{rule.label or rule.name} asks for {called}, which are not given here: "
                    "take another rule, such as adam"
                )
        self.p = np.array(start)
        if self.p.ndim != 1 or self.p.dtype not in (np.float32, np.float64):
            raise LandscapeError(
                "parameters are a flat array of float32 or float64: "
                f"{self.p.dtype} of shape {self.p.shape} came"
            )
        self.count, self.dtype = len(self.p), self.p.dtype
        values = {found: self._first(rule, found, rate) for found in rule.state}
        self._arrays = [self._array(values[found]) for found in code.arrays]
        self._numbers = tuple(float(values[found]) for found in code.numbers)
        self._names = code.arrays, code.numbers
        self._prelude = execute(SCALAR_IMPORTS + source.prelude, "prelude")
        self._careful = execute(NUMPY_IMPORTS + source.careful_prelude, "prelude")
        self._draw = np.random.Generator(np.random.PCG64([NOISE_STREAM, seed])).standard_normal
        with np.errstate(over="ignore"):
            constants = [np.array(value, self.dtype) for value in source.constants]
        self._step = execute(NUMPY_IMPORTS + source.main, "bind")(
            gradient,
            curvature,
            self._noise,
            self._dot,
            self._array,
            *(np.empty_like(self.p) for _ in range(source.buffers)),
            *constants,
        )

    @property
    def state(self) -> dict[str, Array | float]:
        """What the rule remembers, by name."""
        arrays, numbers = self._names
        return {
            **dict(zip(arrays, self._arrays, strict=True)),
            **dict(zip(numbers, self._numbers, strict=True)),
        }

    def step(self, t: int, lr: float, g: Array) -> None:
        """Take step number `t` (from 1) at the rate `lr` from the gradient `g` (count,) at p.

        inf and NaN come and stay as in IEEE arithmetic, without a warning.
        """
        with np.errstate(all="ignore"):
            self.advance(t, lr, g)

    def advance(self, t: int, lr: float, g: Array) -> None:
        """Take the step as `step` does, for a caller that has silenced NumPy's warnings itself."""
        try:
            known = self._prelude(t, lr, *self._numbers)
        except (ArithmeticError, ValueError):
            known = self._careful(np.float64(t), np.float64(lr), *map(np.float64, self._numbers))
        self._numbers = self._step(self.p, g, *self._arrays, t, lr, *self._numbers, *known)

    def _first(self, rule: Rule, found: str, rate: float) -> Any:
        text = rule.initial.get(found, "0")
        if text == "p":
            return self.p
        known = {**rule.hyperparameters, "lr": rate}
        return known[text] if text in known else float(text)

    def _array(self, value: Any) -> Array:
        """Return a new array (count,) of a number, or a copy of one."""
        return np.array(np.broadcast_to(value, (self.count,)), self.dtype)

    def _dot(self, u: Any, v: Any) -> float:
        """Return the sum of u*v over the coordinates, pairwise, in double precision.

        Not np.dot: in what order BLAS adds depends on the number of threads.
        """
        products = np.multiply(u, v, dtype=np.float64)
        if not products.ndim:
            return float(products) * self.count
        return float(np.add.reduce(products))

    def _noise(self) -> Array:
        return self._draw(self.count).astype(self.dtype, copy=False)


def check_vector_rule(rule: Rule) -> None:
    """Raise LandscapeError if the rule has a meaning in the plane alone, as swap(…) has."""
    _written(rule)


def _written(rule: Rule) -> tuple[VectorCode, VectorSource]:
    initial = {found: rule.initial.get(found, "0") for found in rule.state}
    return _cached(
        rule.formula,
        rule.label or rule.name,
        tuple(initial.items()),
        tuple(rule.hyperparameters.items()),
    )


@lru_cache(maxsize=128)
def _cached(
    formula: str,
    label: str,
    initial: tuple[tuple[str, str], ...],
    hyperparameters: tuple[tuple[str, float], ...],
) -> tuple[VectorCode, VectorSource]:
    rule = Rule(formula, formula, dict(hyperparameters), initial=dict(initial))
    code = VectorCode(formula, label, rule.program.statements, dict(initial), dict(hyperparameters))
    return code, VectorSource(code)
