"""The peer of the benchmarks in three dimensions: a lecturer's own Matplotlib script.

Beale's surface with logarithmic heights as mplot3d's `plot_surface` of 100×100 cells, contour lines
on the floor, three update rules with a dot at every iterate, heads, start, minimum, saddles,
formula as title, a legend with rates, colours with their losses, and step and losses that change
with every frame: 120 frames of 800×600, with `FuncAnimation` and `PillowWriter`, from a camera that
stands still or goes round by 3 degrees a frame.

    python peer_mplot3d.py out.gif            # the camera goes round
    python peer_mplot3d.py out.gif fixed      # it stands still
    python peer_mplot3d.py out.png            # the last frame
"""

import sys
from typing import Any

import matplotlib as mpl

mpl.use("Agg")
import matplotlib.pyplot as plt
import numpy as np
from matplotlib.animation import FuncAnimation, PillowWriter
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.lines import Line2D
from peer_matplotlib import COLORS, FORMULA, MARKERS, STEPS, Run, beale, paths

RULES = ("GD", "Momentum", "Adam")
CELLS = 100
TURN = 3.0
"""Degrees from one frame to the next."""
ELEVATION, AZIMUTH = 50.0, -150.0
LOW, HIGH = 0.1618774506424451, 16187.745064244511
"""Losses at the floor and at the top of the box."""
LEVELS = [
    *(0.0, 0.72, 1.5, 3.11, 6.46, 13.4, 27.9, 58.1, 121.0, 251.0, 521.0, 1084.0, 2254.0, 4685.0),
    *(9738.0, 20244.0, 42083.0, 87481.0, 181854.0),
]
FILLS = ["#e3f0ef", "#bfdde0", "#98c5d0", "#74a9c1", "#578aad", "#456b95"]


def three() -> list[Run]:
    """Return name, rates and the iterates of each rule."""
    return [run for run in paths() if run[0] in RULES]


def height(x: Any, y: Any) -> Any:
    return np.log10(np.clip(beale(x, y), LOW, HIGH))


