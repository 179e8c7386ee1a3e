"""The derivatives that come with the package are those that SymPy derives."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from landscape.formula import Formula
from landscape.formula.compile import array_function
from landscape.formula.shipped import shipped
from landscape.surfaces.catalogue import SURFACES


@pytest.mark.parametrize("name", SURFACES)
def test_they_are_sympys(name: str) -> None:
    entry = SURFACES[name]
    formula = Formula(entry.formula, entry.parameters)
    kept = shipped(entry.formula, entry.parameters)
    assert kept is not None, "run tests/golden/make_derivatives.py"
    fresh = formula._read(formula.derive())["nodes"]
    used = formula._read(kept)["nodes"]
    x0, x1, y0, y1 = entry.bounds
    x, y = np.random.default_rng(0).uniform((x0, y0), (x1, y1), (50, 2)).T
    for which in ("dx", "dy", "dxx", "dxy", "dyy"):
        kept_values, fresh_values = (
            array_function(("x", "y"), [formula._bind(nodes[which])])(x, y)
            for nodes in (used, fresh)
        )
        np.testing.assert_allclose(kept_values, fresh_values, rtol=1e-10, atol=1e-10)


def test_other_formulas_are_not_there() -> None:
    assert shipped("x**2 + 17*y**2", []) is None
    assert shipped(SURFACES["ravine"].formula, []) is None


def test_a_first_film_needs_no_sympy(tmp_path: Path) -> None:
    script = (
        "import sys; from landscape.cli import _run; "
        "code = _run(['animate', '--surface', 'ravine', '--opt', 'momentum', '--size', '320x240']);"
        "print(code, 'sympy' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
        env={"LANDSCAPE_CACHE_DIR": str(tmp_path / "cache"), "PATH": ""},
    )
    assert done.stdout.splitlines()[-1] == "0 False"
