"""The lessons: every claim is looked for in the paths that the lesson's settings give."""

from __future__ import annotations

import math
from functools import cache

import numpy as np
import pytest

from landscape.descent import Trajectory, descend
from landscape.lessons import LESSONS
from landscape.optimizers import optimizer
from landscape.surfaces import SURFACES, surface
from landscape.surfaces.data import DataSurface

NAMES = list(LESSONS)
ON_DATA = [name for name in NAMES if name.startswith("data:")]
RULES = ("gd", "momentum", "nesterov", "adagrad", "adadelta", "rmsprop", "adam", "adamax")
ADAPTIVE = ("adagrad", "adadelta", "rmsprop", "adam", "adamax")
# Surfaces on which a path leaves the picture because that is what is to be seen.
LEAVING = {("saddle", rule) for rule in ("rmsprop", "adam", "adamax")} | {("rnn_cliff", "gd")}


@cache
def walk(name: str, rule: str) -> Trajectory:
    return descend(name, rule)


def end(name: str, rule: str) -> float:
    """The loss at the end."""
    return float(walk(name, rule).losses[-1])


def first_below(name: str, rule: str, loss: float) -> float:
    """The first step at which the loss is below `loss`, infinity if it never is."""
    below = np.flatnonzero(walk(name, rule).losses < loss)
    return int(below[0]) if below.size else math.inf


def first_beyond(path: Trajectory, coordinate: int, value: float) -> float:
    """The first step at which a coordinate is larger than `value` in size."""
    beyond = np.flatnonzero(np.abs(path.points[:, coordinate]) > value)
    return int(beyond[0]) if beyond.size else math.inf


def well(name: str, rule: str) -> int:
    """The rank of the minimum (0 is the lowest) that the path ends nearest to, within 0.1."""
    x, y = walk(name, rule).points[-1]
    distances = [math.hypot(x - m.x, y - m.y) for m in surface(name).minima]
    assert min(distances) < 0.1, (name, rule, x, y)
    return int(np.argmin(distances))


def test_every_surface_has_its_lesson() -> None:
    assert set(NAMES) - set(ON_DATA) == {*SURFACES, "rnn_cliff"}


@pytest.mark.parametrize("name", ON_DATA)
def test_lessons_on_data_are_found_by_what_makes_the_surface(name: str) -> None:
    made = surface(name)
    assert isinstance(made, DataSurface)
    assert made.spec == name


@pytest.mark.parametrize("name", NAMES)
def test_settings(name: str) -> None:
    lesson = LESSONS[name]
    (x0, x1), (y0, y1) = surface(name).bounds
    assert x0 <= lesson.start[0] <= x1
    assert y0 <= lesson.start[1] <= y1
    assert 40 <= lesson.steps <= 400
    assert set(lesson.rates) == set(RULES)
    for rate in lesson.rates.values():
        assert float(f"{rate:.1e}") == rate > 0  # two digits at most
    assert 2 <= len(lesson.rules) <= 4
    assert len(set(lesson.rules)) == len(lesson.rules)
    assert {optimizer(rule).name for rule in lesson.rules} <= set(RULES)
    assert set(lesson.hyperparameters) <= set(RULES)
    assert lesson.claim.endswith(".")
    assert lesson.claim.count(". ") == 0
    assert len(lesson.claim) < 160


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("name", NAMES)
def test_paths_are_finite_and_stay_in_the_picture(name: str, rule: str) -> None:
    path = walk(name, rule)
    assert np.isfinite(path.points).all()
    assert np.isfinite(path.losses).all()
    assert len(path) == LESSONS[name].steps + 1
    (x0, x1), (y0, y1) = surface(name).bounds
    x, y = path.points.T
    inside = ((x >= x0) & (x <= x1) & (y >= y0) & (y <= y1)).all()
    assert inside == ((name, rule) not in LEAVING)


# -- the lecture's four ----------------------------------------------------------------------


