"""Activation functions with their first two derivatives, on NumPy arrays of any shape."""

from __future__ import annotations

import math
from types import MappingProxyType
from typing import ClassVar

import numpy as np

from landscape.errors import unknown_name
from landscape.networks.layout import Array
from landscape.networks.normal import normal_density, normal_distribution

__all__ = ["ACTIVATIONS", "Activation", "activation"]


class Activation:
    """An activation function f; results have the shape and the dtype of `z`.

    Attributes: `name`; `label` (for legends); `formula` (LaTeX, in z); `gain` (by which weights of
    variance 1/fan_in are multiplied to keep the variance of signals, as
    `torch.nn.init.calculate_gain`, which has none for GELU); `steepest` (the largest |f′|);
    `kinked` (f″ is 0 wherever it exists, so that it need not be computed); `closes` (f′ is 0 for
    all z up to 0, not by rounding alone).
    """

    name: ClassVar[str]
    label: ClassVar[str]
    formula: ClassVar[str]
    gain: ClassVar[float] = 1.0
    steepest: ClassVar[float] = 1.0
    kinked: ClassVar[bool] = False
    closes: ClassVar[bool] = False

    def value(self, z: Array, out: Array | None = None) -> Array:
        """Return f(z), in `out` (which may be z) if that is given."""
        raise NotImplementedError

    def derivative(self, z: Array) -> Array:
        """Return f′(z); at a kink the slope of the left side, as PyTorch does."""
        slope = np.empty_like(z)
        self.replace(z.copy(), slope)
        return slope

    def second(self, z: Array) -> Array:
        """Return f″(z); 0 at a kink."""
        return np.zeros_like(z)

    def replace(self, z: Array, slope: Array) -> None:
        """Put f(z) in the place of `z` and f′(z) in `slope`; what training calls."""
        raise NotImplementedError

    def __repr__(self) -> str:
        return f"<activation {self.name}>"


class _Linear(Activation):
    name, label, formula, kinked = "linear", "linear", "z", True

    def value(self, z: Array, out: Array | None = None) -> Array:
        if out is None:
            return z.copy()
        if out is not z:
            np.copyto(out, z)
        return out

    def replace(self, z: Array, slope: Array) -> None:
        slope.fill(1.0)


class _Tanh(Activation):
    name, label, formula, gain = "tanh", "tanh", r"\tanh z", 5 / 3

    def value(self, z: Array, out: Array | None = None) -> Array:
        return np.tanh(z, out=out)

    def second(self, z: Array) -> Array:
        h = np.tanh(z)
        return np.multiply(2.0 * h, h * h - 1.0)

    def replace(self, z: Array, slope: Array) -> None:
        np.tanh(z, out=z)
        np.multiply(z, z, out=slope)
        np.subtract(1.0, slope, out=slope)


class _Sigmoid(Activation):
    name, label, formula = "sigmoid", "sigmoid", r"\frac{1}{1 + e^{-z}}"
    steepest = 0.25

    def value(self, z: Array, out: Array | None = None) -> Array:
        result: Array = np.negative(z, out=out)
        with np.errstate(over="ignore"):  # e^-z = ∞ where f(z) is 0
            np.exp(result, out=result)
        np.add(result, 1.0, out=result)
        np.divide(1.0, result, out=result)
        return result

    def second(self, z: Array) -> Array:
        h = self.value(z)
        bend: Array = h * (1.0 - h) * (1.0 - 2.0 * h)
        return bend

    def replace(self, z: Array, slope: Array) -> None:
        self.value(z, out=z)
        np.subtract(1.0, z, out=slope)
        np.multiply(slope, z, out=slope)


class _Relu(Activation):
    name, label, formula = "relu", "ReLU", r"\max(0, z)"
    gain, kinked, closes = math.sqrt(2), True, True

    def value(self, z: Array, out: Array | None = None) -> Array:
        return np.maximum(z, 0.0, out=out)

    def replace(self, z: Array, slope: Array) -> None:
        np.maximum(z, 0.0, out=z)
        np.sign(z, out=slope)


class _LeakyRelu(Activation):
    name, label, formula = "leaky_relu", "leaky ReLU", r"\max(0.01\,z,\ z)"
    leak: ClassVar[float] = 0.01
    gain, kinked = math.sqrt(2 / (1 + 0.01**2)), True

    def value(self, z: Array, out: Array | None = None) -> Array:
        return np.maximum(z, np.multiply(z, self.leak), out=out)

    def replace(self, z: Array, slope: Array) -> None:
        np.greater(z, 0.0, out=slope)
        np.maximum(slope, self.leak, out=slope)
        np.multiply(z, slope, out=z)


class _Gelu(Activation):
    name, label, formula = "gelu", "GELU", r"z\,\Phi(z)"
    gain = 1.5335304412  # 1/sqrt(E f(z)²) for a standard normal z
    steepest = 1.1289041451  # at z = √2, where f″ = φ(z)(2 - z²) is 0

    def value(self, z: Array, out: Array | None = None) -> Array:
        return np.multiply(z, normal_distribution(z), out=out)

    def second(self, z: Array) -> Array:
        return np.multiply(normal_density(z), 2.0 - z * z)

    def replace(self, z: Array, slope: Array) -> None:
        share = normal_distribution(z)
        np.multiply(z, normal_density(z), out=slope)
        np.add(slope, share, out=slope)
        np.multiply(z, share, out=z)


ACTIVATIONS = MappingProxyType(
    {kind.name: kind for kind in (_Tanh(), _Sigmoid(), _Relu(), _LeakyRelu(), _Gelu(), _Linear())}
)


def activation(name: str) -> Activation:
    """Return the activation of that name.

    Raises LandscapeError if there is none.
    """
    try:
        return ACTIVATIONS[name]
    except KeyError:
        raise unknown_name("activation", name, ACTIVATIONS) from None
