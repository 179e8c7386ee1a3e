"""Which part of each surface a picture shows, and where the paths over it begin."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from landscape.descent import check_start
from landscape.errors import LandscapeError
from landscape.panels import Variant
from landscape.presets import default_start, lesson_of
from landscape.recipe import Recipe
from landscape.surfaces.lookup import remade
from landscape.surfaces.lookup import surface as find_surface
from landscape.surfaces.surface import Bounds, FormulaSurface, Surface

if TYPE_CHECKING:
    from landscape.surfaces.data import DataSurface

__all__ = ["choose_starts", "settle_domains"]

# How far out a ring of starts lies, as a share of the way to the edge.
_RING = 0.88
# How much of a domain lies around a start that it grows for.
_MARGIN = 0.06


def settle_domains(recipe: Recipe, base: Surface, variants: Sequence[Variant]) -> list[Variant]:
    """Return the variants with the domain that each panel shows and the start that it has.

    Bounds that were asked for are everybody's, and so is a start. What is left open is the same
    for all panels where the same coordinates mean the same in all of them (a ravine of several
    condition numbers): what the lesson of `base`, the surface before the grid, shows. Weights of
    differently scaled features mean different things: each panel has the domain of its own, and
    they start from the same model. Only if every panel has a lesson, each shows its own.
    """
    surfaces = [variant.surface for variant in variants]
    lessons = [lesson_of(one) for one in surfaces]
    varied = len({id(one) for one in surfaces}) > 1
    if not varied or all(lesson is not None for lesson in lessons):
        settled = [
            replace(variant, surface=_seen(variant.surface, _lesson_view(variant.surface), recipe))
            for variant in variants
        ]
    elif _alike(surfaces):
        guide = next((one for one in (base, *surfaces) if lesson_of(one) is not None), surfaces[0])
        view = _lesson_view(guide) or _around_all(surfaces)
        start = default_start(guide)
        settled = [
            replace(variant, surface=_seen(variant.surface, view, recipe), start=start)
            for variant in variants
        ]
    else:
        settled = _from_one_model(recipe, variants)
    return [replace(variant, surface=_with_points(variant.surface)) for variant in settled]


def choose_starts(recipe: Recipe, variant: Variant) -> tuple[tuple[float, float], ...]:
    """Return the starts of every rule: a ring of them, those of the recipe, or the panel's own.

    Raises LandscapeError for a fan with starts, and a start without a value.
    """
    where = variant.surface
    if recipe.fan and (recipe.start is not None or recipe.starts):
        raise LandscapeError("a fan has its own starts: leave --start or --fan out")
    if recipe.fan:
        (x0, x1), (y0, y1) = where.bounds
        angles = [2 * math.pi * (k + 0.5) / recipe.fan for k in range(recipe.fan)]
        ring = [
            (_on_ring(x0, x1, math.cos(angle)), _on_ring(y0, y1, math.sin(angle)))
            for angle in angles
        ]
        return tuple(check_start(point, where) for point in ring)
    own = variant.start
    if own is None or not math.isfinite(where.value_at(*own)):
        own = default_start(where)
    return tuple(check_start(point, where) for point in (recipe.start or own, *recipe.starts))


def _on_ring(low: float, high: float, share: float) -> float:
    """Return a coordinate of a start, rounded to what a reader would write."""
    half = 0.5 * (high - low)
    digits = 3 - math.floor(math.log10(half))
    return round(0.5 * (low + high) + _RING * half * share, digits) + 0.0


# -- domains -----------------------------------------------------------------------------------


def _lesson_view(where: Surface) -> Bounds | None:
    """Return the part of the domain that the surface's lesson shows, None for all of it."""
    lesson = lesson_of(where)
    if lesson is None or lesson.view is None:
        return None
    x0, x1, y0, y1 = lesson.view
    return (x0, x1), (y0, y1)


def _seen(where: Surface, view: Bounds | None, recipe: Recipe) -> Surface:
    """Return the surface with `view` for its bounds, unless others were asked for."""
    if view is None or recipe.bounds is not None or view == where.bounds:
        return where
    if where.spec and where.bounds != remade(where).bounds:
        return where
    return find_surface(where, bounds=view)


def _alike(surfaces: Sequence[Surface]) -> bool:
    """Return whether the same coordinates mean the same on all of the surfaces."""
    from landscape.surfaces.data import DataSurface

    first = surfaces[0]
    if not isinstance(first, DataSurface):
        return all(one.name == first.name for one in surfaces)
    known = [one for one in surfaces if isinstance(one, DataSurface)]
    meant = {(one.model, one.scaling, one.features) for one in known}
    return len(known) == len(surfaces) and len(meant) == 1


def _around_all(surfaces: Sequence[Surface]) -> Bounds:
    """Return the smallest domain in which those of all the surfaces lie."""
    xs, ys = zip(*(one.bounds for one in surfaces), strict=True)
    (left, right), (bottom, top) = zip(*xs, strict=True), zip(*ys, strict=True)
    return (min(left), max(right)), (min(bottom), max(top))


def _from_one_model(recipe: Recipe, variants: Sequence[Variant]) -> list[Variant]:
    """Return the variants such that scalings of the same data start from the same model.

    It is the start of a lesson, or else of the roundest surface; where it lies outside another's
    domain, that grows, unless bounds were asked for.
    """
    from landscape.surfaces.data import DataSurface

    surfaces = [variant.surface for variant in variants]
    known = [one for one in surfaces if isinstance(one, DataSurface)]
    if recipe.start is not None or recipe.fan or len(known) < len(variants):
        return list(variants)
    taught = [one for one in known if lesson_of(one) is not None]
    guide = taught[0] if taught else min(known, key=lambda one: one.condition or math.inf)
    first = default_start(guide)
    starts = [one.same_model(guide, *first) for one in known]
    moved = []
    for variant, one, start in zip(variants, known, starts, strict=True):
        if start is None:
            return list(variants)
        shown = one if recipe.bounds is not None else find_surface(one, bounds=_grown(one, start))
        moved.append(replace(variant, surface=shown, start=start))
    return moved


def _grown(where: DataSurface, start: tuple[float, float]) -> Bounds:
    """Return the surface's domain, larger if the start would else lie outside it or at its edge."""
    grown = []
    for (low, high), at in zip(where.bounds, start, strict=True):
        margin = _MARGIN * (high - low)
        grown.append((min(low, at - margin), max(high, at + margin)))
    return grown[0], grown[1]


def _with_points(where: Surface) -> Surface:
    """Return the surface with its critical points found, if nobody has said them."""
    if where.points or not isinstance(where, FormulaSurface) or lesson_of(where) is not None:
        return where
    from copy import copy

    from landscape.surfaces.critical import critical_points

    found = copy(where)
    found.points = critical_points(where)
    return found
