"""Expressions as lines of a kernel: numbers are arguments, and what a block shares is done once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from landscape.formula.emit import Listing
from landscape.formula.nodes import Node, name, postorder, substitute
from landscape.maps.functions import HAS_FMA

__all__ = ["OVER", "Lines", "Numbers", "indented", "split"]

OVER = "_v_over"  # a division by what is the same for a whole block


@dataclass(frozen=True)
class Numbers:
    """The numbers of expressions, which get names, so that others need no other kernel.

    Attributes: `names`, that of each number.
    """

    names: dict[float, str] = field(default_factory=dict)

    def name(self, value: float) -> str:
        """Return the name of a number."""
        return self.names.setdefault(value, f"_c{len(self.names)}")

    def lifted(self, nodes: Iterable[Node], rename: Mapping[str, Node]) -> list[Node]:
        """Return expressions with names for their numbers, exponents aside, and other names."""
        return [self._without(substitute(node, rename)) for node in nodes]

    def _without(self, node: Node) -> Node:
        memo: dict[int, Node] = {}
        for old in postorder(node):
            args = [memo[id(arg)] for arg in old.args]
            if old.op == "**" and old.args[1].op == "number":
                args[1] = old.args[1]
            memo[id(old)] = (
                name(self.name(float(old.value)))
                if old.op == "number"
                else Node(old.op, tuple(args), old.value)
            )
        return memo[id(node)]

    def given(self) -> list[str]:
        """Return the lines that take the numbers out of the kernel's argument."""
        return [f"{one} = numbers[{k}]" for k, one in enumerate(self.names.values())]


@dataclass(frozen=True)
class Lines:
    """Lines that compute expressions.

    Attributes: `once`, those for a block; `each`, those for each of its paths; `texts`, what the
    expressions are after them.
    """

    once: list[str]
    each: list[str]
    texts: list[str]


def split(nodes: Sequence[Node], prefix: str, lanes: frozenset[str]) -> Lines:
    """Return the lines of expressions, of which `lanes` are the names that differ within a block.

    Parameters: `prefix` makes the names in these lines their own.
    """
    listing = Listing(nodes)
    depends = listing.dependencies()
    if HAS_FMA:
        for k, entry in enumerate(listing.entries):
            by = depends[entry.args[1]] if entry.op == "/" else lanes
            if depends[k] & lanes and not by & lanes:
                listing.entries[k] = replace(entry, op=OVER)
    alike = {k for k, entry in enumerate(listing.entries) if entry.args and not depends[k] & lanes}
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
    return Lines(once, each, [texts[root] for root in listing.roots])


def indented(lines: Iterable[str]) -> list[str]:
    """Return lines one level deeper."""
    return [f"    {line}" for line in lines]
