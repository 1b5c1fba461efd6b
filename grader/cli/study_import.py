"""`grade study import`."""

from __future__ import annotations

import codecs
from pathlib import Path
from typing import TYPE_CHECKING

import click

from grader.cli.options import course_option, debug_option

if TYPE_CHECKING:
    from grader.study.revlog import Answered

REVIEW_LOG = "id,cid,"
BINARY = (b"PK", b"SQLite format 3")
LARGEST_TEXT = 256 * 2**20  # ten years with 200 answers a day take 230 MiB as JSON


@click.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@course_option
@debug_option
def command(file: Path, course_root: Path | None) -> None:
    """Add what another machine has, or what you answered in Anki.

    FILE is what `grade study export` wrote, or a package or collection of Anki with cards that came from here. What is
    there already is kept once, so the same file can be imported twice.
    """
    from grader.cli.dialogue import counted, say_what_is_ahead, study_file
    from grader.cli.output import emit, shown_path
    from grader.study.journal import Journal
    from grader.study.record_file import StudyError

    try:
        text = _text(file)
    except (OSError, UnicodeDecodeError) as error:
        raise StudyError(f"{shown_path(file)} cannot be read: {error}.") from None
    if text is not None and not text.strip():
        raise StudyError(f"{shown_path(file)} is empty; expected a file that `grade study export` wrote.")
    if text is not None and not text.startswith(("{", REVIEW_LOG)):
        raise StudyError(
            f"{shown_path(file)} is neither a study log nor a review log nor a package of Anki; expected what "
            "`grade study export` or Anki wrote."
        )
    with Journal(study_file()) as journal:
        if text is not None and text.startswith("{"):
            reviews, events = journal.merge(text.split("\n"))
            emit(f"{counted(reviews, 'answer')} and {counted(events, 'event')} were new here.\n")
            say_what_is_ahead(journal)
            return
        keys = _keys(course_root)
        answers = [one for one in _answers(file, text, keys) if one.card_key in keys]
        new = journal.adopt(((one.card_key, one.ts_ms, one.rating, one.duration_ms) for one in answers), "card")
        emit(f"{counted(len(answers), 'answer')} to cards of this course, {new} of them new here.\n")
        say_what_is_ahead(journal)


def _text(file: Path) -> str | None:
    """Return the text of the file, None for a binary one. Raises OSError, UnicodeDecodeError and StudyError."""
    from grader.cli.output import shown_path
    from grader.study.record_file import StudyError

    if file.exists() and not file.is_file():  # a pipe or a device may never end
        raise StudyError(f"{shown_path(file)} is not an ordinary file; expected one that `grade study export` wrote.")
    with file.open("rb") as opened:
        content = opened.read(16)
        if content.startswith(BINARY):
            return None
        content += opened.read(LARGEST_TEXT)
    if len(content) > LARGEST_TEXT:
        raise StudyError(f"{shown_path(file)} is larger than {LARGEST_TEXT // 2**20} MiB, the limit for a study log.")
    encoding = "utf-16" if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else "utf-8"
    text = content.decode(encoding)  # PowerShell writes UTF-16 into a file
    return text.replace("\n\ufeff", "\n").lstrip("\ufeff \t\r\n")  # each of two files that were joined has its mark


def _answers(file: Path, text: str | None, keys: set[str]) -> list[Answered]:
    from grader.study.anki_history import answers_in_anki
    from grader.study.revlog import from_revlog

    return from_revlog(text, keys) if text is not None else answers_in_anki(file, keys)


def _keys(course_root: Path | None) -> set[str]:
    """What cards are called in the record. Questions have no form in Anki and are judged here only."""
    from grader.course import builtin_course_root
    from grader.study.cards import read_decks

    return set(read_decks(course_root or builtin_course_root()))
