from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.mathtext import MathTextParser

from landscape.errors import LandscapeError
from landscape.formula import Formula
from landscape.formula.latex import format_number, latex
from landscape.formula.nodes import name
from landscape.formula.parse import parse_expression
from landscape.optimizers import RULES, Rule, optimizer
from landscape.surfaces.catalogue import SURFACES
from landscape.surfaces.lookup import surface
from tests.formula.expressions import expressions

PARSER = MathTextParser("path")


def readable(text: str) -> None:
    """Fail if Matplotlib cannot read `text`."""
    PARSER.parse(f"${text}$")


WRITTEN = {
    "x**2 + y**2": r"x^{2} + y^{2}",
    "2*x*y": r"2\,x\,y",
    "x*2": r"x \cdot 2",
    "2*3*x": r"2 \cdot 3\,x",
    "x - (y - 1)": r"x - \left(y - 1\right)",
    "x - (y + 1)": r"x - \left(y + 1\right)",
    "x + (y - 1)": r"x + y - 1",
    "x + -y": r"x - y",
    "x - -y": r"x - \left(-y\right)",
    "-(-x)": r"-\left(-x\right)",
    "-(x + y)": r"-\left(x + y\right)",
    "-x*y": r"-x\,y",
    "x*-y": r"x\,\left(-y\right)",
    "(-x)**2": r"\left(-x\right)^{2}",
    "-x**2": r"-x^{2}",
    "(x**2)**3": r"\left(x^{2}\right)^{3}",
    "x**y**2": r"x^{y^{2}}",
    "(x + y)*(x - y)": r"\left(x + y\right)\,\left(x - y\right)",
    "x/y": r"\frac{x}{y}",
    "1/2*x": r"\frac{1}{2}\,x",
    "2*(x/y)": r"2\,\frac{x}{y}",
    "(x/y)**2": r"\left(\frac{x}{y}\right)^{2}",
    "x % 2": r"x \,\mathrm{mod}\, 2",
    "sqrt(x)": r"\sqrt{x}",
    "x**0.5": r"\sqrt{x}",
    "sin(x)**2": r"\sin^{2}\left(x\right)",
    # Not sin^{-1}: that is the inverse function.
    "sin(x)**-1": r"\left(\sin\left(x\right)\right)^{-1}",
    "asin(x)": r"\arcsin\left(x\right)",
    "exp(-x)": r"e^{-x}",
    "exp(-x/2)": r"\exp\left(\frac{-x}{2}\right)",
    "exp(x)**2": r"\left(e^{x}\right)^{2}",
    "abs(x)**3": r"\left|x\right|^{3}",
    "floor(x)": r"\lfloor x \rfloor",
    "sigmoid(x)": r"\sigma\left(x\right)",
    "max(x, y)": r"\max\left(x, y\right)",
    "sign(x)": r"\mathrm{sign}\left(x\right)",
    "where(x <= 0, 1, y)": r"\left(1\ \mathrm{if}\ x \leq 0\ \mathrm{else}\ y\right)",
    "1e-5*x": r"10^{-5}\,x",
    "(1e-5)**x": r"\left(10^{-5}\right)^{x}",
    "(1.5e-7)**x": r"\left(1.5 \cdot 10^{-7}\right)^{x}",
    "x*1.5e-7": r"x \cdot 1.5 \cdot 10^{-7}",
    "pi*x": r"\pi\,x",
    "u = x - y; u**2": r"\left(x - y\right)^{2}",
}


@pytest.mark.parametrize("text", WRITTEN)
def test_as_written(text: str) -> None:
    assert Formula(text).latex == WRITTEN[text]
    readable(WRITTEN[text])


