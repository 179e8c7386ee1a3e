"""Update rules: how the parameters move, step by step."""

from landscape.optimizers.catalogue import RULES
from landscape.optimizers.lookup import optimizer, rule_spec
from landscape.optimizers.rule import Rule

__all__ = ["RULES", "Rule", "optimizer", "rule_spec"]
