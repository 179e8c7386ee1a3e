from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from landscape.errors import LandscapeError
from landscape.planes import Geometry, pca, principal_components, random_walk_shares


def walk(steps: int, size: int, seed: int = 0) -> Any:
    jumps = np.random.default_rng(seed).normal(size=(steps, size))
    return np.concatenate([np.zeros((1, size)), np.cumsum(jumps, axis=0)])


def decaying(steps: int = 30, size: int = 200, seed: int = 1) -> Any:
    draw = np.random.default_rng(seed)
    times = np.linspace(0, 1, steps)[:, None]
    modes = [np.exp(-k * times) * draw.normal(size=(1, size)) for k in (1, 3, 8, 20)]
    return np.asarray(sum(modes)) + 0.01 * draw.normal(size=(steps, size))


def by_svd(runs: list[Any], centre: str) -> tuple[Any, Any]:
    """The components by the singular values of the whole matrix."""
    rows = np.concatenate(runs).astype(np.float64)
    if centre == "mean":
        middle = rows.mean(axis=0)
    else:
        middle = np.mean([np.asarray(run[-1], np.float64) for run in runs], axis=0)
    _, sizes, directions = np.linalg.svd(rows - middle, full_matrices=False)
    return sizes**2 / (sizes**2).sum(), directions


@pytest.mark.parametrize("centre", ["final", "mean"])
@pytest.mark.parametrize("runs", [1, 3])
def test_components_are_those_of_the_singular_value_decomposition(centre: str, runs: int) -> None:
    paths = [decaying(20 + 7 * k, seed=k) for k in range(runs)]
    found = principal_components(paths, centre=centre, components=3)
    shares, directions = by_svd(paths, centre)
    np.testing.assert_allclose(found.shares, shares[:3], rtol=1e-10)
    cosines = np.abs((found.directions * directions[:3]).sum(axis=1))
    np.testing.assert_allclose(cosines, 1.0, rtol=1e-10)
    np.testing.assert_allclose(found.directions @ found.directions.T, np.eye(3), atol=1e-13)
    for path, along in zip(paths, found.coordinates, strict=True):
        np.testing.assert_allclose(along, (path - found.origin) @ found.directions.T, atol=1e-11)


@pytest.mark.parametrize("centre", ["final", "mean"])
def test_the_share_is_what_the_plotted_plane_shows(centre: str) -> None:
    paths = [decaying(25, seed=k) for k in range(2)]
    found = principal_components(paths, centre=centre)
    rows = np.concatenate(paths)
    off = found.geometry().residual(rows)
    shown = 1 - (off**2).sum() / ((rows - found.origin) ** 2).sum()
    assert found.shares.sum() == pytest.approx(shown, rel=1e-10)
    # No other plane through the same point shows more.
    draw = np.random.default_rng(0)
    for _ in range(20):
        tilt = found.directions + 0.05 * draw.normal(size=found.directions.shape) / np.sqrt(200)
        other = Geometry(found.origin, *tilt).residual(rows)
        assert (other**2).sum() > (off**2).sum()


def test_the_plane_about_the_final_point_goes_through_it() -> None:
    path = decaying()
    geometry = principal_components(path).geometry()
    assert np.array_equal(geometry.origin, path[-1])
    mean = principal_components(path, centre="mean").geometry()
    assert mean.residual(path[-1]) > 1e-3
    assert geometry.residual(path[-1]) == 0.0


def test_a_random_walk_shows_what_its_length_says() -> None:
    shares = principal_components(walk(200, 12_000, seed=1), centre="mean", components=3).shares
    # 6/(π²k²); 12 000 dimensions leave about a hundredth of uncertainty.
    np.testing.assert_allclose(shares, [0.608, 0.152, 0.0675], rtol=0.03)
    final = principal_components(walk(200, 12_000, seed=1), centre="final", components=3).shares
    np.testing.assert_allclose(final, [0.811, 0.0901, 0.0324], rtol=0.03)


def test_random_walks_in_closed_form() -> None:
    k = np.arange(1, 6)
    for size in (7, 50, 150):
        # A walk seen at 0, 1, …, n-1, about its mean: 1/(4 sin²(πk/2n)), which sum to (n²-1)/6.
        wanted = 6 / (size**2 - 1) / (4 * np.sin(np.pi * k / (2 * size)) ** 2)
        found = random_walk_shares(range(size), components=5)
        np.testing.assert_allclose(found, wanted, rtol=1e-9)
        # About its final point, n = size - 1 steps: 1/(4 sin²(π(2k-1)/(4n+2))), sum n(n+1)/2.
        n = size - 1
        final = 2 / (n * (n + 1)) / (4 * np.sin(np.pi * (2 * k - 1) / (4 * n + 2)) ** 2)
        found = random_walk_shares(range(size), centre="final", components=5)
        np.testing.assert_allclose(found, final, rtol=1e-9)
    long = random_walk_shares(range(300))
    np.testing.assert_allclose(long, 6 / (np.pi * np.arange(1, 4)) ** 2, rtol=1.2e-4)


