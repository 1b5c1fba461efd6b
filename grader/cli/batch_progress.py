"""Show the progress of a batch: a bar on a terminal; elsewhere plain lines, which read the same in a pipe and a log."""

from __future__ import annotations

import sys
import time
from contextlib import ExitStack
from typing import TYPE_CHECKING, Self

from grader.batch import Progress, Stage
from grader.cli.output import emit

if TYPE_CHECKING:
    from rich.progress import Progress as Bar

LINE_SECONDS = 2.0
WAITING = "Waiting for the workers of the cluster"


class ProgressDisplay:
    """Shows each progress that it is given. At Stage.FOUND and at the end of the block, a bar disappears."""

    def __init__(self) -> None:
        self._stack = ExitStack()
        self._display: _Bar | _Lines | None = None

    def show(self, progress: Progress) -> None:
        """Show the progress. After Stage.FOUND, the caller may print lines before the next call."""
        if progress.stage is Stage.FOUND:
            self._stack.close()
            self._display = None
            return
        if self._display is None:
            self._display = _Bar(self._stack.enter_context(_new_bar())) if sys.stdout.isatty() else _Lines()
        self._display.show(progress)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()


def _new_bar() -> Bar:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, SpinnerColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    columns = (
        SpinnerColumn("line"),
        TextColumn("{task.description}"),
        BarColumn(bar_width=None),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(compact=True),
        TextColumn("{task.fields[faults]}"),
    )
    return Bar(*columns, console=Console(soft_wrap=True), transient=True, refresh_per_second=8)


class _Bar:
    """Rich's progress bar."""

    def __init__(self, bar: Bar) -> None:
        self._bar = bar
        self._task = bar.add_task("Looking for submissions", total=None, rate="", faults="")
        self._started = time.monotonic()

    def show(self, progress: Progress) -> None:
        """Update the bar. When a run is complete, print its numbers above the bar."""
        if progress.stage is Stage.SEARCHING:
            self._bar.update(self._task, description="Looking for submissions")
            return
        if progress.stage is Stage.CONNECTING:
            self._bar.update(self._task, description=WAITING)
            return
        if progress.stage is Stage.WRITING:
            self._bar.update(self._task, description="Writing the results", rate="")
            return
        rate = _rate(progress, self._started)
        self._bar.update(
            self._task,
            description="Grading",
            total=progress.expected or None,
            completed=progress.graded + progress.reused,
            rate=f"{rate:.0f}/s",
            faults=_faults(progress) if progress.faults else "",
        )
        if progress.stage is Stage.GRADED:
            self._bar.console.print(_sentence(progress, rate), markup=False, highlight=False)


class _Lines:
    """At most one line every two seconds, and one for each complete run."""

    def __init__(self) -> None:
        self._started = self._last = time.monotonic()

    def show(self, progress: Progress) -> None:
        """Write a line, if the last one is old enough or a run is complete."""
        if progress.stage is Stage.CONNECTING:
            emit(f"{WAITING} ...\n")
            return
        is_due = time.monotonic() - self._last >= LINE_SECONDS or progress.stage is Stage.GRADED
        if progress.stage is Stage.SEARCHING or not is_due:
            return
        self._last = time.monotonic()
        is_writing = progress.stage is Stage.WRITING
        emit("Writing the results ...\n" if is_writing else f"{_sentence(progress, _rate(progress, self._started))}\n")


def _rate(progress: Progress, started: float) -> float:
    return progress.graded / max(time.monotonic() - started, 1e-9)


def _faults(progress: Progress) -> str:
    return f"{progress.faults} faults of the grader"


def _sentence(progress: Progress, rate: float) -> str:
    refused = f"{progress.refused} refused, " if progress.refused else ""
    return (
        f"{progress.found} found, {progress.graded} graded ({rate:.0f} per second), {progress.reused} unchanged, "
        f"{refused}{_faults(progress)}"
    )
