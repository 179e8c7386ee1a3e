"""Every command with good input."""

from __future__ import annotations

import csv
import os
import re
import subprocess
from itertools import groupby
from pathlib import Path

import numpy as np
import pytest

from landscape.optimizers.catalogue import RULES
from landscape.surfaces.catalogue import SURFACES
from tests.cli.conftest import Run

SMALL = ("--steps=3", "--size=240x220")


@pytest.mark.parametrize(
    ("args", "name"),
    [
        (("animate", "--surface=ravine", "--opt=momentum"), "ravine-momentum.gif"),
        (("animate", "--surface=x**2+y**2", "--opt=gd:lr=0.1"), "formula-gd.gif"),
        (("animate", *["--opt=gd", "--opt=adam"] * 3), "ravine-6-optimizers.gif"),
        (("plot", "--surface=beale"), "beale.png"),
        (("plot", "--surface=beale", "--opt=p = p - lr*g:lr=0.01"), "beale-rule.png"),
    ],
)
def test_without_a_name_the_picture_has_its_own(
    args: tuple[str, ...], name: str, folder: Path, run: Run
) -> None:
    result = run(*args, *SMALL)
    assert result.code == 0, result.err
    assert result.out.startswith(f"{name} (")
    assert re.search(r"\d+ kB", result.out)
    assert os.listdir(folder) == [name]


MAGIC = {
    "a.gif": b"GIF89a",
    "a.mp4": b"ftyp",
    "a.webm": b"\x1aE\xdf\xa3",
    "a.webp": b"RIFF",
    "a.apng": b"\x89PNG",
    "a.PNG": b"acTL",
}


@pytest.mark.parametrize("name", MAGIC)
def test_the_suffix_is_the_format(name: str, folder: Path, run: Run) -> None:
    assert run("animate", *SMALL, "-o", name).code == 0
    assert MAGIC[name] in (folder / name).read_bytes()[:64]


@pytest.mark.parametrize("name", ["frames", "frames/"])
def test_a_folder_of_frames_can_be_made_twice(name: str, folder: Path, run: Run) -> None:
    for _ in range(2):
        assert run("animate", *SMALL, "-o", name).code == 0
    assert sorted(os.listdir(folder / "frames")) == [
        *(f"frame-{k:05d}.png" for k in range(4)),
        "recipe.toml",
    ]


def test_descend_writes_the_six_columns(folder: Path, run: Run) -> None:
    args = ("descend", "--surface=beale", "--opt=adam", "--opt=momentum:lr=0.001")
    more = ("--start=1,1.6", "--steps=5", "--schedule=lr0/(1+t)")
    assert run(*args, *more, "-o", "a.csv").out == "a.csv\n"
    with open("a.csv", newline="") as file:
        head, *rows = list(csv.reader(file))
    assert head == ["optimizer", "step", "x", "y", "loss", "lr"]
    runs = {name: list(part) for name, part in groupby(rows, lambda row: row[0])}
    assert list(runs) == ["adam", "momentum"]
    for part in runs.values():
        assert [int(row[1]) for row in part] == list(range(6))
        assert [float(value) for value in part[0][2:4]] == [1.0, 1.6]
    rates = [float(row[5]) for row in runs["momentum"]]
    assert np.allclose(rates, [0.001 / (1 + t) for t in range(6)])
    assert run(*args, *more, "-o", "a.npz").code == 0
    with np.load("a.npz") as table:
        for k, column in enumerate(head):
            assert [str(value) for value in table[column].tolist()] == [row[k] for row in rows]
    printed = run(*args, *more).out.splitlines()
    assert printed[0].split() == head
    assert len(printed) == 1 + len(rows)
    assert [line.split()[:2] for line in printed[1:]] == [row[:2] for row in rows]


def test_the_tables_name_everything(run: Run) -> None:
    surfaces, rules = run("surfaces").out, run("optimizers").out
    for name in [*SURFACES, "rnn_cliff"]:
        assert re.search(rf"^{name}\b", surfaces, re.MULTILINE)
    for name in RULES:
        assert re.search(rf"^{name}\b", rules, re.MULTILINE)


@pytest.mark.parametrize("name", [*SURFACES, "rnn_cliff"])
def test_all_of_one_surface(name: str, run: Run) -> None:
    result = run("surfaces", name)
    assert result.code == 0
    assert result.out.startswith(name)
    for field in ("lesson", "domain", "preset"):
        assert re.search(rf"^{field}\b", result.out, re.MULTILINE)


@pytest.mark.parametrize("name", RULES)
def test_all_of_one_rule(name: str, run: Run) -> None:
    result = run("optimizers", name)
    assert result.code == 0
    assert result.out.startswith(name)
    for form in RULES[name].forms.values():
        assert form.formula.split("=")[0] in result.out


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_scripts(shell: str, run: Run) -> None:
    out = run("completion", shell).out
    assert "_LANDSCAPE_COMPLETE" in out
    assert shell in out


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("landscape animate --surface him", "himmelblau"),
        ("landscape animate --surface rnn", "rnn_cliff"),
        ("landscape plot --opt mom", "momentum"),
        ("landscape ani", "animate"),
    ],
)
def test_names_complete(line: str, found: str, command: list[str]) -> None:
    words = line.split()
    done = subprocess.run(
        [command[0], "-c", "from landscape.cli import cli; cli(prog_name='landscape')"],
        env={
            **os.environ,
            "_LANDSCAPE_COMPLETE": "bash_complete",
            "COMP_WORDS": line,
            "COMP_CWORD": str(len(words) - 1),
        },
        capture_output=True,
        text=True,
        check=True,
    )
    assert f"plain,{found}" in done.stdout.splitlines()


@pytest.mark.parametrize(
    ("arguments", "names"),
    [
        (("--opt=gd", "--opt=adam"), ["gd", "adam"]),
        (("--opt=gd:lr=0.1", "--opt=gd:lr=0.2", "--opt=adam"), ["gd:lr=0.1", "gd:lr=0.2", "adam"]),
        (("--opt=gd", "--start=1,1", "--start=2,2"), ["gd from 1,1", "gd from 2,2"]),
        (
            ("--opt=momentum:lr=0.1", "--opt=gd", "--grid=mu=0.1,0.2"),
            [
                "momentum:lr=0.1,mu=0.1 \N{GREEK SMALL LETTER MU} 0.1",
                "gd:lr=0.1 \N{GREEK SMALL LETTER MU} 0.1",
                "momentum:lr=0.1,mu=0.2 \N{GREEK SMALL LETTER MU} 0.2",
                "gd:lr=0.1 \N{GREEK SMALL LETTER MU} 0.2",
            ],
        ),
    ],
)
def test_each_path_of_the_numbers_has_a_name(
    arguments: tuple[str, ...], names: list[str], run: Run
) -> None:
    result = run("descend", "--surface=sphere", "--steps=1", *arguments, "-o", "a.csv")
    assert result.code == 0, result.err
    with open("a.csv", encoding="utf-8", newline="") as file:
        found = [row[0] for row in list(csv.reader(file))[1::2]]
    assert found == names
