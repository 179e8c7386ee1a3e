"""The commands `tune` and `sensitivity`: fair comparisons of rules."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import Field
from typing import TYPE_CHECKING, Any

import click

from landscape.cli.map import StillCommand
from landscape.cli.options import RecipeCommand, progress_bar
from landscape.errors import LandscapeError

if TYPE_CHECKING:
    from landscape.maps.tune import Budget, Tuned
    from landscape.pictures.run_keys import OnSurface

__all__ = ["sensitivity", "tune"]

_EPILOG = """\b
Examples:
  landscape tune --surface ravine
  landscape tune -s rosenbrock --opt gd --opt momentum --opt adam --over lr,mu --steps 500
  landscape tune -s beale --opt adam --start 1,1.6 -o tuned.json
"""
_KEYS = (
    "surface", "optimizers", "starts", "fan", "steps", "schedule", "batch", "noise", "seed",
    "bounds",
)  # fmt: skip


def _keys() -> list[Field[Any]]:
    from landscape.pictures.sensitivity import SensitivityRecipe

    return [one for one in SensitivityRecipe.key_fields() if one.name in _KEYS]


@click.command(cls=RecipeCommand, keys=_keys, epilog=_EPILOG)
@click.option(
    "--over",
    metavar="NAME,…",
    default="lr",
    show_default=True,
    help="What is searched, at most three: lr,mu or lr,beta1,beta2; a rule without one of them "
    "spends its tries on the others.",
)
@click.option(
    "--average",
    metavar="[median|mean|worst]",
    default="median",
    show_default=True,
    help="What counts of several starts.",
)
@click.option(
    "--rounds",
    type=int,
    default=4,
    show_default=True,
    help="A grid of 1152 settings (288 if the "
    "surface is no formula), and then rounds of 144 in the best three valleys, each finer.",
)
@click.option("-o", "--output", metavar="FILE", help="CSV or JSON, by suffix, beside the table.")
def tune(output: str | None, over: str, average: str, rounds: int, **values: Any) -> None:
    """Find the best settings of every rule, all under one budget.

    Each rule tries the same number of settings, from the same starts, for the same number of
    steps; the lowest loss at the end wins, and a path that ends higher than it began or leaves
    the domain loses. A fluke does not win: a setting counts at most ten times better than at
    rates 2 % beside. Without --start there are eight starts on a ring. The last lines
    can be pasted behind 'landscape animate' or 'plot', whose '--lr auto' does the same search for
    the starts, the steps and the domain that are drawn. A JSON file has all that the search
    depends on.
    """
    from landscape.files import check_writable
    from landscape.maps.tune import Budget, tune_fairly
    from landscape.pictures.on_surface import settle_setting, settled
    from landscape.pictures.run_keys import OnSurface
    from landscape.pictures.sensitivity import FAN
    from landscape.values import whole

    if output is not None:
        if not output.lower().endswith((".csv", ".json")):
            raise LandscapeError(
                f"tuned settings are written as .csv or .json: {output!r} came; "
                "'landscape sensitivity' draws a picture"
            )
        check_writable(output)
    names = [name.strip() for name in over.split(",")]
    recipe = OnSurface(**values)
    setting = settle_setting(recipe, usual_fan=FAN, usual_steps=None)
    budget = Budget.usual(
        setting.surface,
        recipe.conditions,
        setting.steps,
        setting.starts,
        rounds=whole("rounds", rounds, 1, 20),
        over=average,
    )
    with progress_bar("tuning") as progress:
        found = tune_fairly(
            setting.surface,
            setting.rules,
            budget,
            over=names,
            conditions=recipe.conditions,
            progress=progress,
        )
    rows = [one for one in found if one is not None]
    if not rows:
        raise LandscapeError("none of these rules has a number to search: take others")
    click.echo(f"{setting.surface.name}: the best of {budget}", err=True)
    _print(rows)
    if output is not None:
        _write(output, settled(recipe, setting), names, budget, rows)
        click.echo(output)


def _print(rows: Sequence[Tuned]) -> None:
    """Print the table, and the lines that can be pasted."""
    from landscape.optimizers.lookup import rule_spec

    names = list(dict.fromkeys(name for one in rows for name in one.values))
    table = [["optimizer", *names, "loss", "diverged", "gradients"]]
    for one in rows:
        numbers = [f"{one.values[name]:g}" if name in one.values else "" for name in names]
        loss = "diverged" if one.loss == float("inf") else f"{one.loss:.4g}"
        table.append(
            [one.rule.label or one.rule.name, *numbers, loss, f"{one.diverged:.0%}",
             f"{one.gradients}"]
        )  # fmt: skip
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    for row in table:
        first, *rest = (
            cell.ljust(width) if k == 0 else cell.rjust(width)
            for k, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        click.echo("  ".join([first, *rest]).rstrip())
    click.echo()
    for one in rows:
        spec = rule_spec(one.rule)
        quoted = f'"{spec}"' if " " in spec or ";" in spec or "*" in spec else spec
        click.echo(f"--opt {quoted}")


def _write(
    path: str, recipe: OnSurface, over: Sequence[str], budget: Budget, rows: Sequence[Tuned]
) -> None:
    """Write the numbers to a CSV file, or with all that they depend on to a JSON file."""
    import csv
    import json

    from landscape import __version__
    from landscape.files import atomic_output
    from landscape.maps.valleys import RULE
    from landscape.optimizers.lookup import rule_spec

    names = list(dict.fromkeys(name for one in rows for name in one.values))
    with atomic_output(path) as place, open(place, "w", encoding="utf-8", newline="") as file:
        if path.lower().endswith(".csv"):
            table = csv.writer(file)
            table.writerow(["optimizer", *names, "loss", "diverged", "gradients"])
            for one in rows:
                numbers = [one.values.get(name, "") for name in names]
                table.writerow(
                    [rule_spec(one.rule), *numbers, repr(one.loss), one.diverged, one.gradients]
                )
            return
        json.dump(
            {
                "landscape": __version__,
                **{name: getattr(recipe, name) for name in _KEYS if name != "fan"},
                "over": ",".join(over),
                "average": budget.over,
                "rounds": budget.rounds,
                "settings": budget.settings,
                "counted": RULE,
                "found": [
                    {
                        "optimizer": rule_spec(one.rule),
                        "values": one.values,
                        "loss": one.loss if one.loss < float("inf") else None,
                        "diverged": one.diverged,
                        "gradients": one.gradients,
                    }
                    for one in rows
                ],
            },
            file,
            indent=2,
        )
        file.write("\n")


_SENSITIVITY = """Draw the loss at the end against the learning rate, for several rules.

All have the same starts and steps. The line is the median over the starts, the band reaches from
the tenth to the ninetieth percentile. The best rate of each is that of 'landscape tune', which
counts at most ten times better than rates 2 % beside: a deeper dip of the line is a fluke. Where a
line is thin, paths leave the domain on their way; where it ends, they diverge."""
_SENSITIVITY_EPILOG = """\b
Examples:
  landscape sensitivity --surface rosenbrock
  landscape sensitivity -s beale --opt gd --opt adam --rates 1e-4:10 --steps 500
"""

sensitivity = StillCommand("sensitivity", _SENSITIVITY, _SENSITIVITY_EPILOG)
