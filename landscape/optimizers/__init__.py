"""Optimizers: how the parameters move, step by step."""

from landscape.optimizers.catalogue import OUTSIDERS, RULES, SOLVERS
from landscape.optimizers.lookup import Optimizer, find_rule, optimizer, rule_spec
from landscape.optimizers.rule import Rule
from landscape.optimizers.solver import Solver

__all__ = [
    "OUTSIDERS",
    "RULES",
    "SOLVERS",
    "Optimizer",
    "Rule",
    "Solver",
    "find_rule",
    "optimizer",
    "rule_spec",
]
