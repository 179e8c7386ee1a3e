"""The loop of an update rule over a formula, written as one Numba kernel.

A block of starts goes through all its steps before the next one begins. Its coordinates and the
rule's state are rows of one small array that stays in the core's nearest cache; the loop over the
block is the inner one, without branches, so that LLVM vectorises it. What does not differ within a
block (1 - beta1**t) is computed once a step. Numbers are arguments, so another rate or momentum is
not compiled again. Every operation is the one that `descend` does, in its order: where only
arithmetic and square roots are asked for, the results are the same to the last bit.

Written here are a step of the rule, the loss and its gradient at a point, and the first state;
what is done with a block besides is in `blocks`.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

from landscape._version import __version__
from landscape.formula.grammar import SCALAR_IMPORTS
from landscape.formula.nodes import Node, name
from landscape.maps import blocks, functions
from landscape.maps.functions import FUNCTIONS
from landscape.maps.lines import OVER, Lines, Numbers, indented, split
from landscape.optimizers.plane import PlaneCode
from landscape.optimizers.rule import Rule

__all__ = ["SAVED", "Derivatives", "FusedSource"]

STRETCH = 48  # steps, of which the last one is looked at
SAVED = "_SAVED_"  # stands for whether Numba keeps what it compiles

_ARRAYS = "float64[:, ::1]"
_SIGNATURE = (
    f"void({_ARRAYS}, {_ARRAYS}, float64[::1], float64[::1], {_ARRAYS}, {_ARRAYS}, int64, "
    f"float64, float64[::1], float64, int64, int64, {_ARRAYS}, int64[::1], "
    f"float64[::1], {_ARRAYS})"
)
_HEAD = """\
# landscape {version}, {stamp}
import numba as _numba
{imports}
from landscape.maps import blocks as _b
from landscape.maps.functions import widest as _widest{functions}
"""
_KERNEL = """\
@_numba.njit(error_model="numpy", **_b.INNER)
def _prepare(count, numbers, plan, shakes, draws, table):
{prepare}


@_numba.njit(error_model="numpy", **_b.INNER)
def _stride(block, width, begin, end, numbers, table):
{wide}{stride}


@_numba.njit(error_model="numpy", **_b.INNER)
def _measure(block, width, k, numbers, shakes):
{wide}{measure}


@_numba.njit(error_model="numpy", **_b.INNER)
def _look(block, width, begin, end, tolerance, bounds, numbers, shakes, table):
{wide}    for k in range(begin, end):
        _b.look_at(block, width)
        _stride(block, width, k, k + 1, numbers, table)
        _measure(block, width, k, numbers, shakes)
        _b.ends(block, width, k, bounds, tolerance)


@_numba.njit("{signature}", error_model="numpy", nogil=True,
             _nrt=False, no_cfunc_wrapper=True, cache={saved})
def walk(starts, varied, numbers, plan, shakes, draws, count, tolerance, bounds, reach, begin, end,
         rooms, which, table, out):
{wide}    _prepare(count, numbers, plan, shakes, draws, table)
    block, kept, again = rooms[0], rooms[1], rooms[2]
{numbers}
    for first in range(begin, end, _b.LANES):
        size = min(_b.LANES, end - first)
{fill}
        done = 0
        while done < count:
            stop = min(done + {stretch}, count)
            last = stop - 1
            _b.begin(block, kept, done, last)
            _stride(block, _b.LANES, done, last, numbers, table)
            _look(block, _b.LANES, last, stop, tolerance, bounds, numbers, shakes, table)
            width = _b.choose(block, kept, again, which, done, stop, bounds, reach, tolerance)
            if width > 0:
                _look(again, width, done, stop, tolerance, bounds, numbers, shakes, table)
            done = stop if _b.put_back(block, again, which, width, stop) else count
        _b.look_back(block)
        _measure(block, _b.LANES, count, numbers, shakes)
        _b.ends(block, _b.LANES, count, bounds, tolerance)
        for r in range({known}):
            for l in range(size):
                out[r, first + l] = block[(_b.FIRST_KNOWN + r) * _b.LANES + l]
