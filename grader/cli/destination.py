"""The file that a user names for the output of a command. Only a file that grade wrote itself is replaced.

The rule stands here once, for every command with such an option. A graded file, a Python file and a notebook are never
written, even with --overwrite: they are a person's work.
"""

from __future__ import annotations

import os
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from grader import writing
from grader.cli.output import OutputError, shown_path
from grader.cli.streams import note

OWN_WORK = (".py", ".pyi", ".pyw", ".ipynb")
"""The ends of names that only people write."""


@dataclass(frozen=True)
class Destination:
    """A file to write. `what` names its content and `suffixes` the ends that its name may have, if it has any.

    `protected` are the files that the command reads; they are never written.
    """

    path: Path
    what: str
    suffixes: tuple[str, ...]
    overwrite: bool = False
    protected: Collection[Path] = ()

    def check(self) -> None:
        """Find out early what would make `write` fail. Raises OutputError."""
        path, shown = self.path, shown_path(self.path)
        if path.is_dir():
            raise OutputError(f"{shown} is a folder, expected the name of a file to write.")
        if not path.parent.is_dir():
            raise OutputError(f"{shown} cannot be written: there is no folder {shown_path(path.parent)}.")
        if any(_is_same(path, one) for one in self.protected):
            raise OutputError(f"{shown} is the file that this command reads. It was not changed. {self._advice()}")
        for one in (path, Path(os.path.realpath(path))):
            if one.suffix.lower() in OWN_WORK:
                raise OutputError(f"{shown} was not written: grade never writes {one.suffix} files. {self._advice()}")
        if path.suffix and path.suffix.lower() not in self.suffixes:
            expected = " or ".join(self.suffixes)
            raise OutputError(
                f"{shown} was not written: its name ends in {path.suffix}, and the content is {self.what}; expected "
                f"{expected}. {self._advice()}"
            )
        if path.is_file() and not self.overwrite and not _is_ours(path):
            raise OutputError(
                f"{shown} exists, and grade did not write its present content. It was not changed. Name "
                "another file, or replace this one with --overwrite."
            )

    def write(self, content: str | bytes) -> None:
        """Write the file completely, or leave it as it was. Raises OutputError."""
        from grader.cli.written_files import remember_written

        self.check()
        whole = content.encode() if isinstance(content, str) else content
        try:
            writing.write_whole(self.path, whole)
        except writing.PermissionsNotKeptError as error:
            kept = f"the permissions of {shown_path(Path(error.filename))} could not be kept: {error.strerror}"
            note(f"Note: {kept}. Set them with chmod.")
        except OSError as error:
            raise OutputError(f"{shown_path(self.path)} cannot be written: {error.strerror or error}.") from None
        remember_written(self.path, whole)

    def _advice(self) -> str:
        return f"Name another file, such as {self.path.stem or 'out'}{self.suffixes[0]}."


def destination_of(path: Path | None, *rest: Any, **named: Any) -> Destination | None:
    """Return the checked destination; None if the user named no file. Raises OutputError."""
    if path is None:
        return None
    destination = Destination(path, *rest, **named)
    destination.check()
    return destination


def _is_same(path: Path, other: Path) -> bool:
    try:
        return os.path.samefile(path, other)
    except OSError:  # one of them does not exist
        return os.path.realpath(path) == os.path.realpath(other)


def _is_ours(path: Path) -> bool:
    from grader.cli.written_files import is_as_written

    return is_as_written(path)
