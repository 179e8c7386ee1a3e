"""The legend of particles with noise: how many are in each hollow, beside theory's share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from landscape.drawing.pen import fit
from landscape.drawing.sheet import Sheet
from landscape.pictures.basins_layout import LINE
from landscape.pictures.basins_legend import reached_labels
from landscape.pictures.basins_shares import shares_of
from landscape.pictures.basins_words import place_words
from landscape.pictures.swarm_colors import SwarmColors
from landscape.pictures.swarm_noise import SEEN, SHARES

if TYPE_CHECKING:
    from matplotlib.text import Text

    from landscape.drawing.layout import Box
    from landscape.pictures.swarm import SwarmPanel, Swarms
    from landscape.pictures.swarm_noise import Theory

__all__ = ["TheoryLegend"]

_GAP, _SIDE = 10.0, 22.0  # between columns, and of a patch of colour, in slide pixels
_LEAST = 0.86  # of a line's usual height
_NONE = "0.0 %"
_SMALLEST = 0.6  # of the size of coordinates, which else are left out


class TheoryLegend:
    """The legend of one panel whose rule has a stationary density by theory.

    Parameters: `ready`; the `panel` of it; the `sheet` that it is written on; `colors` of the
    particles; the `box` where it is.

    Attributes: `shares`, the texts that change from frame to frame.
    """

    def __init__(
        self, ready: Swarms, panel: SwarmPanel, sheet: Sheet, colors: SwarmColors, box: Box
    ) -> None:
        assert panel.theory is not None
        self._panel, self._sheet = panel, sheet
        self._left, bottom, self._width, height = box
        theory, unit, ink = panel.theory, sheet.unit, sheet.theme.ink
        labels = _labels(ready, theory)
        # What there is no room for goes, the temperature first.
        most = max(1, int(height / (_LEAST * LINE * unit)))
        headed = most > len(labels)
        lines = SHARES if most > len(labels) + len(SHARES) else ()
        warm = most > 1 + len(labels) + len(SHARES)
        if len(labels) > most:
            largest = sorted(labels, key=lambda one: -theory.shares.get(one, 0.0))[:most]
            labels = [one for one in labels if one in largest]
        step = min(height / (headed + len(labels) + len(lines) + warm), 1.25 * LINE * unit)
        self._column = (
            self._column_width("100.0 %", fontweight="bold"),
            self._column_width("99.9 %"),
        )
        self._coordinates: list[Text] = []
        self._places: list[tuple[int, Text]] = []
        self._within: list[Text] = []
        y = bottom + height - 0.5 * step
        if headed:
            faint = sheet.theme.faint
            for x, said in zip(self._ends(), ("now", "theory"), strict=True):
                sheet.text(x, y, said, 18, faint, ha="right")
            sheet.text(self._left, y, "hollow", 18, faint)
            y -= step
        parts = dict(shares_of({one: round(1e6 * part) for one, part in theory.shares.items()}))
        side = _SIDE * unit
        for label in labels:
            sign, said, _ = place_words(cast("Any", ready), label)
            sheet.pen.box(self._left, y - 0.5 * side, side, side, colors.flat(label))
            x = self._left + side + 9 * unit
            if sign:
                letter = sheet.text(x, y, sign, 21, ink, fontweight="bold")
                x += float(letter.get_window_extent().width) + 8 * unit
            text = self._name(x, y, said, _SMALLEST if sign else 0.3)
            if sign and said:
                self._coordinates.append(text)
            self._places.append((label, self._numbers(y, parts.get(label, _NONE))))
            y -= step
        for share, said in zip(lines, ("inner line", "outer line"), strict=False):
            self._name(self._left, y, said)
            self._within.append(self._numbers(y, _percent(share)))
            y -= step
        if warm:
            sheet.text(self._left, y, f"T = {theory.temperature:.3g}", 20, ink)
        self._align()

    @property
    def shares(self) -> list[Text]:
        """The texts that change from frame to frame."""
        return [*(text for _, text in self._places), *self._within]

    def show(self, frame: int) -> None:
        """Show the numbers of a frame."""
        held = self._panel.held
        assert held is not None
        shares = dict(shares_of(held.counts[frame]))
        for label, text in self._places:
            text.set_text(shares.get(label, _NONE))
        for text, share in zip(self._within, held.within[frame], strict=False):
            text.set_text(_percent(share))

    def _column_width(self, widest: str, **more: Any) -> float:
        text = self._sheet.text(0, 0, widest, 20, "#000000", **more)
        wide = float(text.get_window_extent().width)
        text.remove()
        return wide + _GAP * self._sheet.unit

    def _ends(self) -> tuple[float, float]:
        """Return where the two columns of numbers end."""
        right = self._left + self._width
        return right - self._column[1], right

    def _numbers(self, y: float, theory: str) -> Text:
        """Write the share that theory has, and return the text for the other."""
        ink, faint = self._sheet.theme.ink, self._sheet.theme.faint
        now, right = self._ends()
        self._sheet.text(right, y, theory, 20, faint, ha="right")
        return self._sheet.text(now, y, "", 20, ink, ha="right", fontweight="bold")

    def _name(self, x: float, y: float, said: str, least: float = _SMALLEST) -> Text:
        text = self._sheet.text(x, y, said, 20, self._sheet.theme.ink)
        room = self._left + self._width - sum(self._column) - x
        if fit(text, room, least=least) is None:
            text.set_text("")
        return text

    def _align(self) -> None:
        """Give all coordinates one size; if some have no room, the letters are enough."""
        small = not all(one.get_text() for one in self._coordinates)
        size = min((float(one.get_fontsize()) for one in self._coordinates), default=1.0)
        for text in self._coordinates:
            text.set_fontsize(size)
            text.set_visible(not small)


def _labels(ready: Swarms, theory: Theory) -> list[int]:
    """Return the hollows where some are, or should be."""
    found = {*reached_labels(cast("Any", ready))}
    found |= {one for one, share in theory.shares.items() if share >= SEEN}
    return sorted(found, key=lambda one: (one < 0, abs(one)))


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %"
