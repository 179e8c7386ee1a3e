"""The commands `animate` and `plot`."""

from __future__ import annotations

import os
from typing import Any

import click

from landscape.cli.options import (
    RecipeCommand,
    film_keys,
    progress_bar,
    recipe_from,
    still_keys,
)
from landscape.cli.startup import import_matplotlib
from landscape.errors import LandscapeError

__all__ = ["animate", "plot", "say_written"]

_ANIMATE = """\b
Examples:
  landscape animate --surface ravine --opt momentum
  landscape animate --surface saddle --opt gd --opt adam -o saddle.mp4
  landscape animate --surface beale --opt momentum:lr=0.002,mu=0.95 --steps 120 --theme dark
  landscape animate --surface "x**2 + 3*abs(y)" --opt "p = p - lr*sign(g):lr=0.05"
"""
_PLOT = """\b
Examples:
  landscape plot --surface beale --opt gd --opt adam
  landscape plot --surface himmelblau -o himmelblau.pdf
"""


@click.command(cls=RecipeCommand, keys=film_keys, epilog=_ANIMATE)
@click.option(
    "--max-mb",
    type=float,
    help="Stay within this size: fewer frames, then fewer colours, then a smaller picture.",
)
@click.option("--poster", metavar="FILE", help="Also write the last frame: PNG, SVG or PDF.")
@click.option(
    "-o",
    "--output",
    metavar="FILE",
    help="GIF, MP4, WebM, WebP or APNG by suffix; a folder of frames without one.",
)
def animate(output: str | None, max_mb: float | None, poster: str | None, **values: Any) -> None:
    """Make a film of optimizers moving over a surface."""
    import_matplotlib()
    from landscape.checks import check_job, format_of, limit_in_bytes
    from landscape.render import write_film, write_still

    recipe = recipe_from(
        "film", values, format="gif" if output is None else format_of(output, "film")
    )
    most = limit_in_bytes(max_mb)
    # The name after the rules is not known yet; any name tells whether the folder is writable.
    check_job(recipe, "landscape.gif" if output is None else output, max_bytes=most)
    if poster is not None:
        check_job(recipe.still(format_of(poster, "still")), poster)
        if output is not None and os.path.realpath(output) == os.path.realpath(poster):
            raise LandscapeError(f"the film and its poster need two names: {poster!r} came twice")
    ready = _prepare(recipe)
    path = f"{_name(ready)}.gif" if output is None else output
    with progress_bar("drawing") as progress:
        written = write_film(
            ready,
            path,
            max_bytes=most,
            progress=progress,
            report=_report,
        )
    say_written(written)
    if poster is not None:
        say_written(write_still(ready, poster))


@click.command(cls=RecipeCommand, keys=still_keys, epilog=_PLOT)
@click.option("-o", "--output", metavar="FILE", help="PNG, SVG or PDF, by suffix.")
def plot(output: str | None, **values: Any) -> None:
    """Draw a surface, with the full path of every optimizer."""
    import_matplotlib()
    from landscape.checks import check_job, format_of
    from landscape.render import write_still

    recipe = recipe_from(
        "still", values, format="png" if output is None else format_of(output, "still")
    )
    check_job(recipe, "landscape.png" if output is None else output)
    ready = _prepare(recipe)
    say_written(write_still(ready, f"{_name(ready)}.png" if output is None else output))


def _prepare(recipe: Any) -> Any:
    from landscape.prepare import prepare

    with progress_bar("descending") as progress:
        ready = prepare(recipe, report=_report, progress=progress)
    for path in ready.trajectories:
        if path.ending.outcome not in ("finished", "converged"):
            _report(f"{path.label}: {path.ending}")
    return ready


def _report(message: str) -> None:
    click.echo(message, err=True)


def _name(ready: Any) -> str:
    """Return a file name after the surface and the rules."""
    rules = [path.rule.name for path in ready.trajectories]
    names = [rule if rule.isidentifier() else "rule" for rule in rules]
    if len(names) > 4:
        names = [f"{len(names)}-optimizers"]
    surface = ready.surface.name
    return "-".join([surface if surface.isidentifier() else "surface", *dict.fromkeys(names)])


def say_written(written: Any) -> None:
    """Print a file's path, size and frames."""
    size = written.bytes
    shown = f"{size / 1e6:.2f} MB" if size >= 1e6 else f"{max(1, round(size / 1e3))} kB"
    frames = f", {written.frames} frames" if written.frames > 1 else ""
    try:
        click.echo(f"{written.path} ({shown}{frames})")
    except UnicodeEncodeError:
        raise LandscapeError("the terminal cannot show the file's name") from None
