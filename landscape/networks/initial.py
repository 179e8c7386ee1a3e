"""Initial weights: the schemes, and the spec text that chooses one ("normal:scale=0.01")."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from landscape.errors import LandscapeError, unknown_name
from landscape.networks.layout import Layers
from landscape.specs import parse_number, split_spec

__all__ = ["INITIALISATIONS", "Initialisation", "initial_layers", "initialisation"]

_STREAM = 2  # initial weights share no random numbers with batches and noise

Draw = Callable[[np.random.Generator, int, int, Mapping[str, float]], NDArray[np.float64]]


@dataclass(frozen=True)
class Initialisation:
    """A scheme for the weights; biases are all `bias`, which is 0 unless given.

    Attributes: `name`; `label` (for legends); `variance` (of a weight, as text); `source`;
    `options` with their defaults; `draw` (generator, fan_out, fan_in, options) -> weights
    (fan_out, fan_in) in float64.
    """

    name: str
    label: str
    variance: str
    source: str
    draw: Draw = field(repr=False)
    options: Mapping[str, float] = field(default_factory=dict)


def _fill(key: str) -> Draw:
    return lambda draw, rows, columns, given: np.full((rows, columns), given.get(key, 0.0))


def _normal(variance: Callable[[int, int], float] = lambda fan_in, fan_out: 1.0) -> Draw:
    def weights(
        draw: np.random.Generator, fan_out: int, fan_in: int, given: Mapping[str, float]
    ) -> NDArray[np.float64]:
        scale = given.get("scale", 1.0) * given.get("gain", 1.0)
        deviation = scale * math.sqrt(variance(fan_in, fan_out))
        return deviation * draw.standard_normal((fan_out, fan_in))

    return weights


def _uniform(variance: Callable[[int, int], float] = lambda fan_in, fan_out: 1 / 3) -> Draw:
    def weights(
        draw: np.random.Generator, fan_out: int, fan_in: int, given: Mapping[str, float]
    ) -> NDArray[np.float64]:
        scale = given.get("scale", 1.0) * given.get("gain", 1.0)
        bound = scale * math.sqrt(3 * variance(fan_in, fan_out))
        return bound * draw.uniform(-1.0, 1.0, (fan_out, fan_in))

    return weights


def _glorot(fan_in: int, fan_out: int) -> float:
    return 2 / (fan_in + fan_out)


def _he(fan_in: int, fan_out: int) -> float:
    return 2 / fan_in


def _lecun(fan_in: int, fan_out: int) -> float:
    return 1 / fan_in


def _orthogonal(
    draw: np.random.Generator, fan_out: int, fan_in: int, given: Mapping[str, float]
) -> NDArray[np.float64]:
    tall = draw.standard_normal((max(fan_out, fan_in), min(fan_out, fan_in)))
    q, r = np.linalg.qr(tall)
    # The signs make q uniform over the orthogonal matrices (Mezzadri 2007).
    q *= np.where(np.diagonal(r) < 0, -1.0, 1.0)
    return given["gain"] * (q if fan_out >= fan_in else np.ascontiguousarray(q.T))


_GLOROT = "Glorot & Bengio 2010, eq. 12 and 16"
_HE = "He et al. 2015, eq. 10; the 2 is ReLU's gain squared, whatever the activation is"
_LECUN = "LeCun et al. 1998, Efficient BackProp, eq. 16"
_GAIN = {"gain": 1.0}

INITIALISATIONS = MappingProxyType(
    {
        entry.name: entry
        for entry in (
            Initialisation("zero", "zero", "0", "", _fill("")),
            Initialisation("constant", "constant", "0", "", _fill("value"), {"value": 0.1}),
            Initialisation("normal", "normal", "scale²", "", _normal(), {"scale": 0.01}),
            Initialisation("uniform", "uniform", "scale²/3", "", _uniform(), {"scale": 0.01}),
            Initialisation(
                "glorot_normal",
                "Glorot normal",
                "2/(fan_in + fan_out)",
                _GLOROT,
                _normal(_glorot),
                _GAIN,
            ),
            Initialisation(
                "glorot_uniform",
                "Glorot uniform",
                "2/(fan_in + fan_out)",
                _GLOROT,
                _uniform(_glorot),
                _GAIN,
            ),
            Initialisation("he_normal", "He normal", "2/fan_in", _HE, _normal(_he), _GAIN),
            Initialisation("he_uniform", "He uniform", "2/fan_in", _HE, _uniform(_he), _GAIN),
            Initialisation(
                "lecun_normal", "LeCun normal", "1/fan_in", _LECUN, _normal(_lecun), _GAIN
            ),
            Initialisation(
                "lecun_uniform", "LeCun uniform", "1/fan_in", _LECUN, _uniform(_lecun), _GAIN
            ),
            Initialisation(
                "orthogonal",
                "orthogonal",
                "1/max(fan_in, fan_out)",
                "Saxe et al. 2014",
                _orthogonal,
                _GAIN,
            ),
        )
    }
)


def initialisation(spec: str) -> tuple[Initialisation, dict[str, float]]:
    """Return the scheme that "normal:scale=0.01" names and all its options, `bias` with them.

    Raises LandscapeError if there is no such scheme or option, or a number is none.
    """
    name, written = split_spec(spec)
    entry = INITIALISATIONS.get(name)
    if entry is None:
        raise unknown_name("initialisation", name, INITIALISATIONS)
    options = {"bias": 0.0, **entry.options}
    for key, text in written.items():
        if key not in options:
            raise unknown_name(f"option of {name}", key, options)
        options[key] = parse_number(text, f"{key} of {name}")
    for key in ("scale", "gain"):
        if options.get(key, 0.0) < 0:
            raise LandscapeError(f"{key} of {name} must be 0 or more: {options[key]:g} came")
    return entry, options


def initial_layers(spec: str, seed: int, layers: Layers) -> None:
    """Fill weights and biases, views of a flat vector, by the scheme that `spec` names.

    Raises LandscapeError if there is no such scheme, option or seed.
    """
    entry, options = initialisation(spec)
    if isinstance(seed, bool) or not isinstance(seed, int | np.integer) or seed < 0:
        raise LandscapeError(f"a seed is a whole number from 0 on: {seed!r} came")
    draw = np.random.Generator(np.random.PCG64([_STREAM, int(seed)]))
    for weights, biases in layers:
        fan_out, fan_in = weights.shape
        weights[...] = entry.draw(draw, fan_out, fan_in, options)
        biases[...] = options["bias"]
