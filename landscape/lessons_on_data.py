"""The lessons of surfaces made of data, with rates chosen as in `landscape.lessons`."""

from __future__ import annotations

from landscape.lesson import Lesson
from landscape.lesson import rates as _rates

__all__ = ["ON_DATA"]

# The key is the surface's `spec`. The three lessons about scales start from the same model.
ON_DATA: dict[str, Lesson] = {
    "data:diabetes,model=linear,features=bmi/s5": Lesson(
        (-11, 170),
        100,
        _rates(0.1, 0.05, 0.02, 10, 500, 2, 5, 10),
        ("gd", "momentum", "rmsprop"),
        "One feature is on a scale eight times the other's: GD bounces from wall to wall at its "
        "best rate and is still on the way after 100 steps.",
        {"momentum": {"mu": 0.7}, "nesterov": {"mu": 0.7}},
        (-110, 130, -40, 200),
    ),
    "data:diabetes,model=linear,features=bmi/s5,scaling=minmax": Lesson(
        (-266.2, 484.3),  # the same model as raw: times the features' ranges
        100,
        _rates(30, 6, 6, 50, 3000, 10, 30, 50),
        ("gd", "momentum", "rmsprop"),
        "Brought to the range from 0 to 1, the same data make a bowl that is nearly round: GD at "
        "its best rate is there within ten steps.",
        {"momentum": {"mu": 0.7}, "nesterov": {"mu": 0.7}},
        (-550, 650, -440, 760),
    ),
    "data:diabetes,model=linear,features=bmi/s5,scaling=standard": Lesson(
        (-48.54, 88.71),  # the same model as raw: times the features' deviations
        100,
        _rates(1, 0.2, 0.2, 10, 500, 2, 5, 10),
        ("gd", "momentum", "rmsprop"),
        "The same data on the same scale is a bowl that is nearly round: GD at its best rate is "
        "there within ten steps.",
        {"momentum": {"mu": 0.7}, "nesterov": {"mu": 0.7}},
        (-100, 120, -80, 140),
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
