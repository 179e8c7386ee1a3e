"""Paths of one's own on one's own axes."""

from __future__ import annotations

import numpy as np
import pytest
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

import landscape as ls
from landscape.networks import Network, dataset
from landscape.planes import NetworkPlane, draw_path, project_path, random_plane


@pytest.fixture
def plane() -> NetworkPlane:
    data = dataset("moons:rows=60")
    network = Network((2, 3, 2), dtype="float64")
    return NetworkPlane(
        network, data.X, data.y, random_plane(network, network.initial()), resolution=5
    )


def test_a_path_is_drawn_where_the_plane_shows_it(plane: NetworkPlane) -> None:
    at = np.array([[0.9, -0.4], [0.5, 0.1], [0.0, 0.2]])
    geometry = plane.geometry
    path = project_path(np.array([geometry.point(a, b) for a, b in at]), plane, label="mine")
    ax = Figure().subplots()
    ls.contour(plane, ax)
    limits = ax.get_xlim(), ax.get_ylim()
    ring, line, head = draw_path(path, ax)
    assert all(isinstance(one, Line2D) for one in (ring, line, head))
    np.testing.assert_allclose(line.get_xydata(), at, atol=1e-9)  # type: ignore[attr-defined]
    np.testing.assert_allclose(ring.get_xydata(), at[:1], atol=1e-9)  # type: ignore[attr-defined]
    np.testing.assert_allclose(head.get_xydata(), at[-1:], atol=1e-9)  # type: ignore[attr-defined]
    assert line.get_label() == "mine"
    assert (ax.get_xlim(), ax.get_ylim()) == limits
    other = draw_path(path, ax, label="again", linewidth=5)[1]
    assert other.get_color() != line.get_color()  # type: ignore[attr-defined]
    assert other.get_linewidth() == 5  # type: ignore[attr-defined]
    red = draw_path(path, ax, color="red")
    assert {to_hex(one.get_color()) for one in red[1:]} == {"#ff0000"}  # type: ignore[attr-defined]


def test_a_path_ends_before_what_is_not_finite(plane: NetworkPlane) -> None:
    from dataclasses import replace

    geometry = plane.geometry
    path = project_path(np.array([geometry.point(0.1 * k, 0.0) for k in range(4)]), plane)
    broken = path.coordinates.copy()
    broken[2:] = np.nan
    ax = Figure().subplots()
    _, line, head = draw_path(replace(path, coordinates=broken), ax)
    assert len(line.get_xydata()) == 2  # type: ignore[attr-defined]
    np.testing.assert_allclose(head.get_xydata(), [[0.1, 0.0]], atol=1e-9)  # type: ignore[attr-defined, arg-type]
