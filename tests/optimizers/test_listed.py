"""`landscape optimizers`: every optimizer, and all that is known of one."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest
from click.testing import CliRunner

from landscape.cli import cli
from landscape.optimizers.catalogue import ALIASES, OUTSIDERS, RULES, SOLVERS


def run(*args: str, columns: int = 100) -> str:
    done = CliRunner().invoke(cli, ["optimizers", *args], env={"COLUMNS": str(columns)})
    assert done.exit_code == 0, done.output
    return done.output


@pytest.mark.parametrize("columns", [60, 100, 200])
def test_the_table_has_all_of_them(columns: int) -> None:
    out = run(columns=columns)
    for name, entry in {**RULES, **SOLVERS, **OUTSIDERS}.items():
        assert re.search(rf"^{name} +{re.escape(entry.label)} ", out, re.MULTILINE)
    flat = " ".join(out.split())
    for entry in {**RULES, **SOLVERS, **OUTSIDERS}.values():
        assert entry.teaches in flat
    assert max(map(len, out.splitlines())) <= max(columns, 100)
    here, away = out.split("mean nothing in two dimensions")
    assert all(re.search(rf"^{name} ", here, re.MULTILINE) for name in {**RULES, **SOLVERS})
    assert all(re.search(rf"^{name} ", away, re.MULTILINE) for name in OUTSIDERS)


@pytest.mark.parametrize("name", [*SOLVERS, "adan", "prodigy", "sgld"])
def test_all_of_one(name: str) -> None:
    entry = {**RULES, **SOLVERS}[name]
    out = " ".join(run(name).split())
    assert out.startswith(f"{name} ({entry.label})")
    assert entry.teaches in out
    assert entry.source in out
    for form in entry.forms.values():
        for statement in form.formula.split("; "):
            assert statement in out
        assert form.note in out
        for key, value in form.defaults.items():
            assert f"{key}={value:g}" in out
        for key, text in form.initial.items():
            assert f"{key} = {text}" in out
    for alias in (alias for alias, meant in ALIASES.items() if meant == name):
        assert alias in out
    assert ("lr 1 unless given" in out) == (name == "prodigy")


@pytest.mark.parametrize("spelling", ["L-BFGS", "l_bfgs_b", "lbfgs"])
def test_any_spelling(spelling: str) -> None:
    assert run(spelling) == run("lbfgs")


@pytest.mark.parametrize("name", OUTSIDERS)
def test_why_one_is_left_out(name: str) -> None:
    out = " ".join(run(name).split())
    assert f"left out {OUTSIDERS[name].label} {OUTSIDERS[name].teaches}" in out


def test_an_unknown_one() -> None:
    done = CliRunner().invoke(cli, ["optimizers", "nelder_maed"])
    assert "did you mean nelder_mead" in str(done.exception)


def test_the_table_loads_nothing_that_computes() -> None:
    code = (
        "import sys\n"
        "from click.testing import CliRunner\n"
        "from landscape.cli import cli\n"
        "assert CliRunner().invoke(cli, ['optimizers']).exit_code == 0\n"
        "loaded = {'numpy', 'scipy', 'sympy', 'matplotlib', 'numba'} & set(sys.modules)\n"
        "assert not loaded, loaded\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)
