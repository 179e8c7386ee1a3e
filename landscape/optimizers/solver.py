"""What a solver is: a method that chooses its own steps, and so is no formula of one step."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar, NoReturn, cast

from landscape.errors import LandscapeError
from landscape.formula.latex import plain_name
from landscape.optimizers.curvature import hessian_at

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from landscape.optimizers.curvature import Hessian

    Array = NDArray[Any]

__all__ = ["Course", "Question", "Solver", "scipy_optimize"]

Bounds = tuple[tuple[float, float], tuple[float, float]]
# Stopping criteria and the like, which a legend leaves out.
_SMALL = ("gtol", "ftol", "xatol", "fatol", "visit", "accept", "memory")


class Question:
    """A surface as a solver asks it: every value, gradient and Hessian is counted.

    Parameters: `surface` gives values, bounds and second derivatives; `gradient` the gradient as
    the solver is to see it, noise included.

    Attributes: `asked`, how many have been asked for; `seen`, the gradient last given at a point.
    """

    def __init__(
        self, surface: Any, gradient: Callable[[float, float], tuple[float, float]]
    ) -> None:
        self.surface = surface
        self.bounds: Bounds = surface.bounds
        self.asked = 0
        self.seen: dict[tuple[float, float], tuple[float, float]] = {}
        self._gradient = gradient

    def value(self, x: float, y: float) -> float:
        """Return the loss."""
        self.asked += 1
        return cast("float", self.surface.value_at(x, y))

    def gradient(self, x: float, y: float) -> tuple[float, float]:
        """Return the gradient."""
        self.asked += 1
        self.seen[x, y] = found = self._gradient(x, y)
        return found

    def hessian(self, x: float, y: float) -> tuple[float, float, float]:
        """Return (d²f/dx², d²f/dxdy, d²f/dy²); see `curvature.hessian_at` for its error."""
        self.asked += 1
        return self._hessian(x, y)

    @cached_property
    def _hessian(self) -> Hessian:
        return hessian_at(self.surface, "newton")


@dataclass
class Course:
    """Where a solver went.

    Attributes: `points`, the start and the iterates; `evaluations`, what had been asked for when
    the solver was there; `simplices`, the triangles of Nelder-Mead; `converged`, whether it says
    that it has arrived; `reason`, why else it stopped before its last step.
    """

    points: list[tuple[float, float]]
    evaluations: list[int]
    simplices: list[Array] | None = None
    converged: bool = False
    reason: str = ""

    def add(self, x: float, y: float, evaluations: int) -> None:
        """Note the next iterate."""
        self.points.append((float(x), float(y)))
        self.evaluations.append(evaluations)


@dataclass(frozen=True)
class Solver(ABC):
    """A method that chooses its own steps: it has no learning rate, schedule or batch.

    Attributes: `name`, `formula` (one step in words), `hyperparameters`, `label` (for legends) and
    `form` are those of a rule, so that what shows a rule shows a solver.

    Raises LandscapeError if a hyper-parameter is not finite or out of its range.
    """

    name: str
    formula: str
    hyperparameters: Mapping[str, float] = field(default_factory=dict)
    label: str = ""
    form: str = ""

    ranges: ClassVar[Mapping[str, tuple[float, float]]] = {}

    # What a rule has and a solver has not.
    learning_rate = None
    schedule = ""
    batch = None
    velocity = None

    def __post_init__(self) -> None:
        for found, value in self.hyperparameters.items():
            if not math.isfinite(value):
                raise LandscapeError(f"{found} of {self.name} must be finite: {value:g} came")
            low, high = self.ranges.get(found, (-math.inf, math.inf))
            if not low <= value <= high:
                most = "" if high == math.inf else f" and {high:g} at most"
                raise LandscapeError(
                    f"{found} of {self.name} must be at least {low:g}{most}: {value:g} came"
                )

    @abstractmethod
    def walk(self, question: Question, start: tuple[float, float], steps: int, seed: int) -> Course:
        """Return the course from `start`, of `steps` iterations at most.

        Raises LandscapeError if the surface or SciPy has not what the solver needs.
        """

    @property
    def latex(self) -> list[str]:
        """No lines: the formula is words."""
        return []

    def with_learning_rate(self, learning_rate: float) -> NoReturn:
        """Raise LandscapeError: there is none."""
        raise LandscapeError(f"{self.name} chooses its own steps: leave the learning rate away")

    def describe(self) -> str:
        """Return the hyper-parameters as a legend shows them, those at 0 and criteria left out."""
        parts = [
            f"{plain_name(found)} {value:.4g}"
            for found, value in self.hyperparameters.items()
            if found not in _SMALL and value != 0
        ]
        return ", ".join(parts)


def scipy_optimize(asker: str) -> Any:
    """Return the module scipy.optimize.

    Raises LandscapeError with the cure if SciPy is not installed.
    """
    try:
        from scipy import optimize
    except ImportError:
        raise LandscapeError(
            f"{asker} needs SciPy: install it with pip install 'landscape-viz[scipy]'"
        ) from None
    return optimize
