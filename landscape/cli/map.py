"""The command `map`: pictures of what many paths do, each a command of its own."""

from __future__ import annotations

from collections.abc import Sequence

import click

from landscape.cli.groups import Commands
from landscape.cli.network_pictures import PictureCommand
from landscape.cli.options import COMPLETERS

__all__ = ["MapCommand", "map_group"]


class MapCommand(PictureCommand):
    """A command of the group; its parameters are those of `PictureCommand`."""

    def __init__(
        self, picture: str, help: str, epilog: str, more: Sequence[click.Option] = ()
    ) -> None:
        super().__init__(picture, help, epilog, more)
        self._completers = COMPLETERS


_BASINS = """Draw where every start ends: a colour for each minimum.

Each cell of the map is a path of its own, with the same rule, the same steps and the same
settings as 'landscape descend' has from there; the darker, the more steps it took. Several
optimizers stand side by side, the same minimum in the same colour. --zoom looks closer at the
point --at, as deep as numbers go; with a film's name for the output, the film flies there.
--sweep makes a film of maps for many values of one number."""
_BASINS_EPILOG = """\b
Examples:
  landscape map basins --surface himmelblau --opt momentum
  landscape map basins -s himmelblau --opt gd:lr=0.01 --opt momentum:lr=0.01 --opt newton
  landscape map basins -s himmelblau --opt newton --at 0.1,-0.2 --zoom 1000
  landscape map basins -s himmelblau --opt gd --sweep lr=0.005:0.04 -o sweep.gif
  landscape map basins -s beale --opt adam --columns 4000 --rows 4000 --save beale.npz
"""

_basins = MapCommand(
    "basins",
    _BASINS,
    _BASINS_EPILOG,
    [
        click.Option(
            ["--save", "keep"],
            metavar="FILE.npz",
            default="",
            help="Keep the cells with their recipe: after a kill the same command goes on where "
            "it stopped, and other looks are drawn from the file. With several optimizers, "
            "FILE-1.npz, FILE-2.npz, …",
        )
    ],
)

_STABILITY = """Draw which settings work: the loss at the end over any two numbers.

Each cell of the map is a run of its own with the cell's two numbers: a learning rate, a
hyper-parameter, or a parameter of the surface. Where theory knows the border of stability and the
best settings, they are drawn: on a quadratic form exactly, elsewhere (dashed) by the curvature at
the minimum."""
_STABILITY_EPILOG = """\b
Examples:
  landscape map stability
  landscape map stability -s ravine --opt momentum --x lr=0.001:0.2 --y mu=0:0.99
  landscape map stability -s himmelblau --opt gd --opt momentum --opt nesterov --fan 8
  landscape map stability -s beale --opt adam --y beta2=0.9:0.9999 --metric steps --steps 1000
  landscape map stability -s ravine --opt gd --x lr --y kappa=1:1000 --save kappa.npz
"""

_stability = MapCommand(
    "stability",
    _STABILITY,
    _STABILITY_EPILOG,
    [
        click.Option(
            ["--save", "keep"],
            metavar="FILE.npz",
            default="",
            help="Keep the cells with their recipe: after a kill the same command goes on where "
            "it stopped, and other looks are drawn from the file. With several optimizers, "
            "FILE-1.npz, FILE-2.npz, …",
        )
    ],
)


@click.group("map", cls=Commands)
def map_group() -> None:
    """Draw what many paths do: where every start ends, which settings work."""


for _command in (_basins, _stability):
    map_group.add_command(_command)
