"""A surface from a name, a formula, a Python function or the command line's notation."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from importlib import import_module
from typing import Any

from landscape.errors import LandscapeError, unknown_name
from landscape.specs import format_spec, parse_number, split_spec
from landscape.surfaces.catalogue import SURFACES
from landscape.surfaces.surface import (
    CriticalPoint,
    FormulaSurface,
    Kind,
    Surface,
    check_bounds,
)

__all__ = ["remade", "surface"]


def surface(
    spec: str | Surface | Callable[[Any, Any], Any],
    /,
    *,
    bounds: Any = None,
    gradient: Callable[[Any, Any], Any] | None = None,
    table: str = "",
    **parameters: float | str,
) -> Surface:
    """Return a surface.

    Parameters: `spec` is a name of the catalogue ("ravine"), a name with options
    ("ravine:kappa=50,rotation=30"), a model on data ("data:diabetes,feature=bmi" or
    "data:mine.csv,target=y", see `landscape.surfaces.data`), a plane that was saved
    ("plane:mine.npz,metric=accuracy"), a formula ("x**4 - y**2 + x*y"), a
    Python function f(x, y), or a Surface, which is returned as it is; `bounds`
    ((x0, x1), (y0, y1)) replace the surface's own; `gradient` goes with a Python function; `table`
    is what a recipe carries of a CSV file, taken in its place; `parameters` such as kappa=50 win
    over the text.

    Raises LandscapeError for an unknown name or parameter, or a text that is no formula.
    """
    if isinstance(spec, Surface):
        return spec if bounds is None else with_bounds(spec, bounds)
    if callable(spec):
        from landscape.surfaces.function import FunctionSurface

        around = bounds if bounds is not None else ((-3.0, 3.0), (-3.0, 3.0))
        return FunctionSurface(spec, gradient=gradient, bounds=check_bounds(around))
    if isinstance(spec, str) and re.match(r"\s*data\s*(:|$)", spec, re.IGNORECASE):
        from landscape.surfaces.data import data_surface

        model = data_surface(spec, parameters, table=table)
        return model if bounds is None else with_bounds(model, bounds)
    if isinstance(spec, str) and re.match(r"\s*plane\s*:", spec, re.IGNORECASE):
        # By name: planes are surfaces, so their package stands above this one.
        saved = import_module("landscape.planes.saved")
        plane: Surface = saved.plane_surface(spec, parameters, table=table)
        return plane if bounds is None else with_bounds(plane, bounds)
    if table:
        raise LandscapeError(
            f"a recipe's table goes with a CSV file such as data:mine.csv: {spec!r} came"
        )
    head, options = split_spec(spec)
    values = {key: parse_number(text, f"{key} of {head}") for key, text in options.items()}
    values.update({key: parse_number(v, f"{key} of {head}") for key, v in parameters.items()})
    found = head.lower()
    if found == "rnn_cliff":
        from landscape.surfaces.rnn_cliff import RnnCliff

        made: Surface = RnnCliff(**values)
    elif found in SURFACES:
        made = _from_catalogue(found, values)
    elif head.isidentifier() and head not in ("x", "y"):
        raise unknown_name("surface", head, [*SURFACES, "rnn_cliff", "data"])
    else:
        if values:
            raise LandscapeError(f"a formula has no options: {', '.join(values)} came")
        made = FormulaSurface(head, bounds=bounds or ((-3.0, 3.0), (-3.0, 3.0)))
        return made
    return made if bounds is None else with_bounds(made, bounds)


def remade(old: Surface, /, *, bounds: Any = None, **parameters: Any) -> Surface:
    """Return the surface that the text of another makes, on the same data.

    Parameters: `bounds` and `parameters` as `surface` takes them; without them the surface is as
    its text says, whatever was done to `old` since.

    Raises LandscapeError if no text makes it, and as `surface` does.
    """
    if old.kept:
        saved = import_module("landscape.planes.saved")
        plane: Surface = saved.plane_surface(
            old.spec, parameters, table=old.kept, folder=old.folder
        )
        return plane if bounds is None else with_bounds(plane, bounds)
    if not old.examples:
        return surface(old.spec, bounds=bounds, **parameters)
    from landscape.surfaces.data import DataSurface, data_surface

    if not isinstance(old, DataSurface) or not old.table.own:
        return surface(old.spec, bounds=bounds, **parameters)
    model = data_surface(old.spec, parameters, table=old.table)
    return model if bounds is None else with_bounds(model, bounds)


def with_bounds(old: Surface, bounds: Any) -> Surface:
    """Return the same surface with another domain."""
    from copy import copy

    new = copy(old)
    new.bounds = check_bounds(bounds)
    return new


def _from_catalogue(found: str, values: dict[str, float]) -> FormulaSurface:
    entry = SURFACES[found]
    for key in values:
        if key not in entry.parameters:
            if not entry.parameters:
                raise LandscapeError(f"surface {found} has no parameters: {key!r} came")
            raise unknown_name(f"parameter of {found}", key, entry.parameters)
    x0, x1, y0, y1 = entry.bounds
    shown = {k: repr(v) for k, v in values.items() if v != entry.parameters[k]}
    made = FormulaSurface(
        entry.formula,
        name=found,
        bounds=((x0, x1), (y0, y1)),
        start=entry.start,
        points=tuple(CriticalPoint(x, y, v, kind) for x, y, v, kind in entry.points),  # type: ignore[arg-type]
        parameters={**entry.parameters, **values},
        teaches=entry.teaches,
        scale=entry.scale,
        spec=format_spec(found, shown),
    )
    if shown:
        made.points = tuple(_as_it_is(made, point) for point in made.points)
    return made


def _as_it_is(where: FormulaSurface, point: CriticalPoint) -> CriticalPoint:
    """Return a critical point with the kind that it has with other parameters."""
    import numpy as np

    low, high = np.linalg.eigvalsh(where.hessian(point.x, point.y)).tolist()
    kind: Kind = "degenerate"
    if low * high != 0:
        kind = "minimum" if low > 0 else "maximum" if high < 0 else "saddle"
    return replace(point, kind=kind, value=where.value_at(point.x, point.y))
