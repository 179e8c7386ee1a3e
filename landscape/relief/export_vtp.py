"""The surface, the paths and the places as a VTK PolyData file (.vtp) for ParaView.

Format: Kitware, "VTK XML file formats"
(https://docs.vtk.org/en/latest/vtk_file_formats/vtkxml_file_format.html): arrays inline, each a
block compressed by zlib, in base64, after a header of four UInt32: the number of blocks, their
size, that of the last (0 for a full one), and the compressed size.
"""

from __future__ import annotations

import base64
import sys
import zlib
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, BinaryIO
from xml.etree import ElementTree

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from landscape.relief.export_model import Line, Model

    Array = NDArray[Any]

__all__ = ["decode_text", "write_vtp"]

_HEADER = 24  # letters of a header
_LIMIT = 1 << 24  # no text has 16 MB
_TYPES = {"float64": "Float64", "float32": "Float32", "int32": "Int32", "uint8": "UInt8"}


def write_vtp(file: BinaryIO, model: Model, recipe: str) -> None:
    """Write the model: triangles of the surface, a polyline for each path, a vertex for each spot.

    Arrays at the points: `level` (where the loss is among the picture's levels, 0 … 1), `loss` (or
    what else the model measures), `color` (sRGB, 0 … 255), `step` (a fraction between iterates, -1
    where there is none), `rule` (its number, -1 where there is none), `part` (its number), the
    normals, and the model's `more`. Arrays of the file: `recipe`, the names of `rules` and of
    `parts` by their numbers, and the `title` if there is one.
    """
    points = _points(model)
    root = ElementTree.Element(
        "VTKFile",
        type="PolyData",
        version="1.0",
        byte_order="LittleEndian" if sys.byteorder == "little" else "BigEndian",
        header_type="UInt32",
        compressor="vtkZLibDataCompressor",
    )
    data = ElementTree.SubElement(root, "PolyData")
    field = ElementTree.SubElement(data, "FieldData")
    _add_texts(field, "recipe", [recipe])
    _add_texts(field, "rules", model.rules)
    _add_texts(field, "parts", model.names)
    if model.title:
        _add_texts(field, "title", [model.title])
    cells = _cells(model)
    counts = {f"NumberOf{name}": str(len(ends)) for name, (_, ends) in cells.items()}
    piece = ElementTree.SubElement(
        data,
        "Piece",
        {"NumberOfPoints": str(len(points["points"])), "NumberOfStrips": "0", **counts},
    )
    # What ParaView colours by at first. Losses over decades would be nearly one colour, and those
    # that come down to 0 have no logarithms.
    at_points = ElementTree.SubElement(piece, "PointData", Scalars="level", Normals="Normals")
    for name, values in points.items():
        if name != "points":
            _add_array(at_points, name, values)
    _add_array(ElementTree.SubElement(piece, "Points"), "Points", points["points"])
    for name, (corners, ends) in cells.items():
        element = ElementTree.SubElement(piece, name)
        _add_array(element, "connectivity", corners)
        _add_array(element, "offsets", ends)
    ElementTree.indent(root)
    ElementTree.ElementTree(root).write(file, encoding="utf-8", xml_declaration=True)
    file.write(b"\n")


def decode_text(stored: str) -> str:
    """Return the text of an array of one text, as it stands in a file; ValueError if it is none."""
    packed = base64.b64decode(stored.strip()[_HEADER:], validate=True)
    return zlib.decompressobj().decompress(packed, _LIMIT).decode().rstrip("\0")


