"""A data surface from its notation: `data:diabetes,feature=bmi`, `data:mine.csv,target=y`."""

from __future__ import annotations

import re
from collections.abc import Mapping

from landscape.errors import LandscapeError, unknown_name
from landscape.files import AnyPath, shown
from landscape.surfaces.data.carried import DIGEST, check_digest, restore
from landscape.surfaces.data.csv_table import find_file, read_csv
from landscape.surfaces.data.design import Design, Wish, make_design
from landscape.surfaces.data.generated import GENERATED, check_parameters, generated_table
from landscape.surfaces.data.library import LIBRARY, library_table
from landscape.surfaces.data.linear import LinearSurface
from landscape.surfaces.data.product import ProductSurface
from landscape.surfaces.data.surface import DataSurface
from landscape.surfaces.data.table import Table
from landscape.surfaces.data.unit import UnitSurface

__all__ = ["csv_path", "data_names", "data_surface"]

_OPTIONS = ("model", "target", "feature", "features", "classes", "scaling", "missing")


def data_names() -> dict[str, str]:
    """Return the data sets that have names, with what each is."""
    shipped = {name: entry[0] for name, entry in LIBRARY.items()}
    return {**{name: kind.says for name, kind in GENERATED.items()}, **shipped}


def csv_path(text: str) -> str:
    """Return the path of the CSV file that a surface's text names, "" if it names none."""
    if not re.match(r"\s*data\s*:", text, re.IGNORECASE):
        return ""
    source, _ = _read(text)
    return source if _is_path(source) else ""


def data_surface(
    text: str,
    parameters: Mapping[str, object] | None = None,
    *,
    table: Table | str = "",
    folder: AnyPath | None = None,
) -> DataSurface:
    """Return the surface of a model with two weights on data.

    Parameters: `text` is "data:", a data set (a name, or the path of a CSV file) and options with
    commas between them; `parameters` are further options, which win; `table` are the data of the
    CSV file, as a recipe carries them or as a Table, which are taken in its place; `folder` is
    where a relative path is looked up first, before the working directory. A comma that belongs to
    a path or a value has a backslash before it, and so has a slash that belongs to a name, where
    names stand with slashes between them. The options:

      model     linear, logistic, tanh_unit, sigmoid_unit, two_layer_linear; or linear2 for
                linear with two features
      target    the column to predict; a CSV file needs it
      feature   a column: the weights are w and the bias b; or
      features  a/b, two columns: a weight for each, and no bias (see `make_design`)
      classes   a/b takes these two classes of the target, a takes one against the rest
      scaling   raw, standard or minmax
      missing   error, or drop: rows without a value in a column that is used are left out
      n, noise, seed, …   of generated data

    Raises LandscapeError, in one line, for whatever is wrong.
    """
    source, options = _read(text)
    options.update({key: str(value) for key, value in (parameters or {}).items()})
    if "feature" in options and "features" in options:
        raise LandscapeError("feature= and features= mean the same: give one of them")
    named = source.lower()
    generated = named if named in GENERATED else ""
    known = [*_OPTIONS, *(GENERATED[generated].parameters if generated else ())]
    for key in options:
        if key not in known:
            raise unknown_name(f"option of data:{source}", key, known)
    own = {key: options.pop(key) for key in list(options) if key not in _OPTIONS}
    wish = _wish(options)
    changed: dict[str, str] = {}
    if generated:
        values = check_parameters(generated, own)
        usual = GENERATED[generated].parameters
        changed = {key: f"{value:.15g}" for key, value in values.items() if value != usual[key]}
        data, source = generated_table(generated, values), generated
    elif named in LIBRARY:
        data, source = library_table(named), named
    elif _is_path(source):
        data = _own_table(source, table, folder)
    else:
        problem = unknown_name("data set", source, data_names())
        raise LandscapeError(f"{problem}; your own is a path that ends in .csv")
    if table and not data.own:
        raise LandscapeError(f"data:{source} is no CSV file: a recipe carries no table for it")
    design = make_design(data, wish)
    kinds: dict[str, type[DataSurface]] = {
        "linear": LinearSurface,
        "two_layer_linear": ProductSurface,
    }
    kind = kinds.get(design.wish.model, UnitSurface)
    return kind(design, source, _spec(source, design, changed), data)


