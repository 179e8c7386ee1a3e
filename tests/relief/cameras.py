"""Matplotlib axes in 3D at random cameras."""

from typing import Any

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from landscape.relief.field import Relief


def camera(seed: int, field: Relief | None = None, size: tuple[int, int] = (100, 75)) -> Any:
    """Return an Axes3D on a figure of `size` pixels that looks at a field from anywhere."""
    rng = np.random.default_rng(1000 + seed)
    figure = Figure(figsize=(size[0] / 100, size[1] / 100), dpi=100)
    FigureCanvasAgg(figure)
    axes: Any = figure.add_axes((0.02, 0.05, 0.9, 0.9), projection="3d")
    if rng.random() < 0.4:
        axes.set_proj_type("ortho")
    else:
        axes.set_proj_type("persp", focal_length=rng.uniform(0.5, 2))
    axes.set_box_aspect(rng.uniform(0.6, 1.4, 3), zoom=rng.uniform(0.8, 1.4))
    axes.view_init(rng.uniform(-70, 85), rng.uniform(-180, 180), rng.uniform(-20, 20))
    if field is not None:
        fit(axes, field)
    else:
        low, width = rng.uniform(-5, 5, 3), rng.uniform(0.1, 9, 3)
        axes.set(**{f"{n}lim": (low[k], low[k] + width[k]) for k, n in enumerate("xyz")})
    return axes


def fit(axes: Any, field: Relief) -> None:
    """Set the limits of `axes` to a field's box."""
    axes.set(
        xlim=(field.xs[0], field.xs[-1]),
        ylim=(field.ys[0], field.ys[-1]),
        zlim=(field.heights.bottom, field.heights.top),
    )
