"""Extreme eigenvalues of a symmetric matrix that is known by its products with vectors."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from landscape.errors import LandscapeError, unknown_name
from landscape.planes.seeds import LANCZOS, generator
from landscape.threads import one_blas_thread

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[Any]

__all__ = ["ENDS", "NotFiniteError", "Product", "Spectrum", "lanczos"]

Product = Callable[["Array"], "Array"]

ENDS = {
    "largest": "the largest first",
    "smallest": "the smallest first",
    "magnitude": "the largest in absolute value first",
    "both": "the largest, the smallest, the second largest, the second smallest, …",
}
_MEMORY = 1 << 25  # numbers that the basis may have: 256 MB
_VECTORS = 300  # of a basis, beyond which orthogonalising costs more than a restart
_EVERY = 4  # products between two looks at the residuals; more as the basis grows
_BREAKDOWN = 1e-13  # of the matrix's norm: what is left of a product is rounding


class NotFiniteError(LandscapeError):
    """A product with the matrix is not finite."""


@dataclass(frozen=True, eq=False)
class Spectrum:
    """Some eigenvalues of a symmetric matrix H, with their vectors.

    Attributes: `values` (k,); `vectors` (k, n), of length 1, the largest component of each
    positive; `residuals` (k,), |H v - λ v|: an eigenvalue of H lies within that of each value;
    `products`, how often H was multiplied; `converged`, whether the residuals met the tolerance.
    """

    values: Array
    vectors: Array
    residuals: Array
    products: int
    converged: bool


def lanczos(
    product: Product,
    size: int,
    count: int = 1,
    *,
    which: str = "largest",
    tolerance: float = 1e-6,
    most: int = 2000,
    basis: int | None = None,
    seed: int = 0,
    progress: Callable[[int], None] | None = None,
) -> Spectrum:
    """Return extreme eigenvalues and eigenvectors of the symmetric matrix H of `size` rows.

    Parameters: `product` takes v (n,) in double precision and gives H v; `count` is how many
    eigenvalues are wanted and `which` end they are of, see ENDS; `tolerance` is the largest
    residual as a share of the largest absolute eigenvalue; `most` is the largest number of
    products; `basis` is how many vectors are kept before a restart, by default 300, or what
    256 MB hold; `seed` decides the first vector; `progress` is called with the number of
    products.

    Lanczos with full reorthogonalisation, each vector twice, restarted thickly with the best Ritz
    vectors (Wu & Simon 2000) once the basis is full. A Krylov space has one vector of each
    eigenvalue: where it ends early, as for a matrix of low rank, the search goes on with a new
    random vector until that changes nothing, so that multiple eigenvalues come as often as they
    are; where it does not end they may come once. The same arguments give the same numbers.

    Raises LandscapeError for an unknown end, more eigenvalues than rows, or a product that is not
    finite. Running out of products is no error: `converged` says so.
    """
    if which not in ENDS:
        raise unknown_name("end of the spectrum", str(which), ENDS)
    if not 1 <= count <= size:
        raise LandscapeError(f"a matrix of {size} rows has {size} eigenvalues: {count} were asked")
    usual = max(min(_VECTORS, _MEMORY // size), 4 * count + 8)
    room = min(size, max(usual if basis is None else basis, count + 2))
    with one_blas_thread():
        return _Search(product, size, count, which, room, seed, progress).run(tolerance, most)


class _Search:
    """The basis V (rows), the matrix V H Vᵀ on it, and the remainder that goes on."""

    def __init__(
        self,
        product: Product,
        size: int,
        count: int,
        which: str,
        room: int,
        seed: int,
        progress: Callable[[int], None] | None,
    ) -> None:
        self._product, self._count, self._which = product, count, which
        self._progress = progress
        self._draw = generator(LANCZOS, seed)
        self._basis = np.empty((room, size))
        self._small = np.zeros((room, room))
        self._filled = 0
        self._products = 0

    def run(self, tolerance: float, most: int) -> Spectrum:
        rows, size = self._basis.shape
        remainder = self._new_direction()
        longest = since = 0  # products of the longest Krylov space that ended, and of this one
        before: Array = np.empty(0)  # the eigenvalues wanted when the last one ended
        while True:
            self._basis[self._filled] = remainder
            self._filled += 1
            remainder, left = self._advance()
            since += 1
            full, ended = self._filled == rows, left == 0
            over = self._products >= most or self._filled == size
            if not (full or over or ended or self._products % max(_EVERY, self._filled // 16) == 0):
                continue
            values, small = np.linalg.eigh(self._small[: self._filled, : self._filled])
            order = _order(values, self._which)
            wanted = order[: self._count]
            slack = tolerance * float(np.abs(values).max())
            residuals = left * np.abs(small[-1])
            good = self._filled >= self._count and bool((residuals[wanted] <= slack).all())
            if self._filled < size and ended:
                # An eigenvalue's second vector is not in a space that ends: look in the next.
                good = good and _same(values[wanted], before, slack)
                longest, since, before = max(longest, since), 0, values[wanted]
            elif self._filled < size:
                good = good and since >= longest
            if good or over:
                return self._result(values[wanted], small[:, wanted], residuals[wanted], good)
            if full:
                self._restart(values, small, order)

    def _advance(self) -> tuple[Array, float]:
        """Multiply the last vector of the basis; return the next vector and its coupling."""
        k = self._filled
        made = np.asarray(self._product(self._basis[k - 1]), np.float64)
        self._products += 1
        if self._progress is not None:
            self._progress(self._products)
        if not np.isfinite(made).all():
            raise NotFiniteError(
                "the Hessian is not finite here: take parameters whose loss is finite"
            )
        known = self._basis[:k]
        along = known @ made
        made = made - along @ known
        again = known @ made
        made -= again @ known
        along += again
        self._small[k - 1, :k] = self._small[:k, k - 1] = along
        left = float(np.linalg.norm(made))
        if left <= _BREAKDOWN * max(float(np.abs(self._small[:k, :k]).max()), 1e-300):
            return (self._new_direction() if k < made.size else made), 0.0
        return made / left, left

    def _new_direction(self) -> Array:
        """Return a random vector of length 1, orthogonal to the basis."""
        made = self._draw.standard_normal(self._basis.shape[1])
        known = self._basis[: self._filled]
        for _ in range(2):
            made /= np.linalg.norm(made)
            made -= (known @ made) @ known
        return np.asarray(made / np.linalg.norm(made))

    def _restart(self, values: Array, small: Array, order: Array) -> None:
        """Keep the best half of the Ritz vectors; the remainder goes on from them."""
        keep = order[: max(self._count, min(self._filled // 2, self._filled - 2))]
        self._basis[: keep.size] = small[:, keep].T @ self._basis[: self._filled]
        self._small[:] = 0.0
        self._small[range(keep.size), range(keep.size)] = values[keep]
        self._filled = keep.size

    def _result(self, values: Array, small: Array, residuals: Array, good: bool) -> Spectrum:
        vectors = small.T @ self._basis[: self._filled]
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        largest = vectors[range(len(vectors)), np.abs(vectors).argmax(axis=1)]
        vectors *= np.where(largest < 0, -1.0, 1.0)[:, None]
        return Spectrum(values, vectors, residuals, self._products, good)


def _same(values: Array, before: Array, slack: float) -> bool:
    return values.shape == before.shape and bool((np.abs(values - before) <= slack).all())


def _order(values: Array, which: str) -> Array:
    """Return the indices of increasing values, those wanted first."""
    up = np.arange(values.size)
    if which == "smallest":
        return up
    if which == "largest":
        return up[::-1]
    if which == "magnitude":
        return np.argsort(-np.abs(values), kind="stable")
    both = np.empty_like(up)
    both[0::2] = up[::-1][: (up.size + 1) // 2]
    both[1::2] = up[: up.size // 2]
    return both
