"""A file of the results: whole, or as it was before."""

from __future__ import annotations

import io
import os
from pathlib import Path


def write_text(path: Path, text: str) -> None:
    """Write a text unless it is there already. Raises OSError."""
    try:
        if path.read_text(encoding="utf-8") == text:
            return
    except (OSError, UnicodeDecodeError):
        path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


class replacing:  # noqa: N801 # used as a function
    """A text file that takes its name when it is whole."""

    def __init__(self, path: Path, encoding: str = "utf-8") -> None:
        self._path = path
        self._encoding = encoding
        self._partial = path.with_name(f".{path.name}.partial")

    def __enter__(self) -> io.TextIOWrapper:
        self._file = self._partial.open("w", encoding=self._encoding, newline="")
        return self._file

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self._file.close()
        if kind is None:
            os.replace(self._partial, self._path)
        else:
            self._partial.unlink(missing_ok=True)