"""


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
    the steps done, t, where lr is varied; `noisy`, whether noise is added to gradients; `bounded`,
    whether loss and gradient are finite in all steps that stay within the kernel's `reach`.

    Attributes: `shaken`, the gradients that are measured in each step, `drawn`, the calls of
    noise().

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
        bounded: bool = False,
    ) -> None:
        self._noisy, self._bounded = noisy, bounded
        self._rule, self._varied = rule, tuple(varied)
        self._numbers = Numbers()
        lifted = self._numbers.lifted
        fixed = {key: value for key, value in rule.hyperparameters.items() if key not in varied}
        code = PlaneCode(rule.formula, rule.program.statements, rule.state, fixed)
        rename = {one: name(_lane(one)) for one in varied}
        self._loss = lifted([surface.value, *surface.gradient], rename)
        self._gradient = lifted(surface.gradient, rename)
        # The rule's lr is that of the step, the one of the schedule's formula the first.
        own = {one: node for one, node in rename.items() if one != "lr"}
        self._asked = [(what, lifted(parts, own)) for what, parts in code.asked]
        curved = any(what == "hess" for what, _ in self._asked)
        self._curvature = lifted(surface.curvature(), rename) if curved else []
        self._outputs = lifted(code.outputs, own)
        self._rate = lifted([rate], rename) if rate is not None else []
        self._held = [f"_{found}_{i}" for found in rule.state for i in (0, 1)]
        self._rows = [*self._held, *map(_lane, self._varied)]
        self._initial = self._first_states(fixed)
        self.shaken = 1 + sum(what == "grad" for what, _ in self._asked)
        self.drawn = sum(what == "noise" for what, _ in self._asked)

    @property
    def shared(self) -> int:
        """How many numbers the kernel's table has for a step."""
        return len(self._shared)

    @property
    def rows(self) -> int:
        """The number of rows in each of the kernel's three rooms."""
        return blocks.FIRST + len(self._rows)

    @property
    def numbers(self) -> list[float]:
        """The numbers that the expressions have: the kernel's argument of that name."""
        return list(self._numbers.names)

    def _first_states(self, fixed: dict[str, float]) -> list[str]:
        """Return what each coordinate of the state is at the start."""
        found = []
        for state in self._rule.state:
            text = self._rule.initial.get(state, "0")
            for i in (0, 1):
                if text == "p":
                    found.append(self._at("xy"[i]))
                elif text == "lr":
                    found.append("lr")
                elif text in self._varied:
                    found.append(self._at(_lane(text)))
                else:
                    value = fixed[text] if text in fixed else float(text)
                    found.append(self._numbers.name(value))
        return found

    def _at(self, row: str) -> str:
        """Return the text of one number of a block: of a point, a state, or what is varied."""
        if row in ("x", "y"):
            return f"block[_b.{row.upper()} + l]"
        return f"block[{(blocks.FIRST + self._rows.index(row)) * blocks.LANES} + l]"

    def _load(self, rows: Iterable[str]) -> list[str]:
        return [f"{one} = {self._at(one)}" for one in rows]

    @cached_property
    def _lanes(self) -> frozenset[str]:
        """The names whose values differ within a block."""
        asked = [f"__asked{k}_{i}" for k in range(len(self._asked)) for i in (0, 1)]
        pairs = [f"_{vector}_{i}" for vector in "pg" for i in (0, 1)]
        lanes = {"x", "y", *pairs, *self._held, *asked, *map(_lane, self._varied)}
        return frozenset(lanes | ({"lr"} if "lr" in self._varied else set()))

    def _split(self, nodes: Sequence[Node], prefix: str) -> Lines:
        return split(nodes, prefix, self._lanes)

    # -- what is written ---------------------------------------------------------------------

    def _prepare(self) -> list[str]:
        """Return the lines that write what a step's paths have in common into a table, for all."""
        once, _ = self._steps
        size = len(self._shared)
        stores = [f"table[{size} * k + {n}] = {one}" for n, one in enumerate(self._shared)]
        return ["for k in range(count):", *indented([*once, *stores])] if size else ["pass"]

    def _stride(self) -> list[str]:
        """Return the lines that take a block through some steps and keep their extremes."""
        _, each = self._steps
        size = len(self._shared)
        shared = [f"{one} = table[{size} * k + {n}]" for n, one in enumerate(self._shared)]
        loads = [f"_p_{i} = {self._at(xy)}" for i, xy in enumerate("xy")]
        loads += self._load([*self._held, *map(_lane, self._varied)])
        told = _KEPT if self._bounded else (*_KEPT, "ODD")
        loads += [f"_{one} = block[_b.{one} + l]" for one in told]
        stores = [f"{self._at(one)} = {one}" for one in self._held]
        stores += [f"block[_b.{one} + l] = _{one}" for one in told]
        stores += [f"{self._at(one)} = _{one}" for one in "xy"]
        return [
            "for k in range(begin, end):",
            *indented(shared),
            "    for l in range(width):",
            *indented(indented([*loads, *each, *_EXTREMES, *stores])),
        ]

    @cached_property
    def _shared(self) -> list[str]:
        """The names of what is computed once for a step and read for each path."""
        once, each = self._steps
        read = set(re.findall(r"\w+", "\n".join(each)))
        return sorted({line.partition(" = ")[0] for line in once} & read)

    @cached_property
    def _steps(self) -> tuple[list[str], list[str]]:
        """The lines of one step: what is done once, and what for each path."""
        found = self._split(self._gradient if self._bounded else self._loss, "f")
        once, each = found.once, ["x = _p_0", "y = _p_1", *found.each]
        shaken = (" + _s0", " + _s1") if self._noisy else ("", "")
        each += [f"_g_{i} = {found.texts[i - 2]}{shaken[i]}" for i in (0, 1)]
        if not self._bounded:
            each.append(f"_total = _p_0 + _p_1 + {found.texts[0]} + _g_0 + _g_1")
            each.append("_ODD = _ODD + (_total - _total)")  # NaN once one of them is not finite
        shakes = [f"_s{i} = shakes[{self.shaken} * k, {i}]" for i in (0, 1)]
        once = [*shakes, *once] if self._noisy else once
        if self._rate:
            found = self._split(self._rate, "r")
            once += ["t = float(k)", *found.once]
            each += [*found.each, f"lr = {found.texts[0]}"]
        elif "lr" in self._varied:
            each.append(f"lr = {_lane('lr')}")
        else:
            once.append("lr = plan[k]")
        once.append("t = k + 1.0")
        grads = draws = 0
        for k, (what, parts) in enumerate(self._asked):
            pair = f"__asked{k}_0", f"__asked{k}_1"
            if what == "noise":
                at = f"draws[{self.drawn} * k + {draws}"
                once += [f"{one} = {at}, {i}]" for i, one in enumerate(pair)]
                draws += 1
                continue
            place = self._split(parts, f"a{k}")
            found = self._split(self._gradient if what == "grad" else self._curvature, f"b{k}")
            once += [*place.once, *found.once]
            each += [*place.each, f"x = {place.texts[0]}", f"y = {place.texts[1]}", *found.each]
            texts = found.texts
            if what == "grad" and self._noisy:
                grads += 1
                at = f"shakes[{self.shaken} * k + {grads}"
                once += [f"_s{grads}_{i} = {at}, {i}]" for i in (0, 1)]
                texts = [f"{text} + _s{grads}_{i}" for i, text in enumerate(texts)]
            each += [f"{one} = {text}" for one, text in zip(pair, texts, strict=True)]
        found = self._split(self._outputs, "o")
        once += found.once
        each += [*found.each, f"_x = {found.texts[0]}", f"_y = {found.texts[1]}"]
        if self._held:
            each.append(f"{', '.join(self._held)} = {', '.join(found.texts[2:])}")
        return once, each

    def _measure(self) -> list[str]:
        """Return the lines that compute loss and gradient at the points in some rows."""
        found = self._split(self._loss, "z")
        shaken = [f" + shakes[{self.shaken} * k, {i}]" if self._noisy else "" for i in (0, 1)]
        loss, dx, dy = found.texts
        each = ["x, y = block[_b.AT_X + l], block[_b.AT_Y + l]"]
        each += [*self._load(map(_lane, self._varied)), *found.each]
        each += [f"block[_b.LOSS + l] = {loss}"]
        each += [f"block[_b.DX + l] = {dx}{shaken[0]}", f"block[_b.DY + l] = {dy}{shaken[1]}"]
        return [*found.once, "for l in range(width):", *indented(each)]

    def _fill(self) -> list[str]:
        """Return the lines that put a block's paths at their starts; the last one may be short."""
        lines = ["j = first + (l if l < size else 0)"]
        lines += [f"{self._at(xy)} = starts[{i}, j]" for i, xy in enumerate("xy")]
        lines += [f"{self._at(_lane(one))} = varied[{i}, j]" for i, one in enumerate(self._varied)]
        lines += ["block[_b.ALIVE + l] = 0.0"]
        lines += ["block[_b.INSIDE + l] = -1.0", "block[_b.MOVING + l] = -1.0"]
        before: list[str] = []
        if "lr" in self._initial:
            if self._rate:
                found = self._split(self._rate, "i")
                before = ["t = 0.0", *found.once]
                lines += [*self._load(map(_lane, self._varied)), *found.each]
                lines += [f"lr = {found.texts[0]}"]
            elif "lr" in self._varied:
                lines.append(f"lr = {self._at(_lane('lr'))}")
            else:
                before = ["lr = plan[0]"]
        for one, value in zip(self._held, self._initial, strict=True):
            lines.append(f"{self._at(one)} = {value}")
        return [*before, "for l in range(_b.LANES):", *indented(lines)]

    @cached_property
    def _text(self) -> str:
        given = self._numbers.given()

        def body(lines: list[str], depth: int = 1) -> str:
            for _ in range(depth):
                lines = indented(lines)
            return "\n".join(lines)

        stride, measure, fill = self._stride(), self._measure(), self._fill()
        wide = "    _widest()\n" if _gains("\n".join([*stride, *measure])) else ""
        return _KERNEL.format(
            wide=wide,
            prepare=body([*given, *self._prepare()]),
            stride=body([*given, *stride]),
            measure=body([*given, *measure]),
            numbers=body(given),
            fill=body(fill, 2),
            stretch=STRETCH,
            known=len(blocks.KNOWN),
            signature=_SIGNATURE,
            saved=SAVED,
        )

    def module(self, *, libm: bool = False) -> str:
        """Return the module's text, whose function is `walk`; SAVED in it is True or False.

        Parameters: with `libm`, exp and the like are the mathematical library's, which vectorise
        less and know every argument.
        """
        text = self._text
        called = [one for one in FUNCTIONS if not libm and _call(one).search(text)]
        for one in called:
            text = _call(one).sub(f"_v_{one}(", text)
        called += ["over"] if OVER in text else []
        head = _HEAD.format(
            version=__version__,
            stamp=_stamp(),
            imports=SCALAR_IMPORTS,
            functions="".join(f", {one} as _v_{one}" for one in called),
        )
        return f'{head}\n_inf = float("inf")\n\n\n{text}'

    @property
    def is_exact(self) -> bool:
        """Whether all operations are IEEE's own, so that every way to do them gives the same."""
        return not any(_call(one).search(self._text) for one in FUNCTIONS)


