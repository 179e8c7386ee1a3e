"""The loop of an update rule over a formula, written as one Numba kernel.

A block of starts goes through all its steps before the next one begins. Its coordinates and the
rule's state are rows of one small array that stays in the core's nearest cache; the loop over the
block is the inner one, without branches, so that LLVM vectorises it. What does not differ within a
block (1 - beta1**t) is computed once a step. Numbers are arguments, so another rate or momentum is
not compiled again. Every operation is the one that `descend` does, in its order: where only
arithmetic and square roots are asked for, the results are the same to the last bit.

How a path ends is known from three steps: the one at which its numbers end, the last one inside the
domain, and the last one that moves. To look for those in every step costs as much as the step. So
a block's steps are done in stretches of which only the last step looks. That is enough for a path
that is inside then or was outside all the time, either moves then or was at rest all the time, and
was never so far out that a loss can have overflowed. Extremes tell; the other paths are gathered
and do the stretch again, looking in every step.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from landscape._version import __version__
from landscape.formula.emit import Listing
from landscape.formula.grammar import SCALAR_IMPORTS
from landscape.formula.nodes import Node, name, postorder, substitute
from landscape.maps.functions import FUNCTIONS, HAS_FMA
from landscape.optimizers.plane import PlaneCode
from landscape.optimizers.rule import Rule

__all__ = ["LANES", "RESULTS", "SAVED", "Derivatives", "FusedSource"]

LANES = 256
STRETCH = 48  # steps, of which the last one looks
# What is known of each path at its end, in this order.
SAVED = "_SAVED_"  # stands for whether Numba keeps what it compiles
RESULTS = ("x", "y", "loss", "dx", "dy", "rows", "inside", "moving")

_SIGNATURE = (
    "void(float64[:, ::1], float64[:, ::1], float64[::1], float64[::1], float64[:, ::1], "
    "float64[:, ::1], int64, float64, float64[::1], float64, int64, int64, float64[:, ::1])"
)
_ARGUMENTS = (
    "starts, varied, numbers, plan, shakes, draws, count, tolerance, bounds, reach, begin, end, out"
)
_HEAD = """\
# landscape {version}
import numba as _numba
import numpy as _np
{imports}
{functions}
_inf = _np.inf

