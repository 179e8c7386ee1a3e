from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from landscape.descent import descend
from landscape.errors import LandscapeError
from landscape.optimizers import RULES, Rule, find_rule, optimizer, rule_spec
from landscape.optimizers.catalogue import ALIASES

FORMS = [(name, form) for name in RULES for form in RULES[name].forms]


def no_gradient(x: float, y: float) -> tuple[float, float]:
    raise AssertionError("the rule has no grad(…)")


def walk(rule: Rule, steps: int = 60) -> Any:
    surface = "0.3*x**2 + 2*y**2 + 0.5*x*y + sin(x + 2*y)"
    return descend(surface, rule, start=(-2, 1.7), steps=steps).points


# -- reading ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "form"), FORMS)
def test_a_formula_typed_by_hand_is_the_named_rule(name: str, form: str) -> None:
    written = RULES[name].forms[form]
    if written.initial:  # a state that does not start at 0 has no notation
        return
    values = ",".join(f"{key}={value!r}" for key, value in written.defaults.items())
    typed = find_rule(f"{written.formula}:lr=0.01" + (f",{values}" if values else ""))
    np.testing.assert_array_equal(walk(typed), walk(find_rule(name, form=form, lr=0.01)))


@pytest.mark.parametrize(
    ("spec", "given", "name", "rate", "values"),
    [
        ("gd", {}, "gd", None, {}),
        ("GD:lr=0.1", {}, "gd", 0.1, {}),
        ("sgd:learning_rate=0.1", {}, "gd", 0.1, {}),
        ("NAG", {"lr": 1}, "nesterov", 1.0, {"mu": 0.9}),
        ("momentum:mu=0.5", {}, "momentum", None, {"mu": 0.5}),
        ("momentum:mu=0.5,lr=1", {"mu": 0.25, "lr": "2"}, "momentum", 2.0, {"mu": 0.25}),
        ("adam:beta2=0.9", {"lr": np.float64(0.1)}, "adam", 0.1,
         {"beta1": 0.9, "beta2": 0.9, "eps": 1e-8}),
        ("p = p - lr*g", {}, "p = p - lr*g", None, {}),
        ("p = p - lr*k*g:k=2", {"lr": 0.5}, "p = p - lr*k*g", 0.5, {"k": 2.0}),
    ],
)  # fmt: skip
def test_reads(
    spec: str, given: dict[str, Any], name: str, rate: float | None, values: dict[str, float]
) -> None:
    rule = optimizer(spec, **given)
    assert (rule.name, rule.learning_rate, dict(rule.hyperparameters)) == (name, rate, values)


