"""Numbers and names as a picture shows them."""

from __future__ import annotations

import math

__all__ = ["format_level", "format_loss", "title_of"]


def format_loss(value: float) -> str:
    """Return a loss in at most eight characters, always in the same form for its size."""
    if not math.isfinite(value):
        return "inf" if value > 0 else "-inf" if value < 0 else "nan"
    if value == 0:
        return "0"
    if 1e-3 <= abs(value) < 1e5:
        digits = max(0, 3 - math.floor(math.log10(abs(value))))
        return f"{value:.{min(digits, 5)}f}".replace("-", "\N{MINUS SIGN}")
    mantissa, exponent = f"{value:.1e}".split("e")
    return f"{mantissa}e{int(exponent)}".replace("-", "\N{MINUS SIGN}")


def format_level(value: float) -> str:
    """Return a contour level in three digits."""
    if value == 0 or not math.isfinite(value):
        return format_loss(value)
    if 1e-3 <= abs(value) < 1e5:
        text = f"{value:.3g}" if abs(value) < 1000 else f"{value:.0f}"
        return text.replace("-", "\N{MINUS SIGN}")
    return format_loss(value)


def title_of(name: str) -> str:
    """Return a catalogue name as a heading: six_hump_camel becomes Six hump camel."""
    words = name.replace("_", " ").strip()
    return words[:1].upper() + words[1:]
