"""`grade course`: the commands of those who write a course."""

from __future__ import annotations

import click

from grader.cli.group import LazyGroup

COMMANDS = {
    "check": ("grader.cli.commands.check", "Find everything that is wrong with a course."),
}


@click.command("course", cls=LazyGroup, table=COMMANDS)
def command() -> None:
    """For authors: check a course."""
