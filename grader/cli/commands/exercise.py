"""`grade exercise`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from grader.cli.options import READ, WRITTEN, course_option, debug_option, exercise_argument, overwrite_option
from grader.cli.suggested import suggested

if TYPE_CHECKING:
    from grader.checks.seen import Seen
    from grader.cli.destination import Destination
    from grader.cli.report_options import ReportOptions
    from grader.course import Course, Exercise
    from grader.grading.worker import Look
    from grader.report import Report
    from grader.report.report_formats import View
    from grader.submission import Submission


class FormatChoice(click.Choice[str]):
    """The formats of a report. They are listed when they are needed, not when the command is defined."""

    def __init__(self) -> None:
        super().__init__(())

    @property
    def choices(self) -> tuple[str, ...]:
        """Return the names of all formats."""
        from grader.report.report_formats import format_names

        return format_names()

    @choices.setter
    def choices(self, value: object) -> None:
        """Ignore the names that `click.Choice` sets."""


ALL_POINTS, NOT_ALL_POINTS, GRADER_FAULT = 0, 1, 3


@click.command("exercise")
@exercise_argument()
@click.argument("file", required=False, type=READ)
@click.option(
    "--format",
    "form",
    type=FormatChoice(),
    help="The format of the report. The default depends on the end of --out FILE (.json, .html), else terminal.",
)
@click.option(
    "--seed",
    type=click.IntRange(min=0),
    show_default="0, or the seed of the kit",
    help="A different seed gives different test inputs.",
)
@course_option
@click.option("--out", metavar="FILE", type=WRITTEN, help="Write the report to a file.")
@overwrite_option
@click.option(
    "--isolation",
    type=click.Choice(["auto", "namespaces", "process"]),
    default="auto",
    show_default=True,
    help="The isolation of your program.",
)
@click.option("--html", is_flag=True, help="Write the report as a page and open it in a browser.")
@click.option("--see", is_flag=True, help="Show what your program does, in pictures after the report.")
@click.option("--page", type=WRITTEN, hidden=True)
@click.option("--timings", is_flag=True, help="Add the timings to the report.")
@click.option("-v", "--verbose", is_flag=True, help="Show passed checks too, and every failed one in full.")
@debug_option
@click.pass_context
def command(
    ctx: click.Context,
    /,
    name: str,
    file: Path | None,
    seed: int | None,
    course_root: Path,
    isolation: str,
    timings: bool,
    **output: Any,
) -> None:
    """Grade your solution of one exercise.

    EXERCISE is a number, a key or a name: 3, 03_dropout or dropout. FILE is your solution, or its folder. The
    default is exercises/03_dropout/dropout.py below the current folder, or else dropout.py in it. A notebook
    (dropout.ipynb) is graded if there is no dropout.py.
    """
    import gc
    import time

    # Half a second of imports makes many objects and no garbage. Collection took a seventh of the command's time.
    gc.disable()

    from grader.cli.attempts import keep_for_study
    from grader.cli.other_exercise import refuse_other_exercise
    from grader.cli.output import check_current_folder, check_temporary_folder, shown_path
    from grader.cli.report_options import ReportOptions, sees
    from grader.course import load_course

    started = time.perf_counter()
    check_current_folder()
    check_temporary_folder()
    course = load_course(course_root)
    exercise = _named(course, name)
    named = file is not None
    file = file if file is not None else _usual_file(exercise)
    submission = _submission(exercise, file)
    refuse_other_exercise(course, exercise, submission, shown_path(file))
    wanted = ReportOptions(file=file, named=named, **output)
    destination = _destination(exercise, wanted)
    seed = exercise.practice_seed if seed is None else seed
    report, seen = _graded(exercise, submission, seed, isolation, sees(exercise, wanted))

    from grader.report import with_timings

    seconds = {**(report.run.timings or {}), "total": time.perf_counter() - started}
    report = with_timings(report, seconds if timings else None)
    _hand_out(report, wanted, destination, _view(exercise, submission, report, wanted, seen))
    keep_for_study(exercise, report)
    ctx.exit(exit_code(report))


def _graded(
    exercise: Exercise, submission: Submission, seed: int, isolation: str, see: bool
) -> tuple[Report, Sequence[Seen] | None]:
    """Grade, and say whether the program ran as a plain process although nobody asked for one.

    With `see`, return what can be seen of the program too; else None.
    """
    import os

    from grader.cli.streams import note
    from grader.grading import Worker
    from grader.sandbox import Isolation

    chosen = None if isolation == "auto" else Isolation(isolation)
    spare = (os.cpu_count() or 1) > 1
    with _told(exercise) as tell, Worker(exercise, isolation=chosen, side_by_side=spare) as worker:
        looks: list[Look] = []
        report = worker.grade(submission, seed=seed, tell=tell, show=looks.append)
        seen = looks[0]() if see else None
    if worker.fallback:
        note(f"Note: your program ran as a plain process with limits: {worker.fallback}.")
    return report, seen


@contextmanager
def _told(exercise: Exercise) -> Iterator[Callable[[str, str], None]]:
    """Yield a function that shows which check runs, if checks take seconds: in place on a terminal, else in lines."""
    import sys
    import threading

    if exercise.rubric.flavour == "numpy":
        yield lambda title, epoch: None
        return
    if not sys.stderr.isatty():
        yield _line_each
        return
    from rich.console import Console

    from grader.sandbox.flavours import FLAVOURS

    shown: dict[int, str] = {}  # for each thread: two may run at once

    def show(title: str, epoch: str) -> None:
        shown[threading.get_ident()] = f"{title} {epoch}".strip()
        status.update("\n".join(shown.values()))

    needs = FLAVOURS[exercise.rubric.flavour].needs
    with Console(stderr=True).status(f"Starting {needs}", spinner="line") as status:
        yield show


def _line_each(title: str, epoch: str) -> None:
    from grader.cli.streams import note

    if not epoch:
        note(title)


def exit_code(report: Report) -> int:
    """Return the exit code for a report."""
    earned = report.score.earned
    if earned is None:
        return GRADER_FAULT
    return ALL_POINTS if earned >= report.score.possible and not report.problems else NOT_ALL_POINTS


def _named(course: Course, name: str) -> Exercise:
    """Return the exercise with this name. Raises UnknownExerciseError, which says what to do about a file."""
    from grader.course import UnknownExerciseError

    try:
        return course.find(name)
    except UnknownExerciseError:
        if not Path(name).is_file():
            raise
        from shlex import quote

        raise UnknownExerciseError(
            f"{name} is a file, and the exercise is missing. Put its number before the file, for example: "
            f"{suggested(f'exercise 1 {quote(name)}')}"
        ) from None


def _usual_file(exercise: Exercise) -> Path:
    """Return the learner's file in its usual place, and name others that are there. Raises MissingFileError."""
    from shlex import quote

    from grader.cli.output import shown_path
    from grader.cli.own_file import elsewhere, nowhere, number_of, start_command, usual_places
    from grader.cli.streams import note
    from grader.submission import MissingFileError

    usual, number = usual_places(exercise), number_of(exercise)
    found = [path for path in usual if path.exists()]
    if not found:
        copy = _copy_hint(exercise, [path.parent for path in usual])
        like = None if copy else elsewhere(exercise)
        named = "FILE" if like is None else quote(shown_path(like))
        raise MissingFileError(
            f"{nowhere(exercise)}{copy} {'Name your file' if like is None else 'Is this your file? Type'}: "
            f"{suggested(f'exercise {number} {named}')}. To begin: {start_command(exercise)}"
        )
    file, *others = found
    if others:
        also = " and ".join(map(shown_path, others))
        note(
            f"Note: {shown_path(file)} is graded, and {also} is not. To choose: {suggested(f'exercise {number} FILE')}"
        )
    return file


