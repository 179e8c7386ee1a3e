"""Where a surface in three dimensions stands in place of its contours."""

from __future__ import annotations

from dataclasses import replace

from landscape.drawing.boxes import Layout, Page

__all__ = ["with_space"]

# In slide pixels: what numbers at the axes take beneath contours, which a box that brings its own
# does not need, and the margin of the page, which it may use.
_BENEATH, _MARGIN = 32.0, 14.0


def with_space(page: Page, plan: Layout) -> Layout:
    """Return a plan of one panel with a box for a surface in three dimensions."""
    (panel,) = plan.panels
    left, bottom, width, height = panel.axes
    low, edge = _BENEATH * page.unit, _MARGIN * page.unit
    box = (edge, bottom - low, width + left - edge, height + low)
    return replace(plan, panels=(replace(panel, space=box),), equal=False)
