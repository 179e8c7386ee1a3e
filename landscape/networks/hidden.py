"""The hidden layers of a network: their widths from a text, and whether skips fit around them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from landscape.errors import LandscapeError

if TYPE_CHECKING:
    from landscape.networks.network import Network

__all__ = ["check_skips", "hidden_widths"]

_MOST_WIDTH = 10_000


def check_skips(network: Network) -> None:
    """Raise LandscapeError for skip connections of which a network has none."""
    if network.skip and not any(network.skips):
        raise LandscapeError(
            "a skip connection goes around a hidden layer as wide as what it reads, and "
            f"{network.describe()} has none: take layers of equal width, such as 20x32"
        )


def hidden_widths(said: str, most: int = 100) -> tuple[int, ...]:
    """Return the widths of the hidden layers that a text says, from the inputs to the outputs.

    Parameters: `said` is widths such as "64,32", with "6x100" for six of 100; "" or "none" is a
    network without hidden layers; `most` is how many layers there may be, of 1 to 10 000 units.

    Raises LandscapeError if it says anything else.
    """
    widths: list[int] = []
    plain = said.replace(" ", "").lower()
    for part in plain.split(",") if plain not in ("", "none") else []:
        found = re.fullmatch(r"(?:(\d{1,6})[x×])?(\d{1,6})", part)
        times, width = (int(found[1] or 1), int(found[2])) if found else (0, 0)
        if not (times and 1 <= width <= _MOST_WIDTH and len(widths) + times <= most):
            raise LandscapeError(
                f"net is widths of hidden layers such as 64,32 or 6x100, at most {most} layers "
                f"of 1 to {_MOST_WIDTH} units: {said!r} came"
            )
        widths += [width] * times
    return tuple(widths)
