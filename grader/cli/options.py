"""Options that several commands share."""

from __future__ import annotations

from pathlib import Path

import click

DEBUG_KEY = "grader.debug"


def _course_folder(ctx: click.Context, parameter: click.Parameter, folder: Path | None) -> Path | None:
    """Return the folder of the course, the built-in one by default. Say once for any other that its code runs here."""
    if ctx.resilient_parsing:
        return folder
    from grader.course import builtin_course_root

    if folder is None:
        return builtin_course_root()
    if not folder.is_dir():
        return folder
    from grader.cli.known_courses import remember_course

    if folder.resolve() != builtin_course_root().resolve() and remember_course(folder):
        from grader.cli.output import shown_path
        from grader.cli.streams import note

        note(f"Using the course in {shown_path(folder)}. Its Python files run on your machine with your permissions.")
    return folder


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

overwrite_option = click.option(
    "--overwrite", is_flag=True, help="Replace an existing file, even if grade did not write it."
)

course_option = click.option(
    "--course",
    "course_root",
    metavar="DIR",
    type=click.Path(path_type=Path),
    callback=_course_folder,
    help="The folder of another course. Its Python files run on your machine with your permissions.",
)
