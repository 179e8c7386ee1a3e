"""The commands about settings: map stability, tune, sensitivity, and --lr auto."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import landscape as ls
from landscape.animation.metadata import read_recipe
from landscape.cli.commands import run
from landscape.optimizers.lookup import optimizer
from landscape.recipe import Recipe

RAVINE = ["--surface", "ravine", "--start", "-4,1.5"]


def test_a_map_is_written_with_its_cells(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target, cells = str(tmp_path / "a.png"), str(tmp_path / "cells.npz")
    words = ["map", "stability", *RAVINE, "--columns", "20", "--rows", "10", "--steps", "30"]
    assert run([*words, "--save", cells, "-o", target]) == 0
    said = capsys.readouterr()
    assert "Polyak: lr 0.134, mu 0.403" in said.err
    assert Path(cells).exists()
    assert run(["info", target]) == 0
    assert "# landscape map stability --surface=ravine" in capsys.readouterr().out
    assert run([*words, "--save", cells, "--steps", "31", "-o", target]) == 2
    assert "map of other work" in capsys.readouterr().err


def test_tuned_settings_are_printed_and_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["tune", *RAVINE, "--steps", "60", "--over", "lr,mu", "--opt", "gd"]
    target = tmp_path / "found.json"
    assert run([*words, "--opt", "momentum", "-o", str(target)]) == 0
    said = capsys.readouterr()
    assert "1584 settings for each rule, 60 steps from 1 start" in said.err
    assert "no fluke: at most 10 times better" in said.err
    lines = [line for line in said.out.splitlines() if line.startswith("--opt ")]
    assert len(lines) == 2
    rule = optimizer(lines[1].removeprefix("--opt "))
    found = json.loads(target.read_text())["found"]
    assert found[1]["values"] == {"lr": rule.learning_rate, "mu": rule.hyperparameters["mu"]}
    assert {one["gradients"] for one in found} == {1584 * 60}
    words = [*words, "--opt", "momentum"]
    assert run([*words, "-o", str(tmp_path / "found.csv")]) == 0
    assert (
        (tmp_path / "found.csv").read_text().startswith("optimizer,lr,mu,loss,diverged,gradients")
    )


def test_a_json_file_has_all_that_makes_the_search_again(tmp_path: Path) -> None:
    words = ["tune", "-s", "himmelblau", "--opt", "gd", "--opt", "sgld:temperature=0.5"]
    words += ["--schedule", "cosine", "--noise", "0.2", "--seed", "7", "--steps", "30"]
    words += ["--bounds=-6,6,-6,6", "--average", "worst", "--rounds", "2", "--fan", "3"]
    target = tmp_path / "t.json"
    assert run([*words, "-o", str(target)]) == 0
    table = json.loads(target.read_text())
    asked = ("surface", "optimizers", "steps", "schedule", "batch", "noise", "seed", "bounds",
             "over", "average", "rounds")  # fmt: skip
    keys = {name: table[name] for name in asked}
    again = ls.tune(
        keys.pop("surface"),
        keys.pop("optimizers"),
        starts=list(map(tuple, table["starts"])),
        **keys,
    )
    assert len(again) == len(table["found"]) == 2
    for one, other in zip(again, table["found"], strict=True):
        assert one.values == other["values"]
        assert one.loss == other["loss"]
    # Each of them counts.
    for changes in ({"noise": 0.1}, {"seed": 8}, {"schedule": ""}, {"average": "median"}):
        found = ls.tune(
            table["surface"], table["optimizers"][:1], starts=list(map(tuple, table["starts"])),
            **{**keys, **changes},
        )  # fmt: skip
        assert found[0].loss != table["found"][0]["loss"], changes


def test_tune_sensitivity_and_auto_find_the_same(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    # A picture's domain is the part that its lesson shows, so it is said here.
    words = ["-s", "ravine", "--steps", "60", "--fan", "8", "--bounds=-5,5,-5,5"]
    rules = ["--opt", "adam", "--opt", "momentum"]
    assert run(["tune", *words, *rules, "-o", str(tmp_path / "t.json")]) == 0
    tuned = [one["values"]["lr"] for one in json.loads((tmp_path / "t.json").read_text())["found"]]
    for rule, rate in zip(("adam", "momentum"), tuned, strict=True):
        capsys.readouterr()
        # Another number of rates in the line, and other companions.
        line = ["--opt", "gd", "--count", "300", "-o", str(tmp_path / "a.png")]
        assert run(["sensitivity", *words, "--opt", rule, *line]) == 0
        assert f": best lr {rate:g}: loss" in capsys.readouterr().err
    auto = ["plot", *words, *rules, "--lr", "auto", "--size", "400x300"]
    assert run([*auto, "-o", str(tmp_path / "b.png")]) == 0
    recipe = Recipe.from_toml(read_recipe(tmp_path / "b.png"))
    assert [optimizer(one).learning_rate for one in recipe.optimizers] == tuned


def test_a_picture_of_rates_offers_nothing_of_films(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["sensitivity", "--help"]) == 0
    said = capsys.readouterr().out
    assert "GIF" not in said
    for option in ("--frames", "--fps", "--hold", "--loop", "--colors", "--max-mb"):
        assert option not in said
    assert "--theme" in said


def test_a_picture_of_rates(tmp_path: Path) -> None:
    words = ["sensitivity", *RAVINE, "--opt", "gd", "--steps", "60", "--count", "20"]
    assert run([*words, "-o", str(tmp_path / "a.svg")]) == 0
    assert (tmp_path / "a.svg").exists()


def test_lr_auto_searches_for_all_rules_and_writes_what_it_found(tmp_path: Path) -> None:
    words = ["plot", *RAVINE, "--steps", "60", "--lr", "auto", "--size", "400x300"]
    assert (
        run([*words, "--opt", "gd:lr=0.001", "--opt", "momentum", "-o", f"{tmp_path}/a.png"]) == 0
    )
    recipe = Recipe.from_toml(read_recipe(tmp_path / "a.png"))
    assert recipe.lr == ""
    assert recipe.caption.startswith("the best of 1584 settings for each rule, 60 steps from 1")
    assert recipe.caption.endswith("; GD with the lr written")
    first, second = (optimizer(one) for one in recipe.optimizers)
    assert first.learning_rate == 0.001
    assert second.hyperparameters["mu"] == 0.9  # the rule's own, not the lesson's
    (tmp_path / "again").mkdir()
    assert run(["render", f"{tmp_path}/a.png", "-o", f"{tmp_path}/again"]) == 0
    again = (tmp_path / "again" / "a.png").read_bytes()
    assert again == (tmp_path / "a.png").read_bytes()


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        ("map stabilty", "did you mean stability"),
        ("map stability --x lrr=1:2", "did you mean lr"),
        ("map stability --x lr=0.1", "NAME=LOW:HIGH"),
        ("map stability --opt gd -s beale", "landscape sensitivity"),
        ("map stability --opt bfgs", "is a solver"),
        ("map stability --save a.png", "saved as .npz"),
        ("map stability -o a.gif", "is a still"),
        ("tune --over lr,beta --opt adam", "did you mean beta"),
        ("tune --average meen", "did you mean mean"),
        ("tune --rounds 0", "from 1 to 20"),
        ("tune -o a.png", "landscape sensitivity"),
        ("tune --opt bfgs", "is a solver"),
        ("sensitivity --rates 1", "LOW:HIGH"),
        ("plot --lr 0.1 --opt gd", "gd:lr=0.01"),
        ("plot --lr auto --opt gd:lr=0.1", "leave --lr or the rate out"),
        ("plot --lr auto --grid lr=0.1,0.2 --opt gd", "at odds"),
        ("plot --lr auto,nu --opt momentum", "unknown number to search 'nu'"),
    ],
)
def test_bad_input_is_one_line(words: str, wanted: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(words.split()) == 2
    said = capsys.readouterr().err.strip()
    assert wanted in said
    assert "\n" not in said