@pytest.mark.parametrize(
    ("spec", "given", "reason"),
    [
        ("momentun", {}, "unknown optimizer 'momentun': did you mean momentum?"),
        ("adm", {}, "did you mean adam"),
        ("qqqqqq", {}, "choose from gd, momentum"),
        ("bfsg", {}, "did you mean bfgs"),
        ("lars:lr=0.1", {}, "lars means nothing with two parameters: LARS scales each layer"),
        ("Muon", {}, "Muon means nothing with two parameters"),
        ("", {}, "a name or a formula was wanted"),
        ("adam:beta=0.9", {}, "unknown hyper-parameter of adam 'beta': did you mean beta"),
        ("gd:mu=0.9", {}, "gd has no hyper-parameter 'mu', only lr"),
        ("momentum:form=torsh", {}, "unknown form of momentum 'torsh': did you mean torch?"),
        ("momentum:mu=high", {}, "mu of momentum must be a number: 'high' came"),
        ("momentum:mu=nan", {}, "mu of momentum must be finite"),
        ("momentum", {"mu": math.inf}, "must be finite"),
        ("momentum", {"mu": None}, "must be a number: None came"),
        ("gd:lr=0", {}, "the learning rate of gd must be a finite number above 0: 0 came"),
        ("gd:lr=-1", {}, "above 0: -1 came"),
        ("gd:lr=fast", {}, "the learning rate must be a number: 'fast' came"),
        ("gd:lr=inf", {}, "the learning rate must be finite"),
        ("p = p - lr*k*g", {}, "needs a value for k: add ':k=0.9'"),
        ("p = p - lr*k*g + q", {}, "needs a value for k, q: add ':k=0.9,q=0.9'"),
        ("p = p - lr*k*g:k=1,q=2", {}, "unknown hyper-parameter of the rule 'q'"),
        ("p = p - lr*g\np = p:q=2", {}, "the rule has no hyper-parameter 'q', only lr"),
        ("p = p - lr*g\np = p:lr=a", {}, "the learning rate must be a number: 'a' came"),
        ("p = p - lr*g\np = p", {"lr": -1.0}, "the learning rate of the rule must be"),
        ("v = lr*g", {}, "does not move p"),
        ("p = p - lr*g; p", {}, "does not move p"),
        ("g = 2*g; p = p - lr*g", {}, "assigns g: it is given"),
        ("lr = 2*lr; p = p - lr*g", {}, "assigns lr: it is given"),
        ("t = 2*t; p = p - lr*g", {}, "assigns t: it is given"),
        ("p = p - lr*g.T", {}, "cannot read"),
        ("p = p - lr*grad(p, g)", {}, "grad takes 1 argument"),
        ("p = p - lr*dot(g)", {}, "dot takes 2 arguments"),
        ("p = p - noise(1)*lr", {}, "noise takes 0 argument"),
        ("norm = g; p = p - norm", {}, "'norm' has a meaning of its own"),
        ("p = p - lr*grad", {}, "grad is a function"),
        ("p == p - lr*g", {}, "cannot read"),
        ("p = p - lr*g; __import__('os')", {}, "unknown function"),
        ("; ".join(["a = g", *["a = a" + "+g" * 90] * 8, "p = p - lr*a"]), {}, "levels"),
        ("p = " + "sin(" * 300 + "p" + ")" * 300, {}, "cannot read|nested"),
        (None, {}, "a name or a formula was wanted"),
    ],
)  # fmt: skip
def test_refuses(spec: str, given: dict[str, Any], reason: str) -> None:
    with pytest.raises(LandscapeError, match=reason) as caught:
        optimizer(spec, **given)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "spec",
    [
        "p = p - lr*g*(1/k):k=0,lr=1",
        "p = p - lr*g*sqrt(k):k=-1,lr=1",
        "a = k - 2; p = p - lr*g/a*(1/a):k=2,lr=1",
        "p = p - lr*grad(p*(1/k)):k=0,lr=1",
    ],
)
def test_numbers_that_make_no_rule(spec: str) -> None:
    with pytest.raises(LandscapeError, match="has no finite value with k="):
        walk(find_rule(spec))


@pytest.mark.parametrize(
    ("values", "rate"), [({"mu": math.nan}, 0.1), ({"mu": 0.9}, math.inf), ({"mu": 0.9}, math.nan)]
)
def test_a_rule_made_directly_is_checked_too(values: dict[str, float], rate: float) -> None:
    with pytest.raises(LandscapeError, match="finite"):
        Rule("r", "v = mu*v - lr*g; p = p + v", values, rate)


def test_aliases_and_defaults() -> None:
    for alias, name in ALIASES.items():
        assert optimizer(alias).name == name
        assert optimizer(alias.replace("_", "-").upper()).name == name
    for name, entry in RULES.items():
        rule = optimizer(name)
        assert (rule.form, rule.label) == (next(iter(entry.forms)), entry.label)
        assert rule.formula == entry.forms[rule.form].formula
        for form in entry.forms.values():
            assert entry.source
            assert entry.teaches.endswith(".")
            assert len(entry.forms) == 1 or form.note


def test_a_rule_is_passed_through_and_changed() -> None:
    rule = optimizer("adam", lr=0.1)
    assert optimizer(rule) is rule
    assert optimizer(rule, lr=0.2) == optimizer("adam", lr=0.2)
    assert optimizer(rule, beta1=0.5).hyperparameters["beta1"] == 0.5
    assert optimizer(rule, label="Mine").label == "Mine"
    # Even one that no notation can make again gets another rate.
    own = Rule("mine", "s = s + g**2; p = p - lr*g/sqrt(s)", {}, 0.1, initial={"s": "0.5"})
    assert optimizer(own, lr=0.3).learning_rate == 0.3
    assert find_rule(own, lr=0.3).initial_state() == (0.5, 0.5)


def test_what_steps_rules_wants_a_rule() -> None:
    assert find_rule("adam:lr=0.1") == optimizer("adam:lr=0.1")
    with pytest.raises(LandscapeError, match="bfgs is a solver"):
        find_rule("bfgs")


