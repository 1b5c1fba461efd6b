"""A dialogue with the learner: single keys on a terminal, whole lines in a pipe or for a screen reader.

On a terminal each card or question is a page, drawn in place of the one before. Elsewhere nothing is erased.
"""

from __future__ import annotations

import io
import os
import sys
import textwrap
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, TextIO

import click

from grader.cli.output import columns, emit, needs_ascii, wants_colour
from grader.cli.user_state import record_path
from grader.text import counted, for_terminal

if TYPE_CHECKING:
    from rich.box import Box
    from rich.console import RenderableType

    from grader.study.learning_record import LearningRecord

GONE = "q"  # the end of the input means: save and quit
ENTER = " "
END_OF_INPUT, ESCAPE = "\x04", "\x1b"
CLEAR = "\x1b[H\x1b[2J"
KEPT_TOGETHER = "\N{NO-BREAK SPACE}"


@contextmanager
def open_record() -> Iterator[LearningRecord]:
    """Open the learner's record, and say once that entries are dated in the future."""
    from grader.study.learning_record import LearningRecord

    with LearningRecord(record_path()) as record:
        say_what_is_ahead(record)
        yield record


def say_what_is_ahead(record: LearningRecord) -> None:
    """Say how many entries are dated in the future, unless that was said before."""
    ahead = record.notice()
    if ahead is None:
        return
    from grader.cli.streams import note
    from grader.study.schedule import at, day_of

    today, last = day_of(at(ahead.now_ms)), day_of(at(ahead.last_ms))
    entries = counted(ahead.count, "entry of your record is", "entries of your record are")
    note(
        f"Note: {entries} dated in the future, up to {last}; today is {today}. If the clock was wrong then, there is "
        f"nothing to do: such entries count as made today. If it is wrong now, set it."
    )


