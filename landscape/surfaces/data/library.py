"""The data sets that ship inside scikit-learn, as tables."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from landscape.errors import LandscapeError
from landscape.surfaces.data.table import Choice, Table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Array = NDArray[Any]

__all__ = ["LIBRARY", "library_table"]

# What each set is, the name of its target, and what the models take from it by default.
LIBRARY: dict[str, tuple[str, str, Choice | None, Choice | None]] = {
    "diabetes": (
        "442 patients: how far diabetes has gone on after a year",
        "progression",
        Choice("progression", ("bmi", "s5")),
        None,
    ),
    "iris": (
        "150 irises of three species: four lengths in cm",
        "species",
        Choice("petal_width", ("petal_length", "sepal_length")),
        Choice("species", ("petal_length", "petal_width"), 2, ("versicolor", "virginica")),
    ),
    "wine": (
        "178 wines of three growers: thirteen measurements",
        "grower",
        Choice("flavanoids", ("total_phenols", "proanthocyanins")),
        Choice("grower", ("alcohol", "malic_acid"), 2, ("class_0", "class_1")),
    ),
    "breast_cancer": (
        "569 tumours, benign or malignant: thirty measurements of their cells",
        "diagnosis",
        None,
        Choice("diagnosis", ("mean_radius", "mean_texture"), 2),
    ),
}


@lru_cache(maxsize=8)
def library_table(name: str) -> Table:
    """Return the table of a set of `LIBRARY`, in its original units.

    Column names are scikit-learn's in small letters, with underscores and without units.

    Raises LandscapeError if scikit-learn is not installed.
    """
    try:
        from sklearn import datasets
    except ImportError:
        raise LandscapeError(
            f"the data set {name} needs scikit-learn: pip install 'landscape-viz[data]'"
        ) from None
    _, target, regression, classification = LIBRARY[name]
    load: Callable[..., Any] = getattr(datasets, f"load_{name}")
    bunch = load(scaled=False) if name == "diabetes" else load()
    columns: dict[str, Sequence[str] | Array] = {
        _plain(str(feature)): bunch.data[:, k] for k, feature in enumerate(bunch.feature_names)
    }
    if classification is None:
        columns[target] = bunch.target
    else:
        columns[target] = tuple(str(bunch.target_names[k]) for k in bunch.target)
    return Table(name, columns, regression, classification, lines=range(1, len(bunch.target) + 1))


def _plain(name: str) -> str:
    return re.sub(r"\W+", "_", re.sub(r"\(.*\)", "", name).strip().lower())
