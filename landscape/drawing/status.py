"""What the legend says of a path at a step: its loss, or that it is gone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from landscape.drawing.text import format_loss

if TYPE_CHECKING:
    from landscape.descent import Trajectory

__all__ = ["GONE", "longest_statuses", "status_text"]

# What is said of a path that could not go on, by its outcome.
GONE = {"diverged": "diverged", "undefined": "no value"}


def status_text(trajectory: Trajectory, step: int) -> str:
    """Return the loss at `step`, or since when the path has left, diverged or had no value."""
    ending = trajectory.ending
    if ending.outcome in GONE and step >= ending.step:
        return f"{GONE[ending.outcome]} at {ending.step}"
    k = min(step, len(trajectory) - 1)
    (x0, x1), (y0, y1) = trajectory.surface.bounds
    x, y = trajectory.points[k]
    if not (x0 <= x <= x1 and y0 <= y <= y1):
        left = [exit_ for exit_ in trajectory.exits if exit_ <= k]
        return f"left at {left[-1]}" if left else "outside"
    return format_loss(float(trajectory.losses[k]))


def longest_statuses(trajectory: Trajectory) -> list[str]:
    """Return texts of which one is at least as wide as whatever `status_text` gives."""
    texts = ["\N{MINUS SIGN}0.00000", "\N{MINUS SIGN}0.0e\N{MINUS SIGN}00"]
    if trajectory.exits:
        texts.append(f"left at {trajectory.exits[-1]}")
    ending = trajectory.ending
    if ending.outcome in GONE:
        texts.append(f"{GONE[ending.outcome]} at {ending.step}")
    return texts
