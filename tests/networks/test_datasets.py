"""Data sets: what is generated, read, split and scaled, and what is said of bad input."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from landscape.errors import LandscapeError
from landscape.networks.data_shapes import SHAPES, draw_shape
from landscape.networks.data_split import held_out
from landscape.networks.data_text import join_parts, parts_of, read_text, write_text
from landscape.networks.datasets import Dataset, dataset, dataset_names, from_arrays

Array = NDArray[Any]


def clean(name: str, **options: float) -> tuple[Array, Array]:
    """Return the points and classes of a shape without noise."""
    given = {key: str(value) for key, value in {"noise": 0, "rows": 200, **options}.items()}
    points, group, _ = draw_shape(name, given)
    return points, group


# -- shapes --------------------------------------------------------------------------------------


def test_moons_are_two_half_circles_in_each_other_s_arms() -> None:
    points, group = clean("moons")
    upper, lower = points[group == 0], points[group == 1]
    # scikit-learn's make_moons with its middle at the origin.
    middle = np.array([0.5, 0.25])
    upper, lower = upper + middle, lower + middle
    np.testing.assert_allclose(np.hypot(*upper.T), 1.0)
    np.testing.assert_allclose(np.hypot(lower[:, 0] - 1, lower[:, 1] - 0.5), 1.0)
    assert (upper[:, 1] >= 0).all()
    assert (lower[:, 1] <= 0.5).all()


def test_circles_have_their_radii() -> None:
    points, group = clean("circles", factor=0.3)
    np.testing.assert_allclose(np.hypot(*points.T), np.where(group == 0, 1.0, 0.3))


def test_spirals_turn_by_their_radius_from_their_own_angle() -> None:
    points, group = clean("spirals", arms=4, turns=0.5)
    radius = np.hypot(*points.T)
    turned = group / 4 + 0.5 * (radius - 0.1) / 0.9
    difference = np.angle(
        np.exp(1j * (np.arctan2(points[:, 1], points[:, 0]) - 2 * np.pi * turned))
    )
    np.testing.assert_allclose(difference, 0.0, atol=1e-9)
    assert radius.min() >= 0.1
    assert radius.max() <= 1.0
    assert set(group.tolist()) == {0, 1, 2, 3}


def test_xor_is_the_sign_of_the_product() -> None:
    points, group = clean("xor", gap=0.2)
    np.testing.assert_array_equal(group, points[:, 0] * points[:, 1] < 0)
    assert np.abs(points).min() >= 0.1
    quarters = 2 * (points[:, 0] > 0) + (points[:, 1] > 0)
    assert np.bincount(quarters, minlength=4).min() > 30


def test_blobs_lie_about_points_of_the_circle() -> None:
    points, group, _ = draw_shape("blobs", {"rows": "20000", "noise": "0.2", "centres": "5"})
    for k in range(5):
        cloud = points[group == k]
        angle = np.pi / 2 + 2 * np.pi * k / 5
        np.testing.assert_allclose(cloud.mean(axis=0), [np.cos(angle), np.sin(angle)], atol=0.015)
        np.testing.assert_allclose(cloud.std(axis=0), 0.2, rtol=0.05)


@pytest.mark.parametrize("name", SHAPES)
def test_a_shape_is_its_seed_and_its_noise(name: str) -> None:
    points, group, values = draw_shape(name, {"rows": "101"})
    again = draw_shape(name, {"rows": "101"})
    np.testing.assert_array_equal(points, again[0])
    assert not np.array_equal(points, draw_shape(name, {"rows": "101", "seed": "1"})[0])
    assert points.shape == (101, 2)
    assert np.ptp(np.bincount(group)) <= 1
    # The noise is added to the same points, and has its deviation.
    noiseless = draw_shape(name, {"rows": "101", "noise": "0"})[0]
    wide = draw_shape(name, {"rows": "101", "noise": repr(2 * values["noise"])})[0]
    np.testing.assert_allclose(wide - noiseless, 2 * (points - noiseless), atol=1e-12)
    assert 0.75 < (points - noiseless).std() / values["noise"] < 1.25


# -- splitting and scaling -----------------------------------------------------------------------


@settings(max_examples=60, deadline=None)
@given(
    sizes=st.lists(st.integers(1, 40), min_size=1, max_size=6),
    share=st.floats(0, 0.99),
    seed=st.integers(0, 5),
)
def test_every_class_gives_its_share(sizes: list[int], share: float, seed: int) -> None:
    y = np.repeat(np.arange(len(sizes)), sizes)
    y = np.random.default_rng(seed).permutation(y)
    test = held_out(y, len(sizes), share, seed)
    assert len(set(test.tolist())) == len(test)
    counts = np.bincount(y[test], minlength=len(sizes))
    for size, count in zip(sizes, counts.tolist(), strict=True):
        assert count <= size - 1  # something is left to learn from
        assert count == size - 1 or abs(count - share * size) < 1
    np.testing.assert_array_equal(test, held_out(y, len(sizes), share, seed))


def test_rows_are_not_held_out_by_their_place() -> None:
    y = np.zeros(1000, np.int64)
    first, second = (held_out(y, 1, 0.3, seed) for seed in (0, 1))
    assert len(first) == len(second) == 300
    assert 60 < len(np.intersect1d(first, second)) < 120  # 90 by chance
    assert 120 < (first < 500).sum() < 180


def test_standard_is_by_the_training_part_alone() -> None:
    draw = np.random.default_rng(1)
    X, y = draw.normal(5, 3, (50, 4)), np.arange(50) % 2
    X[:, 2] = 7.0  # constant
    found = from_arrays(X, y, dtype="float64")
    np.testing.assert_allclose(found.X[:, [0, 1, 3]].mean(axis=0), 0.0, atol=1e-12)
    np.testing.assert_allclose(found.X[:, [0, 1, 3]].std(axis=0), 1.0)
    assert not found.X[:, 2].any()
    assert np.abs(found.X_test.mean(axis=0)).max() > 1e-3
    both = np.concatenate([found.X, found.X_test]) * found.scale + found.shift
    np.testing.assert_allclose(np.sort(both, axis=0), np.sort(X, axis=0))
    assert len(found.X_test) == 10


def test_minmax_fills_the_unit_interval() -> None:
    X = np.column_stack([np.arange(40.0), np.full(40, -3.0), -0.5 * np.arange(40.0)])
    found = from_arrays(X, np.arange(40) % 2, scaling="minmax", test=0, dtype="float64")
    np.testing.assert_allclose(found.X.min(axis=0), 0)
    np.testing.assert_allclose(found.X.max(axis=0), [1, 0, 1])
    assert found.X_test.shape == (0, 3)
    assert found.y_test.shape == (0,)


def test_a_column_that_is_constant_in_the_training_part_alone_stays_finite() -> None:
    y = np.arange(20) % 2
    test = held_out(y, 2, 0.2, 0)
    X = np.zeros((20, 2))
    X[test, 0] = 4.0
    X[:, 1] = np.arange(20)
    found = from_arrays(X, y)
    assert not found.X[:, 0].any()
    assert (found.X_test[:, 0] == 4.0).all()


def test_a_regression_s_target_is_scaled_with_the_inputs() -> None:
    draw = np.random.default_rng(0)
    X, y = draw.normal(size=(60, 2)), draw.normal(200, 30, 60)
    found = from_arrays(X, y, dtype="float64")
    assert found.classes == ()
    assert found.outputs == 1
    assert abs(found.y.mean()) < 1e-12
    assert abs(found.y.std() - 1) < 1e-12
    back = np.concatenate([found.y, found.y_test]) * found.target_scale + found.target_shift
    np.testing.assert_allclose(np.sort(back), np.sort(y))
    raw = from_arrays(X, y, scaling="none", dtype="float64")
    assert raw.y.mean() > 150


# -- sets by name --------------------------------------------------------------------------------


def test_every_name_is_a_set_in_both_dtypes() -> None:
    for name in dataset_names():
        single, double = dataset(name), dataset(name, "float64")
        assert single.X.dtype == np.float32
        assert double.X.dtype == np.float64
        assert single.X.flags.c_contiguous
        np.testing.assert_array_equal(single.X, double.X.astype(np.float32))
        assert len(single.features) == single.inputs == single.X.shape[1]
        assert len(single.X) == len(single.y) == single.rows
        assert abs(len(single.X_test) - 0.2 * (len(single.X) + len(single.X_test))) <= 1
        if single.classes:
            assert single.y.dtype == np.int64
            assert set(single.y.tolist()) == set(range(single.outputs))
        else:
            assert single.y.dtype == np.float32
        assert np.isfinite(single.X).all()
        assert np.isfinite(single.X_test).all()
        same = double.astype("float32")
        np.testing.assert_array_equal(same.X_test, single.X_test)
        np.testing.assert_array_equal(same.y, single.y)


def test_digits_are_those_of_scikit_learn() -> None:
    from sklearn.datasets import load_digits

    pixels, digit = load_digits(return_X_y=True)
    found = dataset("digits:scaling=none", "float64")
    assert (found.rows, len(found.X_test)) == (1438, 359)
    given = np.column_stack([pixels, digit])
    ours = np.concatenate(
        [np.column_stack([found.X, found.y]), np.column_stack([found.X_test, found.y_test])]
    )
    np.testing.assert_array_equal(ours[np.lexsort(ours.T)], given[np.lexsort(given.T)])
    assert (dataset("digits").X.std(axis=0) == 0).sum() >= 1  # a pixel that is never inked


def test_iris_keeps_names_and_columns() -> None:
    from sklearn.datasets import load_iris

    found = dataset("iris:features=petal_width/sepal_length,scaling=none,test=0", "float64")
    assert found.features == ("petal_width", "sepal_length")
    assert found.classes == ("setosa", "versicolor", "virginica")
    np.testing.assert_array_equal(found.X, load_iris().data[:, [3, 0]])
    np.testing.assert_array_equal(found.y, load_iris().target)
    assert found.target == "species"


def test_scikit_learn_may_be_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    from landscape.networks import data_sources

    data_sources._all_digits.cache_clear()
    monkeypatch.setitem(sys.modules, "sklearn.datasets", None)
    with pytest.raises(LandscapeError, match=r"digits needs scikit-learn: pip install"):
        dataset("digits")
    assert dataset("moons").rows == 800


# -- files ---------------------------------------------------------------------------------------


@pytest.fixture
def flowers(tmp_path: Path) -> str:
    path = tmp_path / "flowers, two.csv"
    lines = ["length,colour,same,width,species"]
    for k in range(30):
        lines.append(f"{k},{'red' if k % 3 else 'blue'},5,{k * k % 7},{'ab'[k % 2]}")
    path.write_text("\n".join(lines), "utf-8")
    return str(path).replace(",", "\\,")


def test_csv_texts_become_classes_and_columns(flowers: str) -> None:
    found = dataset(f"{flowers},target=Species,test=0,scaling=none", "float64")
    assert found.classes == ("a", "b")
    assert found.features == ("length", "colour=blue", "colour=red", "same", "width")
    k = np.arange(30)
    expected = np.column_stack([k, k % 3 == 0, k % 3 != 0, np.full(30, 5), k * k % 7])
    np.testing.assert_array_equal(found.X, expected)
    np.testing.assert_array_equal(found.y, k % 2)
    scaled = dataset(f"{flowers},target=species")
    assert not scaled.X[:, 3].any()  # the constant column
    again = dataset(found.spec, "float64")
    np.testing.assert_array_equal(again.X, found.X)


def test_csv_numbers_are_classes_if_few_and_whole(flowers: str) -> None:
    assert dataset(f"{flowers},target=length").classes == ()
    assert dataset(f"{flowers},target=width").classes == ("0", "1", "2", "4")
    assert dataset(f"{flowers},target=width,task=regression").classes == ()
    assert len(dataset(f"{flowers},target=length,task=classification").classes) == 30


def test_csv_rows_without_a_value(tmp_path: Path) -> None:
    path = tmp_path / "gaps.csv"
    rows = [f"{k},{'' if k == 4 else k % 3},{k % 2}" for k in range(20)]
    path.write_text("a,b,y\n" + "\n".join(rows), "utf-8")
    with pytest.raises(LandscapeError, match=r"'b' of .* no value.* line 6.*missing=drop"):
        dataset(f"{path},target=y")
    assert dataset(f"{path},target=y,missing=drop,test=0").rows == 19
    assert dataset(f"{path},target=y,features=a,test=0").rows == 20


def test_npz_of_one_part(tmp_path: Path) -> None:
    X, y = np.random.default_rng(0).normal(size=(40, 3, 2)), np.repeat(["no", "yes"], 20)
    np.savez(tmp_path / "own.npz", X=X, y=y)
    found = dataset(f"{tmp_path / 'own.npz'}:test=0.25,scaling=none", "float64")
    assert found.classes == ("no", "yes")
    assert (found.rows, found.inputs, len(found.X_test)) == (30, 6, 10)
    both = np.concatenate([found.X, found.X_test])
    np.testing.assert_array_equal(np.sort(both, axis=0), np.sort(X.reshape(40, 6), axis=0))


def test_npz_of_two_parts_keeps_them(tmp_path: Path) -> None:
    draw = np.random.default_rng(0)
    X, y = draw.normal(size=(40, 3)), np.arange(40) % 4
    path = tmp_path / "own.npz"
    np.savez(path, x_train=X[:25], y_train=y[:25], x_test=X[25:], y_test=y[25:])
    found = dataset(f"{path},scaling=none", "float64")
    np.testing.assert_array_equal(found.X, X[:25])
    np.testing.assert_array_equal(found.X_test, X[25:])
    np.testing.assert_array_equal(found.y_test, y[25:])
    with pytest.raises(LandscapeError, match="test part of its own"):
        dataset(f"{path},test=0.1")


def test_npz_test_rows_beside_x_and_y_are_the_test_part(tmp_path: Path) -> None:
    draw = np.random.default_rng(0)
    X, y = draw.normal(size=(40, 3)), np.arange(40) % 4
    path = tmp_path / "own.npz"
    np.savez(path, X=X[:25], y=y[:25], X_test=X[25:], y_test=y[25:])
    found = dataset(f"{path},scaling=none", "float64")
    np.testing.assert_array_equal(found.X, X[:25])
    np.testing.assert_array_equal(found.X_test, X[25:])
    np.testing.assert_array_equal(found.y_test, y[25:])
    with pytest.raises(LandscapeError, match="test part of its own"):
        dataset(f"{path},test=0.1")


@pytest.mark.parametrize(
    ("names", "said"),
    [
        ("X y X_test", "and y_test is missing"),
        ("X y y_test", "and X_test is missing"),
        ("X_train y_train", "and X_test and y_test are missing"),
        ("X_test y_test", "and X and y are missing"),
        ("X y X_train y_train X_test y_test", "as X and y or as X_train and y_train"),
    ],
)
def test_npz_of_an_incomplete_mix_says_what_is_missing(
    tmp_path: Path, names: str, said: str
) -> None:
    arrays = {name: np.zeros((5, 2)) if name[0] == "X" else np.arange(5) for name in names.split()}
    np.savez(tmp_path / "own.npz", allow_pickle=False, **arrays)
    with pytest.raises(LandscapeError, match=said):
        dataset(str(tmp_path / "own.npz"))


def test_npz_floats_are_numbers_to_predict(tmp_path: Path) -> None:
    X, y = np.ones((20, 2), np.uint8), np.linspace(0, 1, 20)
    np.savez(tmp_path / "own.npz", X=X, y=y[:, None])
    assert dataset(str(tmp_path / "own.npz")).classes == ()


@pytest.mark.parametrize(
    ("arrays", "said"),
    [
        ({"X": np.zeros((5, 2))}, "must hold the arrays X and y"),
        ({"X": np.zeros((5, 2)), "y": np.zeros(4)}, r"shapes \(5, 2\) and \(4,\)"),
        ({"X": np.zeros(5), "y": np.zeros(5)}, "must be"),
        ({"X": np.zeros((5, 2)), "y": np.zeros((5, 3))}, "must be"),
        ({"X": np.full((5, 2), np.nan), "y": np.arange(5)}, "not finite in row 1"),
        ({"X": np.full((5, 2), "a"), "y": np.arange(5)}, "must hold numbers"),
        ({"X": np.zeros((2, 2)), "y": np.arange(2)}, "3 is the least"),
        ({"X": np.zeros((6, 2)), "y": np.ones(6, int)}, "one class alone, '1'"),
        ({"X": np.zeros((3, 2)), "y": np.array([{}, {}, {}])}, "plain arrays"),
    ],
)
def test_npz_that_cannot_be_used(tmp_path: Path, arrays: dict[str, Array], said: str) -> None:
    path = tmp_path / "own.npz"
    np.savez(path, allow_pickle=True, **arrays)
    with pytest.raises(LandscapeError, match=said):
        dataset(str(path))


def test_what_is_no_npz_is_said(tmp_path: Path) -> None:
    (tmp_path / "text.npz").write_text("no archive", "utf-8")
    np.save(tmp_path / "array.npy", np.zeros(3))
    (tmp_path / "array.npy").rename(tmp_path / "array.npz")
    for name in ("text.npz", "array.npz"):
        with pytest.raises(LandscapeError, match="as an NPZ file of plain arrays"):
            dataset(str(tmp_path / name))
    with pytest.raises(LandscapeError, match="check the path"):
        dataset(str(tmp_path / "none.npz"))


# -- the notation --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("moon", "unknown data set 'moon': did you mean moons"),
        ("moons:row=3", "did you mean rows"),
        ("moons:arms=3", "unknown option of moons"),
        ("moons:rows=3", "whole number from 10"),
        ("moons:rows=20.5", "whole number"),
        ("moons:noise=nan", "must be finite"),
        ("moons:noise=-1", "from 0 to 100"),
        ("spirals:arms=1", "from 2 to 10"),
        ("digits:features=pixel_0_9", "unknown column of digits 'pixel_0_9'"),
        ("iris:features=petal", "unknown column of iris 'petal'"),
        ("iris:features=petal_width/petal_width", "stands twice"),
        ("iris:features=species", "it is no feature as well"),
        ("iris:scaling=standrad", "did you mean standard"),
        ("iris:test=1", "share from 0 to below 1"),
        ("iris:seed=-1", "whole number from 0"),
        ("iris:", "write NAME:key=value"),
        ("iris:test", "write key=value"),
        ("iris:test=0,test=0.1", "stands twice"),
        ("mine.txt", "ends in .csv or .npz"),
        ("no_such.csv,target=y", "there is no file"),
        (" ", "a data set is a text"),
    ],
)
def test_bad_input_in_one_line(text: str, said: str) -> None:
    with pytest.raises(LandscapeError, match=said) as caught:
        dataset(text)
    assert "\n" not in str(caught.value)


def test_more_bad_input(flowers: str) -> None:
    for text, said in (
        (flowers, "needs the column to predict: add target=NAME, one of length"),
        (f"{flowers},target=spezies", "did you mean species"),
        (f"{flowers},target=species,task=regression", "must hold numbers"),
        (f"{flowers},target=species,task=classes", "unknown task"),
    ):
        with pytest.raises(LandscapeError, match=said):
            dataset(text)
    with pytest.raises(LandscapeError, match="float32 or float64"):
        dataset("moons", "float16")
    with pytest.raises(LandscapeError, match="takes no options"):
        dataset(dataset("moons"), rows=3)


def test_options_may_be_arguments() -> None:
    found = dataset("spirals:rows=60", arms=2, noise=0.01, seed=4)
    assert found.spec == "spirals:rows=60,arms=2,noise=0.01,seed=4"
    np.testing.assert_array_equal(dataset(found.spec).X, found.X)
    assert dataset("iris", features=["petal_width"]).features == ("petal_width",)
    assert isinstance(dataset(found, "float64"), Dataset)


names = st.text(st.characters(min_codepoint=32, max_codepoint=126), min_size=1, max_size=9)


@given(
    head=names.filter(lambda s: s == s.strip() and not s.endswith("\\")),
    value=names.filter(lambda s: s == s.strip() and not s.endswith("\\") and "\\" not in s),
)
def test_the_notation_is_read_back(head: str, value: str) -> None:
    if "\\," in head or "\\:" in head or head[1:2] == ":":
        return
    text = write_text(head, {"target": value, "test": "0"})
    assert read_text(text) == (head, {"target": value, "test": "0"})


def test_windows_paths_and_names_with_slashes() -> None:
    assert read_text(r"C:\data\mine.csv,target=y") == (r"C:\data\mine.csv", {"target": "y"})
    assert write_text(r"C:\data\mine.csv", {}) == r"C:\data\mine.csv"
    assert parts_of(join_parts(["a/b", "c"])) == ["a/b", "c"]
    with pytest.raises(LandscapeError, match="no name on one side"):
        parts_of("a//b")


def test_rows_left_out_are_told_and_come_back_from_the_table(tmp_path: Path) -> None:
    path = tmp_path / "gaps.csv"
    path.write_text("a,b,kind\n" + "1,2,x\n,3,y\n4,5,y\n" * 9)
    data = dataset(f"{path},target=kind,missing=drop")
    assert data.dropped == 9
    assert data.describe().endswith("; 9 of 27 rows lack a value and are left out")
    path.unlink()
    again = dataset(data.spec, table=data.table)
    np.testing.assert_array_equal(again.X, data.X)
    np.testing.assert_array_equal(again.y_test, data.y_test)
    assert (again.classes, again.table, again.dropped) == (data.classes, data.table, 9)
    with pytest.raises(LandscapeError, match="moons is no file"):
        dataset("moons", table=data.table)
