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

from landscape.lesson import Lesson
from landscape.lesson import rates as _rates
from landscape.lessons_on_data import ON_DATA

__all__ = ["LESSONS", "Lesson"]

# The key is the surface's `spec`.
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
    **ON_DATA,
}
