"""Where a surface in three dimensions stands: in place of the contours, or at their right."""

from __future__ import annotations

from dataclasses import replace

from landscape.drawing.boxes import Box, Layout, Page, PanelPlan, fitted

__all__ = ["with_spaces"]

# In slide pixels: what numbers at the axes take beneath and at the left of contours, which a box
# that brings its own does not need; the gap between the two; the margin of the page.
_BENEATH, _GAP, _MARGIN = 32.0, 30.0, 14.0
# The share of the width, or of the height, that the contours have.
_SHARE = 0.44


def with_spaces(page: Page, plan: Layout, view: str) -> Layout:
    """Return a plan with boxes for surfaces in three dimensions.

    Parameters: `view` is "contour" for none, "3d" for such boxes alone or "both".
    """
    if view == "contour":
        return plan
    if view == "3d":
        panels = tuple(_alone(panel, page, len(plan.panels) == 1) for panel in plan.panels)
        return replace(plan, panels=panels, equal=False)
    (panel,) = plan.panels
    return _halves(page, plan, panel)


def _alone(panel: PanelPlan, page: Page, single: bool) -> PanelPlan:
    left, bottom, width, height = panel.axes
    low = _BENEATH * page.unit
    # One surface may use the page's left margin; of several each keeps to its own column.
    edge = _MARGIN * page.unit if single else left - 0.6 * page.labels
    box = (edge, bottom - low, width + left - edge, height + low)
    return replace(panel, space=box)


def _halves(page: Page, plan: Layout, panel: PanelPlan) -> Layout:
    """Return a plan with contours at the left, or above on a page that is higher than wide."""
    left, bottom, width, height = panel.axes
    unit, low = page.unit, _BENEATH * page.unit
    stacked = height > width
    flat: Box = (left, bottom, _SHARE * (width - _GAP * unit), height)
    if stacked:
        tall = _SHARE * (height - _GAP * unit)
        flat = (left, bottom + height - tall, width, tall)
    # Beside a box that is as wide as high, one scale costs little.
    if page.alike:
        across, up = flat[2], flat[3]
        wide, tall = fitted(flat, page.aspects[0])
        flat = (flat[0], flat[1] + (up - tall) / 2, wide, tall)
        if stacked:
            flat = (left + (across - wide) / 2, bottom + height - tall, wide, tall)
    edge = _MARGIN * unit if stacked else flat[0] + flat[2] + _GAP * unit
    top = flat[1] - low - 0.5 * _GAP * unit if stacked else bottom + height
    space = (edge, bottom - low, page.size[0] - _MARGIN * unit - edge, top - bottom + low)
    return replace(plan, panels=(replace(panel, axes=flat, space=space),), equal=page.alike)
