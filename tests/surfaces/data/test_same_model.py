"""The same model has other weights in another scaling."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from landscape.prepare import prepare
from landscape.recipe import Recipe
from landscape.surfaces import surface
from landscape.surfaces.data import DataSurface


def data(spec: str) -> DataSurface:
    made = surface(spec)
    assert isinstance(made, DataSurface)
    return made


@pytest.mark.parametrize("other", ["standard", "minmax"])
@pytest.mark.parametrize(
    "spec", ["data:line", "data:scales", "data:blobs,model=logistic", "data:switch"]
)
def test_the_loss_is_the_same(spec: str, other: str) -> None:
    raw, scaled = data(spec), data(f"{spec},scaling={other}")
    for x, y in ((0.3, -0.2), (-1.0, 2.0)):
        found = scaled.same_model(raw, x, y)
        assert found is not None
        assert scaled.value_at(*found) == pytest.approx(raw.value_at(x, y), rel=1e-9)
        back = raw.same_model(scaled, *found)
        assert back == pytest.approx((x, y), rel=1e-6, abs=1e-9)


def test_what_is_another_model_has_no_such_weights() -> None:
    assert data("data:line").same_model(data("data:scales"), 1.0, 1.0) is None
    two = data("data:line,model=two_layer_linear")
    assert two.same_model(two, 1.0, 1.0) is None


def test_panels_of_scalings_start_from_one_model(tmp_path: Path) -> None:
    rng = np.random.default_rng(1)
    area, rooms = rng.uniform(500, 4000, 60), rng.integers(1, 9, 60)
    price = 120 * area + 9000 * rooms + rng.normal(0, 2e4, 60)
    file = tmp_path / "house.csv"
    rows = np.stack([area, rooms, price], axis=1)
    np.savetxt(file, rows, delimiter=",", header="area,rooms,price", comments="")
    ready = prepare(
        Recipe(
            surface=f"data:{file},target=price,features=area/rooms",
            optimizers=("gd",),
            grid="scaling=raw,standard,minmax",
            steps=40,
        )
    )
    first = [float(path.losses[0]) for path in ready.trajectories]
    assert first == pytest.approx([first[0]] * 3, rel=1e-6)
    for panel in ready.panels:
        (x0, x1), (y0, y1) = panel.surface.bounds
        x, y = panel.trajectories[0].points[0]
        assert x0 < x < x1
        assert y0 < y < y1
        assert panel.trajectories[0].ending.outcome in ("finished", "converged")
