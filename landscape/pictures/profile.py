"""A network's loss along lines through its parameters: random ones, or one between two ends."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from landscape.errors import LandscapeError
from landscape.keys import flag, number_key, text, whole_key
from landscape.pictures.endings import found_nothing, said_of_end
from landscape.pictures.network import load_data
from landscape.pictures.outlook import Outlook, training_work
from landscape.pictures.ready import Redrawn
from landscape.pictures.rounding import check_varied
from landscape.pictures.sharp import ordering
from landscape.pictures.trained import sharpness_of, trained_runs
from landscape.pictures.trained_recipe import (
    TrainedRecipe,
    bias_names,
    check_distinct,
    normalisation_names,
    trainers,
)
from landscape.pictures.variants import variants_of

if TYPE_CHECKING:
    from landscape.networks.datasets import Dataset
    from landscape.networks.network import Network
    from landscape.networks.run import Run
    from landscape.planes.profile import Profile
    from landscape.planes.sharpness import Sharpness

    Progress = Callable[[int, int], None]

__all__ = ["Curve", "ProfileRecipe", "Profiles", "prepare"]

_MOST = 6
_LINES = ("random", "line")


@dataclass(frozen=True, kw_only=True, repr=False)
class ProfileRecipe(TrainedRecipe):
    """What a picture of the loss along lines depends on.

    Attributes:
      activation  of the hidden layers
      init        scheme of the initial weights, "" for what suits the activation
      optimizers  rules that train; "random" takes one, "line" goes from the first's end to the
                  second's
      epochs      of training
      apart       each rule from a start of its own, seeds `seed` and `seed` + 1
      along       "random" directions from the end of training, or the "line" through two ends
      normalise   scaling of random directions: "filter", "layer", "plain", "unit", "gaussian"
      biases      whether they move along random directions: "zero", "keep", "perturb"
      draw        seed of the random directions
      repeats     how many random directions
      reach       how far out along them
      overshoot   how far beyond both ends of the line, as a share of the way between them
      count       places on each line
      vary        "skip=no,yes": a curve for each value; "" for one
      seeds       networks trained for each curve (the first is drawn), whose sharpness is compared
      radius      how far out the sharpness is measured
      axis        "log" or "linear", the axis of the loss
      top         highest loss drawn, 0 for the highest there is
    """

    picture = "profile"

    optimizers: tuple[str, ...] = trainers(
        "Rule that trains, with options; a line goes from the first one's end to the second's.", 2
    )
    apart: bool = flag(False, "Each rule from a start of its own: seeds SEED and SEED + 1.")
    along: str = text("random", "random directions, or the line through two ends.", choices=_LINES)
    normalise: str = text("filter", "Scaling of random directions.", choices=normalisation_names)
    biases: str = text("zero", "How biases move along random directions.", choices=bias_names)
    draw: int = whole_key(0, 0, 2**53, "Seed of the random directions.")
    repeats: int = whole_key(20, 2, 1000, "How many random directions.")
    reach: float = number_key(1.0, 1e-6, 1e6, "How far out along random directions.")
    overshoot: float = number_key(0.25, 0, 100, "How far a line goes beyond its ends.")
    count: int = whole_key(51, 5, 2001, "Places on each line.")
    vary: str = text("", "A curve for each value: skip=no,yes.", metavar="KEY=V,V")
    seeds: int = whole_key(1, 1, 100, "Networks trained for each curve, to compare sharpness.")
    radius: float = number_key(0.25, 1e-6, 1e6, "How far out sharpness is measured.")
    axis: str = text("log", "The axis of the loss.", choices=("log", "linear"))
    top: float = number_key(0.0, 0, 1e30, "Highest loss drawn; 0 for the highest there is.")

    def _check(self) -> None:
        super()._check()
        check_distinct(self.optimizers, apart=self.apart)
        wanted = 2 if self.along == "line" else 1
        if len(self.optimizers) != wanted:
            raise LandscapeError(
                f"a profile along {self.along} needs {wanted} optimizer{'s' if wanted > 1 else ''}"
                f": {len(self.optimizers)} came"
            )
        if self.seeds > 1 and not self.vary:
            raise LandscapeError("several seeds compare variants: add --vary skip=no,yes, say")
        if self.kind == "film":
            raise LandscapeError("a profile is a still: write a .png, .svg or .pdf")
        variants_of(self, self.vary, _MOST)


@dataclass(frozen=True, eq=False)
class Curve:
    """The losses of one network along its lines.

    Attributes: `title`; `network`; `runs`; `profile`; `sharpness` of the networks trained, one for
    each seed, empty for a line between two ends; `nothing`, how many of them found nothing.
    """

    title: str
    network: Network
    runs: tuple[Run, ...]
    profile: Profile
    sharpness: tuple[Sharpness, ...] = ()
    nothing: int = 0


class Profiles(Redrawn):
    """A picture of losses along lines whose numbers are computed: `recipe`, `curves`, `data`."""

    recipe: ProfileRecipe

    def __init__(self, recipe: ProfileRecipe, curves: tuple[Curve, ...], data: str) -> None:
        self.recipe, self.curves, self.data = recipe, curves, data
        self.name = f"profile-{recipe.along}"

    def numbers(self) -> list[str]:
        """Return a line for each curve: its loss, and how sharp its minimum is."""
        said = []
        for one in self.curves:
            start = f"{one.title}: " if one.title else ""
            losses = [f"{float(run.train_loss[-1]):.4g}" for run in one.runs]
            said.append(f"{start}loss {', '.join(losses)}")
            if not one.sharpness:
                said[-1] += f"; highest between them {highest_between(one.profile):.4g}"
            for k, sharp in enumerate(one.sharpness):
                said.append(f"{start}seed {self.recipe.seed + k}: {sharp}")
        return [*said, ordering(self.curves)] if ordering(self.curves) else said


def highest_between(profile: Profile) -> float:
    """Return the highest loss from t = 0 to t = 1."""
    inside = (profile.ts >= 0) & (profile.ts <= 1)
    return float(profile.loss[0, inside].max())


def prepare(
    recipe: ProfileRecipe,
    *,
    data: Dataset | None = None,
    report: Callable[[str], None] = lambda _: None,
    progress: Progress | None = None,
) -> Profiles:
    """Train the networks of a recipe and compute the losses along its lines.

    Parameters: `data` replaces the recipe's text by an object; `report` is told what a reader
    should know; `progress` is called with (done, in all).

    Raises LandscapeError for data, rules and variants that mean nothing, for a run that diverged,
    and if the loss is the same everywhere.
    """
    variants = variants_of(recipe, recipe.vary, _MOST)
    rows = [
        load_data(one.recipe.data, dtype=one.recipe.dtype) if data is None else data
        for one in variants
    ]
    works = [*map(training_work, (one.recipe for one in variants), rows)]
    trainings = recipe.seeds * sum(len(one.recipe.optimizers) for one in variants)
    outlook = Outlook(
        [work for work in works for _ in range(recipe.seeds)],
        f"all {trainings} trainings",
        report,
    )
    curves = []
    for k, variant in enumerate(variants):

        def part(done: int, total: int, k: int = k) -> None:
            if progress is not None:
                progress(1000 * k + 1000 * done // max(1, total), 1000 * len(variants))

        curves.append(
            _curve(variant.recipe, variant.title, rows[k], recipe.seeds, report, part, outlook)
        )
    losses = [one.profile.loss for one in curves]
    check_varied(losses, curves[0].network.dtype, "these lines")
    return Profiles(recipe, tuple(curves), rows[-1].name)


def _curve(
    recipe: ProfileRecipe,
    title: str,
    data: Dataset,
    seeds: int,
    report: Callable[[str], None],
    progress: Progress,
    outlook: Outlook,
) -> Curve:
    network = recipe.network(data, recipe.activation)
    parts = seeds + 1  # the trainings, and the lines
    first: list[Run] = []
    sharp, nothing = [], 0
    for k in range(seeds):

        def trained(done: int, total: int, k: int = k) -> None:
            progress(1000 * k + 1000 * done // max(1, total), 1000 * parts)

        with outlook.piece():
            runs = _runs(recipe, network, data, recipe.seed + k, trained)
            if recipe.along == "random":
                sharp.append(sharpness_of(recipe, network, data, runs[0], recipe.repeats))
        nothing += sum(map(found_nothing, runs))
        _say_endings(f"{title}, seed {recipe.seed + k}" if k else title, runs, report)
        first = first or runs

    def measured(done: int, total: int) -> None:
        progress(1000 * seeds + 1000 * done // max(1, total), 1000 * parts)

    found = _along(recipe, network, data, first, measured)
    return Curve(title, network, tuple(first), found, tuple(sharp), nothing if sharp else 0)


def _along(
    recipe: ProfileRecipe, network: Network, data: Dataset, runs: Sequence[Run], progress: Progress
) -> Profile:
    """Return the losses along the lines of a recipe."""
    from landscape.planes.profile import line_profile, random_profile

    if recipe.along == "line":
        first, second = (run.final for run in runs)
        return line_profile(
            network,
            first,
            second,
            data.X,
            data.y,
            overshoot=recipe.overshoot,
            count=recipe.count,
            progress=progress,
        )
    return random_profile(
        network,
        runs[0].final,
        data.X,
        data.y,
        repeats=recipe.repeats,
        reach=recipe.reach,
        count=recipe.count,
        normalise=recipe.normalise,
        biases=recipe.biases,
        seed=recipe.draw,
        progress=progress,
    )


def _say_endings(title: str, runs: Sequence[Run], report: Callable[[str], None]) -> None:
    """Report runs that found nothing."""
    for run in runs:
        if said := said_of_end(run):
            report(f"{', '.join(filter(None, (title, run.label)))}: {said}")


def _runs(
    recipe: ProfileRecipe, network: Network, data: Dataset, seed: int, progress: Progress
) -> list[Run]:
    runs = trained_runs(
        recipe,
        network,
        data,
        seed=seed,
        apart=recipe.apart,
        snapshots=2,
        progress=progress,
    )
    for run in runs:
        if run.ending != "finished":
            raise LandscapeError(
                f"{run.label} {run.describe_ending()}, so there is no end to look around: take a "
                "smaller learning rate"
            )
    return runs
