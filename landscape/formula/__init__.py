"""Formulas: text in the lecture's notation, read safely, and everything derived from it."""

from landscape.formula.formula import Formula

__all__ = ["Formula"]
