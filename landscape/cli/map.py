"""The command `map`: pictures of what many paths do, each a command of its own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from landscape.cli.groups import Commands
from landscape.cli.network_pictures import PictureCommand
from landscape.cli.options import COMPLETERS

if TYPE_CHECKING:
    from dataclasses import Field

__all__ = ["MapCommand", "StillCommand", "map_group"]


class MapCommand(PictureCommand):
    """A command of the group; its parameters are those of `PictureCommand`."""

    def __init__(
        self, picture: str, help: str, epilog: str, more: Sequence[click.Option] = ()
    ) -> None:
        super().__init__(picture, help, epilog, more)
        self._completers = COMPLETERS


class StillCommand(MapCommand):
    """A command for a picture that has no film: it has none of a film's options.

    Its parameters are those of `PictureCommand`.
    """

    def __init__(
        self, picture: str, help: str, epilog: str, more: Sequence[click.Option] = ()
    ) -> None:
        super().__init__(picture, help, epilog, more)
        words = {
            "output": "PNG, SVG or PDF, by suffix.",
            "poster": "Also write it there: PNG, SVG or PDF.",
        }
        self.params = [one for one in self.params if one.name != "max_mb"]
        for one in self.params:
            if isinstance(one, click.Option) and one.name in words:
                one.help = words[str(one.name)]

    def _own(self) -> list[Field[Any]]:
        from landscape.keys import key_of

        return [one for one in super()._own() if not key_of(one).film]

    def _make(
        self,
        output: str | None,
        max_mb: float | None = None,
        poster: str | None = None,
        **values: Any,
    ) -> None:
        super()._make(output, max_mb, poster, **values)

    def _like(self, ctx: click.Context, option: str) -> str | None:
        """Return no other command for an option: it would be of another kind of picture."""
        return None


class BasinsCommand(MapCommand):
    """The command for maps of basins: what asks for a film is one, unless a name says otherwise."""

    def _make(
        self, output: str | None, max_mb: float | None, poster: str | None, **values: Any
    ) -> None:
        moves = values["sweep"] or values["zoom"] > 1
        if output is None and moves and not values["keep"]:
            from landscape.pictures.basins import usual_name

            output = f"{usual_name(values['surface'], values['optimizers'])}.gif"
        super()._make(output, max_mb, poster, **values)


_BASINS = """Draw where every start ends: a colour for each minimum.

Each cell of the map is a path of its own, with the same rule, the same steps and the same
settings as 'landscape descend' has from there; the darker, the more steps it took. Where a path
stays about a minimum and never comes to rest, as with a constant rate it may, the minimum's colour
is pale. Several optimizers stand side by side, the same minimum in the same colour. --zoom looks
closer at the point --at, as deep as numbers go, and --sweep at many values of one number: both make
a film (a GIF), or with the name of a still for the output its last frame.

The file of --save is an NPZ with labels and steps (rows, columns) of the starts xs and ys, the
lowest row first. Labels from 0 are rows of places (x, y, loss) and names; codes and code_names
say what labels below 0 mean. 'landscape info FILE.npz' shows the recipe, which is in it too."""
_BASINS_EPILOG = """\b
Examples:
  landscape map basins --surface himmelblau --opt momentum
  landscape map basins -s himmelblau --opt gd:lr=0.01 --opt momentum:lr=0.01 --opt newton
  landscape map basins --opt momentum:lr=0.01 --at 0.172563239,4.300446149 --zoom 1e6 -o zoom.gif
  landscape map basins -s himmelblau --opt gd --sweep lr=0.005:0.04 -o sweep.gif
  landscape map basins -s beale --opt adam --columns 4000 --rows 4000 --save beale.npz
"""


def _save(more: str = "") -> click.Option:
    """Return the option of the file that the cells are kept in."""
    return click.Option(
        ["--save", "keep"],
        metavar="FILE.npz",
        default="",
        help="Keep the cells with their recipe: after a kill the same command goes on where it "
        "stopped, and other looks are drawn from the file. With several optimizers, FILE-1.npz, "
        f"FILE-2.npz, …{more}",
    )


_basins = BasinsCommand(
    "basins",
    _BASINS,
    _BASINS_EPILOG,
    [_save()],
)

_STABILITY = """Draw which settings work: the loss at the end over any two numbers.

Each cell of the map is a run of its own with the cell's two numbers: a learning rate, a
hyper-parameter, or a parameter of the surface. Where theory knows the border of stability and the
best settings, they are drawn: on a quadratic form exactly, elsewhere (dashed) by the curvature at
the minimum. A rule without a second number, such as gd, is a strip beside the others. A path that
leaves the domain downwards does not count as good, however low it falls."""
_STABILITY_EPILOG = """\b
Examples:
  landscape map stability
  landscape map stability -s ravine --opt momentum --x lr=0.001:0.2 --y mu=0:0.99
  landscape map stability -s himmelblau --opt gd --opt momentum --opt nesterov --fan 8
  landscape map stability -s beale --opt adam --y beta2=0.9:0.9999 --metric steps --steps 1000
  landscape map stability -s ravine --opt gd --x lr --y kappa=1:1000 --save kappa.npz
"""

_stability = StillCommand(
    "stability",
    _STABILITY,
    _STABILITY_EPILOG,
    [_save(" In it are loss, outcome and step, each (rows, columns, starts).")],
)


@click.group("map", cls=Commands)
def map_group() -> None:
    """Draw what many paths do: where every start ends, which settings work."""


for _command in (_basins, _stability):
    map_group.add_command(_command)
