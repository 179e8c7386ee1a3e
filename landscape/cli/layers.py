"""The command `layers`."""

from __future__ import annotations

from landscape.cli.network_pictures import PictureCommand

__all__ = ["layers"]

_HELP = """Draw histograms of a network's signals and gradients, layer by layer.

Initial weights that are zero, too small, too large or scaled by the fans of each layer, still or as
a film over the epochs of training. Mean and standard deviation stand above each histogram; dead and
saturated units are counted."""
_EPILOG = """\b
Examples:
  landscape layers
  landscape layers --init zero --init normal:scale=0.01 --init normal:scale=1 --init glorot_normal
  landscape layers --activation relu --init he_normal --show gradients --data gaussian
  landscape layers --activation sigmoid --epochs 20 -o layers.gif
"""

layers = PictureCommand("layers", _HELP, _EPILOG)
