"""From a table to the columns that a model's loss is made of: choice, classes, scaling."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from landscape.errors import LandscapeError, unknown_name
from landscape.surfaces.data.models import MODELS, Model
from landscape.surfaces.data.table import (
    Choice,
    Table,
    categories,
    find_column,
    is_numeric,
    missing,
    mostly_numbers,
    no_value,
    numbers,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[Any]

__all__ = ["MISSING", "SCALINGS", "Design", "Wish", "can_be_drawn", "make_design"]

SCALINGS = ("raw", "standard", "minmax")
MISSING = ("error", "drop")
_LEAST = 3
_IDEOGRAPHS = 0x2E80


@dataclass(frozen=True)
class Wish:
    """What the user has said of a model; what is "" or () is chosen by `make_design`."""

    model: str = ""
    target: str = ""
    features: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()
    scaling: str = "raw"
    missing: str = "error"


@dataclass(frozen=True, eq=False)
class Design:
    """The data of a loss in two weights: the model sees x*a + y*b and should say t.

    Attributes: `a`, `b` and `t` of shape (examples,); `wish`, with nothing left open; `default`,
    what the table takes by itself; `labels`, the names of the two weights; `dropped`, how many rows
    were left out for a missing value.
    """

    a: Array
    b: Array
    t: Array
    wish: Wish
    default: Choice | None
    labels: tuple[str, str]
    dropped: int = 0


def make_design(table: Table, wish: Wish) -> Design:
    """Return the columns for a model.

    With one feature the weights are w and b, and b's column is one. With two features there is no
    bias: it is taken to be at its best by centring, so each feature has its mean taken away (after
    the scaling), and in linear regression the target too. `two_layer_linear` has no bias either,
    and both its feature and its target are centred. Scaling is of the features: "raw" leaves them,
    "standard" takes the mean away and divides by the standard deviation (of the n examples),
    "minmax" brings them to 0 … 1.

    Classes become -1 and 1, for `sigmoid_unit` 0 and 1: the second of the two in the order of the
    numbers or the alphabet, or as `classes` names them ("a/b": b; "a": a against the rest). A
    number that a unit is to predict is brought to that range.

    A row without a value in a column that is used is an error; `missing` "drop" leaves it out.

    Raises LandscapeError, in one line, for what the table does not have or cannot be.
    """
    import numpy as np

    if wish.scaling not in SCALINGS:
        raise unknown_name("scaling", wish.scaling, SCALINGS)
    if wish.missing not in MISSING:
        raise unknown_name("missing", wish.missing, MISSING)
    name = wish.model or _usual_model(table, wish)
    # "linear2" is linear regression with two features.
    wanted, name = (2, "linear") if name == "linear2" else (None, name)
    if name not in MODELS:
        raise unknown_name("model", name, MODELS)
    model = MODELS[name]
    default = _default(table, model)
    target = find_column(table, wish.target) if wish.target else _usual_target(table, name, default)
    features = _features(table, wish, name, target, default, wanted)
    classes = wish.classes
    if not classes and default is not None and target == default.target:
        classes = default.classes
    absent = {column: missing(table, column) for column in (target, *features)}
    whole = ~np.any(list(absent.values()), axis=0)
    kept = np.flatnonzero(whole) if wish.missing == "drop" else np.arange(len(table))
    if not classes:
        _check_gaps(table, absent, kept)
    rows, t = _target(table, target, name, model, classes, kept)
    _check_gaps(table, absent, rows)
    if len(rows) < _LEAST:
        raise LandscapeError(
            f"{table.name} has {len(rows)} examples {'of these classes' if classes else 'in all'}: "
            f"a loss takes {_LEAST} at least"
        )
    columns = [_scaled(numbers(table, feature, rows), wish.scaling) for feature in features]
    if len(columns) == 2 or name == "two_layer_linear":
        columns = [column - column.mean() for column in columns]
        t = t - t.mean() if model.target == "number" else t
    a = columns[0]
    b = columns[1] if len(columns) == 2 else np.ones(len(rows))
    if name == "two_layer_linear":
        labels = ("w1", "w2")
    else:
        labels = _weights(*features) if len(features) == 2 else ("w", "b")
    made = Wish(name, target, features, classes, wish.scaling, wish.missing)
    return Design(a, b, t, made, default, labels, len(table) - len(kept))


def _check_gaps(table: Table, absent: Mapping[str, Array], rows: Array) -> None:
    for column, gaps in absent.items():
        if gaps[rows].any():
            cure = "fill it in, or add missing=drop to leave such rows out"
            raise no_value(table, column, rows[gaps[rows]], cure)


def _default(table: Table, model: Model) -> Choice | None:
    if model.target == "number":
        return table.regression
    if model.target == "either":
        return table.classification or table.regression
    return table.classification


def _usual_model(table: Table, wish: Wish) -> str:
    """Return linear for a number, logistic for classes."""
    if wish.classes:
        return "logistic"
    if wish.target:
        target = find_column(table, wish.target)
        if mostly_numbers(table, target):
            return "linear"  # which says what is wrong with the cells that are none
        few = len(categories(table, target)[0]) <= 2
        texts = isinstance(table.columns[target], Sequence)
        return "logistic" if texts or few else "linear"
    return "linear" if table.regression or not table.classification else "logistic"


def _usual_target(table: Table, model: str, default: Choice | None) -> str:
    if default is not None:
        return default.target
    if table.regression or table.classification:
        raise LandscapeError(
            f"{table.name} has no target that goes with {model}: name a column of two classes"
            if MODELS[model].target == "classes"
            else f"{table.name} has no target that goes with {model}: name one, such as target="
            f"{next(iter(table.columns))}"
        )
    names = ", ".join(list(table.columns)[:20]) + (", …" if len(table.columns) > 20 else "")
    raise LandscapeError(f"{table.name} needs a target: add target= and one of {names}")


def _features(
    table: Table, wish: Wish, model: str, target: str, default: Choice | None, wanted: int | None
) -> tuple[str, ...]:
    import numpy as np

    most = MODELS[model].most
    if wish.features:
        found = tuple(find_column(table, feature) for feature in wish.features)
        if len(found) > most:
            raise LandscapeError(
                f"{model} has two weights, so it takes {'one or two' if most == 2 else 'one'} "
                f"feature{'s' if most == 2 else ''}: {len(found)} came"
            )
        if wanted == 2 and len(found) == 1:
            raise LandscapeError("linear2 takes two features, such as features=a/b: one came")
        if len(set(found)) < len(found):
            raise LandscapeError(f"feature {found[0]!r} stands twice: choose two columns")
        if target in found:
            raise LandscapeError(f"{target!r} is the target: it cannot be a feature as well")
        return found
    usual = [one for one in default.features if one != target] if default is not None else []
    rest = [c for c in table.columns if c not in (target, *usual) and is_numeric(table, c)]
    at_hand = [*usual, *rest]
    if len(at_hand) < (wanted or 1):
        others = [c for c in table.columns if c not in (target, *at_hand)]
        spoilt = [c for c in others if mostly_numbers(table, c)]
        for column in spoilt or others[:1]:
            numbers(table, column, np.arange(len(table)))  # says what is wrong with it
        raise LandscapeError(
            f"{table.name} has {len(at_hand)} columns of numbers beside the target {target!r}: "
            f"{model} takes {wanted or 1}"
        )
    if wanted is None:
        natural = default.count if default is not None else 2 if model == "logistic" else 1
        wanted = natural if model in ("linear", "logistic") else 1
    return tuple(at_hand[:wanted])


def _target(
    table: Table, target: str, name: str, model: Model, classes: tuple[str, ...], kept: Array
) -> tuple[Array, Array]:
    """Return which of the rows `kept` are used, and what the model should say for each."""
    import numpy as np

    if model.target == "number":
        if classes:
            raise LandscapeError(f"{name} predicts a number: classes= goes with logistic")
        return kept, numbers(table, target, kept)
    known, places = categories(table, target)
    places = places[kept]
    if len(known) < 2:
        only = f" ({known[0]})" if known else ""
        raise LandscapeError(f"column {target!r} of {table.name} is constant{only}: choose another")
    if classes:
        chosen = [_find_class(table, target, one, known) for one in classes]
        if len(chosen) > 2 or len(set(chosen)) < len(chosen):
            raise LandscapeError(f"classes= takes one class or two different ones: {classes} came")
        among = np.isin(places, chosen) if len(chosen) == 2 else np.full(len(kept), True)
        high = places[among] == chosen[-1]
        return kept[among], np.where(high, model.high, model.low)
    if len(known) == 2:
        return kept, np.where(places == 1, model.high, model.low)
    if model.target == "either" and is_numeric(table, target):
        t = numbers(table, target, kept)
        return kept, model.low + (model.high - model.low) * (t - t.min()) / np.ptp(t)
    few = ", ".join(known[:6]) + (", …" if len(known) > 6 else "")
    slashed = [one.replace("/", "\\/").replace(",", "\\,") for one in known[:2]]
    raise LandscapeError(
        f"{name} needs two classes and column {target!r} of {table.name} has {len(known)} ({few}): "
        f"add classes={'/'.join(slashed)}, or one class to tell it from the rest"
        + (", or model=linear for a number" if is_numeric(table, target) else "")
    )


def _find_class(table: Table, target: str, wanted: str, known: list[str]) -> int:
    for k, one in enumerate(known):
        if one == wanted or one.lower() == wanted.lower():
            return k
    try:
        return [float(one) for one in known].index(float(wanted))
    except ValueError:
        raise unknown_name(f"class of {target} in {table.name}", wanted, known[:20]) from None


def _scaled(values: Array, scaling: str) -> Array:
    import numpy as np

    if scaling == "standard":
        values = (values - values.mean()) / values.std()
    elif scaling == "minmax":
        values = (values - values.min()) / np.ptp(values)
    return values


def can_be_drawn(text: str) -> bool:
    """Return whether the pictures' fonts may have all letters: they have no Chinese ones."""
    return all(ord(letter) < _IDEOGRAPHS for letter in text)


def _weights(first: str, second: str) -> tuple[str, str]:
    """Return the names of two features' weights, plain w1 and w2 where they cannot be told."""
    one, two = _weight(first), _weight(second)
    return (one, two) if one and two and one != two else ("w1", "w2")


def _weight(feature: str) -> str:
    """Return the name of a feature's weight: w_bmi, w_my_x of "my x", and w1 of x1.

    What is no part of a name, such as $ or a brace, becomes a blank (written "_"), for it may mean
    something in a formula. A name that cannot be drawn becomes "".
    """
    numbered = re.fullmatch(r"x_?(\d+)", feature)
    if numbered:
        return f"w{numbered[1]}"
    letters = (letter if f"w{letter}".isidentifier() else "_" for letter in feature)
    plain = re.sub("_+", "_", "".join(letters)).strip("_")
    return f"w_{plain}" if plain and can_be_drawn(plain) else ""
