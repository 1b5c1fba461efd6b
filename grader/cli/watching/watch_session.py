"""One watch of one file: what happens, and what is shown for it."""

from __future__ import annotations

import contextlib
import io
import queue
import time
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import replace
from enum import Enum, auto
from pathlib import Path
from typing import TYPE_CHECKING

from grader.cli.own_file import number_of
from grader.cli.watching.file_watch import FileWatch
from grader.cli.watching.grading_thread import GradingThread
from grader.cli.watching.happening import (
    Broke,
    Checking,
    Graded,
    Happening,
    Looked,
    Pressed,
    Resized,
    Saved,
    SavedUnchanged,
    Suspended,
    Unreadable,
)
from grader.cli.watching.watch_screen import WatchState, first_open, is_complete
from grader.grade_error import GradeError
from grader.report.report_formats import View
from grader.text import for_line

if TYPE_CHECKING:
    from grader.course import Exercise
    from grader.report import Report
    from grader.report.since_last_run import Changes
    from grader.sandbox import Isolation

QUIET_SECONDS = 0.5  # a result is kept when nothing was saved for this long: not every one of a hundred saves
FALLBACK = "Note: your program runs as a plain process with limits"
NO_VERDICT = "There is no verdict yet."
PAGE = "o"


class Ending(Enum):
    """Why a watch has ended."""

    QUIT = auto()
    NEXT = auto()


class Display(ABC):
    """Shows the state of a watch."""

    @abstractmethod
    def show(self, state: WatchState, happening: Happening) -> None:
        """Show the state, in which something has just happened."""

    @abstractmethod
    def suspend(self) -> None:
        """Let the shell have the terminal, until the learner comes back."""


