"""The commands that make pictures of networks: their options are the keys of their recipes."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import click

from landscape.cli.options import (
    RecipeCommand,
    complete_rule,
    complete_schedule,
    progress_bar,
)
from landscape.cli.pictures import say_written
from landscape.cli.startup import import_matplotlib
from landscape.errors import LandscapeError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from dataclasses import Field

    from landscape.pictures.recipe import PictureRecipe

__all__ = ["PictureCommand"]

# Networks are trained by rules alone, not by solvers.
_COMPLETERS = {
    "optimizer": complete_rule,
    "optimizers": complete_rule,
    "schedule": complete_schedule,
}


class PictureCommand(RecipeCommand):
    """A command for one kind of picture of `landscape.pictures.PICTURES`.

    Parameters: `picture`, the kind and the command's name; `help`; `epilog`; `more`, options that
    are no keys of the recipe but arguments of its `prepare`.
    """

    def __init__(
        self, picture: str, help: str, epilog: str, more: Sequence[click.Option] = ()
    ) -> None:
        super().__init__(
            picture,
            keys=self._own,
            completers=_COMPLETERS,
            params=[*_file_options(picture), *more],
            help=help,
            epilog=epilog,
            callback=self._make,
        )
        self._more = list(more)

    def _own(self) -> list[Field[Any]]:
        from landscape.pictures import recipe_class

        return recipe_class(str(self.name)).key_fields()

    def _make(
        self, output: str | None, max_mb: float | None, poster: str | None, **values: Any
    ) -> None:
        import_matplotlib()
        from landscape.checks import limit_in_bytes
        from landscape.keyed import moving_words
        from landscape.pictures import make_picture, prepare_picture, recipe_class
        from landscape.pictures.output import check_picture, kind_and_format, write_picture

        kind, form = ("still", "png") if output is None else kind_and_format(output)
        exported = kind == "export"
        if exported:
            kind, form = "still", "png"
            # A poster may show both views.
            flat = values.get("view") == "contour" or poster is None
            if flat and "view" in values and values["metric"] != "curvature":
                values["view"] = "3d"
        more = {str(one.name): values.pop(str(one.name)) for one in self._more}
        chosen: Any = recipe_class(str(self.name))
        recipe: PictureRecipe = chosen(kind=kind, format=form, **values)
        if exported and poster is None:
            from landscape.pictures.plane_export import page_words

            for said in page_words(recipe):
                _report(f"an export has no page, camera or frames: {said} is left out")
        else:
            for said in moving_words(recipe):
                _report(f"a still does not move: {said} is left out")
        most = limit_in_bytes(max_mb)
        check_picture(recipe, output or "landscape.png", max_bytes=most)
        still = recipe
        if poster is not None:
            still = recipe.still(kind_and_format(poster)[1])
            check_picture(still, poster)
            if output is not None and os.path.realpath(output) == os.path.realpath(poster):
                raise LandscapeError(
                    f"the picture and its poster need two names: {poster!r} came twice"
                )
        kept = _kept(recipe, str(more.get("save", "")))
        from landscape.planes.journal import says_what_is_kept

        with says_what_is_kept(kept):
            with progress_bar("computing") as progress:
                ready = prepare_picture(recipe, report=_report, progress=progress, **more)
            for line in ready.numbers():
                _report(line)
            with progress_bar("drawing") as progress:
                written = write_picture(
                    ready, output or f"{ready.name}.png", max_bytes=most, progress=progress,
                    report=_report,
                )  # fmt: skip
        for one in (written, *written.more):
            say_written(one)
        if poster is not None:
            try:
                if ready.alike:
                    say_written(write_picture(ready.still(still.format), poster))
                else:
                    say_written(make_picture(still, poster))
            except KeyboardInterrupt:
                raise KeyboardInterrupt(f"interrupted, {poster} was not written") from None


def _kept(recipe: PictureRecipe, save: str) -> list[str]:
    """Return the files that keep the grids of a picture of planes, none if nothing is kept."""
    if not save:
        return []
    from landscape.pictures.plane import PlaneRecipe, saved_grids

    assert isinstance(recipe, PlaneRecipe)
    return saved_grids(recipe, save)


def _report(message: str) -> None:
    click.echo(message, err=True)


def _file_options(picture: str) -> list[click.Parameter]:
    """Return the options of the file that a kind of picture is written to."""
    written = "PNG, SVG or PDF for a still; GIF, MP4, WebM, WebP or APNG for a film"
    if picture == "plane":
        written += (
            "; VTP (for ParaView), OBJ (for Blender) or PLY for the surface with the paths on it: "
            "'landscape export --help' says how they are looked at"
        )
    return [
        click.Option(
            ["--max-mb"],
            type=float,
            help="Stay within this size: fewer colours, then a smaller picture.",
        ),
        click.Option(["--poster"], metavar="FILE", help="Also write the still: PNG, SVG or PDF."),
        click.Option(
            ["-o", "--output"],
            metavar="FILE",
            help=f"{written}.",
        ),
    ]
