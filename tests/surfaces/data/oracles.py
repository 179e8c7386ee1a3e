"""The losses written anew, from the raw data, for the tests to compare with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn import datasets
from sklearn.preprocessing import MinMaxScaler, StandardScaler

from landscape.surfaces import surface
from landscape.surfaces.data import DataSurface

Array = NDArray[Any]


def make(spec: str, **parameters: Any) -> DataSurface:
    made = surface(spec, **parameters)
    assert isinstance(made, DataSurface)
    return made


@dataclass(frozen=True)
class Case:
    """A surface, its features as they are fed to the model (n, 1 or 2), and what it should say."""

    spec: str
    model: str
    features: Array
    target: Array

    @property
    def made(self) -> DataSurface:
        return make(self.spec)

    @property
    def columns(self) -> Array:
        """The two columns that the weights are multiplied by, (n, 2)."""
        if self.features.shape[1] == 2:
            return self.features
        return np.column_stack([self.features[:, 0], np.ones(len(self.features))])

    def loss(self, x: Any, y: Any, rows: Any = slice(None)) -> Any:
        """The loss at one point, also a complex one."""
        t = self.target[rows]
        if self.model == "two_layer_linear":
            return np.mean((y * (x * self.features[rows, 0]) - t) ** 2) / 2
        z = self.columns[rows] @ np.array([x, y])
        if self.model == "linear":
            return np.mean((z - t) ** 2) / 2
        if self.model == "logistic":
            return np.mean(np.log(1 + np.exp(-t * z)))
        said = np.tanh(z) if self.model == "tanh_unit" else (1 + np.tanh(z / 2)) / 2
        return np.mean((said - t) ** 2) / 2


def _centred(values: Array) -> Array:
    centred: Array = values - values.mean(axis=0)
    return centred


def cases() -> list[Case]:
    diabetes = datasets.load_diabetes(scaled=False)
    bmi, both, t = diabetes.data[:, [2]], diabetes.data[:, [2, 8]], diabetes.target
    cancer = datasets.load_breast_cancer()
    cells, benign = cancer.data[:, [0, 1]], cancer.target
    iris = datasets.load_iris()
    two = iris.target > 0
    petals, virginica = iris.data[two][:, [2, 3]], iris.target[two] == 2
    standard, minmax = StandardScaler().fit_transform, MinMaxScaler().fit_transform
    spread = t.min() + np.ptp(t) / 2
    return [
        Case("data:diabetes,feature=bmi", "linear", bmi, t),
        Case("data:diabetes,feature=bmi,scaling=standard", "linear", standard(bmi), t),
        Case("data:diabetes,feature=bmi,scaling=minmax", "linear", minmax(bmi), t),
        Case("data:diabetes,features=bmi/s5", "linear", _centred(both), _centred(t)),
        Case(
            "data:diabetes,features=bmi/s5,scaling=standard",
            "linear",
            standard(both),
            _centred(t),
        ),
        Case(
            "data:diabetes,model=linear2,scaling=minmax",
            "linear",
            _centred(minmax(both)),
            _centred(t),
        ),
        Case(
            "data:breast_cancer,scaling=standard",
            "logistic",
            standard(cells),
            np.where(benign == 0, 1.0, -1.0),
        ),
        Case(
            "data:breast_cancer,feature=mean_radius",
            "logistic",
            cells[:, [0]],
            np.where(benign == 0, 1.0, -1.0),
        ),
        Case(
            "data:iris,model=logistic,scaling=minmax",
            "logistic",
            _centred(minmax(petals)),
            np.where(virginica, 1.0, -1.0),
        ),
        Case(
            "data:breast_cancer,model=tanh_unit,scaling=standard",
            "tanh_unit",
            standard(cells[:, [0]]),
            np.where(benign == 0, 1.0, -1.0),
        ),
        Case(
            "data:diabetes,model=tanh_unit,features=bmi/s5,scaling=standard",
            "tanh_unit",
            standard(both),
            (t - spread) / (np.ptp(t) / 2),
        ),
        Case(
            "data:breast_cancer,model=sigmoid_unit,scaling=standard",
            "sigmoid_unit",
            standard(cells[:, [0]]),
            np.where(benign == 0, 1.0, 0.0),
        ),
        Case(
            "data:diabetes,model=two_layer_linear,scaling=standard",
            "two_layer_linear",
            standard(bmi),
            _centred(t),
        ),
        Case(
            "data:diabetes,model=two_layer_linear", "two_layer_linear", _centred(bmi), _centred(t)
        ),
    ]
