"""`grade study`: what has been kept of your learning."""

from __future__ import annotations

import click

from grader.cli.group import LazyGroup

COMMANDS = {
    "stats": ("grader.cli.study_stats", "Due, retention, forecast, and cards that will not stick."),
    "export": ("grader.cli.study_export", "Everything you have answered, as JSON lines or Anki's review log."),
    "import": ("grader.cli.study_import", "Add what another machine has, or what you answered in Anki."),
    "forget": ("grader.cli.study_forget", "Delete everything that was kept."),
}


@click.command("study", cls=LazyGroup, table=COMMANDS)
def command() -> None:
    """Your learning record.

    It stays on this machine, and nothing of it is ever sent anywhere.
    """
