"""A picture of a network to a file: the still, the film or the surface, whole or not at all."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, cast

from landscape.checks import check_rate, check_text, format_of
from landscape.drawing.pen import DPI
from landscape.drawing.scene import picture_style
from landscape.errors import LandscapeError
from landscape.export_file import mesh_format
from landscape.files import atomic_output, check_writable
from landscape.keyed import FILM_FORMATS, STILL_FORMATS
from landscape.pictures.made import Made
from landscape.pictures.ready import Ready
from landscape.pictures.recipe import PictureRecipe

if TYPE_CHECKING:
    from landscape.pictures.plane import Plane

__all__ = ["check_picture", "kind_and_format", "write_picture"]

Progress = Callable[[int, int], None]


def kind_and_format(path: str | Path) -> tuple[str, str]:
    """Return "still", "film" or "export" and the format that a path's suffix asks for.

    .png, .svg and .pdf are stills, .vtp, .ply and .obj the export of a surface; a name without a
    suffix is a folder of frames.

    Raises LandscapeError for a suffix that no writer has.
    """
    text = str(path)
    suffix = "" if text.endswith(("/", "\\")) else Path(text).suffix.lower().lstrip(".")
    if suffix in STILL_FORMATS:
        return "still", suffix
    if mesh_format(path):
        return "export", suffix
    if suffix and suffix not in FILM_FORMATS:
        import difflib

        known = [*STILL_FORMATS, *(name for name in FILM_FORMATS if name != "frames")]
        close = difflib.get_close_matches(suffix, known, n=1)
        hint = f"did you mean .{close[0]}?" if close else f"choose .{', .'.join(known)}"
        raise LandscapeError(f"no picture can be written as {text!r}: {hint}")
    return "film", format_of(path, "film")


def check_picture(recipe: PictureRecipe, path: str | Path, *, max_bytes: int | None = None) -> None:
    """Find out before long work whether `recipe` can be written to `path`.

    Raises LandscapeError as `write_picture` would.
    """
    kind, suffix = kind_and_format(path)
    if max_bytes is not None and (kind != "film" or suffix == "frames"):
        raise LandscapeError("a size limit needs a film in one file: another output was asked")
    if kind == "export":
        from landscape.pictures.plane_export import check_export

        check_export(recipe, path)
        return
    if kind != recipe.kind:
        cure = "a name ending in .png, .svg or .pdf" if recipe.kind == "still" else "a film's name"
        raise LandscapeError(
            f"the recipe of a {recipe.kind} cannot be written as {str(path)!r}: take {cure}"
        )
    check_writable(path, folder=suffix == "frames")
    recipe.check_room()
    check_text("title", recipe.title or "")
    check_text("caption", recipe.caption or "")
    if kind == "film":
        check_rate(path, recipe.fps)


def write_picture(
    ready: Ready,
    path: str | Path,
    *,
    max_bytes: int | None = None,
    progress: Progress | None = None,
    report: Callable[[str], None] = lambda _: None,
) -> Made:
    """Write a picture in the format of the path's suffix, its recipe inside.

    A plane's surface with the paths of training is exported as .vtp, .ply or .obj; of several
    planes each has a file, NAME-1.vtp, NAME-2.vtp, ….

    Parameters: a film's `max_bytes` is met by fewer colours (GIF), then smaller pictures, and
    `report` is told what was done; `progress` is called with (frames done, frames in all).

    Raises LandscapeError if the suffix is unknown, the path's kind is not the recipe's, the
    file cannot be written, or nothing meets `max_bytes`.
    """
    kind, suffix = kind_and_format(path)
    recipe = ready.recipe
    if kind == "export":
        from landscape.pictures.plane_export import write_export

        check_picture(recipe, path, max_bytes=max_bytes)
        return write_export(cast("Plane", ready), path)
    if kind == recipe.kind:
        # What only films have is as it is by default in a still.
        recipe = recipe.still(suffix) if kind == "still" else recipe.with_(format=suffix)
    check_picture(recipe, path, max_bytes=max_bytes)
    ready = ready.with_recipe(recipe)
    if kind == "still":
        return _write_still(ready, path)
    if max_bytes is None:
        return _write_film(ready, path, progress)
    return _write_within(ready, path, max_bytes, progress, report)


def _write_still(ready: Ready, path: str | Path) -> Made:
    from landscape.animation.metadata import still_metadata

    recipe = ready.recipe
    with picture_style():
        figure = ready.figure()
        with atomic_output(path) as place:
            figure.savefig(
                place,
                format=recipe.format,
                dpi=DPI,
                facecolor=figure.get_facecolor(),
                metadata=still_metadata(f".{recipe.format}", recipe.to_toml()),
            )
    return Made(Path(path), Path(path).stat().st_size, 1, recipe)


def _write_film(ready: Ready, path: str | Path, progress: Progress | None) -> Made:
    from landscape.animation.output import Playing, bytes_of, write_frames

    recipe = ready.recipe
    with picture_style():
        film, exact = ready.film()
        playing = Playing(recipe.fps, recipe.hold, recipe.loop, recipe.colors)
        write_frames(film, path, playing, recipe.to_toml(), exact, progress)
    return Made(Path(path), bytes_of(Path(path)), len(film), recipe)


def _write_within(
    ready: Ready,
    path: str | Path,
    most: int,
    progress: Progress | None,
    report: Callable[[str], None],
) -> Made:
    from landscape.animation.output import first_within

    def write(recipe: PictureRecipe, place: Path) -> Made:
        return _write_film(ready.with_recipe(recipe), place, progress)

    cure = "take fewer frames or a smaller size"
    tries, suffix = _smaller(ready.recipe), ready.recipe.format
    made = first_within(tries, write, path, suffix, most, cure, report)
    return replace(made, path=Path(path))


def _smaller(first: PictureRecipe) -> Iterator[tuple[PictureRecipe, str]]:
    """Yield the recipes to try, each smaller than the one before, with what was done."""
    yield first, ""
    recipe, note = first, ""
    if first.format == "gif":
        for colors in (128, 64, 32):
            if colors < recipe.colors:
                recipe, note = recipe.with_(colors=colors), f"{colors} colours"
                yield recipe, note
    for share in (0.85, 0.7, 0.55, 0.45):
        scale = round(first.scale * share, 4)
        if scale < 0.1:
            return
        said = f"{share:.0%} of the size"
        yield recipe.with_(scale=scale), f"{note}, {said}" if note else said
