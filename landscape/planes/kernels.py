"""Numba kernels for a block of cells in float32; the arithmetic of large grids.

A block is some cells of a plane and some rows of the data; what the layers hand on has the shape
(cells, width, rows), so every inner loop runs along the rows of the data and vectorises, whatever
the instruction set: tanh, sigmoid, Φ and exp are rational functions and polynomials here, without a
branch or a table. Against exact values tanh is within 4e-7, sigmoid within 3e-7, GELU within
5e-7 max(1, |z|) and exp (of what is not positive) within a factor of 1 ± 2e-7. Their coefficients
were found by least squares, reweighted until the errors were level. NaN stays NaN and infinity
infinity: of LLVM's liberties only "contract" is allowed, which fuses a product and a sum into one
instruction that rounds once and assumes nothing of the numbers.

Each cell has one writer and its own sums, in an order that depends on nothing but the block's rows,
so results have the same bits on any number of threads. The kernels release the GIL; they are
compiled when this module is imported (import it late), and Numba keeps the machine code on disk.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

__all__ = ["blend", "cross_entropy", "first_layer", "layer", "squared_error"]

Array = NDArray[Any]

_OPTIONS: dict[str, Any] = {"nogil": True, "error_model": "numpy", "fastmath": {"contract"}}


def _kernel(signature: str, function: Callable[..., None]) -> Callable[..., None]:
    """Return `function` compiled for one signature, from Numba's cache if it can be used."""
    try:
        return njit(signature, cache=True, **_OPTIONS)(function)  # type: ignore[no-any-return]
    except (OSError, RuntimeError):  # no folder that can be written, or a damaged one
        return njit(signature, **_OPTIONS)(function)  # type: ignore[no-any-return]


def _single(*values: float) -> tuple[Any, ...]:
    return tuple(np.float32(value) for value in values)


_ZERO, _HALF, _ONE, _LEAK = _single(0, 0.5, 1, 0.01)

# tanh z = z T(z²)/S(z²) to 2.1e-8 for |z| <= 9, beyond which float32 has ±1.
_TANH_EDGE = np.float32(9)
_T0, _T1, _T2, _T3, _T4 = _single(
    0.9999999795, 0.1338106742, 3.495636786e-3, 2.060984009e-5, 1.335562286e-8
)
_S1, _S2, _S3, _S4 = _single(0.4671438304, 2.587716986e-2, 3.285712595e-4, 7.776970926e-7)


def _tanh_formula(z: Any) -> Any:
    z = -_TANH_EDGE if z < -_TANH_EDGE else z  # written so that NaN stays NaN
    z = _TANH_EDGE if z > _TANH_EDGE else z
    u = z * z
    above = (((_T4 * u + _T3) * u + _T2) * u + _T1) * u + _T0
    below = (((_S4 * u + _S3) * u + _S2) * u + _S1) * u + _ONE
    return z * above / below


# Φ(z) = ½ + z P(z²)/Q(z²) to 9.4e-9 for |z| <= 5.6, where Φ(-z) is 1.1e-8.
_PHI_EDGE = np.float32(5.6)
_P0, _P1, _P2, _P3, _P4, _P5 = _single(
    *(0.3989422217, 3.437390913e-2, 4.707114555e-3),
    *(1.738272064e-4, 6.356261184e-6, 2.214631074e-8),
)
_Q1, _Q2, _Q3, _Q4, _Q5 = _single(
    0.2528283278, 2.893880335e-2, 1.912845250e-3, 7.509382193e-5, 1.180221401e-6
)


def _phi_formula(z: Any) -> Any:
    u = z * z
    above = ((((_P5 * u + _P4) * u + _P3) * u + _P2) * u + _P1) * u + _P0
    below = ((((_Q5 * u + _Q4) * u + _Q3) * u + _Q2) * u + _Q1) * u + _ONE
    share = _HALF + z * above / below
    share = _ZERO if z < -_PHI_EDGE else share
    return _ONE if z > _PHI_EDGE else share