def test_ravine() -> None:
    y = walk("ravine", "gd").points[:, 1]
    assert np.count_nonzero(np.diff(np.sign(y[np.abs(y) > 1e-3]))) >= 10
    goal = 0.01 * walk("ravine", "gd").losses[0]
    slow, fast = (first_below("ravine", rule, goal) for rule in ("gd", "momentum"))
    assert math.isfinite(slow)
    assert fast < slow / 2
    # It stays below, so it has arrived and is not just passing.
    assert (walk("ravine", "momentum").losses[int(fast) :] < goal).all()


def test_gd_has_its_best_rate_in_the_ravine() -> None:
    assert LESSONS["ravine"].rates["gd"] == round(2 / (1 + 20), 3)


def test_plateau() -> None:
    start = walk("plateau", "gd").losses[0]
    for rule in ("rmsprop", "adam"):
        arrived = first_below("plateau", rule, 1e-2)
        assert math.isfinite(arrived)
        assert walk("plateau", "gd").losses[int(arrived)] > 0.9 * start
    for rule in ("gd", "momentum"):
        assert end("plateau", rule) > 0.9 * start
    for rule in ("rmsprop", "adam"):
        assert end("plateau", rule) < 1e-2


@pytest.mark.parametrize("rate", [0.01, 0.1, 0.5, 1, 1.5, 1.9, 2])
def test_no_stable_rate_takes_gd_off_the_plateau(rate: float) -> None:
    lesson = LESSONS["plateau"]
    path = descend("plateau", "gd", learning_rate=rate, start=lesson.start, steps=lesson.steps)
    assert path.losses[-1] > 0.9 * path.losses[0]


def test_two_wells() -> None:
    assert [well("two_wells", rule) for rule in ("gd", "momentum", "adam")] == [1, 0, 0]
    starts = {tuple(walk("two_wells", rule).points[0]) for rule in ("gd", "momentum")}
    assert starts == {LESSONS["two_wells"].start}


@pytest.mark.parametrize("name", ["saddle", "bounded_saddle"])
def test_adaptive_rules_leave_the_saddle_first(name: str) -> None:
    late = first_beyond(walk(name, "gd"), 1, 0.3)
    for rule in ADAPTIVE:
        assert first_beyond(walk(name, rule), 1, 0.3) < late
    shown = set(LESSONS[name].rules) & set(ADAPTIVE)
    for rule in shown:
        assert first_beyond(walk(name, rule), 1, 0.3) < 0.6 * min(late, LESSONS[name].steps)
    # GD stands at the saddle meanwhile: closer than 0.1 for ten steps and more.
    near = np.hypot(*walk(name, "gd").points.T) < 0.1
    assert np.count_nonzero(near) >= 10
    assert not (np.hypot(*walk(name, "adam").points.T) < 0.1).any()


def test_all_end_in_the_well_beyond_the_bounded_saddle() -> None:
    for rule in LESSONS["bounded_saddle"].rules:
        assert end("bounded_saddle", rule) < -0.99


# -- the others ------------------------------------------------------------------------------


def test_sphere() -> None:
    gd = walk("sphere", "gd").points
    direction = gd[0] / np.linalg.norm(gd[0])
    assert np.abs(gd @ [-direction[1], direction[0]]).max() < 1e-12  # a straight line
    assert (gd @ direction > 0).all()  # that does not overshoot
    for rule in ("momentum", "adam"):
        along = walk("sphere", rule).points @ direction
        assert along.min() < -0.3
        assert abs(along[-1]) < 0.2


def test_d2l() -> None:
    goal = 0.01 * walk("d2l", "gd").losses[0]
    momentum, gd = (first_below("d2l", rule, goal) for rule in ("momentum", "gd"))
    assert momentum < gd / 2 < math.inf
    y = walk("d2l", "gd").points[:10, 1]
    assert (np.diff(np.sign(y)) != 0).all()  # from wall to wall with every step
    y = walk("d2l", "adagrad").points[:, 1]
    assert (np.diff(y) >= -1e-12).all()  # never back
    assert (y < 1e-6).all()  # nor across the floor
    assert end("d2l", "adagrad") < goal


