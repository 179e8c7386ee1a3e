"""What pictures of basins say: shares, names, heading and caption."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from landscape.formula.latex import plain_name
from landscape.maps.places import circled_by
from landscape.optimizers.catalogue import RULES, SOLVERS
from landscape.optimizers.rule import Rule
from landscape.pictures.heading_words import LONGEST, one_line, run_words, surface_words
from landscape.values import short

if TYPE_CHECKING:
    from landscape.optimizers.lookup import Optimizer
    from landscape.pictures.basins import Basins

__all__ = [
    "SIGNS",
    "AxisWords",
    "axis_words",
    "caption_of",
    "counter_of",
    "place_words",
    "rule_words",
    "title_words",
]

SIGNS = {"saddle": ("×", "x"), "maximum": ("▲", "^")}
"""What stands for saddles and maxima, in a legend and as Matplotlib's marker."""

_SMALL = 5e-3  # of a number, beneath which a region's numbers differ in late digits alone


def place_words(ready: Basins, label: int) -> tuple[str, str, str]:
    """Return what a legend says of a label: its sign on the maps, "" if it has none; where it is.

    The third is what is said where the second has no room. A place that moves from frame to frame
    has no coordinates.
    """
    places = ready.places
    around = circled_by(label)
    if label < 0 and around is None:
        return "", places.name(label), places.name(label)
    at_place = label if around is None else around
    point, kind = places.points[at_place], places.kinds[at_place]
    sides = ready.surface.bounds
    spot = [_place(one, side) for one, side in zip((point.x, point.y), sides, strict=True)]
    at = "" if ready.moving else f"({', '.join(spot)})"
    if around is not None:
        return places.letters[around], "circling", "circling"
    if kind == "floor":
        return places.letters[label], f"line at {at}" if at else "line", ""
    if kind == "minimum":
        return places.letters[label], at, ""
    return SIGNS[kind][0], f"{kind} {at}".strip(), kind


def _place(value: float, side: tuple[float, float]) -> str:
    """Return a coordinate as exactly as it is seen: to about a thousandth of the domain."""
    digits = 3 - math.floor(math.log10(side[1] - side[0]) + 0.5)
    value = round(value, digits) + 0.0
    said = f"{value:.{max(0, digits)}f}" if abs(digits) < 6 else f"{value:.3g}"
    if "." in said and "e" not in said:
        said = said.rstrip("0").rstrip(".")
    return said.replace("-", "\N{MINUS SIGN}")


def rule_words(rule: Optimizer, swept: str = "") -> str:
    """Return a rule with its settings: "Momentum lr 0.01, mu 0.9", without what is `swept`."""
    label = rule.label or rule.name
    entry = {**RULES, **SOLVERS}.get(rule.name)
    if entry is not None and rule.form and rule.form != next(iter(entry.forms)):
        label += f" ({rule.form})"
    parts = []
    if isinstance(rule, Rule):
        if rule.learning_rate is not None and rule.reads_rate and swept != "lr":
            parts.append(f"lr {rule.learning_rate:g}")
        parts += [
            f"{plain_name(key)} {value:g}"
            for key, value in rule.hyperparameters.items()
            if key != swept and key not in ("eps", "epsilon")
        ]
    return f"{label} {', '.join(parts)}".strip()


def title_words(ready: Basins) -> str:
    """Return the heading."""
    if ready.recipe.title is not None:
        return one_line(ready.recipe.title)
    name = surface_words(ready.surface, longest=LONGEST)
    return f"{name}: where every start ends" if name else "Where every start ends"


def caption_of(ready: Basins) -> str:
    """Return the line beneath the heading."""
    recipe = ready.recipe
    if recipe.caption is not None:
        return one_line(recipe.caption)
    swept = next(iter(ready.values[0]), "")
    parts = []
    if len(ready.panels) == 1:
        parts.append(rule_words(ready.panels[0].rule, swept))
    parts += [*run_words(recipe), f"{recipe.steps} steps"]
    if recipe.zoom > 1 and recipe.kind == "still" and recipe.at is not None:
        parts.append(f"{recipe.zoom:.6g} times nearer at {', '.join(map(short, recipe.at))}")
    if recipe.kind == "still" and swept:
        parts.append(f"{plain_name(swept)} {ready.values[-1][swept]:g}")
    parts.append(f"the darker, the later gradient and movement stayed below {recipe.tolerance:g}")
    return "; ".join(parts)


def counter_of(ready: Basins, frame: int) -> str:
    """Return what the heading's right end says of a frame."""
    if ready.recipe.kind == "still":
        return ""
    for key, value in ready.values[frame].items():
        return f"{plain_name(key)} = {value:#.3g}"
    zoom = ready.zooms[frame]
    if zoom < 1e4:
        return f"× {zoom:.3g}" if zoom < 100 else f"× {zoom:.0f}"
    return f"× {zoom:.1e}".replace("e+0", "e").replace("e+", "e")


@dataclass(frozen=True)
class AxisWords:
    """The numbers at an axis: places (value - `origin`)/`unit`, which `label` tells if they are."""

    origin: float
    unit: float
    label: str


def axis_words(low: float, high: float, name: str) -> AxisWords:
    """Return how the numbers at an axis count: from 0, or in a small region from its middle."""
    width = high - low
    if width > _SMALL * max(abs(low), abs(high)):
        power = math.floor(math.log10(width))
        if -3 <= power <= 4:
            return AxisWords(0.0, 1.0, "")
        return AxisWords(0.0, 10.0**power, f"{name} in {_power(power)}")
    power = math.floor(math.log10(width / 2))
    origin = round(0.5 * (low + high), 1 - power)
    said = f"{abs(origin):.{1 - power}f}" if 0 < 1 - power <= 17 else repr(abs(origin))
    said = said.rstrip("0").rstrip(".") if "." in said and "e" not in said else said
    sign = "\N{MINUS SIGN}" if origin >= 0 else "+"
    return AxisWords(origin, 10.0**power, f"{name} {sign} {said} in {_power(power)}")


def _power(power: int) -> str:
    return "10" + str(power).translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))