# e^r to 3.1e-9 for |r| <= ½ ln 2; z = n ln 2 + r, where ln 2 is the sum of two numbers of which the
# first has so few digits that n times it is exact.
_E2, _E3, _E4, _E5, _E6 = _single(0.49999993, 0.16666521, 0.04166839, 0.00836872, 0.00138147)
_PER_LN2, _LN2, _LN2_REST = _single(1.44269504, 0.693359375, -2.12194440e-4)
_EXP_EDGE = np.float32(-87)
# Added to a number below 2^22 it leaves the nearest whole number in the last digits of the sum,
# as bits that can be moved into an exponent: no conversion to int, which NaN would not survive.
_ROUND, _EXPONENT_ONE = np.float32(12582912.0), np.int32(0x3F800000)


def _exp_formula(z: Any) -> Any:
    z = _EXP_EDGE if z < _EXP_EDGE else z
    shifted = z * _PER_LN2 + _ROUND
    n = shifted - _ROUND
    r = z - n * _LN2
    r = r - n * _LN2_REST
    power = ((((_E6 * r + _E5) * r + _E4) * r + _E3) * r + _E2) * (r * r) + r + _ONE
    bits = np.int32(np.float32(shifted).view(np.int32) << np.int32(23))
    scale = np.int32(bits + _EXPONENT_ONE).view(np.float32)
    return power * scale


def _sigmoid_formula(z: Any) -> Any:
    return _HALF + _HALF * _tanh(_HALF * z)


def _relu_formula(z: Any) -> Any:
    return _ZERO if z < _ZERO else z


def _leaky_relu_formula(z: Any) -> Any:
    return _LEAK * z if z < _ZERO else z


def _gelu_formula(z: Any) -> Any:
    return z * _phi(z)


_inline = njit(inline="always", **_OPTIONS)
_tanh, _phi, _exp = _inline(_tanh_formula), _inline(_phi_formula), _inline(_exp_formula)
_sigmoid, _gelu = _inline(_sigmoid_formula), _inline(_gelu_formula)
_relu, _leaky_relu = _inline(_relu_formula), _inline(_leaky_relu_formula)


def _shifted_formula(z: Array, shift: Any, kind: int) -> None:
    """Put f(z + shift) in the place of the line z; the activation's `kind` as in `blocks.KINDS`."""
    if kind == 0:
        for r in range(z.size):
            z[r] = _tanh(z[r] + shift)
    elif kind == 1:
        for r in range(z.size):
            z[r] = _sigmoid(z[r] + shift)
    elif kind == 2:
        for r in range(z.size):
            z[r] = _relu(z[r] + shift)
    elif kind == 3:
        for r in range(z.size):
            z[r] = _leaky_relu(z[r] + shift)
    elif kind == 4:
        for r in range(z.size):
            z[r] = _gelu(z[r] + shift)
    else:
        for r in range(z.size):
            z[r] = z[r] + shift


def _argmax_formula(z: Array, largest: Array, found: Array) -> None:
    """Find the largest in each column of z (classes, rows), as numpy.argmax does.

    It is the first of several, and the first NaN comes before any number.
    """
    for r in range(largest.size):
        largest[r] = z[0, r]
        found[r] = np.int32(0)
    for k in range(1, z.shape[0]):
        line, label = z[k], np.int32(k)
        for r in range(line.size):
            more = (line[r] > largest[r]) | ((line[r] != line[r]) & (largest[r] == largest[r]))
            largest[r] = line[r] if more else largest[r]
            found[r] = label if more else found[r]


_shifted, _argmax = (njit(**_OPTIONS)(f) for f in (_shifted_formula, _argmax_formula))


def _blend(origin: Array, first: Array, second: Array, a: Array, b: Array, out: Array) -> None:
    """Write the parameters of each cell, origin + a first + b second, rounded once."""
    for c in range(a.size):
        for p in range(origin.size):
            out[c, p] = np.float32(origin[p] + a[c] * first[p] + b[c] * second[p])


def _first_layer(
    at_origin: Array,
    along_first: Array,
    along_second: Array,
    a: Array,
    b: Array,
    kind: int,
    skipped: Array,
    out: Array,
) -> None:
    """Write the first layer's outputs from its pre-activations' three parts (width, rows).

    `skipped` (width or 0, rows) is what a skip connection adds.
    """
    rows = at_origin.shape[1]
    for j in range(at_origin.shape[0]):
        for c in range(a.size):
            step, side = np.float32(a[c]), np.float32(b[c])
            line = out[c, j]
            for r in range(rows):
                line[r] = at_origin[j, r] + step * along_first[j, r] + side * along_second[j, r]
            _shifted(line, _ZERO, kind)
            if skipped.shape[0]:
                for r in range(rows):
                    line[r] += skipped[j, r]


