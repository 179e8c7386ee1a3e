"""The command `schedules`."""

from __future__ import annotations

import textwrap

import click

from landscape.cli.tables import print_field, width
from landscape.errors import unknown_name

__all__ = ["schedules"]

_BARS = "▁▂▃▄▅▆▇█"
_SHOWN = 48  # steps of the little curve
_LETTERS = (
    "lr0 the optimizer's rate, t the number of the step from 0, T the run's length unless given"
)


@click.command()
@click.argument("name", required=False)
def schedules(name: str | None) -> None:
    """List the learning-rate schedules; with a NAME, all that is known of it."""
    from landscape.optimizers.schedule import schedule_name
    from landscape.optimizers.schedules import ALIASES, SCHEDULES

    if name is None:
        _list()
        return
    found = schedule_name(name)
    if found is None:
        raise unknown_name("schedule", name, [*SCHEDULES, *ALIASES])
    _show(found)


def _list() -> None:
    from landscape.optimizers.schedules import SCHEDULES

    first = max(len(name) for name in ("schedule", *SCHEDULES)) + 2
    room = max(30, width() - first)
    click.secho(f"{'schedule':<{first}}formula, defaults and lesson", bold=True)
    for name, entry in SCHEDULES.items():
        formula = entry.formula or "follows the loss"
        defaults = ", ".join(
            key if key == known.default else f"{key} = {known.default}"
            for key, known in entry.parameters.items()
        )
        texts = (formula, defaults, entry.teaches)
        lines = [line for text in texts for line in textwrap.wrap(text, room)]
        for k, line in enumerate(lines):
            click.echo(f"{name if k == 0 else '':<{first}}{line}")
    click.echo(f"\n{_LETTERS}")
    click.echo('Any formula of them is a schedule too: --schedule "lr0/(1 + 0.05*t)"')


def _show(name: str) -> None:
    from landscape.optimizers.schedule import Schedule, find_schedule
    from landscape.optimizers.schedules import ALIASES, SCHEDULES

    entry = SCHEDULES[name]
    click.secho(f"{name} ({entry.label})", bold=True)
    print_field("lesson", entry.teaches)
    made = find_schedule(name)
    print_field("formula", entry.formula or "none: it follows the loss")
    if entry.formula:
        print_field("LaTeX", made.latex)
    for (key, value), formula in entry.special.items():
        print_field(f"{key} = {value:g}", formula)
    if isinstance(made, Schedule):
        print_field("over a run", _curve(made.rates(1.0, _SHOWN)))
    for k, (key, known) in enumerate(entry.parameters.items()):
        default = "" if key == known.default else f"; {known.default} unless given"
        text = f"{key}: {known.meaning}{default} ({known.wanted})"
        print_field("parameters" if k == 0 else "", text)
    if entry.note:
        print_field("convention", entry.note)
    print_field("source", entry.source)
    if others := [alias for alias, stands_for in ALIASES.items() if stands_for == name]:
        print_field("also", ", ".join(others))
    # In one piece, for the clipboard.
    click.echo(f'{"try":<12}  landscape animate --opt gd --steps 200 --schedule "{entry.example}"')
    click.echo(f"\n{_LETTERS}")


def _curve(rates: list[float]) -> str:
    """Return rates between 0 and 1 as a row of bars."""
    return "".join(_BARS[min(int(rate * len(_BARS)), len(_BARS) - 1)] for rate in rates)
