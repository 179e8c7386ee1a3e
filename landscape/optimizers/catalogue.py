"""The optimizers by name: rules as formulas, solvers, and those that mean nothing in the plane.

In a formula, `p` are the parameters, `g` the gradient at p, `lr` the learning rate, `t` the number
of the step from 1; `grad(…)` is the gradient elsewhere. `landscape.optimizers.rule` says what else
may stand there. Where libraries disagree, a rule has several forms, and its note says in what they
differ; the first form is the default.

This is data alone, so that the command can list it without loading what computes.
"""

from __future__ import annotations

from landscape.optimizers.classics import CLASSICS
from landscape.optimizers.entries import Form, RuleEntry
from landscape.optimizers.moderns import MODERNS
from landscape.optimizers.outsiders import OUTSIDERS, SOLVERS

__all__ = [
    "ALIASES",
    "CLASSICS",
    "MODERNS",
    "OUTSIDERS",
    "RULES",
    "SOLVERS",
    "Form",
    "RuleEntry",
    "find_name",
]

RULES: dict[str, RuleEntry] = {**CLASSICS, **MODERNS}

ALIASES = {
    "sgd": "gd",
    "gradient_descent": "gd",
    "vanilla": "gd",
    "polyak": "momentum",
    "heavy_ball": "momentum",
    "nag": "nesterov",
    "adam_w": "adamw",
    "ams_grad": "amsgrad",
    "nesterov_adam": "nadam",
    "rectified_adam": "radam",
    "ada_belief": "adabelief",
    "sign_sgd": "signsgd",
    "sign": "signsgd",
    "schedulefree": "schedule_free",
    "sharpness_aware": "sam",
    "full_adagrad": "shampoo",
    "full_matrix_adagrad": "shampoo",
    "langevin": "sgld",
    "conjugate_gradient": "cg",
    "conjugate_gradients": "cg",
    "l_bfgs": "lbfgs",
    "l_bfgs_b": "lbfgs",
    "lbfgsb": "lbfgs",
    "neldermead": "nelder_mead",
    "simplex": "nelder_mead",
    "annealing": "dual_annealing",
    "simulated_annealing": "dual_annealing",
}


def find_name(text: str) -> str:
    """Return the catalogue's spelling of a name: small letters, no hyphens, no alias."""
    plain = text.lower().replace("-", "_").replace(" ", "_")
    return ALIASES.get(plain, plain)
