"""Paths that belong together in the legend: one rule's, or those that found the same minimum."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from landscape.descent import Trajectory
from landscape.drawing.legend import Entry, path_entry
from landscape.drawing.text import format_level
from landscape.drawing.trail import TrailStyle, trail_styles
from landscape.ends import End, Place, find_ends
from landscape.style import Theme
from landscape.surfaces.surface import CriticalPoint, Surface

__all__ = ["Grouped", "group_paths"]

# More minima than this share one entry; beside the rules' own entries there is room for fewer.
_MOST, _MOST_BESIDE = 8, 4
_TIMES = "\N{THIN SPACE}\N{MULTIPLICATION SIGN}"
# A status of more letters than this would leave no room for the rule's name.
_SHORT = 12
# What is said of ends that are no minima: a label, a detail, and a word after their number.
_WORDS: dict[Place, tuple[str, str, str]] = {
    "floor": ("floor", "minima side by side", "on the floor"),
    "saddle": ("saddle", "at rest, at no minimum", "at a saddle"),
    "maximum": ("summit", "at rest, at no minimum", "on a summit"),
    "plateau": ("plateau", "hardly any slope far and wide", "on a plateau"),
    "rest": ("at rest", "at no minimum that was found", "at rest"),
    "moving": ("on the way", "not arrived", "on the way"),
    "lost": ("lost", "left the picture", "lost"),
}


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
    surface: Surface,
    paths: Sequence[Trajectory],
    theme: Theme,
    scale: float,
    ends: Sequence[End] = (),
) -> Grouped:
    """Return how the paths of a panel look.

    One path of each rule has a line of its own. Several starts of one rule are told apart by the
    minimum that they find, of several rules by the rule.

    Parameters: `ends` are how the paths end; left out, `find_ends` finds them where they matter.
    """
    rules = list(dict.fromkeys(id(path.rule) for path in paths))
    if len(rules) == len(paths):
        styles = trail_styles([path.rule.name for path in paths], theme, scale)
        entries = [path_entry(path, style) for path, style in zip(paths, styles, strict=True)]
        return Grouped(styles, entries)
    found = ends or find_ends(surface, paths)
    if len(rules) > 1:
        return _by_rule(surface, paths, found, rules, theme, scale)
    return _by_end(surface, found, theme, scale)


# -- several rules from several starts ---------------------------------------------------------


def _by_rule(
    surface: Surface,
    paths: Sequence[Trajectory],
    ends: Sequence[End],
    rules: Sequence[int],
    theme: Theme,
    scale: float,
) -> Grouped:
    """A colour for each rule; its entry counts its ends, and each minimum's says how low it is."""
    firsts = [next(path for path in paths if id(path.rule) == rule) for rule in rules]
    looks = trail_styles([path.rule.name for path in firsts], theme, scale)
    style_of = dict(zip(rules, looks, strict=True))
    letters, others = _letters(surface, ends, _MOST_BESIDE)
    pairs = list(zip(ends, paths, strict=True))
    owned = [[end for end, path in pairs if path.rule is first.rule] for first in firsts]
    tallies = [_tally(own, letters) for own in owned]
    short = all(len(tally) <= _SHORT for tally in tallies)
    entries = []
    for first, style, own, tally in zip(firsts, looks, owned, tallies, strict=True):
        told = first.rule.describe()
        if short:
            entries.append(_counted(first.label, told, style, tally))
            continue
        arrived = sum(end.place in ("minimum", "floor") for end in own)
        # What has no room is left out from the end: the rates before the counts.
        entries.append(_counted(first.label, f"{tally}, {told}", style, f"{arrived} arrived"))
    for letter, point in letters:
        count = sum(end.point == point for end in ends)
        style = _lettered(letter, theme, scale)
        entries.append(_counted(_where(point), f"loss {_loss(point)}", style, _paths(count)))
    if others:
        entries.append(_others(ends, others, _lettered("+", theme, scale)))
    return Grouped([style_of[id(path.rule)] for path in paths], entries, letters, losses=False)


