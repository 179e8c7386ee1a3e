"""The commands: parse, call the library, report.

Only click is imported here and in the modules of the commands; what a command needs is imported
when it runs, so that `landscape --help` answers at once.
"""

from __future__ import annotations

import gc
import sys
from collections.abc import Sequence

import click

from landscape._version import __version__
from landscape.cli.completion import completion
from landscape.cli.curves import curves
from landscape.cli.export import export
from landscape.cli.groups import Commands
from landscape.cli.layers import layers
from landscape.cli.map import map_group
from landscape.cli.numbers import descend
from landscape.cli.optimizers import optimizers
from landscape.cli.pictures import animate, plot
from landscape.cli.plane import plane
from landscape.cli.profile import profile
from landscape.cli.recipes import info, render
from landscape.cli.schedules import schedules
from landscape.cli.surfaces import surfaces
from landscape.cli.swarm import swarm
from landscape.cli.train import train
from landscape.cli.tune import sensitivity, tune
from landscape.cli.units import units
from landscape.errors import LandscapeError

__all__ = ["cli", "run"]

_EPILOG = """\b
Examples:
  landscape animate --surface ravine --opt momentum
  landscape animate --surface beale --opt gd --opt adam:lr=0.1 -o race.mp4
  landscape animate --surface "x**4 - y**2 + x*y" --opt "v = 0.9*v - lr*g; p = p + v"
  landscape plot --surface himmelblau --opt adam --theme dark -o adam.svg
  landscape surfaces himmelblau
"""


@click.group(cls=Commands, epilog=_EPILOG, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="landscape")
def cli() -> None:
    """See how optimizers move over loss surfaces."""


for _command in (animate, plot, descend, render, info, surfaces, optimizers, schedules, completion):
    cli.add_command(_command)
cli.add_command(export)
cli.add_command(train)
for _picture in (layers, units, curves, plane, profile):
    cli.add_command(_picture)
cli.add_command(map_group)
cli.add_command(swarm)
cli.add_command(tune)
cli.add_command(sensitivity)


def run(args: Sequence[str] | None) -> int:
    """Run the command of some words, by default the process's; return its exit code.

    It is 0 if it was done, 2 for bad input (one line on stderr), 130 if it was interrupted.
    """
    try:
        # A process of a second has little garbage and much to look through for it.
        gc.set_threshold(300_000, 50, 50)
        result = cli.main(
            args=None if args is None else list(args), prog_name="landscape", standalone_mode=False
        )
        if sys.stdout is not None:  # it is None where the caller has closed it
            sys.stdout.flush()
    except click.exceptions.NoArgsIsHelpError as problem:
        click.echo(problem.format_message(), err=True)
        return 2
    except click.ClickException as problem:
        message = problem.format_message()
        if "unexpected extra argument" in message:
            message += ' A formula stands in quotes: "x**2 + y**2".'
        return _complain(message)
    except LandscapeError as problem:
        return _complain(str(problem))
    except (KeyboardInterrupt, click.Abort) as problem:
        cause = problem.__cause__ or problem  # click turns an interrupt into an Abort
        _complain(str(cause) or "interrupted, nothing was written")
        return 130
    except BrokenPipeError:
        # The reader (head, less) has gone: nothing more can be said on stdout.
        sys.stdout = None
        return 141
    except SystemExit as leaving:  # by SIGTERM
        return leaving.code if isinstance(leaving.code, int) else 1
    except OSError as problem:  # on stdout: files have errors of their own
        return _complain(f"cannot go on: {problem.strerror or problem}")
    except UnicodeEncodeError:
        return _complain("the terminal cannot show every character: set PYTHONIOENCODING=utf-8")
    except MemoryError:
        return _complain("out of memory: take fewer steps or a smaller size")
    return result if isinstance(result, int) else 0


def _complain(message: str) -> int:
    click.echo(f"landscape: {' '.join(message.split())}", err=True)
    return 2
