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
# … and how much of its first loss above the minimum it may have kept.
_LOW = 0.005
# A gradient that is this share of the first one is a place of rest.
_STILL = 1e-4
_RESTING, _MOVING = "at rest, no known minimum", "not arrived"


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
    surface = paths[0].surface
    firsts = [next(path for path in paths if id(path.rule) == rule) for rule in rules]
    looks = trail_styles([path.rule.name for path in firsts], theme, scale)
    style_of = dict(zip(rules, looks, strict=True))
    ends = [_end(surface, path) for path in paths]
    letters = _letters(surface, ends)
    entries = []
    for first, style in zip(firsts, looks, strict=True):
        own = [end for end, path in zip(ends, paths, strict=True) if path.rule is first.rule]
        found = [f"{letter}\u2009\N{MULTIPLICATION SIGN}{own.count(p)}" for letter, p in letters]
        said = " ".join(one for one in found if not one.endswith("\N{MULTIPLICATION SIGN}0"))
        entries.append(_counted(first.label, first.rule.describe(), style, said or "none arrived"))
    return Grouped([style_of[id(path.rule)] for path in paths], entries, letters, losses=False)


def _by_minimum(
    surface: Surface, paths: Sequence[Trajectory], theme: Theme, scale: float
) -> Grouped:
    ends = [_end(surface, path) for path in paths]
    letters = _letters(surface, ends)
    keys: list[CriticalPoint | str] = [point for _, point in letters]
    keys += [said for said in (_RESTING, _MOVING) if said in ends]
    # All are paths of one rule: only the colours differ.
    looks = trail_styles([f"end {k}" for k in range(len(keys))], theme, scale)
    styles = dict(zip(keys, looks, strict=True))
    entries = [
        _counted(
            letter,
            f"({format_level(point.x)}, {format_level(point.y)}), loss {format_level(point.value)}",
            styles[point],
            _paths(ends.count(point)),
        )
        for letter, point in letters
    ]
    for said in keys[len(letters) :]:
        assert isinstance(said, str)
        entries.append(_counted("elsewhere", said, styles[said], _paths(ends.count(said))))
    return Grouped([styles[end] for end in ends], entries, letters, losses=False)


def _letters(
    surface: Surface, ends: Sequence[CriticalPoint | str]
) -> tuple[tuple[str, CriticalPoint], ...]:
    """Return the minima that paths ended at, the lowest first, each with its letter."""
    found = [point for point in surface.minima if point in ends]
    return tuple((chr(ord("A") + k) if k < 26 else f"A{k - 25}", p) for k, p in enumerate(found))


def _paths(count: int) -> str:
    return f"{count} path{'s' if count != 1 else ''}"


def _counted(label: str, detail: str, style: TrailStyle, said: str) -> Entry:
    return Entry(label, detail, style, lambda step: said, [said])


def _end(surface: Surface, path: Trajectory) -> CriticalPoint | str:
    """Return the known minimum that a path ends at, else whether it is at rest elsewhere.

    It has found a minimum if it ends near it, and nearly as low, measured by its own start.
    """
    x, y = (float(part) for part in path.points[-1])
    loss = float(path.losses[-1])
    if not all(map(math.isfinite, (x, y, loss))):
        return _MOVING
    (x0, x1), (y0, y1) = surface.bounds
    near = _NEAR * math.hypot(x1 - x0, y1 - y0)
    minima = surface.minima
    if minima:
        best = min(minima, key=lambda point: math.hypot(point.x - x, point.y - y))
        low = loss - best.value <= _LOW * max(float(path.losses[0]) - best.value, 1e-300)
        if math.hypot(best.x - x, best.y - y) <= near and low:
            return best
    slope, first = (math.hypot(*path.gradients[k].tolist()) for k in (-1, 0))
    return _RESTING if slope <= _STILL * first else _MOVING
