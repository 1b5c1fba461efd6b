"""A terminal that shows one screen and reads single keys. It is always left as it was found.

The screen is the terminal's second one, so that the lines above the command are still there afterwards. A frame is
written in one piece and over the one before, so that nothing flickers.
"""

from __future__ import annotations

import contextlib
import os
import select
import signal
import sys
import threading
from collections.abc import Callable, Sequence
from types import FrameType, TracebackType
from typing import Any, Self

from grader.cli.output import NARROWEST, WIDEST, emit, needs_ascii, wants_colour
from grader.cli.watching.happening import Pressed, Resized, Suspended
from grader.cli.watching.watch_screen import Window

ENTER, LEAVE = "\x1b[?1049h\x1b[?25l\x1b[2J", "\x1b[?25h\x1b[?1049l"
HOME, CLEAR_LINE, CLEAR_BELOW = "\x1b[H", "\x1b[K", "\x1b[J"
ESCAPE, END_OF_INPUT = "\x1b", "\x04"
QUIT = "q"


def is_live() -> bool:
    """Return True if a screen can be drawn and keys can be read."""
    streams = (sys.stdin, sys.stdout)
    ours = all(stream is not None and stream.isatty() for stream in streams)
    return ours and os.environ.get("TERM") != "dumb" and os.name == "posix"


class LiveTerminal:
    """Draws screens, and calls `report` with keys and new sizes while its block runs."""

    def __init__(self, report: Callable[[Pressed | Resized | Suspended], None]) -> None:
        self._report = report
        self._before: list[Any] = []
        self._handlers: dict[int, Any] = {}
        self._stop_reader, self._stop_writer = os.pipe()

    @property
    def window(self) -> Window:
        """Return the size of the terminal now, and what it can show."""
        size = size_now()
        width = min(max(size.columns, NARROWEST), WIDEST)
        return Window(width, size.lines, wants_colour(sys.stdout, os.environ), needs_ascii(sys.stdout))

    def draw(self, lines: Sequence[str]) -> None:
        """Show a screen."""
        emit(HOME + f"{CLEAR_LINE}\r\n".join(lines) + CLEAR_LINE + CLEAR_BELOW, colour=True)
        sys.stdout.flush()

    def suspend(self) -> None:
        """Stop as Ctrl-Z does, with the terminal as the shell expects it, and take it back afterwards."""
        self._give_back()
        os.killpg(os.getpgrp(), signal.SIGSTOP)
        self._take()

    def __enter__(self) -> Self:
        import termios

        self._before = termios.tcgetattr(sys.stdin.fileno())
        self._handlers = {
            signal.SIGWINCH: signal.signal(signal.SIGWINCH, self._resized),
            signal.SIGTSTP: signal.signal(signal.SIGTSTP, self._suspended),
            signal.SIGTERM: signal.signal(signal.SIGTERM, _end),
            signal.SIGHUP: signal.signal(signal.SIGHUP, _end),
        }
        self._take()
        self._thread = threading.Thread(target=self._read_keys, name="keys", daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        os.write(self._stop_writer, b"x")
        self._thread.join()
        os.close(self._stop_reader)
        os.close(self._stop_writer)
        for number, handler in self._handlers.items():
            signal.signal(number, handler)
        self._give_back()

    def _take(self) -> None:
        import termios
        import tty

        tty.setcbreak(sys.stdin.fileno(), termios.TCSADRAIN)
        emit(ENTER, colour=True)

    def _give_back(self) -> None:
        import termios

        with contextlib.suppress(termios.error, Exception):  # the terminal may be gone
            emit(LEAVE, colour=True)
            sys.stdout.flush()
        with contextlib.suppress(termios.error):
            termios.tcsetattr(sys.stdin.fileno(), termios.TCSADRAIN, self._before)

    def _resized(self, number: int, frame: FrameType | None) -> None:
        self._report(Resized())

    def _suspended(self, number: int, frame: FrameType | None) -> None:
        self._report(Suspended())

    def _read_keys(self) -> None:
        descriptor = sys.stdin.fileno()
        while True:
            ready, _, _ = select.select([descriptor, self._stop_reader], [], [])
            if self._stop_reader in ready:
                return
            try:
                typed = os.read(descriptor, 64).decode(errors="replace")
            except OSError:  # the terminal is gone
                typed = ""
            if typed in ("", END_OF_INPUT):
                self._report(Pressed(QUIT))
                return
            if not typed.startswith(ESCAPE):  # an arrow key, for example, sends several characters
                for key in typed:
                    self._report(Pressed(key.lower()))


def size_now() -> os.terminal_size:
    """Return the size of the terminal. LINES and COLUMNS do not count: they keep the size before a change."""
    try:
        return os.get_terminal_size(sys.stdout.fileno())
    except (OSError, ValueError):  # no terminal, or a closed stream
        return os.terminal_size((80, 24))


def _end(number: int, frame: FrameType | None) -> None:
    sys.exit(128 + number)
