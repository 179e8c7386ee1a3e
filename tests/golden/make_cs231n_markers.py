"""Read the markers' positions off the cs231n contour animation (Alec Radford's opt2.gif).

    python make_cs231n_markers.py opt2.gif

writes cs231n_markers.npz beside this script: for each method an array (frames, 2) of data
coordinates, NaN where the marker is hidden behind another. The animation's axes fill its 620×480
pixels and run from -5 to 5; a marker is a disc of one colour with a radius of about five pixels.
"""

import sys
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, ImageSequence

COLORS = {
    "gd": (255, 0, 0),
    "momentum": (0, 128, 0),
    "nesterov": (191, 0, 191),
    "adagrad": (0, 0, 255),
    "adadelta": (191, 191, 0),
    "rmsprop": (0, 0, 0),
}
RADIUS = 4
OPACITY = 0.75  # of the trails, which are drawn over the markers of the methods before


def looks_like(rgb: np.ndarray, name: str) -> np.ndarray:
    """Return where a pixel is the marker's colour, bare or beneath another method's trail."""
    color = np.array(COLORS[name])
    mixed = [(1 - OPACITY) * color + OPACITY * np.array(c) for n, c in COLORS.items() if n != name]
    near: np.ndarray = np.abs(rgb - color).max(axis=2) < (60 if color.any() else 36)
    for other in mixed:
        near |= np.abs(rgb - other).max(axis=2) < 30
    return near


def ring_sums(mask: np.ndarray, inner: float, outer: float) -> np.ndarray:
    """Return how many pixels of `mask` lie between two radii around each pixel."""
    reach = int(outer) + 1
    total = np.zeros(mask.shape, dtype=np.int32)
    padded = np.pad(mask.astype(np.int32), reach)
    height, width = mask.shape
    for dy in range(-reach, reach + 1):
        for dx in range(-reach, reach + 1):
            if inner <= np.hypot(dx, dy) <= outer:
                y, x = reach + dy, reach + dx
                total += padded[y : y + height, x : x + width]
    return total


def main() -> None:
    film = Image.open(sys.argv[1])
    found: dict[str, list[tuple[float, float]]] = {name: [] for name in COLORS}
    frames = []
    for image in ImageSequence.Iterator(film):
        frames.append(np.asarray(image.convert("RGB")))
    # Contour lines are blue too, but stand still: what most frames share is out for blue.
    usual = np.median(frames[::8], axis=0)
    height, width = usual.shape[:2]
    for frame in frames:
        rgb = frame.astype(np.int32)
        moved = np.abs(rgb - usual).max(axis=2) > 30
        for name, color in COLORS.items():
            near = looks_like(rgb, name)
            if name == "adagrad":
                near &= moved
            near[:195, 422:] = False  # the legend
            # A marker is full inside and ends at its edge: black ones have a black edge.
            radius = RADIUS if any(color) else RADIUS + 1.5
            inside = ring_sums(near, 0, radius)
            area = ring_sums(np.ones((21, 21), dtype=bool), 0, radius)[10, 10]
            score = inside - ring_sums(near, radius + 1.5, radius + 3.5)
            y, x = np.argwhere(score >= score.max() - 1).mean(axis=0)
            if inside[round(y), round(x)] < 0.8 * area:
                found[name].append((np.nan, np.nan))
                continue
            found[name].append((10 * (x + 0.5) / width - 5, 5 - 10 * (y + 0.5) / height))
    target = Path(__file__).with_name("cs231n_markers.npz")
    columns: dict[str, Any] = {name: np.array(path) for name, path in found.items()}
    np.savez_compressed(target, **columns)
    for name, path in found.items():
        seen = np.isfinite(np.array(path)[:, 0])
        print(f"{name}: {seen.sum()} of {len(path)} frames, first {path[0]}, last {path[-1]}")


if __name__ == "__main__":
    main()
