"""`grade watch`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from grader.cli.options import READ, course_option, debug_option, exercise_argument, isolation_option
from grader.cli.suggested import suggested

if TYPE_CHECKING:
    from grader.cli.watching.watch_session import Ending
    from grader.course import Course, Exercise
    from grader.report import Report
    from grader.sandbox import Isolation


@click.command("watch")
@exercise_argument(required=False)
@click.argument("file", required=False, type=READ)
@course_option
@isolation_option
@debug_option
def command(name: str | None, file: Path | None, course_root: Path, isolation: str) -> None:
    """Grade your file after every save, on one screen.

    EXERCISE is a number, a key or a name: 3, 03_dropout or dropout. The default is the exercise that you are working
    on. FILE is found as in `grade exercise`.

    Keys: h shows one more hint, n goes to the next exercise, l lists the exercises, a runs all checks and shows every
    criterion, o opens the report as a page, q quits. In a pipe, each verdict is one line.
    """
    from grader.cli.output import check_current_folder, check_temporary_folder
    from grader.cli.own_file import expect_own_file, file_in, read_own
    from grader.cli.standing import exercise_in_progress
    from grader.course import load_course
    from grader.sandbox import Isolation

    check_current_folder()
    check_temporary_folder()
    course = load_course(course_root)
    exercise = course.find(name) if name is not None else exercise_in_progress(course)
    if file is None:
        file = expect_own_file(exercise)
    if file.is_dir():
        file = file_in(file, exercise) or file / f"{exercise.rubric.module}.py"
    read_own(exercise, file)  # a file that cannot be read is an error now, and a message later
    _watch_in_turn(course, exercise, file, None if isolation == "auto" else Isolation(isolation))


def _watch_in_turn(course: Course, exercise: Exercise, file: Path, isolation: Isolation | None) -> None:
    """Watch one exercise after another, until a key quits."""
    from grader.cli.output import emit
    from grader.cli.own_file import file_in, own_file
    from grader.cli.watching.watch_session import Ending
    from grader.cli.written_stub import write_stub

    while _watch(course, exercise, file, isolation) is Ending.NEXT:
        following = _following(course, exercise)
        if following is None:
            emit(f"That was the last exercise. To see how far you are: {suggested('progress')}\n")
            return
        folder = file.parent
        if folder.name == exercise.key:  # each exercise has its own folder
            folder = folder.parent / following.key
        exercise = following
        file = file_in(folder, exercise) or own_file(exercise) or write_stub(exercise, folder)[0]


def _watch(course: Course, exercise: Exercise, file: Path, isolation: Isolation | None) -> Ending:
    from contextlib import ExitStack
    from queue import SimpleQueue

    from grader.cli.output import emit
    from grader.cli.report_page import opened_page
    from grader.cli.watching.displays import LineDisplay, ScreenDisplay
    from grader.cli.watching.happening import Happening
    from grader.cli.watching.live_terminal import LiveTerminal, is_live
    from grader.cli.watching.watch_session import WatchSession

    events: SimpleQueue[Happening] = SimpleQueue()
    display: ScreenDisplay | LineDisplay
    with ExitStack() as stack:
        display = ScreenDisplay(stack.enter_context(LiveTerminal(events.put))) if is_live() else LineDisplay()
        commands = _commands(course, exercise)
        ending = WatchSession(exercise, file, events, display, commands, opened_page, isolation).run()
    if display.last:
        emit(f"{display.last}\n")
    return ending


def _commands(course: Course, exercise: Exercise) -> dict[str, Callable[[Report | None], str]]:
    """Return the keys that show something, with functions that return the text."""
    from grader.cli.exercise_table import exercise_table
    from grader.cli.next_hint import next_hint
    from grader.cli.watching.watch_session import NO_VERDICT

    return {
        "h": lambda report: next_hint(exercise) if report is not None else NO_VERDICT,
        "l": lambda report: "\n".join(exercise_table(course)[0]),
    }


def _following(course: Course, exercise: Exercise) -> Exercise | None:
    """Return the exercise after this one."""
    exercises = list(course)
    place = exercises.index(exercise) + 1
    return exercises[place] if place < len(exercises) else None
