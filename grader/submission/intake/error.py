"""Errors in files of the instructor."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from grader.course import Fault
from grader.grade_error import GradeError


class IntakeError(GradeError):
    """A folder, an archive or a member of it cannot be read. This is never a learner's fault."""


class FaultyFileError(IntakeError):
    """A file of the instructor has faults; `faults` holds all of them with their lines."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(sorted(set(faults)))
        if not self.faults:
            raise ValueError("an error needs at least one fault")
        super().__init__("\n".join(str(fault) for fault in self.faults))


def read_text_file(path: Path, most_bytes: int) -> str:
    """Return the text of an instructor's file, which must be ordinary and in UTF-8. Raises FaultyFileError."""
    try:
        if not path.is_file():
            what = "is not a file" if path.exists() else "does not exist"
            raise FaultyFileError([Fault(path, 1, f"{what}; expected a text file")])
        with path.open("rb") as opened:
            content = opened.read(most_bytes + 1)
    except OSError as error:
        raise FaultyFileError([Fault(path, 1, f"cannot be read: {error.strerror or error}")]) from None
    if len(content) > most_bytes:
        raise FaultyFileError([Fault(path, 1, f"is larger than {most_bytes // 1024} KiB; is it the right file?")])
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise FaultyFileError([Fault(path, 1, 'is UTF-16; save it as UTF-8 (in Excel: "CSV UTF-8")')])
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        byte = error.object[error.start]
        raise FaultyFileError([Fault(path, line, f"is not UTF-8: byte {byte:#04x}; save it as UTF-8")]) from None
