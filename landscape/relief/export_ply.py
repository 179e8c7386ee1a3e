"""Meshes as a PLY file, with colours, normals and losses at the points.

Format: Greg Turk, "The PLY Polygon File Format" (1994), binary with the least byte first. The names
of the properties are those that Blender, MeshLab, ParaView and others read: x, y, z, nx, ny, nz,
red, green, blue. The others, `loss` and `part`, are for readers that keep what they do not know,
such as trimesh. ParaView drops them, and has them of a VTP file; Blender 3.4 drops them and the
normals too, so that the mesh looks faceted there until Shade Smooth is chosen. An OBJ file keeps
its normals and its parts.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, BinaryIO

if TYPE_CHECKING:
    from landscape.relief.export_model import Part

__all__ = ["write_ply"]

_NAMES = {"<f8": "double", "<f4": "float", "u1": "uchar"}
_POINT = [
    *((name, "<f8") for name in ("x", "y", "z")),
    *((name, "<f4") for name in ("nx", "ny", "nz")),
    *((name, "u1") for name in ("red", "green", "blue")),
]


def write_ply(
    file: BinaryIO, parts: Sequence[Part], comments: Sequence[str], measure: str = "loss"
) -> None:
    """Write meshes as one, whose points tell by the property `part` which they belong to.

    Parameters: `file` is open for bytes; `comments` are lines of ASCII for the header, where the
    numbers and names of the parts follow; `measure` is the property that has the losses.
    """
    import numpy as np

    kinds = [*_POINT, (measure, "<f8"), ("part", "u1")]
    points = np.empty(sum(len(part.points) for part in parts), np.dtype(kinds))
    faces = np.empty(
        sum(len(part.faces) for part in parts), np.dtype([("count", "u1"), ("corners", "<i4", 3)])
    )
    faces["count"] = 3
    point = face = 0
    for number, part in enumerate(parts):
        rows = points[point : point + len(part.points)]
        for k in range(3):
            rows["xyz"[k]] = part.points[:, k]
            rows["n" + "xyz"[k]] = part.normals[:, k]
            rows[("red", "green", "blue")[k]] = part.colors[:, k]
        rows[measure] = part.losses
        rows["part"] = min(number, 255)
        faces["corners"][face : face + len(part.faces)] = part.faces + point
        point, face = point + len(part.points), face + len(part.faces)
    numbers = [f"part {number}: {part.name}" for number, part in enumerate(parts)]
    header = [
        "ply",
        "format binary_little_endian 1.0",
        *(f"comment {line}" if line else "comment" for line in (*comments, *numbers)),
        f"element vertex {len(points)}",
        *(f"property {_NAMES[kind]} {name}" for name, kind in kinds),
        f"element face {len(faces)}",
        "property list uchar int vertex_indices",
        "end_header",
    ]
    file.write(("\n".join(header) + "\n").encode("ascii"))
    file.write(points.tobytes())
    file.write(faces.tobytes())