# -- state and gradients ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("formula", "state", "wanted", "velocity"),
    [
        ("p = p - lr*g", [], [], None),
        ("v = mu*v - lr*g; p = p + v", ["v"], ["mu"], 0),
        ("w = v; v = mu*v - lr*g; p = p - mu*w + (1 + mu)*v", ["v"], ["mu"], 0),
        ("d = lr*g; p = p - d", [], [], None),  # assigned before it is read: no state
        ("p = p - lr*m; m = b*m + g", ["m"], ["b"], None),
        ("s = s + g**2; v = mu*v + g/sqrt(s + eps); p = p - lr*v", ["s", "v"], ["mu", "eps"], 1),
        ("a = b; b = g; p = p - lr*a", ["b"], [], None),
        ("p = p - lr*g*(pi + e)*t", [], [], None),
    ],
)
def test_state(formula: str, state: list[str], wanted: list[str], velocity: int | None) -> None:
    rule = Rule("r", formula, dict.fromkeys(wanted, 0.5), 0.1)
    assert (rule.state, rule.wanted, rule.velocity) == (state, wanted, velocity)
    assert rule.initial_state() == (0.0,) * (2 * len(state))


def test_state_may_start_elsewhere() -> None:
    assert find_rule("adagrad", form="optax").initial_state() == (0.1, 0.1)
    assert find_rule("adagrad", form="optax", initial=2).initial_state() == (2.0, 2.0)


@pytest.mark.parametrize(
    ("formula", "calls"),
    [
        ("p = p - lr*g", 1),
        ("p = p - lr*grad(p)", 1),
        ("p = p - lr*grad(p - lr*g)", 2),
        ("a = grad(p); b = grad(p - lr*a); p = p - lr*(a + b)/2", 2),
        ("p = p - lr*(g + grad(p + g) + grad(p - g))", 3),
        ("p = 0.9*p", 0),
    ],
)
def test_gradient_calls(formula: str, calls: int) -> None:
    rule = Rule("r", formula, {}, 0.1)
    asked: list[tuple[float, float]] = []

    def gradient(x: float, y: float) -> tuple[float, float]:
        asked.append((x, y))
        return x, 2 * y

    rule.step(1, 0.1, 1.0, 1.0, 1.0, 2.0, rule.initial_state(), gradient)
    assert rule.gradient_calls == calls
    assert len(asked) == calls - rule.reads_gradient


def test_grad_is_taken_where_it_says() -> None:
    # Heun's method on f = (x**2 + 3*y**2)/2, by hand.
    rule = Rule("heun", "a = grad(p); b = grad(p - lr*a); p = p - lr*(a + b)/2", {}, 0.1)
    x, y, _ = rule.step(1, 0.1, 1.0, 2.0, 0.0, 0.0, (), lambda x, y: (x, 3 * y))
    assert x == pytest.approx(1 - 0.1 * (1 + 0.9) / 2, rel=1e-15)
    assert y == pytest.approx(2 - 0.1 * (6 + 3 * (2 - 0.6)) / 2, rel=1e-15)


def test_names_of_states_cannot_be_mistaken() -> None:
    # States called as the emitted code's own names.
    for state in ("grad0", "state", "gradient", "p_0", "step", "g_1"):
        rule = Rule("r", f"{state} = 0.5*{state} + grad(p); p = p - lr*{state}", {}, 0.1)
        same = Rule("r", "v = 0.5*v + grad(p); p = p - lr*v", {}, 0.1)
        np.testing.assert_array_equal(walk(rule), walk(same))


@pytest.mark.parametrize(
    ("formula", "x", "y"),
    [
        ("p = dot(p, g)", 11.0, 11.0),
        ("p = dot(p, 1)", 7.0, 7.0),
        ("p = p/norm(p)", 0.6, 0.8),
        ("p = norm(g - p)**2", 8.0, 8.0),
        ("p = swap(p)", 4.0, 3.0),
        ("p = swap(swap(p)) - swap(g)", 1.0, 3.0),
        ("c = dot(g, g); p = c*p", 15.0, 20.0),
        ("p = norm(dot(swap(p), g))", math.sqrt(2) * 10, math.sqrt(2) * 10),
    ],
)
def test_sums_over_the_coordinates(formula: str, x: float, y: float) -> None:
    rule = Rule("r", formula, {}, 0.1)
    found = rule.step(1, 0.1, 3.0, 4.0, 1.0, 2.0, (), no_gradient)
    assert found[:2] == pytest.approx((x, y), rel=1e-15)


def test_states_may_start_at_the_start_and_the_rate() -> None:
    rule = Rule("r", "p = z - h*c", {"k": 0.25}, 0.1, initial={"z": "p", "h": "lr", "c": "k"})
    assert (rule.state, rule.wanted) == (["z", "h", "c"], ["k"])
    assert rule.initial_state((3.0, -4.0), 0.5) == (3.0, -4.0, 0.5, 0.5, 0.25, 0.25)
    path = descend("x**2 + y**2", rule, start=(2, -1), steps=3)
    # What is never assigned stays.
    np.testing.assert_allclose(path.points[1:], [[2 - 0.025, -1 - 0.025]] * 3, rtol=1e-15)


