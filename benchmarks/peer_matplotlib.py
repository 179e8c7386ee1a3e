"""The peer of the film benchmark: the same picture as a lecturer's own Matplotlib script.

Beale's surface, six update rules, 120 frames of 800×600, with `FuncAnimation` and `PillowWriter`:
filled log levels, trails with a dot at every iterate, heads, start, minimum, saddles, formula as
title, and a legend with rates, step and losses that change with every frame.

    python peer_matplotlib.py out.gif
"""

import sys
import time

import matplotlib as mpl

mpl.use("Agg")
import matplotlib.pyplot as plt
import numpy as np
from matplotlib.animation import FuncAnimation, PillowWriter
from matplotlib.colors import LinearSegmentedColormap

STEPS = 119
START = np.array([1.0, 1.6])
FORMULA = (
    r"$f(x, y) = \left(1.5 - x + x\,y\right)^{2} + \left(2.25 - x + x\,y^{2}\right)^{2}"
    r" + \left(2.625 - x + x\,y^{3}\right)^{2}$"
)


def beale(x, y):
    return (1.5 - x + x * y) ** 2 + (2.25 - x + x * y**2) ** 2 + (2.625 - x + x * y**3) ** 2


def gradient(p):
    x, y = p
    a, b, c = 1.5 - x + x * y, 2.25 - x + x * y**2, 2.625 - x + x * y**3
    return np.array(
        [
            2 * a * (y - 1) + 2 * b * (y**2 - 1) + 2 * c * (y**3 - 1),
            2 * a * x + 4 * b * x * y + 6 * c * x * y**2,
        ]
    )


def paths():
    """Return name, rates and the iterates of each rule."""

    def gd(lr=0.001):
        p = START
        for _ in range(STEPS):
            yield p
            p = p - lr * gradient(p)
        yield p

    def momentum(lr=0.001, mu=0.9):
        p, v = START, 0.0
        for _ in range(STEPS):
            yield p
            v = mu * v - lr * gradient(p)
            p = p + v
        yield p

    def nesterov(lr=0.001, mu=0.9):
        p, v = START, 0.0
        for _ in range(STEPS):
            yield p
            w, v = v, mu * v - lr * gradient(p)
            p = p - mu * w + (1 + mu) * v
        yield p

    def adagrad(lr=1.0):
        p, s = START, 0.0
        for _ in range(STEPS):
            yield p
            g = gradient(p)
            s = s + g**2
            p = p - lr * g / (np.sqrt(s) + 1e-10)
        yield p

    def rmsprop(lr=0.05, rho=0.99):
        p, s = START, 0.0
        for _ in range(STEPS):
            yield p
            g = gradient(p)
            s = rho * s + (1 - rho) * g**2
            p = p - lr * g / (np.sqrt(s) + 1e-8)
        yield p

    def adam(lr=0.1, b1=0.9, b2=0.999):
        p, m, s = START, 0.0, 0.0
        for t in range(1, STEPS + 1):
            yield p
            g = gradient(p)
            m = b1 * m + (1 - b1) * g
            s = b2 * s + (1 - b2) * g**2
            p = p - lr * (m / (1 - b1**t)) / (np.sqrt(s / (1 - b2**t)) + 1e-8)
        yield p

    return [
        ("GD", "lr 0.001", np.array(list(gd()))),
        ("Momentum", r"lr 0.001, $\mu$ 0.9", np.array(list(momentum()))),
        ("Nesterov", r"lr 0.001, $\mu$ 0.9", np.array(list(nesterov()))),
        ("AdaGrad", "lr 1", np.array(list(adagrad()))),
        ("RMSProp", r"lr 0.05, $\rho$ 0.99", np.array(list(rmsprop()))),
        ("Adam", r"lr 0.1, $\beta_1$ 0.9, $\beta_2$ 0.999", np.array(list(adam()))),
    ]


def draw(path):
    """Draw the figure, write the film; return the seconds of drawing and encoding alone."""
    runs = paths()
    began = time.perf_counter()
    fig = plt.figure(figsize=(8, 6), dpi=100)
    ax = fig.add_axes((0.055, 0.195, 0.925, 0.735))
    xs = np.linspace(-4.5, 4.5, 280)
    z = beale(xs[None, :], xs[:, None])
    low = z.min()
    levels = low + np.concatenate([[0], np.geomspace(np.quantile(z, 0.01) - low, z.max() - low, 18)])
    fills = ["#fdfefe", "#e9eff3", "#d3dee6", "#bccbd6", "#a3b6c4", "#8aa0b1"]
    cmap = LinearSegmentedColormap.from_list("fills", fills)
    ax.contourf(xs, xs, z, levels=levels, colors=[cmap(k / 17) for k in range(18)])
    ax.contour(xs, xs, z, levels=levels[1:-1], colors="#6f8799", linewidths=0.5)
    ax.plot([3], [0.5], "*", ms=14, mfc="#f0e442", mec="k")
    ax.plot([0, 0.1005], [1, -2.6445], "xk", ms=8)
    ax.plot([1], [1.6], "o", ms=7, mfc="w", mec="k")
    ax.set(xlim=(-4.5, 4.5), ylim=(-4.5, 4.5))
    fig.text(0.055, 0.96, "Beale", fontsize=15, fontweight="bold", va="center")
    fig.text(0.15, 0.96, FORMULA, fontsize=13, va="center")
    colors = ["#d55e00", "#0072b2", "#009e73", "#000000", "#cc79a7", "#e69f00"]
    counter = fig.text(0.98, 0.14, "", fontsize=11, fontweight="bold", ha="right")
    lines, heads, losses = [], [], []
    for k, ((name, rates, _), color, marker) in enumerate(zip(runs, colors, "os^DvP", strict=True)):
        lines += ax.plot([], [], "-o", color=color, lw=2, ms=3.5)
        heads += ax.plot([], [], marker, color=color, ms=10, mec="w")
        x, y = 0.06 + 0.47 * (k % 2), 0.095 - 0.035 * (k // 2)
        fig.text(x, y, name, fontsize=10.5, fontweight="bold", color=color)
        fig.text(x + 0.13, y, rates, fontsize=8.5, color="#5a6470")
        losses.append(fig.text(x + 0.45, y, "", fontsize=9.5, ha="right"))

    def update(k):
        counter.set_text(f"step {k}")
        for (_, _, p), line, head, loss in zip(runs, lines, heads, losses, strict=True):
            line.set_data(p[: k + 1, 0], p[: k + 1, 1])
            head.set_data(p[k : k + 1, 0], p[k : k + 1, 1])
            loss.set_text(f"{beale(*p[k]):.4g}")
        return [*lines, *heads, *losses, counter]

    film = FuncAnimation(fig, update, frames=STEPS + 1, blit=True)
    film.save(path, writer=PillowWriter(fps=25))
    return time.perf_counter() - began


if __name__ == "__main__":
    print(draw(sys.argv[1]))
