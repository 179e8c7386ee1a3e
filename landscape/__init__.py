"""See how optimizers move over loss surfaces.

    import landscape as ls

    ls.animate("ravine", ["gd", "momentum"]).save("ravine.gif")      # a film
    ls.plot("beale", ["adam", "momentum:lr=0.001"], ax=ax)           # on your own axes
    path = ls.descend("x**4 - y**2 + x*y", "adam", start=(1, 1))     # the numbers

The nouns: a *surface* is a loss over two parameters (a name, a formula, a Python function or a
`Surface`); an *optimizer* is an update rule (a name, a formula or a `Rule`); `descend` steps one
over the other and gives a `Trajectory`; `contour`, `points` and `trail` draw them on Matplotlib
axes; a `Recipe` says everything that a film or figure depends on.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from landscape._version import __version__

if TYPE_CHECKING:
    from landscape.api import Animation, Plotted, animate, plot
    from landscape.descent import Ending, Trajectory, descend
    from landscape.drawing.contour import contour, points
    from landscape.drawing.good_range import good_range
    from landscape.drawing.histograms import histograms
    from landscape.drawing.learning_curves import learning_curves
    from landscape.drawing.trail import trail
    from landscape.errors import LandscapeError
    from landscape.exporting import Exported, export
    from landscape.optimizers.catalogue import RULES, SOLVERS
    from landscape.optimizers.lookup import optimizer
    from landscape.optimizers.rule import Rule
    from landscape.optimizers.schedule import Schedule
    from landscape.optimizers.schedules import SCHEDULES
    from landscape.optimizers.solver import Solver
    from landscape.pictures.api import NetworkPicture, curves, layers, plane, profile, units
    from landscape.pictures.map_api import MapPicture, basins
    from landscape.pictures.setting_api import sensitivity, tune
    from landscape.pictures.stability_api import stability
    from landscape.pictures.swarm_api import swarm
    from landscape.recipe import Recipe
    from landscape.space_api import Plotted3D, plot3d
    from landscape.surfaces.catalogue import SURFACES
    from landscape.surfaces.data import DataSurface
    from landscape.surfaces.lookup import surface
    from landscape.surfaces.surface import CriticalPoint, FormulaSurface, Surface

__all__ = [
    "RULES",
    "SCHEDULES",
    "SOLVERS",
    "SURFACES",
    "Animation",
    "CriticalPoint",
    "DataSurface",
    "Ending",
    "Exported",
    "FormulaSurface",
    "LandscapeError",
    "MapPicture",
    "NetworkPicture",
    "Plotted",
    "Plotted3D",
    "Recipe",
    "Rule",
    "Schedule",
    "Solver",
    "Surface",
    "Trajectory",
    "__version__",
    "animate",
    "basins",
    "contour",
    "curves",
    "descend",
    "export",
    "good_range",
    "histograms",
    "layers",
    "learning_curves",
    "optimizer",
    "plane",
    "plot",
    "plot3d",
    "points",
    "profile",
    "sensitivity",
    "stability",
    "surface",
    "swarm",
    "trail",
    "tune",
    "units",
]

# Where each name lives; it is imported when it is first asked for, which keeps the command quick.
_HOMES = {
    "Animation": "api",
    "Plotted": "api",
    "animate": "api",
    "plot": "api",
    "Ending": "descent",
    "Trajectory": "descent",
    "descend": "descent",
    "contour": "drawing.contour",
    "points": "drawing.contour",
    "trail": "drawing.trail",
    "good_range": "drawing.good_range",
    "histograms": "drawing.histograms",
    "learning_curves": "drawing.learning_curves",
    "LandscapeError": "errors",
    "Exported": "exporting",
    "export": "exporting",
    "RULES": "optimizers.catalogue",
    "SOLVERS": "optimizers.catalogue",
    "optimizer": "optimizers.lookup",
    "Rule": "optimizers.rule",
    "Schedule": "optimizers.schedule",
    "SCHEDULES": "optimizers.schedules",
    "Solver": "optimizers.solver",
    "NetworkPicture": "pictures.api",
    "curves": "pictures.api",
    "layers": "pictures.api",
    "plane": "pictures.api",
    "profile": "pictures.api",
    "units": "pictures.api",
    "MapPicture": "pictures.map_api",
    "basins": "pictures.map_api",
    "sensitivity": "pictures.setting_api",
    "stability": "pictures.stability_api",
    "tune": "pictures.setting_api",
    "swarm": "pictures.swarm_api",
    "Recipe": "recipe",
    "Plotted3D": "space_api",
    "plot3d": "space_api",
    "SURFACES": "surfaces.catalogue",
    "DataSurface": "surfaces.data",
    "surface": "surfaces.lookup",
    "CriticalPoint": "surfaces.surface",
    "FormulaSurface": "surfaces.surface",
    "Surface": "surfaces.surface",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'landscape' has no attribute {name!r}")
    value = getattr(import_module(f"landscape.{_HOMES[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
