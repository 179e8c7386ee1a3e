"""Expressions to source text: equal parts are computed once, integer powers are products.

A `Listing` numbers every distinct operation of some expressions (value numbering), so what the
value, the gradient and the Hessian share is written once. It is then written as Python for floats
(which Numba compiles as it stands), as Python for NumPy arrays, or back as formula text.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from landscape.formula.grammar import FUNCTIONS
from landscape.formula.nodes import COMPARISONS, CONSTANTS, Node, fold, postorder

__all__ = ["Listing", "Target", "function_source", "text_source"]

Target = Literal["scalar", "numpy", "text"]

_DEEPEST = 25  # levels in one line: Python reads at most 200 nested brackets


@dataclass(frozen=True, slots=True)
class Entry:
    """One distinct operation: its operands are the positions of earlier entries."""

    op: str
    args: tuple[int, ...]
    value: float | str


class Listing:
    """The distinct operations of `outputs` in an order in which they can be computed.

    Parameters: with `expand`, an integer power is written as products, and min or max of several
    as one of pairs, so that every entry is one machine operation.

    Attributes: `entries`, the operations; `roots`, the position of each output; `uses`, how often
    each entry is read.
    """

    def __init__(self, outputs: Iterable[Node], *, expand: bool = True) -> None:
        self.entries: list[Entry] = []
        self._numbers: dict[tuple[str, tuple[int, ...], float | str], int] = {}
        self._expand = expand
        memo: dict[int, int] = {}
        self._kept = [fold(node) for node in outputs]  # ids in the memo must stay alive
        self.roots = [self._place(node, memo) for node in self._kept]
        self.uses = [0] * len(self.entries)
        for entry in self.entries:
            for arg in entry.args:
                self.uses[arg] += 1
        for root in self.roots:
            self.uses[root] += 1

    def _place(self, node: Node, memo: dict[int, int]) -> int:
        """Return the position of `node`, once its parts have theirs."""
        for part in postorder(node):
            if id(part) in memo:
                continue
            args = tuple(memo[id(arg)] for arg in part.args)
            if part.op == "**" and self._expand:
                memo[id(part)] = self._power(*args)
            elif part.op in ("min", "max") and self._expand:
                extreme = args[0]
                for arg in args[1:]:
                    extreme = self._add(part.op, (extreme, arg))
                memo[id(part)] = extreme
            else:
                memo[id(part)] = self._add(part.op, args, part.value)
        return memo[id(node)]

    def _add(self, op: str, args: tuple[int, ...] = (), value: float | str = 0.0) -> int:
        key = (op, args, value)
        if key not in self._numbers:
            self.entries.append(Entry(op, args, value))
            self._numbers[key] = len(self.entries) - 1
        return self._numbers[key]

    def _power(self, base: int, exponent: int) -> int:
        """Write an integer power as products and a half as a root: quicker, and the same
        in Python, NumPy and Numba to the last bit."""
        entry = self.entries[exponent]
        power = float(entry.value) if entry.op == "number" else 0.0
        if power == 0.5:
            return self._add("sqrt", (base,))
        if power != int(power) or power == 0 or abs(power) > 64:
            return self._add("**", (base, exponent))
        result, square, left = -1, base, abs(int(power))
        while left:
            if left & 1:
                result = square if result < 0 else self._add("*", (result, square))
            left >>= 1
            if left:
                square = self._add("*", (square, square))
        return result if power > 0 else self._add("/", (self._add("number", (), 1.0), result))

    def dependencies(self) -> list[frozenset[str]]:
        """Return the names that each entry depends on."""
        found: list[frozenset[str]] = []
        for entry in self.entries:
            if entry.op == "name" and entry.value not in CONSTANTS:
                found.append(frozenset((str(entry.value),)))
            else:
                found.append(frozenset().union(*(found[arg] for arg in entry.args)))
        return found

    def write(
        self,
        target: Target,
        wanted: Iterable[int] | None = None,
        given: dict[int, str] | None = None,
        prefix: str = "_",
    ) -> tuple[list[str], dict[int, str]]:
        """Return assignment lines, and for each of `wanted` the text that holds it.

        Parameters: `wanted` are positions (default: the outputs); `given` are entries that already
        have a name, to which the temporaries of these lines are added, so that code can be written
        in several stretches; `prefix` begins the names of temporaries.
        """
        given = {} if given is None else given
        wanted = self.roots if wanted is None else list(wanted)
        needed: set[int] = set()
        stack = list(wanted)
        while stack:
            position = stack.pop()
            if position not in needed:
                needed.add(position)
                if position not in given:
                    stack.extend(self.entries[position].args)
        texts: dict[int, str] = {}
        depths: dict[int, int] = {}
        lines: list[str] = []
        twice = self._mentioned_twice(needed, target)
        for position in sorted(needed):
            if position in given:
                texts[position] = given[position]
                continue
            entry = self.entries[position]
            text = _operation(entry, [texts[arg] for arg in entry.args], target)
            depths[position] = 1 + max((depths.get(arg, 0) for arg in entry.args), default=0)
            shared = self.uses[position] > 1 or position in twice or depths[position] > _DEEPEST
            # A condition has no name in formula text.
            if entry.args and shared and not (target == "text" and entry.op in COMPARISONS):
                lines.append(f"{prefix}{position} = {text}")
                text = given[position] = f"{prefix}{position}"
                depths[position] = 0
            texts[position] = text
        return lines, {position: texts[position] for position in wanted}

    def _mentioned_twice(self, needed: set[int], target: Target) -> set[int]:
        """Return the operands that a function's template mentions more than once."""
        twice: set[int] = set()
        if target == "scalar":
            for position in needed:
                entry = self.entries[position]
                if entry.op in ("min", "max", "sign", "floor"):
                    twice.update(entry.args)
        return twice


def _operation(entry: Entry, args: list[str], target: Target) -> str:
    if entry.op == "number":
        value = float(entry.value)
        return f"({value!r})" if value < 0 else repr(value)
    if entry.op == "name":
        if target != "text" and entry.value in CONSTANTS:
            return repr(CONSTANTS[str(entry.value)])
        return str(entry.value)
    if entry.op == "neg":
        return f"(-{args[0]})"
    if entry.op == "**":
        return f"_pow({args[0]}, {args[1]})" if target == "scalar" else f"({args[0]} ** {args[1]})"
    if entry.op in ("+", "-", "*", "/", "%", *COMPARISONS):
        return f"({args[0]} {entry.op} {args[1]})"
    if entry.op in FUNCTIONS and target != "text":
        function = FUNCTIONS[entry.op]
        return (function.scalar if target == "scalar" else function.numpy).format(*args)
    return f"{entry.op}({', '.join(args)})"


def function_source(name: str, args: Iterable[str], outputs: Iterable[Node], target: Target) -> str:
    """Return the source of a function of `args` that returns the outputs (a tuple if several)."""
    listing = Listing(outputs)
    lines, texts = listing.write(target)
    body = [*lines, f"return {', '.join(texts[root] for root in listing.roots)}"]
    return f"def {name}({', '.join(args)}):\n" + "".join(f"    {line}\n" for line in body)


def text_source(outputs: Mapping[str, Node], prefix: str = "tmp") -> str:
    """Return formula text of statements that assign each output; the parser reads it again.

    Parameters: `prefix` begins the names of temporaries: no name in `outputs` may begin so.
    """
    listing = Listing(outputs.values(), expand=False)
    lines, texts = listing.write("text", prefix=prefix)
    closing = [f"{name} = {texts[root]}" for name, root in zip(outputs, listing.roots, strict=True)]
    return "\n".join([*lines, *closing])