def test_matyas() -> None:
    goal = 0.01 * walk("matyas", "gd").losses[0]
    steps = [first_below("matyas", rule, goal) for rule in ("momentum", "gd", "adagrad")]
    assert steps[0] < steps[1] < steps[2]


def test_booth() -> None:
    def stays(rule: str) -> int:
        losses = walk("booth", rule).losses
        return int(np.flatnonzero(losses >= 0.01 * losses[0])[-1]) + 1

    assert stays("gd") < 0.5 * min(stays("momentum"), stays("adam"))
    assert end("booth", "gd") < 1e-4 < min(end("booth", "momentum"), end("booth", "adam"))


def test_rosenbrock() -> None:
    s = surface("rosenbrock")
    for rule in LESSONS["rosenbrock"].rules:
        x, y = walk("rosenbrock", rule).points[60:].T
        assert np.abs(y - x**2).max() < 0.2  # in the valley
        assert (s.value(x, y) < 5).all()
    assert end("rosenbrock", "momentum") < 0.1 * end("rosenbrock", "gd")
    assert end("rosenbrock", "adam") < 0.1 * end("rosenbrock", "gd")
    assert walk("rosenbrock", "gd").points[-1, 0] < 0 < walk("rosenbrock", "adam").points[-1, 0]


def test_beale() -> None:
    lowest = {rule: walk("beale", rule).points[:, 1].min() for rule in LESSONS["beale"].rules}
    assert lowest["momentum"] < -1
    assert min(lowest["adagrad"], lowest["rmsprop"]) > 0
    for rule in LESSONS["beale"].rules:
        assert end("beale", rule) < 0.05


def test_freudenstein_roth() -> None:
    for rule in ("momentum", "adam"):
        assert end("freudenstein_roth", rule) == pytest.approx(48.98, abs=0.2)
        assert walk("freudenstein_roth", rule).points[-1, 0] == pytest.approx(11.4, abs=0.7)
    assert walk("freudenstein_roth", "gd").points[-1, 0] < 5
    assert end("freudenstein_roth", "gd") > 70


def test_muller_brown() -> None:
    assert [well("muller_brown", rule) for rule in ("gd", "momentum", "adam")] == [2, 1, 1]


def test_periodic_saddle() -> None:
    slow = [first_below("periodic_saddle", rule, -0.9) for rule in ("gd", "momentum")]
    fast = [first_below("periodic_saddle", rule, -0.9) for rule in ("rmsprop", "adam")]
    assert max(fast) < min(slow) < math.inf
    for rule in ("gd", "momentum"):
        path = walk("periodic_saddle", rule).points
        near = (np.abs(path[:, 1]) < 0.2) & (np.abs(path[:, 0] - math.pi / 2) < 0.5)
        assert np.count_nonzero(near) >= 5
    for rule in ("rmsprop", "adam"):
        path = walk("periodic_saddle", rule).points
        assert not (np.hypot(path[:, 0] - math.pi / 2, path[:, 1]) < 1).any()


def test_two_layer_linear() -> None:
    start = walk("two_layer_linear", "gd").losses[0]
    arrived = first_below("two_layer_linear", "adam", 0.01 * start)
    assert math.isfinite(arrived)
    assert walk("two_layer_linear", "gd").losses[int(arrived)] > 0.9 * start
    assert end("two_layer_linear", "gd") < 1e-3


def test_monkey_saddle() -> None:
    shown = LESSONS["monkey_saddle"].rules
    for rule in shown:
        assert end("monkey_saddle", rule) < -6.7
        assert walk("monkey_saddle", rule).points[-1, 1] > 2
    left = [first_below("monkey_saddle", rule, -1) for rule in shown]
    assert left[0] > 1.2 * max(left[1:])


