"""The inner loop of training: batch, gradient, step."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from landscape.networks.batches import epoch_order, steps_per_epoch
from landscape.networks.datasets import Dataset
from landscape.networks.network import Network
from landscape.networks.recording import Recorder
from landscape.optimizers.plateau import Plateau
from landscape.optimizers.rule import Rule
from landscape.optimizers.schedule import AnySchedule, Rates
from landscape.optimizers.vector import VectorStepper

__all__ = ["Loop", "Progress"]

Array = NDArray[np.floating[Any]]
Progress = Callable[[int, int], None]

_CURVATURE_STREAM = 23
_STRETCH = 8192  # numbers in a sum that BLAS does on one thread, and so in one order
_PAUSE = 0.05  # seconds between two words on progress


class Loop:
    """One rule on its way over the parameters of one network.

    Parameters: `network`; `data` in its dtype; `rule` with a learning rate; `schedule`; `start`
    (P,); `size`, rows of a batch; `total`, steps; `seed` of the batches and of noise.
    """

    def __init__(
        self,
        network: Network,
        data: Dataset,
        rule: Rule,
        schedule: AnySchedule,
        start: Array,
        size: int,
        total: int,
        seed: int,
    ) -> None:
        self._network, self._size, self._total, self._seed = network, size, total, seed
        self._rows, self._targets = data.X, network.targets(data.y)
        self._evaluate = network.evaluator(min(size, network.layout.chunk))
        self._batch = self._rows[:size], self._targets[:size]
        self._signs = np.random.Generator(np.random.PCG64([_CURVATURE_STREAM, seed]))
        rate = rule.learning_rate
        assert rate is not None
        self._rate_of = _rates(schedule, rate, total, steps_per_epoch(len(data.X), size))
        if "lr" in rule.initial.values():
            rate = schedule.start(rate, total)(0, math.inf)
        self._stepper = VectorStepper(
            rule, start, rate, gradient=self._elsewhere, curvature=self._curvature, seed=seed
        )
        self._noted = np.empty((3, total))
        self._taken = 0

    def run(self, recorder: Recorder, progress: Progress | None = None) -> str:
        """Take the steps, note what `recorder` wants and return how it ended."""
        with np.errstate(all="ignore"):  # what diverges is told by its ending
            return self._run(recorder, progress)

    def _run(self, recorder: Recorder, progress: Progress | None) -> str:
        p, gradient = self._stepper.p, np.empty_like(self._stepper.p)
        evaluate, step, rate_of = self._evaluate.advance, self._stepper.advance, self._rate_of
        losses, norms, rates = self._noted
        t, told, norm, rate = 0, time.perf_counter(), math.nan, math.nan
        finite = True
        while finite and t < self._total:
            for batch in self._epoch(t):
                self._batch = batch
                loss = evaluate(p, *batch, gradient)
                norm = _norm(gradient)
                finite = math.isfinite(loss)
                if not finite:
                    break
                rate = rate_of(t, loss)
                if t == recorder.next:
                    recorder.take(t, p, norm, rate)
                losses[t], norms[t], rates[t] = loss, norm, rate
                t += 1
                step(t, rate, gradient)
            if progress is not None and time.perf_counter() - told > _PAUSE:
                told = time.perf_counter()
                progress(t, self._total)
        self._taken = t
        if finite:
            evaluate(p, *self._batch, gradient)
            norm = _norm(gradient)
        recorder.take(t, p, norm, rate, last=True)
        if progress is not None:
            progress(self._total, self._total)
        return "finished" if finite and recorder.is_finite else "diverged"

    def noted(self) -> dict[str, Array]:
        """Return what was noted of each step taken, (steps,) each, under the names a Run has."""
        losses, norms, rates = self._noted[:, : self._taken].copy()
        return {"batch_losses": losses, "batch_gradients": norms, "rates": rates}

    def _epoch(self, t: int) -> list[tuple[Array, NDArray[Any]]]:
        """Return the batches of the epoch that begins at step `t`: rows and targets of each."""
        rows, targets, size = self._rows, self._targets, self._size
        count = len(rows)
        if size < count:
            order = epoch_order(count, self._seed, t // steps_per_epoch(count, size))
            rows, targets = rows.take(order, 0), targets.take(order, 0)  # batches are pieces of it
        return [
            (rows[begin : begin + size], targets[begin : begin + size])
            for begin in range(0, count, size)
        ]

    def _elsewhere(self, q: Array) -> Array:
        """Return the gradient at `q` on the present batch, in an array of its own."""
        result = np.empty_like(q)
        self._evaluate(q, *self._batch, result)
        return result

    def _curvature(self, q: Array) -> Array:
        """Return Hutchinson's estimate of the Hessian's diagonal at `q` on the present batch.

        The mean of u*(Hu) over random signs u is the diagonal; one draw is taken.
        """
        signs = (2 * self._signs.integers(0, 2, len(q), np.int8) - 1).astype(q.dtype)
        return signs * self._network.hessian_product(q, signs, *self._batch)


def _rates(schedule: AnySchedule, first: float, total: int, per_epoch: int) -> Rates:
    """Return the rate of each step; a schedule that follows the loss sees the mean of an epoch."""
    follow = schedule.start(first, total)
    if not isinstance(schedule, Plateau):
        return follow
    rate, summed = first, 0.0

    def by_epoch(t: int, loss: float) -> float:
        nonlocal rate, summed
        if t and t % per_epoch == 0:
            rate, summed = follow(t // per_epoch, summed / per_epoch), 0.0
        summed += loss
        return rate

    return by_epoch


def _norm(gradient: Array) -> float:
    """Return the Euclidean norm, the same on any number of threads."""
    if len(gradient) <= _STRETCH:
        return math.sqrt(gradient.dot(gradient))
    parts = (gradient[k : k + _STRETCH] for k in range(0, len(gradient), _STRETCH))
    return math.sqrt(math.fsum(float(part.dot(part)) for part in parts))
