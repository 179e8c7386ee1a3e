"""The command `curves`."""

from __future__ import annotations

from landscape.cli.network_pictures import PictureCommand

__all__ = ["curves"]

_HELP = """Train networks and draw their learning curves.

A line for each optimizer, or for each value of what --vary names; a panel for each value of what
--grid names. The dashed line is log K, the loss of guessing among K classes."""
_EPILOG = """\b
Examples:
  landscape curves --opt momentum --vary lr=0.001,0.01,0.3 --epochs 6 --batch 16
  landscape curves --opt gd:lr=0.05 --grid batch=1,8,64,all --batches --show loss --part train
  landscape curves --activation relu --vary init=he_normal,he_normal:bias=-3 -o dead.gif
  landscape curves --run runs.npz
"""

curves = PictureCommand("curves", _HELP, _EPILOG)