def _submission(exercise: Exercise, file: Path) -> Submission:
    from grader.cli.own_file import start_command
    from grader.submission import MissingFileError, read_submission

    rubric = exercise.rubric
    functions = tuple(rubric.functions)
    try:
        return read_submission(file, exercise.key, rubric.module, companions=rubric.companions, functions=functions)
    except MissingFileError as error:
        advice = "" if error.suggests else f" To begin: {start_command(exercise)}"
        raise MissingFileError(f"{error}{advice}") from None


def _copy_hint(exercise: Exercise, folders: Sequence[Path]) -> str:
    """Return a question about a copy of the file that is missing, or nothing."""
    from grader.submission.intake import ExerciseName
    from grader.submission.intake.exercise_name import ExerciseNames
    from grader.text import claimed_name

    names = ExerciseNames([ExerciseName(exercise.key, exercise.rubric.module)])
    for folder in folders:
        try:
            inside = sorted(folder.iterdir())
        except OSError:
            continue
        copy = next((path for path in inside if not isinstance(names.find((path.name,)), str)), None)
        if copy is not None:
            return f' Did you mean "{claimed_name(copy.as_posix(), 200)}"?'
    return ""


def _view(
    exercise: Exercise, submission: Submission, report: Report, wanted: ReportOptions, seen: Sequence[Seen] | None
) -> View:
    """Return what a reader of this report sees beside it: what changed, what to do next, pictures, the graded file."""
    from grader.cli.attempts import standing_of
    from grader.cli.report_options import see_line
    from grader.cli.report_page import graded_source
    from grader.report.report_formats import View

    looks_again = wanted.verbose or wanted.see or wanted.html or wanted.out is not None
    standing = standing_of(exercise, report, None if looks_again else wanted.file)
    see = see_line(exercise, wanted, report) if seen is None else ""
    return View(
        verbose=wanted.verbose,
        changes=standing.changes,
        advice=standing.advice,
        see=see,
        seen=seen or (),
        sources=graded_source(exercise, submission),
    )


