"""The commands `render` and `info`: pictures from recipes, recipes from pictures."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import Any

import click

from landscape.cli.options import progress_bar
from landscape.cli.pictures import say_written
from landscape.cli.startup import import_matplotlib
from landscape.errors import LandscapeError

__all__ = ["info", "render"]

_RENDER = """\b
Examples:
  landscape render gallery/*.toml
  landscape render ravine.toml -o slides/
"""


@click.command(epilog=_RENDER)
@click.argument("files", nargs=-1, required=True, metavar="FILE.toml…")
@click.option(
    "-o", "--output", metavar="FOLDER", help="Where the pictures go; beside each recipe by default."
)
def render(files: tuple[str, ...], output: str | None) -> None:
    """Make the pictures of recipe files again.

    A file of data or of a plane that a recipe names is looked up in the folder of the recipe, then
    here. A recipe that carries the data draws them, whatever the file has now.
    """
    import_matplotlib()
    from landscape.checks import check_job
    from landscape.pictures import make_picture
    from landscape.pictures.output import check_picture
    from landscape.prepare import prepare
    from landscape.recipe import Recipe
    from landscape.render import write_film, write_still

    # All recipes are read before the first picture is made: a slip in the last one shows at once.
    jobs = [(Path(name), _read(name)) for name in files]
    if output is not None and not Path(output).is_dir():
        raise LandscapeError(f"no folder {output!r}: make it first or leave -o out")
    if output is None and any(path.suffix != ".toml" for path, _ in jobs):
        raise LandscapeError(
            "a picture's own recipe is rendered into another folder: add -o FOLDER"
        )
    targets = [_target(path, recipe, output) for path, recipe in jobs]
    if len({target.resolve() for target in targets}) < len(targets):
        raise LandscapeError("two of the recipes would write the same file")
    for (_, recipe), target in zip(jobs, targets, strict=True):
        if isinstance(recipe, Recipe):
            check_job(recipe, target)
        else:
            check_picture(recipe, target)
    for path, recipe in jobs:
        if not isinstance(recipe, Recipe):
            _check_data(path, recipe)
    surfaces = [
        _own_surface(path, recipe) if isinstance(recipe, Recipe) else None for path, recipe in jobs
    ]
    with progress_bar("rendering") as progress:
        for k, ((path, recipe), target) in enumerate(zip(jobs, targets, strict=True)):

            def part(done: int, total: int, k: int = k) -> None:
                progress(int(1000 * (k + done / max(1, total))), 1000 * len(jobs))

            if not isinstance(recipe, Recipe):
                written = make_picture(recipe, target, folder=path.parent, progress=part)
                say_written(written)
                continue
            ready = prepare(recipe, surface=surfaces[k])
            if recipe.kind == "film":
                say_written(write_film(ready, target, progress=part))
            else:
                say_written(write_still(ready, target))


@click.command()
@click.argument("file")
def info(file: str) -> None:
    """Print the recipe inside a picture, and the command that makes it."""
    from landscape.recipe import Recipe

    recipe = _read(file)
    if not isinstance(recipe, Recipe):
        from landscape.pictures.carried import said_of_file, warning_of_change

        warning = ""
        with suppress(LandscapeError):  # a recipe that cannot be drawn can be shown
            warning = warning_of_change(recipe, Path(file).parent)
        if warning:
            click.echo(f"{file}: {warning}", err=True)
        said = recipe.command()
        texts = [getattr(recipe, "data", ""), getattr(recipe, "surface", "")]
        texts += getattr(recipe, "optimizers", ())
        if made := [text for text in texts if text.startswith("python:")]:
            said = f"{', '.join(made)} was made in Python and is not in the recipe: "
            said += "no command makes it"
        click.echo(f"# {said}\n{said_of_file(recipe)}{recipe.to_toml()}", nl=False)
        return
    made = [text for text in (recipe.surface, *recipe.optimizers) if text.startswith("python:")]
    said = recipe.command()
    if made:
        said = f"{', '.join(made)} was made in Python and is not in the recipe: no command makes it"
    click.echo(f"# {said}\n{_said_of_table(Path(file), recipe)}{recipe.to_toml()}", nl=False)


def _check_data(path: Path, recipe: Any) -> None:
    """Find out before the first picture whether a network's own data are there and the same."""
    from landscape.pictures.carried import own_data, warning_of_change

    try:
        own_data(recipe, path.parent)
        warning = warning_of_change(recipe, path.parent)
    except LandscapeError as problem:
        raise LandscapeError(f"{str(path)!r}: {problem}") from None
    if warning:
        click.echo(f"{path}: {warning}", err=True)


def _own_surface(path: Path, recipe: Any) -> Any:
    """Return the surface of a recipe that names a file, None for another recipe."""
    if recipe.surface.lstrip().lower().startswith("plane:"):
        from landscape.planes.saved import plane_surface
        from landscape.surfaces.lookup import surface

        try:
            plane = plane_surface(recipe.surface, {}, table=recipe.table, folder=path.parent)
        except LandscapeError as problem:
            raise LandscapeError(f"{str(path)!r}: {problem}") from None
        return surface(plane, bounds=recipe.bounds)
    if not recipe.surface.lstrip().lower().startswith("data"):
        return None
    from landscape.surfaces.data import csv_path, data_surface
    from landscape.surfaces.lookup import surface

    if not csv_path(recipe.surface):
        return None
    try:
        found = data_surface(recipe.surface, table=recipe.table, folder=path.parent)
    except LandscapeError as problem:
        raise LandscapeError(f"{str(path)!r}: {problem}") from None
    _warn_of_change(path, recipe)
    return surface(found, bounds=recipe.bounds)


def _warn_of_change(path: Path, recipe: Any) -> None:
    from landscape.surfaces.data import DIGEST, csv_path, has_changed

    if not recipe.table or recipe.table.startswith(DIGEST):
        return
    source = csv_path(recipe.surface)
    if has_changed(source, recipe.table, path.parent):
        click.echo(
            f"{path}: {source} has changed since; the picture has the data of its recipe, and "
            "those of the file if you take the key 'table' out of the recipe",
            err=True,
        )


def _said_of_table(path: Path, recipe: Any) -> str:
    """Return comments on the CSV file that the command of a recipe reads."""
    if not recipe.table:
        return ""
    if recipe.surface.lstrip().lower().startswith("plane:"):
        try:
            _own_surface(path, recipe)
        except LandscapeError as problem:  # a recipe that cannot be drawn can be shown
            click.echo(str(problem), err=True)
        file = recipe.surface.partition(":")[2].partition(",")[0]
        return f"# {file} is not in the recipe, which has the SHA-256 by which it is known again.\n"
    from landscape.surfaces.data import DIGEST, csv_path

    with suppress(LandscapeError):  # a recipe that cannot be drawn can be shown
        source = csv_path(recipe.surface)
        _warn_of_change(path, recipe)
        if recipe.table.startswith(DIGEST):
            return f"# {source} is too large for a recipe, which has the SHA-256 of its columns.\n"
        return (
            f"# The command reads {source}; 'landscape render' takes the data from this recipe.\n"
        )
    return ""


def _read(name: str) -> Any:
    from landscape.pictures import read_any_recipe

    path = Path(name)
    if path.suffix == ".toml":
        try:
            text = path.read_text("utf-8")
        except (OSError, UnicodeDecodeError) as problem:
            reason = getattr(problem, "strerror", None) or "it is not UTF-8 text"
            raise LandscapeError(f"cannot read {name!r}: {reason}") from None
    else:
        from landscape.animation.metadata import read_recipe

        if not path.exists():
            raise LandscapeError(f"cannot read {name!r}: no such file or folder")
        text = read_recipe(name)
    return read_any_recipe(text, repr(name))


def _target(path: Path, recipe: Any, output: str | None) -> Path:
    folder = path.parent if output is None else Path(output)
    stem = path.stem if path.suffix else path.name
    return folder / (stem if recipe.format == "frames" else f"{stem}.{recipe.format}")
