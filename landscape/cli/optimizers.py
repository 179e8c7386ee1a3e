"""The command `optimizers`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from landscape.cli.tables import columns, print_field, print_rows, statements, width
from landscape.errors import unknown_name

if TYPE_CHECKING:
    from landscape.optimizers.entries import Form

__all__ = ["optimizers"]


@click.command()
@click.argument("name", required=False)
def optimizers(name: str | None) -> None:
    """List the optimizers with what one step of each does; with a NAME, all that is known of it."""
    from landscape.optimizers.catalogue import (
        ALIASES,
        CLASSICS,
        MODERNS,
        OUTSIDERS,
        RULES,
        SOLVERS,
        find_name,
    )

    if name is not None:
        found = find_name(name)
        if found not in {**RULES, **SOLVERS, **OUTSIDERS}:
            raise unknown_name("optimizer", name, [*RULES, *SOLVERS, *ALIASES])
        _show_optimizer(found)
        return
    parts = {
        "Rules": CLASSICS,
        "Rules since, and beside them": MODERNS,
        "Solvers: they choose their own steps, so they take no lr (SciPy's need the extra scipy)": (
            SOLVERS
        ),
        "Not here, for they mean nothing in two dimensions (all above do)": OUTSIDERS,
    }
    widths = columns(
        ("optimizer", "label"), [(k, e.label) for part in parts.values() for k, e in part.items()]
    )
    for k, (title, part) in enumerate(parts.items()):
        if k:
            click.echo()
        click.secho(title, bold=True)
        rows = []
        for key, entry in part.items():
            formula = next((form.formula for form in entry.forms.values()), "")
            lesson = entry.teaches if entry.in_the_plane else f"{entry.label} {entry.teaches}"
            rows.append((key, entry.label, formula, lesson))
        print_rows(widths, rows)
    click.echo('\nAny rule over p, g, lr and t is one too: --opt "v = 0.9*v - lr*g; p = p + v"')


def _show_optimizer(name: str) -> None:
    from landscape.optimizers.catalogue import ALIASES, OUTSIDERS, RULES, SOLVERS

    entry = {**RULES, **SOLVERS, **OUTSIDERS}[name]
    click.secho(f"{name} ({entry.label})", bold=True)
    aliases = [alias for alias, meant in ALIASES.items() if meant == name]
    if aliases:
        print_field("also called", ", ".join(aliases))
    if not entry.in_the_plane:
        print_field("left out", f"{entry.label} {entry.teaches}")
        print_field("source", entry.source)
        return
    print_field("lesson", entry.teaches)
    print_field("source", entry.source)
    for k, (form, written) in enumerate(entry.forms.items()):
        default = " (default)" if k == 0 and len(entry.forms) > 1 else ""
        click.secho(f"\n{name}:form={form}{default}" if len(entry.forms) > 1 else "", bold=True)
        _show_form(name, form, written)
    if name in SOLVERS:
        click.echo("\np parameters, g gradient, H Hessian; it ends where it has arrived")
    else:
        click.echo("\np parameters, g gradient, lr learning rate, t number of the step from 1")


def _show_form(name: str, form: str, written: Form) -> None:
    from landscape.optimizers.lookup import optimizer

    for k, line in enumerate(statements(written.formula, width() - 14)):
        print_field("" if k else "one step", line)
    for k, line in enumerate(optimizer(name, form=form).latex):
        print_field("" if k else "LaTeX", line)
    if written.initial:
        print_field("starts", ", ".join(f"{key} = {text}" for key, text in written.initial.items()))
    if written.learning_rate is not None:
        print_field("lr", f"{written.learning_rate:g} unless given")
    if written.defaults:
        print_field("defaults", ", ".join(f"{key}={v:g}" for key, v in written.defaults.items()))
    if written.note:
        print_field("convention", written.note)
