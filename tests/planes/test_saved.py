"""Planes from files as surfaces that every picture and rule works on."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from landscape.descent import descend
from landscape.errors import LandscapeError
from landscape.networks import Network, dataset
from landscape.planes import NetworkPlane, random_plane
from landscape.planes.saved import compute_into, saved_plane
from landscape.surfaces.lookup import surface


@pytest.fixture
def kept(tmp_path: Path) -> tuple[NetworkPlane, Path]:
    data = dataset("moons:rows=100")
    network = Network((2, 5, 2), "tanh")
    theta = network.initial("", 1)
    plane = NetworkPlane(
        network, data.X, data.y, random_plane(network, theta), test=(data.X_test, data.y_test),
        resolution=(9, 7),
    )  # fmt: skip
    path = tmp_path / "plane.npz"
    compute_into(plane, data, path, recipe="here it would stand")
    return plane, path


def test_the_surface_of_a_file_is_the_plane_that_was_saved(kept: tuple[NetworkPlane, Path]) -> None:
    plane, path = kept
    found = surface(f"plane:{path}")
    assert found.bounds == plane.bounds
    for name in ("loss", "test_accuracy"):
        own, other = plane.with_metric(name), surface(f"plane:{path},metric={name}")
        for x, y in ((0.0, 0.0), (0.3, -0.7)):
            assert other.value_at(x, y) == own.value_at(x, y)
    np.testing.assert_array_equal(found.grid(9, 7)[2], plane.grid(9, 7)[2])
    assert found.gradient_at(0.2, 0.1) == plane.gradient_at(0.2, 0.1)


def test_a_rule_walks_on_a_saved_plane(kept: tuple[NetworkPlane, Path]) -> None:
    _, path = kept
    walk = descend(f"plane:{path}", "gd:lr=0.5", start=(0.5, 0.5), steps=20)
    assert walk.losses[-1] < walk.losses[0]


def test_its_grid_is_not_computed_again(
    kept: tuple[NetworkPlane, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    from landscape.planes import engine

    _, path = kept
    monkeypatch.setattr(engine, "losses", lambda *a, **k: pytest.fail("computed again"))
    saved_plane(path).grid(300, 300)


@pytest.mark.parametrize(
    ("spec", "wanted"),
    [
        ("plane:nowhere.npz", "no such file"),
        ("plane:{},metric=los", "did you mean"),
        ("plane:{},color=red", "plane:FILE.npz"),
        ("plane:", "plane:FILE.npz"),
    ],
)
def test_bad_texts_are_refused(kept: tuple[NetworkPlane, Path], spec: str, wanted: str) -> None:
    with pytest.raises(LandscapeError, match=wanted):
        surface(spec.format(kept[1]))


def test_another_file_is_no_plane(tmp_path: Path) -> None:
    path = tmp_path / "other.npz"
    np.savez(path, a=np.arange(3))
    with pytest.raises(LandscapeError, match="no plane"):
        surface(f"plane:{path}")
