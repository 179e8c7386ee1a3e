"""Grid kernels: NumPy's values, the same bits on any number of threads, a safe cache."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from landscape.formula import Formula, cache, kernels
from landscape.surfaces.catalogue import SURFACES
from landscape.surfaces.lookup import surface
from landscape.surfaces.surface import FormulaSurface

TEXTS = [
    SURFACES["beale"].formula,
    SURFACES["ackley"].formula,
    "x",
    "y**2",
    "3",
    "abs(y) + sin(x)/x",
    "max(x, y) + where(x < 0, x*y, floor(y))",
]


@pytest.mark.parametrize("text", TEXTS)
def test_values_are_numpys(text: str) -> None:
    formula = Formula(text)
    xs, ys = np.linspace(-2, 2, 41), np.linspace(-1, 3, 23)
    got = formula.grid(xs, ys)
    assert got.shape == (23, 41)
    np.testing.assert_allclose(got, formula.value(xs[None, :], ys[:, None]), rtol=1e-13, atol=1e-13)


@pytest.mark.parametrize("text", ["max(x, y, 0)", "x*min(x, 2*y, -y, 0.5)"])
def test_the_shares_of_ties_are_numpys_and_pythons(text: str) -> None:
    formula = Formula(text)
    lines = np.linspace(-1, 1, 9)  # with the origin and the diagonals
    numpy = formula.gradient(lines, lines[:, None])
    for k, node in enumerate(formula.gradient_nodes):
        compiled = np.empty((9, 9))
        kernels.grid_kernel(node)(lines, lines, compiled)
        np.testing.assert_array_equal(compiled, numpy[k])
    for i, y in enumerate(lines):
        for j, x in enumerate(lines):
            assert formula.gradient_at(float(x), float(y)) == tuple(numpy[:, i, j])


def test_what_depends_on_one_coordinate_is_computed_once() -> None:
    source = kernels.grid_source(Formula(SURFACES["ackley"].formula).node)
    inner = source.split("for _j in range(xs.size):")[-1]
    assert "_cos" in source
    assert "_cos" not in inner
    assert inner.count("_exp") == 2


def test_a_large_grid_is_compiled_and_a_small_one_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    called: list[int] = []
    monkeypatch.setattr(Formula, "grid", lambda self, xs, ys: called.append(xs.size * ys.size))
    where = surface("sphere")
    assert isinstance(where, FormulaSurface)
    where.grid(100, 100)
    assert called == []
    where.grid(1000, 1000)
    assert called == [1_000_000]


def test_infinities_and_nan_survive() -> None:
    formula = Formula("log(x) + 1/y")
    got = formula.grid(np.array([-1.0, 0.0, 1.0]), np.array([0.0, 1.0]))
    assert np.isnan(got[1, 0])
    assert got[1, 1] == -np.inf
    assert got[0, 2] == np.inf


SCRIPT = """
import sys, hashlib
import numpy as np
from landscape.formula import Formula
got = Formula("exp(-x**2 - y**2)*cos(3*x*y) + sqrt(x**2 + 1)").grid(
    np.linspace(-2, 2, 301), np.linspace(-2, 2, 203))
print(hashlib.sha256(got.tobytes()).hexdigest())
"""


def run(folder: Path, **environment: str) -> str:
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", SCRIPT],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "LANDSCAPE_CACHE_DIR": str(folder), **environment},
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_the_bits_do_not_depend_on_threads_or_on_the_cache(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("no folder")
    results = {
        run(tmp_path / "cache", NUMBA_NUM_THREADS="1"),
        run(tmp_path / "cache", NUMBA_NUM_THREADS="2"),  # this one loads what the first compiled
        run(blocked),  # no cache at all
    }
    assert len(results) == 1


def test_a_changed_kernel_file_is_not_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANDSCAPE_CACHE_DIR", str(tmp_path))
    kernels._compiled.cache_clear()
    formula = Formula("x + 2*y")
    lines = np.array([1.0, 2.0])
    expected = formula.grid(lines, lines)
    (path,) = (cache.cache_folder() / "kernels").glob("*.py")
    written = path.read_text("utf-8")
    path.write_text("raise SystemExit('somebody else')")
    kernels._compiled.cache_clear()
    np.testing.assert_array_equal(formula.grid(lines, lines), expected)
    assert path.read_text("utf-8") == written
    kernels._compiled.cache_clear()
