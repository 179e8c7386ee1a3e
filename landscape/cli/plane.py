"""The command `plane`."""

from __future__ import annotations

import click

from landscape.cli.network_pictures import PictureCommand

__all__ = ["plane"]

_HELP = """Draw a network's loss on a plane through its parameters, and the paths of training on it.

Several optimizers from the same start on one plane of their principal components, still or as a
film, with how far each path lies off the plane and its true loss against the plane's; random
filter-normalised directions, eigenvectors of the Hessian, or the plane through three solutions;
variants of a network side by side with the same levels, and how sharp their minima are."""
_EPILOG = """\b
Examples:
  landscape plane --opt gd --opt momentum --opt adam
  landscape plane --data moons --net 16,16 --opt gd --opt adam -o moons.gif
  landscape plane --data moons --net 16,16 --opt gd --opt adam -o moons.vtp
  landscape plane --directions random --net 20x32 --vary skip=no,yes --seeds 5 --top 10
  landscape plane --directions solutions --opt adam --opt adam --opt adam --apart
  landscape plane --data moons --net 16,16 --resolution 201 --save moons.npz
  landscape plane --run runs.npz -o paths.gif
  landscape plane --directions hessian --metric test_accuracy --reach 3
"""

plane = PictureCommand(
    "plane",
    _HELP,
    _EPILOG,
    [
        click.Option(
            ["--save"],
            metavar="FILE.npz",
            default="",
            help="Keep the grid, and a map of curvature: after a kill the same command trains "
            "again and goes on with the grid; other sizes and films take it too, and --surface "
            "plane:FILE.npz takes it. With --vary, FILE-1.npz, FILE-2.npz, …",
        )
    ],
)
