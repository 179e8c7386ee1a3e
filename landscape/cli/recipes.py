"""The commands `render` and `info`: pictures from recipes, recipes from pictures."""

from __future__ import annotations

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
    """Make the pictures of recipe files again."""
    import_matplotlib()
    from landscape.checks import check_job
    from landscape.prepare import prepare
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
        check_job(recipe, target)
    with progress_bar("rendering") as progress:
        for k, ((_, recipe), target) in enumerate(zip(jobs, targets, strict=True)):

            def part(done: int, total: int, k: int = k) -> None:
                progress(int(1000 * (k + done / max(1, total))), 1000 * len(jobs))

            ready = prepare(recipe)
            if recipe.kind == "film":
                written = write_film(ready, target, progress=part)
            else:
                written = write_still(ready, target)
            say_written(written)


@click.command()
@click.argument("file")
def info(file: str) -> None:
    """Print the recipe inside a picture, and the command that makes it."""
    recipe = _read(file)
    made = [text for text in (recipe.surface, *recipe.optimizers) if text.startswith("python:")]
    said = recipe.command()
    if made:
        said = f"{', '.join(made)} was made in Python and is not in the recipe: no command makes it"
    click.echo(f"# {said}\n{recipe.to_toml()}", nl=False)


def _read(name: str) -> Any:
    from landscape.recipe import Recipe

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
    return Recipe.from_toml(text, repr(name))


def _target(path: Path, recipe: Any, output: str | None) -> Path:
    folder = path.parent if output is None else Path(output)
    stem = path.stem if path.suffix else path.name
    return folder / (stem if recipe.format == "frames" else f"{stem}.{recipe.format}")
