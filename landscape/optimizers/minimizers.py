"""SciPy's minimizers with their iterates recorded."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from math import inf
from typing import TYPE_CHECKING, Any, ClassVar

from landscape.errors import LandscapeError
from landscape.optimizers.solver import Course, Question, Solver, scipy_optimize

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[Any]

__all__ = ["DualAnnealing", "LineSearch", "NelderMead"]

# What SciPy calls each method and its options, by our names.
_METHODS = {"cg": "CG", "bfgs": "BFGS", "lbfgs": "L-BFGS-B"}
_OPTIONS = {"memory": "maxcor"}
_NO_LIMIT = 2**31 - 1


@contextmanager
def _quiet() -> Iterator[None]:
    """Silence SciPy and NumPy: what they would warn of is seen in the course."""
    import numpy as np

    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        yield


class LineSearch(Solver):
    """CG, BFGS and L-BFGS-B: a direction, and a search along it; a step is one such line."""

    ranges: ClassVar = {"gtol": (0.0, inf), "ftol": (0.0, inf), "memory": (1.0, 1000.0)}

    def walk(self, question: Question, start: tuple[float, float], steps: int, seed: int) -> Course:
        """Return the course of one run of scipy.optimize.minimize."""
        optimize = scipy_optimize(self.name)
        import numpy as np

        course = Course([start], [0])

        def note(intermediate_result: Any) -> None:
            x, y = intermediate_result.x.tolist()
            course.add(x, y, question.asked)

        options = {_OPTIONS.get(key, key): value for key, value in self.hyperparameters.items()}
        if self.name == "lbfgs":
            options.update(maxcor=int(options["maxcor"]), maxfun=_NO_LIMIT)
        with _quiet():
            result = optimize.minimize(
                lambda p: question.value(*p.tolist()),
                np.array(start),
                jac=lambda p: np.array(question.gradient(*p.tolist())),
                method=_METHODS[self.name],
                callback=note,
                options={"maxiter": steps, **options},
            )
        course.converged = bool(result.success)
        if not result.success and len(course.points) <= steps:
            course.reason = "the line search finds no lower point"
        return course


class NelderMead(Solver):
    """Nelder and Mead's triangle; the path is that of its best corner.

    SciPy's callback does not show the triangle, so SciPy is asked for one iteration at a time,
    each from the triangle that the last one left: that is all it remembers, so these are the
    iterates of a single run. The corners' losses are known then and are not asked for again.
    """

    ranges: ClassVar = {"xatol": (0.0, inf), "fatol": (0.0, inf)}

    def walk(self, question: Question, start: tuple[float, float], steps: int, seed: int) -> Course:
        """Return the course with the triangles, the best corner first (in row 0 the start)."""
        optimize = scipy_optimize(self.name)
        import numpy as np

        size = self.hyperparameters["size"]
        known: dict[tuple[float, ...], float] = {}

        def loss(p: Array) -> float:
            corner = tuple(p.tolist())
            if corner not in known:
                known[corner] = question.value(*corner)
            return known[corner]

        simplex = np.array([start] * 3)
        for k in (0, 1):
            own = 1.05 * start[k] if start[k] else 0.00025  # SciPy's
            simplex[k + 1, k] = start[k] + size if size else own
        course = Course([start], [0], [simplex])
        assert course.simplices is not None
        options = {key: value for key, value in self.hyperparameters.items() if key != "size"}
        for _ in range(steps):
            with _quiet():
                result = optimize.minimize(
                    loss,
                    simplex[0],
                    method="Nelder-Mead",
                    # SciPy counts from 1: this is one iteration.
                    options={"initial_simplex": simplex, "maxiter": 2, **options},
                )
            if result.nit == 1:
                course.converged = True
                break
            simplex, losses = result.final_simplex
            kept = [tuple(corner.tolist()) for corner in simplex]
            known = dict(zip(kept, losses.tolist(), strict=True))
            course.add(simplex[0, 0], simplex[0, 1], question.asked)
            course.simplices.append(simplex)
        return course


class _EnoughError(Exception):
    """The budget of points is spent."""


class DualAnnealing(Solver):
    """Simulated annealing over the domain with local searches (L-BFGS-B) from what it finds.

    Every point at which the loss is asked for is a step; the last step is the best of them.
    """

    # As SciPy's documentation has them.
    ranges: ClassVar = {"temperature": (0.02, 5e4), "visit": (1.01, 3.0), "accept": (-1e4, -5.0)}

    def walk(self, question: Question, start: tuple[float, float], steps: int, seed: int) -> Course:
        """Return the points that are looked at, in their order, and the best of them."""
        optimize = scipy_optimize(self.name)
        import numpy as np

        (x0, x1), (y0, y1) = question.bounds
        if not (x0 <= start[0] <= x1 and y0 <= start[1] <= y1):
            raise LandscapeError(
                f"{self.name} stays within the domain: the start {start[0]:g},{start[1]:g} is not"
            )
        course = Course([], [])
        best = (inf, start)

        def loss(p: Array) -> float:
            nonlocal best
            if len(course.points) == steps:
                raise _EnoughError
            x, y = p.tolist()
            course.add(x, y, question.asked)
            value = question.value(x, y)
            best = min(best, (value, (x, y)))
            return value

        with _quiet(), suppress(_EnoughError):
            optimize.dual_annealing(
                loss,
                question.bounds,
                x0=np.array(start),
                rng=np.random.Generator(np.random.PCG64(seed)),
                initial_temp=self.hyperparameters["temperature"],
                visit=self.hyperparameters["visit"],
                accept=self.hyperparameters["accept"],
                minimizer_kwargs={
                    "method": "L-BFGS-B",
                    "jac": lambda p: np.array(question.gradient(*p.tolist())),
                    "bounds": question.bounds,
                },
                maxiter=_NO_LIMIT,
                maxfun=_NO_LIMIT,
            )
        course.add(*best[1], question.asked)
        return course