# The extremes of a stretch. Comparisons are single instructions: with a NaN, the second number.
_KEPT = ("LEAST_X", "LEAST_Y", "MOST_X", "MOST_Y", "STEEPEST")
_EXTREMES = (
    "_LEAST_X = _LEAST_X if _LEAST_X < _x else _x",
    "_LEAST_Y = _LEAST_Y if _LEAST_Y < _y else _y",
    "_MOST_X = _MOST_X if _MOST_X > _x else _x",
    "_MOST_Y = _MOST_Y if _MOST_Y > _y else _y",
    "_across, _up = abs(_g_0), abs(_g_1)",
    "_steep = _across if _across > _up else _up",
    "_STEEPEST = _STEEPEST if _STEEPEST > _steep else _steep",
)


def _gains(text: str) -> bool:
    """Return whether lines gain from the widest vectors: divisions and roots take twice as long."""
    divides = " / " in text or "_sqrt(" in text
    return not divides or any(_call(one).search(text) for one in FUNCTIONS)


@cache
def _stamp() -> str:
    """Return a digest of the files whose functions a kernel has in it once it is compiled."""
    texts = []
    for one in (blocks, functions):
        with suppress(OSError):  # a package in a zip file has no files of its own
            texts.append(Path(one.__file__ or "").read_bytes())
    return hashlib.sha256(b"".join(texts)).hexdigest()[:12]


def _lane(name: str) -> str:
    return f"_v_{name}"


def _call(function: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)_{function}\(")