"""
_INNER = "block, begin, end, numbers, plan, shakes, draws"


@dataclass(frozen=True)
class Derivatives:
    """A loss as expressions of x, y and the names that vary: its value and its derivatives.

    `curvature` returns the two second derivatives of the Hessian's diagonal, for who needs them.
    """

    value: Node
    gradient: tuple[Node, Node]
    curvature: Callable[[], tuple[Node, Node]]


class FusedSource:
    """Writes the kernel of one rule on one surface.

    Parameters: `surface`; `rule`; `varied`, names of hyper-parameters, of the surface's parameters
    or "lr" whose values differ from start to start; `rate`, the rate as an expression of lr and of
    the steps done, t, where lr is varied; `noisy`, whether noise is added to gradients.

    Attributes: `numbers`, the values of the kernel's argument of that name; `shaken`, the gradients
    that are measured in each step, `drawn`, the calls of noise().

    Raises LandscapeError for names that cannot be varied.
    """

    def __init__(
        self,
        surface: Derivatives,
        rule: Rule,
        varied: Sequence[str] = (),
        rate: Node | None = None,
        *,
        noisy: bool = False,
    ) -> None:
        self._noisy = noisy
        self._rule, self._varied = rule, tuple(varied)
        self._lifted: dict[float, str] = {}
        fixed = {key: value for key, value in rule.hyperparameters.items() if key not in varied}
        code = PlaneCode(rule.formula, rule.program.statements, rule.state, fixed)
        rename = {one: name(_lane(one)) for one in varied}
        self._loss = self._lift([surface.value, *surface.gradient], rename)
        self._gradient = self._lift(surface.gradient, rename)
        # The rule's lr is that of the step, the one of the schedule's formula the first.
        own = {one: node for one, node in rename.items() if one != "lr"}
        self._asked = [(what, self._lift(parts, own)) for what, parts in code.asked]
        curved = any(what == "hess" for what, _ in self._asked)
        self._curvature = self._lift(surface.curvature(), rename) if curved else []
        self._outputs = self._lift(code.outputs, own)
        self._rate = self._lift([rate], rename)[0] if rate is not None else None
        self._held = [f"_{found}_{i}" for found in rule.state for i in (0, 1)]
        self._initial = self._first_states(fixed)
        self.shaken = 1 + sum(what == "grad" for what, _ in self._asked)
        self.drawn = sum(what == "noise" for what, _ in self._asked)

    @property
    def numbers(self) -> list[float]:
        """The numbers that the expressions have."""
        return list(self._lifted)

    def _lift(self, nodes: Iterable[Node], rename: Mapping[str, Node]) -> list[Node]:
        """Return expressions with names for their numbers, exponents aside."""
        return [self._without_numbers(substitute(node, rename)) for node in nodes]

    def _without_numbers(self, node: Node) -> Node:
        memo: dict[int, Node] = {}
        for old in postorder(node):
            args = [memo[id(arg)] for arg in old.args]
            if old.op == "**" and old.args[1].op == "number":
                args[1] = old.args[1]
            memo[id(old)] = (
                name(self._number(float(old.value)))
                if old.op == "number"
                else Node(old.op, tuple(args), old.value)
            )
        # A bare number has a name as well.
        return memo[id(node)]

    def _number(self, value: float) -> str:
        return self._lifted.setdefault(value, f"_c{len(self._lifted)}")

    def _first_states(self, fixed: Mapping[str, float]) -> list[str]:
        """Return what each coordinate of the state is at the start."""
        found = []
        for state in self._rule.state:
            text = self._rule.initial.get(state, "0")
            for i in (0, 1):
                if text == "p":
                    found.append(f"block[{i}, l]")
                elif text == "lr":
                    found.append("lr")
                elif text in self._varied:
                    found.append(f"block[{self._row(_lane(text))}, l]")
                else:
                    value = fixed[text] if text in fixed else float(text)
                    found.append(self._number(value))
        return found

    # -- the rows of a block -----------------------------------------------------------------

    @cached_property
    def _rows(self) -> list[str]:
        return [
            "x",
            "y",
            *self._held,
            "rows",
            "inside",
            "moving",
            *_EXTREMES,
            "before_0",
            "before_1",
            *map(_lane, self._varied),
        ]

    def _row(self, name: str) -> int:
        return self._rows.index(name)

    # -- the body ----------------------------------------------------------------------------

    @cached_property
    def _lanes(self) -> frozenset[str]:
        """The names whose values differ within a block."""
        asked = [f"__asked{k}_{i}" for k in range(len(self._asked)) for i in (0, 1)]
        pairs = [f"_{vector}_{i}" for vector in "pg" for i in (0, 1)]
        lanes = {"x", "y", *pairs, *self._held, *asked, *map(_lane, self._varied)}
        return frozenset(lanes | ({"lr"} if "lr" in self._varied else set()))

    def _split(self, nodes: Sequence[Node], prefix: str) -> tuple[list[str], list[str], list[str]]:
        """Return the lines of a step's numbers, those of each path, and the outputs' texts."""
        listing = Listing(nodes)
        depends = listing.dependencies()
        if HAS_FMA:
            for k, entry in enumerate(listing.entries):
                by = depends[entry.args[1]] if entry.op == "/" else self._lanes
                if depends[k] & self._lanes and not by & self._lanes:
                    listing.entries[k] = replace(entry, op=_OVER)
        alike = {
            k
            for k, entry in enumerate(listing.entries)
            if entry.args and not depends[k] & self._lanes
        }
        read = {
            arg
            for k, entry in enumerate(listing.entries)
            for arg in entry.args
            if arg in alike and k not in alike
        }
        wanted = sorted(read | (alike & set(listing.roots)))
        given: dict[int, str] = {}
        once, texts = listing.write("scalar", wanted, given, prefix=f"_u{prefix}")
        once += [f"_w{prefix}{k} = {texts[k]}" for k in wanted]
        named = {k: f"_w{prefix}{k}" for k in wanted}
        each, texts = listing.write("scalar", None, named, prefix=f"_l{prefix}")
        return once, each, [texts[root] for root in listing.roots]

    @cached_property
    def _body(self) -> tuple[list[str], list[str]]:
        """The lines of one step: what is done once, and what for each path."""
        once, each, (loss, dx, dy) = self._split(self._loss, "f")
        shaken = (" + _s0", " + _s1") if self._noisy else ("", "")
        each += [f"_loss = {loss}", f"_g_0 = {dx}{shaken[0]}", f"_g_1 = {dy}{shaken[1]}"]
        each = ["x = _p_0", "y = _p_1", *each]
        shakes = [f"_s{i} = shakes[{self.shaken} * k, {i}]" for i in (0, 1)]
        once = [*shakes, *once] if self._noisy else once
        if self._rate is not None:
            first, then, (rate,) = self._split([self._rate], "r")
            once += ["t = float(k)", *first]
            each += [*then, f"lr = {rate}"]
        elif "lr" in self._varied:
            each.append(f"lr = {_lane('lr')}")
        else:
            once.append("lr = plan[k]")
        once.append("t = k + 1.0")
        grads = draws = 0
        for k, (what, parts) in enumerate(self._asked):
            first, then, texts = self._split(parts, f"a{k}")
            once += first
            each += then
            pair = f"__asked{k}_0", f"__asked{k}_1"
            if what == "noise":
                at = f"draws[{self.drawn} * k + {draws}"
                once += [f"{one} = {at}, {i}]" for i, one in enumerate(pair)]
                draws += 1
                continue
            each += [f"x = {texts[0]}", f"y = {texts[1]}"]
            found = self._gradient if what == "grad" else self._curvature
            first, then, texts = self._split(found, f"b{k}")
            once += first
            each += then
            if what == "grad" and self._noisy:
                grads += 1
                at = f"shakes[{self.shaken} * k + {grads}"
                texts = [f"{text} + {at}, {i}]" for i, text in enumerate(texts)]
            each += [f"{one} = {text}" for one, text in zip(pair, texts, strict=True)]
        first, then, texts = self._split(self._outputs, "o")
        once += first
        each += [*then, f"_x = {texts[0]}", f"_y = {texts[1]}"]
        if self._held:
            each.append(f"{', '.join(self._held)} = {', '.join(texts[2:])}")
        return once, each

    def _load(self, rows: Iterable[str]) -> list[str]:
        called = {"x": "_p_0", "y": "_p_1"}
        return [f"{called.get(one, one)} = block[{self._row(one)}, l]" for one in rows]

    def _step(self, *, looking: bool) -> list[str]:
        """Return the lines of one step of a block."""
        once, each = self._body
        moving = ["x", "y", *self._held]
        if looking:
            kept = [*moving, "rows", "inside", "moving"]
            held = ["x", "y"]
            each = [
                *each,
                *_ENDS,
                *(f"block[{self._row(one)}, l] = {one}" for one in kept[2:]),
                *(
                    f"block[{self._row(one)}, l] = _{one} if _alive else _p_{i}"
                    for i, one in enumerate(held)
                ),
            ]
        else:
            kept = [*moving, *_EXTREMES]
            each = [
                *each,
                "least_0 = least_0 if least_0 <= _x else _x",
                "least_1 = least_1 if least_1 <= _y else _y",
                "most_0 = most_0 if most_0 >= _x else _x",
                "most_1 = most_1 if most_1 >= _y else _y",
                *_SLOPE,
                "steepest = steepest if _steep <= steepest else _steep",
                *(f"block[{self._row(one)}, l] = {one}" for one in kept[2:]),
                f"block[{self._row('x')}, l] = _x",
                f"block[{self._row('y')}, l] = _y",
            ]
        loads = self._load([*kept, *map(_lane, self._varied)])
        width = "width" if looking else str(LANES)
        return [*once, f"for l in range({width}):", *_indented([*loads, *each])]

    # -- the kernel --------------------------------------------------------------------------

    def module(self, *, libm: bool = False) -> str:
        """Return the module's text, whose function is `walk`; SAVED in it is True or False.

        Parameters: with `libm`, exp and the like are the mathematical library's, which vectorise
        less and know every argument.
        """
        text = self._text
        called = [one for one in FUNCTIONS if not libm and _call(one).search(text)]
        for one in called:
            text = _call(one).sub(f"_v_{one}(", text)
        called += ["over"] if _OVER in text else []
        vector = ", ".join(f"{one} as _v_{one}" for one in called)
        head = _HEAD.format(
            version=__version__,
            imports=SCALAR_IMPORTS,
            functions=f"from landscape.maps.functions import {vector}" if called else "",
        )
        return head + text

    @property
    def is_exact(self) -> bool:
        """Whether all operations are IEEE's own, so that every way to do them gives the same."""
        return not any(_call(one).search(self._text) for one in FUNCTIONS)

    @cached_property
    def _text(self) -> str:
        stride = ["for k in range(begin, end):", *_indented(self._step(looking=False))]
        look = [
            "_left, _right, _low, _high = bounds[0], bounds[1], bounds[2], bounds[3]",
            "for k in range(begin, end):",
            "    _k = float(k)",
            "    if k == count - 1:",
            "        for l in range(width):",
            *(
                f"            {self._at(f'before_{i}')} = {self._at(xy)}"
                for i, xy in enumerate("xy")
            ),
            *_indented(self._step(looking=True)),
        ]
        options = f'error_model="numpy", nogil=True, cache={SAVED}'
        parts = [
            ('@_numba.njit(error_model="numpy")', f"_stride({_INNER})", stride),
            (
                '@_numba.njit(error_model="numpy")',
                f"_look(width, count, tolerance, bounds, {_INNER})",
                look,
            ),
            (f'@_numba.njit("{_SIGNATURE}", {options})', f"walk({_ARGUMENTS})", self._walk()),
        ]
        numbers = [f"{one} = numbers[{k}]" for k, one in enumerate(self._lifted.values())]
        return "\n\n".join(
            "\n".join([decorator, f"def {head}:", *_indented([*numbers, *lines])]) + "\n"
            for decorator, head, lines in parts
        )

    def _at(self, row: str, block: str = "block", lane: str = "l") -> str:
        return f"{block}[{self._row(row)}, {lane}]"

    def _walk(self) -> list[str]:
        """Return the lines that take block after block through all its steps."""
        rows = len(self._rows)
        inner = "numbers, plan, shakes, draws"
        look = "count, tolerance, bounds"
        stretch = [
            f"stop = min(done + {STRETCH}, count)",
            "living = 0",
            "if reach > 0.0:",
            f"    for r in range({rows}):",
            f"        for l in range({LANES}):",
            "            kept[r, l] = block[r, l]",
            f"    for l in range({LANES}):",
            *(f"        {self._at(one)} = {value}" for one, value in _EXTREMES.items()),
            f"    _stride(block, done, stop - 1, {inner})",
            f"    for l in range({LANES}):",
            f"        if {self._at('rows')} == done:",
            f"            {self._at('rows')} = stop - 1",
            f"    _look({LANES}, {look}, block, stop - 1, stop, {inner})",
            *_indented(self._judge()),
            "    if width > 0:",
            f"        _look(width, {look}, again, done, stop, {inner})",
            "        for w in range(width):",
            f"            for r in range({rows}):",
            "                block[r, which[w]] = again[r, w]",
            "else:",
            f"    _look({LANES}, {look}, block, done, stop, {inner})",
            f"for l in range({LANES}):",
            f"    living += {self._at('rows')} == stop",
            "done = stop if living > 0 else count",
        ]
        block = [
            f"m = min({LANES}, end - first)",
            *self._fill(),
            "done = 0",
            "while done < count:",
            *_indented(stretch),
            *self._finish(),
        ]
        return [
            "_left, _right, _low, _high = bounds[0], bounds[1], bounds[2], bounds[3]",
            *(f"{one} = _np.empty(({rows}, {LANES}))" for one in ("block", "kept", "again")),
            f"which = _np.empty({LANES}, _np.int64)",
            f"for first in range(begin, end, {LANES}):",
            *_indented(block),
        ]

    def _fill(self) -> list[str]:
        """Return the lines that put a block's paths at their starts; the last one may be short."""
        lines = ["j = first + (l if l < m else 0)"]
        lines += [f"block[{i}, l] = starts[{i}, j]" for i in (0, 1)]
        for i, one in enumerate(self._varied):
            lines.append(f"block[{self._row(_lane(one))}, l] = varied[{i}, j]")
        for one, value in (
            ("rows", "0.0"),
            ("inside", "-1.0"),
            ("moving", "-1.0"),
            *_EXTREMES.items(),
        ):
            lines.append(f"block[{self._row(one)}, l] = {value}")
        before: list[str] = []
        if "lr" in self._initial:
            if self._rate is not None:
                first, then, (rate,) = self._split([self._rate], "i")
                before = ["t = 0.0", *first]
                lines += [*self._load(map(_lane, self._varied)), *then, f"lr = {rate}"]
            elif "lr" in self._varied:
                lines.append(f"lr = block[{self._row(_lane('lr'))}, l]")
            else:
                before = ["lr = plan[0]"]
        for one, value in zip(self._held, self._initial, strict=True):
            lines.append(f"block[{self._row(one)}, l] = {value}")
        return [*before, f"for l in range({LANES}):", *_indented(lines)]

    def _judge(self) -> list[str]:
        """Return the lines that gather the paths that have to be looked at in every step."""
        rows = len(self._rows)
        at = {one: self._at(one) for one in self._rows}
        return [
            "latest = float(stop - 1)",
            "width = 0",
            f"for l in range({LANES}):",
            f"    if {self._at('rows', 'kept')} < done:  # it had ended before",
            f"        for r in range({rows}):",
            "            block[r, l] = kept[r, l]",
            "        continue",
            *(
                f"    {one}_{i} = {function}({at[f'{one}_{i}']}, {self._at(xy, 'kept')})"
                for one, function in (("least", "min"), ("most", "max"))
                for i, xy in enumerate("xy")
            ),
            # With a NaN among them, the comparison of that is false.
            f"    good = {at['least_0']} >= -reach and {at['least_1']} >= -reach",
            f"    good = good and {at['most_0']} <= reach and {at['most_1']} <= reach",
            f"    if {at['inside']} < latest:",
            "        aside = least_0 > _right or most_0 < _left",
            "        good = good and (aside or least_1 > _high or most_1 < _low)",
            f"    if {at['moving']} < latest < {at['rows']}:",
            f"        good = good and {at['steepest']} <= tolerance",
            "        good = good and most_0 - least_0 <= tolerance",
            "        good = good and most_1 - least_1 <= tolerance",
            "    if not good:",
            "        which[width] = l",
            f"        for r in range({rows}):",
            "            again[r, width] = kept[r, l]",
            "        width += 1",
        ]

    def _finish(self) -> list[str]:
        """Return the lines that look at the last point of each path and write the results."""
        once, each, texts = self._split(self._loss, "z")
        loss, dx, dy = texts
        shaken = f" + shakes[{self.shaken} * count, {{}}]" if self._noisy else ""
        lines = [
            *self._load(["x", "y", "rows", "inside", "moving", *map(_lane, self._varied)]),
            "x = _p_0",
            "y = _p_1",
            *each,
            f"_loss = {loss}",
            f"_g_0 = {dx}{shaken.format(0)}",
            f"_g_1 = {dy}{shaken.format(1)}",
            f"_x, _y = {self._at('before_0')}, {self._at('before_1')}",
            *_ENDS,
            "j = first + l",
        ]
        found = ("_p_0", "_p_1", "_loss", "_g_0", "_g_1", "rows", "inside", "moving")
        lines += [f"out[{i}, j] = {one}" for i, one in enumerate(found)]
        return ["_k = float(count)", *once, "for l in range(m):", *_indented(lines)]


