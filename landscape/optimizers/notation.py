"""What a rule may say beyond a formula, and how a slide shows it."""

from __future__ import annotations

from landscape.formula.latex import latex
from landscape.formula.nodes import Node, name, postorder

__all__ = ["FUNCTIONS", "rule_latex"]

# With the number of arguments. `dot` and `norm` are sums over the coordinates, `swap` exchanges the
# two; `hess` is the diagonal of the Hessian; `noise` draws standard normal numbers, one each.
FUNCTIONS = {"grad": 1, "hess": 1, "dot": 2, "norm": 1, "swap": 1, "noise": 0}

_SHOWN = {
    "hess": r"\mathrm{{diag}}\,\nabla^2 f\left({0}\right)",
    "dot": r"\left\langle {0},\, {1} \right\rangle",
    "norm": r"\left\| {0} \right\|",
    "swap": r"\mathrm{{swap}}\left({0}\right)",
    "noise": r"\xi",
}


def rule_latex(node: Node) -> str:
    """Return an expression of a rule as LaTeX without dollar signs."""
    # A function stands under a name that no text can write while what is around it is written.
    shown: dict[str, str] = {}
    memo: dict[int, Node] = {}
    for old in postorder(node):
        new = old
        if old.args:
            new = Node(old.op, tuple(memo[id(arg)] for arg in old.args), old.value)
        if old.op in _SHOWN:
            inner = [_filled(latex(arg), shown) for arg in new.args]
            new = name(f"_{len(shown)}")
            shown[latex(new)] = _SHOWN[old.op].format(*inner)
        memo[id(old)] = new
    return _filled(latex(memo[id(node)]), shown)


def _filled(text: str, shown: dict[str, str]) -> str:
    for placeholder, written in shown.items():
        text = text.replace(placeholder, written)
    return text
