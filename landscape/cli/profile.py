"""The command `profile`."""

from __future__ import annotations

from landscape.cli.network_pictures import PictureCommand

__all__ = ["profile"]

_HELP = """Draw a network's loss along lines through its parameters.

Random filter-normalised directions as a median with its band, for one network or several on the
same scale, with a number for how sharp each minimum is and its error; or the line through the ends
of two runs, and beyond them.

The rise is how much higher the loss is --radius out, the mean of both sides and all directions; its
± is the standard error over the directions, over the seeds with several. Which
network is the sharper is counted over --seeds: one seed proves nothing."""
_EPILOG = """\b
Examples:
  landscape profile --net 20x32 --vary skip=no,yes
  landscape profile --opt gd:lr=0.1 --vary "batch=8,epochs=40; batch=all,epochs=1500"
  landscape profile --along line --opt adam --opt adam --apart
"""

profile = PictureCommand("profile", _HELP, _EPILOG)
