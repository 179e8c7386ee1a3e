"""The legend of a map of basins: colours, signs, places, and each one's share of the starts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from landscape.drawing.pen import fit
from landscape.drawing.sheet import Sheet
from landscape.pictures.basins import BasinPanel, Basins
from landscape.pictures.basins_colors import BasinColors
from landscape.pictures.basins_layout import LINE
from landscape.pictures.basins_words import place_words, shares_of

if TYPE_CHECKING:
    from matplotlib.text import Text

    from landscape.drawing.layout import Box

__all__ = ["Legend", "reached_labels"]

_OTHERS = None  # the last line of a legend that has no room for all
_NARROW = 205.0  # slide pixels of a column
_GAP = 18.0  # between two columns


class Legend:
    """The legend of one panel.

    Parameters: `ready`; the `panel` of it; the `sheet` that it is written on; `colors` of the maps;
    the `box` where it is; `headed`, whether it has headings and a single column.

    Attributes: `shares`, the texts that change from frame to frame.
    """

    def __init__(
        self,
        ready: Basins,
        panel: BasinPanel,
        sheet: Sheet,
        colors: BasinColors,
        box: Box,
        *,
        headed: bool,
    ) -> None:
        self._ready, self._panel, self._sheet, self._colors = ready, panel, sheet, colors
        left, bottom, width, height = box
        unit, faint = sheet.unit, sheet.theme.faint
        labels = reached_labels(ready)
        top = bottom + height
        if headed and height > 5 * LINE * unit:
            sheet.text(left + width, top - 14 * unit, "of the starts", 18, faint, ha="right")
            sheet.text(left, top - 14 * unit, "ends at", 18, faint)
            top -= LINE * unit
        lines = max(1, int((top - bottom) / (0.9 * LINE * unit)))
        crowded = not headed and len(labels) > lines and width > 2 * _NARROW * unit
        columns = 2 if crowded else 1
        shown: list[int | None] = list(labels)
        if len(shown) > lines * columns:
            shown = [*_largest(ready, labels, lines * columns - 1), _OTHERS]
        others = len(labels) - len(shown) + 1
        each = (width - (columns - 1) * _GAP * unit) / columns
        tall = max(1, -(-len(shown) // columns))
        step = min((top - bottom) / tall, 1.25 * LINE * unit)
        self._shares: list[tuple[int | None, Text]] = []
        self._names: list[tuple[Text, bool]] = []
        for k, label in enumerate(shown):
            column, line = divmod(k, tall)
            at = (left + column * (each + _GAP * unit), top - (line + 0.5) * step, each)
            self._write(label, at, f"{others} others")
        self._align()

    @property
    def shares(self) -> list[Text]:
        """The texts that change from frame to frame."""
        return [text for _, text in self._shares]

    def show(self, frame: int) -> None:
        """Show the shares of a frame."""
        counts = self._panel.counts(frame)
        shares = dict(shares_of(counts))
        named = [label for label, _ in self._shares if label is not _OTHERS]
        rest = sum(count for label, count in counts.items() if label not in named)
        together = dict(shares_of({0: rest, 1: sum(counts.values()) - rest}))[0]
        for label, text in self._shares:
            text.set_text(together if label is _OTHERS else shares.get(label, "0 %"))

    def _write(self, label: int | None, at: tuple[float, float, float], others: str) -> None:
        """Write a line at (x, y), so many pixels wide."""
        x, y, width = at
        sheet, ink, unit = self._sheet, self._sheet.theme.ink, self._sheet.unit
        share = sheet.text(x + width, y, "100.0 %", 20, ink, ha="right", fontweight="bold")
        room = width - float(share.get_window_extent().width) - 8 * unit
        share.set_text("")
        self._shares.append((label, share))
        start, sign, said = 0.0, "", others
        if label is not _OTHERS:
            side = 22 * unit
            sheet.pen.box(x, y - 0.5 * side, side, side, self._colors.flat(label))
            start += side + 9 * unit
            sign, said = place_words(self._ready, label)
        if sign:
            letter = sheet.text(x + start, y, sign, 21, ink, fontweight="bold")
            start += float(letter.get_window_extent().width) + 9 * unit
        text = sheet.text(x + start, y, said, 20, ink)
        if fit(text, room - start, least=0.62 if sign else 0.5) is None:
            text.set_text("")
        self._names.append((text, bool(sign) and bool(said)))

    def _align(self) -> None:
        """Give all letters one size; if some coordinates have no room, the signs are enough."""
        signed = [text for text, has in self._names if has]
        if not all(text.get_text() for text in signed):
            for text in signed:
                text.set_text("")
        sizes = [float(text.get_fontsize()) for text, _ in self._names if text.get_text()]
        for text, _ in self._names:
            text.set_fontsize(min(sizes, default=1.0))


def reached_labels(ready: Basins) -> list[int]:
    """Return the labels that any frame of any panel has: places in their order, then the rest."""
    found = {label for one in ready.panels for k in range(ready.count) for label in one.counts(k)}
    return [*sorted(k for k in found if k >= 0), *sorted((k for k in found if k < 0), reverse=True)]


def _largest(ready: Basins, labels: Sequence[int], count: int) -> list[int]:
    """Return the labels with most starts in all panels and frames, in the order they had."""
    total = dict.fromkeys(labels, 0)
    for panel in ready.panels:
        for k in range(ready.count):
            for label, starts in panel.counts(k).items():
                total[label] += starts
    kept = sorted(labels, key=lambda label: (-total[label], labels.index(label)))[:count]
    return [label for label in labels if label in kept]