class WatchSession:
    """Watches one file of one exercise.

    `commands` are the texts of the keys that show something. `open_page` opens a page and returns what to say about it.
    """

    def __init__(
        self,
        exercise: Exercise,
        file: Path,
        events: queue.SimpleQueue[Happening],
        display: Display,
        commands: dict[str, Callable[[Report | None], str]],
        open_page: Callable[[Report, View], str],
        isolation: Isolation | None = None,
    ) -> None:
        self._exercise = exercise
        self._events = events
        self._display = display
        self._commands = commands
        self._open_page = open_page
        self._run = 0
        self._before: Report | None = None
        self._unkept: Report | None = None
        self._state = WatchState(for_line(file.as_posix()), number_of(exercise), "Starting ...", exercise.rubric.sees)
        self._watch = FileWatch([file, *_companions(exercise, file)], events.put)
        self._grading = GradingThread(exercise, file, isolation, events.put)

    def run(self) -> Ending:
        """Watch until a key ends it. Raises the error that ended the grading, if one did."""
        self._show(Resized())
        self._grading.start()
        self._watch.start()
        try:
            while True:
                ending = self._after_next()
                if ending is not None:
                    self._keep()
                    return ending
        finally:
            self._watch.close()
            self._grading.close()

    def _after_next(self) -> Ending | None:
        """Wait for an event and show it. Return why the watch ends, if it does."""
        try:
            happening = self._events.get(timeout=QUIET_SECONDS if self._unkept is not None else None)
        except queue.Empty:
            self._keep()
            return None
        if isinstance(happening, Broke):
            raise happening.error
        if isinstance(happening, Checking | Graded | Unreadable) and happening.run != self._run:
            return None  # about a content that was saved over
        if isinstance(happening, Suspended):
            self._display.suspend()
        elif isinstance(happening, Pressed):
            ending = self._press(happening.key)
            if ending is not None:
                return ending
        else:
            self._take(happening)
        self._show(happening)
        return None

    def _take(self, happening: Happening) -> None:
        """Compute the new state."""
        state = self._state
        if isinstance(happening, Saved):
            self._unkept = None  # the content that it belongs to was replaced before the learner looked at it
            self._run = self._grading.request()
            self._state = replace(state, activity=f"{_now()} saved. Checking ...")
        elif isinstance(happening, SavedUnchanged):
            self._state = replace(state, activity=f"{_now()} saved without a change.")
        elif isinstance(happening, Checking):
            self._state = replace(state, activity=f"Checking: {happening.check} {happening.epoch}".rstrip())
        elif isinstance(happening, Unreadable):
            self._unkept = None
            notes = (happening.why,)
            self._state = replace(
                state, activity=f"{_now()} waiting for a save.", report=None, panel="", notes=notes, top=0
            )
        elif isinstance(happening, Graded):
            self._state = self._with_report(happening)
        elif isinstance(happening, Looked):
            self._keep()
            panel = self._said_by(lambda: self._page_of(happening))
            self._state = replace(self._state, activity=f"{_now()} waiting for a save.", panel=panel, top=0)

    def _with_report(self, graded: Graded) -> WatchState:
        before, report = self._before, graded.report
        self._unkept = report
        if not report.problems:  # a syntax error breaks nothing, and correcting it fixes nothing
            self._before = report
        return replace(
            self._state,
            activity=f"{_now()} checked in {graded.seconds:.2f} s. Waiting for a save.",
            report=report,
            changes=None if before is None or report.problems else _changes(before, report),
            panel="",
            notes=(f"{FALLBACK}: {graded.fallback}.",) if graded.fallback else (),
            top=0,
        )

    def _press(self, key: str) -> Ending | None:
        state = self._state
        if key == "q":
            return Ending.QUIT
        if key == "n":
            return Ending.NEXT
        if key == " ":
            self._state = replace(state, top=state.top + _page())
        elif key == "a":
            self._state = replace(state, whole=True, panel="", notes=(), top=0, activity="Checking ...")
            self._run = self._grading.request()
        elif key == PAGE:
            self._state = replace(state, activity="Making the page ...")
            self._grading.look()
        elif key in self._commands:
            self._keep()
            panel = self._said_by(lambda: self._commands[key](self._state.report))
            self._state = replace(self._state, panel=panel, top=0)
        else:
            self._state = replace(state, panel="", whole=False, top=0)
        return None

    def _page_of(self, looked: Looked) -> str:
        if looked.report is None:
            return NO_VERDICT
        changes = self._state.changes if looked.report == self._state.report else None
        return self._open_page(looked.report, View(changes=changes, sources=looked.sources, seen=looked.seen))

    def _said_by(self, command: Callable[[], str]) -> str:
        try:
            return command()
        except (GradeError, OSError) as error:
            return str(error)

    def _keep(self) -> None:
        """Keep the result that was shown last, for hints, flashcards and progress."""
        report, self._unkept = self._unkept, None
        if report is None or report.problems or report.grader_faults:
            return
        from grader.cli.attempts import keep_for_study

        notes = io.StringIO()
        with contextlib.redirect_stderr(notes):
            keep_for_study(self._exercise, report)
        if notes.getvalue():
            self._state = replace(self._state, notes=tuple(notes.getvalue().splitlines()))

    def _show(self, happening: Happening) -> None:
        self._display.show(self._state, happening)


def _changes(before: Report, after: Report) -> Changes:
    from grader.report.since_last_run import changes_between, words_of

    return changes_between(words_of(before), after)


def summary_of(report: Report) -> str:
    """Return the points in a few words, for the last line and for a pipe."""
    from grader.report import points_text

    if report.score.earned is None:
        return "no score: the grader broke"
    points = f"{points_text(report.score.earned)} / {points_text(report.score.possible)} points"
    criterion = first_open(report)
    if is_complete(report) or criterion is None:
        return points
    return f"{points}; next: {criterion.title.rstrip('.')}"


def _companions(exercise: Exercise, file: Path) -> list[Path]:
    """Return the files of other exercises that are graded with this one."""
    names = [f"{name}.py" for name in exercise.rubric.companions]
    around = file.absolute().parent.parent
    elsewhere = [path for name in names for path in sorted(around.glob(f"[0-9][0-9]_*/{name}"))]
    return [*(file.parent / name for name in names), *elsewhere]


def _now() -> str:
    return time.strftime("%H:%M:%S")


def _page() -> int:
    from grader.cli.watching.live_terminal import size_now

    return max(size_now().lines - 8, 1)
