"""Learning curves from real training: learning rates, batches, initial weights side by side."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from landscape.drawing.learning_curves import METRICS, PARTS, guessing_loss
from landscape.errors import LandscapeError
from landscape.keys import flag, number_key, text, texts, whole_key
from landscape.pictures.curves_plan import check_room
from landscape.pictures.curves_training import dead_units, train_curve
from landscape.pictures.curves_variants import curve_variants
from landscape.pictures.network import activation_names, load_data
from landscape.pictures.outlook import Outlook, training_work
from landscape.pictures.ready import Redrawn
from landscape.pictures.trained import runs_of_files
from landscape.pictures.trained_recipe import TrainedRecipe, trainers
from landscape.specs import split_spec

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from landscape.networks.datasets import Dataset
    from landscape.networks.run import Run

    Array = NDArray[Any]
    Progress = Callable[[int, int], None]

__all__ = ["CurveLine", "Curves", "CurvesPanel", "CurvesRecipe", "prepare"]

_MOST_LINES = 8
_MOST_PANELS = 6


@dataclass(frozen=True, kw_only=True, repr=False)
class CurvesRecipe(TrainedRecipe):
    """What a picture of learning curves depends on.

    Attributes:
      activation  of the hidden layers
      init        scheme of the initial weights, "" for what suits the activation
      optimizers  rules that train, a line for each
      epochs      of training
      vary        "lr=0.001,0.01" or "batch=8,64": a line for each value of an option of the rules,
                  or of a key of the network or its training; "" for none
      grid        the same, a panel for each value
      runs        files of runs that `landscape train --save` wrote, in place of training
      show        "loss" and "accuracy"
      parts       "train" (solid) and "test" (dashed)
      batches     draws the loss of each step's batch, faint
      smooth      the mean of so many of them as a line, 0 for none
      guess       a line at log K, the loss of guessing, and the accuracy of guessing
      axis        "linear" or "log", of the loss
      top         where the axis of the loss ends; None for a little above the first loss
    """

    picture = "curves"

    activation: str = text("tanh", "Activation of the hidden layers.", choices=activation_names)
    optimizers: tuple[str, ...] = trainers(
        "Rule that trains, with options; repeat it for several.", _MOST_LINES, distinct=True
    )
    vary: str = text("", "A line for each value: lr=0.001,0.01,0.1.", metavar="KEY=V,V")
    grid: str = text("", "A panel for each value: batch=1,8,64,all.", metavar="KEY=V,V")
    runs: tuple[str, ...] = texts(
        (),
        "A file of runs that 'landscape train --save' wrote, in place of training.",
        option="--run",
        singular="run",
        metavar="FILE.npz",
    )
    show: tuple[str, ...] = texts(
        METRICS,
        "loss or accuracy. Repeat it for both.",
        singular="metric",
        metavar="loss|accuracy",
        choices=METRICS,
    )
    parts: tuple[str, ...] = texts(
        PARTS,
        "train or test rows. Repeat it for both.",
        option="--part",
        singular="part",
        metavar="train|test",
        choices=PARTS,
    )
    batches: bool = flag(False, "Draw the loss of each step's batch, faint.")
    smooth: int = whole_key(0, 0, 1_000_000, "Draw the mean of so many batch losses.")
    guess: bool = flag(True, "A line at log K: the loss of guessing.")
    axis: str = text("linear", "Axis of the loss.", choices=("linear", "log"))
    top: float | None = number_key(
        None, 1e-9, 1e12, "Where the axis of the loss ends.", optional=True
    )

    def _check(self) -> None:
        super()._check()
        if not self.show or not self.parts:
            raise LandscapeError("learning curves show the loss or accuracy of train or test rows")
        if not self.optimizers:
            raise LandscapeError("learning curves need an optimizer that trains: name one")
        if self.runs and (self.vary or self.grid):
            raise LandscapeError("runs of files are drawn as they are: leave --vary and --grid out")

    def check_room(self) -> None:
        """Raise LandscapeError if the page is too small for the panels."""
        check_room(self, self.grid)


@dataclass(frozen=True, eq=False)
class CurveLine:
    """One run: its `label`, and how many of its hidden `units` are `dead` at its end."""

    label: str
    run: Run
    dead: int
    units: int


@dataclass(frozen=True, eq=False)
class CurvesPanel:
    """Runs drawn on the same axes, and their title among several."""

    title: str
    lines: tuple[CurveLine, ...]


class Curves(Redrawn):
    """A picture of learning curves whose runs are trained.

    Attributes: `recipe`; `panels`; `times`, the epoch that each frame shows; `data`, its name.
    """

    recipe: CurvesRecipe
    alike = True

    def __init__(self, recipe: CurvesRecipe, panels: tuple[CurvesPanel, ...], data: str) -> None:
        self.recipe, self.panels, self.data = recipe, panels, data
        end = max(float(run.epochs[-1]) for run in self.runs)
        self.count = recipe.frames
        self.times = tuple(end * k / (self.count - 1) for k in range(self.count))
        names = dict.fromkeys(run.rule.partition(":")[0] for run in self.runs)
        rules = [name if name.isidentifier() else "rule" for name in names]
        self.name = "-".join(["curves", *dict.fromkeys(rules)][:5])

    @property
    def runs(self) -> tuple[Run, ...]:
        """The runs of all panels."""
        return tuple(line.run for panel in self.panels for line in panel.lines)

    def numbers(self) -> list[str]:
        """Return a line for each run: its first and last losses, accuracies, dead units."""
        said = []
        for panel in self.panels:
            for line in panel.lines:
                run = line.run
                name = ", ".join(part for part in (panel.title, line.label) if part)
                guess = guessing_loss(run.network)
                first = f"first loss {run.train_loss[0]:.3g}"
                if math.isfinite(guess):
                    first += f" ({run.train_loss[0] / guess:.2f} log {run.network.sizes[-1]})"
                ends = [f"last {run.train_loss[-1]:.3g}, test {run.test_loss[-1]:.3g}"]
                if math.isfinite(run.train_accuracy[-1]):
                    ends.append(f"accuracy {run.train_accuracy[-1]:.1%}")
                    ends.append(f"test {run.test_accuracy[-1]:.1%}")
                if line.dead:
                    ends.append(f"{line.dead} of {line.units} units dead")
                if run.ending != "finished":
                    ends.append(run.describe_ending())
                said.append(f"{name}: {first}, {', '.join(ends)}")
        return said


def prepare(
    recipe: CurvesRecipe,
    *,
    data: Dataset | None = None,
    report: Callable[[str], None] = lambda _: None,
    progress: Progress | None = None,
) -> Curves:
    """Train the networks of a recipe, or read its runs.

    Parameters: `data` replaces the recipe's text by an object; `report` is told what a reader
    should know; `progress` is called with (done, in all).

    Raises LandscapeError for data, rules and variants that mean nothing.
    """
    if recipe.runs:
        return _from_files(recipe)
    if not any(said.startswith("lr=") for said in (recipe.vary, recipe.grid)):
        recipe = recipe.with_(optimizers=tuple(map(_with_rate, recipe.optimizers)))
    panels = curve_variants(recipe, recipe.grid, _MOST_PANELS)
    plans = [
        (panel, curve_variants(panel.recipe.with_(vary=recipe.vary), recipe.vary, _MOST_LINES))
        for panel in panels
    ]
    total = sum(len(one.recipe.optimizers) for _, lines in plans for one in lines)
    most = max(sum(len(one.recipe.optimizers) for one in lines) for _, lines in plans)
    if most > _MOST_LINES:
        raise LandscapeError(f"a panel has at most {_MOST_LINES} learning curves: {most} came")
    sets = [
        load_data(one.recipe.data, dtype=recipe.dtype) if data is None else data
        for _, lines in plans
        for one in lines
    ]
    works = map(training_work, (one.recipe for _, lines in plans for one in lines), sets)
    rules = [len(one.recipe.optimizers) for _, lines in plans for one in lines]
    each = [work / count for work, count in zip(works, rules, strict=True) for _ in range(count)]
    outlook = Outlook(each, f"all {total} trainings", report)
    done, made, name, found = 0, [], "", iter(sets)
    for panel, lines in plans:
        drawn: list[CurveLine] = []
        for one in lines:
            rows = next(found)
            name = rows.name
            for rule in one.recipe.optimizers:

                def part(step: int, last: int, done: int = done) -> None:
                    if progress is not None:
                        progress(1000 * done + 1000 * step // max(1, last), 1000 * total)

                with outlook.piece():
                    run = train_curve(one.recipe, rows, rule, part)
                label = _label(one.title, run, alone=len(one.recipe.optimizers) == 1)
                if run.ending != "finished":
                    report(f"{label}: {run.describe_ending()}")
                drawn.append(CurveLine(label, run, *dead_units(run, rows)))
                done += 1
        made.append(CurvesPanel(panel.title, tuple(_told_apart(drawn))))
    return Curves(recipe, tuple(made), name)


def _with_rate(said: str) -> str:
    """Return the text of a rule with the learning rate that it will have."""
    from landscape.networks.rates import network_rule
    from landscape.optimizers.lookup import rule_spec

    return rule_spec(network_rule(said))


def _label(title: str, run: Run, *, alone: bool) -> str:
    return title if title and alone else f"{run.label} {title}".strip()


def _told_apart(lines: Sequence[CurveLine]) -> list[CurveLine]:
    """Return lines of which those of the same name say too by which options they differ."""
    made = []
    for line in lines:
        same = [split_spec(one.run.rule)[1] for one in lines if one.label == line.label]
        own = split_spec(line.run.rule)[1]
        differs = [key for key in own if any(other.get(key) != own[key] for other in same)]
        said = ", ".join(f"{key} {own[key]}" for key in differs)
        made.append(replace(line, label=f"{line.label} {said}".strip()))
    return made


def _from_files(recipe: CurvesRecipe) -> Curves:
    found = runs_of_files(recipe.runs, _MOST_LINES, "learning curves")
    lines = tuple(CurveLine(run.label, run, 0, sum(run.network.sizes[1:-1])) for run in found)
    names = dict.fromkeys(run.data.partition(":")[0] or "data" for run in found)
    return Curves(recipe, (CurvesPanel("", lines),), ", ".join(names))
