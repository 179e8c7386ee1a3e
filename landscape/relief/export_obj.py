"""Meshes as a Wavefront OBJ file: named objects, with colours at the points.

Format: Wavefront, "Object Files (.obj)", Advanced Visualizer manual, appendix B1; colours follow
the coordinates, as three more numbers from 0 to 1 (https://paulbourke.net/dataformats/obj/colour.html),
which Blender, MeshLab and others read. ParaView reads no colours of it: PLY and VTP are for it. Up
is y, as those that know no other way expect: what is (x, y, height) here is (x, height, -y) in the
file.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, TextIO

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from landscape.relief.export_model import Part

__all__ = ["write_obj"]


def write_obj(file: TextIO, parts: Sequence[Part], comments: Sequence[str]) -> None:
    """Write each mesh as an object of its name.

    Parameters: `file` is open for text; `comments` are lines for its beginning.
    """
    import numpy as np

    for line in comments:
        file.write(f"# {line}\n" if line else "#\n")
    before = 1  # points are counted from 1, through all objects
    for part in parts:
        file.write(f"o {part.name}\ns 1\n")
        points = np.column_stack([_upright(part.points), part.colors / 255])
        _write_rows(file, "v %.9g %.9g %.9g %.4f %.4f %.4f\n", points)
        _write_rows(file, "vn %.4f %.4f %.4f\n", _upright(part.normals))
        faces = np.repeat(part.faces + before, 2, axis=1)
        _write_rows(file, "f %d//%d %d//%d %d//%d\n", faces)
        before += len(part.points)


def _upright(vectors: NDArray[Any]) -> NDArray[Any]:
    import numpy as np

    return np.column_stack([vectors[:, 0], vectors[:, 2], -vectors[:, 1]])


def _write_rows(file: TextIO, row: str, values: NDArray[Any]) -> None:
    # One format for all rows is several times quicker than one for each.
    file.write(row * len(values) % tuple(values.ravel().tolist()))
