"""Variants of a recipe side by side: the text that says what differs, and what each panel is."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any, Generic, TypeVar

from landscape.errors import LandscapeError, unknown_name
from landscape.key_kinds import Batch, Flag, Key, Number, Text, Texts, Whole
from landscape.keys import key_of
from landscape.pictures.recipe import PictureRecipe
from landscape.pictures.trained_recipe import TrainedRecipe
from landscape.specs import split_values
from landscape.values import cut

__all__ = ["Variant", "variants_of"]

_PANELS = ("vary", "seeds")  # what only the whole picture has
_TRUTH = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}


R = TypeVar("R", bound=TrainedRecipe)


@dataclass(frozen=True)
class Variant(Generic[R]):
    """One panel: its title, and the recipe of which it is a picture."""

    title: str
    recipe: R


def variants_of(recipe: R, said: str, most: int) -> list[Variant[R]]:
    """Return the variants that a text asks for, the recipe itself without a title if it is empty.

    Parameters: `said` is "skip=no,yes", one key with its values, or the variants one by one,
    "batch=8,epochs=40; batch=0,epochs=1000", each with what it changes; a comma within a value has
    a backslash before it. The keys are those of the recipe's network and training.

    Raises LandscapeError for keys and values that mean nothing, and for more than `most` variants.
    """
    if not said.strip():
        return [Variant("", recipe)]
    changes = _changes(said)
    if not 2 <= len(changes) <= most:
        raise LandscapeError(f"2 to {most} variants fit into a picture: {len(changes)} came")
    looks = {one.name for one in fields(PictureRecipe)}
    # The keys that say what is trained, not how it is drawn.
    own = {one.name for one in fields(TrainedRecipe)} - looks
    keys = {one.name: key_of(one) for one in recipe.key_fields() if one.name in own}
    # A variant is a picture of one panel.
    plain = {one.name: one.default for one in recipe.key_fields() if one.name in _PANELS}
    found = []
    for change in changes:
        values: dict[str, Any] = {}
        for name, text in change.items():
            if name not in keys:
                raise unknown_name("key to vary", name, keys)
            values[name] = _value(keys[name], name, text)
        found.append(Variant(_title(keys, values), recipe.with_(**plain, **values)))
    return found


def _changes(said: str) -> list[dict[str, str]]:
    if ";" in said:
        parts = [dict(map(_pair, split_values(part))) for part in said.split(";") if part.strip()]
        return parts
    name, first = _pair(split_values(said)[0])
    rest = split_values(said)[1:]
    if any("=" in part for part in rest):
        raise LandscapeError(
            f"variants are one key with its values, skip=no,yes, or several with ';' between: "
            f"{cut(said)} came"
        )
    return [{name: value.strip().replace("\\,", ",")} for value in (first, *rest)]


def _pair(part: str) -> tuple[str, str]:
    name, equals, value = part.partition("=")
    if not equals or not name.strip() or not value.strip():
        raise LandscapeError(f"a variant is written key=value: {part.strip()!r} came")
    return name.strip(), value.strip().replace("\\,", ",")


def _value(key: Key, name: str, text: str) -> Any:
    """Return the value that a text says for a key."""
    if isinstance(key, Flag):
        if text.lower() not in _TRUTH:
            raise LandscapeError(f"{name} is yes or no: {text!r} came")
        return _TRUTH[text.lower()]
    if isinstance(key, Whole | Number) and not isinstance(key, Batch):
        try:
            return key.read(name, float(text))
        except ValueError:
            raise LandscapeError(f"{name} must be a number: {text!r} came") from None
    assert isinstance(key, Text | Texts | Batch)
    return key.read(name, text)


def _title(keys: dict[str, Key], values: dict[str, Any]) -> str:
    parts = []
    for name, value in values.items():
        if isinstance(keys[name], Flag):
            parts.append(_FLAGS.get(name, (f"no {name}", name))[value])
        elif name in ("batch",) and value == 0:
            parts.append("full batch")
        elif isinstance(value, str | tuple):
            parts.append(value if isinstance(value, str) else ", ".join(value))
        else:
            number = f"{value:g}"
            parts.append(f"{name} {number}" if name != "epochs" else f"{number} epochs")
    return ", ".join(parts)


_FLAGS = {"skip": ("no skip connections", "skip connections")}
