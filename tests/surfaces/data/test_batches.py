"""Mini-batches are real subsets, in an order that the seed decides."""

from __future__ import annotations

from itertools import islice
from typing import Any

import numpy as np
import pytest

from landscape.descent import descend
from landscape.errors import LandscapeError
from tests.surfaces.data.oracles import Case, cases, make

CASES = cases()
each = pytest.mark.parametrize("case", CASES, ids=[case.spec for case in CASES])
GENERATED = [
    "data:line",
    "data:scales",
    "data:blobs",
    "data:blobs,model=tanh_unit",
    "data:switch,model=sigmoid_unit,n=50",
    "data:line,model=two_layer_linear",
]


@each
def test_gradient_of_a_batch_is_that_of_its_examples(case: Case) -> None:
    made = case.made
    draw = made.batches(7, 3)
    x, y = made.start
    for k in range(2 * (made.examples // 7)):
        dx, dy = draw()(x, y)
        rows = made.batch_rows(k, 7, 3)
        step = 1e-30
        right = (
            case.loss(x + 1j * step, y, rows).imag / step,
            case.loss(x, y + 1j * step, rows).imag / step,
        )
        assert (dx, dy) == pytest.approx(right, rel=1e-8, abs=1e-10 * max(map(abs, right)))


@each
def test_batch_surface_is_the_loss_of_the_batch(case: Case) -> None:
    made = case.made
    draw = made.batches(10, 5)
    x, y = made.start
    for k in range(3):
        part = made.batch_surface(k, 10, 5)
        rows = made.batch_rows(k, 10, 5)
        assert part.examples == len(rows) == 10
        assert part.value_at(x, y) == pytest.approx(float(case.loss(x, y, rows)), rel=1e-9)
        assert part.gradient_at(x, y) == pytest.approx(draw()(x, y), rel=1e-12)
        assert (part.bounds, part.start, part.labels) == (made.bounds, made.start, made.labels)
        assert part.spec == ""
        for point in part.minima:
            assert (
                np.abs(part.gradient_at(point.x, point.y)).max()
                < 1e-8 * np.abs(part.gradient_at(x, y)).max() + 1e-9
            )
        assert part.grid(5, 4)[2].shape == (4, 5)


def test_batches_have_minima_of_their_own() -> None:
    made = make("data:diabetes,feature=bmi,scaling=standard")
    minima = [made.batch_surface(k, 20, 0).minima[0] for k in range(4)]
    assert len({(m.x, m.y) for m in minima}) == 4
    whole = made.minima[0]
    assert all(np.hypot(m.x - whole.x, m.y - whole.y) > 1 for m in minima)


@pytest.mark.parametrize("spec", GENERATED)
@pytest.mark.parametrize("size", [1, 5, 25, 50])
def test_an_epoch_adds_up_to_the_whole(spec: str, size: int) -> None:
    made = make(spec)
    assert made.examples % size == 0
    draw, (x, y) = made.batches(size, 1), made.start
    for _ in range(3):
        slopes = [draw()(x, y) for _ in range(made.examples // size)]
        assert np.mean(slopes, axis=0) == pytest.approx(made.gradient_at(x, y), rel=1e-10)


@pytest.mark.parametrize("size", [1, 7, 10, 50])
def test_an_epoch_draws_without_replacement_and_anew(size: int) -> None:
    made = make("data:line")
    count = made.examples // size
    epochs = [
        np.concatenate([made.batch_rows(k, size, 4) for k in range(e * count, (e + 1) * count)])
        for e in range(4)
    ]
    for rows in epochs:
        assert len(set(rows)) == len(rows) == count * size
        assert set(rows) <= set(range(made.examples))
    assert len({tuple(rows) for rows in epochs}) == 4
    if made.examples % size:
        # The examples that are left over are not always the same.
        assert len({frozenset(rows) for rows in epochs}) > 1


def _slopes(draw: Any, count: int) -> list[Any]:
    return [gradient(1.0, 2.0) for gradient in islice(iter(draw, None), count)]


def test_the_seed_decides_the_order() -> None:
    made = make("data:line")
    assert _slopes(made.batches(5, 0), 25) == _slopes(made.batches(5, 0), 25)
    assert _slopes(made.batches(5, 0), 25) != _slopes(made.batches(5, 1), 25)
    # Two streams do not disturb each other.
    first, second = made.batches(5, 0), made.batches(5, 0)
    mixed = [(first()(1.0, 2.0), second()(1.0, 2.0)) for _ in range(15)]
    assert all(a == b for a, b in mixed)


def test_a_gradient_keeps_to_its_batch() -> None:
    made = make("data:blobs")
    draw = made.batches(5, 0)
    early = draw()
    before = early(1.0, 2.0)
    draw()
    assert early(1.0, 2.0) == before


def test_the_whole_data_is_one_batch() -> None:
    made = make("data:blobs")
    draw = made.batches(100, 0)
    for _ in range(3):
        assert draw()(1.0, 2.0) == pytest.approx(made.gradient_at(1.0, 2.0), rel=1e-12)


@pytest.mark.parametrize(
    ("size", "seed", "words"),
    [
        (51, 0, "a batch of 51 is more than the data has: 50 examples"),
        (0, 0, "a batch is a whole number"),
        (-1, 0, "a batch is a whole number"),
        (2.5, 0, "a batch is a whole number"),
        (True, 0, "a batch is a whole number"),
        (5, -1, "a seed is a whole number"),
        (5, 0.5, "a seed is a whole number"),
    ],
)
def test_bad_batches(size: Any, seed: Any, words: str) -> None:
    made = make("data:line")
    for call in (made.batches, lambda a, b: made.batch_surface(0, a, b)):
        with pytest.raises(LandscapeError, match=words):
            call(size, seed)


def test_descend_on_batches() -> None:
    made = make("data:line,scaling=standard")
    path = descend(made, "gd:lr=0.1,batch=5", steps=30, seed=2)
    assert path.epochs is not None
    assert path.epochs[-1] == pytest.approx(3)
    draw, (x, y) = made.batches(5, 2), made.start
    for k in range(30):
        assert tuple(path.points[k]) == (x, y)
        dx, dy = draw()(x, y)
        x, y = x - 0.1 * dx, y - 0.1 * dy
    with pytest.raises(LandscapeError, match="more than the data has"):
        descend(made, "gd:lr=0.1,batch=51", steps=30)
