"""Expressions to LaTeX, in the order in which they were written, for Matplotlib and for slides."""

from __future__ import annotations

import unicodedata

from landscape.formula.nodes import COMPARISONS, Node

__all__ = ["format_number", "latex", "plain_name"]

_GREEK = {
    *("alpha", "beta", "gamma", "delta", "epsilon", "eta", "theta", "kappa", "lambda", "mu"),
    *("nu", "xi", "pi", "rho", "sigma", "tau", "phi", "chi", "psi", "omega", "zeta"),
    *("Gamma", "Delta", "Theta", "Lambda", "Xi", "Pi", "Sigma", "Phi", "Psi", "Omega"),
}
_UNICODE_NAMES = {"lambda": "lamda"}
_SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
_SPECIAL = {"lr": r"\alpha", "eps": r"\epsilon", "lr0": r"\alpha_0", "grad": r"\nabla f"}
_RELATIONS = {"<=": r"\leq", ">=": r"\geq", "==": "=", "!=": r"\neq"}
_RAISED = ("sin", "cos", "tan", "sinh", "cosh", "tanh", "log")  # sin² x is usual
# Binding strengths: a part is put in brackets where it binds less than its place asks for.
_SUM, _PRODUCT, _SIGN, _POWER, _ATOM = range(1, 6)


def latex(node: Node) -> str:
    """Return `node` as LaTeX without dollar signs, within what Matplotlib's mathtext reads."""
    return _write(node)[0]


def plain_name(text: str) -> str:
    """Return a name as a legend shows it without LaTeX: beta1 becomes β₁."""
    stem = text.rstrip("0123456789")
    if stem not in _GREEK:
        return text
    case = "CAPITAL" if stem[0].isupper() else "SMALL"
    letter = unicodedata.lookup(f"GREEK {case} LETTER {_UNICODE_NAMES.get(stem.lower(), stem)}")
    return letter + text[len(stem) :].translate(_SUBSCRIPTS)


def format_number(value: float) -> str:
    """Return a number as a slide shows it: at most four digits, powers of ten for the extreme."""
    if value == int(value) and abs(value) < 1e6:
        return str(int(value))
    text = f"{value:.4g}"
    if "e" not in text:
        return text
    mantissa, exponent = text.split("e")
    power = f"10^{{{int(exponent)}}}"
    return power if mantissa == "1" else rf"{mantissa} \cdot {power}"


def _name(text: str) -> str:
    if text in _SPECIAL:
        return _SPECIAL[text]
    stem = text.rstrip("0123456789")
    digits = text[len(stem) :]
    stem, _, below = stem.partition("_")
    shown = f"\\{stem}" if stem in _GREEK else stem if len(stem) == 1 else rf"\mathrm{{{stem}}}"
    subscript = ",".join(part for part in (below + digits).split("_") if part)
    return f"{shown}_{{{subscript}}}" if subscript else shown


def _bracket(node: Node, needed: int) -> str:
    text, strength = _write(node)
    return text if strength >= needed else rf"\left({text}\right)"


def _write(node: Node) -> tuple[str, int]:
    """Return the LaTeX of `node` and how strongly it binds."""
    args = node.args
    match node.op:
        case "number":
            text = format_number(float(node.value))
            if text.startswith("-"):
                return text, _SIGN
            return text, _PRODUCT if "cdot" in text else _POWER if "^" in text else _ATOM
        case "name":
            return _name(str(node.value)), _ATOM
        case "neg":
            inner = _bracket(args[0], _PRODUCT)
            if inner.startswith("-"):
                inner = rf"\left({inner}\right)"
            return f"-{inner}", _SIGN if _is_product(args[0]) else _SUM
        case "+" | "-":
            right = _bracket(args[1], _SUM if node.op == "+" else _PRODUCT)
            if right.startswith("-"):
                if node.op == "+":
                    return f"{_bracket(args[0], _SUM)} - {right[1:]}", _SUM
                right = rf"\left({right}\right)"
            return f"{_bracket(args[0], _SUM)} {node.op} {right}", _SUM
        case "*":
            return _product(*args), _PRODUCT
        case "/":
            return rf"\frac{{{latex(args[0])}}}{{{latex(args[1])}}}", _PRODUCT
        case "%":
            # As weak as a sum, so that a product with it is not ambiguous.
            left, right = _bracket(args[0], _POWER), _bracket(args[1], _POWER)
            return rf"{left} \,\mathrm{{mod}}\, {right}", _SUM
        case "**":
            return _power(*args), _POWER
    if node.op in COMPARISONS:
        relation = _RELATIONS.get(node.op, node.op)
        return f"{latex(args[0])} {relation} {latex(args[1])}", 0
    return _call(node)


def _is_product(node: Node) -> bool:
    return node.op not in ("+", "-")


def _product(left: Node, right: Node) -> str:
    first, second = _bracket(left, _PRODUCT), _bracket(right, _PRODUCT)
    if second.startswith("-"):
        second = rf"\left({second}\right)"
    # A digit after a factor needs a sign between, letters and brackets need none.
    between = r" \cdot " if second[0].isdigit() or second.startswith(r"\frac") else r"\,"
    if first[-1].isdigit() and second.startswith(r"\frac{") and left.op == "number":
        between = r"\,"
    return first + between + second


def _power(base: Node, exponent: Node) -> str:
    if exponent.op == "number" and float(exponent.value) == 0.5:
        return rf"\sqrt{{{latex(base)}}}"
    above = latex(exponent)
    # sin^{-1} would be read as the inverse function.
    if base.op in _RAISED and exponent.op == "number" and float(exponent.value) > 0:
        return rf"\{base.op}^{{{above}}}\left({latex(base.args[0])}\right)"
    return f"{_bracket(base, _ATOM)}^{{{above}}}"


def _call(node: Node) -> tuple[str, int]:
    inner = [latex(arg) for arg in node.args]
    match node.op:
        case "sqrt":
            return rf"\sqrt{{{inner[0]}}}", _POWER
        case "abs":
            return rf"\left|{inner[0]}\right|", _ATOM
        case "exp":
            if "frac" in inner[0] or len(inner[0]) > 40:
                return rf"\exp\left({inner[0]}\right)", _POWER
            return f"e^{{{inner[0]}}}", _POWER
        case "floor":
            return rf"\lfloor {inner[0]} \rfloor", _ATOM
        case "sigmoid":
            return rf"\sigma\left({inner[0]}\right)", _POWER
        case "where":
            return (
                rf"\left({inner[1]}\ \mathrm{{if}}\ {inner[0]}\ \mathrm{{else}}\ {inner[2]}\right)",
                _ATOM,
            )
        case "grad":
            return rf"\nabla f\left({inner[0]}\right)", _POWER
        case "asin" | "acos" | "atan":
            return rf"\arc{node.op[1:]}\left({inner[0]}\right)", _POWER
        case "sign":
            return rf"\mathrm{{sign}}\left({inner[0]}\right)", _POWER
    return rf"\{node.op}\left({', '.join(inner)}\right)", _POWER
