"""`grade course compile`."""

from __future__ import annotations

from pathlib import Path

import click

from grader.cli.options import course_option, debug_option


@click.command("compile")
@click.argument("names", metavar="[EXERCISE]...", nargs=-1)
@course_option
@click.option("--force", is_flag=True, help="Compile again even if nothing has changed.")
@debug_option
def command(names: tuple[str, ...], course_root: Path, force: bool) -> None:
    """Compute once which wrong programs of a course answer alike.

    EXERCISE is a number, a key or a name. Without one, all exercises are compiled.

    The result is a file next to the reference. With it, a diagnosis takes milliseconds; without it, the same diagnosis
    takes about a second. Compile again after a change to a reference, a family of calls or a misconception:
    `grade course check` says when.
    """
    from grader.authoring.compilation import compile_exercise, is_current, needs_compilation
    from grader.cli.output import emit
    from grader.cli.whole_course import load_whole_course

    course = load_whole_course(course_root)
    for exercise in [course.find(name) for name in names] or list(course):
        if not needs_compilation(exercise):
            emit(f"{exercise.key}: nothing to compile, without call families (calls.py) or without misconceptions\n")
            continue
        if is_current(exercise) and not force:
            emit(f"{exercise.key}: nothing has changed\n")
            continue
        path = compile_exercise(exercise)
        emit(f"{exercise.key}: {'nothing to compile' if path is None else path.name}\n")