def test_hess_is_the_diagonal_where_it_says() -> None:
    surface = "x**3*y**2 + x*y"
    path = descend(surface, Rule("r", "p = hess(p + 1)", {}, 1.0), start=(1, 2), steps=1)
    x, y = 2.0, 3.0
    assert path.points[1] == pytest.approx([6 * x * y**2, 2 * x**3], rel=1e-15)
    assert path.evaluations.tolist() == [0, 1]
    newton = Rule("r", "p = p - grad(p)/hess(p)", {}, 1.0)
    assert (newton.gradient_calls, newton.hessian_calls) == (1, 1)
    assert descend("3*(x - 1)**2 + y**2", newton, start=(5, 5), steps=1).points[1] == pytest.approx(
        [1, 0], abs=1e-15
    )


def test_hess_needs_second_derivatives() -> None:
    for rule in ("sophia", "p = p - g/hess(p)"):
        with pytest.raises(LandscapeError, match="needs second derivatives, which rnn_cliff"):
            descend("rnn_cliff", f"{rule}:lr=0.1", steps=2)
    with pytest.raises(LandscapeError, match=r"needs its surface to step: take step_on"):
        _ = find_rule("sophia").step


def test_noise_is_drawn_where_it_stands() -> None:
    # Two draws differ, one that has a name is one.
    rule = Rule("r", "a = noise(); p = p + 100*(a - a) + a - noise()", {}, 1.0)
    one, same, other = (
        descend("x**2 + y**2", rule, start=(0, 0), steps=4000, seed=seed).points
        for seed in (3, 3, 4)
    )
    assert one.tobytes() == same.tobytes()
    assert one.tobytes() != other.tobytes()
    assert rule.is_random
    assert not find_rule("adam").is_random
    moves = np.diff(one, axis=0)
    assert moves.std() == pytest.approx(math.sqrt(2), rel=0.05)
    assert abs(np.corrcoef(moves.T)[0, 1]) < 0.06
    with pytest.raises(LandscapeError, match="needs its surface"):
        _ = rule.step


def test_noise_of_the_rule_is_not_that_of_the_gradients() -> None:
    rule = Rule("r", "p = 0*p + noise() - g", {}, 1.0)
    path = descend("0*x", rule, start=(0, 0), steps=2000, noise=1.0, seed=7)
    # Were they one stream, they would cancel.
    assert path.points[1:].std() == pytest.approx(math.sqrt(2), rel=0.1)


def test_t_counts_from_1() -> None:
    rule = Rule("r", "p = p - lr*t", {}, 0.1)
    x, y, state = rule.step(1, 0.1, 1.0, 2.0, 0.0, 0.0, (), no_gradient)
    assert (x, y, state) == (0.9, 1.9, ())
    # Adam's first step is lr long on each coordinate, which is what the correction is for.
    adam = find_rule("adam", lr=0.1)
    x, y, _ = adam.step(1, 0.1, 0.0, 0.0, 1e-3, -50.0, adam.initial_state(), no_gradient)
    assert (x, y) == pytest.approx((-0.1, 0.1), rel=1e-4)


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ("p = p*1e200*1e200", math.inf),
        ("p = exp(p*1000)", math.inf),
        ("p = p - g/(p - p)", -math.inf),
        ("p = log(p - p)", -math.inf),
        ("p = sqrt(-p)", math.nan),
        ("p = (p*1e5)**99.5", math.inf),
        ("p = p*t**64*t**64", math.inf),
        ("p = grad(exp(1000*p))", math.inf),
        ("p = (-p)**0.3", math.nan),
        ("p = p % (p - p)", math.nan),
        ("p = floor(p/(p - p))", math.inf),
        ("p = sigmoid(-1e4*p)", 0.0),
    ],
)
def test_overflow_is_a_result(formula: str, expected: float) -> None:
    rule = Rule("r", formula, {}, 0.1)
    t = 10**6
    x, y, _ = rule.step(t, 0.1, 1.5, 1.5, 1.0, 1.0, (), lambda x, y: (x, y))
    assert type(x) is type(y) is float
    assert (x, y) == pytest.approx((expected, expected), nan_ok=True)


LATEX = [
    ("norm(g)", r"\left\| g \right\|"),
    ("dot(g, x0 - p)", r"\left\langle g,\, x_{0} - p \right\rangle"),
    ("swap(g)**2", r"\mathrm{swap}\left(g\right)^{2}"),
    ("sqrt(2)*noise()", r"\sqrt{2}\,\xi"),
    ("hess(p + 1)", r"\mathrm{diag}\,\nabla^2 f\left(p + 1\right)"),
    ("grad(p + g/norm(g))", r"\nabla f\left(p + \frac{g}{\left\| g \right\|}\right)"),
    (
        "dot(norm(g), noise())/norm(swap(p))",
        r"\frac{\left\langle \left\| g \right\|,\, \xi \right\rangle}"
        r"{\left\| \mathrm{swap}\left(p\right) \right\|}",
    ),
]


