"""The one error that bad input ends in, and the words that help to mend it."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

__all__ = ["LandscapeError", "unknown_name"]


class LandscapeError(ValueError):
    """Bad input: the message is one line that says what was wanted, what came and the cure."""


_MOST = 12  # names that a line lists
# By what was looked for: where all names can be seen.
_WHERE = {
    "surface": "landscape surfaces lists all",
    "optimizer": "landscape optimizers lists all",
    "update rule": "landscape optimizers lists all",
    "schedule": "landscape schedules lists all",
    "command": "landscape --help lists all",
    "colormap": "https://matplotlib.org/stable/gallery/color/colormap_reference.html shows all",
}


def unknown_name(kind: str, name: str, known: Iterable[str]) -> LandscapeError:
    """Return the error for a name that a catalogue does not have, with the nearest names.

    Parameters: `kind` is what was looked for ("surface"), `name` what came, `known` all names.
    Of many the first are listed, with how many more there are and where they can be seen.
    """
    names = list(known)
    shown = repr(name if len(name) <= 60 else f"{name[:57]}…")
    close = difflib.get_close_matches(name[:60].lower(), names, n=3, cutoff=0.6)
    if close:
        return LandscapeError(f"unknown {kind} {shown}: did you mean {' or '.join(close)}?")
    listed = ", ".join(names[:_MOST])
    if len(names) > _MOST:
        where = f" ({_WHERE[kind]})" if kind in _WHERE else ""
        listed += f" and {len(names) - _MOST} more{where}"
    return LandscapeError(f"unknown {kind} {shown}: choose from {listed}")
