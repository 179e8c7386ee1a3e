"""Maps of many paths in Python: functions that return a picture."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from landscape.errors import unknown_name
from landscape.keys import option_of
from landscape.optimizers.rule import Rule
from landscape.optimizers.solver import Solver
from landscape.pictures import recipe_class
from landscape.pictures.api import NetworkPicture
from landscape.specs import python_text
from landscape.surfaces.lookup import surface as find_surface

if TYPE_CHECKING:
    from landscape.optimizers.lookup import Optimizer
    from landscape.pictures.ready import Ready
    from landscape.pictures.recipe import PictureRecipe
    from landscape.surfaces.surface import Surface

    SurfaceLike = str | Surface | Callable[[Any, Any], Any]
    OptimizerLike = str | Optimizer

__all__ = ["MapPicture", "basins", "called", "map_picture"]


class MapPicture(NetworkPicture):
    """A picture of many paths over a surface; in a notebook it shows itself.

    Attributes: `recipe`, everything that it depends on; `ready`, its numbers.
    """

    def __init__(self, recipe: PictureRecipe, given: dict[str, Any]) -> None:
        self._asked, self._given = recipe, given
        super().__init__(recipe)

    def _prepared(self, recipe: PictureRecipe, **more: Any) -> Ready:
        given = self._given
        if recipe.kind != self._asked.kind:
            # How many cells a still has would be too many for each frame of a film, and a file
            # keeps the map of a still.
            recipe = self._asked.with_(kind=recipe.kind, format=recipe.format)
            given = {key: value for key, value in given.items() if key != "keep"}
        return super()._prepared(recipe, **given, **more)


def basins(
    surface: SurfaceLike = "himmelblau",
    optimizers: OptimizerLike | Sequence[OptimizerLike] = "momentum",
    *,
    steps: int | None = None,
    at: tuple[float, float] | None = None,
    zoom: float = 1.0,
    sweep: str = "",
    keep: str = "",
    progress: Callable[[int, int], None] | None = None,
    **keys: Any,
) -> MapPicture:
    """Return a map of where every start on a surface ends, for one optimizer or several.

    Parameters: `surface` and `optimizers` are names, formulas or objects; `steps` of each path, by
    default as many as let nine tenths of them arrive; `zoom` looks at a region around the point
    `at` that is so many times narrower than the domain; `sweep` such as "lr=0.001:0.2" is a film of
    maps, as is a zoom that is saved as one; `keep` is an NPZ file for the cells: a call that was
    killed goes on where it stopped (several optimizers have FILE-1.npz, FILE-2.npz, …); `progress`
    is called with (done, in all). Further `keys` are those of the command `landscape map basins`:
    columns, rows, tolerance, bounds, … The maps' numbers are in `ready.panels`.

    The file has `labels` (rows, columns), int16, where each start ends, and `steps` (rows,
    columns), int32, after how many steps; `xs` (columns,) and `ys` (rows,), the starts, the lowest
    row first; `places` (n, 3), float64: x, y and loss of the place with each label from 0, and
    `names` (n,), such as "minimum A (3, 2)"; `codes` and `code_names` say what labels below 0
    mean; `recipe` is the text that makes the map again, and `about` says which work it is.

    Raises LandscapeError for names and values that mean nothing, and for a file of another map.
    """
    own = {"steps": steps, "at": at, "zoom": zoom, "sweep": sweep, **keys}
    more: dict[str, Any] = {"keep": keep, "progress": progress}
    return map_picture("basins", surface, optimizers, own, **{k: v for k, v in more.items() if v})


def map_picture(
    name: str,
    surface: SurfaceLike,
    optimizers: OptimizerLike | Sequence[OptimizerLike],
    keys: dict[str, Any],
    *,
    kind: str = "",
    **more: Any,
) -> MapPicture:
    """Return a picture of many paths by its name.

    Parameters: `kind` is "still" for one that cannot be a film; `more` goes to the `prepare` of the
    picture's module.

    Raises LandscapeError for an unknown key, or a value that means nothing.
    """
    chosen = recipe_class(name)
    fixed = {"kind": kind, "format": "png"} if kind else {}
    recipe, given = called(name, chosen, surface, optimizers, keys, **fixed)
    return MapPicture(recipe, {**given, **more})


def called(
    name: str,
    chosen: Any,
    surface: SurfaceLike,
    optimizers: OptimizerLike | Sequence[OptimizerLike],
    keys: dict[str, Any],
    **fixed: Any,
) -> tuple[Any, dict[str, Any]]:
    """Return the recipe of a call, of the class `chosen`, and the objects that its texts stand for.

    Parameters: `keys` are the caller's, `fixed` ours.

    Raises LandscapeError for an unknown key, or a value that means nothing.
    """
    known = [one.name for one in chosen.key_fields() if option_of(one)]
    for key in keys:
        if key not in known:
            raise unknown_name(f"argument of {name}", key, known)
    given: dict[str, Any] = {}
    if not isinstance(surface, str):
        made = find_surface(surface)
        if keys.get("bounds") is not None:
            made = find_surface(made, bounds=keys["bounds"])
        given["surface"] = made
        surface = made.spec or python_text(made.name)
    rules = [optimizers] if isinstance(optimizers, str | Rule | Solver) else list(optimizers)
    if not all(isinstance(one, str) for one in rules):
        given["rules"] = rules
    texts = [one if isinstance(one, str) else python_text(one.name) for one in rules]
    return chosen(surface=surface, optimizers=tuple(texts), **keys, **fixed), given
