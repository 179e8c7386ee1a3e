"""What is said of a plane in words and numbers: of its axes, its paths, its networks' sharpness."""

from __future__ import annotations

from typing import TYPE_CHECKING

from landscape.pictures.sharp import ordering
from landscape.pictures.words import activation_label, percent, sizes_of
from landscape.planes.geometry import angle

if TYPE_CHECKING:
    from landscape.networks.run import Run
    from landscape.pictures.plane import Plane, PlanePanel

__all__ = ["caption_of", "rule_of", "said_of", "title_of"]

_METRICS = {
    "loss": "training loss",
    "accuracy": "training accuracy",
    "test_loss": "test loss",
    "test_accuracy": "test accuracy",
    "curvature": "curvature of the training loss",
}


def title_of(ready: Plane) -> str:
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


def caption_of(ready: Plane) -> str:
    """Return the line beneath the heading: how the plane was chosen, and what it leaves out."""
    recipe = ready.recipe
    if recipe.caption is not None:
        return " ".join(recipe.caption.split())
    panel = ready.panels[0]
    if panel.principal is not None:
        shares, walk = panel.principal.shares[:2].sum(), panel.principal.random_walk[:2].sum()
        return (
            f"the plane shows {percent(float(shares))} of the paths' squared distances from their "
            f"{'end' if recipe.centre == 'final' else 'mean'}; of random walks as long it would "
            f"show {percent(float(walk))}"
        )
    if recipe.directions == "solutions":
        return "the plane through three solutions; its axes are distances between parameters"
    if recipe.directions == "hessian":
        return "eigenvectors of the Hessian at the end of training, largest eigenvalues first"
    scaled = "" if recipe.normalise == "gaussian" else f"{recipe.normalise}-normalised "
    told = f"two random {scaled}directions from the end of training"
    if len(ready.panels) == 1:
        told += f", {panel.plane.geometry.angle:.0f}° apart"
    return f"{told}; the same levels in all panels" if len(ready.panels) > 1 else told


def rule_of(run: Run) -> str:
    """Return a run's rate and hyper-parameters, as legends have them."""
    from landscape.networks.rates import network_rule

    return network_rule(run.rule).describe()


def said_of(ready: Plane) -> list[str]:
    """Return lines that say in numbers what the picture shows."""
    said = []
    for panel in ready.panels:
        start = f"{panel.title}: " if panel.title else ""
        if panel.principal is not None:
            shares = [percent(float(one)) for one in panel.principal.shares[:2]]
            walk = [percent(float(one)) for one in panel.principal.random_walk[:2]]
            said.append(
                f"{start}the components show {' and '.join(shares)} of the squared distances; "
                f"of random walks as long {' and '.join(walk)}"
            )
        geometry = panel.plane.geometry
        said.append(f"{start}directions at {angle(geometry.first, geometry.second):.1f} degrees")
        for run, path in zip(panel.runs, panel.paths, strict=True):
            said.append(
                f"{start}{path.label}: loss {path.loss[-1]:.4g}, on the plane "
                f"{path.plane_loss[-1]:.4g}; farthest off the plane "
                f"{percent(float(path.relative.max()))} of its reach; accuracy "
                f"{run.train_accuracy[-1]:.3g}, test {run.test_accuracy[-1]:.3g}"
            )
        for k, one in enumerate(panel.sharpness):
            said.append(f"{start}seed {ready.recipe.seed + k}: {one}")
    return [*said, ordering(ready.panels)] if ordering(ready.panels) else said
