"""The maps that a recipe of basins asks for: their regions, values, places and cells."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from time import perf_counter
from typing import TYPE_CHECKING

from landscape.maps.axes import Axis, tidy
from landscape.maps.basins import (
    BasinMap,
    basin_map,
    check_depth,
    starts_left,
    usual_tolerance,
    zoomed,
)
from landscape.maps.lasting import lasting_steps
from landscape.maps.places import Places
from landscape.maps.survey import Ends, find_places, survey
from landscape.maps.walk import Paths, variable_names, with_values
from landscape.optimizers.rule import Rule
from landscape.pictures.on_surface import part_of
from landscape.planes.cost import duration

if TYPE_CHECKING:
    from landscape.files import AnyPath
    from landscape.optimizers.lookup import Optimizer
    from landscape.pictures.basins_recipe import BasinsRecipe
    from landscape.surfaces.surface import Bounds, CriticalPoint, Surface

    Progress = Callable[[int, int], None]

__all__ = ["BasinJobs", "lasting"]

# Steps of all paths together, about, that maps take if nobody says how many cells they have:
# compiled, path by path, and on a network's plane.
_WORK, _WORK_ONE_BY_ONE, _WORK_NETWORK = 6e9, 1.5e6, 1e5
_FEW = 36  # starts of the survey of a network's plane
_LONG = 3.0  # seconds, beneath which nobody needs to be told
_TRIED, _TRIED_FUSED = 12, 8192  # paths by which it is known how long maps will take
_DIGITS = 4  # of swept values: what a frame says is what it was computed with
_SOME = 2500  # starts of the survey of one frame among several
_LOOKS = 8  # frames of a sweep that are surveyed, but one
_FAR = 0.15  # domains that a place moves from frame to frame at most


@dataclass(frozen=True, eq=False)
class BasinJobs:
    """The maps of a picture, panel by panel and frame by frame.

    Attributes: `paths`, of each panel those of each frame; `regions`, `zooms`, `values` of what is
    swept and `places` of each frame; `shared`, the places of the picture, and `same`, for each
    frame the positions in it of the frame's own; `columns`, `rows`; `tolerance`.
    """

    paths: tuple[tuple[Paths, ...], ...]
    regions: tuple[Bounds, ...]
    zooms: tuple[float, ...]
    values: tuple[dict[str, float], ...]
    places: tuple[Places, ...]
    shared: Places
    same: tuple[tuple[int, ...], ...]
    columns: int
    rows: int
    tolerance: float

    @classmethod
    def of(
        cls,
        recipe: BasinsRecipe,
        where: Surface,
        rules: Sequence[Optimizer],
        steps: int,
        axis: Axis | None,
    ) -> BasinJobs:
        """Return the jobs of a recipe: what comes before the first cell.

        Raises LandscapeError for a region too small for different starts.
        """
        zooms = _zooms(recipe)
        values = _values(recipe, axis, len(zooms))
        regions = tuple(_region(recipe, where, one) for one in zooms)
        plain = [_paths(recipe, where, rule, steps, values) for rule in rules]
        columns, rows = _cells(recipe, where, [one[0] for one in plain], len(zooms))
        for region in regions:
            check_depth(region, columns, rows)
        seen = tuple(dict.fromkeys((where.bounds, regions[-1])))
        if len({id(one.surface) for one in plain[0]}) > 1:
            places = tuple(
                _places_of([row[k] for row in plain], seen, _SOME) for k in range(len(zooms))
            )
            shared, same = _linked(where, places)
        else:
            # What a rule that is swept finds changes slowly: some frames tell it.
            some = sorted({round(k * (len(zooms) - 1) / _LOOKS) for k in range(_LOOKS + 1)})
            swept = [row[k] for row in plain for k in (some if axis is not None else [0])]
            shared = _places_of(swept, seen, _SOME if axis is not None else None)
            places = (shared,) * len(zooms)
            same = (tuple(range(len(shared))),) * len(zooms)
        tolerance = recipe.tolerance
        if tolerance is None:
            middle = len(zooms) // 2
            tolerance = usual_tolerance([row[middle] for row in plain], places[middle])
        paths = tuple(tuple(replace(one, tolerance=tolerance) for one in row) for row in plain)
        return cls(paths, regions, zooms, values, places, shared, same, columns, rows, tolerance)

    def maps(
        self, panel: int, *, keep: AnyPath = "", recipe: str = "", progress: Progress | None = None
    ) -> tuple[BasinMap, ...]:
        """Return the maps of a panel, one for each frame.

        Parameters: `keep` is the NPZ file of a single map, with its picture's `recipe`; `progress`
        is called with (done, in all).
        """
        made = []
        for k, (paths, region) in enumerate(zip(self.paths[panel], self.regions, strict=True)):
            made.append(
                basin_map(
                    paths,
                    self.places[k],
                    region,
                    self.columns,
                    self.rows,
                    keep=keep,
                    recipe=recipe,
                    progress=part_of(progress, k, len(self.zooms)),
                )
            )
        return tuple(made)

    def tell_duration(self, report: Callable[[str], None], saves: Sequence[str] = ()) -> None:
        """Report how long the maps will take, if that is some seconds, by a few of their paths.

        Parameters: `saves` are the files that keep each panel's map: what is done is not counted.
        """
        import numpy as np

        total, slow = 0.0, []
        x0, x1, y0, y1 = (edge for side in self.regions[0] for edge in side)
        draw = np.random.default_rng(0)
        begun = False
        for k, (paths, *_) in enumerate(self.paths):
            cells = whole = self.columns * self.rows * len(self.zooms)
            if saves:
                shape = self.columns, self.rows
                cells = starts_left(paths, self.places[0], self.regions[0], *shape, saves[k])
                begun |= cells < whole
            if not cells or (paths.fused is not None and cells * paths.steps < 5e8):
                continue
            count = _TRIED_FUSED if paths.fused is not None else _TRIED
            x, y = draw.uniform(x0, x1, count), draw.uniform(y0, y1, count)
            began = perf_counter()
            paths.walk(x, y)
            total += (perf_counter() - began) / count * cells
            if paths.fused is None:
                slow.append(paths.optimizer.label or paths.optimizer.name)
        if total and total >= _LONG:
            why = f" ({', '.join(slow)}: path by path)" if slow else ""
            size = f"{self.columns}×{self.rows} starts"
            frames = f" in {len(self.zooms)} frames" if len(self.zooms) > 1 else ""
            left = " more" if begun else ""
            report(f"{size}{frames}: about {duration(total)}{left}{why}")


def lasting(
    recipe: BasinsRecipe, where: Surface, rules: Sequence[Optimizer], steps: int, axis: Axis | None
) -> int:
    """Return how many steps a recipe's paths take if it does not say: most of them arrive.

    Parameters: `steps` at least. Of a film, the frame in its middle tells.
    """
    zooms = _zooms(recipe)
    values = _values(recipe, axis, len(zooms))[len(zooms) // 2 :][:1]
    paths = [_paths(recipe, where, rule, steps, values)[0] for rule in rules]
    regions = tuple(dict.fromkeys((where.bounds, _region(recipe, where, zooms[-1]))))
    return lasting_steps(paths, regions)


def _zooms(recipe: BasinsRecipe) -> tuple[float, ...]:
    if recipe.kind == "still":
        return (recipe.zoom,)
    if recipe.sweep:
        return (recipe.zoom,) * recipe.frames
    last = recipe.frames - 1
    return (*(recipe.zoom ** (k / last) for k in range(last)), recipe.zoom)


def _values(recipe: BasinsRecipe, axis: Axis | None, frames: int) -> tuple[dict[str, float], ...]:
    if axis is None:
        return ({},) * frames
    found = [tidy(float(one), _DIGITS) for one in axis.values(max(2, frames))]
    return tuple({axis.name: one} for one in found[-frames:])


def _region(recipe: BasinsRecipe, where: Surface, zoom: float) -> Bounds:
    if recipe.at is None or recipe.zoom == 1:
        return where.bounds
    # The point comes to the middle while the film flies there.
    turn = math.log(zoom) / math.log(recipe.zoom)
    return zoomed(where.bounds, recipe.at, zoom, turn)


def _paths(
    recipe: BasinsRecipe,
    where: Surface,
    rule: Optimizer,
    steps: int,
    values: Sequence[dict[str, float]],
) -> tuple[Paths, ...]:
    """Return the paths of each frame; frames of one surface and rule have the same object."""
    known = variable_names(where, rule)
    made: dict[tuple[float, ...], Paths] = {}
    for one in values:
        own = {key: value for key, value in one.items() if key in known}
        key = tuple(own.values())
        if key not in made:
            surface, moved = with_values(where, rule, own)
            made[key] = Paths(
                surface,
                moved,
                steps,
                schedule=recipe.schedule,
                batch=recipe.batch,
                noise=recipe.noise,
                seed=recipe.seed,
            )
    return tuple(made[tuple(value for key, value in one.items() if key in known)] for one in values)


def _places_of(paths: Sequence[Paths], regions: Sequence[Bounds], count: int | None) -> Places:
    """Return the places of a surface at which paths of several rules end."""
    found = []
    for one in paths:
        few = _FEW if one.surface.kept else None
        found.append(survey(one, regions, count=count if one.fused is not None else few)[0])
    return find_places(paths[0].surface, Ends.of(found))


def _cells(
    recipe: BasinsRecipe, where: Surface, paths: Sequence[Paths], frames: int
) -> tuple[int, int]:
    """Return how many starts there are across and up."""
    (x0, x1), (y0, y1) = where.bounds
    _, _, wide, tall = recipe.plan(len(paths), (x1 - x0) / (y1 - y0)).maps[0]
    if recipe.columns is not None or recipe.rows is not None:
        columns = recipe.columns or round((recipe.rows or 1) * wide / tall)
        return max(1, columns), recipe.rows or max(1, round(columns * tall / wide))
    work = 0.0
    for one in paths:
        slow = _WORK_NETWORK if where.kept else _WORK_ONE_BY_ONE
        most = _WORK if one.fused is not None else slow
        # A solver stops where it has arrived.
        steps = one.steps if one.fused is not None or isinstance(one.optimizer, Rule) else 40
        work += wide * tall * frames * min(steps, one.steps) / most
    size = max(1, math.ceil(math.sqrt(work)))
    return max(8, wide // size), max(8, tall // size)


def _linked(where: Surface, frames: Sequence[Places]) -> tuple[Places, tuple[tuple[int, ...], ...]]:
    """Return places that go through all frames, though they move, and each frame's as these."""
    (x0, x1), (y0, y1) = where.bounds
    points: list[CriticalPoint] = []
    kinds: list[str] = []
    rows: list[list[int]] = []
    for places in frames:
        own = [-1] * len(places)
        pairs = sorted(
            (math.hypot((one.x - old.x) / (x1 - x0), (one.y - old.y) / (y1 - y0)), k, j)
            for k, one in enumerate(places.points)
            for j, old in enumerate(points)
            if kinds[j] == places.kinds[k]
        )
        taken: set[int] = set()
        for away, k, j in pairs:
            if away <= _FAR and own[k] < 0 and j not in taken:
                own[k] = j
                taken.add(j)
        for k, point in enumerate(places.points):
            if own[k] < 0:
                own[k] = len(points)
                points.append(point)
                kinds.append(places.kinds[k])
            points[own[k]] = point
        rows.append(own)
    shared = Places(frames[-1].surface, tuple(points), tuple(kinds))  # type: ignore[arg-type]
    return shared, tuple(map(tuple, rows))
