"""What is compared with the oracles: surfaces written again by hand, and rules with settings.

Nothing here uses the package, so that the oracle's gradients (by automatic differentiation of
these functions) are independent of ours.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

STEPS = 500
EVERY = 20


@dataclass(frozen=True)
class Hill:
    """A surface: the package's spec, the same function over a namespace with sin, a start."""

    spec: str
    function: Callable[[Any, Any, Any], Any]
    start: tuple[float, float]


def _rotated_ravine(x: Any, y: Any, m: Any) -> Any:
    c, s = 0.8660254037844387, 0.49999999999999994  # cos and sin of 30 degrees
    u, v = c * x + s * y, c * y - s * x
    return 0.5 * (u * u + 20.0 * v * v)


def _beale(x: Any, y: Any, m: Any) -> Any:
    a, b, c = 1.5 - x + x * y, 2.25 - x + x * y * y, 2.625 - x + x * y * y * y
    return a * a + b * b + c * c


def _rosenbrock(x: Any, y: Any, m: Any) -> Any:
    a, b = 1.0 - x, y - x * x
    return a * a + 10.0 * (b * b)


def _wavy(x: Any, y: Any, m: Any) -> Any:
    return 0.3 * (x * x) + 2.0 * (y * y) + 0.5 * x * y + m.sin(x + 2.0 * y)


HILLS = {
    "ravine": Hill("ravine:kappa=20,rotation=30", _rotated_ravine, (-4.0, 1.5)),
    "beale": Hill("beale", _beale, (-1.0, -1.0)),
    "rosenbrock": Hill("(1 - x)**2 + 10*(y - x**2)**2", _rosenbrock, (-1.2, 0.5)),
    "wavy": Hill("0.3*x**2 + 2*y**2 + 0.5*x*y + sin(x + 2*y)", _wavy, (-2.0, 1.7)),
}


@dataclass(frozen=True)
class Case:
    """A rule and what an oracle calls it; `schedule` is the factor on lr at step t from 0."""

    rule: str
    oracle: str
    options: Mapping[str, Any] = field(default_factory=dict)
    schedule: str = ""
    factor: Callable[[int], float] | None = None


def _decay(t: int) -> float:
    return 1.0 / (1.0 + 0.01 * t)


_ADAM = {"beta1": 0.8, "beta2": 0.95, "eps": 1e-6}