def _tally(ends: Sequence[End], letters: Sequence[tuple[str, CriticalPoint]]) -> str:
    """Return how many ends are where: A ×2, B ×1, 1 on the way."""
    counts = [(letter, sum(end.point == point for end in ends)) for letter, point in letters]
    parts = [f"{letter}{_TIMES}{count}" for letter, count in counts if count]
    named = {point for _, point in letters}
    others = sum(end.place == "minimum" and end.point not in named for end in ends)
    parts += [f"others{_TIMES}{others}"] if others else []
    for place, (_, _, word) in _WORDS.items():
        count = sum(end.place == place for end in ends)
        parts += [f"{count} {word}"] if count else []
    return ", ".join(parts)


def _lettered(letter: str, theme: Theme, scale: float) -> TrailStyle:
    """A swatch that is the letter on the picture, for there is no trail of its colour."""
    return TrailStyle(theme.ink, rf"$\mathregular{{{letter}}}$", 0.0, 0.0, 12.0 * scale, theme.ink)


# -- one rule from several starts --------------------------------------------------------------


def _by_end(surface: Surface, ends: Sequence[End], theme: Theme, scale: float) -> Grouped:
    """A colour for each minimum that was found, and for each other way to end."""
    letters, others = _letters(surface, ends, _MOST)
    named = [point for _, point in letters]
    keys: list[CriticalPoint | str] = [*named, *(["minimum"] if others else [])]
    keys += [place for place in _WORDS if any(end.place == place for end in ends)]
    # All are paths of one rule: only the colours differ.
    looks = trail_styles([f"end {k}" for k in range(len(keys))], theme, scale)
    styles = dict(zip(keys, looks, strict=True))
    entries = []
    for letter, point in letters:
        count = sum(end.point == point for end in ends)
        told = f"{_where(point)}, loss {_loss(point)}"
        entries.append(_counted(letter, told, styles[point], _paths(count)))
    if others:
        entries.append(_others(ends, others, styles["minimum"]))
    for place in _WORDS:
        own = [end for end in ends if end.place == place]
        if own:
            entries.append(_elsewhere(place, own, styles[place]))
    keyed = [end.point if end.point in named else end.place for end in ends]
    return Grouped([styles[key or ""] for key in keyed], entries, letters, losses=False)


def _elsewhere(place: Place, ends: Sequence[End], style: TrailStyle) -> Entry:
    """Return the entry of the ends that are no minimum; where all are at one point, that too."""
    label, detail, _ = _WORDS[place]
    at = list(dict.fromkeys(end.point for end in ends if end.point is not None))
    if place == "floor":
        detail += f", loss {_loss(at[0])}"
    elif len(at) == 1:
        detail = f"at rest at {_where(at[0])}, loss {_loss(at[0])}"
    return _counted(label, detail, style, _paths(len(ends)))


# -- minima ------------------------------------------------------------------------------------


def _letters(
    surface: Surface, ends: Sequence[End], most: int
) -> tuple[tuple[tuple[str, CriticalPoint], ...], list[CriticalPoint]]:
    """Return the minima that paths found, the lowest first, with letters, and those without one.

    If there are more than `most`, those that most paths found have letters, one less than `most`.
    """
    counts = Counter(end.point for end in ends if end.place == "minimum" and end.point is not None)
    known = {point: k for k, point in enumerate(surface.minima)}

    def height(point: CriticalPoint) -> tuple[float, int, float, float]:
        # Minima of the same height differ in their last digits.
        return float(f"{point.value:.9g}"), known.get(point, len(known)), point.x, point.y

    ranked = sorted(counts, key=lambda point: (-counts[point], height(point)))
    kept = len(ranked) if len(ranked) <= most else most - 1
    shown = sorted(ranked[:kept], key=height)
    return tuple((chr(ord("A") + k), point) for k, point in enumerate(shown)), ranked[kept:]


def _others(ends: Sequence[End], others: Sequence[CriticalPoint], style: TrailStyle) -> Entry:
    """Return the entry of the minima that have no letter."""
    low, high = (pick(point.value for point in others) for pick in (min, max))
    count = sum(end.point in others for end in ends)
    told = f"{len(others)} more minima, loss {format_level(low)} to {format_level(high)}"
    return _counted("others", told, style, _paths(count))


def _where(point: CriticalPoint) -> str:
    return f"({format_level(point.x)}, {format_level(point.y)})"


def _loss(point: CriticalPoint) -> str:
    return format_level(point.value)


def _paths(count: int) -> str:
    return f"{count} path{'s' if count != 1 else ''}"


def _counted(label: str, detail: str, style: TrailStyle, said: str) -> Entry:
    return Entry(label, detail, style, lambda step: said, [said])