def _layer(z: Array, bias: Array, kind: int, skipped: Array) -> None:
    """Put a layer's outputs in the place of z (cells, width, rows), the products so far.

    `skipped` (cells or 0, width, rows) is what a skip connection adds.
    """
    for c in range(z.shape[0]):
        for j in range(z.shape[1]):
            line = z[c, j]
            _shifted(line, bias[c, j], kind)
            if skipped.shape[0]:
                for r in range(line.size):
                    line[r] += skipped[c, j, r]


def _cross_entropy(z: Array, bias: Array, labels: Array, loss: Array, right: Array) -> None:
    """Add each cell's summed cross-entropy to `loss` and its right labels to `right`.

    Parameters: `z` (cells, classes, rows) logits without their `bias` (cells, classes).

    log Σ exp is max + log of a sum from 1 to the number of classes; of such sums many can be
    multiplied before one logarithm is taken.
    """
    classes, rows = z.shape[1], z.shape[2]
    together = int(700.0 / np.log(classes + 1.0))
    largest = np.empty(rows, np.float32)
    found = np.empty(rows, np.int32)
    total = np.empty(rows, np.float64)
    for c in range(z.shape[0]):
        for k in range(classes):
            line, shift = z[c, k], bias[c, k]
            for r in range(rows):
                line[r] += shift
        _argmax(z[c], largest, found)
        for r in range(rows):
            total[r] = 0.0
        for k in range(classes):
            line = z[c, k]
            for r in range(rows):
                total[r] += np.float64(_exp(line[r] - largest[r]))
        off, product, count, hits = 0.0, 1.0, 0, 0
        for r in range(rows):
            label = labels[r]
            off += np.float64(largest[r] - z[c, label, r])
            hits += found[r] == label
            product *= total[r]
            count += 1
            if count == together:
                off += np.log(product)
                product, count = 1.0, 0
        loss[c] += off + np.log(product)
        right[c] += hits


def _squared_error(
    z: Array, bias: Array, targets: Array, labels: Array, loss: Array, right: Array
) -> None:
    """Add each cell's summed squared error to `loss` and its right labels to `right`.

    Parameters: `z` (cells, outputs, rows) without `bias` (cells, outputs); `targets`
    (outputs, rows); `labels` (rows,), or (0,) where there are none. With one output the label is
    whether that is above ½.
    """
    outputs, rows = z.shape[1], z.shape[2]
    largest = np.empty(rows, np.float32)
    found = np.empty(rows, np.int32)
    total = np.empty(rows, np.float64)
    for c in range(z.shape[0]):
        for r in range(rows):
            total[r] = 0.0
        for k in range(outputs):
            line, shift = z[c, k], bias[c, k]
            for r in range(rows):
                line[r] += shift
                error = line[r] - targets[k, r]
                total[r] += np.float64(error * error)
        off, hits = 0.0, 0
        for r in range(rows):
            off += total[r]
        loss[c] += off
        if labels.size and outputs == 1:
            for r in range(rows):
                hits += (z[c, 0, r] > _HALF) == (labels[r] == 1)
        elif labels.size:
            _argmax(z[c], largest, found)
            for r in range(rows):
                hits += found[r] == labels[r]
        right[c] += hits


_LINES, _PARTS, _CELLS = "float64[::1]", "float32[:, ::1]", "float32[:, :, ::1]"
_COORDINATES, _BIAS, _SUMS = f"{_LINES}, {_LINES}", "float32[:, :]", f"{_LINES}, int64[::1]"
blend = _kernel(f"void({_LINES}, {_LINES}, {_LINES}, {_COORDINATES}, float32[:, ::1])", _blend)
first_layer = _kernel(
    f"void({_PARTS}, {_PARTS}, {_PARTS}, {_COORDINATES}, int64, {_PARTS}, {_CELLS})", _first_layer
)
layer = _kernel(f"void({_CELLS}, {_BIAS}, int64, {_CELLS})", _layer)
cross_entropy = _kernel(f"void({_CELLS}, {_BIAS}, int64[::1], {_SUMS})", _cross_entropy)
squared_error = _kernel(f"void({_CELLS}, {_BIAS}, {_PARTS}, int64[::1], {_SUMS})", _squared_error)
