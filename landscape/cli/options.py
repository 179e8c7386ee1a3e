"""Options from the keys of recipes, and what else several commands share."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from dataclasses import Field

    from landscape.key_kinds import Key

    Completer = Callable[[Any, Any, str], list[str]]

__all__ = [
    "COMPLETERS",
    "RecipeCommand",
    "complete_rule",
    "complete_schedule",
    "film_keys",
    "options_of",
    "progress_bar",
    "recipe_from",
    "run_keys",
    "still_keys",
]


class _Numbers(click.ParamType[tuple[float, ...]]):
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


def _complete_optimizer(ctx: Any, param: Any, incomplete: str) -> list[str]:
    from landscape.optimizers.catalogue import SOLVERS

    solvers = [name for name in SOLVERS if name.startswith(incomplete)]
    return complete_rule(ctx, param, incomplete) + solvers


def complete_rule(ctx: Any, param: Any, incomplete: str) -> list[str]:
    """Return the update rules whose names begin so."""
    from landscape.optimizers.catalogue import RULES

    return [name for name in RULES if name.startswith(incomplete)]


def complete_schedule(ctx: Any, param: Any, incomplete: str) -> list[str]:
    """Return the schedules whose names begin so."""
    from landscape.optimizers.schedules import SCHEDULES

    return [name for name in SCHEDULES if name.startswith(incomplete)]


# By key: what completes its option, where that is not the key's choices.
COMPLETERS: Mapping[str, Completer] = {
    "surface": _complete_surface,
    "optimizers": _complete_optimizer,
    "schedule": complete_schedule,
}


class RecipeCommand(click.Command):
    """A command whose options are keys of a recipe, followed by those it is decorated with.

    They are made when the command is used, as the recipe's module is not needed for the others.

    Parameters: `keys` returns the fields of the recipe that the command has; `completers`, as
    `options_of` takes them; the others are those of click.Command.
    """

    def __init__(
        self,
        *args: Any,
        keys: Callable[[], Iterable[Field[Any]]],
        completers: Mapping[str, Completer] = COMPLETERS,
        **more: Any,
    ) -> None:
        super().__init__(*args, **more)
        self._keys: Callable[[], Iterable[Field[Any]]] | None = keys
        self._completers = completers

    def get_params(self, ctx: click.Context) -> list[click.Parameter]:
        """Return the options."""
        if self._keys is not None:
            self.params = [*options_of(self._keys(), self._completers), *self.params]
            self._keys = None
        return super().get_params(ctx)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse the words; of an option that a command much like this one has, say which."""
        try:
            return super().parse_args(ctx, args)
        except click.NoSuchOption as problem:
            name = problem.option_name
            other = self._like(ctx, name)
            if other is None:
                raise
            raise click.UsageError(
                f"{name} is of landscape {other}: take landscape {other} … {name}, or leave it out",
                ctx,
            ) from None

    def _like(self, ctx: click.Context, option: str) -> str | None:
        """Return the command with an option that shares most of this one's, if that is half."""
        group = ctx.parent.command if ctx.parent else None
        if not isinstance(group, click.Group):
            return None
        mine = self._names(ctx)
        shared = {
            name: len(mine & names)
            for name, one in group.commands.items()
            if isinstance(one, RecipeCommand) and option in (names := one._names(ctx))
        }
        best = max(shared, key=shared.__getitem__, default=None)
        return best if best is not None and 2 * shared[best] >= len(mine) else None

    def _names(self, ctx: click.Context) -> set[str]:
        return {name for one in self.get_params(ctx) for name in (*one.opts, *one.secondary_opts)}


def film_keys() -> list[Field[Any]]:
    """Return the keys that a film of a surface has, in the order of its options."""
    from landscape.keys import key_of
    from landscape.space_keys import SPACE_KEYS

    def order(one: Field[Any]) -> int:
        # After the looks what only films have, then all of three dimensions in one place.
        return 2 if one.name in SPACE_KEYS else int(key_of(one).film)

    return sorted(_keys(), key=order)


def still_keys() -> list[Field[Any]]:
    """Return the keys that a still of a surface has."""
    from landscape.keys import key_of

    return [one for one in film_keys() if not key_of(one).film]


def run_keys() -> list[Field[Any]]:
    """Return the keys that decide the paths on a surface."""
    keys = _keys()
    return keys[: [one.name for one in keys].index("bounds") + 1]


def _keys() -> list[Field[Any]]:
    from landscape.recipe import Recipe

    return Recipe.key_fields()


def options_of(
    keys: Iterable[Field[Any]], completers: Mapping[str, Completer] = COMPLETERS
) -> list[click.Option]:
    """Return the options of a recipe's keys, without those that no command line says.

    Parameters: `completers` has what completes the option of a key by the key's name, where that is
    not its choices.
    """
    from landscape.keys import option_of

    # Of two keys with one option the later says it, in the place of the first.
    said = {option_of(one): one for one in keys if option_of(one)}
    return [_option(one, name, completers.get(one.name)) for name, one in said.items()]


def _option(one: Field[Any], name: str, complete: Completer | None) -> click.Option:
    from landscape.key_kinds import Batch, Flag, Number, Numbers, Points, Texts, Whole
    from landscape.keys import key_of

    key = key_of(one)
    if isinstance(key, Flag):
        both = "/".join(filter(None, (name, key.denial(name))))
        return click.Option([both, one.name], is_flag=True, default=one.default, help=key.help)
    kind: Any = str
    default = one.default
    if isinstance(key, Number):
        kind = float
    elif isinstance(key, Whole) and not isinstance(key, Batch):
        kind = int
    elif isinstance(key, Numbers | Points):
        kind = _Numbers(len(key.limits))
        default = key.said(default) if isinstance(key, Numbers) and default else default
    shown = default not in (None, "", (), 0) if key.shown is None else key.shown
    return click.Option(
        [name, *key.also, one.name],
        type=kind,
        default=default,
        multiple=isinstance(key, Texts | Points),
        metavar=_metavar(key),
        help=key.help,
        show_default=shown,
        shell_complete=complete or _completer(key),
    )


def _metavar(key: Key) -> str | None:
    known = "|".join(name for name in _choices(key) if name)
    return key.metavar or (f"[{known}]" if known else None)


def _completer(key: Key) -> Completer:
    def complete(ctx: Any, param: Any, incomplete: str) -> list[str]:
        return [name for name in _choices(key) if name.startswith(incomplete)]

    return complete


def _choices(key: Key) -> Iterable[str]:
    from landscape.key_kinds import Text, Texts

    choices = key.choices if isinstance(key, Text | Texts) else ()
    return choices() if callable(choices) else choices


def recipe_from(kind: str, values: dict[str, Any], **more: Any) -> Any:
    """Return the recipe of a command's values."""
    from landscape.recipe import Recipe

    if values.get("view") == "3d" and not values.get("fill", True):
        click.echo("--no-fill is of contours: it changes nothing with --view 3d", err=True)
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
    with ExitStack() as stack:
        bars: list[Any] = []

        def show(done: int, total: int) -> None:
            if not bars:  # what is said before that stands on a line of its own
                made = click.progressbar(length=1000, label=label, file=sys.stderr)
                bars.append(stack.enter_context(made))
            bars[0].update(max(0, 1000 * done // max(1, total) - bars[0].pos))

        yield show
