"""The command `surfaces`."""

from __future__ import annotations

import shlex

import click

from landscape.cli.tables import print_field, print_table
from landscape.errors import unknown_name

__all__ = ["surfaces"]


@click.command()
@click.argument("name", required=False)
def surfaces(name: str | None) -> None:
    """List the surfaces with what each teaches; with a NAME, all that is known of it."""
    if name is not None:
        _show(name)
        return
    from landscape.surfaces.catalogue import SURFACES
    from landscape.surfaces.data import data_names
    from landscape.surfaces.data.models import MODELS
    from landscape.surfaces.rnn_cliff import RnnCliff

    rows = [
        (key, entry.phenomenon, entry.formula, entry.teaches) for key, entry in SURFACES.items()
    ]
    rows.append(("rnn_cliff", "cliff", RnnCliff.recurrence, RnnCliff.teaches))
    print_table(("surface", "phenomenon", "formula and lesson"), rows)
    click.secho("\nModels of two weights on data, such as data:diabetes,model=linear", bold=True)
    for key, said in data_names().items():
        print_field(key, said)
    click.secho("\nmodel=", bold=True)
    for key, model in MODELS.items():
        print_field(key, f"{model.formula.replace('PLUS', 'w*x + b')}  {model.teaches}")
    click.echo("\nYour own table: --surface data:mine.csv,target=y")
    click.echo('Any formula of x and y is a surface too: --surface "x**4 - y**2 + x*y"')


def _show(name: str) -> None:
    from landscape.presets import lesson_of
    from landscape.surfaces.catalogue import SURFACES
    from landscape.surfaces.lookup import surface
    from landscape.surfaces.surface import FormulaSurface

    plain = name.partition(":")[0].strip().lower()
    if plain not in [*SURFACES, "rnn_cliff", "data"]:
        raise unknown_name("surface", name, [*SURFACES, "rnn_cliff", "data:"])
    found = surface(name)
    entry = SURFACES.get(found.name)
    click.secho(found.spec, bold=True)
    print_field("lesson", found.teaches)
    if entry is not None:
        print_field("formula", entry.formula)
    if found.latex:
        print_field("LaTeX", found.latex)
    if isinstance(found, FormulaSurface):
        for part, text in zip("xy", found.formula.gradient_latex, strict=True):
            print_field(f"df/d{part}", text)
    if found.examples:
        print_field("examples", str(found.examples))
        print_field("weights", ", ".join(found.labels))
    (x0, x1), (y0, y1) = found.bounds
    print_field("domain", f"{found.labels[0]} {x0:g} … {x1:g}, {found.labels[1]} {y0:g} … {y1:g}")
    lesson = lesson_of(found)
    if lesson is None:
        print_field("start", f"({found.start[0]:g}, {found.start[1]:g})")
    shown = found.points[:12]
    for k, point in enumerate(shown):
        text = f"{point.kind} ({point.x:.6g}, {point.y:.6g}), value {point.value:.6g}"
        print_field("known" if k == 0 else "", text)
    if len(found.points) > len(shown):
        print_field("", f"… and {len(found.points) - len(shown)} more")
    if found.largest_curvature:
        print_field("stability", f"GD needs lr < {2 / found.largest_curvature:.4g} at the minimum")
    if entry is not None and entry.parameters:
        options = ", ".join(f"{key}={value:g}" for key, value in entry.parameters.items())
        print_field("parameters", f"{options} (write {found.name}:{options.replace(' ', '')})")
    if entry is not None:
        print_field("source", entry.source)
    if lesson is not None:
        x, y = lesson.start
        print_field("preset", f"start {x:g},{y:g}, {lesson.steps} steps")
        print_field("", ", ".join(f"{rule} lr={rate:g}" for rule, rate in lesson.rates.items()))
        print_field("see", lesson.claim)
        words = ["landscape", "animate", "--surface", found.spec]
        words += [word for rule in lesson.rules for word in ("--opt", rule)]
        print_field("try", shlex.join(words))