@pytest.mark.parametrize("centre", ["final", "mean"])
def test_the_random_walks_beside_several_uneven_runs(centre: str) -> None:
    seen = [np.array([0, 1, 2, 5, 10, 40, 80]), np.array([0, 30, 60, 90])]
    whole = [walk(100, 30_000, seed=k) for k in range(2)]
    runs = [
        SimpleNamespace(snapshots=path[steps].astype(np.float32), snapshot_steps=steps)
        for path, steps in zip(whole, seen, strict=True)
    ]
    found = principal_components(runs, centre=centre, components=3)
    np.testing.assert_allclose(found.random_walk, found.shares, rtol=0.03)
    even = random_walk_shares(range(11), centre=centre)
    assert np.abs(found.random_walk / even - 1).max() > 0.1


def test_paths_from_several_starts_have_no_random_walks_beside_them() -> None:
    path = decaying()
    for centre in ("final", "mean"):
        found = principal_components([path, path + 3.0], centre=centre)
        assert np.isnan(found.random_walk).all()
        assert np.isfinite(found.shares).all()
    assert np.isfinite(principal_components([path, path]).random_walk).all()


def test_signs_are_fixed() -> None:
    path = decaying()
    found = principal_components(path, components=3)
    mirrored = principal_components(2 * found.origin - path, components=3)
    np.testing.assert_allclose(mirrored.directions, -found.directions, atol=1e-10)
    for along in (found.coordinates[0], mirrored.coordinates[0]):
        assert (along.max(axis=0) >= -along.min(axis=0)).all()


def test_blocks_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    path = decaying().astype(np.float32)
    whole = principal_components(path)
    monkeypatch.setattr(pca, "_BLOCK", 30 * 17)
    parts = principal_components(path)
    np.testing.assert_allclose(parts.directions, whole.directions, atol=1e-12)
    np.testing.assert_allclose(parts.shares, whole.shares, rtol=1e-12)


def test_small_differences_of_large_parameters_in_single_precision() -> None:
    path = (1000 + 1e-3 * walk(30, 500)).astype(np.float32)
    found = principal_components(path, components=3)
    shares, _ = by_svd([path], "final")
    np.testing.assert_allclose(found.shares, shares[:3], rtol=1e-9)


def test_labels_tell_the_shares() -> None:
    found = principal_components(decaying())
    first, second = found.geometry().labels
    assert first == f"component 1 ({100 * found.shares[0]:.3g} %)"
    assert second.startswith("component 2 (")


def test_bad_input() -> None:
    path = decaying()
    with pytest.raises(LandscapeError, match="did you mean final"):
        principal_components(path, centre="finale")
    broken = path.copy()
    broken[4:, 3] = np.nan
    with pytest.raises(LandscapeError, match="not finite from snapshot 4 on"):
        principal_components([path, broken])
    with pytest.raises(LandscapeError, match="these spread in 1"):
        principal_components(np.outer(np.arange(5.0), np.ones(9)))
    with pytest.raises(LandscapeError, match="these spread in 0"):
        principal_components(np.ones((5, 9)))
    with pytest.raises(LandscapeError, match="more snapshots than 2"):
        principal_components(path[:2])
    with pytest.raises(LandscapeError, match="of one network"):
        principal_components([path, path[:, :-1]])
    with pytest.raises(LandscapeError, match="at least one path"):
        principal_components([])
    with pytest.raises(LandscapeError, match=r"a matrix \(T, P\)"):
        principal_components([path[0]])
    with pytest.raises(LandscapeError, match="centre 'start'"):
        random_walk_shares(range(9), centre="start")


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_a_path_on_a_line_has_no_second_component_but_rounding(dtype: type) -> None:
    draw = np.random.default_rng(2)
    times = np.cumsum(draw.normal(size=(200, 1)), axis=0)
    line: Any = np.asarray(times * np.array([[1.0, -1.0, 0.3]]), dtype)
    steps = np.diff(line, axis=0) * (1 + 3 * np.finfo(dtype).eps * draw.normal(size=(199, 3)))
    path: Any = np.cumsum(np.concatenate([line[:1], steps]), axis=0, dtype=dtype)
    with pytest.raises(LandscapeError, match="spread in 1, the rest is rounding; start from"):
        principal_components(path)
    off = 1e-3 * np.sin(times) * np.array([[0.0, 0.3, 1.0]])
    assert principal_components(path + off.astype(dtype)).shares[1] > 1e-8


def test_a_path_that_stands_still_but_for_rounding_is_refused() -> None:
    draw = np.random.default_rng(2)
    place = draw.normal(size=40).astype(np.float32)
    path = np.nextafter(place, place + draw.normal(size=(50, 40)).astype(np.float32))
    with pytest.raises(LandscapeError, match="spread in 0, the rest is rounding"):
        principal_components(path)
