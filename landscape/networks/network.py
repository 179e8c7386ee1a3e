"""A multilayer perceptron over one flat vector of parameters."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from landscape.errors import LandscapeError, unknown_name
from landscape.networks.activations import ACTIVATIONS
from landscape.networks.evaluator import Evaluator
from landscape.networks.hessian import HessianOperator
from landscape.networks.initial import initial_layers
from landscape.networks.inputs import as_flat, as_rows, as_sizes, as_targets
from landscape.networks.layout import Array, Block, Layers, Layout
from landscape.networks.losses import LOSSES
from landscape.networks.trace import LayerTrace, trace_layers
from landscape.threads import one_blas_thread

__all__ = ["Network"]

_RECTIFIERS = ("relu", "leaky_relu", "gelu")
_DTYPES = ("float32", "float64")
_MANY = 3  # hidden layers of one width are counted from here on, "(20x64)"


@dataclass(frozen=True)
class Network:
    """A multilayer perceptron: dense layers, one activation, a linear output layer, a loss.

    The parameters are one flat vector W1 b1 W2 b2 …, weights (fan_out, fan_in) row by row: the
    order of `torch.nn.utils.parameters_to_vector` for `nn.Sequential(Linear, …, Linear)`.

    Attributes: `sizes` (inputs, hidden widths…, outputs); `activation` (a name in ACTIVATIONS);
    `skip` (h + f(Wh + b) in hidden layers that are as wide as what they read); `loss`,
    "cross_entropy" or "squared_error" (the mean over rows and outputs); `l2` (½·l2·ΣW² is added,
    over weights, not biases); `dtype`, "float32" or "float64".

    In its methods `flat` is a vector (count,), X examples (rows, inputs), and y their targets:
    labels 0, 1, … (rows,), or for the squared error also numbers (rows,) or (rows, outputs).

    Raises LandscapeError if an attribute is none of these.
    """

    sizes: tuple[int, ...]
    activation: str = "tanh"
    skip: bool = False
    loss: str = "cross_entropy"
    l2: float = 0.0
    dtype: str = "float32"

    def __post_init__(self) -> None:
        object.__setattr__(self, "sizes", as_sizes(self.sizes))
        for kind, name, known in (
            ("activation", self.activation, ACTIVATIONS),
            ("loss", self.loss, LOSSES),
            ("dtype", self.dtype, _DTYPES),
        ):
            if name not in known:
                raise unknown_name(kind, str(name), known)
        if not (isinstance(self.l2, int | float) and math.isfinite(self.l2) and self.l2 >= 0):
            raise LandscapeError(f"l2 must be a number from 0 on: {self.l2!r} came")
        if self.loss == "cross_entropy" and self.sizes[-1] < 2:
            raise LandscapeError(
                "cross-entropy needs an output for each class: 1 output came; take 2, or "
                "loss squared_error"
            )

    @cached_property
    def layout(self) -> Layout:
        """Where the weights and biases lie in the flat vector."""
        return Layout(self.sizes, self.skip, self.dtype)

    @property
    def blocks(self) -> tuple[Block, ...]:
        """The named pieces of the flat vector, in its order."""
        return self.layout.blocks

    @property
    def count(self) -> int:
        """How many parameters there are."""
        return self.layout.count

    @property
    def skips(self) -> tuple[bool, ...]:
        """Which hidden layers have a skip connection."""
        return self.layout.skips

    def unpack(self, flat: Array) -> Layers:
        """Return views (W, b) of `flat`, a pair a layer."""
        return self.layout.unpack(flat)

    def initial(self, scheme: str = "", seed: int = 0) -> Array:
        """Return initial parameters (count,).

        Parameters: `scheme` as in INITIALISATIONS, with options ("normal:scale=0.01,bias=-1");
        "" is he_normal for ReLU, leaky ReLU and GELU and glorot_normal for the others, where the
        weights of layers with skip connections are divided by the root of their number: else the
        signal grows exponentially with them (De & Smith 2020). `seed` of the random numbers, which
        are the same in both dtypes up to rounding.

        Raises LandscapeError if there is no such scheme, option or seed.
        """
        usual = "he_normal" if self.activation in _RECTIFIERS else "glorot_normal"
        flat = np.empty(self.count, dtype=self.dtype)
        with one_blas_thread():  # orthogonal: QR
            initial_layers(scheme or usual, seed, self.unpack(flat))
        if not scheme:
            hidden = self.unpack(flat)[:-1]
            for (weights, _), skipped in zip(hidden, self.skips, strict=True):
                if skipped:
                    np.divide(weights, math.sqrt(sum(self.skips)), out=weights)
        return flat

    def evaluator(self, rows: int | None = None) -> Evaluator:
        """Return an object for loss after loss, gradient after gradient, in buffers it keeps.

        It is what training calls: `evaluator(flat, X, targets, gradient)` returns the loss and
        writes the gradient into `gradient`. Nothing is checked, targets are `network.targets(y)`,
        and it belongs to one thread.

        Parameters: `rows` is the most examples that go through the layers at once, such as the
        batch; where more come they go in chunks. None: as many as fit in a processor's cache.
        """
        most = self.layout.chunk if rows is None else rows
        if most < 1:
            raise LandscapeError(f"an evaluator needs room for 1 row or more: {rows} came")
        return Evaluator(self.layout, ACTIVATIONS[self.activation], self.loss, self.l2, most)

    def targets(self, y: ArrayLike) -> NDArray[Any]:
        """Return `y` as the loss reads it: labels (rows,) of numpy.intp, or floats (rows, outputs).

        For the squared error of several outputs labels become rows with a single 1. What has this
        form already is not copied, so it can be done once for a whole data set.

        Raises LandscapeError if a label is no class or the shape does not fit.
        """
        return as_targets(y, self.layout, self.loss)

    def outputs(self, flat: Array, X: Array) -> Array:  # noqa: N803
        """Return the outputs (rows, K): for cross-entropy the logits.

        Raises LandscapeError if the shapes do not fit the network.
        """
        vector, rows = as_flat(flat, self.layout), as_rows(X, self.layout)
        with one_blas_thread():
            return self.evaluator().outputs(vector, rows)

    def value(self, flat: Array, X: Array, y: ArrayLike) -> float:  # noqa: N803
        """Return the loss; NaN where the outputs have overflowed.

        The sum over rows is float64, and rows go through in chunks, so that the buffers do not
        grow with them.

        Raises LandscapeError if the shapes do not fit the network.
        """
        given = self._given(flat, X, y)
        with one_blas_thread():
            return self.evaluator().value(*given)

    def value_and_gradient(self, flat: Array, X: Array, y: ArrayLike) -> tuple[float, Array]:  # noqa: N803
        """Return the loss and its gradient (count,), by backpropagation, in the network's dtype.

        Raises LandscapeError if the shapes do not fit the network.
        """
        gradient = np.empty(self.count, dtype=self.dtype)
        given = self._given(flat, X, y)
        with one_blas_thread():
            return self.evaluator()(*given, gradient), gradient

    def hessian_operator(self, flat: Array, X: Array, y: ArrayLike) -> HessianOperator:  # noqa: N803
        """Return v -> Hv, H the loss's Hessian at `flat`; for many products at one point.

        Exact, by the R-operator. A product's vector (count,) is not checked: it must have the
        network's dtype.

        Raises LandscapeError if the shapes do not fit the network.
        """
        return self._operator(*self._given(flat, X, y), keep=True)

    def hessian_product(self, flat: Array, vector: Array, X: Array, y: ArrayLike) -> Array:  # noqa: N803
        """Return Hv (count,), H the loss's Hessian at `flat`, exact, by the R-operator.

        Raises LandscapeError if the shapes do not fit the network.
        """
        operator = self._operator(*self._given(flat, X, y), keep=False)
        return operator(as_flat(vector, self.layout))

    def accuracy(self, flat: Array, X: Array, y: ArrayLike) -> float:  # noqa: N803
        """Return the share of examples whose label the outputs give.

        That is the largest output, or with one output and labels 0 and 1 whether it is above ½.
        NaN where y are no whole labels but numbers to be approximated.

        Raises LandscapeError if the shapes do not fit the network.
        """
        rows, labels = as_rows(X, self.layout), np.asarray(y)
        as_targets(labels, self.layout, self.loss, len(rows))
        single = self.sizes[-1] == 1
        if labels.ndim != 1 or labels.dtype.kind not in "iub":
            return math.nan
        if single and not np.isin(labels, (0, 1)).all():
            return math.nan
        outputs = self.outputs(flat, rows)
        guess = outputs[:, 0] > 0.5 if single else outputs.argmax(axis=1)
        return float(np.mean(guess == labels))

    def trace(self, flat: Array, X: Array, y: ArrayLike | None = None) -> list[LayerTrace]:  # noqa: N803
        """Return what goes through each layer, the output layer last; with y its gradients too.

        All rows are kept at once: hand over as many as the picture needs.

        Raises LandscapeError if the shapes do not fit the network.
        """
        rows = as_rows(X, self.layout)
        target = None if y is None else as_targets(y, self.layout, self.loss, len(rows))
        kinds = ACTIVATIONS[self.activation], ACTIVATIONS["linear"]
        layers = self.unpack(as_flat(flat, self.layout))
        with one_blas_thread():
            return trace_layers(self.layout, kinds, self.loss, layers, rows, target)

    def describe(self) -> str:
        """Return the network in a few words: "64-32-10 tanh", "2-(20x64 skip)-2 relu"."""
        mark = " skip" if any(self.skips) else ""
        parts = [str(self.sizes[0])]
        for width, group in groupby(self.sizes[1:-1]):
            times = len(list(group))
            counted = times >= _MANY
            parts += [f"({times}x{width}{mark})"] if counted else [str(width)] * times
        parts.append(str(self.sizes[-1]))
        kind = self.activation if len(self.sizes) > 2 else "linear"
        text = f"{'-'.join(parts)} {kind}"
        if mark and "skip" not in text:
            text += mark
        if self.loss != "cross_entropy":
            text += ", squared error"
        return text + (f", l2={self.l2:g}" if self.l2 else "")

    def _given(
        self, flat: ArrayLike, rows: ArrayLike, y: ArrayLike
    ) -> tuple[Array, Array, NDArray[Any]]:
        """Return what the passes read."""
        vector, examples = as_flat(flat, self.layout), as_rows(rows, self.layout)
        return vector, examples, as_targets(y, self.layout, self.loss, len(examples))

    def _operator(
        self, flat: Array, rows: Array, target: NDArray[Any], keep: bool
    ) -> HessianOperator:
        kind = ACTIVATIONS[self.activation]
        point = flat.copy() if keep else flat  # the caller may go on stepping in theirs
        return HessianOperator(
            self.layout, kind, self.loss, self.l2, point, rows, target, keep=keep
        )