def test_easom() -> None:
    for rule in ("gd", "momentum"):
        moved = walk("easom", rule).points[-1] - walk("easom", rule).points[0]
        assert np.abs(moved).max() < 0.1
    assert end("easom", "adam") < -0.99
    first = np.abs(np.diff(walk("easom", "adam").points[:2], axis=0))
    assert first == pytest.approx(LESSONS["easom"].rates["adam"], rel=1e-2)


def test_himmelblau() -> None:
    assert len({well("himmelblau", rule) for rule in ("gd", "momentum", "adam")}) == 3


def test_six_hump_camel() -> None:
    ends = [end("six_hump_camel", rule) for rule in ("gd", "momentum", "adam")]
    assert ends == pytest.approx([2.104, -0.215, -1.03], abs=0.02)


def test_three_hump_camel() -> None:
    ranks = [well("three_hump_camel", rule) for rule in ("gd", "momentum", "adam")]
    assert ranks[0] > 0
    assert ranks[1:] == [0, 0]


def test_styblinski_tang() -> None:
    ends = [end("styblinski_tang", rule) for rule in ("gd", "adam", "momentum")]
    assert ends == pytest.approx([-64.2, -64.2, -78.33], abs=0.05)


def test_goldstein_price() -> None:
    ends = [end("goldstein_price", rule) for rule in ("gd", "rmsprop", "momentum")]
    assert ends == pytest.approx([30, 30, 3], abs=0.5)


def test_sharp_flat() -> None:
    s = surface("sharp_flat")
    sharp, flat = s.minima
    assert sharp.x > 0 > flat.x
    assert [well("sharp_flat", rule) for rule in ("gd", "adam", "momentum")] == [0, 0, 1]


def test_rastrigin() -> None:
    for rule in ("gd", "momentum"):
        x, y = walk("rastrigin", rule).points.T
        assert np.abs(x + 2).max() < 0.5
        assert np.abs(y - 3).max() <= 0.51
    assert end("rastrigin", "adam") < 0.5 * end("rastrigin", "gd")


def test_ackley() -> None:
    distances = {rule: np.hypot(*walk("ackley", rule).points.T) for rule in LESSONS["ackley"].rules}
    assert distances["gd"].min() > 2.5
    for rule in ("adagrad", "rmsprop", "adamax"):
        assert distances[rule][-1] < 0.2
        assert end("ackley", rule) < 0.5


def test_nesterov_chebyshev() -> None:
    for rule in LESSONS["nesterov_chebyshev"].rules:
        path = walk("nesterov_chebyshev", rule)
        x, y = path.points.T
        sides = np.sign(y - 2 * x**2 + 1)
        assert np.count_nonzero(np.diff(sides)) > 30
        assert end("nesterov_chebyshev", rule) > 0.02


def test_rnn_cliff() -> None:
    gd, adam = walk("rnn_cliff", "gd"), walk("rnn_cliff", "adam")
    lengths = np.hypot(*np.diff(gd.points, axis=0).T)
    k = int(lengths.argmax())
    assert lengths[k] > 20
    assert lengths[:k].max() < 1
    assert gd.ending.outcome == "left the domain"
    assert np.hypot(*np.diff(adam.points, axis=0).T).max() < 0.15
    assert end("rnn_cliff", "adam") < 1e-4


# -- models on data --------------------------------------------------------------------------

RAW = "data:diabetes,model=linear,features=bmi/s5"
STANDARD = f"{RAW},scaling=standard"
BATCHES = "data:diabetes,model=linear,feature=bmi,scaling=standard"
LOGISTIC = "data:breast_cancer,model=logistic,features=mean_radius/mean_texture,scaling=standard"
TANH = "data:breast_cancer,model=tanh_unit,feature=mean_radius,scaling=standard"
TWO_LAYERS = "data:diabetes,model=two_layer_linear,feature=bmi,scaling=standard"


