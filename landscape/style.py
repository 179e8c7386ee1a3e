"""The words for looks: themes, trail colours and markers, picture sizes, kinds of levels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from landscape.errors import LandscapeError, unknown_name

__all__ = [
    "HEIGHT_KINDS",
    "LEVEL_KINDS",
    "MARKERS",
    "SIZES",
    "THEMES",
    "Theme",
    "find_theme",
    "parse_size",
    "trail_slots",
]


@dataclass(frozen=True, slots=True)
class Theme:
    """What a picture is painted with; colours are hex strings.

    `ground` is the page, `ink` text and axes, `faint` lesser text; `fills` run from the lowest
    level to the highest; `line` draws the contour lines on them, `lines` (lowest, highest) those
    that stand alone; `relief` are the fills of surfaces in three dimensions, which stand on the
    ground; `trails` are the optimizers' colours by slot (Okabe and Ito 2008, those that
    carry on this ground); `star` marks minima, and `cut` is where walls are cut off.
    """

    name: str
    ground: str
    ink: str
    faint: str
    fills: tuple[str, ...]
    line: str
    lines: tuple[str, str]
    relief: tuple[str, ...]
    trails: tuple[str, ...]
    edge: str
    star: str
    cut: str


THEMES: dict[str, Theme] = {
    "light": Theme(
        "light",
        ground="#ffffff",
        ink="#1a1d21",
        faint="#5a6470",
        fills=("#fdfefe", "#e9eff3", "#d3dee6", "#bccbd6", "#a3b6c4", "#8aa0b1"),
        line="#6f8799",
        lines=("#1f4e6e", "#b3c6d3"),
        relief=("#fdf7e3", "#e3f1d9", "#b3e0d6", "#85cbdc", "#62a7d6", "#6482c4"),
        # Vermillion, blue, green, purple, black, sky blue, brown, orange (yellow is lost on white).
        trails=(
            "#d55e00",
            "#0072b2",
            "#009e73",
            "#b4508a",
            "#000000",
            "#56b4e9",
            "#7a4a1e",
            "#e69f00",
        ),
        edge="#ffffff",
        star="#f0e442",
        cut="#e8ddc8",
    ),
    "dark": Theme(
        "dark",
        ground="#14181d",
        ink="#f2f4f6",
        faint="#a9b4bf",
        fills=("#10141a", "#1a222b", "#25303c", "#313f4d", "#3f505f", "#4f6272"),
        line="#6d8293",
        lines=("#d8e6f0", "#4a5f70"),
        relief=("#41306e", "#3b4a8c", "#336a98", "#43889f", "#7fa9a0", "#c9cfae"),
        trails=(
            "#ff7a1a",
            "#56b4e9",
            "#00c08b",
            "#e08bbd",
            "#ffffff",
            "#f0e442",
            "#b9a3ff",
            "#5b7cff",
        ),
        edge="#14181d",
        star="#ffffff",
        cut="#6b5d45",
    ),
}

# Distinct by shape alone, for those who cannot tell the colours and for grey prints. No crosses:
# those mark saddles and lost paths.
MARKERS = ("o", "s", "^", "D", "P", "v", "h", "<")
# A rule looks the same in every picture: these have the slots of colours and markers in order.
_SLOTS = ("gd", "momentum", "adam", "rmsprop", "nesterov", "adagrad", "adadelta", "adamax")

# How contour levels can be spaced; `landscape.levels` says what each does.
LEVEL_KINDS = ("auto", "log", "power", "quantile", "linear")
# What heights in three dimensions can be; `landscape.relief.heights` says what each is.
HEIGHT_KINDS = ("auto", "linear", "log", "clip")

SIZES: dict[str, tuple[int, int]] = {
    "slide": (1280, 720),
    "square": (800, 800),
    "wide": (1600, 680),
    "cs231n": (620, 480),
    "hd": (1920, 1080),
}
_SMALLEST, _LARGEST = 200, 4096


def find_theme(theme: str | Theme) -> Theme:
    """Return a theme by its name; an unknown one raises LandscapeError."""
    if isinstance(theme, Theme):
        return theme
    if theme not in THEMES:
        raise unknown_name("theme", theme, THEMES)
    return THEMES[theme]


def trail_slots(rules: Sequence[str]) -> list[int]:
    """Return a slot of colour and marker for each rule's name, all different.

    The first path of a rule that has a slot of its own gets it; the others get the first ones that
    are left, those that belong to no rule in the picture.
    """
    owned = {name: slot for slot, name in enumerate(_SLOTS) if name in rules}
    free = iter(sorted(set(range(len(_SLOTS) + len(rules))) - set(owned.values())))
    return [owned.pop(name) if name in owned else next(free) for name in rules]


def parse_size(size: str | tuple[int, int]) -> tuple[int, int]:
    """Return (width, height) in pixels from a name of SIZES, "800x600" or a pair.

    Raises LandscapeError if it is none of these or out of 200 … 4096.
    """
    if isinstance(size, str) and size in SIZES:
        return SIZES[size]
    try:
        parts = size.lower().replace("×", "x").split("x") if isinstance(size, str) else size
        width, height = (int(part) for part in parts)
    except ValueError:
        names = ", ".join(SIZES)
        raise LandscapeError(
            f"a size is {names} or pixels such as 800x600: {size!r} came"
        ) from None
    if not (_SMALLEST <= width <= _LARGEST and _SMALLEST <= height <= _LARGEST):
        raise LandscapeError(
            f"a size must lie between {_SMALLEST} and {_LARGEST} pixels: {width}x{height} came"
        )
    return width, height
