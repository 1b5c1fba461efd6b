"""Interrupt calls that run in a sandbox, from another thread: the answer is no longer wanted."""

from __future__ import annotations

import contextlib
import os


class InterruptedRunError(KeyboardInterrupt):
    """A run was interrupted. It ends everything that Ctrl-C ends, and nothing judges it."""


class Interruption:
    """Interrupts every call that waits for an answer, and every later one, until it is cleared."""

    def __init__(self) -> None:
        self._reader, self._writer = os.pipe()
        os.set_blocking(self._reader, False)
        self._is_set = False

    @property
    def descriptor(self) -> int:
        """Return a descriptor that can be read while the interruption is set."""
        return self._reader

    def set(self) -> None:
        """Interrupt."""
        if not self._is_set:
            self._is_set = True
            os.write(self._writer, b"x")

    def clear(self) -> None:
        """Let the next run begin."""
        self._is_set = False
        with contextlib.suppress(BlockingIOError):
            while os.read(self._reader, 16):
                pass

    def check(self) -> None:
        """Raise InterruptedRunError if the interruption is set."""
        if self._is_set:
            raise InterruptedRunError

    def close(self) -> None:
        """Close the pipe. No call may wait for it."""
        os.close(self._reader)
        os.close(self._writer)
