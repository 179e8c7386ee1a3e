"""Training paths on a plane: where they lie, how far off it, and what the plane makes of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from landscape.errors import LandscapeError
from landscape.planes.cells import cells
from landscape.planes.geometry import Geometry, box_around
from landscape.planes.pca import Principal, principal_components, snapshots_of
from landscape.planes.plane import NetworkPlane
from landscape.threads import one_blas_thread

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from landscape.networks.datasets import Dataset
    from landscape.networks.network import Network

    Array = NDArray[Any]

__all__ = ["ProjectedPath", "joint_plane", "lost_runs", "project_path"]

_RISEN = 10.0  # times its first loss: a run that ends above that found nothing
_FAR = 100.0  # times as far as all others: a run that ends there, and higher than it began


@dataclass(frozen=True, eq=False)
class ProjectedPath:
    """A training path as a plane shows it, and what it hides.

    Attributes, of T snapshots:
      coordinates  (T, 2) of the nearest points of the plane, by least squares
      off_plane    (T,) the distance from the plane, in units of the parameters
      loss         (T,) the true loss, at the true parameters
      plane_loss   (T,) the plane's loss at the coordinates: what the picture's contours say
      steps        (T,) the training step of each snapshot
      reach        the largest distance of the path from its start; of a run that blew up, before it
                   did, so that the distances until then do not vanish beside it
      hidden       the share of the squared distances from the plane's origin that lie off the plane
      label        of the run
    """

    coordinates: Array
    off_plane: Array
    loss: Array
    plane_loss: Array
    steps: Array
    reach: float
    hidden: float
    label: str = ""

    @property
    def relative(self) -> Array:
        """The distance from the plane as a share of the path's reach: (T,).

        Not of its arc length, which grows with every step of noise and would flatter the plane.
        """
        return self.off_plane / self.reach if self.reach else np.zeros_like(self.off_plane)


def project_path(run: Any, plane: NetworkPlane, *, label: str | None = None) -> ProjectedPath:
    """Return a training path as the plane shows it.

    Parameters: `run` is an object with `snapshots` (T, P), or the array itself; `label` defaults to
    the run's. The losses are those of the plane's metric, train or test; of a plane of accuracies
    they are the losses of the same part.

    Raises LandscapeError for parameters of another network, or that are not finite in a path that
    is not that of a run which diverged.
    """
    snapshots = snapshots_of(run)
    finite = np.array([np.isfinite(theta).all() for theta in snapshots])
    if not finite.all() and getattr(run, "ending", "") != "diverged":
        raise LandscapeError(
            f"the path is not finite from snapshot {int(np.argmin(finite))} on: leave out what "
            "comes from there on"
        )
    geometry = plane.geometry
    coordinates, off_plane = geometry.project(snapshots)
    network, rows, targets = plane.network, *plane.part
    with one_blas_thread():
        loss = np.array([network.value(theta, rows, targets) for theta in snapshots])
    origin, directions = geometry.origin, geometry.directions
    plane_loss, _ = cells(network, rows, targets, origin, directions, coordinates)
    from_origin = off = 0.0
    for theta, distance in zip(snapshots, off_plane, strict=True):
        if np.isfinite(distance):
            from_origin += float(((theta - origin) ** 2).sum())
            off += float(distance) ** 2
    return ProjectedPath(
        coordinates,
        off_plane,
        loss,
        plane_loss,
        np.asarray(getattr(run, "snapshot_steps", range(len(snapshots)))),
        _reach(snapshots[: _steady(loss)]),
        off / from_origin if from_origin else 0.0,
        str(getattr(run, "label", "")) if label is None else label,
    )


def joint_plane(
    network: Network,
    data: Dataset,
    runs: Sequence[Any],
    *,
    geometry: Geometry | None = None,
    centre: str = "final",
    margin: float = 0.2,
    **choices: Any,
) -> tuple[NetworkPlane, tuple[ProjectedPath, ...], Principal | None]:
    """Return one plane for several runs, their paths on it, and the principal components.

    Parameters: `runs` are runs of the network on the data, or arrays of snapshots (T, P);
    `geometry` is the plane, by default that of the first two principal components of all runs
    about `centre` (then the third result is None); `margin` is the room around the paths as a
    share of their extent; `choices` go to `NetworkPlane`. The plane's start is that of the first
    run. `lost_runs` are projected like the others, but neither components nor bounds follow them to
    where they went.

    Raises LandscapeError as `principal_components` and `NetworkPlane` do, and if all diverged.
    """
    steady = [run for run, lost in zip(runs, lost_runs(runs), strict=True) if not lost]
    if not steady:
        raise LandscapeError(
            "a joint plane needs a run that did not diverge: lower the learning rate of one"
        )
    principal = None
    if geometry is None:
        principal = principal_components(steady, centre=centre)
        geometry = principal.geometry()
    places = [geometry.coordinates(snapshots_of(run)) for run in steady]
    plane = NetworkPlane(
        network,
        data.X,
        data.y,
        geometry,
        **{
            "bounds": box_around(np.concatenate(places), margin),
            "test": (data.X_test, data.y_test),
            "start": (float(places[0][0, 0]), float(places[0][0, 1])),
            **choices,
        },
    )
    return plane, tuple(project_path(run, plane) for run in runs), principal


def lost_runs(runs: Sequence[Any]) -> list[bool]:
    """Return which of several runs went where a plane must not follow them.

    Those are the runs that diverged; those whose loss ended at more than ten times the first; and
    those that ended above their first loss and a hundred times as far from their start as any
    other. Where no others are left the last two kinds are kept, for then there is nothing that they
    hide. Parameters: `runs` as `joint_plane` has them; an array of snapshots, which has no losses,
    is never lost.
    """
    diverged = [getattr(run, "ending", "") == "diverged" for run in runs]
    rises = [0.0 if gone else _rise(run) for run, gone in zip(runs, diverged, strict=True)]
    reaches = [
        0.0 if gone else _reach(snapshots_of(run)) for run, gone in zip(runs, diverged, strict=True)
    ]
    lost = list(diverged)
    for k, (rise, reach) in enumerate(zip(rises, reaches, strict=True)):
        others = max((one for j, one in enumerate(reaches) if j != k), default=0.0)
        away = 0 < _FAR * others < reach
        lost[k] = diverged[k] or rise > _RISEN or (rise > 1 and away)
    return diverged if all(lost) else lost


def _rise(run: Any) -> float:
    """Return the last loss over the first, 0 for what has no losses."""
    losses = np.asarray(getattr(run, "train_loss", ()), np.float64)
    if not losses.size or losses[-1] <= losses[0]:
        return 0.0
    return float(losses[-1] / losses[0]) if losses[0] > 0 else np.inf


def _reach(snapshots: Array) -> float:
    """Return the largest distance from the first snapshot."""
    first = np.asarray(snapshots[0], np.float64)
    away = (float(np.linalg.norm(theta - first)) for theta in snapshots)
    return max((one for one in away if np.isfinite(one)), default=0.0)


def _steady(loss: Array) -> int:
    """Return how many snapshots come before a run blew up for good: all, if it did not."""
    fine = loss <= _RISEN * loss[0]  # not so where the loss is not finite
    count = int(np.argmin(fine)) if not fine[-1] else len(loss)
    return count if count > 1 else len(loss)  # a path that blew up at once has no other reach
