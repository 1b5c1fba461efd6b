"""`grade release`."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from grader.cli.options import READ, WRITTEN, course_option, debug_option, overwrite_option

if TYPE_CHECKING:
    from grader.course import Course, Exercise


@click.command("release")
@click.option("--out", metavar="FILE", type=WRITTEN, help="Write the kit to a zip file.")
@click.option(
    "--exercises",
    "wanted",
    metavar="NUMBERS",
    help="The exercises of the kit: 3, or 1-4, or 0,2-3. Default: all that do not train models.",
)
@click.option(
    "--seed",
    type=click.IntRange(min=0),
    default=0,
    show_default=True,
    help="The seed of the recorded answers. Grade the class with another one.",
)
@click.option("--check", "checked", metavar="FILE", type=READ, help="Check what a kit contains.")
@course_option
@overwrite_option
@debug_option
@click.pass_context
def command(
    ctx: click.Context,
    /,
    out: Path | None,
    wanted: str | None,
    seed: int,
    checked: Path | None,
    course_root: Path,
    overwrite: bool,
) -> None:
    """For instructors: make a practice kit without the solutions.

    A kit has the stubs, lessons, cards, quizzes, rubrics and checks. Recorded answers for one seed take the place of
    the solutions, so that `grade` works in the folder of the kit. It also has the engine as a wheel to install.

    With --check, nothing is written: the kit is searched for pieces of the solutions of this course.
    """
    from grader.cli.whole_course import load_whole_course

    if (out is None) == (checked is None):
        raise click.UsageError("Give --out to make a kit, or --check to check one.")
    course = load_whole_course(course_root)
    if checked is not None:
        ctx.exit(_check(checked, course))
    assert out is not None
    _make(out, course, chosen_exercises(course, wanted), seed, overwrite)


def chosen_exercises(course: Course, wanted: str | None) -> list[Exercise]:
    """Return the exercises with these numbers; without any, those whose answers can be recorded.

    Raises UsageError and UnknownExerciseError.
    """
    if wanted is None:
        return [one for one in course if one.rubric.flavour == "numpy"]
    numbers: dict[int, None] = {}
    for part in wanted.split(","):
        found = re.fullmatch(r"\s*(\d{1,2})\s*(?:-\s*(\d{1,2})\s*)?", part)
        first, last = (int(found[1]), int(found[2] or found[1])) if found else (1, 0)
        if first > last:
            raise click.UsageError(f'--exercises has "{part.strip()}"; expected a number, or a range such as 1-4.')
        numbers |= dict.fromkeys(range(first, last + 1))
    return [course.find(str(number)) for number in sorted(numbers)]


def _make(out: Path, course: Course, exercises: list[Exercise], seed: int, overwrite: bool) -> None:
    """Write a kit, and say what is in it."""
    from grader.authoring.kit_files import kit_archive
    from grader.cli.destination import Destination
    from grader.cli.output import emit, shown_path

    destination = Destination(out, "a zip file", (".zip",), overwrite)
    destination.check()
    content, kit_hash = kit_archive(course, exercises, seed, _progress())
    destination.write(content)
    keys = ", ".join(one.key for one in exercises)
    emit(f"The kit is in {shown_path(out)}: {keys}. {len(content) / 1e6:.1f} MB.\n")
    emit(f"Its reports name the hash {kit_hash}. The recorded answers are for seed {seed}.\n")
    emit(f"To see that it contains no solution: grade release --check {shown_path(out)}\n")


def _progress() -> Callable[[str], None]:
    """Return a function that says which exercise is being recorded."""
    from grader.cli.streams import note

    seen: set[str] = set()

    def tell(text: str) -> None:
        exercise = text.partition(":")[0]
        if exercise not in seen:
            seen.add(exercise)
            note(f"Recording {exercise}.")

    return tell


def _check(path: Path, course: Course) -> int:
    """Check a kit, print what is wrong, and return the exit code."""
    from grader.authoring.kit_check import check_kit
    from grader.cli.output import emit, shown_path
    from grader.text import counted, for_line

    checkup = check_kit(path, course)
    for fault in checkup.faults:
        emit(f"{for_line(fault)}\n")
    if checkup.faults:
        emit(f"{shown_path(path)}: {counted(len(checkup.faults), 'fault')}. Do not hand out this kit.\n")
        return 1
    emit(
        f"{shown_path(path)}: no solution and no wrong program found. {counted(checkup.files, 'file')} compared with "
        f"{checkup.runs:,} pieces of them. The sources of the checks are inside, because they must run.\n"
        f"Hash {checkup.hash}.\n"
    )
    return 0
