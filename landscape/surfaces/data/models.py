"""The models of two weights: facts only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

__all__ = ["MODELS", "Model"]


@dataclass(frozen=True)
class Model:
    """A model that has two weights.

    Attributes: `formula` and `latex` of its loss, with PLUS where the weighted features stand;
    `target`, what the model predicts: a "number", one of two "classes", or "either" (classes, or
    a number that is brought into the unit's range); `low` and `high`, what the two classes become;
    `most`, how many features it can have; `teaches`, in one line.
    """

    formula: str
    latex: str
    target: Literal["number", "classes", "either"]
    teaches: str
    low: float = 0.0
    high: float = 1.0
    most: int = 2


MODELS: Mapping[str, Model] = {
    "linear": Model(
        "1/(2n) * sum((PLUS - y)**2)",
        r"\frac{1}{2n}\sum_{i}\left(PLUS - y_{i}\right)^{2}",
        "number",
        "Linear regression: a bowl, round or long as the features' scales decide.",
    ),
    "logistic": Model(
        "1/n * sum(log(1 + exp(-s*(PLUS)))), s = -1 or 1",
        r"\frac{1}{n}\sum_{i}\log\left(1 + e^{-s_{i}\left(PLUS\right)}\right)",
        "classes",
        "Logistic regression: one minimum, steep where the classes are mistaken, flat beyond it.",
        low=-1.0,
    ),
    "tanh_unit": Model(
        "1/(2n) * sum((tanh(PLUS) - y)**2)",
        r"\frac{1}{2n}\sum_{i}\left(\tanh\left(PLUS\right) - y_{i}\right)^{2}",
        "either",
        "A tanh unit with squared error: where it saturates the surface is a plateau.",
        low=-1.0,
    ),
    "sigmoid_unit": Model(
        "1/(2n) * sum((sigmoid(PLUS) - y)**2)",
        r"\frac{1}{2n}\sum_{i}\left(\sigma\left(PLUS\right) - y_{i}\right)^{2}",
        "either",
        "A sigmoid unit with squared error: where it saturates the surface is a plateau.",
    ),
    "two_layer_linear": Model(
        "1/(2n) * sum((w2*w1*x - y)**2)",
        r"\frac{1}{2n}\sum_{i}\left(w_{2}w_{1}x_{i} - y_{i}\right)^{2}",
        "number",
        "Two weights in a row: a saddle at zero, and a curve of minima on either side.",
        most=1,
    ),
}