def _destination(exercise: Exercise, wanted: ReportOptions) -> Destination | None:
    """Return the file for the report, None for the terminal. Raises OutputError."""
    from grader.cli.destination import destination_of
    from grader.cli.report_page import page_of
    from grader.report.report_formats import suffixes_of

    if wanted.html and wanted.form not in (None, "html"):
        raise click.UsageError(f"--html writes a page, and --format {wanted.form} does not. Leave one of them out.")
    out = wanted.out if wanted.out is not None or not wanted.html else page_of(exercise.key)
    if out is None:
        return None
    form = wanted.format
    return destination_of(out, f"in the format {form}", suffixes_of(form), wanted.overwrite, [wanted.file])


def _hand_out(report: Report, wanted: ReportOptions, destination: Destination | None, view: View) -> None:
    """Write the report to its file and say where it is, or print it."""
    import os
    import sys
    from dataclasses import replace

    from grader.cli.destination import Destination
    from grader.cli.output import columns, emit, needs_ascii, rows, shown_path, wants_colour
    from grader.cli.report_page import opened
    from grader.report.report_formats import DEFAULT, render_as

    form = wanted.format
    if wanted.page is not None:
        Destination(wanted.page, "a page", (".html",)).write(render_as("html", report, view))
    if destination is not None:
        destination.write(render_as(form, report, view))
        path = destination.path
        emit(f"{_in_a_line(report)} {opened(path) if wanted.html else f'The report is in {shown_path(path)}'}\n")
    elif form == DEFAULT:
        colour = wants_colour(sys.stdout, os.environ)
        shown = replace(view, width=columns(), height=rows(), colour=colour, ascii_only=needs_ascii(sys.stdout))
        emit(render_as(DEFAULT, report, shown), colour=colour)
    else:
        emit(render_as(form, report, view).encode())  # UTF-8, whatever the terminal's encoding


def _in_a_line(report: Report) -> str:
    from grader.report import points_text
    from grader.report.grouping import is_not_started

    if is_not_started(report):
        return f"{report.exercise}: not started."
    earned, possible = report.score.earned, points_text(report.score.possible)
    points = f"{points_text(earned)} / {possible} points" if earned is not None else "no score: the grader broke"
    return f"{report.exercise}: {points}."
