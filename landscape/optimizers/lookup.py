"""An optimizer from a name, a formula or the command line's notation."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from landscape.errors import LandscapeError, unknown_name
from landscape.optimizers.catalogue import ALIASES, OUTSIDERS, RULES, SOLVERS, Form, find_name
from landscape.optimizers.rule import Rule
from landscape.optimizers.solver import Solver
from landscape.optimizers.solvers import KINDS
from landscape.specs import format_spec, parse_number, python_text, split_spec

__all__ = ["TYPED_LABEL", "Optimizer", "find_rule", "optimizer", "rule_spec", "rule_text"]

TYPED_LABEL = "Your rule"
Optimizer = Rule | Solver


def optimizer(spec: str | Optimizer, /, **hyperparameters: float | str) -> Optimizer:
    """Return an update rule, or a solver.

    Parameters: `spec` is a name of the catalogue ("momentum", "bfgs"), a name with options
    ("momentum:lr=0.02,mu=0.9"), a formula ("v = 0.9*v - lr*g; p = p + v"), or a Rule or Solver,
    which is returned as it is; `hyperparameters` such as lr=0.02, mu=0.9 or form="torch" win over
    the text. The options schedule and batch belong to any rule; a solver has neither, and no rate.

    Raises LandscapeError for an unknown name, form or hyper-parameter, or a value that is no
    number.
    """
    if isinstance(spec, Rule | Solver):
        if not hyperparameters:
            return spec
        if hyperparameters.keys() <= {"lr", "learning_rate"}:  # any rule can have another rate
            given = next(iter(hyperparameters.values()))
            return spec.with_learning_rate(parse_number(given, "the learning rate"))
        spec = rule_spec(spec)
    head, options = split_spec(spec)
    options.update({key: _text(value) for key, value in hyperparameters.items()})
    if "=" not in head and find_name(head) in SOLVERS:
        return _solver(find_name(head), options)
    run: dict[str, Any] = {"schedule": options.pop("schedule", "")}
    if "batch" in options:
        run["batch"] = _whole(options.pop("batch"))
    rate_text = options.pop("learning_rate", None)
    rate_text = options.pop("lr", rate_text)
    rate = None if rate_text is None else parse_number(rate_text, "the learning rate")
    if "=" in head:
        label = options.pop("label", "")
        values = {k: parse_number(v, f"{k} of the rule") for k, v in options.items()}
        return Rule(head, head, values, rate, label or TYPED_LABEL, **run)
    found = find_name(head)
    if found in OUTSIDERS:
        raise LandscapeError(
            f"{head} means nothing with two parameters: {OUTSIDERS[found].label} "
            f"{OUTSIDERS[found].teaches}"
        )
    if found not in RULES:
        raise unknown_name("optimizer", head, [*RULES, *SOLVERS, *ALIASES])
    label = options.pop("label", RULES[found].label)
    form, written, values = _chosen(found, RULES[found].forms, options)
    rate = written.learning_rate if rate is None else rate
    return Rule(found, written.formula, values, rate, label, form, written.initial, **run)


def find_rule(spec: str | Rule, /, **hyperparameters: float | str) -> Rule:
    """Return an update rule as `optimizer` does, for those who step it themselves.

    Raises LandscapeError for a solver as well.
    """
    found = optimizer(spec, **hyperparameters)
    if isinstance(found, Solver):
        raise LandscapeError(f"{found.name} is a solver: an update rule such as adam was wanted")
    return found


def _solver(found: str, options: dict[str, str]) -> Solver:
    for key in ("lr", "learning_rate", "schedule", "batch"):
        if key in options:
            raise LandscapeError(
                f"{found} chooses its own steps on the whole loss: leave {key} away"
            )
    label = options.pop("label", SOLVERS[found].label)
    form, written, values = _chosen(found, SOLVERS[found].forms, options)
    for key in values:
        if key not in written.defaults:
            raise unknown_name(f"hyper-parameter of {found}", key, written.defaults)
    return KINDS[found](found, written.formula, values, label, form)


def _chosen(
    found: str, forms: Mapping[str, Form], options: dict[str, str]
) -> tuple[str, Form, dict[str, float]]:
    """Return the form that the options name, its text and its hyper-parameters."""
    form = options.pop("form", next(iter(forms)))
    if form not in forms:
        raise unknown_name(f"form of {found}", form, forms)
    given = {key: parse_number(value, f"{key} of {found}") for key, value in options.items()}
    return form, forms[form], {**forms[form].defaults, **given}


def rule_spec(rule: Optimizer) -> str:
    """Return the notation that makes `rule` again, with every value that is not a default.

    Raises LandscapeError for a rule that is neither in the catalogue nor a formula.
    """
    known = RULES if isinstance(rule, Rule) else SOLVERS
    options: dict[str, str] = {}
    if rule.learning_rate is not None:
        options["lr"] = repr(float(rule.learning_rate))
    defaults: dict[str, float] = {}
    label = TYPED_LABEL
    if rule.name in known:
        entry = known[rule.name]
        label = entry.label
        written = entry.forms.get(rule.form)
        initial = rule.initial if isinstance(rule, Rule) else {}
        if written is None or (written.formula, written.initial) != (rule.formula, initial):
            raise LandscapeError(f"rule {rule.name!r} is not the catalogue's: give it its own name")
        defaults = dict(entry.forms[rule.form].defaults)
        if rule.form != next(iter(entry.forms)):
            options["form"] = rule.form
    elif isinstance(rule, Solver):
        raise LandscapeError(f"solver {rule.name!r} is not the catalogue's: no text makes it again")
    elif rule.initial:
        raise LandscapeError("a rule with initial values of its own cannot be written on one line")
    for key, value in rule.hyperparameters.items():
        if defaults.get(key) != value:
            options[key] = repr(float(value))
    if rule.schedule:
        options["schedule"] = rule.schedule
    if rule.batch is not None:
        options["batch"] = str(rule.batch)
    if rule.label not in ("", label):
        options["label"] = rule.label
    return format_spec(rule.name if rule.name in known else rule.formula, options)


def _whole(text: str) -> int:
    number = parse_number(text, "a batch")
    if number != int(number):
        raise LandscapeError(f"a batch is a whole number of examples: {text} came")
    return int(number)


def _text(value: float | str) -> str:
    return value if isinstance(value, str) else repr(parse_number(value, "a hyper-parameter"))


def rule_text(rule: Optimizer) -> str:
    """Return what a recipe says of `rule`: its notation, or that it was made in Python."""
    try:
        return rule_spec(rule)
    except LandscapeError:
        return python_text(rule.name)