def data(name: str) -> DataSurface:
    made = surface(name)
    assert isinstance(made, DataSurface)
    return made


def lowest(name: str) -> float:
    known = data(name).lowest
    assert known is not None
    return known


def curvatures(name: str) -> tuple[float, float]:
    known = data(name).curvatures
    assert known is not None
    return known


def above(name: str, rule: str) -> np.ndarray:
    """The loss above the minimum, as a share of what it is at the start."""
    high = walk(name, rule).losses - lowest(name)
    share: np.ndarray = high / high[0]
    return share


def arrival(name: str, rule: str, share: float) -> float:
    """The first step at which that share is below `share`, infinity if it never is."""
    below = np.flatnonzero(above(name, rule) < share)
    return int(below[0]) if below.size else math.inf


def steps_of_gd(name: str, rate: float, most: int) -> int:
    """How many steps GD takes to a thousandth of the start's loss above the minimum."""
    made, (x, y) = data(name), LESSONS[name].start
    goal = lowest(name) + 1e-3 * (made.value_at(x, y) - lowest(name))
    for k in range(most):
        if made.value_at(x, y) < goal:
            return k
        dx, dy = made.gradient_at(x, y)
        x, y = x - rate * dx, y - rate * dy
    return most


@cache
def best_rate(name: str) -> tuple[float, int]:
    """GD's best rate by search over all stable ones, and the steps that it takes."""
    largest = curvatures(name)[1]
    found = [
        (steps_of_gd(name, share / largest, 1000), share) for share in np.arange(0.1, 2.0, 0.005)
    ]
    steps, _ = min(found)
    middle = [share for count, share in found if count == steps]
    return float(np.median(middle)) / largest, steps


def test_raw_features_need_ten_times_the_steps() -> None:
    for name in (RAW, STANDARD):
        closed = 2 / sum(curvatures(name))
        assert best_rate(name)[0] == pytest.approx(closed, rel=0.05)
        assert LESSONS[name].rates["gd"] == pytest.approx(closed, rel=0.02)
    assert best_rate(RAW)[1] >= 10 * best_rate(STANDARD)[1]
    conditions = [large / small for small, large in map(curvatures, (RAW, STANDARD))]
    assert conditions[0] > 30 * conditions[1]
    assert arrival(RAW, "gd", 1e-3) == math.inf
    assert arrival(STANDARD, "gd", 1e-3) <= 10


def test_both_scalings_start_from_the_same_model() -> None:
    from sklearn.datasets import load_diabetes

    spread = load_diabetes(scaled=False).data[:, [2, 8]].std(axis=0)
    assert LESSONS[RAW].start * spread == pytest.approx(LESSONS[STANDARD].start, rel=0.03)
    assert lowest(RAW) == pytest.approx(lowest(STANDARD), rel=1e-12)


def test_raw_features_make_gd_bounce() -> None:
    x = walk(RAW, "gd").points[:, 0] - data(RAW).minima[0].x
    # From one side of the ravine's floor to the other with every step, for long.
    steep = np.diff(x)[:60]
    assert (np.diff(np.sign(steep)) != 0).all()
    x = walk(STANDARD, "gd").points[:, 0]
    assert x.max() - data(STANDARD).minima[0].x < 1e-3 * (x.max() - x.min())
    for rule in ("momentum", "rmsprop"):
        assert arrival(RAW, rule, 0.01) < arrival(RAW, "gd", 0.01)
    assert arrival(RAW, "rmsprop", 1e-3) < 100


def turning(path: Trajectory, until: int) -> float:
    """The mean angle in radians by which the path turns from step to step."""
    steps = np.diff(path.points[: until + 1], axis=0)
    angles = np.arctan2(steps[:, 1], steps[:, 0])
    turns = np.abs((np.diff(angles) + np.pi) % (2 * np.pi) - np.pi)
    return float(turns.mean())


