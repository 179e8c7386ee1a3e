"""Short texts on the axes themselves, with a rim in the ground's colour."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from landscape.drawing.groups import Grouped
from landscape.drawing.text import parameter_name
from landscape.drawing.trail import finite_part, visible_path
from landscape.style import Theme

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.text import Text
    from numpy.typing import NDArray

    from landscape.descent import Trajectory

    Array = NDArray[Any]

__all__ = ["draw_note", "name_axes", "place_letters", "taken_off"]

Point = tuple[float, float]


def draw_note(axes: Axes, said: str, theme: Theme, unit: float) -> None:
    """Write a short remark in the lower left corner of the axes."""
    _write(axes, said, (0, 0), (8, 8), 17, theme, unit, corner=True)


def place_letters(
    axes: Axes, looks: Grouped, paths: Sequence[Trajectory], theme: Theme, unit: float
) -> list[Text]:
    """Return a letter for each minimum that has one, beside it where the fewest trails are.

    They are no artists of the axes: trails are drawn first, the letters over them, heads on top.
    """
    import numpy as np
    from matplotlib.patheffects import withStroke
    from matplotlib.text import Text
    from matplotlib.transforms import ScaledTranslation

    if not looks.letters:
        return []
    figure = axes.get_figure(root=True)
    assert figure is not None
    pixel = unit * figure.dpi / 72
    taken = _trail_points(axes, paths, 3 * pixel)
    stars = axes.transData.transform([(p.x, p.y) for p in paths[0].surface.visible_points()])
    made = []
    for letter, point in looks.letters:
        at = axes.transData.transform((point.x, point.y))
        across, up = _free_place(at, axes, taken, stars, pixel)
        # What comes later keeps away from this one.
        stars = np.concatenate([stars, [np.add(at, (across, up))]])
        away = ScaledTranslation(across / figure.dpi, up / figure.dpi, figure.dpi_scale_trans)
        made.append(
            Text(
                point.x,
                point.y,
                letter,
                transform=axes.transData + away,
                fontsize=22 * unit,
                fontweight="bold",
                color=theme.ink,
                ha="center",
                va="center",
                path_effects=[withStroke(linewidth=4 * unit, foreground=theme.ground)],
            )
        )
        made[-1].set_figure(figure)
    return made


def _trail_points(axes: Axes, paths: Sequence[Trajectory], every: float) -> Array:
    """Return points along all paths in pixels, about `every` pixels apart."""
    import numpy as np

    found = []
    for path in paths:
        shown = visible_path(finite_part(path.points), path.surface.bounds)
        line = axes.transData.transform(shown) if len(shown) else shown
        line = np.clip(line, -1e4, 1e4)
        count = int(min(np.nansum(np.hypot(*np.diff(line, axis=0).T)) / every, 20_000)) + 2
        share = np.linspace(0, max(0, len(line) - 1), max(count, len(line)))
        rows = np.arange(len(line))
        if len(line):
            found.append(np.stack([np.interp(share, rows, part) for part in line.T], axis=1))
    return np.concatenate(found) if found else np.empty((0, 2))


def _free_place(at: Array, axes: Axes, taken: Array, stars: Array, pixel: float) -> Point:
    """Return how far from a minimum its letter stands, where it hides the least."""
    import numpy as np

    box, best, fewest = axes.bbox, (0.0, 0.0), np.inf
    half = 13 * pixel
    # The nearest places first, those at the upper right before the others.
    for far in (32.0, 42.0, 54.0):
        for turn in (40, 140, -40, -140, 0, 180, 90, -90, 20, 160, -20, -160, 65, 115, -65, -115):
            angle = np.deg2rad(turn)
            across, up = far * pixel * np.cos(angle), far * pixel * np.sin(angle)
            x, y = at[0] + across, at[1] + up
            cost = float((np.abs(taken - (x, y)).max(axis=1, initial=0) < half).sum())
            cost += 50.0 * float((np.hypot(*(stars - (x, y)).T) < 1.9 * half).sum())
            within = box.x0 + half < x < box.x1 - half and box.y0 + half < y < box.y1 - half
            cost += (0.0 if within else 1e4) + 0.1 * (far - 32.0)
            if cost < fewest:
                best, fewest = (float(across), float(up)), cost
    return best


def name_axes(
    axes: Axes,
    labels: tuple[str, str],
    theme: Theme,
    unit: float,
    bases: Sequence[str] = ("", ""),
) -> None:
    """Write the parameters' names inside the ends of the axes, where they take no room.

    Parameters: `bases` are the numbers from which those at the axes count, "" for 0.
    """
    # What is no name of a parameter ("component 1 (72 %)") is set as words.
    names = [f"${parameter_name(one)}$" if one.isidentifier() else one for one in labels]
    across, up = (taken_off(name, base) for name, base in zip(names, bases, strict=True))
    _write(axes, across, (1, 0), (-8, 8), 23, theme, unit, corner=True, ha="right")
    _write(axes, up, (0, 1), (8, -8), 23, theme, unit, corner=True, va="top")


def taken_off(name: str, base: str) -> str:
    """Return a name with what is taken off the numbers at its axis: they are x − 1234.5."""
    minus = "\N{MINUS SIGN}"
    if not base:
        return name
    return f"{name} + {base[1:]}" if base.startswith(minus) else f"{name} {minus} {base}"


def _write(
    axes: Axes,
    said: str,
    at: Point,
    away: Point,
    size: float,
    theme: Theme,
    unit: float,
    *,
    corner: bool = False,
    **more: Any,
) -> None:
    """Write a text `away` (in slide pixels) from a point of the data, or from a corner."""
    from matplotlib.patheffects import withStroke

    axes.annotate(
        said,
        at,
        (away[0] * unit, away[1] * unit),
        xycoords="axes fraction" if corner else "data",
        textcoords="offset points",
        fontsize=size * unit,
        color=theme.ink,
        zorder=3.2,
        path_effects=[withStroke(linewidth=4 * unit, foreground=theme.ground)],
        **{"ha": "left" if corner else "center", "va": "bottom", **more},
    )
