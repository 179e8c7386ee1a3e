"""The rules of the lecture: from gradient descent to Adam, each written once.

The notation is that of `catalogue`.
"""

from __future__ import annotations

from landscape.optimizers.entries import Form, RuleEntry

__all__ = ["CLASSICS"]

CLASSICS: dict[str, RuleEntry] = {
    "gd": RuleEntry(
        "GD",
        "Steps against the gradient: zig-zags in ravines, stands still on plateaus.",
        "Cauchy 1847",
        {"plain": Form("p = p - lr*g")},
    ),
    "momentum": RuleEntry(
        "Momentum",
        "A ball with friction mu: damps the zig-zag, rolls past small minima, overshoots.",
        "Polyak 1964, doi:10.1016/0041-5553(64)90137-5",
        {
            "classical": Form(
                "v = mu*v - lr*g; p = p + v",
                {"mu": 0.9},
                "lr inside the velocity, as in the lecture and cs231n",
            ),
            "torch": Form(
                "v = mu*v + g; p = p - lr*v",
                {"mu": 0.9},
                "lr outside the velocity, as torch.optim.SGD and optax.sgd: "
                "the same path while lr is constant",
            ),
        },
    ),
    "nesterov": RuleEntry(
        "Nesterov",
        "Momentum that looks ahead before it measures the slope: overshoots less.",
        "Nesterov 1983; Sutskever et al. 2013",
        {
            "rewritten": Form(
                "w = v; v = mu*v - lr*g; p = p - mu*w + (1 + mu)*v",
                {"mu": 0.9},
                "the points shown are the look-ahead points, as cs231n, torch.optim.SGD and optax",
            ),
            "lookahead": Form(
                "v = mu*v - lr*grad(p + mu*v); p = p + v",
                {"mu": 0.9},
                "as in the papers: the gradient is taken at p + mu*v",
            ),
            "torch": Form(
                "v = mu*v + g; p = p - lr*(g + mu*v)",
                {"mu": 0.9},
                "lr outside the velocity, as torch.optim.SGD(nesterov=True) under a schedule",
            ),
        },
    ),
    "adagrad": RuleEntry(
        "AdaGrad",
        "Divides each coordinate by the root of all its squared gradients: steps only shrink.",
        "Duchi, Hazan, Singer 2011, jmlr.org/papers/v12/duchi11a.html",
        {
            "torch": Form(
                "s = s + g**2; p = p - lr*g/(sqrt(s) + eps)",
                {"eps": 1e-10},
                "the accumulator starts at 0, eps outside the root, as torch.optim.Adagrad",
            ),
            "optax": Form(
                "s = s + g**2; p = p - lr*g/sqrt(s + eps)",
                {"eps": 1e-7, "initial": 0.1},
                "the accumulator starts at 0.1, eps inside the root, as optax.adagrad",
                {"s": "initial"},
            ),
        },
    ),
    "adadelta": RuleEntry(
        "Adadelta",
        "AdaGrad with a fading memory and steps in the parameters' own units.",
        "Zeiler 2012, arXiv:1212.5701",
        {
            "torch": Form(
                "s = rho*s + (1 - rho)*g**2; d = sqrt(u + eps)/sqrt(s + eps)*g; "
                "u = rho*u + (1 - rho)*d**2; p = p - lr*d",
                {"rho": 0.9, "eps": 1e-6},
                "lr outside the accumulators, as torch.optim.Adadelta and optax.adadelta",
            ),
            "cs231n": Form(
                "s = rho*s + (1 - rho)*g**2; d = lr*sqrt(u + eps)/sqrt(s + eps)*g; "
                "u = rho*u + (1 - rho)*d**2; p = p - d",
                {"rho": 0.95, "eps": 1e-6},
                "lr inside the accumulator of steps, as in the cs231n animation",
            ),
        },
    ),
    "rmsprop": RuleEntry(
        "RMSProp",
        "Divides each coordinate by the recent size of its gradient: leaves plateaus.",
        "Hinton 2012, Coursera lecture 6e; centred: Graves 2013, arXiv:1308.0850",
        {
            "torch": Form(
                "s = rho*s + (1 - rho)*g**2; p = p - lr*g/(sqrt(s) + eps)",
                {"rho": 0.99, "eps": 1e-8},
                "eps outside the root, as torch.optim.RMSprop (rho is its alpha)",
            ),
            "optax": Form(
                "s = rho*s + (1 - rho)*g**2; p = p - lr*g/sqrt(s + eps)",
                {"rho": 0.9, "eps": 1e-8},
                "eps inside the root, as optax.rmsprop",
            ),
            "centered": Form(
                "s = rho*s + (1 - rho)*g**2; m = rho*m + (1 - rho)*g; "
                "p = p - lr*g/(sqrt(s - m**2) + eps)",
                {"rho": 0.99, "eps": 1e-8},
                "divides by the deviation instead, as torch.optim.RMSprop(centered=True)",
            ),
            "momentum": Form(
                "s = rho*s + (1 - rho)*g**2; v = mu*v + g/(sqrt(s) + eps); p = p - lr*v",
                {"rho": 0.99, "eps": 1e-8, "mu": 0.9},
                "with momentum, as torch.optim.RMSprop(momentum=0.9)",
            ),
        },
    ),
    "adam": RuleEntry(
        "Adam",
        "RMSProp with momentum, both corrected for their start from zero.",
        "Kingma, Ba 2015, arXiv:1412.6980",
        {
            "torch": Form(
                "m = beta1*m + (1 - beta1)*g; s = beta2*s + (1 - beta2)*g**2; "
                "p = p - lr*(m/(1 - beta1**t))/(sqrt(s/(1 - beta2**t)) + eps)",
                {"beta1": 0.9, "beta2": 0.999, "eps": 1e-8},
                "algorithm 1 of the paper, as torch.optim.Adam and optax.adam",
            ),
            "paper": Form(
                "m = beta1*m + (1 - beta1)*g; s = beta2*s + (1 - beta2)*g**2; "
                "p = p - lr*sqrt(1 - beta2**t)/(1 - beta1**t)*m/(sqrt(s) + eps)",
                {"beta1": 0.9, "beta2": 0.999, "eps": 1e-8},
                "the paper's quicker order: eps is not scaled by the correction",
            ),
        },
    ),
    "adamax": RuleEntry(
        "AdaMax",
        "Adam with the largest recent gradient in place of the root mean square.",
        "Kingma, Ba 2015, arXiv:1412.6980, algorithm 2",
        {
            "torch": Form(
                "m = beta1*m + (1 - beta1)*g; u = max(beta2*u, abs(g) + eps); "
                "p = p - lr/(1 - beta1**t)*m/u",
                {"beta1": 0.9, "beta2": 0.999, "eps": 1e-8},
                "eps joins the gradient before the maximum, as torch.optim.Adamax and optax.adamax",
            ),
        },
    ),
}
