"""Expressions as small immutable trees, with the constant folding that keeps them short."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

__all__ = [
    "COMPARISONS",
    "CONSTANTS",
    "Node",
    "call",
    "constant_value",
    "fold",
    "name",
    "names",
    "number",
    "postorder",
    "substitute",
    "tree_depth",
    "tree_size",
]

CONSTANTS: dict[str, float] = {"pi": math.pi, "e": math.e}
COMPARISONS = ("<", "<=", ">", ">=", "==", "!=")


@dataclass(frozen=True, eq=False, slots=True)
class Node:
    """One operation of an expression.

    `op` is "number", "name", "neg", an infix operator (+ - * / % **), a comparison, or the name
    of a function; `value` is the number or the name. Nodes compare by identity: a subtree that is
    used twice is one object, so a derivative with shared parts stays small.
    """

    op: str
    args: tuple[Node, ...] = ()
    value: float | str = 0.0


def number(value: float) -> Node:
    """Return the node of a number."""
    return Node("number", (), float(value))


def name(text: str) -> Node:
    """Return the node of a variable, a parameter or a constant such as pi."""
    return Node("name", (), text)


def call(op: str, *args: Node) -> Node:
    """Return the node of an operator or a function applied to `args`."""
    return Node(op, args)


def names(*nodes: Node) -> list[str]:
    """Return the names that `nodes` use, in the order of first use, constants left out."""
    found: dict[str, None] = {}
    for node in _walk(nodes):
        if node.op == "name" and node.value not in CONSTANTS:
            found[str(node.value)] = None
    return list(found)


def _walk(nodes: tuple[Node, ...]) -> Iterator[Node]:
    """Yield every distinct node once, left to right."""
    seen: set[int] = set()
    stack = list(reversed(nodes))
    while stack:
        node = stack.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        yield node
        stack.extend(reversed(node.args))


def postorder(node: Node) -> Iterator[Node]:
    """Yield every distinct node once, arguments first; not by recursion, for a node may be deep."""
    done: set[int] = set()
    stack = [(node, False)]
    while stack:
        part, ready = stack.pop()
        if id(part) in done:
            continue
        if ready or not part.args:
            done.add(id(part))
            yield part
        else:
            stack.append((part, True))
            stack.extend((arg, False) for arg in reversed(part.args))


def tree_size(node: Node) -> int:
    """Return how many nodes `node` has when it is written out, shared parts counted each time."""
    memo: dict[int, int] = {}
    for part in postorder(node):
        memo[id(part)] = 1 + sum(memo[id(arg)] for arg in part.args)
    return memo[id(node)]


def tree_depth(node: Node, known: Mapping[str, int]) -> int:
    """Return how many levels `node` has; `known` are the depths of what names stand for."""
    memo: dict[int, int] = {}
    for part in postorder(node):
        own = known.get(str(part.value), 0) if part.op == "name" else 0
        memo[id(part)] = 1 + max((memo[id(arg)] for arg in part.args), default=own)
    return memo[id(node)]


def substitute(node: Node, values: Mapping[str, Node]) -> Node:
    """Return `node` with each name in `values` replaced by its expression."""
    memo: dict[int, Node] = {}
    for old in postorder(node):
        new = old
        if old.op == "name":
            new = values.get(str(old.value), old)
        elif old.args:
            args = tuple(memo[id(arg)] for arg in old.args)
            if any(a is not b for a, b in zip(args, old.args, strict=True)):
                new = Node(old.op, args, old.value)
        memo[id(old)] = new
    return memo[id(node)]


_ARITHMETIC: dict[str, Callable[..., float]] = {
    "neg": lambda a: -a,
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "/": lambda a, b: a / b,
    "%": lambda a, b: a % b,
    "**": math.pow,
    "exp": math.exp,
    "log": math.log,
    "sqrt": math.sqrt,
    "abs": abs,
    "sin": math.sin,
    "cos": math.cos,
    "tan": math.tan,
    "asin": math.asin,
    "acos": math.acos,
    "atan": math.atan,
    "sinh": math.sinh,
    "cosh": math.cosh,
    "tanh": math.tanh,
    "sigmoid": lambda a: 1 / (1 + math.exp(-a)),
    "sign": lambda a: float((a > 0) - (a < 0)),
    "floor": lambda a: float(math.floor(a)),
    "min": min,
    "max": max,
}


def constant_value(node: Node) -> float | None:
    """Return the value of a leaf that is a constant, None for anything else."""
    if node.op == "number":
        return float(node.value)
    if node.op == "name":
        return CONSTANTS.get(str(node.value))
    return None


def fold(node: Node, keep: Node | None = None) -> Node:
    """Return `node` with constant parts computed and the identities of 0 and 1 applied.

    The subtrees that `node` has in common with `keep` stay as they are written.

    Only what IEEE arithmetic gives for every finite operand is used, so the folded expression has
    the value of the written one. Raises ArithmeticError or ValueError where a constant part has
    no finite value (1/0, log(-1), exp(1e9)).
    """
    kept = set() if keep is None else {id(part) for part in postorder(keep)}
    memo: dict[int, Node] = {}
    for old in postorder(node):
        if id(old) in kept:
            memo[id(old)] = old
            continue
        memo[id(old)] = _folded(old, tuple(memo[id(arg)] for arg in old.args))
    return memo[id(node)]


def _folded(old: Node, args: tuple[Node, ...]) -> Node:
    if not args:
        return old
    values = [constant_value(arg) for arg in args]
    if old.op in _ARITHMETIC and all(value is not None for value in values):
        result = _ARITHMETIC[old.op](*values)
        if not math.isfinite(result):
            raise OverflowError(old.op)
        return number(result)
    short = _identity(old.op, args, values)
    return short if short is not None else Node(old.op, args, old.value)


def _identity(op: str, args: tuple[Node, ...], values: list[float | None]) -> Node | None:
    """Return the shorter form of an operation with 0 or 1, None where there is none."""
    if op == "neg" and args[0].op == "neg":
        return args[0].args[0]
    if len(args) != 2:
        return None
    (a, b), (left, right) = args, values
    if op == "+":
        return b if left == 0 else a if right == 0 else None
    if op == "-":
        return call("neg", b) if left == 0 else a if right == 0 else None
    if op == "*":
        if left == 0 or right == 0:
            return number(0)
        return b if left == 1 else a if right == 1 else None
    if op in ("/", "**"):
        if right == 1:
            return a
        return number(1) if op == "**" and right == 0 else None
    return None
