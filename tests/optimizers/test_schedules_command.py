"""The command `landscape schedules` and the option --schedule."""

from __future__ import annotations

import csv
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from landscape.cli import _run
from landscape.optimizers.schedule import find_schedule
from landscape.optimizers.schedules import ALIASES, SCHEDULES


def said(capsys: pytest.CaptureFixture[str], *args: str) -> str:
    code = _run(args)
    out, err = capsys.readouterr()
    assert code == 0, err
    return str(out)


def test_the_table_has_all(capsys: pytest.CaptureFixture[str]) -> None:
    out = said(capsys, "schedules")
    flat = " ".join(out.split())
    for name, entry in SCHEDULES.items():
        assert re.search(rf"^{name} ", out, re.MULTILINE)
        assert entry.formula in flat
        assert entry.teaches in flat
    assert "gamma = 0.5, s = T/5" in flat
    assert "T the run's length unless given" in flat
    assert max(map(len, out.splitlines())) <= 120


@pytest.mark.parametrize("name", SCHEDULES)
def test_all_of_one(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    entry = SCHEDULES[name]
    out = said(capsys, "schedules", name)
    flat = " ".join(out.split())
    assert out.startswith(f"{name} ({entry.label})\n")
    latex = find_schedule(name).latex
    for text in (entry.formula, " ".join(latex.split()), entry.teaches, entry.source, entry.note):
        assert text in flat
    for key, known in entry.parameters.items():
        assert f"{key}: {known.meaning}" in flat
        assert known.wanted in flat
    assert f'--schedule "{entry.example}"' in flat
    for field in ("formula", "source", "try"):
        assert re.search(rf"^{field} ", out, re.MULTILINE)


def test_the_little_curve_is_that_of_the_rates(capsys: pytest.CaptureFixture[str]) -> None:
    curves = {}
    for name in SCHEDULES:
        found = re.search(r"^over a run +([▁-█]+)$", said(capsys, "schedules", name), re.MULTILINE)
        curves[name] = found[1] if found else ""
    assert curves.pop("plateau") == ""
    assert curves["constant"] == "█" * 48
    assert re.fullmatch("█{24}▁{24}", curves["multistep"])
    assert re.fullmatch("█+▇+▆+▅+▄+▃+▂+▁+", curves["cosine"])
    assert all(len(curve) == 48 for curve in curves.values())


def test_other_names(capsys: pytest.CaptureFixture[str]) -> None:
    for alias, name in ALIASES.items():
        assert said(capsys, "schedules", alias.upper()).startswith(f"{name} (")
    assert _run(["schedules", "cosin"]) == 2
    assert capsys.readouterr().err == (
        "landscape: unknown schedule 'cosin': did you mean cosine?\n"
    )


@pytest.mark.parametrize("name", SCHEDULES)
def test_the_example_runs(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = said(capsys, "schedules", name)
    line = re.search(r"landscape animate (.*)", out)
    assert line is not None
    path = tmp_path / "path.csv"
    words = shlex.split(line[1])
    said(capsys, "descend", "--surface", "ravine", *words, "-o", str(path))
    with path.open(newline="") as file:
        rows = list(csv.DictReader(file))
    rates = [float(row["lr"]) for row in rows]
    assert len(rates) == 201
    planned = find_schedule(SCHEDULES[name].example).start(0.01, 200)
    if name != "plateau":
        top = max(rates)
        expected = [planned(t, 0.0) / 0.01 for t in range(201)]
        assert [rate / top for rate in rates] == pytest.approx(expected, abs=0.01)


@pytest.mark.parametrize("text", ["cosin", "cosine:T=0", "multistep:at=3,5", "lr0*k"])
def test_a_bad_schedule_is_one_line(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert _run(["descend", "--steps", "5", "--schedule", text]) == 2
    err = capsys.readouterr().err
    assert err.startswith("landscape: ")
    assert err.count("\n") == 1


def test_the_list_needs_no_numerics() -> None:
    code = (
        "import sys; from landscape.cli import _run; code = _run(sys.argv[1:]); "
        "heavy = {'numpy', 'matplotlib', 'sympy', 'numba'} & set(sys.modules); "
        "sys.exit(f'{code} {heavy}' if code or heavy else 0)"
    )
    for args in (["--help"], ["schedules"]):
        done = subprocess.run(
            [sys.executable, "-c", code, *args], capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
