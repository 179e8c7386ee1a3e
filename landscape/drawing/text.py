"""Numbers and names as a picture shows them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from landscape.surfaces.surface import Surface

__all__ = [
    "format_level",
    "format_levels",
    "format_loss",
    "format_within",
    "formula_of",
    "parameter_name",
    "title_of",
    "with_power",
]

_MINUS = "\N{MINUS SIGN}"
_LONG = 7  # letters, beyond which a number of several is shorter with a power of ten
_MOST = 15  # digits that a number has
# A number's share of a range that nobody misses, and that of the way to its neighbour.
_HAIR, _NEAR = 0.01, 0.1


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


def format_within(value: float, span: float) -> str:
    """Return a number of a range of length `span`, in three digits or as many as that needs."""
    said = format_level(value)
    if not math.isfinite(value) or _misses(said, value) <= _HAIR * span:
        return said
    for digits in range(4, _MOST + 1):
        plain = _plain(value, digits)
        powers = with_power(value, digits)
        for said in (plain, powers) if len(plain) <= _LONG else (powers, plain):
            if _misses(said, value) <= _HAIR * span and len(said) <= max(_LONG, len(plain)):
                return said
    return _plain(value, _MOST)


def format_levels(values: Sequence[float]) -> list[str]:
    """Return increasing numbers in one style, in as many digits as tell them apart.

    They have three digits where that is enough. Where they differ in the last of many digits alone,
    only the first one is said as it is, and of the others how far they lie above it ("+2.5").
    """
    said = [format_level(value) for value in values]
    alike = len({"e" in one for one in said if one != "0"}) <= 1
    if not all(map(math.isfinite, values)) or (alike and _apart(said, values)):
        return said
    for style in (_plain, with_power):
        for digits in range(2 if style is with_power else 3, _LONG + 1):
            said = [style(value, digits) for value in values]
            if max(len(one.lstrip(_MINUS)) for one in said) > _LONG:
                break
            if _apart(said, values):
                return said
    first, *others = values
    above = format_levels([value - first for value in values])[1:]
    span = values[-1] - first
    return [format_within(first, span), *(f"+{one}" for one in above)] if first and others else said


def _apart(said: Sequence[str], values: Sequence[float]) -> bool:
    """Return whether each number is said far more exactly than its neighbours are away."""
    missed = [_misses(one, value) for one, value in zip(said, values, strict=True)]
    gaps = [b - a for a, b in pairwise(values)]
    return all(max(pair) <= _NEAR * gap for pair, gap in zip(pairwise(missed), gaps, strict=True))


def _misses(said: str, value: float) -> float:
    return abs(float(said.replace(_MINUS, "-")) - value)


def _plain(value: float, digits: int) -> str:
    """Return a number without a power of ten: `digits` of it, or more before the point."""
    if value == 0:
        return "0"
    places = max(0, digits - 1 - math.floor(math.log10(abs(value))))
    text = f"{value:.{places}f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return text.replace("-", _MINUS)


def with_power(value: float, digits: int) -> str:
    """Return a number such as 1.2e6 in at most `digits` digits."""
    if value == 0:
        return "0"
    mantissa, exponent = f"{value:.{digits - 1}e}".split("e")
    mantissa = mantissa.rstrip("0").rstrip(".") if "." in mantissa else mantissa
    return f"{mantissa}e{int(exponent)}".replace("-", _MINUS)


_TITLES = {
    "d2l": "D2L",
    "muller_brown": "Müller\N{EN DASH}Brown",
    "freudenstein_roth": "Freudenstein\N{EN DASH}Roth",
    "goldstein_price": "Goldstein\N{EN DASH}Price",
    "styblinski_tang": "Styblinski\N{EN DASH}Tang",
    "nesterov_chebyshev": "Nesterov\N{EN DASH}Chebyshev",
    "six_hump_camel": "Six-hump camel",
    "three_hump_camel": "Three-hump camel",
    "rnn_cliff": "RNN cliff",
}


def formula_of(surface: Surface, latex: str = "") -> str:
    """Return what a heading says of a surface as LaTeX: f(x, y) = …, or L(w, b) = … of data.

    Parameters: `latex` is the right side, the surface's own if left out.
    """
    function = "L" if surface.examples else "f"
    arguments = ", ".join(map(parameter_name, surface.labels))
    # Matplotlib sets bars that are to fit their contents too low for a letter.
    shown = (latex or surface.latex).replace(r"\left|", "|").replace(r"\right|", "|")
    return f"{function}({arguments}) = {shown}"


def parameter_name(label: str) -> str:
    """Return a parameter's name such as w_bmi or w1 as LaTeX."""
    if len(label) == 1:
        return label
    head, _, tail = label.partition("_")
    if not tail and label[1:].isdigit():
        head, tail = label[:1], label[1:]
    tail = tail.replace("_", r"\ ")
    return rf"{head}_{{\mathrm{{{tail}}}}}" if tail else rf"\mathrm{{{label}}}"


def title_of(name: str) -> str:
    """Return a surface's name as a heading: two_wells becomes Two wells."""
    if name in _TITLES:
        return _TITLES[name]
    words = name.replace("_", " ").strip()
    return words[:1].upper() + words[1:]
