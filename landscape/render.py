"""A recipe to a file: the still or the film, whole or not at all."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from landscape.drawing.scene import DPI, build_scene, picture_style
from landscape.errors import LandscapeError
from landscape.files import atomic_output, check_writable
from landscape.prepare import Prepared
from landscape.recipe import FILM_FORMATS, STILL_FORMATS, Recipe

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = [
    "Progress",
    "Written",
    "check_job",
    "draw_still",
    "format_of",
    "limit_in_bytes",
    "write_film",
    "write_still",
]

Progress = Callable[[int, int], None]
_MOST_FRAMES = 100_000
_FEWEST = 7.0  # frames a second, above which a size limit may halve them


@dataclass(frozen=True)
class Written:
    """What was written: `path`, `bytes` in all, `frames` (1 for a still), the `recipe` inside."""

    path: Path
    bytes: int
    frames: int
    recipe: Recipe


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
    from landscape.drawing.theme import parse_size

    kind = format_of(path, recipe.kind)
    check_writable(path, folder=kind == "frames")
    parse_size(recipe.size)
    _check_room(recipe)
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
    import numpy as np

    from landscape.animation.writers import FilmSpec, open_writer

    # A writer that is not entered checks what its format can hold and writes nothing.
    spec = FilmSpec((1, 1), recipe.fps or 25.0, 0.0, 0, "", np.zeros((1, 3), np.uint8))
    open_writer(path, spec)


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


def _check_room(recipe: Recipe, least: float = 40.0) -> None:
    """Raise LandscapeError if the legend would leave the axes fewer than `least` pixels."""
    from landscape.drawing.layout import layout
    from landscape.drawing.theme import parse_size

    size = picture_size(parse_size(recipe.size), recipe.scale)
    shown = len(recipe.optimizers) if recipe.legend else 0
    titled = recipe.title is None or bool(recipe.title.strip())
    box = layout(size, shown, title=titled, caption=bool(recipe.caption)).axes
    if min(box[2:]) < least:
        raise LandscapeError(
            f"a picture of {size[0]}x{size[1]} has no room for axes and {shown} optimizers: "
            "take a larger one, fewer optimizers or no legend"
        )


def picture_size(size: tuple[int, int], scale: float) -> tuple[int, int]:
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


def _check_labels(prepared: Prepared) -> None:
    for path in prepared.trajectories:
        check_text("label", path.label)


def _still_recipe(recipe: Recipe, suffix: str) -> Recipe:
    """Return the recipe of a film's picture: what only films have is as it is by default."""
    plain = Recipe(kind="still", format=suffix)
    return recipe.with_(
        kind="still",
        format=suffix,
        fps=plain.fps,
        speed=plain.speed,
        hold=plain.hold,
        loop=plain.loop,
        colors=plain.colors,
    )


def draw_still(prepared: Prepared, step: int | None = None) -> Figure:
    """Return the figure of a picture with every path drawn up to `step` (default: its end)."""
    scene = build_scene(prepared)
    last = max((len(path) - 1 for path in prepared.trajectories), default=0)
    scene.draw_trails(last if step is None else min(step, last))
    return scene.figure


def write_still(prepared: Prepared, path: str | Path, *, step: int | None = None) -> Written:
    """Write the picture with its full trails to a PNG, SVG or PDF that carries its recipe.

    Raises LandscapeError if the suffix is unknown or the file cannot be written.
    """
    from landscape.animation.metadata import still_metadata

    suffix = format_of(path, "still")
    recipe = _still_recipe(prepared.recipe, suffix)
    check_job(recipe, path)
    _check_labels(prepared)
    with picture_style():
        figure = draw_still(prepared, step)
        with atomic_output(path) as place:
            figure.savefig(
                place,
                format=suffix,
                dpi=DPI,
                facecolor=figure.get_facecolor(),
                metadata=still_metadata(f".{suffix}", recipe.to_toml()),
            )
    return Written(Path(path), Path(path).stat().st_size, 1, recipe)


def write_film(
    prepared: Prepared,
    path: str | Path,
    *,
    max_bytes: int | None = None,
    progress: Progress | None = None,
    report: Callable[[str], None] = lambda _: None,
) -> Written:
    """Write the film of a picture in the format of the path's suffix, its recipe inside.

    Parameters: `max_bytes` is met by fewer frames, then fewer colours (GIF), then smaller pictures,
    and `report` is told what was done; `progress` is called with (frames done, frames in all).

    Raises LandscapeError if the suffix is unknown, the file cannot be written, or nothing meets
    `max_bytes`.
    """
    kind = format_of(path, "film")
    first = prepared.recipe.with_(kind="film", format=kind)
    if first.fps is None:  # a still's recipe has none
        first = first.with_(fps=25.0)
    check_job(first, path, max_bytes=max_bytes)
    _check_labels(prepared)
    if max_bytes is None:
        return _write_once(prepared, first, path, progress)
    return _write_within(prepared, first, path, max_bytes, progress, report)


