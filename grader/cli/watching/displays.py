"""The two ways to show a watch: one screen that is drawn again, and plain lines for a pipe or a screen reader."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.cli.output import emit
from grader.cli.watching.happening import Checking, Graded, Happening, Resized, SavedUnchanged, Unreadable
from grader.cli.watching.watch_screen import WatchState, screen_of
from grader.cli.watching.watch_session import Display, summary_of
from grader.text import for_terminal

if TYPE_CHECKING:
    from grader.cli.watching.live_terminal import LiveTerminal


class ScreenDisplay(Display):
    """Draws the whole screen for each event."""

    def __init__(self, terminal: LiveTerminal) -> None:
        self._terminal = terminal
        self.last = ""
        """The line that stays on the terminal when the screen is gone."""

    def show(self, state: WatchState, happening: Happening) -> None:
        """Draw the screen."""
        self._terminal.draw(screen_of(state, self._terminal.window))
        if state.report is not None:
            self.last = for_terminal(f"{state.file}: {summary_of(state.report)}")

    def suspend(self) -> None:
        """Stop until the learner comes back."""
        self._terminal.suspend()


class LineDisplay(Display):
    """Writes a line for each verdict, and one for each epoch."""

    def __init__(self) -> None:
        self.last = ""

    def show(self, state: WatchState, happening: Happening) -> None:
        """Write what is new."""
        line = self._line(state, happening)
        if line:
            emit(f"{for_terminal(line)}\n")

    def suspend(self) -> None:
        """Do nothing: there is no screen."""

    def _line(self, state: WatchState, happening: Happening) -> str:
        if isinstance(happening, Resized):
            return f"Watching {state.file}. Ctrl-C stops."
        if isinstance(happening, Unreadable | SavedUnchanged):
            return " ".join((state.activity, *state.notes))
        if isinstance(happening, Checking):
            return state.activity if happening.epoch else ""
        if not isinstance(happening, Graded) or state.report is None:
            return ""
        parts = [f"{state.activity.partition(' ')[0]}  {_said(state)}", *state.notes]
        if state.changes is not None:
            parts.insert(1, str(state.changes))
        return "\n".join(parts) if state.notes else "; ".join(parts)


def _said(state: WatchState) -> str:
    assert state.report is not None
    if state.report.problems:
        problem = state.report.problems[0]
        return f"line {problem.line}: {problem.message.splitlines()[0] if problem.message else 'cannot run'}"
    return summary_of(state.report)
