"""What is compared of the rules since Adam: settings, and what an oracle calls each.

An oracle is torch.optim's or optax's, or, where neither has the form, a function of `references`,
written there with NumPy from the paper. As in `cases`, no path reaches the floor of its valley.
"""

from __future__ import annotations

from tests.optimizers.golden.cases import Case, _decay

_BETAS = {"beta1": 0.8, "beta2": 0.95, "eps": 1e-6}
_B = {"b1": 0.8, "b2": 0.95, "eps": 1e-6}
_SET = "beta1=0.8,beta2=0.95,eps=1e-6"

MODERN_CASES = {
    "adamw": Case("adamw:lr=0.05", "torch.AdamW", {"lr": 0.05}),
    "adamw-settings": Case(
        f"adamw:lr=0.004,decay=0.3,{_SET}",
        "torch.AdamW",
        {"lr": 0.004, "weight_decay": 0.3, **_BETAS},
    ),
    "adamw-optax": Case(
        "adamw:lr=0.02,decay=0.2", "optax.adamw", {"learning_rate": 0.02, "weight_decay": 0.2}
    ),
    "adamw-schedule": Case(
        "adamw:lr=0.05,decay=0.1",
        "torch.AdamW",
        {"lr": 0.05, "weight_decay": 0.1},
        "lr0/(1 + 0.01*t)",
        _decay,
    ),
    "amsgrad": Case("amsgrad:lr=0.05", "torch.Adam", {"lr": 0.05, "amsgrad": True}),
    "amsgrad-settings": Case(
        f"amsgrad:lr=0.01,{_SET}", "torch.Adam", {"lr": 0.01, "amsgrad": True, **_BETAS}
    ),
    "amsgrad-optax": Case(
        f"amsgrad:form=optax,lr=0.02,{_SET}", "optax.amsgrad", {"learning_rate": 0.02, **_B}
    ),
    "amsgrad-paper": Case(
        f"amsgrad:form=paper,lr=0.01,{_SET}",
        "optax.amsgrad",
        {
            "learning_rate": 0.01,
            "bias_correction_mu": False,
            "bias_correction_nu": False,
            **_B,
        },
    ),
    "nadam": Case("nadam:lr=0.02", "torch.NAdam", {"lr": 0.02}),
    "nadam-settings": Case(
        f"nadam:lr=0.004,psi=0.02,{_SET}",
        "torch.NAdam",
        {"lr": 0.004, "momentum_decay": 0.02, **_BETAS},
    ),
    "nadam-optax": Case("nadam:form=optax,lr=0.02", "optax.nadam", {"learning_rate": 0.02}),
    "nadam-optax-settings": Case(
        f"nadam:form=optax,lr=0.004,{_SET}", "optax.nadam", {"learning_rate": 0.004, **_B}
    ),
    "radam": Case("radam:lr=0.002", "torch.RAdam", {"lr": 0.002}),
    "radam-settings": Case(
        "radam:lr=0.002,beta1=0.8,beta2=0.95,eps=0.01",
        "torch.RAdam",
        {"lr": 0.002, "beta1": 0.8, "beta2": 0.95, "eps": 0.01},
    ),
    "radam-optax": Case("radam:form=optax,lr=0.002", "optax.radam", {"learning_rate": 0.002}),
    "radam-optax-settings": Case(
        "radam:form=optax,lr=0.002,beta1=0.8,beta2=0.95,eps=0.01,threshold=8",
        "optax.radam",
        {"learning_rate": 0.002, "b1": 0.8, "b2": 0.95, "eps": 0.01, "threshold": 8.0},
    ),
    "adabelief": Case("adabelief:lr=0.01", "optax.adabelief", {"learning_rate": 0.01}),
    "adabelief-settings": Case(
        "adabelief:lr=0.01,beta1=0.8,beta2=0.95,eps=1e-3",
        "optax.adabelief",
        {"learning_rate": 0.01, "b1": 0.8, "b2": 0.95, "eps": 1e-3, "eps_root": 1e-3},
    ),
    "adabelief-outside": Case(
        "adabelief:form=outside,lr=0.005,eps=1e-4",
        "optax.adabelief",
        {"learning_rate": 0.005, "eps": 1e-4, "eps_root": 0.0},
    ),
    "yogi": Case("yogi:lr=0.02", "optax.yogi", {"learning_rate": 0.02}),
    "yogi-settings": Case(
        "yogi:lr=0.01,beta1=0.8,beta2=0.95,eps=0.01",
        "optax.yogi",
        {"learning_rate": 0.01, "b1": 0.8, "b2": 0.95, "eps": 0.01},
    ),
    "yogi-paper": Case("yogi:form=paper,lr=0.02", "reference.yogi", {"lr": 0.02}),
    "adan": Case("adan:lr=0.01", "reference.adan", {"lr": 0.01, "decay": 0.0}),
    "adan-decay": Case("adan:lr=0.01,decay=0.2", "reference.adan", {"lr": 0.01, "decay": 0.2}),
    "adan-optax": Case("adan:form=optax,lr=0.01", "optax.adan", {"learning_rate": 0.01}),
    "adan-optax-settings": Case(
        "adan:form=optax,lr=0.004,beta1=0.9,beta2=0.8,beta3=0.95,eps=1e-3,decay=0.2",
        "optax.adan",
        {
            "learning_rate": 0.004,
            "b1": 0.9,
            "b2": 0.8,
            "b3": 0.95,
            "eps": 1e-3,
            "eps_root": 1e-3,
            "weight_decay": 0.2,
        },
    ),
    "lion": Case("lion:lr=0.002", "optax.lion", {"learning_rate": 0.002, "weight_decay": 0.0}),
    "lion-settings": Case(
        "lion:lr=0.001,beta1=0.8,beta2=0.95,decay=0.3",
        "optax.lion",
        {"learning_rate": 0.001, "b1": 0.8, "b2": 0.95, "weight_decay": 0.3},
    ),
    "signsgd": Case("signsgd:lr=0.002", "optax.sign_sgd", {"learning_rate": 0.002}),
    "rprop": Case("rprop:lr=0.01", "torch.Rprop", {"lr": 0.01}),
    "rprop-settings": Case(
        "rprop:lr=0.001,etaminus=0.6,etaplus=1.1,stepmin=1e-4,stepmax=0.05",
        "torch.Rprop",
        {"lr": 0.001, "etas": (0.6, 1.1), "step_sizes": (1e-4, 0.05)},
    ),
    "schedule_free": Case(
        "schedule_free:lr=0.004", "optax.contrib.schedule_free_sgd", {"learning_rate": 0.004}
    ),
    "schedule_free-settings": Case(
        "schedule_free:lr=0.002,beta=0.6",
        "optax.contrib.schedule_free_sgd",
        {"learning_rate": 0.002, "b1": 0.6},
    ),
    "schedule_free-adamw": Case(
        "schedule_free:form=adamw,lr=0.02",
        "optax.contrib.schedule_free_adamw",
        {"learning_rate": 0.02},
    ),
    "schedule_free-adamw-settings": Case(
        f"schedule_free:form=adamw,lr=0.005,decay=0.2,{_SET}",
        "optax.contrib.schedule_free_adamw",
        {"learning_rate": 0.005, "weight_decay": 0.2, **_B},
    ),
    "schedule_free-adamw-schedule": Case(
        "schedule_free:form=adamw,lr=0.02",
        "reference.schedule_free_adamw",
        {"lr": 0.02},
        "lr0/(1 + 0.01*t)",
        _decay,
    ),
    "prodigy": Case("prodigy", "optax.contrib.prodigy", {"learning_rate": 1.0}),
    "prodigy-settings": Case(
        "prodigy:lr=0.02,beta1=0.8,eps=1e-6,d0=1e-2",
        "optax.contrib.prodigy",
        {"learning_rate": 0.02, "betas": (0.8, 0.999), "eps": 1e-6, "estim_lr0": 1e-2},
    ),
    "sophia": Case("sophia:lr=0.002", "reference.sophia", {"lr": 0.002, "k": 1, "gamma": 0.01}),
    "sophia-gamma": Case(
        "sophia:lr=0.01,gamma=0.5", "reference.sophia", {"lr": 0.01, "k": 1, "gamma": 0.5}
    ),
    "sophia-interval": Case(
        "sophia:lr=0.01,gamma=2,k=10", "reference.sophia", {"lr": 0.01, "k": 10, "gamma": 2.0}
    ),
    "sophia-optax": Case(
        "sophia:form=optax,lr=0.002",
        "optax.contrib.sophia",
        {"learning_rate": 0.002, "weight_decay": 0.0},
    ),
    "sophia-optax-settings": Case(
        "sophia:form=optax,lr=0.004,k=3,gamma=0.2,beta1=0.9,beta2=0.8,eps=1e-3,decay=0.1",
        "optax.contrib.sophia",
        {
            "learning_rate": 0.004,
            "update_interval": 3,
            "gamma": 0.2,
            "b1": 0.9,
            "b2": 0.8,
            "eps": 1e-3,
            "weight_decay": 0.1,
        },
    ),
    "sam": Case("sam:lr=0.001", "optax.contrib.sam", {"learning_rate": 0.001, "rho": 0.05}),
    "sam-rho": Case(
        "sam:lr=0.001,rho=0.3", "optax.contrib.sam", {"learning_rate": 0.001, "rho": 0.3}
    ),
    "shampoo": Case("shampoo:lr=0.05", "reference.full_adagrad", {"lr": 0.05, "eps": 1e-4}),
    "shampoo-eps": Case(
        "shampoo:lr=0.1,eps=0.5", "reference.full_adagrad", {"lr": 0.1, "eps": 0.5}
    ),
}
