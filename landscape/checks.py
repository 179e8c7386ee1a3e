"""Whether a picture can be drawn and written, found out before long work begins."""

from __future__ import annotations

from pathlib import Path

from landscape.errors import LandscapeError
from landscape.files import check_writable
from landscape.keyed import FILM_FORMATS, STILL_FORMATS
from landscape.prepare import Prepared
from landscape.recipe import Recipe
from landscape.specs import split_values
from landscape.style import parse_size

__all__ = [
    "check_job",
    "check_labels",
    "check_rate",
    "check_room",
    "check_text",
    "format_of",
    "limit_in_bytes",
]

_MOST_FRAMES = 100_000


def format_of(path: str | Path, kind: str) -> str:
    """Return the format that a path's suffix asks for.

    Raises LandscapeError for a suffix that no writer has.
    """
    text = str(path)
    if text.rstrip("/\\").endswith(".") and text.strip("./\\"):
        raise LandscapeError(f"no {kind} can be written as {text!r}: its name ends in a dot")
    suffix = "" if text.endswith(("/", "\\")) else Path(text).suffix.lower().lstrip(".")
    if kind == "film":
        if suffix in ("", "png"):
            return "frames" if suffix == "" else "apng"
        known = [name for name in FILM_FORMATS if name != "frames"]
    else:
        known = list(STILL_FORMATS)
    if suffix not in known:
        import difflib

        close = difflib.get_close_matches(suffix, known, n=1)
        hint = f"did you mean .{close[0]}?" if close else f"choose .{', .'.join(known)}"
        if kind == "film" and suffix in STILL_FORMATS:
            hint = "for a still write 'landscape plot'"
        if kind == "still" and suffix in FILM_FORMATS:
            hint = "for a film write 'landscape animate'"
        raise LandscapeError(f"no {kind} can be written as {text!r}: {hint}")
    return suffix


def check_job(recipe: Recipe, path: str | Path, *, max_bytes: int | None = None) -> None:
    """Find out before long work whether `recipe` can be drawn and written to `path`.

    Raises LandscapeError as `write_film` or `write_still`, by the recipe's kind, would.
    """

    kind = format_of(path, recipe.kind)
    check_writable(path, folder=kind == "frames")
    parse_size(recipe.size)
    check_room(recipe)
    check_text("title", recipe.title or "")
    check_text("caption", recipe.caption)
    if recipe.kind == "still":
        return
    if max_bytes is not None and kind == "frames":
        raise LandscapeError("a size limit needs a film in one file: a folder of frames was asked")
    frames = (recipe.steps or 1) // recipe.speed + 1
    if frames > _MOST_FRAMES:
        speed = -(-(recipe.steps or 1) // (_MOST_FRAMES - 1))
        raise LandscapeError(
            f"a film has at most {_MOST_FRAMES} frames: {frames} came; take fewer steps or "
            f"--speed {speed}"
        )
    check_rate(path, recipe.fps or 25.0)


def check_rate(path: str | Path, fps: float) -> None:
    """Raise LandscapeError if the format of a film cannot hold so many frames a second."""
    import numpy as np

    from landscape.animation.writers import FilmSpec, open_writer

    # A writer that is not entered checks what its format can hold and writes nothing.
    open_writer(path, FilmSpec((1, 1), fps, 0.0, 0, "", np.zeros((1, 3), np.uint8)))


def limit_in_bytes(megabytes: float | None) -> int | None:
    """Return a size limit in bytes, None for none.

    Raises LandscapeError if it is no number above 0.
    """
    if megabytes is None:
        return None
    number = isinstance(megabytes, (int, float)) and not isinstance(megabytes, bool)
    if not number or not 0 < megabytes <= 1e6:
        raise LandscapeError(f"a size limit is a number of MB above 0: {megabytes!r} came")
    return int(megabytes * 1e6)


def check_room(recipe: Recipe, least: float = 40.0) -> None:
    """Raise LandscapeError if the legend would leave the axes fewer than `least` pixels."""
    from landscape.drawing.layout import has_room, layout, no_room

    size = _picture_size(parse_size(recipe.size), recipe.scale)
    shown = len(recipe.optimizers) if recipe.legend else 0
    panels = len(split_values(recipe.grid))
    plan = layout(
        size,
        shown,
        title=recipe.title is None or bool(recipe.title.strip()),
        caption=bool(recipe.caption),
        keyed=recipe.legend,
        panels=panels,
        strips=len(recipe.curves),
        strips_beside=recipe.beside,
        view=recipe.view,
    )
    if not has_room(plan, least):
        raise no_room(size, shown, panels=panels, strips=len(recipe.curves))


def _picture_size(size: tuple[int, int], scale: float) -> tuple[int, int]:
    """Return the pixels of a picture."""
    return round(size[0] * scale), round(size[1] * scale)


def check_text(what: str, text: str) -> None:
    """Raise LandscapeError if `text` is a formula or has a letter that cannot be set."""
    if not text or (text.isascii() and "$" not in text):
        return
    from matplotlib import cbook
    from matplotlib.font_manager import FontProperties, findfont, get_font
    from matplotlib.mathtext import MathTextParser

    if cbook.is_math_text(text):
        try:
            MathTextParser("path").parse(text)
        except (ValueError, RuntimeError):
            raise LandscapeError(
                f"{what} {text!r} has a formula that cannot be set: write \\$ for a dollar sign"
            ) from None
        return
    font = get_font(findfont(FontProperties(family="DejaVu Sans")))
    for letter in text:
        if not font.get_char_index(ord(letter)):
            raise LandscapeError(f"{what} {text!r}: the pictures' font has no letter {letter!r}")


def check_labels(prepared: Prepared) -> None:
    """Raise LandscapeError if a path's label cannot be set."""
    for path in prepared.trajectories:
        check_text("label", path.label)
