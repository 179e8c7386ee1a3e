"""The learning-rate schedules by name: each is written once, in the lecture's notation.

`lr0` is the optimizer's rate and the largest that a schedule gives, `t` the number of the step
from 0, `T` the run's length (the number of its steps) unless it is given. Where torch or optax
disagree, a schedule's note says in what.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

__all__ = [
    "ALIASES",
    "SCHEDULES",
    "Parameter",
    "ScheduleEntry",
    "Wanted",
    "milestone_formula",
]

Wanted = Literal[
    "a number above 0",
    "a number of 0 or more",
    "a number of 1 or more",
    "a number from 0 to 1",
    "a number above 0 and below 1",
    "a number above 0 and at most 1",
    "a number above 0 and below T",
    "a whole number of 0 or more",
    "rising whole numbers from 1, such as 30/60/90",
]


@dataclass(frozen=True)
class Parameter:
    """A parameter of a schedule: its default (a formula of T), what it means, what it may be.

    `shown` is whether a label says it when nobody gave it.
    """

    default: str
    meaning: str
    wanted: Wanted = "a number above 0"
    shown: bool = True


@dataclass(frozen=True)
class ScheduleEntry:
    """A schedule of the catalogue.

    Attributes: `label` (for legends), `formula` ("" for one that follows the loss), `teaches`,
    `source`, `example` (a text that makes one), `parameters`, `note` (what torch and optax call it
    and where they differ), `special` (the formula in place of the usual one where a parameter has
    that value).
    """

    label: str
    formula: str
    teaches: str
    source: str
    example: str
    parameters: Mapping[str, Parameter] = field(default_factory=dict)
    note: str = ""
    special: Mapping[tuple[str, float], str] = field(default_factory=dict)


def milestone_formula(milestones: Sequence[str]) -> str:
    """Return the formula of multistep; its `n` counts the milestones that are past."""
    passed = str(len(milestones))
    for count in reversed(range(len(milestones))):
        passed = f"where(t < {milestones[count]}, {count}, {passed})"
    return f"n = {passed}; lr0*gamma**n"


_LENGTH = Parameter("T", "the steps until the end, the run's length unless given")

SCHEDULES: dict[str, ScheduleEntry] = {
    "constant": ScheduleEntry(
        "constant",
        "lr0",
        "The same rate throughout: with noisy gradients the path rattles about the minimum.",
        "Cauchy 1847",
        "constant",
    ),
    "step": ScheduleEntry(
        "step decay",
        "lr0*gamma**floor(t/s)",
        "Drops by gamma every s steps: under noise the loss falls in stairs, one for each drop.",
        "cs231n, neural-networks-3, annealing the learning rate",
        "step:gamma=0.5,s=40",
        {
            "gamma": Parameter("0.5", "the factor of a drop", "a number above 0 and at most 1"),
            "s": Parameter("T/5", "steps from one drop to the next"),
        },
        "as torch's StepLR(step_size=s) and optax.exponential_decay(staircase=True)",
    ),
    "multistep": ScheduleEntry(
        "multi-step decay",
        milestone_formula(("T/2", "3*T/4")),
        "Drops by gamma at the milestones: fast and rough first, then fine.",
        "He et al. 2016, arXiv:1512.03385 (a tenth at half and at three quarters of the run)",
        "multistep:gamma=0.1,at=100/150",
        {
            "gamma": Parameter("0.1", "the factor of a drop", "a number above 0 and at most 1"),
            "at": Parameter(
                "T/2 and 3*T/4",
                "the steps of the drops, with slashes between",
                "rising whole numbers from 1, such as 30/60/90",
            ),
        },
        "as torch's MultiStepLR and optax.piecewise_constant_schedule: the step of a milestone "
        "has the smaller rate already",
    ),
    "exponential": ScheduleEntry(
        "exponential decay",
        "lr0*exp(-k*t)",
        "Shrinks by the same factor every step: smooth, and soon too small to get anywhere.",
        "cs231n, neural-networks-3, annealing the learning rate",
        "exponential:k=0.02",
        {"k": Parameter("log(100)/T", "the speed of decay", "a number of 0 or more")},
        "as torch's ExponentialLR(gamma=exp(-k)) and optax.exponential_decay(decay_rate=exp(-k)); "
        "unless k is given, a hundredth of lr0 is left at the end",
    ),
    "inverse": ScheduleEntry(
        "1/t decay",
        "lr0/(1 + k*t)",
        "Falls fast, then ever more slowly: the steps sum to infinity, their squares do not.",
        "Robbins, Monro 1951, doi:10.1214/aoms/1177729586",
        "inverse:k=0.05",
        {"k": Parameter("9/T", "the speed of decay", "a number of 0 or more")},
        "neither torch nor optax has it (Keras's InverseTimeDecay); "
        "unless k is given, a tenth of lr0 is left at the end",
    ),
    "cosine": ScheduleEntry(
        "cosine",
        "lr0/2*(1 + cos(pi*min(t, T)/T))",
        "Half a wave from lr0 to 0: long at a high rate, a gentle landing.",
        "Loshchilov, Hutter 2017, arXiv:1608.03983",
        "cosine:T=200",
        {"T": _LENGTH},
        "stays at 0 after T, as optax.cosine_decay_schedule; torch's CosineAnnealingLR is the same "
        "until T, then rises again",
    ),
    "restarts": ScheduleEntry(
        "cosine with restarts",
        "n = floor(log(1 + (T_mult - 1)*t/T0)/log(T_mult) + 1e-9); "  # log(243)/log(3) is 4.99…
        "L = T0*T_mult**n; u = t - (L - T0)/(T_mult - 1); lr0/2*(1 + cos(pi*u/L))",
        "A cosine that jumps back to lr0, each time for longer: it can leave a poor minimum.",
        "Loshchilov, Hutter 2017, arXiv:1608.03983 (SGDR)",
        "restarts:T0=25,T_mult=2",
        {
            "T0": Parameter("T/7", "the steps of the first wave"),
            "T_mult": Parameter(
                "2", "how much longer each wave is than the one before", "a number of 1 or more"
            ),
        },
        "n waves are over, u steps of the L of this one are done; as torch's "
        "CosineAnnealingWarmRestarts (whose T_mult is 1 if left out) and optax.sgdr_schedule; "
        "the defaults make three waves",
        {("T_mult", 1.0): "u = t % T0; lr0/2*(1 + cos(pi*u/T0))"},
    ),
    "warmup": ScheduleEntry(
        "warm-up",
        "lr0*(f + (1 - f)*min(t, w)/w)",
        "Grows to lr0 before it stays: the first steps, on the steepest ground, are small.",
        "Goyal et al. 2017, arXiv:1706.02677",
        "warmup:w=20,f=0.1",
        {
            "w": Parameter("T/10", "the steps of the warm-up"),
            "f": Parameter("0.1", "the share of lr0 at the start", "a number from 0 to 1"),
        },
        "as torch's LinearLR(start_factor=f, total_iters=w), whose f is 1/3 if left out, and "
        "optax.linear_schedule",
    ),
    "warmup_cosine": ScheduleEntry(
        "warm-up then cosine",
        "lr0*where(t < w, f + (1 - f)*t/w, (1 + cos(pi*(min(t, T) - w)/(T - w)))/2)",
        "Small first steps, then the gentle landing: how large networks are trained.",
        "Loshchilov, Hutter 2017, arXiv:1608.03983; Goyal et al. 2017, arXiv:1706.02677",
        "warmup_cosine:w=20,T=200",
        {
            "w": Parameter("T/10", "the steps of the warm-up", "a number above 0 and below T"),
            "f": Parameter("0.1", "the share of lr0 at the start", "a number from 0 to 1"),
            "T": _LENGTH,
        },
        "T counts from the first step, as optax.warmup_cosine_decay_schedule(decay_steps=T); in "
        "torch LinearLR and CosineAnnealingLR(T - w) in a SequentialLR",
    ),
    "polynomial": ScheduleEntry(
        "polynomial decay",
        "lr0*(1 - min(t, T)/T)**p",
        "Reaches 0 at the end of the run: a straight line for p = 1, flatter at the end above it.",
        "Chen et al. 2018, arXiv:1606.00915 (the poly policy)",
        "polynomial:T=200,p=2",
        {"p": Parameter("1", "the power"), "T": _LENGTH},
        "as torch's PolynomialLR(total_iters=T, power=p) and optax.polynomial_schedule",
    ),
    "triangular": ScheduleEntry(
        "triangular",
        "lr0*(f + (1 - f)*(1 - abs(t/s % 2 - 1)))",
        "Up and down between f*lr0 and lr0: from time to time large steps, which leave saddles.",
        "Smith 2017, arXiv:1506.01186",
        "triangular:s=30,f=0.1",
        {
            "s": Parameter("T/6", "the steps from the lowest rate to the highest"),
            "f": Parameter("0.1", "the share of lr0 at the lowest", "a number from 0 to 1"),
        },
        "as torch's CyclicLR(base_lr=f*lr0, max_lr=lr0, step_size_up=s); optax has none",
    ),
    "onecycle": ScheduleEntry(
        "one-cycle",
        "a = lr0/div; b = a/final; m = up*T - 1; "
        "where(t < m, lr0 + (a - lr0)/2*(1 + cos(pi*t/m)), "
        "b + (lr0 - b)/2*(1 + cos(pi*(min(t, T - 1) - m)/(T - 1 - m))))",
        "Up once to a high rate, which crosses flat ground, then down to almost none.",
        "Smith, Topin 2018, arXiv:1708.07120",
        "onecycle:T=200,up=0.3",
        {
            "T": _LENGTH,
            "up": Parameter(
                "0.3", "the share of the steps that rise", "a number above 0 and below 1"
            ),
            "div": Parameter("25", "lr0 over the first rate", "a number of 1 or more", False),
            "final": Parameter(
                "1e4", "the first rate over the last", "a number of 1 or more", False
            ),
        },
        "as torch's OneCycleLR(total_steps=T, cos): the top is at step up*T - 1, the end at T - 1; "
        "optax.cosine_onecycle_schedule has them at int(up*T) and at T",
    ),
    "plateau": ScheduleEntry(
        "on plateau",
        "",
        "Drops when the loss has stood still: no plan of steps is needed, only patience.",
        "torch.optim.lr_scheduler.ReduceLROnPlateau",
        "plateau:factor=0.5,patience=5",
        {
            "factor": Parameter("0.1", "the factor of a drop", "a number above 0 and below 1"),
            "patience": Parameter(
                "10",
                "how many steps in turn may bring no better loss before the next one drops",
                "a whole number of 0 or more",
            ),
            "threshold": Parameter(
                "1e-4",
                "the share by which a loss must be below the best to be better",
                "a number from 0 to 1",
                False,
            ),
            "cooldown": Parameter(
                "0", "steps after a drop that do not count", "a whole number of 0 or more", False
            ),
            "min_lr": Parameter("0", "the lowest rate", "a number of 0 or more", False),
            "eps": Parameter(
                "1e-8", "drops by less than this are not made", "a number of 0 or more", False
            ),
        },
        "as torch's ReduceLROnPlateau, with the loss at a point known before the step from it; "
        "below 0, torch takes an equal loss for a better one, here the share is one of its size; "
        "optax.contrib.reduce_on_plateau drops one step sooner (its patience 11 is 10 here)",
    ),
}

ALIASES = {
    "fixed": "constant",
    "step_decay": "step",
    "staircase": "step",
    "milestones": "multistep",
    "exp": "exponential",
    "exponential_decay": "exponential",
    "1/t": "inverse",
    "inverse_time": "inverse",
    "cosine_annealing": "cosine",
    "cosine_restarts": "restarts",
    "warm_restarts": "restarts",
    "sgdr": "restarts",
    "linear_warmup": "warmup",
    "poly": "polynomial",
    "linear": "polynomial",
    "cyclic": "triangular",
    "cyclical": "triangular",
    "1cycle": "onecycle",
    "reduce_on_plateau": "plateau",
    "reduce_lr_on_plateau": "plateau",
}
