"""Grids over a plane as files: computed coarse lines first, resumed after a kill, refined.

    plane = new_plane(network, geometry.origin, geometry.directions, xs, ys, texts={...})
    plane = compute_plane(plane, X, y, path="plane.npz")    # again after a kill: goes on
    plane = load_plane("plane.npz")                         # a journal too, as far as it came
    finer = refined(plane, 2)                               # what is known is not computed again

While a grid is computed, its finished cells are in a journal beside the file; the file appears
whole at the end.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from types import MappingProxyType
from typing import IO, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from landscape.errors import LandscapeError
from landscape.files import AnyPath, atomic_output, shown
from landscape.networks.network import Network
from landscape.planes.curvature_map import CURVATURE_RECORD, CurvatureMap
from landscape.planes.journal import journal_beside, read_journal
from landscape.planes.parts import CURVATURE, PARTS, RECORD, Part, part_of

__all__ = ["PlaneFile", "coarse", "fill", "identity", "load_plane", "new_plane"]

Array = NDArray[Any]

_FORMAT = 1
_ARITHMETIC = 1  # raise it when the engine gives other bits
_OF_CURVATURE = ("xs", "ys", "smallest", "largest", "converged", "taken", "done")


@dataclass(frozen=True, eq=False)
class PlaneFile:
    """A grid over a plane, or a line, with everything needed to draw it or to go on with it.

    Attributes:
      network     the network
      origin      flat parameters (P,) where the coordinates are 0, float64
      directions  (1 or 2, P), float64
      xs, ys      the grid's lines (columns,) and (rows,); a line has ys = (0,)
      parts       "train", and "test" if there is one, each a `Part`
      curvature   extreme eigenvalues of the Hessian on lines of their own, if they are wanted
      texts       what else was worth saying: "recipe", "dataset", "geometry", seeds, …
      arithmetic  "numpy" or "numba", "" before the first cell
      identity    a hash of all that the results depend on, the data too; "" before the first cell
    """

    network: Network
    origin: Array
    directions: Array
    xs: Array
    ys: Array
    parts: Mapping[str, Part]
    curvature: CurvatureMap | None = None
    texts: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    arithmetic: str = ""
    identity: str = ""

    @property
    def loss(self) -> Array:
        """The training loss (rows, columns)."""
        return self.parts["train"].loss

    @property
    def accuracy(self) -> Array:
        """The training accuracy (rows, columns)."""
        return self.parts["train"].accuracy

    @property
    def complete(self) -> bool:
        """Whether every cell is done."""
        done, total = self.count()
        return done == total

    def count(self) -> tuple[int, int]:
        """Return how many cells are done, and how many there are: of all parts and the map."""
        masks = [part.done for part in self.parts.values()]
        masks += [] if self.curvature is None else [self.curvature.done]
        return sum(int(mask.sum()) for mask in masks), sum(mask.size for mask in masks)

    def picture(self, part: str = "train") -> tuple[Array, Array, Array, Array] | None:
        """Return (xs, ys, loss, accuracy) of the finest lines of which every cell is done.

        None if not even the coarsest are.
        """
        known = self.parts[part]
        step = 1
        while step < 2 * max(known.done.shape):
            at = np.ix_(coarse(len(self.ys), step), coarse(len(self.xs), step))
            if known.done[at].all():
                rows, columns = at[0][:, 0], at[1][0]
                return self.xs[columns], self.ys[rows], known.loss[at], known.accuracy[at]
            step *= 2
        return None

    def save(self, path: AnyPath) -> None:
        """Write the plane to an NPZ file, whole or not at all; no pickles.

        Raises LandscapeError if it cannot be written.
        """
        with atomic_output(path) as place, open(place, "wb") as file:
            np.savez_compressed(file, **_columns(self))

    def to_bytes(self) -> bytes:
        """Return what `save` writes, not compressed."""
        file = io.BytesIO()
        np.savez(file, **_columns(self))
        return file.getvalue()


def coarse(count: int, step: int) -> Array:
    """Return every `step`-th of so many lines and the last; those of 2·step are among them."""
    return np.unique(np.append(np.arange(0, count, step), count - 1))


def new_plane(
    network: Network,
    origin: ArrayLike,
    directions: ArrayLike,
    xs: ArrayLike,
    ys: ArrayLike = (0.0,),
    *,
    test: bool = False,
    curvature: CurvatureMap | None = None,
    texts: Mapping[str, str] | None = None,
) -> PlaneFile:
    """Return a grid of which no cell is computed.

    Parameters: `origin` (P,), `directions` (1 or 2, P); lines `xs` (columns,) and `ys` (rows,) in
    ascending order; `test` whether there will be test data; `curvature` a map without cells
    (`no_curvature`) if one is wanted; `texts` as in `PlaneFile`.

    Raises LandscapeError if shapes do not fit.
    """
    lines = [np.array(values, np.float64) for values in (xs, ys)]
    for values, name in zip(lines, ("xs", "ys"), strict=True):
        if values.ndim != 1 or not values.size or not np.all(np.diff(values) > 0):
            raise LandscapeError(
                f"{name} must be grid lines in ascending order: an array of shape "
                f"{values.shape} came" + ("" if values.ndim != 1 else ", not ascending")
            )
    ways = np.atleast_2d(np.array(directions, np.float64))
    if len(ways) == 1 and not np.array_equal(lines[1], [0.0]):
        raise LandscapeError("a line has one direction and ys = (0,): give two directions, or none")
    if len(ways) == 1 and curvature is not None:
        raise LandscapeError("a map of curvature needs a plane: one direction came, give two")
    parts = {name: Part.nothing(lines[1].size, lines[0].size) for name in PARTS[: 1 + test]}
    return PlaneFile(
        network,
        np.array(origin, np.float64),
        ways,
        lines[0],
        lines[1],
        parts=MappingProxyType(parts),
        curvature=curvature,
        texts=MappingProxyType(dict(texts or {})),
    )


def identity(plane: PlaneFile, data: Sequence[tuple[Array, Array]]) -> str:
    """Return a hash of all that results depend on: network, plane, lines, data, arithmetic."""
    found = hashlib.sha256()
    said = [_ARITHMETIC, plane.arithmetic, asdict(plane.network), list(plane.parts)]
    arrays = [plane.origin, plane.directions, plane.xs, plane.ys]
    if plane.curvature is not None:
        said.append(_choices(plane.curvature))
        arrays += [plane.curvature.xs, plane.curvature.ys]
    found.update(json.dumps(said).encode())
    for array in [*arrays, *(one for pair in data for one in pair)]:
        found.update(f"{array.dtype.str}{array.shape}".encode())
        found.update(np.ascontiguousarray(array).data)
    return found.hexdigest()


def load_plane(path: AnyPath) -> PlaneFile:
    """Return a saved plane; if only its journal is there, what was computed so far.

    Raises LandscapeError if there is neither, or the file is no plane.
    """
    if os.path.exists(path):
        try:
            with open(path, "rb") as file:
                return _read(file)
        except OSError as error:
            raise LandscapeError(
                f"cannot read {shown(path)}: {error.strerror or error}; check its permissions"
            ) from error
        except (ValueError, KeyError, TypeError, zipfile.BadZipFile, EOFError) as error:
            raise LandscapeError(
                f"{shown(path)} is no plane that was saved here: {_line(error)}"
            ) from error
    records = read_journal(journal_beside(path))
    if records is None:
        raise LandscapeError(f"cannot read {shown(path)}: there is no such file; compute it first")
    plane = _read(io.BytesIO(records[1]))
    for record in records[2:]:
        fill(plane, record)
    return plane


def fill(plane: PlaneFile, record: bytes) -> None:
    """Write the cells of a journal's record into the plane's arrays."""
    number = part_of(record)
    if number < CURVATURE:
        plane.parts[PARTS[number]].fill(np.frombuffer(record, RECORD))
    elif plane.curvature is not None:
        plane.curvature.fill(np.frombuffer(record, CURVATURE_RECORD))


def _choices(curvature: CurvatureMap) -> dict[str, float]:
    """Return what besides its lines decides the cells of a map."""
    return {name: getattr(curvature, name) for name in ("tolerance", "most", "seed")}


def _columns(plane: PlaneFile) -> dict[str, Any]:
    about = {
        "format": _FORMAT,
        "network": asdict(plane.network),
        "texts": dict(plane.texts),
        "arithmetic": plane.arithmetic,
        "identity": plane.identity,
    }
    if plane.curvature is not None:
        about["curvature"] = _choices(plane.curvature)
    columns: dict[str, Any] = {"about": np.array(json.dumps(about, ensure_ascii=False))}
    if "recipe" in plane.texts:  # where other files of numbers have it too
        columns["recipe"] = np.array(plane.texts["recipe"])
    for name in ("origin", "directions", "xs", "ys"):
        columns[name] = getattr(plane, name)
    for name, part in plane.parts.items():
        prefix = "" if name == "train" else f"{name}_"
        for kind in ("loss", "accuracy", "done"):
            columns[prefix + kind] = getattr(part, kind)
    if plane.curvature is not None:
        columns |= {f"curvature_{name}": getattr(plane.curvature, name) for name in _OF_CURVATURE}
    return columns


def _read(file: IO[bytes]) -> PlaneFile:
    with np.load(file, allow_pickle=False) as saved:
        about = json.loads(str(saved["about"][()]))
        if about["format"] != _FORMAT:
            raise ValueError(f"its format is {about['format']}, {_FORMAT} was wanted")
        fields = about["network"]
        network = Network(**(fields | {"sizes": tuple(fields["sizes"])}))
        parts = {}
        for name in PARTS:
            prefix = "" if name == "train" else f"{name}_"
            if prefix + "loss" in saved:
                parts[name] = Part(*(saved[prefix + k] for k in ("loss", "accuracy", "done")))
        plane = PlaneFile(
            network,
            saved["origin"],
            saved["directions"],
            saved["xs"],
            saved["ys"],
            parts=MappingProxyType(parts),
            curvature=_read_curvature(saved, about),
            texts=MappingProxyType(about["texts"]),
            arithmetic=about["arithmetic"],
            identity=about["identity"],
        )
    shape = (plane.ys.size, plane.xs.size)
    if any(kind.shape != shape for p in parts.values() for kind in (p.loss, p.accuracy, p.done)):
        raise ValueError("the shapes of its arrays do not fit together")
    return plane


def _read_curvature(saved: Any, about: dict[str, Any]) -> CurvatureMap | None:
    if "curvature" not in about:
        return None
    arrays = [saved[f"curvature_{name}"] for name in _OF_CURVATURE]
    found = CurvatureMap(*arrays, **about["curvature"])
    shape = (found.ys.size, found.xs.size)
    if any(one.shape != shape for one in arrays[2:]):
        raise ValueError("the shapes of its map of curvature do not fit together")
    return found


def _line(error: Exception) -> str:
    text = str(error).splitlines()[0] if str(error) else type(error).__name__
    return text[:120]
