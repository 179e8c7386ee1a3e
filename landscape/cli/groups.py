"""Groups of commands."""

from __future__ import annotations

import click

from landscape.errors import unknown_name

__all__ = ["Commands"]


class Commands(click.Group):
    """A group that suggests the command that was meant."""

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a command by its name; LandscapeError for an unknown one."""
        found = super().get_command(ctx, cmd_name)
        if found is None and not cmd_name.startswith("-"):
            raise unknown_name("command", cmd_name, self.commands)
        return found
