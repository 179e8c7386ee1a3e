"""The solvers by name."""

from __future__ import annotations

from landscape.optimizers.minimizers import DualAnnealing, LineSearch, NelderMead
from landscape.optimizers.newton import Newton
from landscape.optimizers.solver import Solver

__all__ = ["KINDS"]

KINDS: dict[str, type[Solver]] = {
    "newton": Newton,
    "cg": LineSearch,
    "bfgs": LineSearch,
    "lbfgs": LineSearch,
    "nelder_mead": NelderMead,
    "dual_annealing": DualAnnealing,
}
