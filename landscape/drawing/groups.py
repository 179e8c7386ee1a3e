"""Paths that belong together in the legend: one rule's, or those that found the same minimum."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from landscape.descent import Trajectory
from landscape.drawing.legend import Entry, path_entry
from landscape.drawing.text import format_level
from landscape.drawing.trail import TrailStyle, trail_styles
from landscape.style import Theme
from landscape.surfaces.surface import CriticalPoint, Surface

__all__ = ["Grouped", "group_paths"]

# How near to a minimum a path must end to have found it, as a share of the picture's diagonal.
_NEAR = 0.03


@dataclass(frozen=True)
class Grouped:
    """The looks of a panel's paths.

    Attributes: `styles`, one for each path; `entries` of the legend; `letters`, the minima that
    have one; `losses`, whether the entries tell losses.
    """

    styles: list[TrailStyle]
    entries: list[Entry]
    letters: tuple[tuple[str, CriticalPoint], ...] = ()
    losses: bool = True


def group_paths(
    surface: Surface, paths: Sequence[Trajectory], theme: Theme, scale: float
) -> Grouped:
    """Return how the paths of a panel look.

    One path of each rule has a line of its own. Several starts of one rule are told apart by the
    minimum that they find, of several rules by the rule.
    """
    rules = list(dict.fromkeys(id(path.rule) for path in paths))
    if len(rules) == len(paths):
        styles = trail_styles([path.rule.name for path in paths], theme, scale)
        entries = [path_entry(path, style) for path, style in zip(paths, styles, strict=True)]
        return Grouped(styles, entries)
    if len(rules) > 1:
        return _by_rule(paths, rules, theme, scale)
    return _by_minimum(surface, paths, theme, scale)


def _by_rule(
    paths: Sequence[Trajectory], rules: Sequence[int], theme: Theme, scale: float
) -> Grouped:
    firsts = [next(path for path in paths if id(path.rule) == rule) for rule in rules]
    looks = trail_styles([path.rule.name for path in firsts], theme, scale)
    style_of = dict(zip(rules, looks, strict=True))
    entries = []
    for first, style in zip(firsts, looks, strict=True):
        count = sum(path.rule is first.rule for path in paths)
        entries.append(_counted(first.label, first.rule.describe(), style, count))
    return Grouped([style_of[id(path.rule)] for path in paths], entries, losses=False)


def _by_minimum(
    surface: Surface, paths: Sequence[Trajectory], theme: Theme, scale: float
) -> Grouped:
    found = [_found(surface, path) for path in paths]
    minima = [point for point in surface.minima if point in found]
    looks = trail_styles([f"minimum {k}" for k in range(len(minima) + 1)], theme, scale)
    styles = dict(zip([*minima, None], looks, strict=True))
    letters = tuple((_letter(k), point) for k, point in enumerate(minima))
    entries = [
        _counted(
            letter,
            f"({format_level(point.x)}, {format_level(point.y)}), loss {format_level(point.value)}",
            styles[point],
            found.count(point),
        )
        for letter, point in letters
    ]
    if None in found:
        entries.append(_counted("elsewhere", "no minimum reached", styles[None], found.count(None)))
    return Grouped([styles[point] for point in found], entries, letters, losses=False)


def _letter(k: int) -> str:
    return chr(ord("A") + k) if k < 26 else f"A{k - 25}"


def _counted(label: str, detail: str, style: TrailStyle, count: int) -> Entry:
    said = f"{count} path{'s' if count != 1 else ''}"
    return Entry(label, detail, style, lambda step: said, [said])


def _found(surface: Surface, path: Trajectory) -> CriticalPoint | None:
    """Return the known minimum that a path ends at, None if it is near none."""
    x, y = (float(part) for part in path.points[-1])
    if not (math.isfinite(x) and math.isfinite(y)) or not surface.minima:
        return None
    (x0, x1), (y0, y1) = surface.bounds
    near = _NEAR * math.hypot(x1 - x0, y1 - y0)
    best = min(surface.minima, key=lambda point: math.hypot(point.x - x, point.y - y))
    return best if math.hypot(best.x - x, best.y - y) <= near else None
