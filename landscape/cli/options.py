"""The options that several commands share, and how their values are read."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import click

__all__ = [
    "Numbers",
    "apply",
    "film_options",
    "look_options",
    "progress_bar",
    "recipe_from",
    "run_options",
]

Command = TypeVar("Command", bound=Callable[..., Any])


class Numbers(click.ParamType[tuple[float, ...]]):
    """Numbers with commas between them, such as 1,1.6."""

    name = "numbers"

    def __init__(self, count: int) -> None:
        self.count = count

    def convert(self, value: Any, param: Any, ctx: Any) -> tuple[float, ...]:
        """Return the numbers; a wrong count or text is a usage error."""
        if isinstance(value, tuple):
            return value
        parts = str(value).replace(";", ",").split(",")
        try:
            numbers = tuple(float(part) for part in parts)
        except ValueError:
            numbers = ()
        if len(numbers) != self.count:
            example = ",".join(str(k + 1) for k in range(self.count))
            self.fail(f"{value!r} is not {self.count} numbers such as {example}", param, ctx)
        return numbers


def _complete_surface(ctx: Any, param: Any, incomplete: str) -> list[str]:
    from landscape.surfaces.catalogue import SURFACES

    if incomplete.startswith("data:"):
        from landscape.surfaces.data import data_names

        names = (f"data:{name}" for name in data_names())
        return [name for name in names if name.startswith(incomplete)]
    return [name for name in [*SURFACES, "rnn_cliff", "data:"] if name.startswith(incomplete)]


def _complete_rule(ctx: Any, param: Any, incomplete: str) -> list[str]:
    from landscape.optimizers.catalogue import RULES, SOLVERS

    return [name for name in [*RULES, *SOLVERS] if name.startswith(incomplete)]


def _complete_schedule(ctx: Any, param: Any, incomplete: str) -> list[str]:
    from landscape.optimizers.schedules import SCHEDULES

    return [name for name in SCHEDULES if name.startswith(incomplete)]


run_options = [
    click.option(
        "--surface",
        "-s",
        default="ravine",
        show_default=True,
        metavar="NAME|FORMULA",
        shell_complete=_complete_surface,
        help="A name ('landscape surfaces' lists them), NAME:key=value, a model on data such as "
        "data:diabetes or data:mine.csv,target=y, or a formula of x and y.",
    ),
    click.option(
        "--opt",
        "optimizers",
        multiple=True,
        metavar="NAME|RULE",
        shell_complete=_complete_rule,
        help="An update rule: momentum, momentum:lr=0.02,mu=0.9, or 'p = p - lr*g'. "
        "Repeat it for several; left out, a film shows those of the surface's lesson.",
    ),
    click.option(
        "--start",
        "starts",
        type=Numbers(2),
        multiple=True,
        metavar="X,Y",
        help="Where the paths begin. Repeat it for several starts.",
    ),
    click.option(
        "--fan",
        type=int,
        default=0,
        help="So many starts on a ring in the picture, told apart by the minima they find.",
    ),
    click.option("--steps", type=int, help="How many steps each rule takes."),
    click.option(
        "--schedule",
        default="",
        metavar="NAME|FORMULA",
        shell_complete=_complete_schedule,
        help="How the learning rate changes: cosine, step:gamma=0.5,s=40 ('landscape schedules' "
        "lists them), or a formula of lr0 and t (from 0), such as 'lr0/(1 + 0.05*t)'.",
    ),
    click.option(
        "--batch", type=int, help="Examples of a data surface for each gradient; all if left out."
    ),
    click.option(
        "--batch-lines", is_flag=True, help="Draw the contours of the current batch's own loss."
    ),
    click.option(
        "--noise", type=float, default=0.0, help="Standard deviation of noise on every gradient."
    ),
    click.option(
        "--seed", type=int, default=0, show_default=True, help="Seed of noise and batches."
    ),
    click.option(
        "--grid",
        default="",
        metavar="KEY=VALUE,…",
        help="A panel for each value of one parameter of the rules or the surface, such as "
        "mu=0.5,0.9,0.99 or kappa=5,50. Panels are treated alike: a rule without lr has the "
        "lesson's in all of them or one searched for in each.",
    ),
    click.option("--bounds", type=Numbers(4), metavar="X0,X1,Y0,Y1", help="The domain shown."),
]

look_options = [
    click.option(
        "--levels",
        default="auto",
        show_default=True,
        metavar="[auto|log|power|quantile|linear]",
        help="How contour levels are spaced.",
    ),
    click.option("--count", type=int, default=18, show_default=True, help="How many levels."),
    click.option("--fill/--no-fill", default=True, help="Filled contours, or lines alone."),
    click.option("--marks/--no-marks", default=True, help="Minima, saddles and the start."),
    click.option("--legend/--no-legend", default=True, help="Names, rates, step and losses."),
    click.option("--title", help="Heading in place of the name and formula; '' for none."),
    click.option("--caption", default="", help="A line beneath the heading."),
    click.option(
        "--arrow",
        "arrows",
        multiple=True,
        metavar="[gradient|velocity|step]",
        help="Arrows at the heads: minus rate times gradient, the last movement, the next step of "
        "each coordinate. Repeat it for several.",
    ),
    click.option(
        "--curve",
        "curves",
        multiple=True,
        metavar="[loss|gradient|rate]",
        help="A strip with the loss, the gradient's norm or the rate. Repeat it for several.",
    ),
    click.option(
        "--against",
        default="steps",
        show_default=True,
        metavar="[steps|epochs|evaluations]",
        help="What the curves are drawn over.",
    ),
    click.option("--beside/--beneath", default=False, help="Where the curves stand."),
    click.option(
        "--theme",
        default="light",
        show_default=True,
        metavar="[light|dark]",
        help="Colours of the picture.",
    ),
    click.option(
        "--size",
        default="slide",
        show_default=True,
        help="slide 1280x720, hd, square, wide, cs231n 620x480, or pixels such as 800x600.",
    ),
    click.option("--scale", type=float, default=1.0, help="Shrink the picture to this share."),
]

film_options = [
    click.option(
        "--fps", type=float, help="Frames a second; 10 to 25 for about eight seconds if left out."
    ),
    click.option("--speed", type=int, default=1, show_default=True, help="Steps a frame."),
    click.option(
        "--hold", type=float, default=2.0, show_default=True, help="Seconds the last frame stays."
    ),
    click.option(
        "--loop", type=int, default=0, show_default=True, help="Times to play; 0 for ever."
    ),
    click.option("--colors", type=int, default=256, show_default=True, help="Palette of a GIF."),
]


def apply(options: list[Callable[[Any], Any]]) -> Callable[[Command], Command]:
    """Return a decorator that gives a command all of `options`."""

    def decorate(command: Command) -> Command:
        for option in reversed(options):
            command = option(command)
        return command

    return decorate


def recipe_from(kind: str, values: dict[str, Any], **more: Any) -> Any:
    """Return the recipe of a command's values."""
    from landscape.recipe import Recipe

    first, *others = values.pop("starts") or (None,)
    # The recipe checks what comes.
    return Recipe(kind=kind, start=first, starts=tuple(others), **values, **more)  # type: ignore[arg-type]


@contextmanager
def progress_bar(label: str) -> Iterator[Callable[[int, int], None]]:
    """Show a bar on stderr while work goes on; say nothing when stderr is no terminal.

    Yields the function to call with (done, in all).
    """
    if sys.stderr is None or not sys.stderr.isatty():
        yield lambda done, total: None
        return
    with click.progressbar(length=1000, label=label, file=sys.stderr) as bar:

        def show(done: int, total: int) -> None:
            bar.update(max(0, 1000 * done // max(1, total) - bar.pos))

        yield show
