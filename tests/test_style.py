from __future__ import annotations

import pytest

from landscape.drawing.trail import trail_styles
from landscape.optimizers import RULES
from landscape.style import MARKERS, THEMES, trail_slots


def test_a_rule_looks_the_same_in_every_picture() -> None:
    first = [*RULES][:8]
    alone = {rule: trail_slots([rule])[0] for rule in first}
    assert sorted(alone.values()) == list(range(8))
    for rules in (["adam", "gd"], ["gd", "momentum", "adam"], [*reversed(first)]):
        assert trail_slots(rules) == [alone[rule] for rule in rules]


@pytest.mark.parametrize(
    ("rules", "slots"),
    [
        ([], []),
        (["gd", "gd", "adam", "mine"], [0, 1, 2, 3]),
        (["mine", "gd", "mine"], [1, 0, 2]),
        (["momentum", "momentum", "gd"], [1, 2, 0]),
    ],
)
def test_what_is_left_goes_to_the_others(rules: list[str], slots: list[int]) -> None:
    assert trail_slots(rules) == slots


@pytest.mark.parametrize("theme", THEMES)
def test_sixteen_paths_differ_by_colour_and_marker(theme: str) -> None:
    styles = trail_styles(["gd"] * 16, THEMES[theme])
    assert len({(style.color, style.marker) for style in styles}) == 16
    # Eight differ by either alone.
    assert len({style.color for style in styles[:8]}) == 8
    assert len({style.marker for style in styles[:8]}) == 8


def _contrast(one: str, other: str) -> float:
    """The ratio of WCAG 2.1."""

    def luminance(color: str) -> float:
        parts = (int(color[k : k + 2], 16) / 255 for k in (1, 3, 5))
        linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", THEMES)
def test_text_can_be_read_and_trails_be_seen(theme: str) -> None:
    look = THEMES[theme]
    assert _contrast(look.ink, look.ground) > 12
    assert _contrast(look.faint, look.ground) > 4.5
    for color in look.trails:
        assert _contrast(color, look.ground) > 1.9


def test_no_head_is_a_cross() -> None:
    # Crosses mark saddles and lost paths.
    assert not {"x", "X", "+"} & set(MARKERS)
