"""A recipe to a file: the still or the film, whole or not at all."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from landscape.checks import check_job, check_labels, check_room, format_of
from landscape.drawing.moving import draw_moving
from landscape.drawing.pen import DPI
from landscape.drawing.scene import Scene, build_scene, picture_style
from landscape.errors import LandscapeError
from landscape.files import atomic_output
from landscape.prepare import Prepared
from landscape.recipe import Recipe

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = [
    "Progress",
    "Written",
    "draw_still",
    "write_film",
    "write_still",
]

Progress = Callable[[int, int], None]
_FEWEST = 7.0  # frames a second, above which a size limit may halve them


@dataclass(frozen=True)
class Written:
    """What was written: `path`, `bytes` in all, `frames` (1 for a still), the `recipe` inside."""

    path: Path
    bytes: int
    frames: int
    recipe: Recipe


def _seen(prepared: Prepared, *, last: bool = False) -> Prepared:
    """Return a picture with the camera that its recipe leaves open, or as a film ends."""
    recipe = prepared.recipe
    if recipe.view == "contour":
        return prepared
    from landscape.drawing.camera import camera_of
    from landscape.drawing.space_sight import with_viewpoint

    recipe = with_viewpoint(recipe, prepared.panels)
    if last and recipe.orbit:
        recipe = recipe.with_(azimuth=camera_of(recipe).last)
    return replace(prepared, recipe=recipe)


def draw_still(prepared: Prepared, step: int | None = None) -> Figure:
    """Return the figure of a picture with every path drawn up to `step` (default: its end)."""
    scene = build_scene(_seen(prepared))
    last = max((len(path) - 1 for path in prepared.trajectories), default=0)
    draw_moving(scene, last if step is None else min(step, last))
    return scene.figure


def write_still(prepared: Prepared, path: str | Path) -> Written:
    """Write the picture with its full trails to a PNG, SVG or PDF that carries its recipe.

    Raises LandscapeError if the suffix is unknown or the file cannot be written.
    """
    from landscape.animation.metadata import still_metadata

    suffix = format_of(path, "still")
    prepared = _seen(prepared, last=True)
    recipe = prepared.recipe.still(suffix)
    prepared = replace(prepared, recipe=recipe)
    check_job(recipe, path)
    check_labels(prepared)
    with picture_style():
        figure = draw_still(prepared)
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
    prepared = _seen(prepared)
    first = prepared.recipe.with_(kind="film", format=kind)
    if first.fps is None:  # a still's recipe has none
        first = first.with_(fps=25.0)
    check_job(first, path, max_bytes=max_bytes)
    check_labels(prepared)
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
    from landscape.animation.output import first_within

    def write(recipe: Recipe, place: Path) -> Written:
        return _write_once(prepared, recipe, place, progress)

    tries = ((recipe, ", ".join(done)) for recipe, done in _smaller(first))
    cure = "take fewer steps or a smaller size"
    made = first_within(tries, write, path, first.format, most, cure, report)
    return replace(made, path=Path(path))


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
            check_room(recipe, 120.0)
        except LandscapeError:
            break
        tries.append((recipe, [*notes, f"{share:.0%} of the size"]))
    return tries


def _write_once(
    prepared: Prepared, recipe: Recipe, path: str | Path, progress: Progress | None
) -> Written:
    from landscape.animation.film import Film
    from landscape.animation.output import Playing, bytes_of, write_frames

    with picture_style():
        scene = build_scene(Prepared(recipe, prepared.panels))
        film = Film(scene, recipe.speed)
        playing = Playing(recipe.fps or 25.0, recipe.hold, recipe.loop, recipe.colors)
        write_frames(film, path, playing, recipe.to_toml(), _exact_colors(scene), progress)
    return Written(Path(path), bytes_of(Path(path)), len(film), recipe)


def _exact_colors(scene: Scene) -> list[str]:
    theme = scene.theme
    wanted = [style.color for panel in scene.panels for style in panel.looks.styles]
    return [*wanted, theme.ground, theme.ink, theme.faint, theme.edge, theme.star]
