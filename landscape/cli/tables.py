"""Tables and fields for the terminal."""

from __future__ import annotations

import shutil
import textwrap
from collections.abc import Sequence

import click

__all__ = ["columns", "print_field", "print_rows", "print_table", "statements", "width"]


def width() -> int:
    """Return how many columns of the terminal are used."""
    return max(60, min(shutil.get_terminal_size((100, 24)).columns, 140))


def print_table(head: tuple[str, str, str], rows: Sequence[tuple[str, str, str, str]]) -> None:
    """Print name, second column, and beneath each other the formula and the lesson."""
    first, second = columns(head[:2], [row[:2] for row in rows])
    click.secho(f"{head[0]:<{first}}{head[1]:<{second}}{head[2]}", bold=True)
    print_rows((first, second), rows)


def columns(head: tuple[str, str], rows: Sequence[tuple[str, str]]) -> tuple[int, int]:
    """Return the widths of the first two columns."""
    first, second = (max(len(row[k]) for row in (head, *rows)) + 2 for k in (0, 1))
    return first, second


def print_rows(widths: tuple[int, int], rows: Sequence[tuple[str, str, str, str]]) -> None:
    """Print name, second column, and beneath each other the formula and the lesson."""
    first, second = widths
    room = max(30, width() - first - second)
    for name, kind, formula, lesson in rows:
        lines = [*statements(formula, room), *textwrap.wrap(lesson, room)]
        for k, line in enumerate(lines):
            left = f"{name:<{first}}{kind:<{second}}" if k == 0 else " " * (first + second)
            click.echo(left + line)


def statements(formula: str, room: int) -> list[str]:
    """Return the lines of a formula, broken between its statements where that is possible."""
    lines: list[str] = []
    for statement in formula.split("; ") if formula else []:
        joined = f"{lines[-1]}; {statement}" if lines else statement
        if lines and len(joined) < room:
            lines[-1] = joined
            continue
        if lines:
            lines[-1] += ";"
        lines.append(statement)
    return [part for line in lines for part in textwrap.wrap(line, room)]


def print_field(name: str, text: str) -> None:
    """Print a name and, beside it, a text on as many lines as it needs."""
    lines = textwrap.wrap(text, width() - 14) or [""]
    for k, line in enumerate(lines):
        click.echo(f"{name if k == 0 else '':<12}  {line}")
