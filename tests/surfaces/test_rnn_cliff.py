"""The recurrent network's cliff: values and gradients against an independent implementation."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import numpy as np
import pytest

from landscape.errors import LandscapeError
from landscape.surfaces import surface
from landscape.surfaces.rnn_cliff import RnnCliff


def loss(w: Any, b: Any, iterations: float = 50, target: float = 0.7, initial: float = 0.5) -> Any:
    """The definition; complex arguments give the derivative by the complex step."""
    s: Any = initial
    for _ in range(int(iterations)):
        s = w / (1 + np.exp(-s)) + b
    return (1 / (1 + np.exp(-s)) - target) ** 2


STEP = 1e-30


def points() -> tuple[np.ndarray, np.ndarray]:
    draw = np.random.default_rng(5)
    wall = draw.uniform(4, 9, 40)  # half of them near the wall, where gradients are large
    w = np.append(draw.uniform(1, 10, 40), wall)
    b = np.append(draw.uniform(-6, 0, 40), -0.15 - 0.53 * wall + draw.uniform(-0.2, 0.2, 40))
    return w, b


@pytest.mark.parametrize("options", [{}, {"iterations": 7, "target": 0.2, "initial": -1.5}])
def test_against_the_definition(options: dict[str, float]) -> None:
    s = RnnCliff(**options)
    w, b = points()
    np.testing.assert_allclose(s.value(w, b), loss(w, b, **options), rtol=1e-9, atol=1e-14)
    dw = loss(w + 1j * STEP, b, **options).imag / STEP
    db = loss(w, b + 1j * STEP, **options).imag / STEP
    # Near the wall the result depends on every rounding: hence no tighter than 1e-6.
    np.testing.assert_allclose(s.gradient(w, b), [dw, db], rtol=1e-6, atol=1e-12)


def test_there_is_a_wall() -> None:
    s = RnnCliff()
    b = np.linspace(-6, 0, 2001)
    along = s.value(7.0, b)
    k = int(np.abs(np.diff(along)).argmax())
    assert abs(along[k + 1] - along[k]) > 0.3  # of 0.49 in a step of 0.003
    assert -4.2 < b[k] < -3.5
    steepest = np.abs(s.gradient(*np.meshgrid(np.linspace(4, 6, 200), np.linspace(-4, -2, 200))))
    assert steepest.max() > 10
    assert np.abs(s.gradient(7.0, -2.0)).max() < 0.01


def test_arrays_and_single_points_agree_to_the_last_bit() -> None:
    s = RnnCliff()
    w, b = points()
    assert [s.value_at(float(x), float(y)) for x, y in zip(w, b, strict=True)] == list(
        s.value(w, b)
    )
    pairs = [s.gradient_at(float(x), float(y)) for x, y in zip(w, b, strict=True)]
    assert np.array_equal(np.array(pairs).T, s.gradient(w, b))
    value, slopes = s.value_at(7, -2), s.gradient_at(7, -2)
    assert {type(value), *map(type, slopes)} == {float}


def test_arguments_broadcast() -> None:
    s = RnnCliff()
    xs, ys, values = s.grid(7, 5)
    assert values.shape == (5, 7)
    assert values[3, 2] == s.value_at(float(xs[2]), float(ys[3]))
    assert s.gradient(xs[None, :], ys[:, None]).shape == (2, 5, 7)
    assert s.value(7.0, -2.0).shape == ()
    assert s.gradient(7.0, -2.0).shape == (2,)
    assert np.isnan(s.value(np.nan, -2.0))


def test_far_away_it_is_still_finite() -> None:
    s = RnnCliff()
    far = s.gradient([90, -900, 1e5], [138, -900, 1e5])
    assert np.isfinite(far).all()
    assert s.value_at(90, 138) == pytest.approx(0.09)


def test_by_name_and_with_options() -> None:
    s = surface("rnn_cliff:iterations=20,target=0.5")
    assert isinstance(s, RnnCliff)
    assert (s.iterations, s.target, s.initial) == (20, 0.5, 0.5)
    assert s.spec == "rnn_cliff:iterations=20,target=0.5"
    again = surface(s.spec)
    assert again.value_at(5, -2) == s.value_at(5, -2)
    assert surface("rnn_cliff").spec == "rnn_cliff"
    assert surface("rnn_cliff", bounds=(2, 8, -5, 0)).bounds == ((2, 8), (-5, 0))
    assert "s_{20}" in s.latex
    (x0, x1), (y0, y1) = s.bounds
    assert x0 < s.start[0] < x1
    assert y0 < s.start[1] < y1


def test_title_is_read_by_matplotlib() -> None:
    from matplotlib.mathtext import MathTextParser

    assert MathTextParser("path").parse(f"${RnnCliff().latex}$").width > 0


@pytest.mark.parametrize(
    ("spec", "words"),
    [
        ("rnn_cliff:iters=3", "did you mean iterations"),
        ("rnn_cliff:iterations=0", "whole number from 1"),
        ("rnn_cliff:iterations=2.5", "whole number from 1"),
        ("rnn_cliff:iterations=1e9", "whole number from 1"),
        ("rnn_cliff:target=inf", "finite"),
        ("rnn_cliff:initial=x", "number"),
    ],
)
def test_bad_options_are_told_in_one_line(spec: str, words: str) -> None:
    with pytest.raises(LandscapeError, match=words) as caught:
        surface(spec)
    assert "\n" not in str(caught.value)


def test_numba_is_imported_when_it_is_needed() -> None:
    code = (
        "import sys; from landscape.surfaces import surface; s = surface('rnn_cliff'); "
        "s.latex; before = 'numba' in sys.modules; s.value_at(7, -2); "
        "print(before, 'numba' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=120
    )
    assert done.stdout.split() == ["False", "True"]
