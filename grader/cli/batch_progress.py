"""The progress of a batch: a bar on a terminal, plain lines in a pipe or a log."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol

from grader.cli.output import emit

if TYPE_CHECKING:
    from rich.progress import Progress as Bar

    from grader.batch.run import Progress

TELL_SECONDS = 2.0


class Teller(Protocol):
    """Something that shows the progress of a batch."""

    def tell(self, progress: Progress, last: bool = False) -> None:
        """Show the progress, unless it was shown a moment ago. Always show the last one."""

    def stage(self, name: str) -> None:
        """Show what is done now."""


@contextmanager
def teller() -> Iterator[Teller]:
    """Return a progress bar on a terminal, else lines."""
    if not sys.stdout.isatty():
        yield _Lines()
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, SpinnerColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    console = Console(soft_wrap=True)
    columns = (
        SpinnerColumn("line"),
        TextColumn("{task.description}"),
        BarColumn(bar_width=None),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(compact=True),
        TextColumn("{task.fields[faults]}"),
    )
    with Bar(*columns, console=console, transient=True, refresh_per_second=8) as bar:
        yield _Bar(bar)


class _Bar:
    """Rich's progress bar."""

    def __init__(self, bar: Bar) -> None:
        self._bar = bar
        self._task = bar.add_task("Looking through the hand-ins", total=None, rate="", faults="")
        self._started = time.monotonic()
        self._final = ""

    def tell(self, progress: Progress, last: bool = False) -> None:
        rate = progress.graded / max(time.monotonic() - self._started, 1e-9)
        self._bar.update(
            self._task,
            description="Grading",
            total=progress.expected or None,
            completed=progress.graded + progress.reused,
            rate=f"{rate:.0f}/s",
            faults=f"{progress.faults} faults of the grader" if progress.faults else "",
        )
        if last:
            self._bar.console.print(_sentence(progress, rate), markup=False, highlight=False)

    def stage(self, name: str) -> None:
        self._bar.update(self._task, description=name, rate="")


class _Lines:
    """One line every two seconds."""

    def __init__(self) -> None:
        self._started = self._told = time.monotonic()

    def tell(self, progress: Progress, last: bool = False) -> None:
        now = time.monotonic()
        if not last and now - self._told < TELL_SECONDS:
            return
        self._told = now
        emit(_sentence(progress, progress.graded / max(now - self._started, 1e-9)) + "\n")

    def stage(self, name: str) -> None:
        if time.monotonic() - self._told >= TELL_SECONDS:
            self._told = time.monotonic()
            emit(f"{name} ...\n")


def _sentence(progress: Progress, rate: float) -> str:
    refused = f"{progress.refused} refused, " if progress.refused else ""
    return (
        f"{progress.found} found, {progress.graded} graded ({rate:.0f} a second), {progress.reused} unchanged, "
        f"{refused}{progress.faults} faults of the grader"
    )
