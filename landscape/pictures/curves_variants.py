"""What differs between learning curves: keys of the recipe, or options of its rules."""

from __future__ import annotations

from typing import TypeVar

from landscape.errors import LandscapeError
from landscape.pictures.trained_recipe import TrainedRecipe
from landscape.pictures.variants import Variant, variants_of
from landscape.specs import format_spec, split_spec, split_values

__all__ = ["curve_variants"]

R = TypeVar("R", bound=TrainedRecipe)


def curve_variants(recipe: R, said: str, most: int) -> list[Variant[R]]:
    """Return the variants that a text asks for, the recipe itself without a title if it is empty.

    Parameters: `said` is "lr=0.01,0.1", an option of the rules, or a key of the recipe that says
    what is trained and how ("batch=8,all", "init=zero,normal:scale=0.01"); a comma within a value
    has a backslash before it.

    Raises LandscapeError for keys and values that mean nothing, and for more than `most`.
    """
    plain = recipe.with_(vary="", grid="")
    key, equals, rest = (part.strip() for part in said.partition("="))
    parts = [part.strip() for part in split_values(rest)]
    if said and (not (key and equals) or not all(parts)):
        raise LandscapeError(f"variants are key=value,value such as lr=0.01,0.1: {said!r} came")
    if not said or ";" in said or key in {one.name for one in recipe.key_fields()}:
        # One by one: a value may have an equals sign of its own, normal:scale=0.01.
        each = said if not said or ";" in said else "; ".join(f"{key}={part}" for part in parts)
        return [Variant(_title(one), one.recipe) for one in variants_of(plain, each, most)]
    values = [part.replace("\\,", ",") for part in parts]
    if not 2 <= len(values) <= most:
        raise LandscapeError(f"2 to {most} variants fit into a picture: {len(values)} came")
    return [
        Variant(
            f"{key} {value}",
            plain.with_(optimizers=tuple(_changed(rule, key, value) for rule in plain.optimizers)),
        )
        for value in values
    ]


def _changed(rule: str, key: str, value: str) -> str:
    """Return the text of a rule with one option changed; LandscapeError if it has none such."""
    from landscape.optimizers.lookup import optimizer

    optimizer(rule, **{key: value})
    head, options = split_spec(rule)
    return format_spec(head, {**options, key: value})


def _title(variant: Variant[R]) -> str:
    """Return a variant's title; initial weights and activations by their labels."""
    from landscape.networks.activations import ACTIVATIONS
    from landscape.networks.initial import INITIALISATIONS
    from landscape.pictures.words import init_label

    if variant.title in ACTIVATIONS:
        return ACTIVATIONS[variant.title].label
    if split_spec(variant.title or "-")[0] not in INITIALISATIONS:
        return variant.title
    return " ".join(part for part in init_label(variant.title) if part)
