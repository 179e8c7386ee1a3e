"""The words of maps of settings: best cells, and what theory says."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from landscape.maps.axes import said_value
from landscape.pictures.words import short

if TYPE_CHECKING:
    from landscape.maps.borders import Marked
    from landscape.pictures.stability_recipe import Panel, StabilityRecipe

__all__ = [
    "BORDERS",
    "said_best",
    "said_border",
    "said_fastest",
    "said_optimum",
    "said_settings",
]

BORDERS = {
    "gd": "lr < 2/L",
    "momentum": "lr < 2(1 + mu)/L",
    "nesterov": "lr < 2(1 + mu)/((1 + 2 mu) L)",
}


def said_settings(values: Mapping[str, float]) -> str:
    """Return settings as a legend has them: "lr 0.134, mu 0.403"."""
    return ", ".join(f"{key} {said_value(value)}" for key, value in values.items())


def said_best(panel: Panel, recipe: StabilityRecipe) -> str:
    """Return the best cell of a map in words and numbers."""
    at = f" at {said_settings(panel.held)}" if panel.held else ""
    if panel.best is None:
        if recipe.metric == "steps":
            return f"no cell arrives{at}"
        lost = "diverges or leaves the domain" if panel.map.left.any() else "diverges"
        return f"every cell {lost}{at}"
    loss = float(panel.map.losses(recipe.average)[panel.best])
    arrived = float(panel.map.arrivals(recipe.average)[panel.best])
    end = f"there after {arrived:g} steps" if recipe.metric == "steps" else f"loss {short(loss)}"
    return f"best{at}: {said_settings(panel.best_settings())}: {end}"


def said_optimum(marked: Marked, measured: float | None, less: int = 0) -> str:
    """Return an optimum of theory in words and numbers.

    Parameters: `less` is 1 where there is little room, 2 where there is hardly any.
    """
    one = marked.optimum
    rate = f": rate {one.rate:.3g}" if less < 2 else ""
    tail = "" if measured is None or less else f", measured {measured:.3g}"
    return f"{one.name}: {said_settings(one.values)}{rate}{tail}"


def said_border(panel: Panel, less: int = 0) -> str:
    """Return where theory puts the border of a map; `less` as for `said_optimum`."""
    border = panel.border
    assert border is not None
    said = BORDERS.get(panel.rule.name, "spectral radius below 1")
    if border.curvature is not None and not less and panel.rule.name in BORDERS:
        said += f", L = {_curvature(border.curvature)}"
    if border.kind == "theory":
        return f"theory: {said}" if less > 1 else f"theory: stable for {said}"
    return f"local theory: {said}"


def said_fastest(panel: Panel, less: int = 0) -> str:
    """Return the optimal rate of a rule that has nothing else to choose; `less` as above."""
    border = panel.border
    assert border is not None
    said = "fastest: lr = 2/(L + m)" if less > 1 else "fastest in theory: lr = 2/(L + m)"
    if border.curvature is None or less:
        return said
    rate = float(border.fastest[0][0, 0 if panel.map.x.name == "lr" else 1])
    return f"{said} = {said_value(rate)}, m = {_curvature(2.0 / rate - border.curvature)}"


def _curvature(value: float) -> str:
    return f"{value:.3g}" if 1e-3 <= value < 1e3 else short(value)
