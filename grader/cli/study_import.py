"""`grade study import`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from grader.cli.options import course_option, debug_option

if TYPE_CHECKING:
    from grader.study.revlog import Answered

REVIEW_LOG = "id,cid,"
BINARY = (b"PK", b"SQLite format 3")


@click.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@course_option
@debug_option
def command(file: Path, course_root: Path | None) -> None:
    """Add what another machine has, or what you answered in Anki.

    FILE is what `grade study export` wrote, or a package or collection of Anki with cards that came from here. What is
    there already is kept once, so the same file can be imported twice.
    """
    from grader.cli.dialogue import counted, study_file
    from grader.cli.output import emit, shown_path
    from grader.study.journal import Journal, StudyError

    try:
        content = file.read_bytes()
        text = "" if content.startswith(BINARY) else content.decode()
    except (OSError, UnicodeDecodeError) as error:
        raise StudyError(f"{shown_path(file)} cannot be read: {error}.") from None
    if not content:
        raise StudyError(f"{shown_path(file)} is empty; expected a file that `grade study export` wrote.")
    if text and not text.startswith(("{", REVIEW_LOG)):
        raise StudyError(
            f"{shown_path(file)} is neither a study log nor a review log nor a package of Anki; expected what "
            "`grade study export` or Anki wrote."
        )
    with Journal(study_file()) as journal:
        if text.startswith("{"):
            reviews, events = journal.merge(text.splitlines())
            emit(f"{counted(reviews, 'answer')} and {counted(events, 'event')} were new here.\n")
            return
        keys = _keys(course_root)
        answers = [one for one in _answers(file, text, keys) if one.card_key in keys]
        new = journal.adopt(((one.card_key, one.ts_ms, one.rating, one.duration_ms) for one in answers), "card")
        emit(f"{counted(len(answers), 'answer')} to cards of this course, {new} of them new here.\n")


def _answers(file: Path, text: str, keys: set[str]) -> list[Answered]:
    from grader.study.anki_history import answers_in_anki
    from grader.study.revlog import from_revlog

    return from_revlog(text, keys) if text else answers_in_anki(file)


def _keys(course_root: Path | None) -> set[str]:
    """What cards are called in the record. Questions have no form in Anki and are judged here only."""
    from grader.course import builtin_course_root
    from grader.study.cards import read_decks

    return set(read_decks(course_root or builtin_course_root()))
