"""A lesson for each surface: where to start, how long, how fast, and what is then seen.

How the rates were chosen. `landscape.optimizers.tuning.tune` gave the first guess: the rate of the
1-2-5 series that does best in these steps from this start. That rate often lands in the minimum
after a few jumps, which shows nothing; then the rates of all rules of the lesson were made smaller
by hand, much alike, until the paths can be followed. They have at most two digits. The rules of a
lesson have the same start and the same number of steps.

Where gradient descent is seen to lose, a bad rate is not the reason: in the ravine it has its best
one, 2/(1 + kappa), and no rate that is stable in the hole takes it off the plateau in these steps.
In the lessons about several wells the rates are those of a smooth descent; with much larger ones
any rule may jump into another well. A claim is what the rules that are shown do with these
settings, and the tests check every one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

__all__ = ["LESSONS", "Lesson"]

_RULES = ("gd", "momentum", "nesterov", "adagrad", "adadelta", "rmsprop", "adam", "adamax")


@dataclass(frozen=True)
class Lesson:
    """The settings with which a surface shows its phenomenon.

    Attributes: `start` (x, y); `steps`, the same for every rule; `rates`, the learning rate of each
    rule; `rules`, those that a film shows unless told otherwise, with options where the lesson is
    about those ("gd:batch=20"); `claim`, what is seen, in one sentence; `hyperparameters` of rules
    that depart from their defaults, such as {"momentum": {"mu": 0.6}}; `view` (x0, x1, y0, y1), the
    part of the domain that a picture shows unless told otherwise.
    """

    start: tuple[float, float]
    steps: int
    rates: Mapping[str, float]
    rules: tuple[str, ...]
    claim: str
    hyperparameters: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    view: tuple[float, float, float, float] | None = None


def _rates(*values: float) -> dict[str, float]:
    """Return the rates by rule, in the order of the catalogue."""
    return dict(zip(_RULES, values, strict=True))


# The key is the surface's `spec`. The two lessons about scales start from the same model.
LESSONS: dict[str, Lesson] = {
    "sphere": Lesson(
        (-2.5, 1.5),
        40,
        _rates(0.1, 0.02, 0.05, 0.5, 50, 0.1, 0.2, 0.2),
        ("gd", "momentum", "adam"),
        "GD walks straight into the minimum; momentum and Adam overshoot it and come back.",
    ),
    "ravine": Lesson(
        (-4, 1.5),
        60,
        _rates(0.095, 0.06, 0.04, 1, 50, 0.1, 0.3, 0.3),
        ("gd", "momentum", "adam"),
        "GD bounces from wall to wall at its best rate; momentum damps that and needs less than "
        "half the steps.",
        {"momentum": {"mu": 0.6}, "nesterov": {"mu": 0.6}},
        (-5, 5, -2.5, 2.5),
    ),
    "d2l": Lesson(
        (-5, -2),
        40,
        _rates(0.4, 0.6, 0.2, 1, 20, 0.1, 0.5, 0.5),
        ("gd", "momentum", "adagrad"),
        "GD zig-zags and then creeps along the floor, momentum is quicker, and AdaGrad, with a "
        "rate for each coordinate, does not zig-zag at all.",
        {"momentum": {"mu": 0.5}, "nesterov": {"mu": 0.5}},
    ),
    "matyas": Lesson(
        (-9.08, -7.83),
        80,
        _rates(1.8, 0.5, 0.5, 2, 50, 0.1, 0.5, 0.5),
        ("gd", "momentum", "adagrad"),
        "The ravine lies along the diagonal, so AdaGrad's rate for each coordinate is no help: "
        "momentum and even GD are quicker.",
    ),
    "booth": Lesson(
        (-8, 7),
        60,
        _rates(0.08, 0.02, 0.02, 2, 100, 0.2, 0.5, 1),
        ("gd", "momentum", "adam"),
        "In a ravine this mild GD arrives first: momentum and Adam overshoot and pay for it.",
    ),
    "rosenbrock": Lesson(
        (-1.2, 1),
        300,
        _rates(0.002, 0.001, 0.001, 0.5, 5, 0.02, 0.2, 0.5),
        ("gd", "momentum", "adam"),
        "All find the valley at once; along its floor momentum and Adam get nearly to the end "
        "while GD is still before the bend.",
    ),
    "beale": Lesson(
        (1, 1.6),
        200,
        _rates(0.01, 0.001, 0.001, 0.5, 5, 0.05, 0.2, 0.5),
        ("gd", "momentum", "adagrad", "rmsprop"),
        "The steep wall throws momentum far past the valley; AdaGrad and RMSProp divide the "
        "steepness away and bend straight into it.",
    ),
    "freudenstein_roth": Lesson(
        (0.5, -2),
        200,
        _rates(0.001, 0.001, 0.001, 1, 20, 0.05, 0.2, 0.5),
        ("gd", "momentum", "adam"),
        "Momentum and Adam follow the valley to its end, which is the worse of the two minima; "
        "GD is still on the way.",
    ),
    "muller_brown": Lesson(
        (0.75, 0.75),
        100,
        _rates(0.0003, 0.0003, 0.0003, 0.2, 2, 0.01, 0.1, 0.1),
        ("gd", "momentum", "adam"),
        "GD comes to rest in the shallow well in the middle; momentum and Adam end in the deeper "
        "one beyond the pass.",
    ),
    "saddle": Lesson(
        (0.8, 1e-3),
        50,
        _rates(0.05, 0.01, 0.01, 0.05, 0.2, 0.01, 0.05, 0.05),
        ("gd", "momentum", "rmsprop", "adam"),
        "GD runs down into the saddle and lingers there; RMSProp and Adam scale up the slope that "
        "is hardly there and leave first.",
    ),
    "bounded_saddle": Lesson(
        (1.5, 1e-3),
        100,
        _rates(0.05, 0.02, 0.02, 0.2, 5, 0.02, 0.05, 0.05),
        ("gd", "momentum", "rmsprop", "adam"),
        "All end in the well, but RMSProp and Adam head for it from the start while GD first "
        "lingers at the saddle.",
    ),
    "periodic_saddle": Lesson(
        (1.6, 2),
        100,
        _rates(0.1, 0.01, 0.01, 0.2, 5, 0.02, 0.05, 0.05),
        ("gd", "momentum", "rmsprop", "adam"),
        "GD and momentum drop onto the ridge beside its saddle and wait; RMSProp and Adam cut the "
        "corner into the valley.",
    ),
    "two_layer_linear": Lesson(
        (0.1, 0.05),
        100,
        _rates(0.05, 0.02, 0.02, 0.1, 2, 0.02, 0.05, 0.05),
        ("gd", "momentum", "adam"),
        "Near zero both weights wait for each other: GD's loss has hardly moved when Adam has "
        "arrived.",
    ),
    "monkey_saddle": Lesson(
        (0.3, 0.4),
        150,
        _rates(0.01, 0.005, 0.005, 0.2, 2, 0.02, 0.05, 0.05),
        ("gd", "momentum", "adam"),
        "All take the nearest of three ways down; GD is the last to leave the flat middle.",
    ),
    "plateau": Lesson(
        (3.5, 2.5),
        100,
        _rates(1, 0.5, 0.5, 0.5, 50, 0.02, 0.1, 0.2),
        ("gd", "momentum", "rmsprop", "adam"),
        "GD and even momentum stand still where there is no slope; RMSProp and Adam walk off the "
        "plateau at their full rate and arrive.",
    ),
    "easom": Lesson(
        (1, 1),
        80,
        _rates(1, 1, 1, 1, 50, 0.1, 1, 1),
        ("gd", "momentum", "adam"),
        "GD and momentum feel nothing and stay; Adam, whose first steps have a fixed length, "
        "happens to step into the hole.",
    ),
    "himmelblau": Lesson(
        (0, -3),
        100,
        _rates(0.01, 0.005, 0.005, 1, 20, 0.1, 0.3, 0.3),
        ("gd", "momentum", "adam"),
        "From one start GD, momentum and Adam end in three different minima.",
    ),
    "two_wells": Lesson(
        (1.2, 1.2),
        100,
        _rates(0.02, 0.02, 0.01, 0.2, 5, 0.02, 0.1, 0.1),
        ("gd", "momentum", "adam"),
        "GD stops in the near well, which is the worse one; momentum rolls past it into the "
        "better one.",
    ),
    "six_hump_camel": Lesson(
        (1.33, 1),
        80,
        _rates(0.02, 0.02, 0.02, 0.1, 2, 0.01, 0.2, 0.1),
        ("gd", "momentum", "adam"),
        "GD stops in the worst of the minima, momentum rolls on to a better one, and Adam ends in "
        "the best.",
    ),
    "three_hump_camel": Lesson(
        (2, 1),
        100,
        _rates(0.05, 0.02, 0.02, 0.2, 10, 0.05, 0.2, 0.1),
        ("gd", "momentum", "adam"),
        "GD slides into the side valley; momentum and Adam have the speed to cross the saddle to "
        "the best minimum.",
    ),
    "styblinski_tang": Lesson(
        (4.2, -1),
        100,
        _rates(0.01, 0.01, 0.005, 0.5, 10, 0.05, 0.2, 0.2),
        ("gd", "momentum", "adam"),
        "GD and Adam stop in the second-best well; momentum shoots through it into the best.",
    ),
    "goldstein_price": Lesson(
        (-1, 0.2),
        200,
        _rates(2e-5, 1e-5, 5e-6, 0.2, 2, 0.01, 0.05, 0.05),
        ("gd", "momentum", "rmsprop"),
        "GD and RMSProp stop at the second-best minimum (30); momentum rolls on to the best (3).",
    ),
    "sharp_flat": Lesson(
        (2, 1),
        120,
        _rates(0.05, 0.05, 0.02, 0.2, 5, 0.02, 0.1, 0.1),
        ("gd", "momentum", "adam"),
        "GD and Adam fall into the sharp minimum; momentum is too fast for it and ends in the "
        "flat one.",
    ),
    "rastrigin": Lesson(
        (-2, 3.5),
        100,
        _rates(0.001, 0.001, 0.001, 0.2, 1, 0.01, 0.5, 0.2),
        ("gd", "momentum", "adam"),
        "GD and momentum stay in the first dent; Adam, with steps of half a dent's width, strides "
        "over several before it stops in another.",
    ),
    "ackley": Lesson(
        (2.5, 2),
        150,
        _rates(0.01, 0.02, 0.01, 1, 100, 0.1, 0.5, 0.5),
        ("gd", "adagrad", "rmsprop", "adamax"),
        "GD stops in the first dent; AdaGrad, RMSProp and AdaMax stride over the dents and come "
        "near the tip.",
    ),
    "nesterov_chebyshev": Lesson(
        (-1, 1),
        200,
        _rates(0.05, 0.005, 0.005, 0.5, 20, 0.05, 0.1, 0.1),
        ("gd", "momentum", "adam"),
        "At the kink the slope never gets small: all bounce from side to side, and none arrives.",
    ),
    "rnn_cliff": Lesson(
        (7, -2),
        160,
        _rates(1, 0.1, 0.1, 0.5, 5, 0.02, 0.05, 0.2),
        ("gd", "rmsprop", "adam"),
        "One step at the wall throws GD far out of the picture; Adam's steps stay short, and it "
        "climbs down.",
    ),
    "data:diabetes,model=linear,features=bmi/s5": Lesson(
        (-11, 170),
        100,
        _rates(0.1, 0.05, 0.02, 10, 500, 2, 5, 10),
        ("gd", "momentum", "rmsprop"),
        "One feature is on a scale eight times the other's: GD bounces from wall to wall at its "
        "best rate and is still on the way after 100 steps.",
        {"momentum": {"mu": 0.7}, "nesterov": {"mu": 0.7}},
        (-180, 200, -40, 200),
    ),
    "data:diabetes,model=linear,features=bmi/s5,scaling=standard": Lesson(
        (-48.54, 88.71),  # the same model as raw: times the features' deviations
        100,
        _rates(1, 0.2, 0.2, 10, 500, 2, 5, 10),
        ("gd", "momentum", "rmsprop"),
        "The same data on the same scale is a bowl that is nearly round: GD at its best rate is "
        "there within ten steps.",
        {"momentum": {"mu": 0.7}, "nesterov": {"mu": 0.7}},
        (-140, 200, -80, 140),
    ),
    "data:diabetes,model=linear,feature=bmi,scaling=standard": Lesson(
        (-120, 260),
        60,
        _rates(0.1, 0.05, 0.05, 20, 1000, 5, 10, 10),
        ("gd", "gd:batch=20", "gd:batch=1"),
        "After 60 updates on 442 examples, on 20 or on one, all are near the minimum: the fewer, "
        "the cheaper the update and the rougher the path.",
    ),
    "data:breast_cancer,model=logistic,features=mean_radius/mean_texture,scaling=standard": Lesson(
        (-3, 2),
        100,
        _rates(1, 0.5, 0.5, 0.5, 50, 0.1, 0.2, 0.2),
        ("gd", "momentum", "adam"),
        "GD is quick where the classes are mistaken for each other and slow where only few still "
        "are; momentum is at the minimum first.",
        {"momentum": {"mu": 0.8}, "nesterov": {"mu": 0.8}},
    ),
    "data:breast_cancer,model=tanh_unit,feature=mean_radius,scaling=standard": Lesson(
        (-1, -4),
        120,
        _rates(4, 0.5, 0.5, 0.2, 20, 0.05, 0.1, 0.1),
        ("gd", "momentum", "rmsprop", "adam"),
        "Where the unit is saturated the loss is flat: GD and momentum stand still, RMSProp and "
        "Adam walk off the plateau and arrive.",
    ),
    "data:diabetes,model=two_layer_linear,feature=bmi,scaling=standard": Lesson(
        (0.2, 0.1),
        100,
        _rates(0.002, 0.001, 0.001, 0.5, 5, 0.1, 0.3, 0.3),
        ("gd", "momentum", "adam"),
        "Near zero both weights wait for each other: GD lingers at the saddle until Adam has "
        "arrived.",
    ),
}