def _is_path(source: str) -> bool:
    named = source.lower() in GENERATED or source.lower() in LIBRARY
    return not named and re.search(r"[/\\]|\.\w+$", source) is not None


def _own_table(source: str, table: Table | str, folder: AnyPath | None) -> Table:
    """Return the data of a CSV file, from the recipe if that carries them."""
    if isinstance(table, Table):
        return table
    if table and not table.startswith(DIGEST):
        return restore(table, shown(source))
    if table and not find_file(source, folder).exists():
        raise LandscapeError(
            f"there is no file {shown(source)}, and its table is too large for a recipe: bring the "
            "file here"
        )
    data = read_csv(source, folder)
    return check_digest(table, data) if table else data


def _read(text: str) -> tuple[str, dict[str, str]]:
    """Return the data set and the options of a text."""
    tail = text.partition(":")[2]
    source, *parts = re.split(r"(?<!\\),", tail)
    source = source.strip().replace("\\,", ",")
    if not source:
        raise LandscapeError(
            f"{text.strip()!r} names no data: write data:mine.csv,target=y or one of "
            f"{', '.join(f'data:{name}' for name in data_names())}"
        )
    options: dict[str, str] = {}
    for part in parts:
        key, equals, value = (piece.strip() for piece in part.partition("="))
        if not (key and equals and value):
            raise LandscapeError(
                f"cannot read {part.strip()!r} in {text.strip()!r}: write key=value, and a comma "
                r"of a path or name as \,"
            )
        if key in options:
            raise LandscapeError(f"{key!r} stands twice in {text.strip()!r}")
        options[key] = value.replace("\\,", ",").replace("\\=", "=")
    return source, options


def _wish(options: Mapping[str, str]) -> Wish:
    one = options.get("feature")
    return Wish(
        options.get("model", "").lower(),
        options.get("target", ""),
        (one.replace("\\/", "/"),) if one else _parts(options.get("features", "")),
        _parts(options.get("classes", "")),
        options.get("scaling", "raw").lower(),
        options.get("missing", "error").lower(),
    )


def _parts(text: str) -> tuple[str, ...]:
    """Return the names between slashes."""
    parts = [part.strip().replace("\\/", "/") for part in re.split(r"(?<!\\)/", text)]
    if text and not all(parts):
        raise LandscapeError(f"{text!r} has no name on one side of a slash: write a/b")
    return tuple(part for part in parts if part)


def _spec(source: str, design: Design, changed: Mapping[str, str]) -> str:
    """Return the notation that makes the surface again, "" if none can."""
    wish, default = design.wish, design.default
    options = {"model": wish.model}
    if default is None or wish.target != default.target:
        options["target"] = wish.target
    if len(wish.features) == 1:
        options["feature"] = wish.features[0]
    else:
        options["features"] = "/".join(part.replace("/", "\\/") for part in wish.features)
    if wish.classes and (default is None or wish.classes != default.classes):
        options["classes"] = "/".join(part.replace("/", "\\/") for part in wish.classes)
    if wish.scaling != "raw":
        options["scaling"] = wish.scaling
    if wish.missing != "error":
        options["missing"] = wish.missing
    options.update(changed)
    parts = [source, *(f"{key}={value}" for key, value in options.items())]
    text = "data:" + ",".join(part.replace(",", "\\,") for part in parts)
    try:
        again = _read(text) == (source, options) and _wish(options).features == wish.features
    except LandscapeError:
        return ""
    return text if again else ""
