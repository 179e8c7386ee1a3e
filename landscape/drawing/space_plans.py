"""Which of several arrangements shows surfaces in three dimensions largest, and where they stand.

What a camera sees of a box has a shape of its own, and letters around it: only with both is known
whether the width of a place or its height is what limits the drawing.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeVar

from landscape.drawing.boxes import Box, Layout, Page, fitted, true_size

if TYPE_CHECKING:
    from landscape.drawing.camera import Camera

__all__ = [
    "USUAL",
    "Shape",
    "best_pair",
    "drawn_scale",
    "largest",
    "needed",
    "pair",
    "shape_of",
]

Plan = TypeVar("Plan")

# What perspective adds to a box's picture.
_NEARER = 1.08
# The gap between contours and a box beside them or beneath, with the contours' numbers in the
# second; what numbers beneath axes take, which a box that brings its own does not need.
_GAP, _BELOW, _BENEATH = 30.0, 46.0, 32.0
# Contours of another shape than this, width / height, would be a strip.
_SHAPES = (0.75, 1.4)
# The shares of width or height tried for the contours, in hundredths.
_SHARES = range(32, 61, 2)


@dataclass(frozen=True, slots=True)
class Shape:
    """What is seen of a box: width and height for a floor whose longer side is 1.

    Attributes: those, and `letters`, the room of numbers and names beside and beneath it in slide
    pixels.
    """

    width: float
    height: float
    letters: tuple[float, float] = (84.0, 66.0)


USUAL = Shape(1.48, 1.47)
"""What the usual camera sees of a box with a square floor."""


def shape_of(sides: tuple[float, float, float], camera: Camera) -> Shape:
    """Return what a camera sees of a box at most while it moves.

    Parameters: `sides` are the box's lengths along x, y and height.
    """
    across, along, tall = sides
    up = math.radians(camera.elevation)
    widths, heights = [], []
    for azimuth in camera.azimuths():
        turned = math.radians(azimuth)
        sine, cosine = abs(math.sin(turned)), abs(math.cos(turned))
        widths.append(across * sine + along * cosine)
        deep = across * cosine + along * sine
        heights.append(tall * abs(math.cos(up)) + deep * abs(math.sin(up)))
    return Shape(_NEARER * max(widths), _NEARER * max(heights))


def drawn_scale(box: Box, shape: Shape, unit: float) -> float:
    """Return how many pixels long the floor's longer side is about, of a crate that fills a box."""
    across, up = (room * unit for room in shape.letters)
    return max(0.0, min((box[2] - across) / shape.width, (box[3] - up) / shape.height))


def needed(scale: float, shape: Shape, unit: float) -> tuple[float, float]:
    """Return the width and height that a crate of a `drawn_scale` takes with its letters."""
    across, up = (room * unit for room in shape.letters)
    return across + scale * shape.width, up + scale * shape.height


def largest(plans: Sequence[Plan], size: Callable[[Plan], float], worth: float) -> Plan:
    """Return the first plan, or the largest if that is more than `worth` times as large."""
    best = max(plans, key=size)
    return best if size(best) > worth * size(plans[0]) else plans[0]


# -- contours and a surface in three dimensions ----------------------------------------------------


def best_pair(page: Page, plans: Sequence[Layout], shape: Shape, worth: float) -> Layout:
    """Return the plan with the largest contours and box, beside or beneath each other.

    Parameters: `plans` of one panel, whose axes are the room for both; the first is the usual one.
    """
    aspect = page.aspects[0] if page.alike else None

    def paired(plan: Layout) -> tuple[float, Layout]:
        (panel,) = plan.panels
        size, flat, space = pair(panel.axes, aspect, shape, page.unit, page.labels)
        put = replace(panel, axes=flat, space=space)
        return size, replace(plan, panels=(put,), equal=page.alike)

    return largest([paired(plan) for plan in plans], lambda found: found[0], worth)[1]


def pair(
    box: Box,
    aspect: float | None,
    shape: Shape,
    unit: float,
    labels: float,
    below: float = _BELOW,
    least: float = 0.0,
) -> tuple[float, Box, Box]:
    """Return how large both are, and the boxes of contours and of a surface in three dimensions.

    They stand beside each other or beneath, whichever makes them larger, in the middle of the box.

    Parameters: `box` in pixels with room for the contours' numbers outside it at the left and
    beneath; `aspect` is width / height of contours of one scale; `labels` are the pixels at
    the left that are free beneath the contours; `below` is the room of the contours' numbers and
    name above a box, in slide pixels; `least` is the height in pixels that the contours have
    where that can be.
    """
    found = []
    for hundredths in _SHARES:
        share = hundredths / 100
        both = (
            _beside(box, share, aspect, shape, unit),
            _beneath(box, share, aspect, labels, below * unit, unit),
        )
        for flat, space in both:
            seen = math.sqrt(true_size(flat, aspect or 1.0)), drawn_scale(space, shape, unit)
            found.append((math.sqrt(seen[0] * seen[1]), flat, space))
    high = [one for one in found if one[1][3] >= least]
    return max(high or found, key=lambda one: one[0])


def _beside(
    box: Box, share: float, aspect: float | None, shape: Shape, unit: float
) -> tuple[Box, Box]:
    left, bottom, width, height = box
    gap, low = _GAP * unit, _BENEATH * unit
    wide, tall = _contours((left, bottom, share * (width - gap), height), aspect)
    rest, up = width - gap - wide, height + low
    # What neither needs is margin at both sides.
    used, _ = needed(drawn_scale((0.0, 0.0, rest, up), shape, unit), shape, unit)
    spare = max(0.0, rest - used - gap) / 2
    flat = (left + spare, bottom + (height - tall) / 2, wide, tall)
    return flat, (left + spare + wide + gap, bottom - low, rest - 2 * spare, up)


def _beneath(
    box: Box, share: float, aspect: float | None, labels: float, gap: float, unit: float
) -> tuple[Box, Box]:
    left, bottom, width, height = box
    low = _BENEATH * unit
    wide, tall = _contours((left, bottom, width, share * (height - gap)), aspect)
    flat = (left + (width - wide) / 2, bottom + height - tall, wide, tall)
    return flat, (left - labels, bottom - low, width + labels, height - tall - gap + low)


def _contours(box: Box, aspect: float | None) -> tuple[float, float]:
    """Return the width and height of contours in a box: of one scale, or of any good shape."""
    low, high = (aspect, aspect) if aspect is not None else _SHAPES
    return fitted(box, min(max(box[2] / box[3], low), high)) if box[3] > 0 else (0.0, 0.0)
