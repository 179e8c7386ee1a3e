"""What a picture of a plane through a network's parameters depends on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from landscape.errors import LandscapeError
from landscape.keys import flag, number_key, text, texts, whole_key
from landscape.pictures.trained_recipe import (
    TrainedRecipe,
    bias_names,
    check_distinct,
    normalisation_names,
    trainers,
)
from landscape.pictures.variants import variants_of
from landscape.space_keys import SpaceKeys
from landscape.style import LEVEL_KINDS

__all__ = ["MOST_PANELS", "MOST_RUNS", "PlaneRecipe"]

MOST_PANELS = 4
_DIRECTIONS = ("pca", "random", "hessian", "solutions")
_STRIPS = ("loss", "off")
MOST_RUNS = 8


def _metrics() -> Sequence[str]:
    from landscape.planes.plane import METRICS

    return (*METRICS, "curvature")


@dataclass(frozen=True, kw_only=True, repr=False)
class PlaneRecipe(SpaceKeys, TrainedRecipe):
    """What a picture of a plane through a network's parameters depends on.

    Attributes, beside those of SpaceKeys:
      activation  of the hidden layers
      init        scheme of the initial weights, "" for what suits the activation
      optimizers  rules that train, all from the same start; their paths are drawn
      epochs      of training
      apart       each rule from a start of its own, seeds `seed`, `seed` + 1, …
      directions  "pca" of the paths; "random" ones or eigenvectors of the "hessian" at the end of
                  the first path; "solutions": the plane through the ends of the first three
      normalise   scaling of random directions: "filter", "layer", "plain", "unit", "gaussian"
      biases      whether they move along random directions: "zero", "keep", "perturb"
      orthogonal  makes random directions orthogonal
      draw        seed of the random directions
      centre      of the principal components: "final" or "mean"
      reach       how far the plane goes each way from the centre (random, hessian)
      metric      "loss", "accuracy", "test_loss", "test_accuracy", or "curvature":
                  |λmin/λmax| of the full Hessian, beneath the levels of the loss
      coarse      grid lines of a map of curvature each way
      resolution  grid lines computed each way; where the plane is wider than high, more columns
                  and fewer rows, about as many cells
      vary        "skip=no,yes": a panel for each value, with the same levels; "" for one panel
      runs        files of runs that `landscape train --save` wrote, in place of training: network,
                  data and paths are theirs
      seeds       networks trained for each panel (the first is drawn), whose sharpness is compared
      radius      how far out the sharpness is measured
      top         highest level drawn, 0 for the highest there is
      levels      "auto", "log", "power", "quantile" or "linear"
      count       how many steps between levels
      fill        filled contours, or lines alone
      curves      strips beneath the legend: "loss", true and on the plane; "off", how far off it
    """

    picture = "plane"

    optimizers: tuple[str, ...] = trainers(
        "Rule that trains, with options; repeat it for several from the same start.", MOST_RUNS
    )
    apart: bool = flag(False, "Each rule from a start of its own: seeds SEED, SEED + 1, …")
    directions: str = text(
        "pca",
        "pca of the paths; random; hessian: its top eigenvectors; solutions: through three ends.",
        choices=_DIRECTIONS,
    )
    normalise: str = text("filter", "Scaling of random directions.", choices=normalisation_names)
    biases: str = text("zero", "How biases move along random directions.", choices=bias_names)
    orthogonal: bool = flag(False, "Make the random directions orthogonal.")
    draw: int = whole_key(0, 0, 2**53, "Seed of the random directions.")
    centre: str = text(
        "final", "What principal components are taken about.", choices=("final", "mean")
    )
    reach: float = number_key(1.0, 1e-6, 1e6, "How far random and hessian planes go each way.")
    metric: str = text("loss", "What is drawn over the plane.", choices=_metrics)
    resolution: int = whole_key(
        51, 5, 2001, "About as many grid lines each way are computed; between them, interpolated."
    )
    coarse: int = whole_key(15, 2, 501, "Grid lines of a map of curvature each way.")
    vary: str = text("", "A panel for each value: skip=no,yes.", metavar="KEY=V,V")
    runs: tuple[str, ...] = texts(
        (),
        "A file of runs that 'landscape train --save' wrote, in place of training.",
        option="--run",
        singular="run",
        metavar="FILE.npz",
    )
    seeds: int = whole_key(1, 1, 100, "Networks trained for each panel, to compare sharpness.")
    radius: float = number_key(0.25, 1e-6, 1e6, "How far out sharpness is measured.")
    top: float = number_key(0.0, 0, 1e30, "Highest level drawn; what is above has one colour.")
    levels: str = text("auto", "How contour levels are spaced.", choices=LEVEL_KINDS)
    count: int = whole_key(18, 2, 100, "Steps between contour levels.")
    fill: bool = flag(True, "Filled contours, or lines alone.")
    curves: tuple[str, ...] = texts(
        _STRIPS,
        "loss: true and on the plane; off: distance from the plane. Repeat it for both.",
        option="--curve",
        singular="curve",
        metavar="loss|off",
        choices=_STRIPS,
    )

    @property
    def top_of_colors(self) -> tuple[float, str]:
        """The loss above which all has one colour, 0 for none, and the key that says so."""
        cut = self.clip or 0.0 if self.view != "contour" else 0.0
        return (self.top, "top") if self.top or cut <= 0 else (cut, "clip")

    def _check(self) -> None:
        super()._check()
        check_distinct(self.optimizers, apart=self.apart)
        if not self.optimizers:
            raise LandscapeError("a plane needs an optimizer that trains the network: name one")
        if self.runs and self.vary:
            raise LandscapeError("runs of files are drawn as they are: leave --vary out")
        if self.directions == "solutions" and not self.runs and len(self.optimizers) != 3:
            raise LandscapeError(
                "a plane through solutions needs three optimizers, such as adam three times with "
                f"--apart: {len(self.optimizers)} came"
            )
        if self.seeds > 1 and not self.vary:
            raise LandscapeError("several seeds compare variants: add --vary skip=no,yes, say")
        if self.vary:
            variants_of(self, self.vary, MOST_PANELS)
            if self.kind == "film":
                raise LandscapeError("variants side by side make a still: leave --vary out")
            if self.view == "both":
                raise LandscapeError(
                    "variants side by side have no room for two views of each: take --view 3d or "
                    "contour"
                )
        if self.metric == "curvature" and self.view != "contour":
            raise LandscapeError(
                f"a map of curvature is drawn from above: leave --view={self.view} out"
            )