def test_smaller_batches_make_cheaper_updates() -> None:
    rules = LESSONS[BATCHES].rules
    assert rules == ("gd", "gd:batch=20", "gd:batch=1")
    paths = [walk(BATCHES, rule) for rule in rules]
    assert len({tuple(path.points[0]) for path in paths}) == 1
    # The passes over the data that one update takes.
    costs = [float(path.epochs[1]) for path in paths if path.epochs is not None]
    assert costs == pytest.approx([1, 20 / 442, 1 / 442])
    # A tenth of the loss is reached with far fewer of them.
    passes = [arrival(BATCHES, rule, 0.1) * cost for rule, cost in zip(rules, costs, strict=True)]
    assert passes[0] > 10 * passes[1] > 100 * passes[2]
    # All come near the minimum, and the single example no nearer than its noise lets it.
    ends = [above(BATCHES, rule)[-20:].mean() for rule in rules]
    assert ends[0] < ends[1] < ends[2] < 0.03


@pytest.mark.parametrize("seed", range(4))
def test_smaller_batches_make_rougher_paths(seed: int) -> None:
    paths = [descend(BATCHES, rule, seed=seed) for rule in LESSONS[BATCHES].rules]
    # All the way that the loss goes up again, and how the path turns.
    rises = [float(np.clip(np.diff(path.losses), 0, None).sum()) for path in paths]
    assert rises[0] == 0
    assert 0 < 10 * rises[1] < rises[2]
    turns = [turning(path, 60) for path in paths]
    assert turns[0] < 1e-6
    assert 0.5 < 1.1 * turns[1] < turns[2]


def test_logistic() -> None:
    gd = above(LOGISTIC, "gd")
    quick = arrival(LOGISTIC, "gd", 0.1)
    assert quick <= 15
    assert (np.diff(gd) < 0).all()
    # The second tenth of what is left takes several times as long as the first nine.
    assert 2 * quick < arrival(LOGISTIC, "gd", 0.01) - quick < math.inf
    slowest = min(arrival(LOGISTIC, "gd", 1e-3), arrival(LOGISTIC, "adam", 1e-3))
    assert arrival(LOGISTIC, "momentum", 1e-3) < slowest / 3
    assert (above(LOGISTIC, "momentum")[20:] < 0.01).all()


def test_tanh_plateau() -> None:
    arrived = max(arrival(TANH, rule, 0.05) for rule in ("rmsprop", "adam"))
    assert arrived < 40
    for rule in ("gd", "momentum"):
        assert (above(TANH, rule) > 0.999).all()
    for rule in ("rmsprop", "adam"):
        assert above(TANH, rule)[-1] < 0.01


@pytest.mark.parametrize("share", [0.1, 0.3, 0.5, 0.7, 0.9, 0.99])
def test_no_stable_rate_takes_gd_off_the_tanh_plateau(share: float) -> None:
    lesson = LESSONS[TANH]
    rate = share * 2 / curvatures(TANH)[1]
    path = descend(TANH, "gd", learning_rate=rate, start=lesson.start, steps=lesson.steps)
    assert path.losses[-1] > 0.99 * path.losses[0]


def test_saddle_on_data() -> None:
    (saddle,) = data(TWO_LAYERS).points
    assert (saddle.kind, saddle.x, saddle.y) == ("saddle", 0, 0)
    arrived = arrival(TWO_LAYERS, "adam", 0.01)
    assert arrived < 30
    assert above(TWO_LAYERS, "gd")[int(arrived)] > 0.9
    assert above(TWO_LAYERS, "gd")[-1] < 1e-3
    # While it lingers it is near the saddle: closer than a tenth of the way to the minima.
    far = np.hypot(*walk(TWO_LAYERS, "gd").points[-1])
    assert np.count_nonzero(np.hypot(*walk(TWO_LAYERS, "gd").points.T) < 0.1 * far) >= 10
