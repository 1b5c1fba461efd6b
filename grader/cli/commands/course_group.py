"""`grade course`: the commands of those who write a course."""

from __future__ import annotations

import click

from grader.cli.group import LazyGroup

COMMANDS = {
    "check": ("grader.cli.commands.check", "Find everything that is wrong with a course."),
    "compile": ("grader.cli.commands.compile", "Compute once which wrong programs of a course answer alike."),
}


@click.command("course", cls=LazyGroup, table=COMMANDS)
def command() -> None:
    """For authors: check and compile a course."""
