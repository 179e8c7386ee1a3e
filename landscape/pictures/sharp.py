"""What is said of how sharp the minima of several networks are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

from landscape.pictures.words import short

if TYPE_CHECKING:
    from landscape.planes.sharpness import Sharpness

__all__ = ["ordering", "rise_of", "sharpest"]


class _Measured(Protocol):
    @property
    def title(self) -> str: ...
    @property
    def sharpness(self) -> tuple[Sharpness, ...]: ...


def rise_of(found: Sequence[Sharpness]) -> str:
    """Return the rises of the loss around networks of several seeds, "" if there are none."""
    if not found:
        return ""
    first = found[0]
    rises = ", ".join(short(one.value) for one in found[:5]) + (", …" if len(found) > 5 else "")
    if len(found) == 1:
        rises = f"{short(first.value)} ± {first.error:.1g}"
    return f"rise at radius {first.radius:g}: {rises}"


def ordering(variants: Sequence[_Measured]) -> str:
    """Return in how many pairs of networks of the same seed which variant is sharper.

    It is "" unless there are at least two variants whose sharpness was measured.
    """
    found = sharpest(variants)
    if found is None:
        return ""
    first, last, told = found
    return f"{first.title}: {told.replace('sharper', f'sharper than {last.title}')}"


def sharpest(variants: Sequence[_Measured]) -> tuple[_Measured, _Measured, str] | None:
    """Return the sharpest and the flattest variant, and "sharper in 4 of 5 seeds".

    None unless there are at least two variants whose sharpness was measured.
    """
    known = [one for one in variants if one.sharpness]
    if len(known) < 2:
        return None
    known.sort(key=lambda one: -sum(part.value for part in one.sharpness))
    pairs = list(zip(known[0].sharpness, known[-1].sharpness, strict=True))
    held = sum(one.value > other.value for one, other in pairs)
    seeds = "seed" if len(pairs) == 1 else "seeds"
    return known[0], known[-1], f"sharper in {held} of {len(pairs)} {seeds}"
