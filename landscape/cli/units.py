"""The command `units`."""

from __future__ import annotations

from landscape.cli.network_pictures import PictureCommand

__all__ = ["units"]

_HELP = """Draw an activation and its derivative, and where the units of a network lie on them.

The good range, where the derivative is at least a share of its largest value, is shaded, and the
share of the units' pre-activations that lie in it is printed, for initial weights side by side."""
_EPILOG = """\b
Examples:
  landscape units
  landscape units --activation sigmoid --init he_normal --init normal:scale=1 --share 0.8
  landscape units --init normal:scale=1 --epochs 20 -o units.gif
"""

units = PictureCommand("units", _HELP, _EPILOG)
