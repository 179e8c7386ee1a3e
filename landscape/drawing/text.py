"""Numbers and names as a picture shows them."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from landscape.surfaces.surface import Surface

__all__ = ["format_level", "format_loss", "formula_of", "parameter_name", "title_of"]


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