def _points(model: Model) -> dict[str, Array]:
    """Return the arrays of all points: those of the surface, of the lines, of the spots."""
    import numpy as np

    usual = ("points", "level", model.measure, "color", "step", "rule", "part", "Normals")
    more = list(model.surface[0].more)
    columns: dict[str, list[Any]] = {name: [] for name in (*usual, *more)}

    def add(
        points: Array,
        losses: Array,
        colors: Any,
        steps: Any,
        rule: int,
        normals: Any,
        others: Mapping[str, Array],
        rows: Any = slice(None),
    ) -> None:
        number = len(columns["part"])
        shape = (len(points), 3)
        columns["points"].append(points)
        columns["level"].append(model.ladder.place(losses))
        columns[model.measure].append(losses)
        columns["color"].append(np.broadcast_to(np.asarray(colors, np.uint8), shape))
        columns["step"].append(np.broadcast_to(np.asarray(steps, np.float64), len(points)))
        columns["rule"].append(np.full(len(points), rule, np.int32))
        columns["part"].append(np.full(len(points), number, np.int32))
        columns["Normals"].append(np.broadcast_to(np.asarray(normals, np.float32), shape))
        for name in more:
            columns[name].append(np.asarray(others[name], np.float64)[rows])

    up = (0.0, 0.0, 1.0)
    for part in model.surface:
        add(part.points, part.losses, part.colors, -1.0, -1, part.normals, part.more)
    for line in model.lines:
        rows = _in_sight(line)
        losses, steps = line.losses[rows], line.steps[rows]
        add(line.points[rows], losses, line.color, steps, line.rule, up, line.more, rows)
    for spots in model.spots:
        add(spots.points, spots.losses, spots.color, spots.step, spots.rule, up, spots.more)
    return {name: np.concatenate(parts) for name, parts in columns.items()}


def _cells(model: Model) -> dict[str, tuple[Array, Array]]:
    """Return for each kind of cells the points of all, and where each one ends among them."""
    import numpy as np

    start = 0
    faces = [np.empty((0, 3), np.int32)]
    for part in model.surface:
        faces.append(part.faces + start)
        start += len(part.points)
    corners = np.concatenate(faces).astype(np.int32)
    first, ends = start, []
    for line in model.lines:
        seen = _in_sight(line)
        # A stretch in sight ends where the next row is out of it.
        last = np.flatnonzero(seen & ~np.append(seen[1:], False))
        ends += (start - first + np.cumsum(seen)[last]).tolist()
        start += int(seen.sum())
    walked = np.arange(first, start, dtype=np.int32)
    places = sum(len(spots.points) for spots in model.spots)
    one_each = np.arange(1, places + 1, dtype=np.int32)
    return {
        "Verts": (start + one_each - 1, one_each),
        "Lines": (walked, np.array(ends, np.int32)),
        "Polys": (corners.ravel(), 3 * np.arange(1, len(corners) + 1, dtype=np.int32)),
    }


def _in_sight(line: Line) -> Array:
    import numpy as np

    return np.asarray(np.isfinite(line.points).all(axis=1))


def _add_array(parent: ElementTree.Element, name: str, values: Array) -> None:
    import numpy as np

    values = np.ascontiguousarray(values)
    element = ElementTree.SubElement(
        parent, "DataArray", type=_TYPES[values.dtype.name], Name=name, format="binary"
    )
    if values.ndim > 1:
        element.set("NumberOfComponents", str(values.shape[1]))
    element.text = _encoded(values.tobytes())


def _add_texts(parent: ElementTree.Element, name: str, texts: Sequence[str]) -> None:
    element = ElementTree.SubElement(
        parent,
        "Array",
        type="String",
        Name=name,
        NumberOfTuples=str(len(texts)),
        format="binary",
    )
    element.text = _encoded("".join(f"{text}\0" for text in texts).encode())


def _encoded(data: bytes) -> str:
    import numpy as np

    if not data:
        return base64.b64encode(np.zeros(1, np.uint32).tobytes()).decode()
    packed = zlib.compress(data, 6)
    header = np.array([1, len(data), 0, len(packed)], np.uint32).tobytes()
    # Header and block are coded one by one.
    return base64.b64encode(header).decode() + base64.b64encode(packed).decode()
