"""Groups of commands that import a command's module only when it runs."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from importlib import import_module
from typing import Any

import click


class LazyGroup(click.Group):
    """Commands by name, each with its place and the line that `--help` shows.

    The place is a module that holds it as `command`, or a module and a name such as `grader.cli.commands.study:stats`.
    """

    def __init__(
        self,
        *,
        table: Mapping[str, tuple[str, str]],
        sections: Mapping[str, Sequence[str]] | None = None,
        **settings: Any,
    ) -> None:
        """With `sections`, help shows the names of each heading together, and the other commands after them."""
        super().__init__(**settings)
        self.table = dict(table)
        named = {name for names in (sections or {}).values() for name in names}
        self._sections = {**(sections or {}), "Commands": [name for name in self.table if name not in named]}

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names in the order of the table, in which a learner meets them."""
        return list(self.table)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import and return the command."""
        if cmd_name not in self.table:
            return None
        module, _, name = self.table[cmd_name][0].partition(":")
        command: click.Command = getattr(import_module(module), name or "command")
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the table as help, without importing a command."""
        widest = max(map(len, self.table))
        for heading, names in self._sections.items():
            if names:
                with formatter.section(heading):
                    formatter.write_dl([(f"{name:<{widest}}", self.table[name][1]) for name in names])

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the command that the first argument names. If there is none, suggest the nearest name."""
        name = args[0]
        if name not in self.table and not name.startswith("-"):
            ctx.fail(f'There is no command "{name}".{self._hint(name)} The commands are: {", ".join(self.table)}.')
        return super().resolve_command(ctx, args)

    def _hint(self, name: str) -> str:
        from grader.course import did_you_mean

        if name.isdecimal() and "exercise" in self.table:
            return f' Did you mean "grade exercise {name}"?'
        joined = re.fullmatch(r"([a-z]+)(\d+)", name)  # "exercise3": the space is missing
        if joined is not None and joined[1] in self.table:
            return f' Did you mean "grade {joined[1]} {joined[2]}"?'
        return did_you_mean(name, list(self.table))
