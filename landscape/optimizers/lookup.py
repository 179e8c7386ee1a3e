"""A rule from a name, a formula or the command line's notation."""

from __future__ import annotations

from typing import Any

from landscape.errors import LandscapeError, unknown_name
from landscape.optimizers.catalogue import ALIASES, RULES
from landscape.optimizers.rule import Rule
from landscape.specs import format_spec, parse_number, split_spec

__all__ = ["TYPED_LABEL", "optimizer", "rule_spec"]

TYPED_LABEL = "Your rule"


def optimizer(spec: str | Rule, /, **hyperparameters: float | str) -> Rule:
    """Return an update rule.

    Parameters: `spec` is a name of the catalogue ("momentum"), a name with options
    ("momentum:lr=0.02,mu=0.9"), a formula ("v = 0.9*v - lr*g; p = p + v"), or a Rule, which is
    returned as it is; `hyperparameters` such as lr=0.02, mu=0.9 or form="torch" win over the text.
    The options schedule and batch belong to any rule.

    Raises LandscapeError for an unknown name, form or hyper-parameter, or a value that is no
    number.
    """
    if isinstance(spec, Rule):
        if not hyperparameters:
            return spec
        if hyperparameters.keys() <= {"lr", "learning_rate"}:  # any rule can have another rate
            given = next(iter(hyperparameters.values()))
            return spec.with_learning_rate(parse_number(given, "the learning rate"))
        spec = rule_spec(spec)
    head, options = split_spec(spec)
    options.update({key: _text(value) for key, value in hyperparameters.items()})
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
    found = ALIASES.get(head.lower(), head.lower())
    if found not in RULES:
        raise unknown_name("optimizer", head, [*RULES, *ALIASES])
    entry = RULES[found]
    form = options.pop("form", next(iter(entry.forms)))
    if form not in entry.forms:
        raise unknown_name(f"form of {found}", form, entry.forms)
    written = entry.forms[form]
    label = options.pop("label", entry.label)
    chosen = {key: parse_number(value, f"{key} of {found}") for key, value in options.items()}
    values = {**written.defaults, **chosen}
    return Rule(found, written.formula, values, rate, label, form, written.initial, **run)


def rule_spec(rule: Rule) -> str:
    """Return the notation that makes `rule` again, with every value that is not a default.

    Raises LandscapeError for a rule that is neither in the catalogue nor a formula.
    """
    options: dict[str, str] = {}
    if rule.learning_rate is not None:
        options["lr"] = repr(float(rule.learning_rate))
    defaults: dict[str, float] = {}
    label = TYPED_LABEL
    if rule.name in RULES:
        entry = RULES[rule.name]
        label = entry.label
        written = entry.forms.get(rule.form)
        if written is None or (written.formula, written.initial) != (rule.formula, rule.initial):
            raise LandscapeError(f"rule {rule.name!r} is not the catalogue's: give it its own name")
        defaults = dict(entry.forms[rule.form].defaults)
        if rule.form != next(iter(entry.forms)):
            options["form"] = rule.form
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
    return format_spec(rule.name if rule.name in RULES else rule.formula, options)


def _whole(text: str) -> int:
    number = parse_number(text, "a batch")
    if number != int(number):
        raise LandscapeError(f"a batch is a whole number of examples: {text} came")
    return int(number)


def _text(value: float | str) -> str:
    return value if isinstance(value, str) else repr(parse_number(value, "a hyper-parameter"))
