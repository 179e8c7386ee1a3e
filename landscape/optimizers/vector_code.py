"""A rule's statements as operations on arrays and on numbers, told apart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NoReturn

from landscape.errors import LandscapeError
from landscape.formula.emit import Listing
from landscape.formula.nodes import Node, fold, name, number, substitute

__all__ = ["ASKED", "SUMS", "VectorCode"]

# What is asked for outside the formula: the names that the emitted code calls it by.
ASKED = {"grad": "_gradient", "hess": "_curvature", "noise": "_noise"}
# The sums over the coordinates: numbers made of arrays.
SUMS = ("dot", "norm")


class VectorCode:
    """The distinct operations of one step, for parameters of any number.

    What comes of t, lr and numbers alone is a number; p, g, what is asked for and all that meets
    them are arrays. A state that never meets an array stays a number.

    Parameters: `formula` is the text, for errors; `label` the rule's; `statements` its targets and
    expressions; `initial` what each state starts at; `hyperparameters` their values.

    Attributes: `listing`, the operations; `is_array`, which of them give arrays; `roots`, the
    position of the next p and of each next state; `questions`, what is asked for in order, with the
    position of its argument (None for noise); `numbers` and `arrays`, the states of either kind.

    Raises LandscapeError for swap(…), and where the numbers make no finite value.
    """

    def __init__(
        self,
        formula: str,
        label: str,
        statements: Sequence[tuple[str, Node]],
        initial: Mapping[str, str],
        hyperparameters: Mapping[str, float],
    ) -> None:
        self._label = label
        self._asked: list[tuple[str, Node | None]] = []
        values = {found: number(value) for found, value in hyperparameters.items()}
        environment: dict[str, Node] = {}
        for target, node in statements:
            environment[target] = self._inlined(substitute(node, values), environment)
        outputs = [environment.get(found, name(found)) for found in ["p", *initial]]
        arguments = [node for _, node in self._asked if node is not None]
        try:
            self.listing = Listing([*map(fold, arguments), *map(fold, outputs)])
        except (ArithmeticError, ValueError):
            shown = ", ".join(f"{key}={value:g}" for key, value in hyperparameters.items())
            raise LandscapeError(
                f"rule {formula!r} has no finite value with {shown or 'its numbers'}"
            ) from None
        places = iter(self.listing.roots)
        self.questions = [
            (what, None if node is None else next(places)) for what, node in self._asked
        ]
        self.roots = dict(zip(["p", *initial], places, strict=True))
        self.array_names, self.is_array = self._kinds([s for s in initial if initial[s] == "p"])
        self.arrays = [found for found in initial if found in self.array_names]
        self.numbers = [found for found in initial if found not in self.array_names]

    def asks(self, what: str) -> int:
        """Return how often one step asks for grad, hess or noise."""
        return sum(found == what for found, _ in self.questions)

    def needed_by(self, positions: Sequence[int]) -> list[int]:
        """Return the operations that lead to those at `positions`, these included, in order."""
        needed: set[int] = set()
        stack = list(positions)
        while stack:
            k = stack.pop()
            if k not in needed:
                needed.add(k)
                stack.extend(self.listing.entries[k].args)
        return sorted(needed)

    def _inlined(self, node: Node, environment: Mapping[str, Node]) -> Node:
        """Return an expression with what was assigned before in place of its name.

        Each grad(…), hess(…) and noise() becomes a name; they are asked in the order of the text.
        """
        memo: dict[int, Node] = {}

        def replaced(old: Node) -> Node:
            if id(old) in memo:
                return memo[id(old)]
            if old.op == "swap":
                _refuse_swap(self._label)
            if old.op == "name":
                new = environment.get(str(old.value), old)
            else:
                args = tuple(replaced(arg) for arg in old.args)
                new = Node(old.op, args, old.value) if args else old
                if old.op in ASKED:
                    self._asked.append((old.op, args[0] if args else None))
                    new = name(f"__asked{len(self._asked) - 1}")
            memo[id(old)] = new
            return new

        return replaced(node)

    def _kinds(self, started: Sequence[str]) -> tuple[set[str], list[bool]]:
        """Return the names that stand for arrays, and which operations give arrays."""
        asked = [f"__asked{k}" for k in range(len(self._asked))]
        arrays = {"p", "g", *started, *asked}
        while True:
            flags: list[bool] = []
            for entry in self.listing.entries:
                if entry.op == "name":
                    flags.append(entry.value in arrays)
                else:
                    flags.append(entry.op not in SUMS and any(flags[arg] for arg in entry.args))
            found = {state for state, root in self.roots.items() if flags[root]}
            if found <= arrays:
                return arrays, flags
            arrays |= found  # a state that is assigned an array is one, and so is what reads it


def _refuse_swap(label: str) -> NoReturn:
    raise LandscapeError(
        f"{label} exchanges the two coordinates of the plane, and a network has more: "
        "take another rule, such as adagrad"
    )