class Picture:
    """The figure of a film, its artists made once and updated.

    Parameters: `runs`; `orbit`, whether the camera turns.
    """

    def __init__(self, runs: list[Run], orbit: bool) -> None:
        plt.rcParams["mathtext.fontset"] = "stix"
        self.runs, self.orbit = runs, orbit
        self.fig = fig = plt.figure(figsize=(8, 6), dpi=100)
        # Without its own order, in which the trails would go behind the surface as a whole.
        place = 0.03, 0.017, 0.637, 0.913
        ax: Any = fig.add_axes(place, projection="3d", computed_zorder=False)
        self.ax = ax
        lines = np.linspace(-4.5, 4.5, CELLS + 1)
        x, y = np.meshgrid(lines, lines)
        z = height(x, y)
        cmap = LinearSegmentedColormap.from_list("fills", FILLS)
        # As in Matplotlib's own example: anti-aliased cells show a net of seams.
        look = {"cmap": cmap, "linewidth": 0, "antialiased": False}
        self.ax.plot_surface(x, y, z, rstride=1, cstride=1, zorder=1, **look)
        levels = [np.log10(level) for level in LEVELS[1:-1] if LOW < level < HIGH]
        floor = np.log10(LOW)
        self.ax.contour(
            x, y, z, levels=levels, offset=floor, colors="#b0bdc7", linewidths=0.58, zorder=0
        )
        self.ax.set(xlim=(-4.5, 4.5), ylim=(-4.5, 4.5), zlim=(floor, np.log10(HIGH)))
        self.ax.set(xlabel="$x$", ylabel="$y$")
        self.ax.set_zlabel("loss", labelpad=-4)
        self.ax.set_zticks(range(5), ["1", "10", "100", "1000", "$10^{4}$"])
        self.ax.locator_params("x", nbins=5)
        self.ax.locator_params("y", nbins=5)
        self.ax.tick_params(labelsize=8.7)
        self.ax.set_box_aspect((1, 1, 0.7), zoom=0.95)
        self.ax.view_init(ELEVATION, AZIMUTH)
        self._mark([1], [1.6], "o", ms=10, mfc="none", mec="#1a1d21")
        self._mark([3], [0.5], "*", ms=14, mfc="#f0e442", mec="#1a1d21", mew=0.6)
        self._mark([0, 0.1005], [1, -2.6445], "x", ms=6, color="#1a1d21", mew=1)
        fig.text(0.0553, 0.964, "Beale", fontsize=13.3, fontweight="bold", va="center_baseline")
        fig.text(0.15, 0.964, FORMULA, fontsize=13.8, va="center")
        self._counter = fig.text(0.69, 0.9, "", fontsize=13.3, fontweight="bold")
        fig.text(0.982, 0.9, "loss", fontsize=9.4, color="#5a6470", ha="right")
        self._lines: list[Any] = []
        self._heads: list[Any] = []
        self._losses: list[Any] = []
        for k, (name, rates, p) in enumerate(runs):
            color, marker, at = COLORS[k], MARKERS[k], 0.852 - 0.09 * k
            self._lines += self.ax.plot([], [], [], "-o", color=color, lw=1.4, ms=2.7, mew=0)
            self._heads += self.ax.plot([], [], [], marker, color=color, ms=7.8, mec="w", mew=0.9)
            swatch = Line2D([0.69, 0.71, 0.73], [at, at, at], color=color, lw=1.4)
            swatch.set(marker=marker, ms=7.8, mec="w", mew=0.9, markevery=[1])
            fig.add_artist(swatch)
            fig.text(0.743, at, name, fontsize=12, fontweight="bold", va="center_baseline")
            fig.text(0.743, at - 0.033, rates, fontsize=9.4, color="#5a6470", va="center_baseline")
            said = fig.text(0.982, at, "", fontsize=11, ha="right", va="center_baseline")
            self._losses.append(said)
            assert len(p) == STEPS + 1
        self._heights = [height(p[:, 0], p[:, 1]) for _, _, p in runs]
        self._key(cmap)

    def _mark(self, x: list[float], y: list[float], marker: str, **look: Any) -> None:
        self.ax.plot(x, y, height(np.array(x), np.array(y)), marker, **look)

    def _key(self, cmap: Any) -> None:
        """Draw what the marks and the colours mean."""
        for marker, name, at in (("o", "start", 0.7), ("*", "minimum", 0.78), ("x", "saddle", 0.9)):
            mark = Line2D([at], [0.14], marker=marker, ms=8, mfc="#f0e442", mec="#1a1d21")
            if marker == "o":
                mark.set_markerfacecolor("none")
            self.fig.add_artist(mark)
            self.fig.text(at + 0.015, 0.14, name, fontsize=9.4, va="center_baseline")
        bar: Any = self.fig.add_axes((0.69, 0.085, 0.275, 0.022))
        bar.imshow(np.linspace(0, 1, 18)[None], cmap=cmap, aspect="auto")
        bar.set(yticks=[])
        bar.set_xticks([-0.5, 3.5, 8.5, 12.5, 17.5], ["0", "6.46", "251", "4685", "1.8e5"])
        bar.tick_params(labelsize=8.9, length=0)

    def show(self, k: int) -> list[Any]:
        """Make it the picture of frame `k`; return what changes."""
        if self.orbit:
            self.ax.view_init(ELEVATION, AZIMUTH + TURN * k)
        self._counter.set_text(f"step {k}")
        for (_, _, p), z, line, head, loss in zip(
            self.runs, self._heights, self._lines, self._heads, self._losses, strict=True
        ):
            line.set_data_3d(p[: k + 1, 0], p[: k + 1, 1], z[: k + 1])
            head.set_data_3d(p[k : k + 1, 0], p[k : k + 1, 1], z[k : k + 1])
            loss.set_text(f"{beale(*p[k]):#.4g}")
        return [*self._lines, *self._heads, *self._losses, self._counter]

    def draw(self) -> None:
        """Draw it on its canvas."""
        canvas: Any = self.fig.canvas
        canvas.draw()

    def save(self, path: str, frames: int = STEPS + 1) -> None:
        """Write the film."""
        film = FuncAnimation(self.fig, self.show, frames=frames)
        film.save(path, writer=PillowWriter(fps=25))

    def surface_alone(self) -> None:
        """Hide all that is not the surface."""
        self.ax.set_axis_off()
        _, *others = self.ax.collections
        _, *beside = self.fig.axes
        for artist in (*others, *self.ax.lines, *beside, *self.fig.texts, *self.fig.lines):
            artist.set_visible(False)

    def still(self, path: str) -> None:
        """Write the last frame."""
        self.show(STEPS)
        self.fig.savefig(path)

    def close(self) -> None:
        plt.close(self.fig)


def draw(path: str, orbit: bool = True, frames: int = STEPS + 1) -> None:
    """Draw the figure and write the film."""
    picture = Picture(three(), orbit)
    picture.save(path, frames)
    picture.close()


if __name__ == "__main__":
    if sys.argv[1].endswith(".png"):
        Picture(three(), False).still(sys.argv[1])
    else:
        draw(sys.argv[1], "fixed" not in sys.argv[2:])
