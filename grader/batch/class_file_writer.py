"""Write the files about the whole class in one pass over the learners."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO, Any, Self

from grader.batch.batch_journal import JournalError
from grader.batch.run import BatchError
from grader.report.exports import ClassFile, GradebookRow
from grader.text import for_path
from grader.writing import replacing


@contextmanager
def as_batch_error(out: Path) -> Iterator[None]:
    """Turn an error such as a full disk into a BatchError."""
    try:
        yield
    except (OSError, JournalError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        file = written_file(error)
        named = f", because of {for_path(file)}" if file is not None and file != out else ""
        raise BatchError(
            f"The results cannot be written to {for_path(out)}{named}: {reason}. "
            "Every report is safe in its journal: run the same command again."
        ) from None


def written_file(error: Exception) -> Path | None:
    """Return the file that an error of the system is about; None if it names none."""
    name = (error.filename2 or error.filename) if isinstance(error, OSError) else None
    return Path(os.fsdecode(name)) if isinstance(name, str | bytes | os.PathLike) else None


class ClassFileWriter:
    """The files about the whole class. They get their names when all of them are complete."""

    def __init__(self, out: Path, files: Iterable[ClassFile]) -> None:
        self._out = out
        self._files = tuple(files)
        self._stack = ExitStack()
        self._opened: list[tuple[ClassFile, IO[str]]] = []

    def add(self, row: GradebookRow) -> None:
        """Write the part about a learner into every file."""
        for file, opened in self._opened:
            opened.write(file.of_learner(row))

    def add_parts(self, parts: Mapping[str, str]) -> None:
        """Write the parts about a report, by the name of the file."""
        for file, opened in self._opened:
            opened.write(parts.get(file.name, ""))

    def __enter__(self) -> Self:
        with self._stack:
            for file in self._files:
                path = self._out / file.name
                path.parent.mkdir(exist_ok=True)
                opened = self._stack.enter_context(replacing(path, file.encoding, alone=True))
                opened.write(file.start)
                self._opened.append((file, opened))
            self._stack = self._stack.pop_all()
        return self

    def __exit__(self, *ending: Any) -> None:
        if ending[0] is None:
            for file, opened in self._opened:
                opened.write(file.end)
        self._stack.__exit__(*ending)
