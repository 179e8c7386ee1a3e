"""VTK PolyData files read without VTK."""

from __future__ import annotations

import base64
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np

Array = Any
_TYPES = {"Float64": "f8", "Float32": "f4", "Int32": "i4", "UInt8": "u1"}


@dataclass(frozen=True)
class Vtp:
    """What a file has: `arrays` of its points and "Points" by name, `cells` by kind, `texts`."""

    arrays: dict[str, Array]
    cells: dict[str, list[Array]]
    texts: dict[str, list[str]]
    scalars: str


def read_vtp(path: Path) -> Vtp:
    """Return what a file of one piece has."""
    root = ElementTree.parse(path).getroot()
    (piece,) = root.iter("Piece")
    (data,) = piece.iter("PointData")
    arrays = {}
    for one in (*data, *next(piece.iter("Points"))):
        values = np.frombuffer(_unpacked(one), _TYPES[str(one.get("type"))])
        wide = int(one.get("NumberOfComponents", "1"))
        arrays[str(one.get("Name"))] = values.reshape(-1, wide) if wide > 1 else values
    assert {len(values) for values in arrays.values()} == {int(str(piece.get("NumberOfPoints")))}
    cells = {}
    for kind in ("Verts", "Lines", "Polys"):
        corners, ends = (np.frombuffer(_unpacked(one), np.int32) for one in next(piece.iter(kind)))
        assert len(ends) == int(str(piece.get(f"NumberOf{kind}")))
        cells[kind] = np.split(corners, ends[:-1]) if len(ends) else []
    texts = {
        str(one.get("Name")): _unpacked(one).decode().split("\0")[:-1] for one in root.iter("Array")
    }
    return Vtp(arrays, cells, texts, str(data.get("Scalars")))


def _unpacked(element: ElementTree.Element) -> bytes:
    text = str(element.text).strip()
    if len(text) < 24:
        return b""
    blocks, size, last, packed = np.frombuffer(base64.b64decode(text[:24]), np.uint32)
    data = base64.b64decode(text[24:])
    assert (blocks, last, packed) == (1, 0, len(data))
    plain = zlib.decompress(data)
    assert len(plain) == size
    return plain
