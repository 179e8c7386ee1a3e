"""A rule written out for the two coordinates of the plane."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from landscape.errors import LandscapeError
from landscape.formula.emit import Listing
from landscape.formula.nodes import Node, call, fold, name, number, substitute

__all__ = ["PlaneCode"]

Pair = tuple[Node, Node]

# What is asked for outside the formula: the names that the emitted code calls it by.
_ASKED = {"grad": "_gradient", "hess": "_curvature", "noise": "_noise"}


class PlaneCode:
    """The statements of a rule, run on expressions: every vector becomes a pair of them.

    Each grad(…), hess(…) and noise() becomes a stretch of code that ends in a call.

    Parameters: `formula` is the text, for errors; `statements` its targets and expressions;
    `state` the names that are remembered; `hyperparameters` their values.

    Attributes: `outputs`, the next p and state; `asked`, what is called, with its arguments.

    Raises LandscapeError where the numbers make no finite value.
    """

    def __init__(
        self,
        formula: str,
        statements: Sequence[tuple[str, Node]],
        state: Sequence[str],
        hyperparameters: Mapping[str, float],
    ) -> None:
        self.state = state
        asked: list[tuple[str, list[Node]]] = []
        self.asked = asked
        values = {found: number(value) for found, value in hyperparameters.items()}
        self._environment: dict[str, Pair] = {
            vector: (name(f"_{vector}_0"), name(f"_{vector}_1")) for vector in ["p", "g", *state]
        }
        for target, node in statements:
            self._environment[target] = self._pair(substitute(node, values))
        outputs = [part for found in ["p", *state] for part in self._environment[found]]
        try:
            self.outputs = [fold(part) for part in outputs]
            self.asked = [(what, [fold(part) for part in parts]) for what, parts in asked]
        except (ArithmeticError, ValueError):
            shown = ", ".join(f"{key}={value:g}" for key, value in hyperparameters.items())
            raise LandscapeError(
                f"rule {formula!r} has no finite value with {shown or 'its numbers'}"
            ) from None

    def calls(self, what: str) -> int:
        """Return how often one step asks for grad, hess or noise."""
        return sum(found == what for found, _ in self.asked)

    def _pair(self, node: Node) -> Pair:
        """Return the two coordinates of an expression; one that is the same in both is shared."""
        if node.op == "name":
            return self._environment.get(str(node.value), (node, node))
        if node.op in _ASKED:
            parts = [part for arg in node.args for part in self._pair(arg)]
            self.asked.append((node.op, parts))
            k = len(self.asked) - 1
            # Two underscores, lest a state called asked0 have the same name.
            return name(f"__asked{k}_0"), name(f"__asked{k}_1")
        if not node.args:
            return node, node
        pairs = [self._pair(arg) for arg in node.args]
        if node.op == "swap":
            return pairs[0][1], pairs[0][0]
        if node.op in ("dot", "norm"):
            u, v = pairs[0], pairs[-1]
            total = call("+", call("*", u[0], v[0]), call("*", u[1], v[1]))
            total = call("sqrt", total) if node.op == "norm" else total
            return total, total
        first = call(node.op, *(pair[0] for pair in pairs))
        if all(pair[0] is pair[1] for pair in pairs):
            return first, first
        return first, call(node.op, *(pair[1] for pair in pairs))

    def source(self, target: Any) -> str:
        """Return the source of `step(t, lr, p0, p1, g0, g1, state, gradient, curvature, noise)`."""
        flat = [part for _, parts in self.asked for part in parts]
        listing = Listing([*flat, *self.outputs])
        given: dict[int, str] = {}
        body: list[str] = []
        held = [f"_{found}_{i}" for found in self.state for i in (0, 1)]
        if held:
            body.append(f"{', '.join(held)} = _state")
        done = 0
        for k, (what, parts) in enumerate(self.asked):
            roots = listing.roots[done : done + len(parts)]
            done += len(parts)
            lines, texts = listing.write(target, roots, given)
            body += lines
            arguments = ", ".join(texts[root] for root in roots)
            body.append(f"__asked{k}_0, __asked{k}_1 = {_ASKED[what]}({arguments})")
        lines, texts = listing.write(target, listing.roots[done:], given)
        body += lines
        p0, p1, *after = (texts[root] for root in listing.roots[done:])
        closing = "".join(f"{text}, " for text in after)
        body.append(f"return {p0}, {p1}, ({closing})")
        head = "def step(t, lr, _p_0, _p_1, _g_0, _g_1, _state, _gradient, _curvature, _noise):\n"
        return head + "".join(f"    {line}\n" for line in body)
