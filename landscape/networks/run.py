"""What one training run leaves behind, and its file."""

from __future__ import annotations

import json
import math
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from landscape.errors import LandscapeError
from landscape.files import AnyPath, atomic_output, shown
from landscape.networks.network import Network

__all__ = ["Run", "load_run", "load_runs", "save_runs"]

Array = NDArray[Any]

_FORMAT = 1
_ARRAYS = (
    "snapshots",
    "snapshot_steps",
    "steps",
    "train_loss",
    "test_loss",
    "train_accuracy",
    "test_accuracy",
    "gradient_norm",
    "rate",
    "batch_losses",
    "batch_gradients",
    "rates",
)
_FACTS = (
    "data",
    "rule",
    "label",
    "seed",
    "batch",
    "steps_per_epoch",
    "planned_steps",
    "scheme",
    "ending",
)


@dataclass(frozen=True, eq=False, kw_only=True)
class Run:
    """The training of one network by one optimizer: T snapshots, R measurements, S steps taken.

    Losses are the network's own, its L2 term included.

    Attributes:
      network          what was trained
      data             the text of the data set, "" for arrays
      rule             the text of the update rule, rate and schedule included
      label            its name in legends
      seed             of the initial weights, the batches and the rule's own noise
      batch            rows of a batch
      steps_per_epoch, planned_steps
      scheme           of the initial weights, "" for the usual one, "given" for an array
      ending           "finished", or "diverged": a loss is no longer a finite number
      snapshots        (T, P) the parameters, in the network's dtype; the first and the last belong
      snapshot_steps   (T,) after how many steps
      steps            (R,) after how many steps the next six were measured
      train_loss, test_loss           (R,) over all rows; NaN without a test part
      train_accuracy, test_accuracy   (R,) share of rows classified right; NaN for a regression
      gradient_norm    (R,) of the gradient on the next batch (in the last row: the last one)
      rate             (R,) the learning rate of the next step (in the last row: the last one)
      batch_losses     (S,) the loss on each step's batch before the step
      batch_gradients  (S,) the norm of its gradient there
      rates            (S,) the learning rates
      seconds          what the training took, measurements included; not kept in the file
    """

    network: Network
    data: str
    rule: str
    label: str
    seed: int
    batch: int
    steps_per_epoch: int
    planned_steps: int
    scheme: str
    ending: str
    snapshots: Array = field(repr=False)
    snapshot_steps: Array = field(repr=False)
    steps: Array = field(repr=False)
    train_loss: Array = field(repr=False)
    test_loss: Array = field(repr=False)
    train_accuracy: Array = field(repr=False)
    test_accuracy: Array = field(repr=False)
    gradient_norm: Array = field(repr=False)
    rate: Array = field(repr=False)
    batch_losses: Array = field(repr=False)
    batch_gradients: Array = field(repr=False)
    rates: Array = field(repr=False)
    seconds: float = math.nan

    @property
    def initial(self) -> Array:
        """The parameters at the start (P,)."""
        first: Array = self.snapshots[0]
        return first

    @property
    def final(self) -> Array:
        """The parameters at the end (P,)."""
        last: Array = self.snapshots[-1]
        return last

    @property
    def epochs(self) -> Array:
        """The measurements' steps as passes over the training rows (R,)."""
        return self.steps / self.steps_per_epoch

    @property
    def steps_taken(self) -> int:
        """How many steps were taken."""
        return len(self.rates)

    def describe_ending(self) -> str:
        """Return "ran all 900 steps" or "diverged at step 12"."""
        if self.ending == "finished":
            return f"ran all {self.steps_taken} steps"
        return f"{self.ending} at step {self.steps_taken}"

    def save(self, path: AnyPath) -> None:
        """Write the run into an NPZ file of plain arrays; the same run gives the same bytes.

        Raises LandscapeError if the file cannot be written.
        """
        save_runs(path, [self])

    def __repr__(self) -> str:
        return (
            f"<run of {self.label} on {self.data or 'arrays'}, {self.network.describe()}: "
            f"training loss {self.train_loss[0]:.4g} to {self.train_loss[-1]:.4g}, "
            f"{self.describe_ending()}>"
        )


def save_runs(path: AnyPath, runs: Sequence[Run]) -> None:
    """Write runs into one NPZ file of plain arrays; the same runs give the same bytes.

    Raises LandscapeError if the file cannot be written.
    """
    arrays: dict[str, Array] = {}
    facts = []
    for k, run in enumerate(runs):
        arrays.update({f"{k}/{name}": getattr(run, name) for name in _ARRAYS})
        facts.append({"network": asdict(run.network), **{key: getattr(run, key) for key in _FACTS}})
    told = json.dumps({"format": _FORMAT, "runs": facts})
    with atomic_output(path) as place, open(place, "wb") as file:
        np.savez(file, allow_pickle=False, runs=np.array(told), **arrays)


def load_runs(path: AnyPath) -> list[Run]:
    """Return the runs that `save_runs` or `Run.save` wrote.

    Raises LandscapeError if the file cannot be read or holds anything else.
    """
    name = shown(path)
    try:
        with np.load(Path(path).expanduser(), allow_pickle=False) as stored:
            told = json.loads(str(stored["runs"]))
            if told["format"] != _FORMAT:
                raise LandscapeError(
                    f"{name} is of format {told['format']}, and {_FORMAT} is read here: train again"
                )
            return [_run(k, facts, stored) for k, facts in enumerate(told["runs"])]
    except LandscapeError:
        raise
    except FileNotFoundError:
        raise LandscapeError(f"there is no file {name}: check the path") from None
    except OSError as problem:
        raise LandscapeError(f"cannot read {name}: {problem.strerror or problem}") from None
    except (ValueError, KeyError, TypeError, AttributeError, EOFError, zipfile.BadZipFile):
        raise LandscapeError(
            f"{name} is no file of training runs: name one that 'landscape train --save' wrote"
        ) from None


def load_run(path: AnyPath) -> Run:
    """Return the one run of a file.

    Raises LandscapeError as `load_runs` does, and if there are several.
    """
    runs = load_runs(path)
    if len(runs) != 1:
        labels = ", ".join(run.label for run in runs)
        raise LandscapeError(
            f"{shown(path)} holds {len(runs)} runs ({labels}): take load_runs and choose one"
        )
    return runs[0]


def _run(k: int, facts: dict[str, Any], stored: Any) -> Run:
    network = Network(**{**facts["network"], "sizes": tuple(facts["network"]["sizes"])})
    arrays = {name: stored[f"{k}/{name}"] for name in _ARRAYS}
    run = Run(network=network, **{key: facts[key] for key in _FACTS}, **arrays)
    _check(run, [run.snapshot_steps], run.snapshots[:, :1])
    _check(run, [getattr(run, name) for name in _ARRAYS[3:9]], run.steps)
    if run.snapshots.shape[1:] != (network.count,):
        raise ValueError("the snapshots belong to another network")
    return run


def _check(run: Run, arrays: Iterable[Array], like: Array) -> None:
    if not len(like) or any(array.shape != like.shape[:1] for array in arrays):
        raise ValueError(f"arrays of {run.label} do not belong together")
