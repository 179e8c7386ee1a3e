"""A surface and its paths as a file for ParaView or Blender: PLY, OBJ or VTP by suffix."""

from __future__ import annotations

import difflib
import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from landscape.api import OptimizerLike, Start, SurfaceLike, keys_of_call, prepared
from landscape.errors import LandscapeError
from landscape.export_file import MESH_FORMATS, comment_of_command, mesh_format, write_model
from landscape.files import AnyPath, check_writable
from landscape.keyed import FILM_FORMATS, STILL_FORMATS
from landscape.recipe import Recipe

if TYPE_CHECKING:
    from landscape.prepare import Prepared

__all__ = ["MESH_FORMATS", "Exported", "check_export", "export", "write_export"]

_MOST_CELLS = 2000


@dataclass(frozen=True)
class Exported:
    """What was written: `path`, `bytes`, its `parts` by name, how many `faces`, its `recipe`.

    Attributes: `sides`, how far the surface goes along x, y and height in the file.
    """

    path: Path
    bytes: int
    parts: tuple[str, ...]
    faces: int
    recipe: Recipe
    sides: tuple[float, float, float]


def export(
    surface: SurfaceLike,
    optimizers: OptimizerLike | Sequence[OptimizerLike] = (),
    path: AnyPath = "landscape.ply",
    *,
    start: Start = None,
    fan: int = 0,
    steps: int | None = None,
    bounds: Any = None,
    schedule: str = "",
    batch: int | None = None,
    noise: float = 0.0,
    seed: int = 0,
    levels: str = "auto",
    count: int = 18,
    marks: bool = True,
    theme: str = "light",
    exaggerate: float = 1.0,
    heights: str = "auto",
    clip: float | None = None,
    cmap: str = "",
    cells: int | None = None,
    true: bool = False,
) -> Exported:
    """Write the surface and the paths of `optimizers` for ParaView or Blender.

    Parameters: `path` ends in .vtp (for ParaView: the paths as lines with the level, the loss, the
    step and the rule at each point), in .obj (for Blender: named meshes in the picture's colours,
    the paths as tubes; ParaView reads no colours of it) or in .ply (for both, one mesh; ParaView
    drops its losses and parts, Blender 3.4 its normals too: choose Shade Smooth). `marks` are balls
    at the starts and the minima; `cells` is the number of cells each way, by default
    the picture's: 200, or 400 where a valley is narrow. `true` writes x, y and height as they are,
    in place of the proportions of the picture's box, whose longer side is 1.
    The others are those of `animate`.

    ParaView colours a VTP by `level`, the surface and the paths alike. To see the paths: Threshold
    by `part` (the array `parts` of the file has the names), Extract Surface, Tube, colour by
    `color` and switch Map Scalars off.

    Raises LandscapeError as `animate` does, and if the suffix is unknown or the file cannot be
    written.
    """
    values = keys_of_call(locals())
    for name in ("path", "cells", "true"):  # are no keys of a recipe
        del values[name]
    check_export(path, cells)
    ready = prepared("still", surface, optimizers, start, bounds, values | {"view": "3d"})
    return write_export(ready, path, cells=cells, true=true)


def check_export(path: AnyPath, cells: int | None = None) -> str:
    """Find out before long work whether a file can be written, and return its format.

    Raises LandscapeError for a suffix that is none of MESH_FORMATS, for a number of cells out of
    2 … 2000, and as `check_writable` does.
    """
    suffix = mesh_format(path)
    if not suffix:
        suffix = Path(path).suffix.lower().lstrip(".")
        close = difflib.get_close_matches(suffix, MESH_FORMATS, n=1)
        hint = f"did you mean .{close[0]}?" if close else f"choose .{', .'.join(MESH_FORMATS)}"
        if suffix in FILM_FORMATS:
            hint = "for a film write 'landscape animate --view 3d'"
        if suffix in STILL_FORMATS:
            hint = "for a picture write 'landscape plot --view 3d'"
        raise LandscapeError(f"no surface can be exported as {str(path)!r}: {hint}")
    if cells is not None and not (isinstance(cells, int) and 2 <= cells <= _MOST_CELLS):
        raise LandscapeError(f"a surface has 2 to {_MOST_CELLS} cells each way: {cells!r} came")
    check_writable(path)
    return suffix


def write_export(
    ready: Prepared, path: AnyPath, *, cells: int | None = None, true: bool = False
) -> Exported:
    """Write the first panel of a picture for ParaView or Blender, whole or not at all.

    Parameters: `cells` and `true` as for `export`.

    Raises LandscapeError as `check_export` does, and as a picture in three dimensions would.
    """
    from landscape.export_scene import model_of

    suffix = check_export(path, cells)
    recipe = ready.recipe.with_(kind="still", format=STILL_FORMATS[0], view="3d")
    model, box = model_of(ready.panels[0], recipe, cells)
    commands = _command(recipe, suffix, cells, true)
    made = write_model(path, model, box, recipe.to_toml(), commands, true=true)
    return Exported(Path(path), made.bytes, made.parts, made.faces, recipe, made.sides)


def _command(recipe: Recipe, suffix: str, cells: int | None, true: bool) -> list[str]:
    """Return the command that writes such a file, in ASCII; none if part of it is from Python."""
    if any(text.startswith("python:") for text in (recipe.surface, *recipe.optimizers)):
        return []
    words = [word for word in shlex.split(recipe.command()) if word != "--view=3d"]
    words[1] = "export"
    words += ["--cells", str(cells)] if cells is not None else []
    words += ["--true"] if true else []
    return [comment_of_command([*words, "-o", f"landscape.{suffix}"])]
