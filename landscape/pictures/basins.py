"""Where every start on a surface ends: a map of basins for each rule, zoomed in or swept."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from landscape.errors import LandscapeError
from landscape.files import shown
from landscape.maps.axes import Axis, parse_axis
from landscape.maps.basins import BasinMap
from landscape.maps.kept import check_kept
from landscape.maps.places import Places, moved
from landscape.maps.walk import variable_names
from landscape.optimizers.lookup import Optimizer, optimizer, rule_text
from landscape.pictures.basins_jobs import BasinJobs, lasting
from landscape.pictures.basins_recipe import BasinsRecipe
from landscape.pictures.on_surface import part_of
from landscape.pictures.ready import Redrawn
from landscape.pictures.surface_keys import (
    found_surface,
    surface_text,
    with_rate,
)
from landscape.planes.journal import says_what_is_kept
from landscape.presets import default_steps, preset_rule
from landscape.specs import check_python_text

if TYPE_CHECKING:
    from landscape.files import AnyPath
    from landscape.surfaces.surface import Surface

    Progress = Callable[[int, int], None]

__all__ = ["BasinPanel", "Basins", "BasinsRecipe", "prepare", "saved_maps", "usual_name"]

_USUAL_STEPS, _USUAL_RULES = 300, ("momentum",)


@dataclass(frozen=True, eq=False)
class BasinPanel:
    """The maps of one rule.

    Attributes: `rule`; `maps`, one for each frame; `same`, for each of them the places of the
    picture that its own places are.
    """

    rule: Optimizer
    maps: tuple[BasinMap, ...]
    same: tuple[tuple[int, ...], ...]

    def counts(self, frame: int) -> dict[int, int]:
        """Return how many starts of a frame end at each place of the picture, or at none."""
        return self._counts[frame]

    @cached_property
    def _counts(self) -> list[dict[int, int]]:
        import numpy as np

        return [
            dict(zip(moved(np.array([*counts]), same).tolist(), counts.values(), strict=True))
            for counts, same in zip([one.counts() for one in self.maps], self.same, strict=True)
        ]


class Basins(Redrawn):
    """A picture of basins whose numbers are computed.

    Attributes: `recipe`; `surface`; `panels`; `places` of the picture, which all frames share;
    `values`, what is swept in each frame; `zooms`, how far in each frame is.
    """

    recipe: BasinsRecipe

    def __init__(
        self,
        recipe: BasinsRecipe,
        surface: Surface,
        panels: tuple[BasinPanel, ...],
        places: Places,
        values: tuple[dict[str, float], ...],
        zooms: tuple[float, ...],
    ) -> None:
        self.recipe, self.surface, self.panels, self.places = recipe, surface, panels, places
        self.values, self.zooms = values, zooms
        self.count = len(zooms)
        self.name = _file_name(surface.name, [one.rule.name for one in panels])

    @property
    def moving(self) -> bool:
        """Whether the places are other points in each frame."""
        return len({id(one.places) for one in self.panels[0].maps}) > 1

    def numbers(self) -> list[str]:
        """Return a line for each rule: the shares of the starts by where they end."""
        from landscape.pictures.basins_shares import shares_of

        said = []
        for one in self.panels:
            shares = shares_of(one.counts(self.count - 1))
            told = ", ".join(f"{self.places.name(k)} {share}" for k, share in shares[:12])
            rest = f", and {len(shares) - 12} more places" if len(shares) > 12 else ""
            starts = one.maps[-1].labels.size
            said.append(f"{one.rule.label or one.rule.name}: of {starts} starts {told}{rest}")
        return said


def usual_name(surface: str, optimizers: Sequence[str]) -> str:
    """Return the name, without a suffix, of the picture's file where nobody gives one.

    Parameters: `surface` and `optimizers` are texts as a recipe has them.

    Raises LandscapeError if there is no such optimizer.
    """
    rules = [optimizer(one).name for one in optimizers or _USUAL_RULES]
    return _file_name(surface.partition(":")[0].strip(), rules)


def _file_name(surface: str, rules: Sequence[str]) -> str:
    names = [one if one.isidentifier() else "rule" for one in rules]
    where = surface if surface.isidentifier() else "surface"
    return "-".join(["basins", where, *dict.fromkeys(names)])


def saved_maps(recipe: BasinsRecipe, keep: str) -> list[str]:
    """Return the files in which the maps of a recipe are kept, none for "".

    One rule has `keep` itself; several have FILE-1.npz, FILE-2.npz, … in their order.

    Raises LandscapeError for a name that is no .npz, and for a film.
    """
    if not keep:
        return []
    if recipe.kind == "film":
        raise LandscapeError("a film has a map for each frame: --save keeps the map of a still")
    if not keep.endswith(".npz"):
        raise LandscapeError(f"a map is saved as .npz: {shown(keep)} came")
    count, stem = max(1, len(recipe.optimizers)), keep.removesuffix(".npz")
    return [keep] if count == 1 else [f"{stem}-{k + 1}.npz" for k in range(count)]


def prepare(
    recipe: BasinsRecipe,
    *,
    surface: Surface | None = None,
    rules: Sequence[Optimizer | str] | None = None,
    keep: str = "",
    folder: AnyPath | None = None,
    report: Callable[[str], None] = lambda _: None,
    progress: Progress | None = None,
) -> Basins:
    """Compute the maps of a recipe.

    Parameters: `surface` and `rules` replace the recipe's texts by objects; `keep` names an NPZ
    file that keeps the map (`saved_maps` those of several rules): a call that was killed goes on
    where it stopped, and what is finished is not computed again; `folder` is where a surface's file
    is looked up first; `report` is told what a reader should know; `progress` is called with (done,
    in all).

    Raises LandscapeError for names and values that mean nothing, and for a region too small for
    different starts.
    """
    saves = saved_maps(recipe, keep)
    for path in saves:
        check_kept(path)
    where = surface if surface is not None else found_surface(recipe, folder)
    given = (recipe.optimizers or _USUAL_RULES) if rules is None else tuple(rules)
    for one in given:
        if isinstance(one, str):
            check_python_text(one)
    plain = [preset_rule(where, one) for one in given]
    axis = _axis_of(recipe, where, plain)
    rated, steps = _rated(recipe, where, plain, axis, report)
    jobs = BasinJobs.of(recipe, where, rated, steps, axis)
    (x0, x1), (y0, y1) = where.bounds
    text, table = surface_text(where)
    recipe = recipe.with_(
        surface=text,
        table=table,
        optimizers=tuple(map(rule_text, rated)),
        steps=steps,
        bounds=(x0, x1, y0, y1),
        columns=jobs.columns,
        rows=jobs.rows,
        tolerance=jobs.tolerance,
    )
    jobs.tell_duration(report, saves)
    panels = []
    with says_what_is_kept(saves):
        for k, rule in enumerate(rated):
            maps = jobs.maps(
                k,
                keep=saves[k] if saves else "",
                recipe=recipe.to_toml() if saves else "",
                progress=part_of(progress, k, len(rated)),
            )
            panels.append(BasinPanel(rule, maps, jobs.same))
    return Basins(recipe, where, tuple(panels), jobs.shared, jobs.values, jobs.zooms)


def _rated(
    recipe: BasinsRecipe,
    where: Surface,
    rules: Sequence[Optimizer],
    axis: Axis | None,
    report: Callable[[str], None],
) -> tuple[list[Optimizer], int]:
    """Return the rules with their rates, and the steps of their paths."""
    said: list[str] = []

    def rated(steps: int) -> list[Optimizer]:
        said.clear()
        # What is swept has no rate to be chosen.
        if axis is not None and axis.name == "lr":
            return list(rules)
        return [with_rate(recipe, where, one, steps, said.append) for one in rules]

    steps = recipe.steps or max(_USUAL_STEPS, default_steps(where))
    found = rated(steps)
    if recipe.steps is None:
        steps, before = lasting(recipe, where, found, steps, axis), steps
        if said and steps != before:  # a rate is chosen for the steps that are drawn
            found = rated(steps)
    for one in said:
        report(one)
    return found, steps


def _axis_of(recipe: BasinsRecipe, where: Surface, rules: Sequence[Optimizer]) -> Axis | None:
    """Return what a recipe sweeps, None for nothing."""
    if not recipe.sweep:
        return None
    known = dict.fromkeys(name for rule in rules for name in variable_names(where, rule))
    if not known:
        raise LandscapeError(
            f"{', '.join(rule.label or rule.name for rule in rules)} on {where.name}: there is no "
            "number to sweep"
        )
    name, axis = parse_axis(recipe.sweep, list(known), "a sweep")
    if axis is None:
        raise LandscapeError(
            f"a sweep needs its ends, such as {name}=0.001:0.2: {recipe.sweep!r} came"
        )
    return axis