def _write_within(
    prepared: Prepared,
    first: Recipe,
    path: str | Path,
    most: int,
    progress: Progress | None,
    report: Callable[[str], None],
) -> Written:
    import shutil
    import tempfile

    smallest = None
    with tempfile.TemporaryDirectory(prefix="landscape-") as folder:
        trial = Path(folder) / f"film.{first.format}"
        for recipe, done in _smaller(first):
            written = _write_once(prepared, recipe, trial, progress)
            smallest = min(smallest or written.bytes, written.bytes)
            if written.bytes <= most:
                with atomic_output(path) as place:
                    shutil.copyfile(trial, place)
                if done:
                    report(f"to stay within {most / 1e6:g} MB: {', '.join(done)}")
                return Written(Path(path), written.bytes, written.frames, recipe)
    raise LandscapeError(
        f"no film of this run fits into {most / 1e6:g} MB: {(smallest or 0) / 1e6:.2g} MB is the "
        "smallest; take fewer steps or a smaller size"
    )


def _smaller(first: Recipe) -> list[tuple[Recipe, list[str]]]:
    """Return the recipes to try, each smaller than the one before, with what was done."""
    tries: list[tuple[Recipe, list[str]]] = [(first, [])]
    recipe, rate_note = first, ""
    while (recipe.fps or 0) > _FEWEST:
        # Half the frames at twice the speed: the film lasts as long as before.
        recipe = recipe.with_(fps=(recipe.fps or 0) / 2, speed=recipe.speed * 2)
        rate_note = f"{recipe.fps:g} frames a second ({recipe.speed} steps each)"
        tries.append((recipe, [rate_note]))
    notes = [rate_note] if rate_note else []
    color_note = ""
    if first.format == "gif":
        for colors in (128, 64, 32):
            if colors < recipe.colors:
                recipe = recipe.with_(colors=colors)
                color_note = f"{colors} colours"
                tries.append((recipe, [*notes, color_note]))
    notes += [color_note] if color_note else []
    for share in (0.85, 0.7, 0.55, 0.45, 0.35):
        scale = round(first.scale * share, 4)
        try:
            recipe = recipe.with_(scale=scale)
            _check_room(recipe, 120.0)
        except LandscapeError:
            break
        tries.append((recipe, [*notes, f"{share:.0%} of the size"]))
    return tries


def _write_once(
    prepared: Prepared, recipe: Recipe, path: str | Path, progress: Progress | None
) -> Written:
    import numpy as np

    from landscape.animation.film import Film
    from landscape.animation.palette import Quantizer, choose_palette
    from landscape.animation.writers import FilmSpec, is_indexed, open_writer

    indexed = is_indexed(path)
    with picture_style():
        scene = build_scene(Prepared(recipe, prepared.surface, prepared.trajectories))
        film = Film(scene, recipe.speed)
        palette = None
        if indexed:
            palette = choose_palette(film.fullest(), _exact_colors(scene), recipe.colors)
        spec = FilmSpec(
            film.size, recipe.fps or 25.0, recipe.hold, recipe.loop, recipe.to_toml(), palette
        )
        with open_writer(path, spec) as writer:
            quantize = Quantizer(palette) if palette is not None else None
            indices = np.zeros(film.pixels.shape, dtype=np.uint8)
            for done, changed in enumerate(film.frames(), 1):
                if quantize is not None:
                    for top, bottom, left, right in changed:
                        area = slice(top, bottom), slice(left, right)
                        indices[area] = quantize(film.pixels[area])
                writer.write(film.rgb() if quantize is None else indices)
                if progress is not None:
                    progress(done, len(film))
    return Written(Path(path), _size_of(Path(path)), len(film), recipe)


def _exact_colors(scene: object) -> list[tuple[int, int, int]]:
    from matplotlib.colors import to_rgb

    from landscape.drawing.scene import Scene

    assert isinstance(scene, Scene)
    theme = scene.theme
    wanted = [style.color for style in scene.styles]
    wanted += [theme.ground, theme.ink, theme.faint, theme.edge, theme.star]
    return [(round(r * 255), round(g * 255), round(b * 255)) for r, g, b in map(to_rgb, wanted)]


def _size_of(path: Path) -> int:
    if path.is_dir():
        return sum(part.stat().st_size for part in path.iterdir())
    return path.stat().st_size
