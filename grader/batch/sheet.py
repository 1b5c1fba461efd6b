"""Read a CSV file of an instructor, with the line of every row, and write it again in the same form."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from grader.course import Fault
from grader.submission.intake import FaultyFileError, read_text_file

SHEET_BYTES_LIMIT = 64 * 1024 * 1024
LINE_END = re.compile(r"\r\n|\r|\n")
DELIMITERS = ",;\t|"
_SEPARATOR_LINE = re.compile(r'("?)sep=(?P<delimiter>[^"\r\n]*)\1(?:\r\n|\r|\n|\Z)', re.IGNORECASE)


@dataclass(frozen=True)
class Sheet:
    """The rows of a CSV file with their lines, and how the file is written: delimiter, line end, mark at the start.

    A space before a value does not count in the rows. `text` is the file as it is, without `separator_line`: the first
    line `sep=;`, which tells Excel the delimiter. It is empty in most files.
    """

    path: Path
    rows: tuple[tuple[int, tuple[str, ...]], ...]
    delimiter: str = ","
    line_end: str = "\n"
    mark: str = ""
    text: str = ""
    separator_line: str = ""

    @property
    def header_line(self) -> int:
        """The line of the column names."""
        return self.rows[0][0]

    @property
    def header(self) -> tuple[str, ...]:
        """The names of the columns."""
        return self.rows[0][1]

    def exact_rows(self) -> list[list[str]]:
        """Return the rows with the spaces that the file has before values: Canvas writes `    Points Possible`."""
        rows = list(csv.reader(io.StringIO(self.text, newline=""), delimiter=self.delimiter))
        plain = [list(row) for _, row in self.rows]
        return (
            rows
            if [list(map(str.strip, row)) for row in rows] == [list(map(str.strip, row)) for row in plain]
            else plain
        )

    def written(self, rows: Iterable[Sequence[str]]) -> str:
        """Return rows as this file writes them."""
        text = io.StringIO()
        csv.writer(text, delimiter=self.delimiter, lineterminator=self.line_end).writerows(rows)
        return self.mark + self.separator_line + text.getvalue()


def read_sheet(path: Path, expected: str, known: Callable[[Sequence[str]], int]) -> Sheet:
    """Read a CSV file. Raises FaultyFileError if it is empty, is not CSV, or has a quote that is not closed.

    `known` returns how many names in a header are known: it tells the delimiter. `expected` names a column.
    """
    text = read_text_file(path, SHEET_BYTES_LIMIT)
    mark = "\ufeff" if path.read_bytes()[:3] == b"\xef\xbb\xbf" else ""
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise FaultyFileError([Fault(path, line, "contains a NUL byte, which CSV does not allow; save it as UTF-8")])
    separator_line, stated = _separator_line(path, text)
    text = text[len(separator_line) :]
    delimiter = stated or _delimiter(LINE_END.split(text, maxsplit=1)[0], known)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, skipinitialspace=True, strict=True)
    rows: list[tuple[int, tuple[str, ...]]] = []
    before = 1 if separator_line else 0
    line = before + 1
    try:
        for row in reader:
            rows.append((line, tuple(row)))
            line = before + reader.line_num + 1
    except csv.Error as error:
        message = f'is not CSV from this line on: {error}. Is a quote (") missing, or one too many?'
        raise FaultyFileError([Fault(path, line, message)]) from None
    if not rows:
        raise FaultyFileError(
            [Fault(path, line, f"is empty; expected a line of column names, `{expected}` among them")]
        )
    line_end = LINE_END.search(text)
    return Sheet(
        path, tuple(rows), delimiter, line_end[0] if line_end is not None else "\n", mark, text, separator_line
    )


def _separator_line(path: Path, text: str) -> tuple[str, str]:
    """Return the first line of a file if it is `sep=;`, and the delimiter that it names. Raises FaultyFileError."""
    match = _SEPARATOR_LINE.match(text)
    if match is None:
        return "", ""
    delimiter = match["delimiter"]
    if delimiter and delimiter not in tuple(DELIMITERS):
        expected = "expected a comma, a semicolon, a tab or |"
        raise FaultyFileError([Fault(path, 1, f"names the delimiter {delimiter[:40]!r}; {expected}")])
    return match[0], delimiter


def _delimiter(header: str, known: Callable[[Sequence[str]], int]) -> str:
    """Return the character between the columns. In countries with decimal commas, spreadsheets write semicolons."""

    def score(delimiter: str) -> tuple[int, int]:
        names = next(csv.reader([header], delimiter=delimiter, skipinitialspace=True), [])
        return known(names), header.count(delimiter)

    return max(",;\t", key=score)
