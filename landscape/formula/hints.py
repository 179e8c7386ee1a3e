"""What people type that is no formula: the usual spellings read, the rest met with its cure."""

from __future__ import annotations

import ast
import difflib
import itertools
import keyword
import re
import unicodedata

from landscape.formula.grammar import FUNCTIONS
from landscape.formula.nodes import CONSTANTS

__all__ = [
    "augmented_cure",
    "call_cure",
    "condition_cure",
    "cut",
    "expression_cure",
    "function_cure",
    "is_nested",
    "name_cure",
    "product_cure",
    "raised_function_cure",
    "respell",
    "syntax_cure",
]

# What a slide or a word processor writes, in Python's spelling.
_SPELLINGS = str.maketrans(
    {
        **dict.fromkeys("·×⋅∙∗", "*"),
        **dict.fromkeys("÷∕", "/"),
        **dict.fromkeys("−–", "-"),
        **dict.fromkeys("\u00a0\u2009\u202f", " "),
        **{"^": "**", "π": " pi ", "≤": "<=", "≥": ">=", "≠": "!="},
    }
)
_RAISED = re.compile("[⁺⁻]?[⁰¹²³⁴⁵⁶⁷⁸⁹]+")
_TOKENS = re.compile(
    r"(?P<number>0[xX][0-9a-fA-F_]+|(?:\d[\d_]*\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)"
    r"|(?P<name>[^\W\d]\w*)|(?P<other>\S)"
)
_ALONE = "write the expression alone"
_WHERE = "write where(x < 0, a, b) for a choice"
_SUM = "a sum is written sum(u**2 for u in (x, y))"
_QUOTES = "leave the quotes away"
# Signs that no formula has, for a text that Python cannot read.
_SIGNS = {
    "√": "write sqrt(x) for a root",
    "∞": "numbers are finite",
    "$": "LaTeX is not read: write x**2/y, sqrt(x), exp(x)",
    "\\": "LaTeX is not read: write x**2/y, sqrt(x), exp(x)",
    "?": _WHERE,
    '"': _QUOTES,
    "'": f"{_QUOTES}; derivatives are taken from the formula",
}
_RENAMED = {
    **{"ln": "log", "arcsin": "asin", "arccos": "acos", "arctan": "atan", "tg": "tan"},
    **{"sgn": "sign", "fabs": "abs", "logistic": "sigmoid", "maximum": "max", "minimum": "min"},
    **{"sh": "sinh", "ch": "cosh", "th": "tanh", "ifelse": "where", "piecewise": "where"},
}
# u and v stand for the arguments, U and V for the arguments in brackets if they need them.
_WRITTEN_OUT = {
    "log10": "log({u})/log(10)",
    "log2": "log({u})/log(2)",
    "log1p": "log(1 + {u})",
    "expm1": "exp({u}) - 1",
    "cot": "1/tan({u})",
    "sec": "1/cos({u})",
    "csc": "1/sin({u})",
    "cbrt": "sign({u})*abs({u})**(1/3)",
    "square": "{U}**2",
    "pow": "{U}**{V}",
    "power": "{U}**{V}",
    "mod": "{U} % {V}",
    "hypot": "sqrt({U}**2 + {V}**2)",
    "ceil": "-floor(-{U})",
    "round": "floor({u} + 0.5)",
    "relu": "max(0, {u})",
    "softplus": "log(1 + exp({u}))",
    "heaviside": "where({u} < 0, 0, 1)",
}


def cut(text: str, length: int = 60) -> str:
    """Return the beginning of `text` on one line."""
    line = " ".join(text[: 4 * length].split())
    return line if len(line) <= length else line[: length - 1] + "…"


def respell(text: str) -> str:
    """Return `text` with powers, products and signs as Python spells them: x² becomes x**2."""

    def raised(match: re.Match[str]) -> str:
        power = unicodedata.normalize("NFKC", match[0]).replace("−", "-")
        return f"**{power}" if power.isdigit() else f"**({power})"

    return _RAISED.sub(raised, text).translate(_SPELLINGS)


def is_nested(text: str, depth: int) -> bool:
    """Return whether brackets or signs are nested deeper than `depth`: then Python is not asked."""
    level = signs = 0
    for letter in text:
        if letter in "([{":
            level += 1
        elif letter in ")]}":
            level -= 1
        if letter in "+-~":
            signs += 1
        elif not letter.isspace():
            signs = 0
        if level > depth or signs > depth:
            return True
    return False


