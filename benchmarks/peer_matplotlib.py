"""The peer of the film benchmark: the same picture as a lecturer's own Matplotlib script.

Beale's surface, six update rules, 120 frames of 800×600, with `FuncAnimation` and `PillowWriter`:
filled log levels and lines, trails with a dot at every iterate, heads, start, minimum, saddles,
formula as title, a legend with rates, and step and losses that change with every frame.

    python peer_matplotlib.py out.gif
"""

import sys
from collections.abc import Iterator
from typing import Any

import matplotlib as mpl

mpl.use("Agg")
import matplotlib.pyplot as plt
import numpy as np
from matplotlib.animation import FuncAnimation, PillowWriter
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.lines import Line2D

STEPS = 119
START = np.array([1.0, 1.6])
FORMULA = (
    r"$f(x, y) = \left(1.5 - x + x\,y\right)^{2} + \left(2.25 - x + x\,y^{2}\right)^{2}"
    r" + \left(2.625 - x + x\,y^{3}\right)^{2}$"
)
FILLS = ["#fdfefe", "#e9eff3", "#d3dee6", "#bccbd6", "#a3b6c4", "#8aa0b1"]
COLORS = ["#d55e00", "#0072b2", "#009e73", "#000000", "#cc79a7", "#e69f00"]
MARKERS = "os^DvP"

Run = tuple[str, str, Any]


def beale(x: Any, y: Any) -> Any:
    return (1.5 - x + x * y) ** 2 + (2.25 - x + x * y**2) ** 2 + (2.625 - x + x * y**3) ** 2


def gradient(p: Any) -> Any:
    x, y = p
    a, b, c = 1.5 - x + x * y, 2.25 - x + x * y**2, 2.625 - x + x * y**3
    return np.array(
        [
            2 * a * (y - 1) + 2 * b * (y**2 - 1) + 2 * c * (y**3 - 1),
            2 * a * x + 4 * b * x * y + 6 * c * x * y**2,
        ]
    )


def paths() -> list[Run]:
    """Return name, rates and the iterates of each rule."""

    def gd(lr: float = 0.001) -> Iterator[Any]:
        p = START
        for _ in range(STEPS):
            yield p
            p = p - lr * gradient(p)
        yield p

    def momentum(lr: float = 0.001, mu: float = 0.9) -> Iterator[Any]:
        p, v = START, np.zeros(2)
        for _ in range(STEPS):
            yield p
            v = mu * v - lr * gradient(p)
            p = p + v
        yield p

    def nesterov(lr: float = 0.001, mu: float = 0.9) -> Iterator[Any]:
        p, v = START, np.zeros(2)
        for _ in range(STEPS):
            yield p
            w, v = v, mu * v - lr * gradient(p)
            p = p - mu * w + (1 + mu) * v
        yield p

    def adagrad(lr: float = 1.0) -> Iterator[Any]:
        p, s = START, np.zeros(2)
        for _ in range(STEPS):
            yield p
            g = gradient(p)
            s = s + g**2
            p = p - lr * g / (np.sqrt(s) + 1e-10)
        yield p

    def rmsprop(lr: float = 0.05, rho: float = 0.99) -> Iterator[Any]:
        p, s = START, np.zeros(2)
        for _ in range(STEPS):
            yield p
            g = gradient(p)
            s = rho * s + (1 - rho) * g**2
            p = p - lr * g / (np.sqrt(s) + 1e-8)
        yield p

    def adam(lr: float = 0.1, b1: float = 0.9, b2: float = 0.999) -> Iterator[Any]:
        p, m, s = START, np.zeros(2), np.zeros(2)
        for t in range(1, STEPS + 1):
            yield p
            g = gradient(p)
            m = b1 * m + (1 - b1) * g
            s = b2 * s + (1 - b2) * g**2
            p = p - lr * (m / (1 - b1**t)) / (np.sqrt(s / (1 - b2**t)) + 1e-8)
        yield p

    return [
        ("GD", "lr 0.001", np.array(list(gd()))),
        ("Momentum", "lr 0.001, μ 0.9", np.array(list(momentum()))),
        ("Nesterov", "lr 0.001, μ 0.9", np.array(list(nesterov()))),
        ("AdaGrad", "lr 1", np.array(list(adagrad()))),
        ("RMSProp", "lr 0.05, ρ 0.99", np.array(list(rmsprop()))),
        ("Adam", "lr 0.1, β₁ 0.9, β₂ 0.999", np.array(list(adam()))),
    ]


