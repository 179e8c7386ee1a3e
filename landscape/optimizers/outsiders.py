"""What is no formula: solvers that choose their own steps, and rules for networks alone."""

from __future__ import annotations

from landscape.optimizers.entries import Form, RuleEntry

__all__ = ["OUTSIDERS", "SOLVERS"]

# The formula of a form says what one step is; `landscape.optimizers.solvers` does it.
SOLVERS: dict[str, RuleEntry] = {
    "newton": RuleEntry(
        "Newton",
        "Uses the curvature: one step on a bowl however narrow, and the pure form goes to saddles "
        "as gladly as to minima.",
        "Nocedal, Wright 2006, Numerical Optimization, chapter 3",
        {
            "backtracking": Form(
                "(H + k*I)*d = -g; p = p + s*d",
                {"damping": 0.0, "gtol": 1e-8},
                "Levenberg's shift k is the damping, and where H curves down as much more as makes "
                "its lowest curvature positive and as large; s is halved from 1 until the loss "
                "falls by 1e-4 of what the slope promises (Armijo)",
            ),
            "pure": Form(
                "(H + damping*I)*d = -g; p = p + d",
                {"damping": 0.0, "gtol": 1e-8},
                "the full step wherever it leads: to the nearest critical point of any kind",
            ),
        },
    ),
    "cg": RuleEntry(
        "CG",
        "Conjugate gradients: each line search keeps what the last won; two exact ones do a bowl.",
        "Polak, Ribière 1969; scipy.optimize.minimize(method='CG')",
        {
            "scipy": Form(
                "d = -g + max(0, dot(g - w, g)/dot(w, w))*d; p = p + s*d",
                {"gtol": 1e-5},
                "w is the gradient before; s by a line search (strong Wolfe)",
            ),
        },
    ),
    "bfgs": RuleEntry(
        "BFGS",
        "Learns the curvature from the gradients that it passes: nearly Newton, without a Hessian.",
        "Broyden, Fletcher, Goldfarb, Shanno 1970; scipy.optimize.minimize(method='BFGS')",
        {
            "scipy": Form(
                "p = p - s*B*g",
                {"gtol": 1e-5},
                "B is built up from the changes of g; s by a line search (strong Wolfe)",
            ),
        },
    ),
    "lbfgs": RuleEntry(
        "L-BFGS",
        "BFGS that remembers the last few steps only, for many parameters.",
        "Zhu et al. 1997, doi:10.1145/279232.279236; scipy.optimize.minimize(method='L-BFGS-B')",
        {
            "scipy": Form(
                "p = p - s*B*g",
                {"memory": 10, "ftol": 2.220446049250313e-09, "gtol": 1e-5},
                "B from the last `memory` steps; without bounds",
            ),
        },
    ),
    "nelder_mead": RuleEntry(
        "Nelder-Mead",
        "No gradient at all: a triangle reflects, stretches and shrinks its way down.",
        "Nelder, Mead 1965, doi:10.1093/comjnl/7.4.308; scipy.optimize.minimize",
        {
            "scipy": Form(
                "the worst corner moves through the middle of the others, or all draw to the best",
                {"size": 0.0, "xatol": 1e-4, "fatol": 1e-4},
                "the path is that of the best corner; the first triangle has sides of 5 % of the "
                "start's coordinates, or of `size`",
            ),
        },
    ),
    "dual_annealing": RuleEntry(
        "Dual annealing",
        "Jumps over the whole domain, ever less wildly, and walks downhill now and then: finds the "
        "lowest of many minima.",
        "Xiang et al. 1997, doi:10.1016/S0375-9601(97)00474-X; scipy.optimize.dual_annealing",
        {
            "scipy": Form(
                "jump to p + a draw that cools; keep it if it is lower, or by luck; then L-BFGS-B",
                {"temperature": 5230.0, "visit": 2.62, "accept": -5.0},
                "a step is one point that it looks at, the last one the best of them; stays within "
                "the surface's domain; the seed decides the jumps",
            ),
        },
    ),
}

OUTSIDERS: dict[str, RuleEntry] = {
    "lars": RuleEntry(
        "LARS",
        "scales each layer's step by the length of its weights: two parameters are no layers.",
        "You, Gitman, Ginsburg 2017, arXiv:1708.03888",
        {},
        False,
    ),
    "lamb": RuleEntry(
        "LAMB",
        "is Adam with the step of each layer scaled by the length of its weights, as LARS is GD.",
        "You et al. 2020, arXiv:1904.00962",
        {},
        False,
    ),
    "muon": RuleEntry(
        "Muon",
        "makes the step of each weight matrix orthogonal: a point in the plane is no matrix.",
        "Jordan et al. 2024, kellerjordan.github.io/posts/muon",
        {},
        False,
    ),
    "adafactor": RuleEntry(
        "Adafactor",
        "stores the squared gradients of a matrix as a row and a column, to save memory: a vector "
        "has nothing to save.",
        "Shazeer, Stern 2018, arXiv:1804.04235",
        {},
        False,
    ),
}
