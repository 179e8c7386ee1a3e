"""An axis of a map of settings: which number it varies, from where to where, and how it is spaced.

A number such as beta2 does its work near 1: "near1" spaces 1 - value as a logarithm does.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from landscape.errors import LandscapeError, unknown_name
from landscape.specs import parse_number
from landscape.values import short

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[Any]

__all__ = [
    "ALONE",
    "SPACINGS",
    "Axis",
    "parse_axis",
    "said_value",
    "spacing_of",
    "tidy",
    "usual_axis",
]

SPACINGS = ("log", "linear", "near1")
"""How the values of an axis are spaced: their logarithms, they, or the logarithms of 1 - value."""

# A mean with a memory: 0.99 and 0.999 are as far apart as 0.9 and 0.99.
_NEAR_1 = ("beta", "beta1", "beta2", "beta3", "rho")
_SHARES = ("mu", *_NEAR_1)
_DIGITS = 3


@dataclass(frozen=True)
class Axis:
    """The values of one number, `name`, from `low` to `high`.

    Attributes: `spacing`, one of SPACINGS.

    Raises LandscapeError for an empty range, or one that the spacing does not know.
    """

    name: str
    low: float
    high: float
    spacing: str

    def __post_init__(self) -> None:
        said = f"{self.name} from {short(self.low)} to {short(self.high)}"
        if self.spacing not in SPACINGS:
            raise unknown_name(f"spacing of {self.name}", self.spacing, SPACINGS)
        if not self.low < self.high:
            raise LandscapeError(f"{said} is no range: write the lower end first")
        if self.name == "lr" and self.low <= 0:
            raise LandscapeError(f"a learning rate is above 0: {said} came")
        if self.spacing == "log" and self.low <= 0:
            raise LandscapeError(
                f"a logarithmic axis is above 0: {said} came; add :linear, or another lower end"
            )
        if self.spacing == "near1" and self.high >= 1:
            raise LandscapeError(f"an axis spaced near 1 ends below 1: {said} came")

    @property
    def text(self) -> str:
        """The notation that `parse_axis` reads."""
        tail = "" if self.spacing == spacing_of(self.name, self.low) else f":{self.spacing}"
        return f"{self.name}={short(self.low)}:{short(self.high)}{tail}"

    def values(self, count: int) -> Array:
        """Return `count` values, both ends among them; of one it is the lower end."""
        import numpy as np

        found: Array = self.at(np.linspace(0.0, 1.0, count))
        found[-1], found[0] = self.high, self.low
        return found

    def at(self, share: Any) -> Any:
        """Return the values at shares (from 0 to 1) of the way from the lower end to the upper."""
        low, high = self._u(self.low), self._u(self.high)
        return self._back(low + share * (high - low))

    def share(self, value: Any) -> Any:
        """Return how far along the axis values lie: 0 at the lower end, 1 at the upper one."""
        low, high = self._u(self.low), self._u(self.high)
        return (self._u(value) - low) / (high - low)

    def _u(self, value: Any) -> Any:
        import numpy as np

        if self.spacing == "log":
            return np.log10(value)
        return value if self.spacing == "linear" else -np.log10(1.0 - np.asarray(value))

    def _back(self, u: Any) -> Any:
        import numpy as np

        if self.spacing == "log":
            return 10.0 ** np.asarray(u)
        return np.array(u) if self.spacing == "linear" else 1.0 - 10.0 ** -np.asarray(u)


ALONE = Axis("", 0.0, 1.0, "linear")
"""The axis upwards of a rule that has no second number: along it nothing changes."""


def spacing_of(name: str, low: float) -> str:
    """Return how values of a number from `low` on are spaced unless told otherwise."""
    if name in _NEAR_1:
        return "near1"
    return "log" if name not in _SHARES and low > 0 else "linear"


def parse_axis(text: str, known: Sequence[str], option: str = "an axis") -> tuple[str, Axis | None]:
    """Return the name that an axis varies, and the axis; None for one that is left to choose.

    Parameters: `text` is "lr", "lr=0.001:0.2" or "mu=0:0.99:near1"; `known` are the names that can
    be varied; `option` names the axis in errors.

    Raises LandscapeError for any other text.
    """
    name, equals, tail = (part.strip() for part in text.partition("="))
    if name not in known:
        raise unknown_name(f"number for {option}", name, known)
    if not equals:
        return name, None
    parts = [part.strip() for part in tail.split(":")]
    if not 2 <= len(parts) <= 3 or not all(parts):
        raise LandscapeError(
            f"{option} is NAME=LOW:HIGH, such as lr=0.001:0.2, or NAME=LOW:HIGH:linear: "
            f"{text!r} came"
        )
    low, high = (parse_number(part, f"an end of {name}") for part in parts[:2])
    return name, Axis(name, low, high, parts[2] if len(parts) > 2 else spacing_of(name, low))


def usual_axis(name: str, value: float) -> Axis:
    """Return a range to look at around the value that a number has by default.

    Parameters: `name` is no learning rate, whose range depends on the surface.
    """
    if name in ("mu", "beta1"):
        return Axis(name, 0.0, 0.99, "linear")
    if name in _NEAR_1:
        return Axis(name, 0.5, 0.9999, "near1")
    if name == "rotation":
        return Axis(name, 0.0, 90.0, "linear")
    if value > 0:
        return Axis(name, tidy(value / 20, 2), tidy(value * 20, 2), "log")
    return Axis(name, -1.0, 1.0, "linear") if value == 0 else Axis(name, 2 * value, 0.0, "linear")


def tidy(value: float, digits: int = _DIGITS) -> float:
    """Return a number rounded to so many digits, as a person would write it."""
    return float(f"{value:.{digits - 1}e}") if math.isfinite(value) else value


def said_value(value: float) -> str:
    """Return a value with as few digits as tell it from its neighbours, to be pasted back.

    Between 0.9 and 1 those of 1 - value count: 0.9999, not 1.
    """
    near = 0.9 < value < 1.0
    return f"{1.0 - tidy(1.0 - value):.12g}" if near else f"{tidy(value):.12g}"