NAMES = {
    "mu": r"\mu",
    "beta1": r"\beta_{1}",
    "beta_1": r"\beta_{1}",
    "Lambda": r"\Lambda",
    "Alpha": r"\mathrm{Alpha}",  # mathtext has no such letter: it looks like an A
    "MU": r"\mathrm{MU}",
    "zeta": r"\zeta",
    "k": "k",
    "kmax": r"\mathrm{kmax}",
    "k_max": r"k_{max}",
    "a_b_c": r"a_{b,c}",
    "a__b": r"a_{b}",
    "a_b_": r"a_{b}",
    "a_1_2": r"a_{1,2}",
    "x10": r"x_{10}",
    "lr": r"\alpha",
    "lr0": r"\alpha_0",
    "eps": r"\epsilon",
}


@pytest.mark.parametrize("written", NAMES)
def test_names(written: str) -> None:
    assert latex(name(written)) == NAMES[written]
    readable(NAMES[written])
    for text in (f"{written}**2", f"2*{written}", f"sqrt({written})/{written}"):
        readable(latex(parse_expression(text, [written])))


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"),
        (-3, "-3"),
        (2.625, "2.625"),
        (14.203125, "14.2"),
        (999_999, "999999"),
        (1e6, "10^{6}"),
        (2e6, r"2 \cdot 10^{6}"),
        (1e-5, "10^{-5}"),
        (-1e-5, r"-1 \cdot 10^{-5}"),
        (0.001, "0.001"),
        (1 / 3, "0.3333"),
        (1.5e300, r"1.5 \cdot 10^{300}"),
    ],
)
def test_numbers(value: float, text: str) -> None:
    assert format_number(value) == text
    readable(text)


def test_parameters_are_filled_in() -> None:
    assert Formula("kappa*x**2", {"kappa": 20}).latex == r"20\,x^{2}"
    assert Formula("x + a*y", {"a": -2}).latex == r"x - 2\,y"
    assert Formula("sin(x)**n", {"n": -1}).latex == r"\left(\sin\left(x\right)\right)^{-1}"
    assert Formula("sin(x)**n", {"n": 2}).latex == r"\sin^{2}\left(x\right)"


@pytest.mark.parametrize("found", SURFACES)
def test_surfaces_are_readable(found: str) -> None:
    readable(surface(found).latex)


@pytest.mark.parametrize(("found", "form"), [(r, form) for r in RULES for form in RULES[r].forms])
def test_rules_are_readable(found: str, form: str) -> None:
    rule = optimizer(found, form=form, lr=1e-5)
    for line in rule.latex:
        readable(line)


def test_rules_are_shown_as_in_the_lecture() -> None:
    assert optimizer("momentum").latex == [
        r"v \leftarrow \mu\,v - \alpha\,g",
        r"p \leftarrow p + v",
    ]
    shown = Rule("r", "p = p - lr*grad(p - lr*g)").latex
    assert shown == [r"p \leftarrow p - \alpha\,\nabla f\left(p - \alpha\,g\right)"]
    readable(shown[0])
    assert optimizer("adam", lr=1e-5).describe() == "lr 1e-05, β₁ 0.9, β₂ 0.999"


@pytest.mark.parametrize(
    "text",
    [
        "x**2*y + sin(x)*exp(-y)",
        "abs(x)**3 + sqrt(y) + (x + y)**0.3",
        "where(x < y, x**2, y)*max(x, y)",
        "sign(x)*y + floor(x)*y**2 + x % 3*y + x % y",
        "kappa_1*x**2 + Lambda*y/x",
    ],
)
def test_gradients_are_readable(text: str) -> None:
    f = Formula(text, {"kappa_1": 2.0, "Lambda": 3.0})
    for part in f.gradient_latex:
        readable(part)


@settings(max_examples=60, deadline=None)
@given(expressions)
def test_random_formulas_are_readable(text: str) -> None:
    try:
        written = Formula(text).latex
    except LandscapeError:
        return
    readable(written)


IDENTIFIERS = st.from_regex(r"[a-zA-Z][a-zA-Z0-9_]{0,12}", fullmatch=True)


@settings(max_examples=60, deadline=None)
@given(IDENTIFIERS)
def test_random_names_are_readable(written: str) -> None:
    readable(f"{latex(name(written))}^{{2}}")
