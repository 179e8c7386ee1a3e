"""Critical points by values alone: at kinks, and where the Hessian says nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from landscape.surfaces.surface import Bounds, Kind, Surface

__all__ = ["kind_by_values", "simplex_minimum"]


def kind_by_values(
    surface: Surface, x: float, y: float, bounds: Bounds, radii: Sequence[float] = (1e-2, 1e-3)
) -> Kind:
    """Return the kind that the values on rings around (x, y) tell; `radii` are in domains."""
    import numpy as np

    (x0, x1), (y0, y1) = bounds
    turn = np.linspace(0, 2 * np.pi, 720, endpoint=False)
    rings = np.array(radii)[:, None]
    around = surface.value(
        x + (x1 - x0) * rings * np.cos(turn), y + (y1 - y0) * rings * np.sin(turn)
    )
    here = surface.value_at(x, y)
    if (around > here).all():
        return "minimum"
    return "maximum" if (around < here).all() else "degenerate"


def simplex_minimum(
    value: Callable[[float, float], float], x: float, y: float, dx: float, dy: float
) -> tuple[float, float]:
    """Return the minimum that Nelder and Mead's simplex of size (dx, dy) shrinks to from (x, y).

    It is started anew three times, each time smaller: at kinks a simplex flattens.
    """
    for size in (1.0, 0.1, 0.01):
        corners = [(x, y), (x + size * dx, y), (x, y + size * dy)]
        ranked = sorted((value(*corner), *corner) for corner in corners)
        for _ in range(200):
            best, middle, worst = ranked
            cx, cy = (best[1] + middle[1]) / 2, (best[2] + middle[2]) / 2

            def probe(
                along: float, worst: tuple[float, ...] = worst, cx: float = cx, cy: float = cy
            ) -> tuple[float, float, float]:
                px, py = cx + along * (worst[1] - cx), cy + along * (worst[2] - cy)
                return value(px, py), px, py

            new = probe(-1.0)
            if new[0] < best[0]:
                new = min(new, probe(-2.0))
            elif new[0] >= middle[0]:
                new = min(probe(-0.5), probe(0.5))
            if new[0] < worst[0]:
                ranked = sorted([best, middle, new])
            else:
                halves = [((best[1] + c[1]) / 2, (best[2] + c[2]) / 2) for c in (middle, worst)]
                ranked = sorted([best, *((value(*half), *half) for half in halves)])
            if max(abs(ranked[2][k] - ranked[0][k]) for k in (1, 2)) < 1e-12 * max(dx, dy):
                break
        _, x, y = ranked[0]
    return x, y
