"""From where most of what matters on a surface is seen, where nobody has said from where."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Protocol

from landscape.relief.lift import lift
from landscape.relief.look import Look
from landscape.relief.rendering import hidden, render
from landscape.relief.view import view_of

if TYPE_CHECKING:
    from mpl_toolkits.mplot3d import Axes3D
    from numpy.typing import NDArray

    from landscape.relief.field import Relief

    Array = NDArray[Any]

__all__ = ["AZIMUTH", "ELEVATION", "Walk", "choose_viewpoint"]

# The usual view, in degrees, and the others that are tried.
ELEVATION, AZIMUTH = 35.0, -60.0
_ELEVATIONS = (35.0, 50.0)
# None looks along an axis: a box seen from there has no depth.
_AZIMUTHS = (-60.0, -30.0, 30.0, 60.0, 120.0, 150.0, -150.0, -120.0)
# What a higher view and half a turn cost, in shares of what is seen: less of the heights shows in
# the one, and the other turns the axes' directions round.
_HIGHER, _TURNED = 0.06, 0.06
# What a known lowest minimum counts beside a path.
_MINIMUM = 0.5
# Lines of the grid, points of a path and pixels of the pictures that are enough for this.
_EVERY, _MOST, _SIDE = 3, 400, 220.0


class Walk(Protocol):
    """A path over a surface: its places (n, 2) and their losses (n,)."""

    @property
    def points(self) -> Array:
        """The places."""
        ...

    @property
    def losses(self) -> Array:
        """Their losses."""
        ...


def choose_viewpoint(
    axes: Axes3D,
    relief: Relief,
    paths: Sequence[Walk],
    minima: Sequence[tuple[float, float]],
    elevation: float | None = None,
    azimuth: float | None = None,
) -> tuple[float, float]:
    """Return the elevation and azimuth, in degrees, from which most of the paths is seen.

    Parameters: `axes` have the box's limits and proportions; `minima` are the lowest ones;
    `elevation` and `azimuth` are kept if they are given.
    """
    import numpy as np

    from landscape.drawing.trail import finite_part

    elevations = _ELEVATIONS if elevation is None else (elevation,)
    azimuths = _AZIMUTHS if azimuth is None else (azimuth,)
    if len(elevations) * len(azimuths) == 1:
        return elevations[0], azimuths[0]
    coarse = replace(
        relief,
        xs=relief.xs[::_EVERY],
        ys=relief.ys[::_EVERY],
        values=relief.values[::_EVERY, ::_EVERY],
    )
    groups: list[tuple[float, Array]] = []
    for path in paths:
        points = finite_part(path.points)
        line = lift(coarse, points, path.losses[: len(points)]).points
        line = line[np.isfinite(line[:, 2])]
        if len(line):
            groups.append((1.0, line[:: -(-len(line) // _MOST)]))
    if minima:
        x, y = np.transpose(minima)
        stars = np.column_stack([x, y, coarse.z_at(x, y)])
        stars = stars[np.isfinite(stars[:, 2])]
        if len(stars):
            groups.append((_MINIMUM * max(1, len(groups)), stars))
    if not groups:
        return elevations[0], azimuths[0]
    total = sum(weight for weight, _ in groups)
    points = np.concatenate([line for _, line in groups])
    ends = np.cumsum([len(line) for _, line in groups])[:-1]
    kept = axes.elev, axes.azim
    best, chosen = -np.inf, (elevations[0], azimuths[0])
    look = Look(colors=np.zeros((len(relief.levels) - 1, 3)), line=(0, 0, 0), line_width=0.0)
    for up in elevations:
        for round_ in azimuths:
            axes.elev, axes.azim = up, round_
            full = view_of(axes)
            view = full.scaled(_SIDE / float(axes.bbox.width))
            box = axes.bbox
            scale = _SIDE / float(box.width)
            around = 0.15 * _SIDE
            frame = (
                scale * box.x0 - around,
                scale * box.y0 - around,
                scale * box.x1 + around,
                scale * box.y1 + around,
            )
            seen = ~hidden(render(coarse, view, look, frame), view.project(points))
            shares = [
                weight * float(part.mean())
                for (weight, _), part in zip(groups, np.split(seen, ends), strict=True)
            ]
            away = abs((round_ - AZIMUTH + 180) % 360 - 180) / 180
            score = sum(shares) / total - _TURNED * away - _HIGHER * (up != elevations[0])
            if score > best + 1e-9:
                best, chosen = score, (up, round_)
    axes.elev, axes.azim = kept
    return chosen
