"""Data for networks by name: `moons:rows=1000,noise=0.2`, `digits`, `mine.csv,target=species`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from landscape.errors import LandscapeError, unknown_name
from landscape.files import AnyPath
from landscape.networks.data_npz import arrays_source, as_array, npz_source
from landscape.networks.data_shapes import SHAPES, draw_shape, shape_options
from landscape.networks.data_sources import (
    LIBRARY_SETS,
    TASKS,
    Source,
    csv_source,
    library_source,
)
from landscape.networks.data_split import SCALINGS, held_out, scale_of
from landscape.networks.data_text import join_parts, left_out, parts_of, read_text, write_text
from landscape.specs import parse_number

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[Any]

__all__ = ["Dataset", "dataset", "dataset_names", "from_arrays"]

_TEST = 0.2
_COMMON = ("scaling", "test", "seed")
_DTYPES = ("float32", "float64")


@dataclass(frozen=True, eq=False)
class Dataset:
    """Data to learn from and data to test on, scaled.

    Attributes:
      name      of the set, or of the file
      spec      the text that makes it again
      X         (rows, inputs) of the training part, C-contiguous, float32 or float64
      y         (rows,) int64 places among `classes`, or floats of X's type for a regression
      X_test    (test rows, inputs); no rows where nothing is held out
      y_test    (test rows,)
      classes   names of the classes, empty for a regression
      features  names of the inputs
      target    name of what is predicted
      scaling   standard, minmax or none
      shift, scale   (inputs,) float64: X is (what was measured - shift) / scale
      target_shift, target_scale   the same of y; 0 and 1 with classes
      table     what a recipe carries of the user's file, "" where there is none
      dropped   how many rows of the file were left out, for want of a value
    """

    name: str
    spec: str
    X: Array
    y: Array
    X_test: Array
    y_test: Array
    classes: tuple[str, ...]
    features: tuple[str, ...]
    target: str = "y"
    scaling: str = "none"
    shift: Array = field(repr=False, kw_only=True)
    scale: Array = field(repr=False, kw_only=True)
    target_shift: float = 0.0
    target_scale: float = 1.0
    table: str = field(default="", repr=False)
    dropped: int = 0

    @property
    def inputs(self) -> int:
        """How many inputs a network needs."""
        return int(self.X.shape[1])

    @property
    def outputs(self) -> int:
        """How many outputs a network needs: one a class, one for a regression."""
        return len(self.classes) or 1

    @property
    def rows(self) -> int:
        """How many rows the training part has."""
        return len(self.X)

    def astype(self, dtype: str) -> Dataset:
        """Return the same data in "float32" or "float64"; itself if it is so already."""
        if self.X.dtype == dtype:
            return self
        y, y_test = self.y, self.y_test
        if not self.classes:
            y, y_test = y.astype(dtype), y_test.astype(dtype)
        return replace(
            self, X=self.X.astype(dtype), X_test=self.X_test.astype(dtype), y=y, y_test=y_test
        )

    def describe(self) -> str:
        """Return a line such as "digits: 1437 rows to learn from, 360 to test, 64 inputs, …"."""
        kind = f"{len(self.classes)} classes" if self.classes else f"the number {self.target}"
        return (
            f"{self.name}: {self.rows} rows to learn from, {len(self.X_test)} to test, "
            f"{self.inputs} inputs, {kind}" + (f"; {self.say_dropped()}" if self.dropped else "")
        )

    def say_dropped(self) -> str:
        """Return how many rows were left out: "2 of 150 rows lack a value and are left out"."""
        return left_out(self.dropped, self.rows + len(self.X_test) + self.dropped)

    def __repr__(self) -> str:
        return f"<data {self.describe()}>"


def dataset_names() -> dict[str, str]:
    """Return the data sets that have names, with what each is."""
    return {**{name: shape.says for name, shape in SHAPES.items()}, **LIBRARY_SETS}


def dataset(
    spec: str | Dataset,
    dtype: str = "float32",
    *,
    table: str = "",
    folder: AnyPath | None = None,
    **options: float | str | list[str],
) -> Dataset:
    """Return the data that a text names.

    Parameters: `spec` is a name (`dataset_names` lists them) or the path of a CSV or NPZ file, with
    options after a colon or a comma, "moons:rows=1000,noise=0.2", "mine.csv,target=species"; or a
    Dataset. A comma or colon that belongs to a path or value has a backslash before it, and so has
    a slash in the name of a feature. `dtype` is "float32" or "float64". `table` is that of data
    that the text made before, which are to come back, be the file changed or gone; `folder` is
    where a file of a relative path is looked up first. Further `options` win over the text's:

      scaling   standard, minmax or none, by the training part alone; a regression's target is
                scaled likewise. Default: standard, for generated data none, since it is made about
                the origin at the size of 1
      test      the share held out, 0.2 unless given; of every class alike
      seed      decides what is generated and which rows are held out; 0 unless given
      rows, noise, … of generated data: how many rows in all, the deviation of the noise, and arms
                and turns (spirals), centres (blobs), factor (circles), gap (xor)
      target    the column of a CSV file that is predicted; it must be given
      features  a/b/c, the columns to predict from; all others unless given
      task      classification or regression; unless given, texts are classes, and so are whole
                numbers of at most 20 kinds
      missing   error, or drop: rows of a CSV file without a value in a column that is used are
                left out

    Texts in a feature become a column for each that occurs. The same text gives the same bytes.

    Raises LandscapeError, in one line, for whatever is wrong.
    """
    _check_dtype(dtype)
    if isinstance(spec, Dataset):
        if options:
            raise LandscapeError("a data set that is made takes no options: give its text")
        return spec.astype(dtype)
    head, given = read_text(spec)
    for key, value in options.items():
        given[key] = join_parts(value) if isinstance(value, list | tuple) else str(value)
    named = head.lower().replace("-", "_")
    known = _known(named, head)
    for key in given:
        if key not in known:
            raise unknown_name(f"option of {head}", key, known)
    scaling, share, seed = _common(given, head, generated=named in SHAPES)
    source = _source(named, head, given, table, folder)
    if source.test is not None and "test" in given:
        raise LandscapeError(f"{head} has a test part of its own: leave test= away")
    test = source.test
    if test is None:
        test = held_out(source.y, len(source.classes), share, seed)
    text = write_text(named if named in dataset_names() else head, given)
    return _finished(source, test, scaling, dtype, text)


def from_arrays(
    X: Any,  # noqa: N803
    y: Any,
    *,
    name: str = "arrays",
    scaling: str = "standard",
    test: float = 0.2,
    seed: int = 0,
    task: str = "",
    dtype: str = "float32",
) -> Dataset:
    """Return your own arrays as data, split and scaled as `dataset` does; no text makes it again.

    Parameters: `X` (rows, …), of which each row becomes the inputs of an example; `y` (rows,),
    whole numbers or texts for classes, floats for a regression unless `task` says otherwise;
    `name` for messages; the others as in `dataset`.

    Raises LandscapeError for arrays that do not fit together, or an option that is none.
    """
    _check_dtype(dtype)
    given = {"scaling": scaling, "test": str(test), "seed": str(seed)}
    share = _common({**given, **({"task": task} if task else {})}, name, generated=False)[1]
    source = arrays_source(as_array(X, "X"), as_array(y, "y"), name, task)
    held = held_out(source.y, len(source.classes), share, int(seed))
    return _finished(source, held, scaling, dtype, "")


def _check_dtype(dtype: str) -> None:
    if dtype not in _DTYPES:
        raise LandscapeError(f"a dtype is float32 or float64: {dtype!r} came")


def _known(named: str, head: str) -> list[str]:
    """Return the options that a set takes.

    Raises LandscapeError for a set that is none.
    """
    if named in SHAPES:
        own = [key for key in shape_options(named) if key not in _COMMON]
        return [*own, *_COMMON]
    if named in LIBRARY_SETS:
        return ["features", *_COMMON]
    suffix = head.lower().rpartition(".")[2]
    if suffix == "csv":
        return ["target", "features", "task", "missing", *_COMMON]
    if suffix == "npz":
        return ["task", *_COMMON]
    problem = unknown_name("data set", head, dataset_names())
    raise LandscapeError(f"{problem}; your own is a path that ends in .csv or .npz")


def _common(given: Mapping[str, str], head: str, *, generated: bool) -> tuple[str, float, int]:
    scaling = given.get("scaling", "none" if generated else "standard").lower()
    if scaling not in SCALINGS:
        raise unknown_name("scaling", scaling, SCALINGS)
    share = parse_number(given.get("test", _TEST), f"test of {head}")
    if not 0 <= share < 1:
        raise LandscapeError(f"test of {head} must be a share from 0 to below 1: {share:g} came")
    seed = parse_number(given.get("seed", 0), f"seed of {head}")
    if seed != int(seed) or not 0 <= seed <= 2**53:
        raise LandscapeError(f"seed of {head} must be a whole number from 0: {seed:g} came")
    for key, known in (("task", TASKS), ("missing", ("error", "drop"))):
        if key in given and given[key] not in known:
            raise unknown_name(f"{key} of {head}", given[key], known)
    return scaling, share, int(seed)


def _source(
    named: str, head: str, given: Mapping[str, str], carried: str, folder: AnyPath | None
) -> Source:
    if carried and named in dataset_names():
        raise LandscapeError(f"{head} is no file: a table belongs to a CSV or NPZ file")
    if named in SHAPES:
        own = {key: text for key, text in given.items() if key in shape_options(named)}
        points, group, _ = draw_shape(named, own)
        classes = tuple(str(k) for k in range(int(group.max()) + 1))
        return Source(named, points, group, classes, ("x1", "x2"), "class")
    features = parts_of(given.get("features", ""))
    if named in LIBRARY_SETS:
        return library_source(named, features)
    if head.lower().endswith(".npz"):
        return npz_source(head, given.get("task", ""), carried=carried, folder=folder)
    target, task = given.get("target", ""), given.get("task", "")
    absent = given.get("missing", "error")
    return csv_source(head, target, features, task, absent, carried=carried, folder=folder)


def _finished(source: Source, test: Array, scaling: str, dtype: str, spec: str) -> Dataset:
    """Return the data split, scaled and in their type."""
    import numpy as np

    train = np.setdiff1d(np.arange(len(source.X)), test)
    if not len(train):
        raise LandscapeError(f"{source.name} has no row left to learn from: hold out less")
    shift, scale = scale_of(source.X[train], scaling)
    rows = [np.ascontiguousarray((source.X[part] - shift) / scale, dtype) for part in (train, test)]
    ys = [source.y[part] for part in (train, test)]
    y_shift, y_scale = 0.0, 1.0
    if not source.classes:
        shifts, scales = scale_of(ys[0][:, None], scaling)
        y_shift, y_scale = float(shifts[0]), float(scales[0])
        ys = [((y - y_shift) / y_scale).astype(dtype) for y in ys]
    return Dataset(
        source.name,
        spec,
        rows[0],
        ys[0],
        rows[1],
        ys[1],
        source.classes,
        source.features,
        source.target,
        scaling,
        shift=shift,
        scale=scale,
        target_shift=y_shift,
        target_scale=y_scale,
        table=source.table,
        dropped=source.dropped,
    )
