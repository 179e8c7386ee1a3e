"""Fits the polynomial of landscape/networks/normal.py that float32 uses for Φ.

Run `python -m tests.networks.golden.fit_normal` at the top of the checkout; it prints the
coefficients, lowest power first, and the largest error of Φ in exact arithmetic.

Φ(z) = ½(1 + tanh u(z)) with u(z) = ½ log(Φ(z)/Φ(-z)), an odd function that grows like z²/4: a
polynomial z·P(z²) follows it, and tanh hides its error where Φ is flat. The fit is least squares
weighted by dΦ/du, weights moved towards where the error is largest (Lawson 1961) until it is
nearly the smallest possible maximum.
"""

from __future__ import annotations

import numpy as np
from scipy.special import log_ndtr

EDGE = 5.6
DEGREE = 6
POINTS = 400
SWEEPS = 300


def fit() -> tuple[list[float], float]:
    """Return the coefficients of P and the largest error of Φ on [0, EDGE]."""
    z = EDGE * np.cos((np.arange(POINTS) + 0.5) / POINTS * np.pi / 2)
    u = 0.5 * (log_ndtr(z) - log_ndtr(-z))
    share = (1 + np.tanh(u)) / 2
    steepness = 2 * share * (1 - share)
    columns = z[:, None] ** (2 * np.arange(DEGREE + 1) + 1) / EDGE ** (2 * np.arange(DEGREE + 1))
    weights = np.ones_like(z)
    best, least = np.zeros(DEGREE + 1), np.inf
    for _ in range(SWEEPS):
        scale = steepness * np.sqrt(weights)
        found = np.linalg.lstsq(scale[:, None] * columns, scale * u, rcond=None)[0]
        error = np.abs((1 + np.tanh(columns @ found)) / 2 - share)
        if error.max() < least:
            best, least = found, error.max()
        weights *= error / error.max()
        weights /= weights.max()
    return list(best / EDGE ** (2 * np.arange(DEGREE + 1))), float(least)


def main() -> None:
    coefficients, error = fit()
    print([float(f"{c:.10g}") for c in coefficients], f"{error:.2e}")


if __name__ == "__main__":
    main()
