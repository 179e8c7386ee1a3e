"""Planes kept in files: computed into one, and back from it as a surface with its grid."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from landscape.errors import LandscapeError
from landscape.files import AnyPath, shown
from landscape.planes.compute import compute_plane
from landscape.planes.geometry import Geometry
from landscape.planes.plane import METRICS, NetworkPlane, PlaneGrid
from landscape.planes.store import PlaneFile, load_plane, new_plane
from landscape.specs import split_spec
from landscape.surfaces.data.carried import DIGEST
from landscape.surfaces.data.csv_table import find_file

if TYPE_CHECKING:
    from collections.abc import Mapping

    from landscape.networks.datasets import Dataset
    from landscape.planes.curvature_map import CurvatureMap

__all__ = ["compute_into", "plane_surface", "saved_plane"]


def compute_into(
    plane: NetworkPlane,
    data: Dataset,
    path: AnyPath,
    *,
    curvature: CurvatureMap | None = None,
    recipe: str = "",
    progress: Callable[[int, int], None] | None = None,
) -> PlaneFile:
    """Compute the grid of a plane into an NPZ file, from which it can be drawn again.

    A call that was killed goes on where it stopped; a file that is finished is not computed again.

    Parameters: `data` are those of the plane; `curvature` is a map without cells (`no_curvature`)
    that is computed after the losses; `recipe` is kept as it is; `progress` is called with (cells
    done, cells in all) of both.

    Returns what the file holds. Raises LandscapeError if the file cannot be written, or a journal
    of other work is beside it.
    """
    xs, ys = plane.grid_lines()
    geometry = plane.geometry
    texts = {
        "recipe": recipe,
        "dataset": data.spec,
        "table": data.table,
        "labels": json.dumps(geometry.labels),
        "geometry": geometry.spec,
        "start": json.dumps(plane.start),
    }
    held_out = bool(len(data.X_test))
    grid = new_plane(
        plane.network,
        geometry.origin,
        geometry.directions,
        xs,
        ys,
        test=held_out,
        curvature=curvature,
        texts=texts,
    )
    test = (data.X_test, data.y_test) if held_out else None
    found = compute_plane(grid, data.X, data.y, test=test, path=path, progress=progress)
    _remember(plane, found)
    return found


def saved_plane(
    path: AnyPath, metric: str = "loss", *, table: str = "", folder: AnyPath | None = None
) -> NetworkPlane:
    """Return the plane of an NPZ file as a surface; its grid is not computed again.

    Parameters: `metric` is one of METRICS; `table` is the SHA-256 by which a recipe knows the plane
    again; `folder` is where a relative path is looked up first.

    Raises LandscapeError if the file holds no plane, an unfinished one or another than the
    recipe's, or its data are gone.
    """
    from landscape.networks.datasets import dataset

    place = find_file(os.fspath(path), folder)
    found = load_plane(place)
    kept = f"{DIGEST}{found.identity}"
    if table and table != kept:
        raise LandscapeError(
            f"{shown(path)} holds another plane than when the picture was made: bring the old file "
            "back, or take the line 'table' out of the recipe for a picture of the new one"
        )
    if len(found.directions) != 2:
        raise LandscapeError(f"{shown(path)} holds a line: a surface needs a plane")
    if not found.complete:
        done, total = found.count()
        raise LandscapeError(
            f"{shown(path)} is not finished ({done} of {total} cells): run its command once more"
        )
    if not found.texts.get("dataset"):
        raise LandscapeError(f"{shown(path)} does not name its data set: take the Python functions")
    try:
        data = dataset(
            found.texts["dataset"],
            found.network.dtype,
            table=found.texts.get("table", ""),
            folder=place.parent,
        )
    except LandscapeError as problem:
        said = str(problem).partition("; ")[0].replace("the picture was made", "it was computed")
        raise LandscapeError(
            f"the data of {shown(path)} cannot be had: {said}; bring the old file back, or compute "
            "the plane again"
        ) from None
    first, second = json.loads(found.texts.get("labels", '["a", "b"]'))
    start = json.loads(found.texts.get("start", "null"))
    plane = NetworkPlane(
        found.network,
        data.X,
        data.y,
        Geometry(
            found.origin,
            found.directions[0],
            found.directions[1],
            (first, second),
            found.texts.get("geometry", ""),
        ),
        bounds=((found.xs[0], found.xs[-1]), (found.ys[0], found.ys[-1])),
        test=(data.X_test, data.y_test),
        metric=metric,
        resolution=(found.xs.size, found.ys.size),
        start=None if start is None else (float(start[0]), float(start[1])),
        spec=f"plane:{path}" + ("" if metric == "loss" else f",metric={metric}"),
    )
    plane.kept, plane.folder = kept, os.fspath(folder or "")
    _remember(plane, found)
    return plane


def plane_surface(
    spec: str,
    parameters: Mapping[str, Any],
    *,
    table: str = "",
    folder: AnyPath | None = None,
) -> NetworkPlane:
    """Return the surface of a text such as "plane:mine.npz,metric=accuracy".

    Parameters: `parameters` win over the text's; `table` and `folder` as for `saved_plane`.

    Raises LandscapeError as `saved_plane` does, and for other options.
    """
    _, _, rest = spec.strip().partition(":")
    path, _, told = rest.partition(",")
    options = split_spec(f"plane:{told}")[1] if told else {}
    options.update({key: str(value) for key, value in parameters.items()})
    metric = options.pop("metric", "loss")
    if options or not path.strip():
        raise LandscapeError(
            "a saved plane is written plane:FILE.npz or plane:FILE.npz,metric=accuracy "
            f"(of {', '.join(METRICS)}): {spec!r} came"
        )
    return saved_plane(path.strip(), metric, table=table, folder=folder or None)


def _remember(plane: NetworkPlane, found: PlaneFile) -> None:
    for name, part in found.parts.items():
        if np.asarray(part.done).all():
            plane.remember(PlaneGrid(found.xs, found.ys, part.loss, part.accuracy), part=name)
