"""Options that several commands share."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click
from click.shell_completion import CompletionItem

DEBUG_KEY = "grader.debug"

NO_COURSE = (
    "This installation of grade contains no course. Run it in the folder of your kit, or name a course with --course."
)


class ReachablePath(click.Path):
    """A path that a user names. The system must say what is there, if anything: no later check has to expect less.

    With `is_read`, it must be readable.
    """

    _NOTHING_THERE = (errno.ENOENT, errno.ENOTDIR, errno.ELOOP, errno.EBADF)

    def __init__(self, *, is_read: bool) -> None:
        super().__init__(path_type=Path, readable=False)
        self._is_read = is_read

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return the path, or end the command."""
        from grader.text import for_path

        path = Path(os.fsdecode(super().convert(value, param, ctx)))
        try:
            path.stat()
        except OSError as error:
            if error.errno not in self._NOTHING_THERE:
                self.fail(f"{for_path(path)} cannot be reached: {error.strerror}.", param, ctx)
        else:
            if self._is_read and not os.access(path, os.R_OK | (os.X_OK if path.is_dir() else 0)):
                self.fail(f"{for_path(path)} is not readable.", param, ctx)
        return path


READ, WRITTEN = ReachablePath(is_read=True), ReachablePath(is_read=False)

Command = TypeVar("Command", bound=Callable[..., Any])


def _course_folder(ctx: click.Context, parameter: click.Parameter, folder: Path | None) -> Path | None:
    """Return the folder of the course: by default the built-in one; without one, the kit around the current folder.

    Say once for any but the built-in one that its code runs here.
    """
    if ctx.resilient_parsing:
        return folder
    from grader.course import builtin_course_root, usual_course_root

    if folder is None:
        folder = usual_course_root()
        if not (folder / "rubrics").is_dir():
            raise click.UsageError(NO_COURSE)
    if not folder.is_dir():
        from grader.text import for_path

        seen = "is a file" if folder.exists() else "does not exist"
        raise click.BadParameter(f"{for_path(folder)} {seen}; expected the folder of a course.", ctx, parameter)
    from grader.cli.known_courses import remember_course

    if folder.resolve() != builtin_course_root().resolve() and remember_course(folder):
        from grader.cli.output import place_of
        from grader.cli.streams import note

        note(f"Using the course in {place_of(folder)}. Its Python files run on your machine with your permissions.")
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
    type=READ,
    callback=_course_folder,
    help="The folder of another course. Its Python files run on your machine with your permissions.",
)

isolation_option = click.option(
    "--isolation",
    type=click.Choice(["auto", "namespaces", "process"]),
    default="auto",
    show_default=True,
    help="The isolation of your program.",
)


class ExerciseName(click.types.StringParamType):
    """The name of an exercise. If it is missing, the message gives an example."""

    def get_missing_message(self, param: click.Parameter, ctx: click.Context | None) -> str:
        """Return what to type."""
        from grader.cli.suggested import suggested

        command = ctx.command_path if ctx is not None else "grade exercise"
        return f"For example: {command} 1. To see all exercises: {suggested('list')}"


def exercise_names(ctx: click.Context, parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Return the exercises that a shell can complete: numbers first, and names for a word that has begun.

    A shell waits for this, so the names of the folders are enough.
    """
    from grader.course import usual_course_root

    root = ctx.params.get("course_root") or usual_course_root()
    try:
        keys = sorted(path.stem for path in Path(root, "rubrics").glob("[0-9][0-9]_*.yaml"))
    except OSError:
        return []
    items: list[CompletionItem] = []
    for key in keys:
        number, _, name = key.partition("_")
        items += [
            CompletionItem(word, help=name.replace("_", " "))
            for word in (str(int(number)), name, key)
            if word.startswith(incomplete) and (incomplete or word.isdecimal())
        ]
    return items


def exercise_argument(*, required: bool = True) -> Callable[[Command], Command]:
    """Return the argument that names an exercise."""
    return click.argument(
        "name", metavar="EXERCISE", type=ExerciseName(), required=required, shell_complete=exercise_names
    )
