"""The keys of pictures of networks that rules train: curves, planes, profiles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from landscape.errors import LandscapeError
from landscape.keys import text, texts, whole_key
from landscape.pictures.network import NetworkRecipe, activation_names

__all__ = [
    "TrainedRecipe",
    "bias_names",
    "check_distinct",
    "normalisation_names",
    "trainers",
]


def normalisation_names() -> Sequence[str]:
    """Return the names of all scalings of random directions."""
    from landscape.planes.directions import NORMALISATIONS

    return tuple(NORMALISATIONS)


def bias_names() -> Sequence[str]:
    """Return the names of all ways in which biases move along random directions."""
    from landscape.planes.directions import BIASES

    return tuple(BIASES)


def trainers(help: str, most: int, *, distinct: bool = False) -> tuple[str, ...]:
    """Return the field of the rules that train; `most` of them, `distinct` if none comes twice."""
    found: tuple[str, ...] = texts(
        ("adam",),
        help,
        option="--opt",
        singular="optimizer",
        distinct=distinct,
        metavar="NAME|RULE",
        most=most,
    )
    return found


@dataclass(frozen=True, kw_only=True, repr=False)
class TrainedRecipe(NetworkRecipe):
    """What a picture of networks that rules train depends on.

    Attributes:
      activation  of the hidden layers
      init        scheme of the initial weights, "" for what suits the activation
      optimizers  rules that train
      epochs      of training
    """

    activation: str = text("relu", "Activation of the hidden layers.", choices=activation_names)
    init: str = text("", "Initial weights; what suits the activation if left out.", metavar="INIT")
    optimizers: tuple[str, ...] = trainers("Rule that trains, with options.", 8)
    epochs: int = whole_key(20, 1, 10_000, "Epochs of training.")


def check_distinct(optimizers: Sequence[str], *, apart: bool) -> None:
    """Raise LandscapeError for the same rule twice from the same start."""
    if not apart and len(set(optimizers)) < len(optimizers):
        raise LandscapeError(
            f"the same rule from the same start trains the same network: {', '.join(optimizers)} "
            "came; add --apart for starts of their own"
        )
