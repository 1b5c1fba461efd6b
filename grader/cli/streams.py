"""The three standard streams as this process finds them: closed, on a full disk, or with nobody behind them."""

from __future__ import annotations

import io
import os
import sys
from typing import TYPE_CHECKING, TextIO

import click

if TYPE_CHECKING:
    from typing_extensions import Buffer

_STREAMS = (("stdin", "r"), ("stdout", "w"), ("stderr", "w"))


class _Output(io.FileIO):
    """Standard output that remembers why it could not be written, whoever wrote to it."""

    failure: OSError | None = None

    def write(self, content: Buffer, /) -> int:
        try:
            return super().write(content)
        except OSError as error:
            self.failure = error
            raise


def prepare_standard_streams() -> None:
    """Open `/dev/null` in the place of each standard stream that is closed, and have output remember its failure.

    The next file or socket would get the number of a closed one, and whoever writes to that number would write into it.
    """
    for descriptor, (name, mode) in enumerate(_STREAMS):
        try:
            os.fstat(descriptor)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # gets the lowest number that is free, which is this one
            os.set_inheritable(descriptor, True)
        if getattr(sys, name) is None:
            setattr(sys, name, open(descriptor, mode, encoding="utf-8", closefd=False))  # noqa: SIM115 # for good
    before = sys.stdout
    if isinstance(before, io.TextIOWrapper):
        sys.stdout = io.TextIOWrapper(
            io.BufferedWriter(_Output(1, "w", closefd=False)),
            encoding=before.encoding,
            errors=before.errors,
            line_buffering=before.line_buffering,
        )


def note(text: str) -> None:
    """Write a line to standard error. Never fail: where nobody can read it, the work goes on."""
    try:
        click.echo(text, err=True)
    except OSError:
        silence(sys.stderr)


def output_failure() -> OSError | None:
    """Return why standard output could not be written, None if it could."""
    raw = getattr(getattr(sys.stdout, "buffer", None), "raw", None)
    return raw.failure if isinstance(raw, _Output) else None


def silence(stream: TextIO | None) -> None:
    """Let what is still buffered in a stream go nowhere, so that the interpreter can end without a word."""
    try:
        if stream is not None:
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
    except (OSError, ValueError):  # no descriptor under this stream, so nothing is left to write
        return
