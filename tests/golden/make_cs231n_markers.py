"""Measure where the markers of the cs231n contour animation are (Alec Radford's opt2.gif).

    python tests/golden/make_cs231n_markers.py opt2.gif

writes cs231n_markers.npz beside this script: for each method an array (frames, 2) of data
coordinates, NaN where the marker cannot be measured.

The positions come from the picture alone; no update rule is run. Each frame is drawn anew: the
background of frame 0, the six discs, and over them the six trails through the heads found so
far. The heads are then moved until drawing and frame differ least, so a marker is found beneath
trails and partly behind other discs too. Known beforehand are only the start, which all six
share in frame 0, and how things are drawn (the constants below, read off the legend, off discs
that stand free and off the axes, which fill the picture and run from -5 to 5).

A marker counts as measured if moving it by SHIFT pixels, whatever the direction, makes the
drawing worse by at least the worth of one pixel that turns from black to white.
"""

from __future__ import annotations

import math
import sys
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
from numba import njit
from PIL import Image, ImageSequence

# In the order of drawing, which is the legend's.
COLORS = {
    "gd": (255, 0, 0),
    "momentum": (0, 128, 0),
    "nesterov": (191, 0, 191),
    "adagrad": (0, 0, 255),
    "adadelta": (191, 191, 0),
    "rmsprop": (0, 0, 0),
}
START = (1.0, 1.6)
BOUND = 5.0
# Pixels: a disc is its colour within FILL and black from there to EDGE; the trails' width.
FILL, EDGE, TRAIL = 5.3, 6.7, 3.4
OPACITY = 0.75  # of the trails
# No pixel counts for more: what the drawing lacks (dithering, say) shall not pull at the heads.
WORST = 0.5
SHIFT = 2.0
# Reach and step, in pixels, of the searches around a head; in the first frame, where Adagrad
# leaps by its learning rate, they begin with LEAP.
LEAP = (80.0, 5.0)
SEARCHES = ((12.0, 2.0), (4.0, 1.0), (2.0, 0.5), (0.5, 0.25), (0.2, 0.1), (0.2, 0.1))

Array = np.ndarray[Any, np.dtype[np.float64]]


def _distance(x: float, y: float, a: Array, b: Array) -> float:
    """Return the distance of (x, y) from the segment ab."""
    ux, uy = b[0] - a[0], b[1] - a[1]
    square = ux * ux + uy * uy
    along = 0.0
    if square > 0:
        along = min(max(((x - a[0]) * ux + (y - a[1]) * uy) / square, 0.0), 1.0)
    return math.sqrt((x - a[0] - along * ux) ** 2 + (y - a[1] - along * uy) ** 2)


def _covered(radius: float, away: float) -> float:
    """Return how much of a pixel at distance `away` is within `radius`, roughly."""
    return min(max(radius - away + 0.5, 0.0), 1.0)


distance = njit(_distance)
covered = njit(_covered)


def _misfit(
    frame: Array, below: Array, drawn: Array, before: Array, heads: Array, colors: Array, box: Array
) -> float:
    """Draw the part `box` of a frame and return by how many pixels it differs.

    `drawn` holds each pixel's distance from the trails that end in `before`.
    """
    count = len(heads)
    edge, fill, cover = np.zeros(count), np.zeros(count), np.zeros(count)
    total = 0.0
    for row in range(box[1], box[3]):
        for column in range(box[0], box[2]):
            x, y = column + 0.5, row + 0.5
            for m in range(count):
                away = math.sqrt((x - heads[m, 0]) ** 2 + (y - heads[m, 1]) ** 2)
                edge[m], fill[m] = covered(EDGE, away), covered(FILL, away)
                away = min(drawn[m, row, column], distance(x, y, before[m], heads[m]))
                cover[m] = OPACITY * covered(TRAIL / 2, away)
            off = 0.0
            for c in range(3):
                light = below[row, column, c]
                for m in range(count):
                    light = (1 - fill[m]) * (1 - edge[m]) * light + fill[m] * colors[m, c]
                for m in range(count):
                    light = (1 - cover[m]) * light + cover[m] * colors[m, c]
                off += abs(frame[row, column, c] - light) / 3
            total += min(off, WORST)
    return total


def _extend(drawn: Array, before: Array, heads: Array) -> None:
    """Extend the trails to the heads."""
    for m in range(len(heads)):
        for row in range(drawn.shape[1]):
            for column in range(drawn.shape[2]):
                away = distance(column + 0.5, row + 0.5, before[m], heads[m])
                drawn[m, row, column] = min(drawn[m, row, column], away)


misfit = njit(_misfit)
extend = njit(_extend)