class Dialogue:
    """Print texts in the width of the terminal, and read answers.

    With `plain`, or if input or output is not a terminal, answers are whole lines and nothing is coloured or erased.
    """

    def __init__(self, plain: bool = False) -> None:
        on_terminal = _is_terminal(sys.stdin) and _is_terminal(sys.stdout) and os.environ.get("TERM") != "dumb"
        self.plain = plain or not on_terminal
        self._colour = not self.plain and wants_colour(sys.stdout, os.environ)
        self.width = columns()
        self.blocks = not needs_ascii(sys.stdout)  # whether block characters can be written
        self._typed_ahead = ""
        self._remark = ""
        if isinstance(sys.stdin, io.TextIOWrapper):
            sys.stdin.reconfigure(errors="replace")  # an invalid byte is a wrong answer, not a crash

    @property
    def draws(self) -> bool:
        """True if pictures may be drawn with block characters: not for a screen reader."""
        return not self.plain and self.blocks

    def page(self, heading: str, places: Sequence[str], reason: str = "") -> None:
        """Begin a card or a question. On a terminal, clear the screen and draw a panel; else print the heading.

        The panel holds `places`, such as the topic and "4 of 12", and the reason why the card or question comes now.
        """
        if self.plain:
            self.say(f"\n{heading}" if heading else "", dim=True)
            return
        from rich.panel import Panel
        from rich.text import Text

        emit(CLEAR, colour=True)
        between = " \N{MIDDLE DOT} " if self.blocks else " - "
        lines = [between.join(places), *([reason] if reason else [])]
        self._drawn(Panel(Text(for_terminal("\n".join(lines))), box=self._box(), border_style="cyan"))
        if self._remark:
            self.say(self._remark, dim=True)
            self._remark = ""

    def rule(self, title: str) -> None:
        """Draw a line with a title above what follows, on a terminal only."""
        if not self.plain:
            from rich.rule import Rule

            self._drawn(
                Rule(
                    for_terminal(title),
                    characters="\N{BOX DRAWINGS LIGHT HORIZONTAL}" if self.blocks else "-",
                    style="cyan",
                )
            )

    def remark(self, text: str) -> None:
        """Print a remark about what has just happened. On a terminal it comes with the next page."""
        if self.plain:
            self.say(text, dim=True)
        else:
            self._remark = text

    def set_apart(self, text: str) -> None:
        """Print lines as they are, such as a picture or a sum, with a bar at their side on a terminal."""
        bar = "" if self.plain else "\N{BOX DRAWINGS LIGHT VERTICAL} " if self.blocks else "| "
        self.picture("\n".join(f"  {bar}{line}" for line in text.split("\n")))

    def pause(self) -> bool:
        """Wait for a key on a terminal, so that a page can be read. Return False if the learner quits."""
        return self.plain or self.key("", {ENTER: "continue", GONE: "quit"}) != GONE

    def say(self, text: str = "", *, indent: str = "", bold: bool = False, dim: bool = False) -> None:
        """Print a text with wrapped paragraphs."""
        for paragraph in text.split("\n"):
            self._print(self._wrapped(paragraph, indent, indent), bold=bold, dim=dim)

    def lines_of(self, text: str) -> list[str]:
        """Return a text as the lines that `say` prints."""
        return [line for part in text.split("\n") for line in self._wrapped(part, "", "").split("\n")]

    def options(self, texts: Iterable[str], *, indent: str = "  ") -> None:
        """Print texts with their numbers, each wrapped under itself."""
        for number, text in enumerate(texts, 1):
            begin = f"{indent}{number}) "
            self._print(self._wrapped(text, begin, " " * len(begin)))

    def item(self, text: str) -> None:
        """Print an item of a list, wrapped under itself."""
        self._print(self._wrapped(text, "- ", "  "))

    def picture(self, text: str) -> None:
        """Print lines as they are."""
        for line in text.split("\n"):
            self._print(line)

    def key(self, prompt: str, keys: Mapping[str, str]) -> str:
        """Show `keys` with their meanings, and return the one that was pressed: a space for enter, `q` at the end."""
        shown = "  ".join(
            f"{'enter' if key == ENTER else key} {does}".strip().replace(" ", KEPT_TOGETHER)
            for key, does in keys.items()
        )
        while True:
            self.say(f"{prompt}  {shown}".strip(), dim=True)
            typed = self._one_key() if not self.plain else self._one_line()
            if typed is None:
                return GONE
            typed = typed.strip().lower()[:1] or ENTER
            if typed in keys:
                return typed
            self.say(f'"{typed}" does nothing here.' if typed.isprintable() else "This key does nothing here.")

    def line(self, prompt: str) -> str | None:
        """Return a line, None at the end of the input."""
        self.say(prompt, dim=True)
        if not self.plain:
            emit("> ")
        return self._one_line()

    def _one_key(self) -> str | None:
        typed = self._typed_ahead or _keys_pressed()
        if typed.startswith(ESCAPE):  # an arrow key, for example, sends several characters
            self._typed_ahead = ""
            return ESCAPE
        typed, self._typed_ahead = typed[:1], typed[1:]
        return None if typed in (END_OF_INPUT, "") else typed

    def _one_line(self) -> str | None:
        try:
            line = sys.stdin.readline() if sys.stdin is not None else ""
        except OSError:  # a folder, a file that is open for writing only, a terminal that is gone
            line = ""
        return line.rstrip("\n") if line else None

    def _wrapped(self, text: str, begin: str, indent: str) -> str:
        lines = textwrap.fill(text, self.width, initial_indent=begin, subsequent_indent=indent, break_on_hyphens=False)
        return lines.replace(KEPT_TOGETHER, " ")

    def _box(self) -> Box:
        from rich import box

        return box.ROUNDED if self.blocks else box.ASCII

    def _drawn(self, part: RenderableType) -> None:
        """Print a part that rich draws."""
        from rich.console import Console

        console = Console(
            width=self.width,
            force_terminal=True,
            color_system="standard" if self._colour else None,
            legacy_windows=False,
        )
        with console.capture() as captured:
            console.print(part)
        emit(captured.get(), colour=True)

    def _print(self, text: str, *, bold: bool = False, dim: bool = False) -> None:
        text = for_terminal(text)
        if self._colour and text:
            text = click.style(text, bold=bold or None, dim=dim or None)
        emit(text + "\n", colour=self._colour)


def _keys_pressed() -> str:
    """Return the keys that were pressed, without waiting for enter.

    `click.getchar` would discard keys that were pressed before the prompt.
    """
    try:
        import termios
        import tty
    except ImportError:  # Windows
        return click.getchar()
    descriptor = sys.stdin.fileno()
    before = termios.tcgetattr(descriptor)
    try:
        tty.setcbreak(descriptor, termios.TCSADRAIN)
        return os.read(descriptor, 64).decode(errors="replace")
    finally:
        termios.tcsetattr(descriptor, termios.TCSADRAIN, before)


def _is_terminal(stream: TextIO | None) -> bool:
    return stream is not None and stream.isatty()