def syntax_cure(text: str) -> str | None:
    """Return the cure for a `text` that Python's parser refuses, None if none is known."""
    if match := re.search(r"\|([^|]*)\|", text):
        return f"write abs({cut(match[1].strip(), 30)}) for an absolute value"
    for sign, cure in _SIGNS.items():
        if sign in text:
            return cure
    for letter in text:
        if unicodedata.category(letter) == "No":
            plain = unicodedata.normalize("NFKC", letter).replace("⁄", "/")
            return f"write ({plain}) for {letter}"
    if re.search(r"!(?!=)", text):
        return "there is no factorial"
    if "***" in text or re.search(r"\*\s+\*", text):
        return "a power is written x**2, a product x*y"
    if "=>" in text or "=<" in text or "<>" in text:
        return "comparisons are written <= >= == !="
    if re.search(r"\blambda\b", text):
        return _ALONE
    if re.search(r"[)\w\]]\s*=\s*$", text):
        return "an equation has no value: leave the = away"
    if re.search(r"^[^=]*\)\s*=(?!=)", text):
        return "write what stands right of the = alone"
    return _neighbours_cure(text) or _unfinished_cure(text)


def _neighbours_cure(text: str) -> str | None:
    """Return the cure where two factors stand side by side: 3y, x y, (x + 1)(y + 2), sin x."""
    tokens = [(match.lastgroup, match[0], match.span()) for match in _TOKENS.finditer(text)]
    for k, (before, after) in enumerate(itertools.pairwise(tokens)):
        (kind, left, (start, end)), (next_kind, right, (next_start, stop)) = before, after
        if keyword.iskeyword(left) or keyword.iskeyword(right):
            continue
        ends = kind in ("number", "name") or left == ")"
        begins = next_kind in ("number", "name") or (right == "(" and kind != "name")
        if not (ends and begins) or (kind == next_kind == "number" and end == next_start):
            continue
        if right == "(" or (next_kind == "name" and text[stop : stop + 1] == "("):
            stop = _closing(text, text.index("(", next_start))
        second = cut(text[next_start:stop], 30)
        called = _RENAMED.get(left, left)
        if called in FUNCTIONS:
            return f"a function has brackets: write {called}({second})"
        if left == ")":
            start = _opening(tokens, k)
        elif kind == "number" and text[:start].rstrip().endswith("**"):  # the exponent of x**2 y
            start = text[:start].rstrip().removesuffix("**").rstrip().rfind(" ") + 1
            return f"a product needs a star: write {cut(text[start:end], 30)}*{second}"
        return f"a product needs a star: write {cut(text[start:end], 30)}*{second}"
    return None


def _closing(text: str, position: int) -> int:
    """Return where the bracket that opens at `position` has been closed."""
    level = 0
    for k in range(position, len(text)):
        level += (text[k] == "(") - (text[k] == ")")
        if level == 0:
            return k + 1
    return len(text)


def _opening(tokens: list[tuple[str | None, str, tuple[int, int]]], last: int) -> int:
    """Return where the group begins that the token `last` closes, with its function's name."""
    level = 0
    for k in range(last, -1, -1):
        level += (tokens[k][1] == ")") - (tokens[k][1] == "(")
        if level == 0:
            named = k > 0 and tokens[k - 1][0] == "name" and not keyword.iskeyword(tokens[k - 1][1])
            return tokens[k - named][2][0]
    return tokens[0][2][0]


def _unfinished_cure(text: str) -> str | None:
    missing = text.count("(") - text.count(")")
    if missing > 0:
        return f"a bracket is open: {missing} more ')' wanted"
    if missing < 0:
        return "a ')' has no '('"
    if re.search(r"\bif\b|\belse\b", text):
        return _WHERE
    if match := re.search(r"([-+*/%<>=]+)\s*$", text):
        return f"something is missing after {match[1]}"
    if re.search(r"[^=!<>]=(?!=)", text):
        return "an assignment is written 'name = expression'"
    return None


def expression_cure(part: ast.AST) -> str:
    """Return the cure for an expression that Python reads and a formula cannot have."""
    match part:
        case ast.Compare():
            return f"a comparison has no value: write where({_written(part)}, 1, 0)"
        case ast.BoolOp() | ast.UnaryOp(op=ast.Not()):
            return "and, or, not are not read: nest where(x < 0, where(y < 0, a, b), b)"
        case ast.Lambda():
            return f"{_ALONE}: {_written(part.body)}"
        case ast.ListComp() | ast.SetComp() | ast.DictComp() | ast.GeneratorExp():
            return _SUM
        case ast.JoinedStr() | ast.Constant(value=str() | bytes()):
            return _QUOTES
        case ast.Constant(value=bool()):
            return "write 1 or 0"
        case ast.Constant(value=complex()):
            return "numbers are real"
        case ast.Tuple():
            return "one expression is wanted (and a decimal has a point: 1.5)"
        case ast.List() | ast.Set() | ast.Dict():
            return "brackets are round: write (…)"
        case ast.Subscript():
            return "names have no index: write x1 for x[1]"
        case ast.Attribute():
            if part.attr in FUNCTIONS or part.attr in CONSTANTS:
                return f"write {part.attr} alone"
            return "names have no parts after a point"
        case ast.NamedExpr():
            return "an assignment stands before: write 'u = x - y; u**2'"
        case ast.BinOp(op=ast.FloorDiv()):
            return f"write floor({_written(part.left)}/{_factor(part.right)})"
        case ast.BinOp(op=ast.BitOr()):
            return "write abs(x) for an absolute value"
        case ast.BinOp(op=ast.MatMult()):
            return f"write {_factor(part.left)}*{_factor(part.right)}"
        case ast.UnaryOp(op=ast.Invert()):
            return f"write -{_factor(part.operand)}"
    return "numbers, names, + - * / % **, and functions are read"


