"""The user's arrays and NPZ files as data: X and y, or a training and a test part of each."""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from landscape.errors import LandscapeError
from landscape.files import AnyPath, shown
from landscape.networks.data_sources import Source, to_target
from landscape.surfaces.data.carried import DIGEST
from landscape.surfaces.data.csv_table import find_file

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[Any]

__all__ = ["arrays_source", "as_array", "npz_source"]

# The rows of which a part may be held out, those to learn from alone, and those for the test.
_ALL, _TRAIN, _TEST = ("X", "y"), ("X_train", "y_train"), ("X_test", "y_test")


def npz_source(
    path: str, task: str = "", *, carried: str = "", folder: AnyPath | None = None
) -> Source:
    """Return the data of an NPZ file: arrays X and y, or X_train, y_train, X_test and y_test.

    X_test and y_test beside X and y are the test part as well; without them a share is held out. X
    has a row for each example, and every further axis is laid out in a row (images of 28 by 28
    become 784 inputs); y has one number or text a row. Small and capital letters are alike.

    Parameters: `task` is as `to_target` says; whole-number types and texts are classes without it;
    `carried` is the SHA-256 of the arrays that a recipe carries; `folder` is where a relative path
    is looked up first.

    Raises LandscapeError, in one line, for a file that is none or has changed since, or arrays that
    do not fit together.
    """
    name = shown(path)
    arrays = _arrays(path, name, folder)
    x, y, test = _parts(arrays, name)
    digest = _digest(x, y, test)
    if carried and carried != digest:
        raise LandscapeError(
            f"{name} has changed since the picture was made: its arrays hold other values; bring "
            "the old file back, or take the line 'table' out of the recipe for a picture of the "
            "new one"
        )
    return replace(arrays_source(x, y, name, task, test), table=digest)


def _parts(arrays: Mapping[str, Array], name: str) -> tuple[Array, Array, Array | None]:
    """Return all rows of X and y, and which of them are for the test, None if no part is."""
    import numpy as np

    plain, named, held = (
        any(one.lower() in arrays for one in names) for names in (_ALL, _TRAIN, _TEST)
    )
    if plain and named:
        raise LandscapeError(
            f"{name} must hold the training rows once, as X and y or as X_train and y_train: "
            f"{_came(arrays)} came"
        )
    wanted = (*(_TRAIN if named else _ALL), *(_TEST if held or named else ()))
    absent = [one for one in wanted if one.lower() not in arrays]
    if absent:
        raise LandscapeError(
            f"{name} must hold the arrays X and y, with X_test and y_test or without, or "
            f"X_train, y_train, X_test and y_test: {_came(arrays)} came, and "
            f"{' and '.join(absent)} {'is' if len(absent) == 1 else 'are'} missing"
        )
    x, y = arrays[wanted[0].lower()], arrays[wanted[1].lower()]
    if not held:
        return x, y, None
    x_test, y_test = (arrays[one.lower()] for one in _TEST)
    _check_pair(x, y, name, f"{wanted[0]} and {wanted[1]}")
    _check_pair(x_test, y_test, name, "X_test and y_test")
    if x.shape[1:] != x_test.shape[1:]:
        raise LandscapeError(
            f"rows of {wanted[0]} and X_test in {name} must be alike: shapes {x.shape[1:]} and "
            f"{x_test.shape[1:]} came"
        )
    test = np.arange(len(x), len(x) + len(x_test))
    return np.concatenate([x, x_test]), np.concatenate([y, y_test]), test


def _came(arrays: Mapping[str, Array]) -> str:
    return ", ".join(sorted(arrays)) or "none"


def _digest(x: Array, y: Array, test: Array | None) -> str:
    """Return the SHA-256 by which the arrays of a file are known again."""
    import numpy as np

    found = hashlib.sha256()
    for array in (x, y) if test is None else (x, y, test):
        found.update(f"{array.dtype.str}{array.shape}".encode())
        found.update(np.ascontiguousarray(array).tobytes())
    return f"{DIGEST}{found.hexdigest()}"


def arrays_source(
    x: Array, y: Array, name: str, task: str = "", test: Array | None = None
) -> Source:
    """Return arrays as data; `test` are the rows kept for the test, the others as `npz_source`.

    Raises LandscapeError, in one line, for arrays that do not fit together.
    """
    _check_pair(x, y, name, "X and y")
    if len(x) < 3:
        raise LandscapeError(f"{name} has {len(x)} rows: 3 is the least")
    inputs = _numbers(x.reshape(len(x), -1), name, "X")
    target, classes = _target(y.reshape(-1), name, task)
    features = tuple(f"x{k + 1}" for k in range(inputs.shape[1]))
    return Source(name, inputs, target, classes, features, "y", test)


def as_array(values: Any, what: str) -> Array:
    """Return what was given as an array; `what` names it.

    Raises LandscapeError if it is none, such as a tensor of PyTorch's with a gradient.
    """
    import numpy as np

    try:
        return np.asarray(values)
    except (RuntimeError, TypeError, ValueError) as problem:
        detach = getattr(values, "requires_grad", False)
        cure = f"hand over {what}.detach().cpu().numpy()" if detach else "rows of equal length do"
        reason = "a tensor with a gradient came" if detach else str(problem).split("\n")[0][:80]
        raise LandscapeError(f"{what} must be an array of numbers: {reason}; {cure}") from None


def _arrays(path: str, name: str, folder: AnyPath | None) -> dict[str, Array]:
    import numpy as np

    place = find_file(path, folder)
    if not place.is_file():
        problem = "is no file" if place.exists() else "is not there: check the path"
        raise LandscapeError(f"cannot read {name}: it {problem}")
    try:
        with np.load(place, allow_pickle=False) as stored:
            return {key.lower(): stored[key] for key in stored.files}
    except (OSError, ValueError, EOFError, TypeError, zipfile.BadZipFile) as problem:
        reason = str(problem).split("\n", maxsplit=1)[0]
        raise LandscapeError(
            f"cannot read {name} as an NPZ file of plain arrays: {reason[:1].lower()}{reason[1:]}"
        ) from None


def _check_pair(x: Array, y: Array, name: str, what: str) -> None:
    if x.ndim < 2 or y.ndim == 0 or y.size != len(y) or len(x) != len(y) or x[:1].size == 0:
        raise LandscapeError(
            f"{what} of {name} must be (rows, inputs) and (rows,): shapes {x.shape} and {y.shape} "
            "came"
        )


def _numbers(values: Array, name: str, what: str) -> Array:
    import numpy as np

    if values.dtype.kind not in "buif":
        raise LandscapeError(f"{what} of {name} must hold numbers: {values.dtype} came")
    found = values.astype(np.float64)
    bad = ~np.isfinite(found)
    if bad.any():
        row = int(np.argwhere(bad)[0, 0])
        raise LandscapeError(f"{what} of {name} has a value that is not finite in row {row + 1}")
    return found


def _target(y: Array, name: str, task: str) -> tuple[Array, tuple[str, ...]]:
    import numpy as np

    if y.dtype.kind in "US":
        if task == "regression":
            raise LandscapeError(f"regression needs numbers, and y of {name} holds texts")
        kinds, places = np.unique(y.astype(str), return_inverse=True)
        # The texts in order are the classes 0, 1, …: what is wrong with their number is told alike.
        places, _ = to_target(places.astype(np.float64), name, "classification")
        return places, tuple(str(kind) for kind in kinds)
    if not task and y.dtype.kind in "bui":
        task = "classification"
    return to_target(_numbers(y, name, "y"), name, task)