# Rows that a stretch's steps keep without looking, and what they are before it.
_EXTREMES = {
    "least_0": "_inf",
    "least_1": "_inf",
    "most_0": "-_inf",
    "most_1": "-_inf",
    "steepest": "0.0",
}
_SLOPE = (
    "_across, _up = abs(_g_0), abs(_g_1)",
    "_steep = _across if _across > _up else _up",
)
_MOVED = (
    "_across, _up = abs(_x - _p_0), abs(_y - _p_1)",
    "_moved = _across if _across > _up else _up",
    *_SLOPE,
    "_most = _moved if _moved > _steep else _steep",
)
# How the ends of a path are told, with few comparisons, which cost most: `rows` counts the rows
# whose numbers are all finite, so a path is alive if those before this one are, and inf - inf is
# NaN. `descend` judges the same by the whole path.
_ENDS = (
    "_sum = _p_0 + _p_1 + _loss + _g_0 + _g_1",
    "_alive = rows + (_sum - _sum) == _k",
    "_across = _left - _p_0 if _left - _p_0 > _p_0 - _right else _p_0 - _right",
    "_up = _low - _p_1 if _low - _p_1 > _p_1 - _high else _p_1 - _high",
    "_outside = _across if _across > _up else _up",
    "inside = _k if _alive and _outside <= 0.0 else inside",
    *_MOVED,
    "moving = _k if _alive and _most > tolerance else moving",
    "rows = _k + 1.0 if _alive else rows",
)


# A division by what is the same for a whole block.
_OVER = "_v_over"


def _lane(name: str) -> str:
    return f"_v_{name}"


def _indented(lines: Iterable[str]) -> list[str]:
    return [f"    {line}" for line in lines]


def _call(function: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)_{function}\(")
