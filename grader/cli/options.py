"""Options that several commands share."""

from __future__ import annotations

from pathlib import Path

import click

DEBUG_KEY = "grader.debug"


def _remember(ctx: click.Context, parameter: click.Parameter, value: bool) -> None:
    if value:
        ctx.meta[DEBUG_KEY] = True


debug_option = click.option(
    "--debug",
    is_flag=True,
    expose_value=False,
    is_eager=True,
    callback=_remember,
    help="Show the traceback of an error (also: GRADE_DEBUG=1).",
)

course_option = click.option(
    "--course",
    "course_root",
    metavar="DIR",
    type=click.Path(path_type=Path),
    help="The folder of another course.",
)
