"""Derivatives by SymPy, with a finite subgradient where a formula has a kink.

At a kink the derivative is a choice; this is ours, the one most libraries make too:
abs and sign have derivative 0 at 0; min and max of any number of arguments share it equally among
those that tie (their mean: a third each for max(x, y, 0) at the origin; a max within a max is one
of its arguments, so max(max(x, y), 0) gives 0 one half and the others a quarter);
a root u**p with 0 < p < 1 has derivative 0 where u is 0 (Ackley's tip); where(c, a, b) is
differentiated branch by branch, at the border the branch that is taken there; floor and sign are
flat, and u % m is u - m*floor(u/m).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cache
from typing import Any

from landscape.errors import LandscapeError
from landscape.formula.grammar import FUNCTIONS
from landscape.formula.nodes import COMPARISONS, Node, call, fold, name, number, postorder

__all__ = ["differentiate"]

_MAX_COST = 15_000
_BALANCE = 24  # sums longer than this are written as balanced trees, which keeps recursion shallow


def differentiate(node: Node, variables: Sequence[str]) -> tuple[list[list[Node]], list[str]]:
    """Return the gradient and the upper Hessian of `node`, and the gradient's LaTeX.

    Parameters: `variables` such as ("x", "y"). The result is ([[df/dx, df/dy],
    [d²f/dx², d²f/dxdy, d²f/dy²]], ["…", "…"]).

    Raises LandscapeError if a derivative cannot be written in finite numbers.
    """
    _check_cost(node)
    import sympy

    symbols = [sympy.Symbol(variable, real=True) for variable in variables]
    try:
        expression = _own_abs(_to_sympy(node))
        gradient = [_own_abs(sympy.diff(expression, symbol)) for symbol in symbols]
        hessian = [
            _own_abs(sympy.diff(gradient[i], symbols[j]))
            for i in range(len(symbols))
            for j in range(i, len(symbols))
        ]
        memo: dict[Any, Node] = {}
        nodes = [[fold(_from_sympy(part, memo)) for part in row] for row in (gradient, hessian)]
        shown = [sympy.latex(part) for part in gradient]
    except (ArithmeticError, ValueError, RecursionError, TypeError) as problem:
        reason = " ".join(str(problem).split())
        if isinstance(problem, ArithmeticError) or "digits" in reason:
            reason = "a coefficient of its derivative is too large"
        raise LandscapeError(f"cannot differentiate the formula: {reason}") from None
    return nodes, shown


def _own_abs(expression: Any) -> Any:
    """Return `expression` with the abs that SymPy makes of (x**2)**1.5 replaced by ours."""
    import sympy

    return expression.replace(sympy.Abs, _functions()["abs"])


def _check_cost(node: Node) -> None:
    """Refuse what SymPy would differentiate for longer than about a second.

    The sizes of the value, of a first and of a second derivative are estimated from those of the
    parts by the sum, product and chain rules.
    """
    memo: dict[int, tuple[int, int, int]] = {}

    for part in postorder(node):
        sizes = [memo[id(arg)] for arg in part.args]
        size, first, second = (sum(size[k] for size in sizes) for k in range(3))
        if part.op not in ("+", "-", "neg") and sizes:
            first, second = first + size, second + 2 * first + 2 * size
        if len(sizes) > 2 and part.op in ("min", "max"):
            second += 8 * len(sizes) ** 2  # each share counts the ties of all
        memo[id(part)] = size + 1, first, second

    if memo[id(node)][2] > _MAX_COST:
        raise LandscapeError(
            "the formula is nested too deeply, or is too long a product, to differentiate: "
            "write a shorter one"
        )


@cache
def _functions() -> dict[str, Any]:
    """Return our functions as SymPy classes (made on first use: SymPy is imported late)."""
    import sympy

    class Kinked(sympy.Function):  # type: ignore[misc]  # SymPy has no types
        """A function that SymPy must neither evaluate nor rewrite."""

        @classmethod
        def eval(cls, *args: Any) -> None:
            return None

    class where(Kinked):
        def _eval_derivative(self, symbol: Any) -> Any:
            condition, a, b = self.args
            da, db = a.diff(symbol), b.diff(symbol)
            return da if da == db else where(condition, da, db)

    class sign(Kinked):
        def fdiff(self, argindex: int = 1) -> Any:
            return sympy.S.Zero

    class floor(Kinked):
        def fdiff(self, argindex: int = 1) -> Any:
            return sympy.S.Zero

    class mod(Kinked):
        def fdiff(self, argindex: int = 1) -> Any:
            u, m = self.args
            return sympy.S.One if argindex == 1 else -floor(u / m)

    class abs_(Kinked):
        def fdiff(self, argindex: int = 1) -> Any:
            return sign(self.args[0])

        def _latex(self, printer: Any, exp: Any = None) -> str:
            text = rf"\left|{printer.doprint(self.args[0])}\right|"
            return text if exp is None else f"{text}^{{{exp}}}"

    class sigmoid(Kinked):
        def fdiff(self, argindex: int = 1) -> Any:
            return self * (1 - self)

    class larger(Kinked):
        """1 where a > b, 1/2 where they are equal, else 0."""

        def fdiff(self, argindex: int = 1) -> Any:
            return sympy.S.Zero

    class hit(Kinked):
        """1 where an argument of min or max is the extreme, else 0."""

        def fdiff(self, argindex: int = 1) -> Any:
            return sympy.S.Zero

        def _latex(self, printer: Any, exp: Any = None) -> str:
            arg, extreme = self.args
            text = rf"\left[{printer.doprint(arg)} = \{type(extreme).__name__}\right]"
            return text if exp is None else f"{text}^{{{exp}}}"

    class ties(Kinked):
        """The number of arguments of a min or max that are the extreme."""

        def fdiff(self, argindex: int = 1) -> Any:
            return sympy.S.Zero

        def _latex(self, printer: Any, exp: Any = None) -> str:
            text = rf"\#\{type(self.args[0]).__name__}"
            return text if exp is None else rf"\left({text}\right)^{{{exp}}}"

    class max_(Kinked):
        def fdiff(self, argindex: int = 1) -> Any:
            if len(self.args) > 2:
                return hit(self.args[argindex - 1], self) / ties(self)
            a, b = self.args
            return larger(a, b) if argindex == 1 else larger(b, a)

    class min_(Kinked):
        def fdiff(self, argindex: int = 1) -> Any:
            if len(self.args) > 2:
                return hit(self.args[argindex - 1], self) / ties(self)
            a, b = self.args
            return larger(b, a) if argindex == 1 else larger(a, b)

    class root(Kinked):
        """u**p with 0 < p < 1."""

        def fdiff(self, argindex: int = 1) -> Any:
            u, p = self.args
            return p * power0(u, p - 1)

        def _latex(self, printer: Any, exp: Any = None) -> str:
            u, p = self.args
            text = printer.doprint(sympy.Pow(u, p, evaluate=False))
            return text if exp is None else rf"\left({text}\right)^{{{exp}}}"

    class power0(Kinked):
        """u**p with p < 0, and 0 where u is 0."""

        def fdiff(self, argindex: int = 1) -> Any:
            u, p = self.args
            return p * power0(u, p - 1)

        def _latex(self, printer: Any, exp: Any = None) -> str:
            text = printer.doprint(sympy.Pow(*self.args, evaluate=False))
            return text if exp is None else rf"\left({text}\right)^{{{exp}}}"

    class compare(Kinked):
        """A condition; the first argument says which comparison."""

        def fdiff(self, argindex: int = 1) -> Any:
            return sympy.S.Zero

        def _latex(self, printer: Any, exp: Any = None) -> str:
            index, a, b = self.args
            return f"{printer.doprint(a)} {COMPARISONS[int(index)]} {printer.doprint(b)}"

    # The names that SymPy prints.
    max_.__name__, min_.__name__, abs_.__name__ = "max", "min", "abs"
    return {
        "where": where,
        "sign": sign,
        "floor": floor,
        "%": mod,
        "abs": abs_,
        "sigmoid": sigmoid,
        "max": max_,
        "min": min_,
        "larger": larger,
        "hit": hit,
        "ties": ties,
        "root": root,
        "power0": power0,
        "compare": compare,
    }


def _to_sympy(node: Node) -> Any:
    import sympy

    ours = _functions()
    memo: dict[int, Any] = {}

    def exact(value: float) -> Any:
        # The shortest decimal, so that 0.1 stays 1/10 and sums of coefficients stay exact.
        return sympy.Integer(int(value)) if value == int(value) else sympy.Rational(repr(value))

    def build(part: Node, args: list[Any]) -> Any:
        if part.op in ours and part.op != "sqrt" and all(arg.is_number for arg in args):
            folded = fold(part)
            if folded.op == "number":
                return exact(float(folded.value))
        match part.op:
            case "number":
                return exact(float(part.value))
            case "name":
                if part.value == "pi":
                    return sympy.pi
                return sympy.E if part.value == "e" else sympy.Symbol(str(part.value), real=True)
            case "neg":
                return -args[0]
            case "+":
                return args[0] + args[1]
            case "-":
                return args[0] - args[1]
            case "*":
                return args[0] * args[1]
            case "/":
                return args[0] / args[1]
            case "sqrt":
                if args[0].is_number:
                    return sympy.sqrt(args[0])
                return ours["root"](args[0], sympy.Rational(1, 2))
            case "**":
                if args[0].is_number and args[1].is_number:
                    return exact(float(args[0]) ** float(args[1]))
                if args[1].is_number and 0 < args[1] < 1:
                    return ours["root"](args[0], args[1])
                return args[0] ** args[1]
        if part.op in COMPARISONS:
            return ours["compare"](sympy.Integer(COMPARISONS.index(part.op)), *args)
        return ours[part.op](*args) if part.op in ours else getattr(sympy, part.op)(*args)

    for part in postorder(node):
        memo[id(part)] = build(part, [memo[id(arg)] for arg in part.args])
    return memo[id(node)]


def _chain(op: str, parts: list[Node]) -> Node:
    if len(parts) > _BALANCE:
        middle = len(parts) // 2
        return call(op, _chain(op, parts[:middle]), _chain(op, parts[middle:]))
    result = parts[0]
    for part in parts[1:]:
        result = call(op, result, part)
    return result


def _from_sympy(expression: Any, memo: dict[Any, Node]) -> Node:
    """Return SymPy's expression as nodes; equal parts become one node."""
    import sympy

    def visit(part: Any) -> Node:
        if part not in memo:
            memo[part] = build(part)
        return memo[part]

    def build(part: Any) -> Node:
        if part.is_Symbol:
            return name(str(part.name))
        if part is sympy.pi:
            return name("pi")
        if part is sympy.E:
            return name("e")
        if part.is_Rational or part.is_Float:
            value = float(part)
            if not math.isfinite(value):
                raise OverflowError("a coefficient is too large")
            return number(value)
        if part.is_Add:
            return add(part)
        if part.is_Mul:
            return multiply(part)
        if part.is_Pow:
            return power(*part.args)
        if isinstance(part, sympy.Function):
            return function(part)
        raise ValueError(f"SymPy gave {type(part).__name__}, which no formula can say")

    def add(part: Any) -> Node:
        plus, minus = [], []
        for term in part.as_ordered_terms():
            coefficient, rest = term.as_coeff_Mul()
            if coefficient.is_negative:
                minus.append(visit(-coefficient if rest == 1 else -term))
            else:
                plus.append(visit(term))
        if not plus:
            return call("neg", _chain("+", minus))
        total = _chain("+", plus)
        return call("-", total, _chain("+", minus)) if minus else total

    def multiply(part: Any) -> Node:
        if part.as_coeff_Mul()[0].is_negative:
            return call("neg", visit(-part))
        above, below = [], []
        for factor in part.as_ordered_factors():
            base, exponent = factor.as_base_exp()
            if exponent.is_Rational and exponent.is_negative and not base.is_Rational:
                below.append(visit(base**-exponent))
            else:
                above.append(visit(factor))
        top = _chain("*", above) if above else number(1)
        return call("/", top, _chain("*", below)) if below else top

    def power(base: Any, exponent: Any) -> Node:
        if base is sympy.E:
            return call("exp", visit(exponent))
        if exponent.is_Rational and exponent.is_negative:
            return call("/", number(1), visit(base**-exponent))
        return call("**", visit(base), visit(exponent))

    def hit(arg: Node, extreme: Node) -> Node:
        return call("where", call("==", arg, extreme), number(1), number(0))

    def function(part: Any) -> Node:
        kind = type(part).__name__
        args = part.args
        match kind:
            case "compare":
                return call(COMPARISONS[int(args[0])], visit(args[1]), visit(args[2]))
            case "larger":
                a, b = visit(args[0]), visit(args[1])
                tie = call("where", call("==", a, b), number(0.5), number(0))
                return call("where", call(">", a, b), number(1), tie)
            case "hit":
                return hit(visit(args[0]), visit(args[1]))
            case "ties":
                extreme = visit(args[0])
                return _chain("+", [hit(visit(arg), extreme) for arg in args[0].args])
            case "root":
                return call("**", visit(args[0]), visit(args[1]))
            case "power0":
                u = visit(args[0])
                inverse = call("/", number(1), call("**", u, visit(-args[1])))
                return call("where", call("==", u, number(0)), number(0), inverse)
            case "mod":
                return call("%", visit(args[0]), visit(args[1]))
            case "cot":  # what SymPy makes of tan(x + pi/2)
                return call("/", number(1), call("tan", visit(args[0])))
        if kind not in FUNCTIONS:
            raise ValueError(f"SymPy gave {kind}, which no formula can say")
        return call(kind, *(visit(arg) for arg in args))

    return visit(expression)
