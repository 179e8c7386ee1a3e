"""The command `train`: networks trained by several optimizers, as a table and a file."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from landscape.cli.options import progress_bar
from landscape.errors import LandscapeError

if TYPE_CHECKING:
    from landscape.networks.run import Run
    from landscape.optimizers.rule import Rule

__all__ = ["train"]

_MOST_LAYERS = 1000

_EPILOG = """\b
Examples:
  landscape train --data moons --net 16,16 --opt adam --opt momentum:lr=0.02
  landscape train --data digits --net 64,32 --activation relu --opt adam --save runs.npz
  landscape train --data mine.csv,target=species --net 20x64 --skip --epochs 50 --batch all
"""


def _complete_data(ctx: Any, param: Any, incomplete: str) -> list[str]:
    from landscape.networks.datasets import dataset_names

    return [name for name in dataset_names() if name.startswith(incomplete)]


def _complete_rule(ctx: Any, param: Any, incomplete: str) -> list[str]:
    from landscape.optimizers.catalogue import RULES

    return [name for name in RULES if name.startswith(incomplete)]


def _complete_activation(ctx: Any, param: Any, incomplete: str) -> list[str]:
    from landscape.networks.activations import ACTIVATIONS

    return [name for name in ACTIVATIONS if name.startswith(incomplete)]


def _complete_initial(ctx: Any, param: Any, incomplete: str) -> list[str]:
    from landscape.networks.initial import INITIALISATIONS

    return [name for name in INITIALISATIONS if name.startswith(incomplete)]


@click.command(epilog=_EPILOG)
@click.option(
    "--data",
    default="moons",
    show_default=True,
    metavar="NAME|FILE",
    shell_complete=_complete_data,
    help="moons, circles, spirals:arms=3, xor, blobs, iris, wine, breast_cancer, digits, diabetes, "
    "or a file: mine.csv,target=species, mine.npz; options such as rows=500,noise=0.2,test=0.3.",
)
@click.option(
    "--net",
    default="16,16",
    show_default=True,
    metavar="WIDTHS",
    help="Widths of the hidden layers: 64,32, or 20x64 for twenty of 64; none for no hidden layer.",
)
@click.option(
    "--opt",
    "optimizers",
    multiple=True,
    metavar="NAME|RULE",
    shell_complete=_complete_rule,
    help="An update rule: adam, adam:lr=0.003, or 'p = p - lr*g'. Repeat it for several runs from "
    "one start; adam if left out.",
)
@click.option("--epochs", type=int, default=20, show_default=True, help="Passes over the data.")
@click.option("--batch", default="32", show_default=True, metavar="ROWS|all", help="Mini-batches.")
@click.option(
    "--schedule",
    default="",
    metavar="NAME|FORMULA",
    help="How the learning rate changes: cosine, or a formula of lr0, t (steps from 0) and T.",
)
@click.option(
    "--activation",
    default="tanh",
    show_default=True,
    metavar="NAME",
    shell_complete=_complete_activation,
    help="tanh, sigmoid, relu, leaky_relu, gelu or linear.",
)
@click.option("--skip", is_flag=True, help="Skip connections over hidden layers of equal width.")
@click.option(
    "--init",
    "initial",
    default="",
    metavar="NAME",
    shell_complete=_complete_initial,
    help="Initial weights: he_normal, glorot_uniform, normal:scale=0.01, zero, …",
)
@click.option(
    "--loss",
    default="",
    metavar="NAME",
    help="cross_entropy or squared_error; by the data if left out.",
)
@click.option("--l2", type=float, default=0.0, help="Adds L2/2 times the sum of squared weights.")
@click.option("--seed", type=int, default=0, show_default=True, help="Seed of weights and batches.")
@click.option("--float64", is_flag=True, help="Double precision.")
@click.option(
    "--snapshots", type=int, default=200, show_default=True, help="Most parameters kept of a run."
)
@click.option(
    "--every",
    default="step",
    show_default=True,
    metavar="[step|epoch|log]",
    help="How the snapshots are spaced.",
)
@click.option("--save", metavar="FILE", help="Write the runs into an NPZ file.")
def train(
    data: str,
    net: str,
    optimizers: tuple[str, ...],
    batch: str,
    loss: str,
    activation: str,
    skip: bool,
    l2: float,
    float64: bool,
    save: str | None,
    **options: Any,
) -> None:
    """Train a network by one or several optimizers; print what came of it."""
    from landscape.files import check_writable
    from landscape.networks.datasets import dataset
    from landscape.networks.hidden import check_skips, hidden_widths
    from landscape.networks.rates import network_rule
    from landscape.networks.run import save_runs
    from landscape.networks.training import network_for, train_all

    if save is not None:
        if not save.lower().endswith(".npz"):
            raise LandscapeError(f"runs are written as .npz: {save!r} came")
        check_writable(save)
    widths, rows = hidden_widths(net, _MOST_LAYERS), _batch(batch)
    rules = [network_rule(text) for text in optimizers or ("adam",)]
    found = dataset(data, "float64" if float64 else "float32")
    given: dict[str, Any] = {"activation": activation, "skip": skip, "l2": l2}
    network = network_for(found, widths, **given, **({"loss": loss} if loss else {}))
    check_skips(network)
    click.echo(found.describe(), err=True)
    click.echo(f"{network.describe()}: {network.count} parameters", err=True)
    _say_rates(rules, optimizers)
    with progress_bar("training") as progress:
        runs = train_all(network, found, rules, batch=rows, progress=progress, **options)
    _print(runs)
    if save is not None:
        save_runs(save, runs)
        click.echo(save)


def _batch(text: str) -> int | None:
    if text.strip().lower() == "all":
        return None
    try:
        return int(text)
    except ValueError:
        raise LandscapeError(f"a batch is a whole number of rows, or all: {text!r} came") from None


def _say_rates(rules: Sequence[Rule], texts: Sequence[str]) -> None:
    """Say which learning rates nobody has given."""
    from landscape.optimizers.lookup import optimizer

    chosen = [
        f"{rule.name} {rule.learning_rate:g}"
        for rule, text in zip(rules, texts or ("adam",), strict=True)
        if optimizer(text).learning_rate is None and rule.reads_rate
    ]
    if chosen:
        click.echo(f"learning rate, as none was given: {', '.join(chosen)}", err=True)


def _print(runs: Sequence[Run]) -> None:
    """Print a line a run."""
    wide = max(len("optimizer"), *(len(run.label) for run in runs))
    head = ("train loss", "test loss", "train acc", "test acc", "steps", "seconds")
    click.secho(f"{'optimizer':<{wide}}" + "".join(f" {name:>10}" for name in head), bold=True)
    for run in runs:
        cells = [
            *(_number(value, "#.4g") for value in (run.train_loss[-1], run.test_loss[-1])),
            *(_number(value, ".1%") for value in (run.train_accuracy[-1], run.test_accuracy[-1])),
            str(run.steps_taken),
            f"{run.seconds:.3g}",
        ]
        ended = "" if run.ending == "finished" else f"  {run.describe_ending()}"
        click.echo(f"{run.label:<{wide}}" + "".join(f" {cell:>10}" for cell in cells) + ended)


def _number(value: float, form: str) -> str:
    return "-" if math.isnan(value) else format(value, form)
