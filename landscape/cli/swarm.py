"""The command `swarm`: thousands of particles at once, coloured by where each will end."""

from __future__ import annotations

from typing import Any

from landscape.cli.map import MapCommand

__all__ = ["swarm"]

_HELP = """Release thousands of particles at once, coloured by where each will end.

Without noise the path of each particle is that of 'landscape descend' from its start, and where
it ends is what 'landscape map basins' says. The film shows the steps in which most arrive, and
then the end. With --noise or a noisy rule such as sgld every particle has noise of its own, and
--density shows where they are over time, with the density of theory. Several optimizers stand side
by side, with the same particles. A film is written as MP4 unless -o says otherwise: as a GIF it is
many times larger."""
_EPILOG = """\b
Examples:
  landscape swarm --surface himmelblau --opt momentum
  landscape swarm -s himmelblau --opt gd:lr=0.002 --opt momentum:lr=0.002 -n 3000
  landscape swarm -s himmelblau --opt gd:lr=0.002 --view 3d --orbit 90 -o swarm.mp4
  landscape swarm -s two_wells --opt sgld:lr=0.005,temperature=0.6 --steps 2000 --density
  landscape swarm -s beale --opt adam --from 2,2 --spread 0.5 --theme light -o beale.gif
"""


class _SwarmCommand(MapCommand):
    """The command; without an output it writes a film."""

    def _make(
        self, output: str | None, max_mb: float | None, poster: str | None, **values: Any
    ) -> None:
        if output is None:
            output = _name(values["surface"], values["optimizers"])
        super()._make(output, max_mb, poster, **values)


def _name(surface: str, optimizers: tuple[str, ...]) -> str:
    """Return the name of a film."""
    heads = [one.partition(":")[0].strip() for one in (surface, *(optimizers or ("momentum",)))]
    kinds = ("surface", *["rule"] * len(heads))
    named = [one if one.isidentifier() else kind for one, kind in zip(heads, kinds, strict=False)]
    return "-".join(["swarm", *dict.fromkeys(named)]) + ".mp4"


swarm = _SwarmCommand("swarm", _HELP, _EPILOG)