def draw(path: str, runs: list[Run], frames: int = STEPS + 1) -> None:
    """Draw the figure and write the film."""
    plt.rcParams["mathtext.fontset"] = "stix"
    fig = plt.figure(figsize=(8, 6), dpi=100)
    ax = fig.add_axes((0.0553, 0.197, 0.927, 0.734))
    xs = np.linspace(-4.5, 4.5, 280)
    z = beale(xs[None, :], xs[:, None])
    low = z.min()
    rising = np.geomspace(np.quantile(z, 0.01) - low, z.max() - low, 18)
    levels = low + np.concatenate([[0], rising])
    cmap = LinearSegmentedColormap.from_list("fills", FILLS)
    ax.contourf(xs, xs, z, levels=levels, colors=[cmap(k / 17) for k in range(18)])
    ax.contour(xs, xs, z, levels=levels[1:-1], colors="#6f8799", linewidths=0.36)
    ax.plot([3], [0.5], "*", ms=19, mfc="#f0e442", mec="#1a1d21", mew=1)
    ax.plot([0, 0.1005], [1, -2.6445], "x", color="#1a1d21", ms=9, mew=1.6)
    ax.plot([1], [1.6], "o", ms=6.7, mfc="w", mec="#1a1d21")
    ax.set(xlim=(-4.5, 4.5), ylim=(-4.5, 4.5))
    ax.tick_params(labelsize=8.7, length=3)
    ax.locator_params(nbins=7)
    fig.text(0.0553, 0.964, "Beale", fontsize=13.3, fontweight="bold", va="center_baseline")
    fig.text(0.15, 0.964, FORMULA, fontsize=13.8, va="center")
    counter = fig.text(0.982, 0.143, "", fontsize=10.8, fontweight="bold", ha="right")
    lines, heads, losses = [], [], []
    for k, ((name, rates, _), color, marker) in enumerate(zip(runs, COLORS, MARKERS, strict=True)):
        lines += ax.plot([], [], "-o", color=color, lw=1.4, ms=2.7, mew=0)
        heads += ax.plot([], [], marker, color=color, ms=7.7, mec="w", mew=0.9, zorder=5)
        x, y = 0.0553 + 0.4634 * (k % 2), 0.0985 - 0.0357 * (k // 2)
        swatch = Line2D([x, x + 0.015, x + 0.03], [y, y, y], color=color, lw=1.4)
        swatch.set(marker=marker, ms=7.7, mec="w", mew=0.8, markevery=[1])
        fig.add_artist(swatch)
        at = x + 0.04
        fig.text(at, y, name, fontsize=10.3, fontweight="bold", va="center_baseline")
        at += 0.0135 * len(name) + 0.01
        fig.text(at, y, rates, fontsize=8.2, color="#5a6470", va="center_baseline")
        losses.append(fig.text(x + 0.424, y, "", fontsize=9.2, ha="right", va="center_baseline"))

    def update(k: int) -> list[Any]:
        counter.set_text(f"step {k}")
        for (_, _, p), line, head, loss in zip(runs, lines, heads, losses, strict=True):
            line.set_data(p[: k + 1, 0], p[: k + 1, 1])
            head.set_data(p[k : k + 1, 0], p[k : k + 1, 1])
            loss.set_text(f"{beale(*p[k]):#.4g}")
        return [*lines, *heads, *losses, counter]

    # Without blitting, which saves nothing when a film is saved and hides texts outside the axes.
    film = FuncAnimation(fig, update, frames=frames)
    film.save(path, writer=PillowWriter(fps=25))
    plt.close(fig)


if __name__ == "__main__":
    draw(sys.argv[1], paths())
