"""Short texts on networks, as pictures show them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from landscape.networks.activations import ACTIVATIONS
from landscape.networks.initial import INITIALISATIONS
from landscape.specs import split_spec

if TYPE_CHECKING:
    from landscape.networks.network import Network

__all__ = [
    "activation_label",
    "init_label",
    "layers_words",
    "network_words",
    "percent",
    "rule_words",
    "short",
    "sizes_of",
    "time_of",
]


def init_label(spec: str) -> tuple[str, str]:
    """Return the label of a scheme of initial weights and its options: "normal", "scale 0.01"."""
    name, options = split_spec(spec)
    label = INITIALISATIONS[name].label if name in INITIALISATIONS else name
    said = ", ".join(f"{key} {value}" for key, value in options.items())
    return label, said.replace(" -", " \N{MINUS SIGN}")


def activation_label(name: str) -> str:
    """Return the label of an activation."""
    return ACTIVATIONS[name].label


def rule_words(spec: str) -> str:
    """Return a rule as a caption says it: "Momentum lr 0.05, mu 0.9"."""
    from landscape.networks.rates import network_rule

    rule = network_rule(spec)
    return f"{rule.label or rule.name} {rule.describe()}".strip()


def layers_words(layers: Sequence[int], network: Network) -> str:
    """Return which hidden layers are meant: "layers 1 to 6", "layers 1, 4, 6 of 20"."""
    hidden = len(network.sizes) - 2
    if len(layers) < hidden:
        return f"layers {', '.join(map(str, layers))} of {hidden}"
    return f"layers 1 to {hidden}" if hidden > 1 else "layer 1"


def sizes_of(network: Network) -> str:
    """Return a network's widths without activation, loss and penalty: "64-(6x100 skip)-10"."""
    return _parts(network)[0]


def network_words(network: Network) -> str:
    """Return a network as a caption says it: "10-16-1 ReLU, squared error"."""
    sizes, rest = _parts(network)
    label = activation_label(network.activation if len(network.sizes) > 2 else "linear")
    return f"{sizes} {label}{rest}"


def _parts(network: Network) -> tuple[str, str]:
    """Return what `describe` says without the activation: the widths, and the loss after them."""
    said, comma, rest = network.describe().partition(", ")
    for name in ACTIVATIONS:
        said = said.replace(f" {name}", "", 1)
    return said.replace("x", "\N{MULTIPLICATION SIGN}"), comma + rest


def percent(share: float) -> str:
    """Return a share in whole percent that is 0 or 100 only if it is exactly that."""
    if not math.isfinite(share):
        return "?"
    if 0 < share < 0.01:
        return "<1 %"
    if 0.99 < share < 1:
        return ">99 %"
    return f"{share:.0%}".replace("%", " %")


def time_of(epochs: Sequence[float], k: int) -> str:
    """Return the time of a frame: "epoch 3", with a decimal if frames are closer than an epoch."""
    digits = 0 if epochs[-1] >= len(epochs) - 1 else 1
    return f"epoch {epochs[k]:.{digits}f}"


def short(value: float) -> str:
    """Return a number in at most two or three digits, as a picture says it."""
    if not math.isfinite(value):
        return f"{value:g}"
    if value and not 1e-3 <= abs(value) < 1e4:
        mantissa, exponent = f"{value:.1e}".split("e")
        return f"{mantissa}e{int(exponent)}"
    return f"{value:.2g}" if abs(value) < 100 else f"{value:.0f}"
