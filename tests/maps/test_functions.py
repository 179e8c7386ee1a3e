"""The functions that vectorise: within 2 ulp of what mpmath says, over the range they have."""

from __future__ import annotations

import math
import platform
from typing import Any

import mpmath
import numba
import numpy as np
import pytest
from numpy.typing import NDArray

from landscape.maps import functions

Array = NDArray[Any]
RNG = np.random.default_rng(0)
# Doubles next to multiples of pi/2, where the reduction of the argument loses most.
with mpmath.workprec(200):
    NEAR = np.array([float(n * mpmath.pi / 2) for n in range(1, 5215, 13)])
ARGUMENTS: dict[str, Array] = {
    "exp": np.concatenate([RNG.uniform(-745, 709.7, 3000), RNG.normal(0, 1e-8, 200)]),
    "log": np.concatenate([10 ** RNG.uniform(-323, 308, 2000), RNG.uniform(0.5, 2, 2000)]),
    "sin": np.concatenate([RNG.uniform(-8192, 8192, 2000), NEAR, -NEAR, np.nextafter(NEAR, 0)]),
    "cos": np.concatenate([RNG.uniform(-8192, 8192, 2000), NEAR, -NEAR, np.nextafter(NEAR, 0)]),
    "tanh": np.concatenate([RNG.uniform(-25, 25, 2000), 10 ** RNG.uniform(-300, 0, 1000)]),
}


@pytest.mark.parametrize("name", functions.FUNCTIONS)
def test_within_two_ulp(name: str) -> None:
    ours, exact = getattr(functions, name), getattr(mpmath, name)
    worst = 0.0
    with mpmath.workprec(200):
        for x in ARGUMENTS[name].tolist():
            value = exact(mpmath.mpf(x))
            ulp = np.spacing(abs(float(value))) or 5e-324
            worst = max(worst, float(abs(mpmath.mpf(ours(x)) - value) / ulp))
    assert worst <= 2


SPECIAL = {
    "exp": [(math.inf, math.inf), (-math.inf, 0.0), (1000.0, math.inf), (-1000.0, 0.0), (0.0, 1.0)],
    "log": [(math.inf, math.inf), (0.0, -math.inf), (-1.0, math.nan), (-math.inf, math.nan)],
    "sin": [(0.0, 0.0), (math.inf, math.nan), (8193.0, math.nan), (-8193.0, math.nan)],
    "cos": [(0.0, 1.0), (math.inf, math.nan), (8193.0, math.nan), (-8193.0, math.nan)],
    "tanh": [(0.0, 0.0), (math.inf, 1.0), (-math.inf, -1.0), (1e300, 1.0)],
}


@pytest.mark.parametrize("name", functions.FUNCTIONS)
def test_ends_of_the_range(name: str) -> None:
    ours = getattr(functions, name)
    assert math.isnan(ours(math.nan))
    for x, value in SPECIAL[name]:
        np.testing.assert_equal(ours(x), value)


def test_subnormal_results_are_as_exact_as_subnormals_are() -> None:
    for x in (-708.5, -720.0, -744.0, -745.1, -745.2, -746.0):
        assert abs(functions.exp(x) - math.exp(x)) <= 5e-324


@pytest.mark.parametrize("name", functions.FUNCTIONS)
def test_loops_over_them_are_vectorised(name: str) -> None:
    space: dict[str, Any] = {"function": getattr(functions, name)}
    exec("def loop(x, out):\n    for k in range(x.size):\n        out[k] = function(x[k])\n", space)
    loop: Any = numba.njit(error_model="numpy")(space["loop"])
    loop(np.ones(8), np.ones(8))
    (code,) = loop.inspect_asm().values()
    if platform.machine().lower() not in ("x86_64", "amd64"):
        pytest.skip("the names of packed operations are x86's")
    assert "mulpd" in code
