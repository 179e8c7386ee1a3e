from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from landscape.errors import LandscapeError
from landscape.planes import lanczos


def symmetric(size: int, seed: int = 0) -> Any:
    A = np.random.default_rng(seed).normal(size=(size, size))
    return A + A.T


def expected(values: Any, which: str, count: int) -> Any:
    """The wanted eigenvalues of increasing `values`."""
    if which == "largest":
        return values[::-1][:count]
    if which == "smallest":
        return values[:count]
    if which == "magnitude":
        return values[np.argsort(-np.abs(values))][:count]
    turns = [values[k // 2] if k % 2 else values[-1 - k // 2] for k in range(count)]
    return np.array(turns)


@pytest.mark.parametrize("which", ["largest", "smallest", "magnitude", "both"])
@pytest.mark.parametrize(("size", "count"), [(1, 1), (2, 2), (7, 7), (60, 3), (200, 5)])
def test_dense_eigenvalues(which: str, size: int, count: int) -> None:
    A = symmetric(size)
    found = lanczos(lambda v: A @ v, size, count, which=which, tolerance=1e-9)
    values = np.linalg.eigvalsh(A)
    scale = np.abs(values).max()
    assert found.converged
    np.testing.assert_allclose(found.values, expected(values, which, count), atol=1e-8 * scale)
    np.testing.assert_allclose(found.vectors @ found.vectors.T, np.eye(count), atol=1e-8)
    left = A @ found.vectors.T - found.vectors.T * found.values
    np.testing.assert_allclose(np.linalg.norm(left, axis=0), found.residuals, atol=1e-9 * scale)


def test_the_basis_stays_orthogonal_over_many_orders_of_magnitude() -> None:
    turn, _ = np.linalg.qr(np.random.default_rng(2).normal(size=(120, 120)))
    A = turn @ np.diag(10.0 ** -np.linspace(0, 14, 120)) @ turn.T
    found = lanczos(lambda v: A @ v, 120, 40, tolerance=1e-14)
    np.testing.assert_allclose(found.vectors @ found.vectors.T, np.eye(40), atol=1e-13)


@pytest.mark.parametrize("which", ["largest", "smallest", "both"])
def test_a_small_basis_is_restarted(which: str) -> None:
    A = symmetric(150, seed=3)
    whole = lanczos(lambda v: A @ v, 150, 2, which=which, tolerance=1e-8, most=5000)
    restarted = lanczos(lambda v: A @ v, 150, 2, which=which, tolerance=1e-8, basis=14, most=5000)
    assert restarted.converged
    assert restarted.products > whole.products > 14
    np.testing.assert_allclose(restarted.values, whole.values, rtol=1e-8)
    np.testing.assert_allclose(restarted.vectors, whole.vectors, atol=1e-5)


def test_the_sign_is_fixed_and_the_numbers_repeat() -> None:
    A = symmetric(40)
    first, second = (lanczos(lambda v: A @ v, 40, 3, seed=5) for _ in range(2))
    assert first.vectors.tobytes() == second.vectors.tobytes()
    other = lanczos(lambda v: A @ v, 40, 3, seed=6)
    assert other.vectors.tobytes() != first.vectors.tobytes()
    np.testing.assert_allclose(other.vectors, first.vectors, atol=1e-4)
    largest = np.abs(first.vectors).argmax(axis=1)
    assert (first.vectors[range(3), largest] > 0).all()


@pytest.mark.parametrize(
    ("diagonal", "count", "wanted"),
    [
        ([3.0] * 9, 4, [3, 3, 3, 3]),
        ([5.0, 5.0, 1.0, 1.0, 1.0, 0.0], 3, [5, 5, 1]),
        ([6.0, 6.0, 5.0, 5.0, 4.0, 4.0, 3.0, 3.0, 2.0, 2.0, 1.0, 1.0], 2, [6, 6]),
        ([0.0] * 6, 2, [0, 0]),
        ([7.0] + [0.0] * 400, 2, [7, 0]),
    ],
)
def test_multiple_eigenvalues_and_low_rank(
    diagonal: list[float], count: int, wanted: list[float]
) -> None:
    turn, _ = np.linalg.qr(np.random.default_rng(1).normal(size=(len(diagonal),) * 2))
    A = turn @ np.diag(diagonal) @ turn.T
    found = lanczos(lambda v: A @ v, len(diagonal), count, tolerance=1e-10)
    assert found.converged
    np.testing.assert_allclose(found.values, wanted, atol=1e-6)
    np.testing.assert_allclose(A @ found.vectors.T, found.vectors.T * found.values, atol=1e-5)
    assert found.products <= 12


def test_too_few_products_are_told() -> None:
    A = symmetric(300)
    seen: list[int] = []
    found = lanczos(lambda v: A @ v, 300, 2, most=9, progress=seen.append)
    assert not found.converged
    assert found.products == 9
    assert seen == list(range(1, 10))
    values = np.linalg.eigvalsh(A)
    for value, residual in zip(found.values, found.residuals, strict=True):
        assert np.abs(values - value).min() <= residual


def test_bad_input() -> None:
    with pytest.raises(LandscapeError, match="did you mean largest"):
        lanczos(lambda v: v, 3, which="largst")
    with pytest.raises(LandscapeError, match="3 eigenvalues: 4 were asked"):
        lanczos(lambda v: v, 3, 4)
    with pytest.raises(LandscapeError, match="not finite"):
        lanczos(lambda v: v * np.nan, 3)
    with pytest.raises(LandscapeError, match="a seed is a whole number"):
        lanczos(lambda v: v, 3, seed=-1)
