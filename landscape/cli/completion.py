"""The command `completion`."""

from __future__ import annotations

import click

__all__ = ["completion"]


@click.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def completion(shell: str) -> None:
    """Print the script that completes names in your shell.

    \b
    For bash:  landscape completion bash >> ~/.bashrc
    For zsh:   landscape completion zsh >> ~/.zshrc
    For fish:  landscape completion fish > ~/.config/fish/completions/landscape.fish
    """
    from click.shell_completion import get_completion_class

    from landscape.cli import cli

    made = get_completion_class(shell)
    assert made is not None  # click has all three
    click.echo(made(cli, {}, "landscape", "_LANDSCAPE_COMPLETE").source())