@pytest.mark.parametrize(("formula", "shown"), LATEX)
def test_latex_of_what_only_rules_say(formula: str, shown: str) -> None:
    rule = Rule("r", f"p = {formula}", {"x0": 1.0} if "x0" in formula else {}, 0.1)
    assert rule.latex == [rf"p \leftarrow {shown}"]


@pytest.mark.parametrize(("name", "form"), FORMS)
def test_every_formula_can_be_written_on_a_slide(name: str, form: str) -> None:
    from matplotlib.mathtext import MathTextParser

    rule = find_rule(name, form=form)
    parser = MathTextParser("path")
    for line in rule.latex:
        parser.parse(f"${line}$")
    assert len(rule.latex) == len(rule.program.statements)


# -- writing ---------------------------------------------------------------------------------------

NUMBERS = st.floats(1e-9, 0.999)


@st.composite
def rules(draw: st.DrawFn) -> Rule:
    name, form = draw(st.sampled_from(FORMS))
    defaults = RULES[name].forms[form].defaults
    chosen = draw(st.dictionaries(st.sampled_from([*defaults, ""]), NUMBERS, max_size=3))
    chosen.pop("", None)
    rate = draw(st.none() | st.floats(1e-12, 1e3))
    label = draw(st.none() | st.text(min_size=1, max_size=8).filter(lambda s: s == s.strip()))
    options: dict[str, Any] = {**chosen, "form": form}
    if rate is not None:
        options["lr"] = rate
    if label is not None and not label.endswith("\\"):
        options["label"] = label
    return find_rule(name, **options)


@settings(deadline=None)
@given(rules())
def test_what_is_written_is_read(rule: Rule) -> None:
    assert optimizer(rule_spec(rule)) == rule


@pytest.mark.parametrize(
    ("spec", "written"),
    [
        ("adam", "adam"),
        ("adam:lr=0.10", "adam:lr=0.1"),
        ("sgd:lr=1e-3", "gd:lr=0.001"),
        ("momentum:mu=0.9", "momentum"),
        ("momentum:form=torch,mu=.5", "momentum:form=torch,mu=0.5"),
        ("gd:label=Plain\\, slow", "gd:label=Plain\\, slow"),
        ("v = mu*v - lr*g\np = p + v:mu=0.9", "v = mu*v - lr*g\np = p + v:mu=0.9"),
    ],
)
def test_written(spec: str, written: str) -> None:
    assert rule_spec(optimizer(spec)) == written
    assert rule_spec(optimizer(written)) == written


def test_numpy_numbers_are_written_plainly() -> None:
    rule = Rule("p = p - lr*k*g", "p = p - lr*k*g", {"k": np.float64(2)}, np.float64(0.1))
    assert rule_spec(rule) == "p = p - lr*k*g:lr=0.1,k=2.0"


@pytest.mark.parametrize(
    "rule",
    [
        Rule("adam", "p = p - lr*g", {}, 0.1),
        Rule("own", "s = s + g**2; p = p - lr*g/sqrt(s)", {}, 0.1, initial={"s": "0.5"}),
        Rule("own", "p = p - lr*g # step: down", {}, 0.1),
        Rule("own", "p = p - lr*g", {}, 0.1, label="ends in \\ "),
    ],
)
def test_what_no_notation_says_is_refused(rule: Rule) -> None:
    with pytest.raises(LandscapeError):
        rule_spec(rule)


def test_schedule_and_batch_go_with_any_rule() -> None:
    rule = optimizer("momentum:lr=0.1,schedule=lr0/(1 + t),batch=8")
    assert (rule.schedule, rule.batch) == ("lr0/(1 + t)", 8)
    assert optimizer(rule_spec(rule)) == rule
    assert rule.describe() == "lr 0.1, \N{GREEK SMALL LETTER MU} 0.9, batch 8, lr0/(1 + t)"
    typed = optimizer("p = p - lr*g:lr=0.1,batch=2")
    assert typed.batch == 2


@pytest.mark.parametrize("batch", ["0", "-3", "1.5", "many"])
def test_a_batch_is_a_number_of_examples(batch: str) -> None:
    with pytest.raises(LandscapeError, match="a batch"):
        optimizer(f"gd:batch={batch}")
