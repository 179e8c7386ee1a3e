"""The parts of a layout: boxes in pixels, and axes of one scale within them."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

__all__ = [
    "Box",
    "Layout",
    "Page",
    "PanelPlan",
    "Point",
    "fitted",
    "moved",
    "stack",
    "true_size",
    "with_strips",
]

Box = tuple[float, float, float, float]  # left, bottom, width, height
Point = tuple[float, float]

# What share of the height one, two or three strips take beneath the contours, and at most.
_SHARES = (0.0, 0.27, 0.42, 0.52)
_MOST = 0.5
# The least height of a strip in slide pixels, if that share allows it.
_LOWEST = 40.0
# Sides of a domain that differ by more have units of their own: one scale would make a thread.
_WIDEST = 3.5


@dataclass(frozen=True, slots=True)
class PanelPlan:
    """The plan of one surface and its curves.

    Attributes: `axes`; `strips`, the boxes of the curves, uppermost first; `title` (left edge,
    middle height) and `legend` where a picture has several panels, else None; `space`, the box of
    the surface in three dimensions with all its letters.
    """

    axes: Box
    strips: tuple[Box, ...] = ()
    title: Point | None = None
    legend: Box | None = None
    space: Box | None = None


@dataclass(frozen=True, slots=True)
class Layout:
    """The plan of a picture.

    Attributes: `size` in pixels; `unit`, the size of a pixel of the 1280×720 slide here; `panels`;
    `legend` and `key` (the colour key; None if there is no room); `columns` of legend entries and
    the height `row` of each; `title` is the left edge and middle height of the heading; `beside`
    tells whether the legend stands at the right of the axes, and `flat` whether the key is one line
    beneath them; `zoom` is the size of a legend's letters that stands there, 1 as usual; `equal`
    tells whether both axes have one scale.
    """

    size: tuple[int, int]
    unit: float
    panels: tuple[PanelPlan, ...]
    legend: Box | None
    key: Box | None
    columns: int
    row: float
    title: Point | None
    beside: bool = False
    flat: bool = True
    zoom: float = 1.0
    equal: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """The page without its margins: what all plans begin with.

    Attributes: `size` and `unit` as of a Layout; `box` within the margins; `title`; `aspects`,
    width / height of each panel's domain; `least`, the share of the area that axes of one scale
    must keep; `labels`, the room of the numbers at a y axis.
    """

    size: tuple[int, int]
    unit: float
    box: Box
    title: Point | None
    aspects: tuple[float, ...] = field(default=())
    least: float = 1.0
    labels: float = 0.0

    @property
    def tall(self) -> bool:
        """Whether a legend belongs beneath the axes."""
        width, height = self.size
        return width < 1.25 * height or width < 560

    @property
    def alike(self) -> bool:
        """Whether one scale can be thought of: all domains are as wide as high, within reason."""
        return bool(self.aspects) and all(
            1 / _WIDEST <= aspect <= _WIDEST for aspect in self.aspects
        )

    def equal(self, *boxes: Box) -> bool:
        """Return whether axes of one scale keep enough of every box."""
        if not self.alike:
            return False
        pairs = zip(boxes, self.aspects, strict=True)
        return all(
            _area(fitted(box, aspect)) >= self.least * box[2] * box[3] for box, aspect in pairs
        )


def _area(sides: tuple[float, float]) -> float:
    return sides[0] * sides[1]


def fitted(box: Box, aspect: float) -> tuple[float, float]:
    """Return the width and the height of the largest axes of one scale in a box."""
    _, _, width, height = box
    return min(width, height * aspect), min(height, width / aspect)


def true_size(box: Box, aspect: float) -> float:
    """Return the area of the largest axes of one scale in a box, 0 where there is no room."""
    width, height = fitted(box, min(max(aspect, 0.5), 2.0))
    return max(width, 0.0) * max(height, 0.0)


def with_strips(box: Box, strips: int, unit: float, aspect: float | None = None) -> PanelPlan:
    """Return the plan of a box that axes share with strips beneath them.

    With an `aspect` the axes are of one scale, at the left of the box and at its top, and the
    strips as wide as they; what the axes leave is the strips'.
    """
    left, bottom, width, height = box
    gap = 62 * unit  # the axes' tick labels and the first strip's name
    low = gap - 30 * unit + strips * (30 + _LOWEST) * unit
    taken = max(_SHARES[strips] * height, min(low, _MOST * height)) if strips else 0.0
    top = bottom + height
    if aspect is not None:
        width, tall = fitted((left, bottom, width, height - taken), aspect)
        taken = min(height - tall, max(taken, _MOST * height)) if strips else height - tall
        axes = (left, top - tall, width, tall)
    else:
        axes = (left, bottom + taken, width, height - taken)
    if not strips:
        return PanelPlan(axes)
    foot = axes[1] - taken
    return PanelPlan(axes, stack((left, foot, width, taken - gap + 30 * unit), strips, 30 * unit))


def moved(plan: PanelPlan, across: float, up: float) -> PanelPlan:
    """Return a plan with its axes and strips elsewhere."""

    def move(box: Box) -> Box:
        return (box[0] + across, box[1] + up, box[2], box[3])

    return replace(plan, axes=move(plan.axes), strips=tuple(map(move, plan.strips)))


def stack(box: Box, count: int, gap: float) -> tuple[Box, ...]:
    """Return boxes above each other, uppermost first, each with `gap` above it."""
    left, bottom, width, height = box
    each = height / count
    return tuple((left, bottom + (count - 1 - k) * each, width, each - gap) for k in range(count))
