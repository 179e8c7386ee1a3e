"""What is said of a plane in words and numbers: of its axes, its paths, its networks' sharpness."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Protocol

import numpy as np

from landscape.pictures.endings import said_of_ends
from landscape.pictures.sharp import ordering
from landscape.pictures.words import activation_label, percent, sizes_of
from landscape.planes.geometry import angle

if TYPE_CHECKING:
    from landscape.networks.run import Run
    from landscape.pictures.plane_panel import PlanePanel
    from landscape.pictures.plane_recipe import PlaneRecipe
    from landscape.planes.pca import Principal

__all__ = ["caption_of", "loss_name", "rule_of", "said_of", "share_of", "title_of"]

_MOST_SHARE = 10.0  # beyond that a share in percent says no more than that it is beyond


class Planes(Protocol):
    """A picture of planes: its recipe, its panels, the data's name."""

    recipe: PlaneRecipe
    panels: tuple[PlanePanel, ...]
    data: str


_METRICS = {
    "loss": "training loss",
    "accuracy": "training accuracy",
    "test_loss": "test loss",
    "test_accuracy": "test accuracy",
    "curvature": "curvature of the training loss",
}
_LINES = "thin lines: levels of the loss"


def title_of(ready: Planes) -> str:
    """Return the heading: what is shown of which network."""
    recipe = ready.recipe
    if recipe.title is not None:
        return " ".join(recipe.title.split())
    panel = ready.panels[0]
    what = _METRICS[recipe.metric]
    data = ready.data.replace("_", " ")
    said = f"{what[:1].upper()}{what[1:]} of a network on {data}"
    shown = {_drawn(one) for one in ready.panels}
    return f"{said}: {_drawn(panel)}" if len(shown) == 1 else said


def _drawn(panel: PlanePanel) -> str:
    """Return a network's widths and activation."""
    network = panel.plane.network
    return f"{sizes_of(network).replace(' skip', '')} {activation_label(network.activation)}"


def caption_of(ready: Planes) -> str:
    """Return the line beneath the heading: how the plane was chosen, and what it leaves out."""
    recipe = ready.recipe
    if recipe.caption is not None:
        return " ".join(recipe.caption.split())
    panel = ready.panels[0]
    if panel.principal is not None:
        said = [_shown_by(panel, panel.principal)]
    elif recipe.directions == "solutions":
        said = ["the plane through three solutions; its axes are distances between parameters"]
    else:
        said = [_around(ready)]
    if panel.curvature is not None:
        said.append(_LINES)
    runs = [(one.title or run.label, run) for one in ready.panels for run in one.runs]
    return "; ".join(filter(None, (said_of_ends(runs), *said)))


def _shown_by(panel: PlanePanel, principal: Principal) -> str:
    """Return how much of the paths their components show."""
    several = len(principal.coordinates) > 1
    paths = "the paths'" if several else "the path's"
    centre = "their mean" if several else "its mean"
    if principal.centre == "final":
        centre = "the mean of their ends" if several else "its end"
    shares, walk = principal.shares[:2].sum(), principal.random_walk[:2].sum()
    said = f"the plane shows {percent(float(shares))} of {paths} squared distances from {centre}"
    if math.isnan(walk):
        return said
    walks = "random walks" if several else "a random walk"
    return f"{said}; of {walks} as long it would show {percent(float(walk))}"


def _around(ready: Planes) -> str:
    """Return which directions from which end a plane has that is no plane of paths."""
    recipe, panel = ready.recipe, ready.panels[0]
    end = "the end of training"
    if len(panel.runs) > 1:
        end = f"the end of {panel.runs[panel.first].label}"
        if len(ready.panels) == 1:
            end += ", whose path alone is drawn"
    if recipe.directions == "hessian":
        return f"eigenvectors of the Hessian, largest eigenvalues first, at {end}"
    scaled = "" if recipe.normalise == "gaussian" else f"{recipe.normalise}-normalised "
    told = f"two random {scaled}directions from {end}"
    if len(ready.panels) == 1:
        told = told.replace("directions", f"directions {panel.plane.geometry.angle:.0f}° apart")
    return f"{told}; the same levels in all panels" if len(ready.panels) > 1 else told


def loss_name(metric: str) -> str:
    """Return "loss" or "test loss", as the metric's rows are those of training or held out."""
    return "test loss" if metric.startswith("test") else "loss"


def share_of(share: float) -> str:
    """Return a share of a path's reach in percent, ">1000 %" beyond that."""
    return f">{_MOST_SHARE:.0%}".replace("%", " %") if share > _MOST_SHARE else percent(share)


def rule_of(run: Run) -> str:
    """Return a run's rate and hyper-parameters, as legends have them."""
    from landscape.networks.rates import network_rule

    return network_rule(run.rule).describe()


def said_of(ready: Planes) -> list[str]:
    """Return lines that say in numbers what the picture shows."""
    said = []
    for panel in ready.panels:
        start = f"{panel.title}: " if panel.title else ""
        if panel.principal is not None:
            shares = [percent(float(one)) for one in panel.principal.shares[:2]]
            walk = [percent(float(one)) for one in panel.principal.random_walk[:2]]
            said.append(
                f"{start}the components show {' and '.join(shares)} of the squared distances"
            )
            if not math.isnan(panel.principal.random_walk[0]):
                said[-1] += f"; of random walks as long {' and '.join(walk)}"
        geometry = panel.plane.geometry
        said.append(f"{start}directions at {angle(geometry.first, geometry.second):.1f} degrees")
        said += [start + one for one in _grid_of(panel)]
        named = loss_name(ready.recipe.metric)
        for run, path in zip(panel.runs, panel.paths, strict=True):
            said.append(
                f"{start}{path.label}: {named} {path.loss[-1]:.4g}, on the plane "
                f"{path.plane_loss[-1]:.4g}; farthest off the plane "
                f"{share_of(float(path.relative.max()))} of its reach, at the end "
                f"{share_of(float(path.relative[-1]))}{_accuracies(run)}"
            )
        for k, one in enumerate(panel.sharpness):
            said.append(f"{start}seed {ready.recipe.seed + k}: {one}")
    return [*said, ordering(ready.panels)] if ordering(ready.panels) else said


def _grid_of(panel: PlanePanel) -> list[str]:
    """Return what is said of the grids behind the picture: their error, and the eigenvalues."""
    said = []
    middle, most = panel.interpolation
    if math.isfinite(most):
        said.append(
            f"between the lines of its grid the picture is wrong by {100 * middle:.2g} % "
            f"(median of random places), by {100 * most:.2g} % at most"
        )
    if panel.curvature is not None:
        ranges = [
            f"{name} from {np.nanmin(values):.3g} to {np.nanmax(values):.3g}"
            for name, values in (
                ("\u03bbmin", panel.curvature.smallest),
                ("\u03bbmax", panel.curvature.largest),
            )
            if np.isfinite(values).any()
        ]
        said.append("; ".join(ranges) or "the Hessian is finite nowhere")
    return said


def _accuracies(run: Run) -> str:
    parts = (
        ("training accuracy", run.train_accuracy[-1]),
        ("test accuracy", run.test_accuracy[-1]),
    )
    return "".join(f"; {name} {value:.3g}" for name, value in parts if np.isfinite(value))
