"""The command `export`: a surface and its paths for ParaView and Blender."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from landscape.cli.options import RecipeCommand, progress_bar, recipe_from, run_keys, still_keys
from landscape.cli.startup import import_matplotlib

if TYPE_CHECKING:
    from dataclasses import Field

__all__ = ["export"]

_EPILOG = """\b
Examples:
  landscape export --surface saddle --opt gd --opt adam -o saddle.ply
  landscape export --surface beale --opt momentum --heights clip -o beale.obj
  landscape export --surface himmelblau --opt adam --fan 8 --cells 400 -o himmelblau.vtp

\b
Blender: an OBJ has named objects with normals; a PLY is one mesh, in Blender 3.4 without normals
  (choose Shade Smooth). Viewport Shading, Color, Attribute shows the colours of both.
ParaView: a VTP is coloured by 'level', surface and paths alike. To see the paths: Threshold by
  'part', Extract Surface, Tube, then colour by 'color' and switch Map Scalars off. A PLY has its
  colours alone there ('RGB', Map Scalars off), no loss and no parts; an OBJ has none of these.
The paths of a network's training: 'landscape plane -o paths.vtp'.
"""
# Sides of a box that differ more than this many times leave a needle or a sheet to be seen.
_EXTREME = 50.0
_WITHOUT = ("grid", "batch_lines")
_LOOKS = ("levels", "count", "marks", "theme", "exaggerate", "heights", "clip", "cmap")


def _keys() -> list[Field[Any]]:
    run = [one.name for one in run_keys() if one.name not in _WITHOUT]
    return [one for one in still_keys() if one.name in run or one.name in _LOOKS]


@click.command(cls=RecipeCommand, keys=_keys, epilog=_EPILOG)
@click.option(
    "--cells",
    type=int,
    help="Cells of the surface each way.  [default: 200, or 400 where a valley is narrow]",
)
@click.option(
    "--true/--box",
    default=False,
    help="x, y and height as they are, or in the proportions of the picture's box.",
)
@click.option(
    "-o",
    "--output",
    metavar="FILE",
    default="landscape.ply",
    show_default=True,
    help="VTP (for ParaView), OBJ (for Blender) or PLY (for both, one mesh), by suffix.",
)
def export(output: str, cells: int | None, true: bool, **values: Any) -> None:
    """Write a surface and the paths on it for ParaView or Blender."""
    import_matplotlib()
    from landscape.exporting import check_export, write_export
    from landscape.prepare import prepare

    recipe = recipe_from("still", values, format="png", view="3d")
    check_export(output, cells)
    with progress_bar("descending") as progress:
        ready = prepare(recipe, report=lambda said: click.echo(said, err=True), progress=progress)
    for path in ready.trajectories:
        if path.ending.outcome not in ("finished", "converged"):
            click.echo(f"{path.label}: {path.ending}", err=True)
    written = write_export(ready, output, cells=cells, true=true)
    if true and (hint := _hint(written.sides)):
        click.echo(hint, err=True)
    size = written.bytes
    shown = f"{size / 1e6:.2f} MB" if size >= 1e6 else f"{max(1, round(size / 1e3))} kB"
    click.echo(f"{written.path} ({shown}, {written.faces} triangles: {', '.join(written.parts)})")


def _hint(sides: tuple[float, float, float]) -> str:
    """Return what to do about a surface of which nothing will be seen, "" for any other."""
    if not min(sides) or max(sides) <= _EXTREME * min(sides):
        return ""
    across = " x ".join(f"{side:.4g}" for side in sides)
    cure = ", or add --heights log" if sides[2] == max(sides) else ""
    return (
        f"the surface is {across} along x, y and height, of which little will be seen: leave "
        f"--true out for the proportions of the picture{cure}"
    )
