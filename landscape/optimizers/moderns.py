"""The rules since Adam, and some older ones beside it, each written once.

The notation is that of `catalogue`. First moments are m, second ones s; v is a velocity and nothing
else. `decay` is the weight decay of those rules that have it in their paper: it pulls to (0, 0), so
it is 0 but in AdamW.
"""

from __future__ import annotations

from landscape.optimizers.entries import Form, RuleEntry

__all__ = ["MODERNS"]

_ADAM = {"beta1": 0.9, "beta2": 0.999, "eps": 1e-8}
_MOMENTS = "m = beta1*m + (1 - beta1)*g; s = beta2*s + (1 - beta2)*g**2; "

MODERNS: dict[str, RuleEntry] = {
    "adamw": RuleEntry(
        "AdamW",
        "Adam whose weights also shrink a little at every step: it stops short of the minimum, "
        "on the side of (0, 0).",
        "Loshchilov, Hutter 2019, arXiv:1711.05101",
        {
            "torch": Form(
                _MOMENTS + "p = p - lr*decay*p - lr*(m/(1 - beta1**t))/(sqrt(s/(1 - beta2**t)) "
                "+ eps)",
                {**_ADAM, "decay": 0.01},
                "lr times the decay, as torch.optim.AdamW (decay 0.01) and optax.adamw (1e-4); "
                "in the paper lr does not scale the decay",
            ),
        },
    ),
    "amsgrad": RuleEntry(
        "AMSGrad",
        "Adam that never forgets its largest gradients: where Adam speeds up again, it does not.",
        "Reddi, Kale, Kumar 2018, arXiv:1904.09237",
        {
            "torch": Form(
                _MOMENTS + "u = max(u, s); "
                "p = p - lr*(m/(1 - beta1**t))/(sqrt(u/(1 - beta2**t)) + eps)",
                _ADAM,
                "the largest s is corrected by the present step, as torch.optim.Adam(amsgrad=True)",
            ),
            "optax": Form(
                _MOMENTS + "u = max(u, s/(1 - beta2**t)); "
                "p = p - lr*(m/(1 - beta1**t))/(sqrt(u) + eps)",
                _ADAM,
                "the largest corrected s, as optax.amsgrad: the large correction of the first step "
                "stays",
            ),
            "paper": Form(
                _MOMENTS + "u = max(u, s); p = p - lr*m/(sqrt(u) + eps)",
                _ADAM,
                "without correction, as algorithm 2 of the paper (which has no eps)",
            ),
        },
    ),
    "nadam": RuleEntry(
        "NAdam",
        "Adam with Nesterov's look ahead: the present gradient counts twice.",
        "Dozat 2016, openreview.net/forum?id=OM0jvwB8jIp57ZJjtNEZ",
        {
            "torch": Form(
                "a = beta1*(1 - 0.5*0.96**(t*psi)); b = beta1*(1 - 0.5*0.96**((t + 1)*psi)); "
                "u = a*u; " + _MOMENTS + "p = p - lr*((1 - a)/(1 - u)*g + b/(1 - b*u)*m)"
                "/(sqrt(s/(1 - beta2**t)) + eps)",
                {**_ADAM, "psi": 0.004},
                "the momentum grows from beta1/2 to beta1, psi is how fast, as torch.optim.NAdam",
                {"u": "1"},
            ),
            "optax": Form(
                _MOMENTS + "p = p - lr*(beta1*m/(1 - beta1**(t + 1)) + (1 - beta1)*g/(1 - beta1**t)"
                ")/(sqrt(s/(1 - beta2**t)) + eps)",
                _ADAM,
                "with the same momentum at every step, as optax.nadam",
            ),
        },
    ),
    "radam": RuleEntry(
        "RAdam",
        "Adam that trusts its divisor only once it has seen enough: the first steps are momentum.",
        "Liu et al. 2020, arXiv:1908.03265",
        {
            "torch": Form(
                _MOMENTS + "n = 2/(1 - beta2) - 1; k = n - 2*t*beta2**t/(1 - beta2**t); "
                "r = sqrt((k - 4)*(k - 2)*n/((n - 4)*(n - 2)*k)); "
                "d = where(k > 5, r*sqrt(1 - beta2**t)/(sqrt(s) + eps), 1); "
                "p = p - lr*m/(1 - beta1**t)*d",
                _ADAM,
                "eps joins the uncorrected root, as torch.optim.RAdam; adapts from the step at "
                "which k is above 5 (the paper: 4), and slowly: for a short run take beta2=0.9",
            ),
            "optax": Form(
                _MOMENTS + "n = 2/(1 - beta2) - 1; k = n - 2*t*beta2**t/(1 - beta2**t); "
                "r = sqrt((k - 4)*(k - 2)*n/((n - 4)*(n - 2)*k)); "
                "d = where(k >= threshold, r/(sqrt(s/(1 - beta2**t)) + eps), 1); "
                "p = p - lr*m/(1 - beta1**t)*d",
                {**_ADAM, "threshold": 5},
                "eps joins the corrected root, the threshold can be chosen, as optax.radam",
            ),
        },
    ),
    "adabelief": RuleEntry(
        "AdaBelief",
        "Divides by how far the gradient is from what was expected: long steps where the slope is "
        "steady.",
        "Zhuang et al. 2020, arXiv:2010.07468",
        {
            "optax": Form(
                "m = beta1*m + (1 - beta1)*g; s = beta2*s + (1 - beta2)*(g - m)**2 + eps; "
                "p = p - lr*(m/(1 - beta1**t))/(sqrt(s/(1 - beta2**t)) + eps)",
                {"beta1": 0.9, "beta2": 0.999, "eps": 1e-16},
                "eps joins s at every step, as in the paper, and is 1e-16, as optax.adabelief and "
                "the authors' code have it",
            ),
            "outside": Form(
                "m = beta1*m + (1 - beta1)*g; s = beta2*s + (1 - beta2)*(g - m)**2; "
                "p = p - lr*(m/(1 - beta1**t))/(sqrt(s/(1 - beta2**t)) + eps)",
                _ADAM,
                "eps outside the root alone and as large as Adam's: optax.adabelief(eps=1e-8, "
                "eps_root=0)",
            ),
        },
    ),
    "yogi": RuleEntry(
        "Yogi",
        "Adam whose divisor changes by small sums in place of an average: it cannot shrink fast.",
        "Zaheer et al. 2018, papers.nips.cc/paper/8186",
        {
            "optax": Form(
                "m = beta1*m + (1 - beta1)*g; s = s - (1 - beta2)*sign(s - g**2)*g**2; "
                "p = p - lr*(m/(1 - beta1**t))/(sqrt(s/(1 - beta2**t)) + eps)",
                {"beta1": 0.9, "beta2": 0.999, "eps": 1e-3, "initial": 1e-6},
                "m and s start at 1e-6 and are corrected all the same, as optax.yogi",
                {"m": "initial", "s": "initial"},
            ),
            "paper": Form(
                "m = beta1*m + (1 - beta1)*g; s = s - (1 - beta2)*sign(s - g**2)*g**2; "
                "p = p - lr*m/(sqrt(s) + eps)",
                {"beta1": 0.9, "beta2": 0.999, "eps": 1e-3, "initial": 1e-6},
                "without correction, m starts at 0, as algorithm 2 of the paper",
                {"s": "initial"},
            ),
        },
    ),
    "adan": RuleEntry(
        "Adan",
        "Nesterov's look ahead from the change of the gradient, in an adaptive rule.",
        "Xie et al. 2022, arXiv:2208.06677",
        {
            "paper": Form(
                "d = where(t > 1, g - w, 0); w = g; "
                "m = beta1*m + (1 - beta1)*g; n = beta2*n + (1 - beta2)*d; "
                "s = beta3*s + (1 - beta3)*(g + beta2*d)**2; "
                "p = (p - lr*(m/(1 - beta1**t) + beta2*n/(1 - beta2**t))"
                "/(sqrt(s/(1 - beta3**t)) + eps))/(1 + lr*decay)",
                {"beta1": 0.98, "beta2": 0.92, "beta3": 0.99, "eps": 1e-8, "decay": 0.0},
                "the change of the gradient counts beta2, as in the authors' code (the paper's "
                "betas are one minus these)",
            ),
            "optax": Form(
                "d = where(t > 1, g - w, 0); w = g; "
                "m = beta1*m + (1 - beta1)*g; n = beta2*n + (1 - beta2)*d; "
                "s = beta3*s + (1 - beta3)*(g + (1 - beta2)*d)**2; "
                "p = p - lr*((m/(1 - beta1**t) + (1 - beta2)*n/(1 - beta2**t))"
                "/(sqrt(s/(1 - beta3**t) + eps) + eps) + decay*p)",
                {"beta1": 0.98, "beta2": 0.92, "beta3": 0.99, "eps": 1e-8, "decay": 0.0},
                "the change counts only 1 - beta2, eps inside the root and outside, as optax.adan",
            ),
        },
    ),
    "lion": RuleEntry(
        "Lion",
        "Goes by the sign of the momentum: every step has the same length, so it ends in a rattle.",
        "Chen et al. 2023, arXiv:2302.06675",
        {
            "paper": Form(
                "p = p - lr*(sign(beta1*m + (1 - beta1)*g) + decay*p); m = beta2*m + (1 - beta2)*g",
                {"beta1": 0.9, "beta2": 0.99, "decay": 0.0},
                "algorithm 2 of the paper, as optax.lion (whose decay is 1e-3)",
            ),
        },
    ),
    "signsgd": RuleEntry(
        "SignSGD",
        "Goes by the signs of the gradient alone: as fast on a plateau as on a cliff.",
        "Bernstein et al. 2018, arXiv:1802.04434",
        {"paper": Form("p = p - lr*sign(g)", {}, "as optax.sign_sgd")},
    ),
    "rprop": RuleEntry(
        "Rprop",
        "Each coordinate has its own step: longer while the sign stays, half when it turns.",
        "Riedmiller, Braun 1993, doi:10.1109/ICNN.1993.298623",
        {
            "torch": Form(
                "a = g*w; h = min(max(h*where(a > 0, etaplus, where(a < 0, etaminus, 1)), "
                "stepmin), stepmax); w = where(a < 0, 0, g); p = p - h*sign(w)",
                {"etaminus": 0.5, "etaplus": 1.2, "stepmin": 1e-6, "stepmax": 50},
                "lr is the length of the first step and no more; after a turn a coordinate waits "
                "for one step, as torch.optim.Rprop",
                {"h": "lr"},
            ),
        },
    ),
    "schedule_free": RuleEntry(
        "Schedule-Free",
        "Runs ahead at a constant rate and shows the mean of where it was: no schedule is needed.",
        "Defazio et al. 2024, arXiv:2405.15682",
        {
            "sgd": Form(
                "y = (1 - beta)*z + beta*p; z = z - lr*grad(y); p = p + (z - p)/t",
                {"beta": 0.9},
                "shown is x of the paper, the mean of the z, at which the loss is measured; the "
                "gradient is taken at y between them, as optax.contrib.schedule_free_sgd at a "
                "constant rate",
                {"z": "p"},
            ),
            "adamw": Form(
                "y = (1 - beta1)*z + beta1*p; d = grad(y); s = beta2*s + (1 - beta2)*d**2; "
                "z = z - lr*(d/(sqrt(s/(1 - beta2**t)) + eps) + decay*y); "
                "w = w + lr**2; p = p + lr**2/max(w, 1e-30)*(z - p)",
                {**_ADAM, "decay": 0.0},
                "algorithm 1 of the paper: the mean is weighted with lr**2, as "
                "optax.contrib.schedule_free_adamw (with the largest lr so far)",
                {"z": "p"},
            ),
        },
    ),
    "prodigy": RuleEntry(
        "Prodigy",
        "Finds its own rate: it guesses how far the minimum is from how far it has come.",
        "Mishchenko, Defazio 2023, arXiv:2306.06101",
        {
            "optax": Form(
                "c = lr*d*sqrt(1 - beta2**t)/(1 - beta1**t); "
                "m = beta1*m + (1 - beta1)*d*g; s = beta2*s + (1 - beta2)*(d*g)**2; "
                "r = sqrt(beta2)*r + c*d*dot(g, x0 - p); q = sqrt(beta2)*q + c*d*g; "
                "d = max(d, r/max(dot(abs(q), 1), 1e-300)); p = p - c*m/(sqrt(s) + d*eps)",
                {**_ADAM, "d0": 1e-6},
                "lr scales the rate that it finds and is 1; with the correction of Adam, as "
                "optax.contrib.prodigy",
                {"d": "d0", "x0": "p"},
                1.0,
            ),
        },
    ),
    "sophia": RuleEntry(
        "Sophia",
        "Divides by the curvature and clips: Newton's step where the surface is convex, a sign "
        "step where it is not.",
        "Liu et al. 2023, arXiv:2305.14342",
        {
            "paper": Form(
                "m = beta1*m + (1 - beta1)*g; "
                "h = where((t - 1) % k < 1, beta2*h + (1 - beta2)*hess(p), h); "
                "p = p - lr*(min(max(m/max(gamma*h, eps), -1), 1) + decay*p)",
                {"beta1": 0.96, "beta2": 0.99, "gamma": 0.01, "eps": 1e-12, "k": 1, "decay": 0.0},
                "algorithm 3 with the exact diagonal of the Hessian in place of an estimate, at "
                "every k-th step (the paper, for networks: every 10th); the larger gamma, the less "
                "is clipped: 1 is close to Newton's method",
            ),
            "optax": Form(
                "y = p; m = beta1*m + (1 - beta1)*g; "
                "p = p - lr*(min(max(m/(1 - beta1**t)/max(gamma*h, eps), -1), 1) + decay*p); "
                "h = where((t - 1) % k < 1, beta2*h + (1 - beta2)*hess(y), h)",
                {"beta1": 0.965, "beta2": 0.99, "gamma": 0.01, "eps": 1e-8, "k": 10, "decay": 0.0},
                "m is corrected, and the step uses the curvature known before it, as "
                "optax.contrib.sophia",
            ),
        },
    ),
    "sam": RuleEntry(
        "SAM",
        "Takes the gradient a little uphill: it does not settle in a minimum narrower than rho.",
        "Foret et al. 2021, arXiv:2010.01412",
        {
            "paper": Form(
                "p = p - lr*grad(p + rho*g/(norm(g) + eps))",
                {"rho": 0.05, "eps": 1e-12},
                "over plain SGD, as optax.contrib.sam (which has no eps); two gradients a step",
            ),
        },
    ),
    "shampoo": RuleEntry(
        "Shampoo",
        "AdaGrad with the whole matrix of gradient products: it turns with the ravine, which "
        "AdaGrad cannot.",
        "Gupta, Koren, Singer 2018, arXiv:1802.09568; Duchi, Hazan, Singer 2011",
        {
            "paper": Form(
                "a = a + g**2; b = b + g*swap(g); c = swap(a); "
                "r = sqrt(max(a*c - b**2, eps*(a + c - eps))); "
                "p = p - lr*((c + r)*g - b*swap(g))/(r*sqrt(a + c + 2*r))",
                {"eps": 1e-4},
                "on a vector it is AdaGrad with the full matrix: L = eps*I + the sum of g g', "
                "p = p - lr*L**(-1/2)*g, written out for two by two; the maximum is against "
                "rounding",
                {"a": "eps"},
            ),
        },
    ),
    "sgld": RuleEntry(
        "SGLD",
        "Gradient descent that is shaken by noise of its own: it samples the valley and does not "
        "come to rest.",
        "Welling, Teh 2011, icml.cc/2011/papers/398_icmlpaper.pdf",
        {
            "langevin": Form(
                "p = p - lr*g + sqrt(2*lr*temperature)*noise()",
                {"temperature": 0.1},
                "lr is half of the paper's step; temperature 1 samples exp(-loss), 0 is gradient "
                "descent",
            ),
        },
    ),
}
