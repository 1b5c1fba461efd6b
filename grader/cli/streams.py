"""The three standard streams, which may be closed, on a full disk, or without a reader."""

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
    """Standard output that remembers why a write failed, even one of a library."""

    failure: OSError | None = None

    def write(self, content: Buffer, /) -> int:
        try:
            return super().write(content)
        except OSError as error:
            self.failure = error
            raise


def prepare_standard_streams() -> None:
    """Replace each closed standard stream by `/dev/null`, and make standard output remember its failure.

    Otherwise the next file or socket would get the number of a closed stream, and output would be written into it.
    """
    for descriptor, (name, mode) in enumerate(_STREAMS):
        try:
            os.fstat(descriptor)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # gets the lowest free number, which is this one
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
    """Write a line to standard error. Never fail: the work continues if nobody can read it."""
    try:
        click.echo(text, err=True)
    except OSError:
        silence(sys.stderr)


def output_failure() -> OSError | None:
    """Return why standard output could not be written, None if it could."""
    raw = getattr(getattr(sys.stdout, "buffer", None), "raw", None)
    return raw.failure if isinstance(raw, _Output) else None


def silence(stream: TextIO | None) -> None:
    """Discard what is still buffered in a stream, so that the interpreter ends without an error."""
    try:
        if stream is not None:
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
    except (OSError, ValueError):  # no descriptor under this stream, so nothing is left to write
        return
