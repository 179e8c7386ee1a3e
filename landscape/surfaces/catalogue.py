"""The named surfaces: facts only. Critical points are recomputed and compared by the tests."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

__all__ = ["SURFACES", "SurfaceEntry"]

Point = tuple[float, float, float, str]  # x, y, value, kind


@dataclass(frozen=True)
class SurfaceEntry:
    """One surface of the catalogue.

    Attributes: `phenomenon` (a word or two), `formula`, `bounds` (x0, x1, y0, y1), `start`,
    `points` as (x, y, value, kind) at the parameters' defaults, `teaches` in one line, `source`,
    `parameters` with their defaults, `scale` of the contour levels.
    """

    phenomenon: str
    formula: str
    bounds: tuple[float, float, float, float]
    start: tuple[float, float]
    points: tuple[Point, ...]
    teaches: str
    source: str
    parameters: Mapping[str, float] = field(default_factory=dict)
    scale: Literal["auto", "log", "linear"] = "auto"


def _square(half: float) -> tuple[float, float, float, float]:
    return (-half, half, -half, half)


SURFACES: dict[str, SurfaceEntry] = {
    "ravine": SurfaceEntry(
        "ravine",
        "a = rotation*pi/180; u = cos(a)*x + sin(a)*y; v = cos(a)*y - sin(a)*x; "
        "1/2*(u**2 + kappa*v**2)",
        _square(5),
        (-4, 1.5),
        ((0, 0, 0, "minimum"),),
        "Steep walls and a flat floor: gradient descent zig-zags, momentum damps it.",
        "quadratic form with condition number kappa, turned by rotation degrees",
        {"kappa": 20, "rotation": 0},
    ),
    "beale": SurfaceEntry(
        "bent valley",
        "(1.5 - x + x*y)**2 + (2.25 - x + x*y**2)**2 + (2.625 - x + x*y**3)**2",
        _square(4.5),
        (1, 1.6),
        (
            (3, 0.5, 0, "minimum"),
            (0, 1, 14.203125, "saddle"),
            (0.1005, -2.6445, 9.86, "saddle"),
        ),
        "A flat bent valley between walls that rise by powers: one learning rate fits nowhere.",
        "Beale 1958; the surface of the cs231n animation",
    ),
}
