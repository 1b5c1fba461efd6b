"""Talking with somebody: one key on a terminal, one line in a pipe or for a screen reader."""

from __future__ import annotations

import os
import sys
import textwrap
from collections.abc import Mapping
from pathlib import Path

import click

from grader.cli.memory import state_folder
from grader.cli.output import columns, emit, needs_ascii, wants_colour

GONE = "q"  # what the end of the input means: save and quit
ENTER = " "


def study_file() -> Path:
    """Where a learner's record lies."""
    return state_folder() / "study.db"


class Dialogue:
    """Says texts in the width of the terminal and reads answers.

    With `plain`, or where input or output is no terminal, answers are whole lines and nothing is coloured or erased.
    """

    def __init__(self, plain: bool = False) -> None:
        on_terminal = sys.stdin.isatty() and sys.stdout.isatty() and os.environ.get("TERM") != "dumb"
        self.plain = plain or not on_terminal
        self._colour = not self.plain and wants_colour(sys.stdout, os.environ)
        self._width = min(columns(), 100)
        self._ascii = needs_ascii(sys.stdout)
        self.digits = plain or self._ascii

    def say(self, text: str = "", *, indent: str = "", bold: bool = False, dim: bool = False) -> None:
        """Print a text, its paragraphs wrapped."""
        for paragraph in text.split("\n"):
            width = max(20, self._width)
            wrapped = textwrap.fill(paragraph, width, initial_indent=indent, subsequent_indent=indent)
            shown = click.style(wrapped, bold=bold or None, dim=dim or None) if self._colour else wrapped
            emit(self._safe(shown) + "\n", colour=self._colour)

    def picture(self, text: str) -> None:
        """Print lines as they are."""
        emit(self._safe(text) + "\n", colour=self._colour)

    def key(self, prompt: str, keys: Mapping[str, str]) -> str:
        """One of `keys`, which are shown with what they do; space for enter too, `q` at the end of the input."""
        shown = "  ".join(f"{'enter' if key == ENTER else key} {does}".strip() for key, does in keys.items())
        while True:
            self.say(f"{prompt}  {shown}".strip(), dim=True)
            typed = self._one_key() if not self.plain else self._one_line()
            if typed is None:
                return GONE
            typed = typed.strip().lower()[:1] or ENTER
            if typed in keys:
                return typed
            self.say(f'"{typed}" does nothing here.')

    def line(self, prompt: str) -> str | None:
        """A line, None at the end of the input."""
        self.say(prompt, dim=True)
        if not self.plain:
            emit("> ")
        return self._one_line()

    def _one_key(self) -> str | None:
        typed = click.getchar()
        if typed == "\x03":
            raise KeyboardInterrupt
        return None if typed in ("\x04", "") else typed

    def _one_line(self) -> str | None:
        line = sys.stdin.readline()
        return line.rstrip("\n") if line else None

    def _safe(self, text: str) -> str:
        return text.encode("ascii", "replace").decode() if self._ascii else text
