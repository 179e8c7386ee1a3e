"""A model of a surface and its paths as a file: PLY, OBJ or VTP by suffix, its recipe inside."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from landscape.files import AnyPath, atomic_output

if TYPE_CHECKING:
    from landscape.relief.export_model import Box, Model

__all__ = ["MESH_FORMATS", "MeshFile", "comment_of_command", "mesh_format", "write_model"]

MESH_FORMATS = ("ply", "obj", "vtp")


@dataclass(frozen=True)
class MeshFile:
    """What was written: `bytes`, the `parts` by name, how many `faces`.

    Attributes: `sides`, how far the surface goes along x, y and height in the file.
    """

    bytes: int
    parts: tuple[str, ...]
    faces: int
    sides: tuple[float, float, float]


def mesh_format(path: AnyPath) -> str:
    """Return the one of MESH_FORMATS that a path's suffix asks for, "" for none of them."""
    suffix = Path(path).suffix.lower().lstrip(".")
    return suffix if suffix in MESH_FORMATS else ""


def write_model(
    path: AnyPath,
    model: Model,
    box: Box,
    recipe: str,
    commands: Sequence[str] = (),
    *,
    true: bool = False,
) -> MeshFile:
    """Write a model in the format of the path's suffix, whole or not at all.

    Parameters: `recipe` is the text that is kept in the file, `commands` are lines of ASCII that
    stand before it as comments (PLY and OBJ); `true` writes x, y and height as they are in place of
    those of the box.

    Raises LandscapeError if the file cannot be written.
    """
    import numpy as np

    from landscape.animation.metadata import comment_lines, pack
    from landscape.export_scene import in_true_units
    from landscape.relief.export_model import in_units
    from landscape.relief.export_obj import write_obj
    from landscape.relief.export_ply import write_ply
    from landscape.relief.export_solid import spheres, tube
    from landscape.relief.export_vtp import write_vtp

    suffix = mesh_format(path)
    assert suffix, path
    if suffix == "vtp":
        if true:
            model = in_true_units(model, box)
        with atomic_output(path) as place, place.open("wb") as file:
            write_vtp(file, model, pack(recipe))
        names, surface = model.names, list(model.surface)
        faces = sum(len(part.faces) for part in surface)
    else:
        solids = [*map(tube, model.lines), *map(spheres, model.spots)]
        parts = [*model.surface, *(part for part in solids if part is not None)]
        if true:
            parts = [in_units(part, box) for part in parts]
        title = [model.title.encode("ascii", "backslashreplace").decode()] if model.title else []
        comments = [*commands, *title, *comment_lines(recipe)]
        with atomic_output(path) as place:
            if suffix == "ply":
                with place.open("wb") as file:
                    write_ply(file, parts, comments, model.measure)
            else:
                with place.open("w", encoding="ascii", newline="\n") as sheet:
                    write_obj(sheet, parts, comments)
        names, surface = [part.name for part in parts], parts[: len(model.surface)]
        faces = sum(len(part.faces) for part in parts)
    x, y, z = np.ptp(np.concatenate([part.points for part in surface]), axis=0).tolist()
    return MeshFile(Path(path).stat().st_size, tuple(names), faces, (x, y, z))


def comment_of_command(words: Sequence[str]) -> str:
    """Return a command as a line of ASCII."""
    return shlex.join(words).encode("ascii", "backslashreplace").decode()