class Tracer:
    """Follows the heads through the frames; positions are in pixels from the upper left corner."""

    def __init__(self, frames: Array, start: Array) -> None:
        self.frames = frames
        self.colors = np.array(list(COLORS.values())) / 255
        count, (height, width) = len(COLORS), frames.shape[1:3]
        self.heads = np.tile(start, (count, 1))
        self.before = self.heads.copy()
        self.speed = np.zeros((count, 2))
        self.drawn = np.full((count, height, width), np.inf)
        # The first disc hides some background: there, the lightest that each pixel ever is.
        rows, columns = np.mgrid[:height, :width]
        hidden = np.hypot(columns + 0.5 - start[0], rows + 0.5 - start[1]) < EDGE + 2
        lightest = frames.sum(axis=3).argmax(axis=0)[hidden]
        self.below = frames[0].copy()
        self.below[hidden] = frames[lightest, rows[hidden], columns[hidden]]

    def misfit(self, frame: Array, heads: Array, around: Array) -> float:
        """Return the misfit in the rectangle of the points `around` and a disc about them."""
        height, width = self.drawn.shape[1:]
        low = np.floor(around.min(axis=0) - EDGE - 1)
        high = np.ceil(around.max(axis=0) + EDGE + 1)
        box = np.clip([*low, *high], 0, [width, height, width, height]).astype(np.int64)
        return float(misfit(frame, self.below, self.drawn, self.before, heads, self.colors, box))

    def search(self, frame: Array, m: int, center: Array, reach: float, step: float) -> None:
        """Move head m to where the misfit is least on a grid, or leave it if it is best there."""
        offsets = np.arange(-round(reach / step), round(reach / step) + 1) * step
        around = np.array([self.before[m], self.heads[m], center - reach, center + reach])
        least, best = self.misfit(frame, self.heads, around), self.heads[m].copy()
        trial = self.heads.copy()
        for dx in offsets:
            for dy in offsets:
                trial[m] = center + np.array([dx, dy])
                value = self.misfit(frame, trial, around)
                if value < least:
                    least, best = value, trial[m].copy()
        self.heads[m] = best

    def exchange(self, frame: Array) -> None:
        """Exchange two heads whose discs overlap if that fits better: one may overtake another."""
        for a, b in combinations(range(len(COLORS)), 2):
            if np.hypot(*(self.heads[a] - self.heads[b])) < 2 * EDGE:
                trial = self.heads.copy()
                trial[[a, b]] = trial[[b, a]]
                around = np.concatenate([self.before[[a, b]], self.heads[[a, b]]])
                if self.misfit(frame, trial, around) < self.misfit(frame, self.heads, around):
                    self.heads = trial

    def follow(self, index: int) -> None:
        """Find the heads in the next frame, the topmost disc first."""
        frame = self.frames[index]
        methods = range(len(COLORS) - 1, -1, -1)
        self.before = self.heads.copy()
        if index == 1:
            for m in methods:
                self.search(frame, m, self.before[m], *LEAP)
        for m in methods:  # it may go on as it went, or turn
            self.search(frame, m, self.before[m] + self.speed[m], *SEARCHES[0])
            self.search(frame, m, self.before[m], *SEARCHES[0])
        for reach, step in SEARCHES:
            for m in methods:
                self.search(frame, m, self.heads[m].copy(), reach, step)
            self.exchange(frame)

    def sharpness(self, index: int, m: int) -> float:
        """Return by how much the misfit grows at least when head m moves by SHIFT."""
        frame = self.frames[index]
        around = np.array([self.before[m], self.heads[m] - SHIFT, self.heads[m] + SHIFT])
        trial = self.heads.copy()
        grown = []
        for angle in np.linspace(0, 2 * np.pi, 16, endpoint=False):
            trial[m] = self.heads[m] + SHIFT * np.array([np.cos(angle), np.sin(angle)])
            grown.append(self.misfit(frame, trial, around))
        return min(grown) - self.misfit(frame, self.heads, around)

    def finish(self, index: int) -> None:
        """Draw the trails up to the heads of this frame."""
        extend(self.drawn, self.before, self.heads)
        # The leap of the first step tells nothing of the next one.
        self.speed = self.heads - self.before if index > 1 else np.zeros_like(self.heads)


def main() -> None:
    with Image.open(sys.argv[1]) as film:
        frames = np.array([image.convert("RGB") for image in ImageSequence.Iterator(film)]) / 255
    scale = np.array([frames.shape[2], -frames.shape[1]]) / (2 * BOUND)
    corner = np.array([-BOUND, BOUND])
    tracer = Tracer(frames, (np.array(START) - corner) * scale)
    points = np.full((len(COLORS), len(frames), 2), np.nan)
    for index in range(1, len(frames)):
        tracer.follow(index)
        for m in range(len(COLORS)):
            if tracer.sharpness(index, m) >= 1:
                points[m, index] = tracer.heads[m] / scale + corner
        tracer.finish(index)
    columns: dict[str, Any] = dict(zip(COLORS, points.round(4).astype(np.float32), strict=True))
    np.savez_compressed(Path(__file__).with_name("cs231n_markers.npz"), **columns)
    for name, path in columns.items():
        print(f"{name}: {np.isfinite(path[:, 0]).sum()} of {len(path)} frames, last {path[-1]}")


if __name__ == "__main__":
    main()
