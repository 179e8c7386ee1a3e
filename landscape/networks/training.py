"""Training: a rule of the catalogue over a network's flat vector, in mini-batches, from a seed."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from operator import index
from typing import Any, SupportsIndex

import numpy as np
from numpy.typing import NDArray

from landscape.errors import LandscapeError
from landscape.networks.batches import as_batch, steps_per_epoch
from landscape.networks.datasets import Dataset, dataset
from landscape.networks.loop import Loop, Progress
from landscape.networks.moments import measured_steps, snapshot_steps
from landscape.networks.network import Network
from landscape.networks.rates import network_rule
from landscape.networks.recording import Recorder
from landscape.networks.run import Run
from landscape.optimizers.lookup import Optimizer, rule_spec
from landscape.optimizers.rule import Rule
from landscape.optimizers.schedule import AnySchedule, find_schedule
from landscape.threads import one_blas_thread

__all__ = ["network_for", "train", "train_all"]

Array = NDArray[np.floating[Any]]

_MOST_STEPS = 10_000_000
_MOST_BYTES = 1 << 29  # of snapshots


def network_for(data: Dataset, hidden: Sequence[int], **options: Any) -> Network:
    """Return a network of hidden layers of these widths that fits the data.

    Parameters: `options` are those of Network, such as activation="relu"; the loss is cross_entropy
    for classes and squared_error for numbers unless given.

    Raises LandscapeError as Network does.
    """
    usual = "cross_entropy" if data.classes else "squared_error"
    return Network(
        (data.inputs, *hidden, data.outputs),
        **{"loss": usual, "dtype": str(data.X.dtype), **options},
    )


def train(
    network: Network,
    data: str | Dataset,
    rule: str | Optimizer = "adam",
    *,
    epochs: int = 20,
    batch: int | None = 32,
    schedule: str | AnySchedule = "",
    seed: int = 0,
    initial: str | Array = "",
    snapshots: int = 200,
    every: str = "step",
    measure: str | int | Sequence[int] = "early",
    progress: Progress | None = None,
) -> Run:
    """Train a network and return the run.

    The rows are drawn without replacement in every epoch, and its last batch may be short. A rule
    with grad(…) asks on the same batch; hess(…) is Hutchinson's estimate u*(Hu) on it, with random
    signs u. The same arguments give the same bytes. A run that diverges ends there.

    Parameters: `network`; `data`, a Dataset or the text of one; `rule`, an update rule as
    `landscape.optimizer` takes it, its learning rate that of `NETWORK_RATES` unless it has one;
    `epochs`; `batch`, rows of a batch, None for all; `schedule` of the learning rate, in which t
    counts steps and T is their number ("plateau" sees the mean batch loss of each epoch); the
    rule's own batch and schedule win; `seed` of the initial weights, the batches and the rule's
    noise; `initial`, a scheme such as "he_normal" or parameters (P,).

    `snapshots` is the most that are kept, under half a gigabyte, and `every` their spacing: "step",
    "epoch" or "log". `measure` is when the losses of all rows are measured: "early" (often at
    first, then each epoch), "epoch", "ends", a number of steps, or a list of steps. `progress` is
    called with (steps done, steps in all).

    Raises LandscapeError for bad arguments and for data that do not fit the network.
    """
    chosen, found = network_rule(rule), _matching(network, data)
    if isinstance(seed, bool) or not isinstance(seed, SupportsIndex) or index(seed) < 0:
        raise LandscapeError(f"a seed is a whole number from 0: {seed!r} came")
    size = as_batch(batch if chosen.batch is None else chosen.batch, found.rows)
    per_epoch = steps_per_epoch(found.rows, size)
    total = _epochs(epochs, per_epoch) * per_epoch
    with one_blas_thread():
        start = _start(network, initial, index(seed))
    measured = measured_steps(total, per_epoch, measure)
    kept = snapshot_steps(total, per_epoch, snapshots, every)
    room = max(2, _MOST_BYTES // start.nbytes)
    if len(kept) > room:
        kept = snapshot_steps(total, per_epoch, room, every)
    plan = find_schedule(chosen.schedule or schedule)
    began = time.perf_counter()
    loop = Loop(network, found, chosen, plan, start, size, total, index(seed))
    recorder = Recorder(network, found, kept, measured)
    with one_blas_thread():
        ending = loop.run(recorder, progress)
    return Run(
        network=network,
        data=found.spec,
        rule=_text(replace(chosen, schedule=plan.spec if plan.spec != "constant" else "")),
        label=chosen.label or chosen.name,
        seed=index(seed),
        batch=size,
        steps_per_epoch=per_epoch,
        planned_steps=total,
        scheme=initial if isinstance(initial, str) else "given",
        ending=ending,
        seconds=time.perf_counter() - began,
        **recorder.arrays(),
        **loop.noted(),
    )


def train_all(
    network: Network,
    data: str | Dataset,
    rules: Sequence[str | Optimizer],
    *,
    progress: Progress | None = None,
    **options: Any,
) -> list[Run]:
    """Train by several rules from the same start on the same batches, and return the runs.

    Parameters: `rules` in the order of the runs; the others are those of `train`. Where names are
    the same, their labels tell the rates as well, or all that sets them apart.

    Raises LandscapeError as `train` does; for a rule that is none, before the first run begins.
    """
    chosen = [network_rule(rule) for rule in rules]
    labels = _told_apart(chosen)
    found = _matching(network, data)
    runs: list[Run] = []
    for k, (rule, label) in enumerate(zip(chosen, labels, strict=True)):

        def report(done: int, total: int, k: int = k) -> None:
            if progress is not None:
                progress(k * total + done, len(chosen) * total)

        run = train(network, found, rule, progress=report, **options)
        runs.append(replace(run, label=label))
    return runs


def _told_apart(rules: Sequence[Rule]) -> list[str]:
    """Return a label for each rule: with its rate, or all that it is set to, where names agree."""
    names = [rule.label or rule.name for rule in rules]
    labels = list(names)
    for longer in (
        [f"{name} {rule.learning_rate:g}" for name, rule in zip(names, rules, strict=True)],
        [f"{name} {rule.describe()}" for name, rule in zip(names, rules, strict=True)],
    ):
        doubled = {label for label in labels if labels.count(label) > 1}
        for name in {names[k] for k, label in enumerate(labels) if label in doubled}:
            for k in (k for k, one in enumerate(names) if one == name):
                labels[k] = longer[k]
    return labels


def _matching(network: Network, data: str | Dataset) -> Dataset:
    """Return the data in the network's dtype.

    Raises LandscapeError if their inputs, outputs or targets do not fit.
    """
    found = dataset(data, network.dtype)
    if not found.classes and network.loss != "squared_error":
        raise LandscapeError(
            f"{found.name} has a number to predict: take loss squared_error, {network.loss} came"
        )
    inputs, outputs = network.sizes[0], network.sizes[-1]
    single = network.loss == "squared_error" and len(found.classes) == 2 and outputs == 1
    if inputs != found.inputs or (outputs != found.outputs and not single):
        raise LandscapeError(
            f"{found.name} needs a network of {found.inputs} inputs and {found.outputs} outputs: "
            f"one of {inputs} and {outputs} came"
        )
    return found


def _epochs(epochs: Any, per_epoch: int) -> int:
    whole = isinstance(epochs, SupportsIndex) and not isinstance(epochs, bool)
    if not whole or index(epochs) < 1:
        raise LandscapeError(f"epochs are a whole number from 1: {epochs!r} came")
    if index(epochs) * per_epoch > _MOST_STEPS:
        raise LandscapeError(
            f"{index(epochs)} epochs of {per_epoch} steps are more than {_MOST_STEPS}: "
            "take fewer epochs or larger batches"
        )
    return index(epochs)


def _start(network: Network, initial: Any, seed: int) -> Array:
    """Return the parameters at the start, those of a scheme or those given."""
    if isinstance(initial, str):
        return network.initial(initial, seed)
    start = np.array(initial, network.dtype)
    if start.shape != (network.count,):
        raise LandscapeError(
            f"{network.describe()} starts from {network.count} parameters in one flat vector: an "
            f"array of shape {start.shape} came"
        )
    return start


def _text(rule: Rule) -> str:
    """Return the text of a rule, its name if none makes it again."""
    try:
        return rule_spec(rule)
    except LandscapeError:
        return rule.name
