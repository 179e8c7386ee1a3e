"""The axes of a map of settings that are left open: what is varied, and from where to where.

The rates go from slow ones to where the rule diverges, and as far as theory's border does: a map
that cuts it off does not show where theory and paths agree.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from landscape.errors import LandscapeError
from landscape.maps.axes import ALONE, Axis, parse_axis, spacing_of, tidy, usual_axis
from landscape.maps.borders import border_rates
from landscape.maps.lost import depth_of, lost_paths
from landscape.maps.stability import check_pair, rated
from landscape.maps.theory import quadratic_hessian
from landscape.maps.walk import Paths, variable_names
from landscape.optimizers.tuning import Conditions

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from landscape.optimizers.lookup import Optimizer
    from landscape.optimizers.rule import Rule
    from landscape.surfaces.surface import Surface

    Array = NDArray[Any]
    Starts = Sequence[tuple[float, float]]
    Ends = list[tuple[float, float]]

__all__ = ["choose_axes", "choose_panels"]

_SECOND = ("mu", "beta2", "rho", "beta", "beta1", "gamma")
# Where a range of rates is looked for, in decades and places in each.
_RATES = (-9, 5, 6)
_BELOW, _ABOVE = 50.0, 2.0
# Values of the other number with which the ends of paths are looked for.
_OTHERS = 7
# Minima whose borders a range contains, values of the other axis at which they are computed, how
# much room there is beyond, and how far from the range a border no longer counts.
_MINIMA, _PLACES, _ROOM, _FAR = 8, 17, 1.5, 1e4


def choose_panels(
    surface: Surface,
    optimizers: Sequence[Optimizer],
    x: str,
    y: str,
    *,
    starts: Starts,
    steps: int,
    conditions: Conditions | None = None,
    known: Surface | None = None,
) -> list[tuple[Axis, Axis]]:
    """Return the axes of the maps of several rules, from texts.

    Parameters: those of `choose_axes`. A rule without the second number that others have is a map
    of its first one alone.

    Raises LandscapeError for unknown names, a rule without the first number, and if no rule has a
    second.
    """
    rules = [rated(one) for one in optimizers]
    names = [_names(surface, rule) for rule in rules]
    across, upwards = (text.partition("=")[0].strip() for text in (x, y))
    if upwards:
        has = [upwards in one for one in names]
    else:
        # A parameter of the surface is the second number only where no rule has one of its own.
        has = [
            any(name in rule.hyperparameters for name in one if name != (across or "lr"))
            for rule, one in zip(rules, names, strict=True)
        ]
    if not any(has):
        has = [True] * len(rules)
    for rule, one in zip(rules, names, strict=True):
        if across and across not in one and any(across in other for other in names):
            raise LandscapeError(
                f"{rule.label or rule.name} has no {across}, which --x varies: "
                f"leave --opt {rule.name} out"
            )
    return [
        choose_axes(
            surface,
            rule,
            x,
            y if both else None,
            starts=starts,
            steps=steps,
            conditions=conditions,
            known=known,
        )
        for rule, both in zip(rules, has, strict=True)
    ]


def choose_axes(
    surface: Surface,
    optimizer: Optimizer,
    x: str,
    y: str | None,
    *,
    starts: Starts,
    steps: int,
    conditions: Conditions | None = None,
    known: Surface | None = None,
) -> tuple[Axis, Axis]:
    """Return the axes of a map from texts, with ranges for what they leave open.

    Parameters: `x` and `y` are texts of `parse_axis`, "" for the learning rate, and for the rule's
    mu, beta2 or the like, or else a parameter of the surface; `y` is None for a map of one number;
    `known` is the surface with its minima, whose borders a range of rates contains, None if theory
    does not count.

    Raises LandscapeError for unknown names, and if there is no second number.
    """
    rule = rated(optimizer)
    names = _names(surface, rule)
    name, first = parse_axis(x, names, "--x") if x else ("", None)
    other, second = parse_axis(y, names, "--y") if y else ("", None)
    name = name or next((one for one in [*names, ""] if one != other), "")
    if y is None:
        second = ALONE
    else:
        other = other or _second(rule, names, name)
    if name == other:
        raise LandscapeError(f"a map needs two different numbers: {name} came twice")
    found = {name: first, other: second}
    for key in (name, other):
        if found[key] is None and key != "lr":
            found[key] = usual_axis(key, _value(surface, rule, key))
    if "lr" in found and found["lr"] is None:
        beside = found[other if name == "lr" else name]
        assert beside is not None
        found["lr"] = _usual_rates(
            surface, rule, beside, starts, steps, conditions or Conditions(), known
        )
    across, upwards = found[name], found[other]
    assert across is not None
    assert upwards is not None
    check_pair(across, upwards)
    return across, upwards


def _names(surface: Surface, rule: Rule) -> list[str]:
    """Return the names of the numbers that a map of a rule can vary."""
    names = variable_names(surface, rule)
    if not (rule.reads_rate or "lr" in rule.initial.values()):
        names.remove("lr")
    return names


def _second(rule: Rule, names: Sequence[str], first: str) -> str:
    """Return the number that a map shows beside the first one."""
    free = [one for one in names if one != first]
    found = [one for one in _SECOND if one in free]
    found += [one for one in free if one not in rule.hyperparameters] + free
    if not found:
        raise LandscapeError(
            f"{rule.label or rule.name} has no number beside {first}, and the surface no "
            "parameters: take 'landscape sensitivity' for one number"
        )
    return found[0]


def _value(surface: Surface, rule: Rule, name: str) -> float:
    if name in rule.hyperparameters:
        return rule.hyperparameters[name]
    formula: Any = getattr(surface, "formula", None)
    return float(formula.parameters[name])


def _usual_rates(
    surface: Surface,
    rule: Rule,
    beside: Axis,
    starts: Starts,
    steps: int,
    run: Conditions,
    known: Surface | None,
) -> Axis:
    """Return the range of learning rates to look at: from slow ones to where a rule diverges.

    Parameters: `beside` is what else is varied; the range is that with the value which the rule or
    the surface has.
    """
    import numpy as np

    rates, losses, left, ends = _probed(surface, rule, beside, starts[0], steps, run)
    if np.isfinite(losses[0]).any():
        best, last = _reach(losses[0])
        if last + 1 < len(rates) and left[0, last + 1]:
            # Where paths leave depends on the other number as much as on the rate.
            last = max(_reach(one)[1] for one in losses if np.isfinite(one).any())
            top = tidy(_ABOVE * float(rates[last]), 1)
        else:
            top = tidy(float(min(_ABOVE * rates[last], _BELOW * rates[best])), 1)
        low = min(float(rates[best]), top / 10) / _BELOW
        found = Axis("lr", tidy(low, 1), top, "log")
    else:
        found = Axis("lr", 1e-4, 1.0, spacing_of("lr", 1e-4))
    return found if known is None else _with_borders(found, known, rule, beside, ends)


def _reach(losses: Array) -> tuple[int, int]:
    """Return which of rising rates is the best, and the last before one above it is lost.

    Far beyond the border a path may end low by chance.
    """
    import numpy as np

    best = int(np.argmin(losses))
    above = np.flatnonzero(~np.isfinite(losses[best:]))
    return best, best + int(above[0]) - 1 if above.size else len(losses) - 1


def _probed(
    surface: Surface,
    rule: Rule,
    beside: Axis,
    start: tuple[float, float],
    steps: int,
    run: Conditions,
) -> tuple[Array, Array, Array, Ends]:
    """Return rates, how paths with them end, and where.

    How they end are the last losses, infinite for what is lost, and which have left the domain; a
    row for the other number as the rule has it, more for other values of a hyper-parameter.
    """
    import numpy as np

    low, high, each = _RATES
    rates = 10.0 ** np.arange(low, high + 0.5 / each, 1.0 / each)
    varied = ("lr", beside.name) if beside.name else ("lr",)
    paths = Paths(surface, rule, steps, varied, run.schedule, run.batch, run.noise, run.seed)
    others = [_value(surface, rule, beside.name)] if beside.name else [0.0]
    if beside.name in rule.hyperparameters and paths.fused is not None:
        others += beside.values(_OTHERS).tolist()
    values = {"lr": np.tile(rates, len(others)), beside.name: np.repeat(others, len(rates))}
    values.pop("", None)
    at = np.array([start] * len(values["lr"]), dtype=np.float64)
    found = paths.walk(at[:, 0], at[:, 1], values)

    first = np.array(surface.value_at(*start))
    diverged, left = lost_paths(
        found.loss, found.outcome, first, lambda: np.array(depth_of(surface))
    )
    lost = diverged | left
    ends = list(zip(found.x[~lost].tolist(), found.y[~lost].tolist(), strict=True))
    losses = np.where(lost, np.inf, found.loss)
    return rates, losses.reshape(-1, len(rates)), left.reshape(-1, len(rates)), ends


def _with_borders(axis: Axis, known: Surface, rule: Rule, beside: Axis, ends: Ends) -> Axis:
    """Return a range of rates that has the borders of theory in it, whole.

    They are those of the minima that paths end at.
    """
    import numpy as np

    places: list[tuple[float, float] | None] = [None]
    if quadratic_hessian(known) is None:
        nearest = Counter(
            min(
                range(len(known.minima)),
                key=lambda k: math.hypot(known.minima[k].x - x, known.minima[k].y - y),
            )
            for x, y in ends
            if known.minima
        )
        most = [known.minima[k] for k, _ in nearest.most_common(_MINIMA)]
        places = [(one.x, one.y) for one in most]
    rates = [border_rates(known, rule, beside, _PLACES, near=near) for near in places]
    found = np.concatenate(rates) if rates else np.empty(0)
    found = found[(found > axis.low / _FAR) & (found < axis.high * _FAR)]
    if not found.size:
        return axis
    low, high = float(found.min()) / _ROOM, float(found.max()) * _ROOM
    return replace(
        axis,
        low=axis.low if axis.low <= low else tidy(low, 1),
        high=axis.high if axis.high >= high else tidy(high, 2),
    )
