"""The commands `surfaces`, `optimizers` and `completion`."""

from __future__ import annotations

import shutil
import textwrap
from collections.abc import Sequence

import click

from landscape.errors import unknown_name

__all__ = ["completion", "optimizers", "surfaces"]


@click.command()
@click.argument("name", required=False)
def surfaces(name: str | None) -> None:
    """List the surfaces with what each teaches; with a NAME, all that is known of it."""
    from landscape.surfaces.catalogue import SURFACES

    if name is not None:
        _show_surface(name)
        return
    rows = [
        (key, entry.phenomenon, entry.formula, entry.teaches) for key, entry in SURFACES.items()
    ]
    from landscape.surfaces.rnn_cliff import RnnCliff

    rows.append(("rnn_cliff", "cliff", RnnCliff.recurrence, RnnCliff.teaches))
    _table(("surface", "phenomenon", "formula and lesson"), rows)
    click.echo('\nAny formula of x and y is a surface too: --surface "x**4 - y**2 + x*y"')


@click.command()
@click.argument("name", required=False)
def optimizers(name: str | None) -> None:
    """List the update rules with their formulas; with a NAME, its forms and defaults."""
    from landscape.optimizers.catalogue import ALIASES, RULES

    if name is not None:
        found = ALIASES.get(name.lower(), name.lower())
        if found not in RULES:
            raise unknown_name("optimizer", name, [*RULES, *ALIASES])
        _show_rule(found)
        return
    rows = [
        (key, entry.label, next(iter(entry.forms.values())).formula, entry.teaches)
        for key, entry in RULES.items()
    ]
    _table(("optimizer", "label", "formula and lesson"), rows)
    click.echo('\nAny rule over p, g, lr and t is one too: --opt "v = 0.9*v - lr*g; p = p + v"')


@click.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def completion(shell: str) -> None:
    """Print the script that completes names in your shell.

    \b
    For bash:  landscape completion bash >> ~/.bashrc
    For zsh:   landscape completion zsh >> ~/.zshrc
    For fish:  landscape completion fish > ~/.config/fish/completions/landscape.fish
    """
    from click.shell_completion import get_completion_class

    from landscape.cli import cli

    made = get_completion_class(shell)
    assert made is not None  # click has all three
    click.echo(made(cli, {}, "landscape", "_LANDSCAPE_COMPLETE").source())


def _width() -> int:
    return max(60, min(shutil.get_terminal_size((100, 24)).columns, 120))


def _table(head: tuple[str, str, str], rows: Sequence[tuple[str, str, str, str]]) -> None:
    """Print name, second column, and beneath each other the formula and the lesson."""
    first = max(len(head[0]), *(len(row[0]) for row in rows)) + 2
    second = max(len(head[1]), *(len(row[1]) for row in rows)) + 2
    room = max(30, _width() - first - second)
    click.secho(f"{head[0]:<{first}}{head[1]:<{second}}{head[2]}", bold=True)
    for name, kind, formula, lesson in rows:
        lines = [*textwrap.wrap(formula, room), *textwrap.wrap(lesson, room)]
        for k, line in enumerate(lines):
            left = f"{name:<{first}}{kind:<{second}}" if k == 0 else " " * (first + second)
            click.echo(left + line)


def _field(name: str, text: str) -> None:
    lines = textwrap.wrap(text, _width() - 14) or [""]
    for k, line in enumerate(lines):
        click.echo(f"{name if k == 0 else '':<12}  {line}")


def _show_surface(name: str) -> None:
    from landscape.lessons import LESSONS
    from landscape.surfaces.catalogue import SURFACES
    from landscape.surfaces.lookup import surface
    from landscape.surfaces.surface import FormulaSurface

    if name.lower() not in [*SURFACES, "rnn_cliff"]:
        raise unknown_name("surface", name, [*SURFACES, "rnn_cliff"])
    found = surface(name.lower())
    entry = SURFACES.get(found.name)
    click.secho(found.name, bold=True)
    _field("lesson", found.teaches)
    if entry is not None:
        _field("formula", entry.formula)
    if isinstance(found, FormulaSurface):
        _field("LaTeX", found.latex)
        for part, text in zip("xy", found.formula.gradient_latex, strict=True):
            _field(f"df/d{part}", text)
    (x0, x1), (y0, y1) = found.bounds
    _field("domain", f"x {x0:g} … {x1:g}, y {y0:g} … {y1:g}")
    lesson = LESSONS.get(found.name)
    if lesson is None:
        _field("start", f"({found.start[0]:g}, {found.start[1]:g})")
    shown = found.points[:12]
    for k, point in enumerate(shown):
        text = f"{point.kind} ({point.x:.6g}, {point.y:.6g}), value {point.value:.6g}"
        _field("known" if k == 0 else "", text)
    if len(found.points) > len(shown):
        _field("", f"… and {len(found.points) - len(shown)} more")
    if entry is not None and entry.parameters:
        options = ", ".join(f"{key}={value:g}" for key, value in entry.parameters.items())
        _field("parameters", f"{options} (write {found.name}:{options.replace(' ', '')})")
    if entry is not None:
        _field("source", entry.source)
    if lesson is not None:
        _field("preset", f"start {lesson.start[0]:g},{lesson.start[1]:g}, {lesson.steps} steps")
        _field("", ", ".join(f"{rule} lr={rate:g}" for rule, rate in lesson.rates.items()))
        _field("see", lesson.claim)
        rules = " ".join(f"--opt {rule}" for rule in lesson.rules)
        _field("try", f"landscape animate --surface {found.name} {rules}")


def _show_rule(name: str) -> None:
    from landscape.optimizers.catalogue import RULES
    from landscape.optimizers.lookup import optimizer

    entry = RULES[name]
    click.secho(f"{name} ({entry.label})", bold=True)
    _field("lesson", entry.teaches)
    _field("source", entry.source)
    for k, (form, written) in enumerate(entry.forms.items()):
        default = " (default)" if k == 0 and len(entry.forms) > 1 else ""
        click.secho(f"\n{name}:form={form}{default}" if len(entry.forms) > 1 else "", bold=True)
        _field("formula", written.formula)
        for n, line in enumerate(optimizer(name, form=form).latex):
            _field("" if n else "LaTeX", line)
        if written.defaults:
            _field("defaults", ", ".join(f"{key}={v:g}" for key, v in written.defaults.items()))
        if written.note:
            _field("convention", written.note)
    click.echo("\np parameters, g gradient, lr learning rate, t number of the step from 1")
