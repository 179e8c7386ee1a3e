"""The command `descend`: the numbers of a path."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any

import click

from landscape.cli.options import RecipeCommand, progress_bar, recipe_from, run_keys
from landscape.errors import LandscapeError

__all__ = ["descend"]

_EPILOG = """\b
Examples:
  landscape descend --surface beale --opt adam --start 1,1.6 --steps 200 -o path.csv
  landscape descend --surface ravine --opt gd --opt momentum:lr=0.01 | head
"""
_COLUMNS = ("optimizer", "step", "x", "y", "loss", "lr")


@click.command(cls=RecipeCommand, keys=run_keys, epilog=_EPILOG)
@click.option("-o", "--output", metavar="FILE", help="CSV or NPZ, by suffix; stdout without it.")
def descend(output: str | None, **values: Any) -> None:
    """Print or save the path of every optimizer, step by step."""
    from landscape.files import check_writable
    from landscape.prepare import prepare

    if output is not None:
        if not output.lower().endswith((".csv", ".npz")):
            raise LandscapeError(f"numbers are written as .csv or .npz: {output!r} came")
        check_writable(output)
    recipe = recipe_from("film", values)
    with progress_bar("descending") as progress:
        ready = prepare(recipe, report=lambda said: click.echo(said, err=True), progress=progress)
    names = _distinct(ready)
    if output is None:
        _print_table(names, ready.trajectories)
    elif output.lower().endswith(".csv"):
        _write_csv(output, names, ready.trajectories)
    else:
        _write_npz(output, names, ready)
    for name, path in zip(names, ready.trajectories, strict=True):
        click.echo(f"{name}: {path.ending}, loss {path.losses[-1]:.6g}", err=True)
    if output is not None:
        click.echo(output)


def _distinct(ready: Any) -> list[str]:
    """Return a name for each path: the rule's, and as much more as tells it from the others."""
    from landscape.optimizers.lookup import rule_spec

    told: list[list[str]] = []
    for panel in ready.panels:
        for path in panel.trajectories:
            try:
                spec = rule_spec(path.rule)
            except LandscapeError:  # made in Python
                spec = path.rule.name
            x, y = path.points[0]
            told.append([path.rule.name, spec, panel.title, f"from {x:g},{y:g}"])
    names = [parts[0] for parts in told]
    for k in (1, 2, 3):
        if k == 1:
            longer = [p[1] if names.count(p[0]) > 1 else p[0] for p in told]
        else:
            longer = [f"{n} {p[k]}".strip() for n, p in zip(names, told, strict=True)]
        if len(set(longer)) > len(set(names)):
            names = longer
    return names


def _rows(names: Sequence[str], paths: Sequence[Any]) -> Iterator[tuple[Any, ...]]:
    for name, path in zip(names, paths, strict=True):
        columns = (path.points[:, 0], path.points[:, 1], path.losses, path.learning_rates)
        for step, row in enumerate(zip(*(column.tolist() for column in columns), strict=True)):
            yield (name, step, *row)


def _print_table(names: Sequence[str], paths: Sequence[Any]) -> None:
    wide = max(len("optimizer"), *map(len, names)) if names else len("optimizer")
    head = f"{'optimizer':<{wide}} {'step':>6} {'x':>14} {'y':>14} {'loss':>14} {'lr':>10}"
    click.echo(head)
    for name, step, x, y, loss, lr in _rows(names, paths):
        rate = "-" if math.isnan(lr) else f"{lr:.4g}"  # a solver has none
        click.echo(f"{name:<{wide}} {step:>6} {x:>14.7g} {y:>14.7g} {loss:>14.7g} {rate:>10}")


def _write_csv(output: str, names: Sequence[str], paths: Sequence[Any]) -> None:
    import csv

    from landscape.files import atomic_output

    with atomic_output(output) as place, open(place, "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(_COLUMNS)
        writer.writerows(_rows(names, paths))


def _write_npz(output: str, names: Sequence[str], ready: Any) -> None:
    import numpy as np

    from landscape.files import atomic_output

    rows = list(zip(*_rows(names, ready.trajectories), strict=True))
    columns: dict[str, Any] = {
        name: np.array(column) for name, column in zip(_COLUMNS, rows, strict=True)
    }
    columns["gradient"] = np.concatenate([path.gradients for path in ready.trajectories])
    columns["evaluations"] = np.concatenate([path.evaluations for path in ready.trajectories])
    columns["recipe"] = np.array(ready.recipe.to_toml())
    with atomic_output(output) as place, open(place, "wb") as file:
        np.savez_compressed(file, **columns)
