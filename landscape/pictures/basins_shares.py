"""Shares of all starts, as they are written."""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ["shares_of"]

_TENTHS = 1000  # shares are whole tenths of a percent


def shares_of(counts: Mapping[int, int]) -> list[tuple[int, str]]:
    """Return labels with their shares of all starts, in the order of `counts`.

    The shares as they are written add up to 100 %: what rounding takes goes to the parts that lost
    most by it. Equal counts have equal shares, though: where what is left does not suffice for all
    of them, each is rounded by itself.
    """
    total = sum(counts.values())
    # Whole numbers: equal remainders must be equal.
    tenths = {label: _TENTHS * count // total for label, count in counts.items()}
    lost = {label: _TENTHS * count % total for label, count in counts.items()}
    left = _TENTHS - sum(tenths.values())
    for size in sorted(set(lost.values()), reverse=True):
        alike = [label for label in counts if lost[label] == size]
        if left < len(alike) and 2 * size < total:
            break
        for label in alike:
            tenths[label] += size > 0
        left -= len(alike)
        if left <= 0:
            break
    return [(label, _percent(part, counts[label])) for label, part in tenths.items()]


def _percent(tenths: int, count: int) -> str:
    if not tenths and count:
        return "< 0.1 %"
    return f"{tenths / 10:.1f} %"