# The rates and starts are such that no path reaches the floor of its valley, where a normalised
# step changes its sign at rounding errors, and any two programs part.
CASES = {
    "gd": Case("gd:lr=0.004", "torch.SGD", {"lr": 0.004}),
    "gd-optax": Case("gd:lr=0.01", "optax.sgd", {"learning_rate": 0.01}),
    "gd-schedule": Case("gd:lr=0.01", "torch.SGD", {"lr": 0.01}, "lr0/(1 + 0.01*t)", _decay),
    "momentum": Case("momentum:lr=0.001", "torch.SGD", {"lr": 0.001, "momentum": 0.9}),
    "momentum-mu": Case(
        "momentum:lr=0.004,mu=0.5", "optax.sgd", {"learning_rate": 0.004, "momentum": 0.5}
    ),
    "momentum-torch": Case(
        "momentum:form=torch,lr=0.002,mu=0.8", "torch.SGD", {"lr": 0.002, "momentum": 0.8}
    ),
    "momentum-torch-schedule": Case(
        "momentum:form=torch,lr=0.002",
        "torch.SGD",
        {"lr": 0.002, "momentum": 0.9},
        "lr0/(1 + 0.01*t)",
        _decay,
    ),
    "nesterov": Case(
        "nesterov:lr=0.001", "torch.SGD", {"lr": 0.001, "momentum": 0.9, "nesterov": True}
    ),
    "nesterov-optax": Case(
        "nesterov:lr=0.003,mu=0.7",
        "optax.sgd",
        {"learning_rate": 0.003, "momentum": 0.7, "nesterov": True},
    ),
    "nesterov-torch-schedule": Case(
        "nesterov:form=torch,lr=0.002,mu=0.8",
        "torch.SGD",
        {"lr": 0.002, "momentum": 0.8, "nesterov": True},
        "lr0/(1 + 0.01*t)",
        _decay,
    ),
    "adagrad": Case("adagrad:lr=0.1", "torch.Adagrad", {"lr": 0.1}),
    "adagrad-eps": Case("adagrad:lr=0.03,eps=0.01", "torch.Adagrad", {"lr": 0.03, "eps": 0.01}),
    "adagrad-optax": Case("adagrad:form=optax,lr=0.5", "optax.adagrad", {"learning_rate": 0.5}),
    "adagrad-optax-settings": Case(
        "adagrad:form=optax,lr=0.2,initial=2.0,eps=0.001",
        "optax.adagrad",
        {"learning_rate": 0.2, "initial_accumulator_value": 2.0, "eps": 0.001},
    ),
    "adadelta": Case("adadelta:lr=0.3", "torch.Adadelta", {"lr": 0.3}),
    "adadelta-optax": Case(
        "adadelta:lr=0.5,rho=0.95,eps=1e-5",
        "optax.adadelta",
        {"learning_rate": 0.5, "rho": 0.95, "eps": 1e-5},
    ),
    "rmsprop": Case("rmsprop:lr=0.001", "torch.RMSprop", {"lr": 0.001}),
    "rmsprop-settings": Case(
        "rmsprop:lr=0.002,rho=0.8,eps=0.1", "torch.RMSprop", {"lr": 0.002, "alpha": 0.8, "eps": 0.1}
    ),
    "rmsprop-optax": Case("rmsprop:form=optax,lr=0.001", "optax.rmsprop", {"learning_rate": 0.001}),
    "rmsprop-optax-settings": Case(
        "rmsprop:form=optax,lr=0.002,rho=0.99,eps=0.01",
        "optax.rmsprop",
        {"learning_rate": 0.002, "decay": 0.99, "eps": 0.01},
    ),
    "rmsprop-centered": Case(
        "rmsprop:form=centered,lr=0.001,eps=0.1",
        "torch.RMSprop",
        {"lr": 0.001, "eps": 0.1, "centered": True},
    ),
    "rmsprop-momentum": Case(
        "rmsprop:form=momentum,lr=0.0002", "torch.RMSprop", {"lr": 0.0002, "momentum": 0.9}
    ),
    "rmsprop-momentum-settings": Case(
        "rmsprop:form=momentum,lr=0.001,mu=0.5,rho=0.9,eps=0.001",
        "torch.RMSprop",
        {"lr": 0.001, "momentum": 0.5, "alpha": 0.9, "eps": 0.001},
    ),
    "adam": Case("adam:lr=0.05", "torch.Adam", {"lr": 0.05}),
    "adam-settings": Case(
        "adam:lr=0.002,beta1=0.8,beta2=0.95,eps=1e-6", "torch.Adam", {"lr": 0.002, **_ADAM}
    ),
    "adam-optax": Case("adam:lr=0.05", "optax.adam", {"learning_rate": 0.05}),
    "adam-schedule": Case("adam:lr=0.05", "torch.Adam", {"lr": 0.05}, "lr0/(1 + 0.01*t)", _decay),
    "adamax": Case("adamax:lr=0.05", "torch.Adamax", {"lr": 0.05}),
    "adamax-settings": Case(
        "adamax:lr=0.004,beta1=0.8,beta2=0.95,eps=0.01",
        "torch.Adamax",
        {"lr": 0.004, "beta1": 0.8, "beta2": 0.95, "eps": 0.01},
    ),
    "adamax-optax": Case("adamax:lr=0.02", "optax.adamax", {"learning_rate": 0.02}),
    "adamax-optax-settings": Case(
        "adamax:lr=0.004,beta1=0.8,beta2=0.95,eps=0.01",
        "optax.adamax",
        {"learning_rate": 0.004, "b1": 0.8, "b2": 0.95, "eps": 0.01},
    ),
}
