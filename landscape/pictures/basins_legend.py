"""The legend of a map of basins: colours, signs, places, and each one's share of the starts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from landscape.drawing.pen import fit
from landscape.drawing.sheet import Sheet
from landscape.maps.places import circled_by
from landscape.pictures.basins import BasinPanel, Basins
from landscape.pictures.basins_colors import BasinColors
from landscape.pictures.basins_layout import LINE
from landscape.pictures.basins_shares import shares_of
from landscape.pictures.basins_words import SIGNS, place_words

if TYPE_CHECKING:
    from matplotlib.text import Text

    from landscape.drawing.layout import Box

__all__ = ["Legend", "reached_labels", "write_names"]

_OTHERS = None  # the last line of a legend that has no room for all
_NARROW, _NAMELESS = 205.0, 136.0  # slide pixels of a column, with names and without
_GAP = 18.0  # between two columns
_RARE = 0.005  # of the starts: paths that circle a place have no line of their own
_SIDE, _BESIDE = 22.0, 9.0  # of a box of colour, and from there to a name


@dataclass(frozen=True)
class _Name:
    """What a line says of its place: `text` at first, `short` where that has no room."""

    text: Text
    short: str
    signed: bool
    fits: bool
    room: float


class Legend:
    """The legend of one panel.

    Parameters: `ready`; the `panel` of it; the `sheet` that it is written on; `colors` of the maps;
    the `box` where it is; `headed`, whether it has headings and a single column; `named`, whether
    it says what each colour is, or its sign alone.

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
        named: bool = True,
    ) -> None:
        self._ready, self._panel, self._sheet, self._colors = ready, panel, sheet, colors
        self._named = named
        left, bottom, width, height = box
        unit, faint = sheet.unit, sheet.theme.faint
        labels = reached_labels(ready)
        if not named:
            own = {label for k in range(ready.count) for label in panel.counts(k)}
            labels = [label for label in labels if label in own]
        top = bottom + height
        if headed and height > 5 * LINE * unit:
            sheet.text(left + width, top - 14 * unit, "of the starts", 18, faint, ha="right")
            sheet.text(left, top - 14 * unit, "ends at", 18, faint)
            top -= LINE * unit
        lines = max(1, int((top - bottom) / (0.9 * LINE * unit)))
        columns = 1
        if not headed and len(labels) > lines:
            columns = max(1, min(2, int(width / ((_NARROW if named else _NAMELESS) * unit))))
        shown: list[int | None] = list(self._chosen(labels, lines * columns))
        others = len(labels) - len(shown)
        said = f"{others} others"
        if others:
            tints = {colors.flat(label) for label in shown if label is not _OTHERS}
            if not named:
                said = "others"
            elif any(colors.flat(label) in tints for label in labels if label not in shown):
                said += ", in the same colours"
            shown.append(_OTHERS)
        each = (width - (columns - 1) * _GAP * unit) / columns
        tall = max(1, -(-len(shown) // columns))
        step = min((top - bottom) / tall, 1.25 * LINE * unit)
        self._shares: list[tuple[int | None, Text]] = []
        self._names: list[_Name] = []
        for k, label in enumerate(shown):
            column, line = divmod(k, tall)
            at = (left + column * (each + _GAP * unit), top - (line + 0.5) * step, each)
            self._write(label, at, said)
        self._align()

    @property
    def shares(self) -> list[Text]:
        """The texts that change from frame to frame."""
        return [text for _, text in self._shares]

    def show(self, frame: int) -> None:
        """Show the shares of a frame."""
        counts = self._panel.counts(frame)
        shares: dict[int | None, str] = dict(shares_of(counts))
        named = [label for label, _ in self._shares if label is not _OTHERS]
        rest = sum(count for label, count in counts.items() if label not in named)
        if rest:
            shares[_OTHERS] = dict(shares_of({0: rest, 1: sum(counts.values()) - rest}))[0]
        for label, text in self._shares:
            text.set_text(shares.get(label, "0 %"))

    def _chosen(self, labels: Sequence[int], most: int) -> list[int]:
        """Return the labels that have a line: the largest ones, no two of one colour.

        A sign has a line in any case, or nobody would know what it means.
        """
        panels = self._ready.panels if self._named else [self._panel]
        ordered = _largest(panels, self._ready.count, labels)
        rare = [label for label in labels if self._is_rare(label)]
        if len(rare) > 1:
            ordered = [label for label in ordered if label not in rare]
        kinds = {label: self._ready.places.kinds[label] for label in ordered if label >= 0}
        signs = [next((k for k in ordered if kinds.get(k) == kind), None) for kind in SIGNS]
        ordered.sort(key=lambda label: label not in signs)
        unlike = list({self._colors.flat(label): label for label in reversed(ordered)}.values())
        if len(unlike) == len(labels) <= most:
            return list(labels)
        kept = sorted(unlike, key=ordered.index)[: most - 1]
        return [label for label in labels if label in kept]

    def _is_rare(self, label: int) -> bool:
        """Return whether hardly a path circles a place, in any frame of any panel."""
        if circled_by(label) is None:
            return False
        rows = [one.counts(k) for one in self._ready.panels for k in range(self._ready.count)]
        return all(row.get(label, 0) < _RARE * sum(row.values()) for row in rows)

    def _write(self, label: int | None, at: tuple[float, float, float], others: str) -> None:
        """Write a line at (x, y), so many pixels wide."""
        x, y, width = at
        sheet, ink, unit = self._sheet, self._sheet.theme.ink, self._sheet.unit
        share = sheet.text(x + width, y, "100.0 %", 20, ink, ha="right", fontweight="bold")
        room = width - float(share.get_window_extent().width) - 8 * unit
        share.set_text("")
        self._shares.append((label, share))
        start, sign, said, short = 0.0, "", others, others.partition(",")[0]
        if label is not _OTHERS:
            side = _SIDE * unit
            sheet.pen.box(x, y - 0.5 * side, side, side, self._colors.flat(label))
            start += side + _BESIDE * unit
            sign, said, short = place_words(self._ready, label)
        if sign:
            letter = sheet.text(x + start, y, sign, 21, ink, fontweight="bold")
            start += float(letter.get_window_extent().width) + 9 * unit
        if not self._named and label is not _OTHERS:
            return
        text = sheet.text(x + start, y, said, 20, ink)
        fits = fit(text, room - start, least=0.62 if sign else 0.5) is not None
        self._names.append(_Name(text, short, bool(sign), fits, room - start))

    def _align(self) -> None:
        """Give all names one size; if some coordinates have no room, the signs are enough."""
        crowded = not all(one.fits for one in self._names if one.signed)
        for one in self._names:
            if (crowded and one.signed) or not one.fits:
                one.text.set_text(one.short)
                fit(one.text, one.room, least=0.4)
        sizes = [float(one.text.get_fontsize()) for one in self._names if one.text.get_text()]
        for one in self._names:
            one.text.set_fontsize(min(sizes, default=1.0))


def write_names(ready: Basins, sheet: Sheet, colors: BasinColors, box: Box) -> None:
    """Write in a row what colours and signs without a letter mean, once for all panels."""
    rows: list[tuple[int, str, str]] = []
    for label in reached_labels(ready):
        sign, said, short = place_words(ready, label)
        name = ""
        if circled_by(label) is not None:
            name, sign = "pale: circling, not at rest", ""
        elif label < 0:
            name = said
        elif sign in {one for one, _ in SIGNS.values()}:
            name = short
        if name and name not in [known for _, _, known in rows]:
            rows.append((label, sign, name))
    left, bottom, width, height = box
    unit, ink = sheet.unit, sheet.theme.ink
    texts = [(label, sheet.text(left, bottom, f"{sign} {name}".strip(), 19, ink))
             for label, sign, name in rows]  # fmt: skip
    # In one line, or smaller in two: whichever has the larger letters.
    lines = max(
        (1, 2), key=lambda count: _scale_of(texts, width / unit, height / unit, count, unit)
    )
    scale = _scale_of(texts, width / unit, height / unit, lines, unit)
    side = min(_SIDE, 0.86 * height / unit / lines) * unit
    each, x = max(1, -(-len(texts) // lines)), left
    for k, (label, text) in enumerate(texts):
        line, column = divmod(k, each)
        x = left if column == 0 else x + _GAP * unit
        y = bottom + height * (1 - (line + 0.5) / lines)
        sheet.pen.box(x, y - 0.5 * side, side, side, colors.flat(label))
        x += side + _BESIDE * unit
        text.set_fontsize(scale * float(text.get_fontsize()))
        text.set_position((x / sheet.pen.width, y / sheet.pen.height))
        x += float(text.get_window_extent().width)


def _scale_of(
    texts: Sequence[tuple[int, Text]], width: float, height: float, lines: int, unit: float
) -> float:
    """Return how large the names are in so many lines; `width` and `height` are in slide pixels."""
    each = max(1, -(-len(texts) // lines))
    scale = min(1.0, height / (lines * _SIDE))
    for k in range(0, len(texts), each):
        row = texts[k : k + each]
        wide = sum(float(text.get_window_extent().width) for _, text in row) / unit
        room = width - len(row) * (_SIDE + _BESIDE) - (len(row) - 1) * _GAP
        scale = min(scale, 0.97 * room / wide)
    return scale


def reached_labels(ready: Basins) -> list[int]:
    """Return the labels that any frame of any panel has.

    They are places in their order, each with the paths that circle it, and then the rest.
    """
    found = {label for one in ready.panels for k in range(ready.count) for label in one.counts(k)}

    def rank(label: int) -> tuple[int, int, int]:
        around = circled_by(label)
        if around is not None:
            return 0, around, 1
        return (0, label, 0) if label >= 0 else (1, -label, 0)

    return sorted(found, key=rank)


def _largest(panels: Sequence[BasinPanel], frames: int, labels: Sequence[int]) -> list[int]:
    """Return labels, those with most starts in all frames of some panels first."""
    total = dict.fromkeys(labels, 0)
    for panel in panels:
        for k in range(frames):
            for label, starts in panel.counts(k).items():
                if label in total:
                    total[label] += starts
    return sorted(labels, key=lambda label: (-total[label], labels.index(label)))