def condition_cure(part: ast.AST) -> str:
    """Return the cure for what stands as a condition and is not one comparison."""
    match part:
        case ast.BoolOp(op=ast.And()):
            first, second = map(_written, part.values[:2])
            cure = f"nest where({first}, where({second}, a, b), b)"
        case ast.BoolOp():
            first, second = map(_written, part.values[:2])
            cure = f"nest where({first}, a, where({second}, a, b))"
        case ast.UnaryOp(op=ast.Not()):
            cure = f"write where({_written(part.operand)}, b, a) with the values swapped"
        case ast.Compare():
            cure = "nest where(0 < x, where(x < 1, a, b), b)"
        case _:
            cure = f"write where({_written(part)} > 0, a, b)"
    return f"a condition is one comparison: {cure}"


def call_cure(part: ast.Call) -> str:
    """Return the cure for a call of what is no name: 2(x + 1), np.sin(x)."""
    if isinstance(part.func, ast.Attribute):
        if part.func.attr in FUNCTIONS:
            return f"write {part.func.attr}({', '.join(map(_written, part.args))})"
        return "only the functions of the grammar can be called"
    numeric = isinstance(part.func, ast.Constant | ast.BinOp | ast.UnaryOp | ast.Call)
    cure = product_cure(part) if numeric else None
    return cure or "only the functions of the grammar can be called"


def function_cure(name: str, args: list[ast.expr], known: list[str]) -> str:
    """Return the cure for a function that is not among `known`."""
    if name in _RENAMED:
        return f"write {_RENAMED[name]}({', '.join(map(_written, args))})"
    template = _WRITTEN_OUT.get(name)
    if template is not None and len(args) == 1 + ("{V}" in template):
        plain = dict(zip("uv", map(_written, args), strict=False))
        bound = dict(zip("UV", map(_factor, args), strict=False))
        return f"write {template.format(**plain, **bound)}"
    close = difflib.get_close_matches(name.lower(), known, n=1)
    return f"did you mean {close[0]}?" if close else f"it knows {', '.join(known)}"


def name_cure(name: str, known: list[str]) -> str:
    """Return the cure for a name that is not among `known`."""
    if name.lower() in known:
        return f"did you mean {name.lower()}?"
    if len(name) > 1 and all(letter in known for letter in name):
        return f"a product needs a star: write {'*'.join(name)}"
    stem = name.rstrip("0123456789")
    if stem == "x" and {"x", "y"} <= set(known):
        digits = name[1:]
        return (
            "the two parameters are x and y; for a product or a power write "
            f"x*{digits} or x**{digits}"
        )
    if stem != name and stem in known:
        return f"write {stem}*{name[len(stem) :]} or {stem}**{name[len(stem) :]}"
    close = difflib.get_close_matches(name, known, n=1)
    return f"did you mean {close[0]}?" if close else f"it knows {', '.join(known)}"


def augmented_cure(part: ast.AugAssign) -> str:
    """Return the cure for u += x."""
    longer = ast.BinOp(left=part.target, op=part.op, right=part.value)
    return f"write {_written(part.target)} = {_written(longer)}"


def product_cure(part: ast.Call) -> str | None:
    """Return how the product is written for which `part` stands, such as x*(y + 1) for x(y + 1)."""
    if len(part.args) != 1 or part.keywords or isinstance(part.args[0], ast.Starred):
        return None
    return f"a product needs a star: write {_factor(part.func)}*{_factor(part.args[0])}"


def raised_function_cure(part: ast.BinOp) -> str | None:
    """Return the cure for sin**2(x)."""
    match part:
        case ast.BinOp(
            left=ast.Name(id=name),
            op=ast.Pow(),
            right=ast.Call(func=ast.Constant(value=power), args=[arg]),
        ) if name in FUNCTIONS:
            return f"write {name}({_written(arg)})**{power!r}"
    return None


def _written(part: ast.AST) -> str:
    try:
        return cut(ast.unparse(part), 30)
    except (RecursionError, ValueError):
        return "…"


def _factor(part: ast.AST) -> str:
    simple = isinstance(part, ast.Name | ast.Constant | ast.Call)
    return _written(part) if simple else f"({_written(part)})"
