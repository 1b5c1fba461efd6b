"""`grade study`: the commands for the learner's record."""

from __future__ import annotations

import codecs
import math
from pathlib import Path
from typing import TYPE_CHECKING

import click

from grader.cli.group import LazyGroup
from grader.cli.options import READ, WRITTEN, course_option, debug_option, overwrite_option
from grader.cli.suggested import suggested

if TYPE_CHECKING:
    from grader.study.revlog import Answered

FORECAST_DAYS = 14
REVIEW_LOG = "id,cid,"
BINARY = (b"PK", b"SQLite format 3")
LARGEST_TEXT = 256 * 2**20  # ten years with 200 answers a day take 230 MiB as JSON


COMMANDS = {
    "stats": ("grader.cli.commands.study:stats", "Show what is due and how much you remember."),
    "export": ("grader.cli.commands.study:export", "Write all your answers, as JSON lines or as Anki's review log."),
    "import": ("grader.cli.commands.study:import_", "Add your answers from another machine or from Anki."),
    "forget": ("grader.cli.commands.study:forget", "Delete your record."),
}


@click.command("study", cls=LazyGroup, table=COMMANDS)
def command() -> None:
    """Show, copy or delete your learning record.

    It stays on this machine and is never sent anywhere.
    """


@click.command("stats")
@course_option
@debug_option
def stats(course_root: Path) -> None:
    """Show what is due and how much you remember."""
    from grader.cli.dialogue import Dialogue, open_record
    from grader.study.cards import read_decks
    from grader.study.clock import milliseconds_now
    from grader.study.learning_statistics import statistics_of
    from grader.study.question_bank import QuestionBank
    from grader.study.schedule import QUIZ_PREFIX, at
    from grader.text import counted

    dialogue = Dialogue()
    with open_record() as record:
        cards = read_decks(course_root)
        asked = [QUIZ_PREFIX + name for name in QuestionBank(course_root).where]
        numbers = statistics_of(record, at(milliseconds_now()), FORECAST_DAYS, cards, asked)
    if not numbers.reviews:
        due = f" Due today: {counted(numbers.cards_due, 'card')}." if numbers.cards_due else ""
        dialogue.say(f"You have not answered anything yet.{due} Begin with: {suggested('flashcards')}")
        return
    dialogue.say(
        f"{counted(numbers.reviews, 'answer')} on {counted(numbers.days, 'day')}: {counted(numbers.cards, 'card')} and "
        f"{counted(numbers.questions, 'question')} seen."
    )
    questions = numbers.forecast[0] - numbers.cards_due
    dialogue.say(f"Due today: {counted(numbers.cards_due, 'card')}, {counted(questions, 'question')}.")
    if numbers.retention is not None:
        times = counted(numbers.spaced, "time")
        dialogue.say(f"Remembered when asked again after a day or more: {numbers.retention:.0%} of {times}.")
    if numbers.recall is not None:
        dialogue.say(f"Estimated share that you remember now: {numbers.recall:.0%}.")
    if numbers.sure:
        dialogue.say(f"Right when sure: {numbers.sure_right / numbers.sure:.0%} of {counted(numbers.sure, 'time')}.")
    dialogue.say(f"Due in the next {FORECAST_DAYS} days:")
    most, longest = max(numbers.forecast) or 1, min(30, dialogue.width - 16)
    for day, count in enumerate(numbers.forecast):
        bar = ("█" if dialogue.blocks else "#") * math.ceil(longest * count / most)
        dialogue.picture(f"  {'today' if day == 0 else f'+{day}':>5} {bar}{' ' if bar else ''}{count}")
    for key, lapses in numbers.leeches:
        name = key.removeprefix(QUIZ_PREFIX)
        dialogue.say(f"Forgotten {lapses} times: {name}. Read its lesson again.")


@click.command("export")
@click.option("--out", metavar="FILE", type=WRITTEN, help="The file to write. [default: stdout]")
@click.option(
    "--form",
    type=click.Choice(["jsonl", "revlog"]),
    default="jsonl",
    show_default=True,
    help="jsonl: everything, as JSON lines. revlog: the answers, as Anki's review log in CSV.",
)
@overwrite_option
@debug_option
def export(out: Path | None, form: str, overwrite: bool) -> None:
    """Write all your answers, as JSON lines or as Anki's review log."""
    from grader.cli.destination import destination_of
    from grader.cli.output import emit, shown_path
    from grader.cli.user_state import record_path
    from grader.study.learning_record import LearningRecord
    from grader.study.revlog import to_revlog

    suffixes = (".csv",) if form == "revlog" else (".jsonl", ".json")
    destination = destination_of(out, f"in the form {form}", suffixes, overwrite, [record_path()])
    with LearningRecord(record_path()) as record:
        if form == "revlog":
            text = to_revlog(record.reviews_as_written())
        else:
            text = "".join(f"{line}\n" for line in record.dump())
    if destination is None:
        emit(text.encode())  # `grade study import` reads UTF-8, whatever the terminal's encoding
        return
    destination.write(text)
    emit(f"Your record is in {shown_path(destination.path)}\n")


@click.command("import")
@click.argument("file", type=READ)
@course_option
@debug_option
def import_(file: Path, course_root: Path) -> None:
    """Add your answers from another machine or from Anki.

    FILE is what `grade study export` wrote, or an Anki package or collection with cards that `grade export anki`
    wrote. Answers that are already here are not added again, so you can import the same file twice.
    """
    from grader.cli.dialogue import say_what_is_ahead
    from grader.cli.output import emit, shown_path
    from grader.cli.user_state import record_path
    from grader.study.learning_record import LearningRecord
    from grader.study.record_file import StudyError
    from grader.text import counted

    text = _text_of(file)
    if text is not None and not text.strip():
        raise StudyError(f"{shown_path(file)} is empty; expected a file that `grade study export` wrote.")
    if text is not None and not text.startswith(("{", REVIEW_LOG)):
        raise StudyError(
            f"{shown_path(file)} is not a study log, a review log or an Anki package; expected a file that "
            "`grade study export` or Anki wrote."
        )
    with LearningRecord(record_path()) as record:
        if text is not None and text.startswith("{"):
            reviews, events = record.merge(text.split("\n"))
            emit(f"Added {counted(reviews, 'answer')} and {counted(events, 'event')}.\n")
        else:
            keys = _card_ids(course_root)
            answers = [one for one in _answers(file, text, keys) if one.card_key in keys]
            new = record.adopt(((one.card_key, one.ts_ms, one.rating, one.duration_ms) for one in answers), "card")
            emit(f"Added {new:,} of {counted(len(answers), 'answer')} to cards of this course.\n")
        say_what_is_ahead(record)


@click.command("forget")
@click.option("--all", "everything", is_flag=True, help="Delete all answers, scores, hints and best times.")
@debug_option
def forget(everything: bool) -> None:
    """Delete your record.

    This cannot be undone. `grade study export` makes a copy.
    """
    from grader.cli.known_courses import forget_courses, refuse_others_courses
    from grader.cli.open_hints import forget_hints, refuse_others_hints
    from grader.cli.output import emit
    from grader.cli.report_page import forget_pages
    from grader.cli.user_state import record_path
    from grader.cli.written_files import forget_written, refuse_others_list
    from grader.study.record_file import forget, refuse_others

    if not everything:
        raise click.UsageError(
            "This deletes all answers, scores and best times for good. If you mean it: grade study forget --all"
        )
    refuse_others(record_path())
    refuse_others_hints()
    refuse_others_courses()
    refuse_others_list()
    deleted = [forget(record_path()), forget_hints(), forget_courses(), forget_written(), forget_pages()]
    emit("Everything is deleted.\n" if any(deleted) else "There was nothing to delete.\n")


def _text_of(file: Path) -> str | None:
    """Return the text of the file, None for a binary one. Raises StudyError."""
    from grader.cli.output import shown_path
    from grader.study.record_file import StudyError

    shown = shown_path(file)
    if not file.exists():
        raise StudyError(f"There is no file {shown}. Give the file that `grade study export` wrote.")
    if not file.is_file():  # a pipe or a device may never end
        raise StudyError(f"{shown} is not an ordinary file; expected one that `grade study export` wrote.")
    try:
        with file.open("rb") as opened:
            content = opened.read(16)
            if content.startswith(BINARY):
                return None
            content += opened.read(LARGEST_TEXT)
    except OSError as error:
        raise StudyError(f"{shown} cannot be read: {error.strerror or error}.") from None
    if len(content) > LARGEST_TEXT:
        raise StudyError(f"{shown} is larger than {LARGEST_TEXT // 2**20} MiB, the limit for a study log.")
    encoding = "utf-16" if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else "utf-8"
    try:
        text = content.decode(encoding)  # PowerShell writes UTF-16 into a file
    except UnicodeDecodeError as error:
        raise StudyError(
            f"{shown} cannot be read: its byte {error.start} is not {encoding.upper()}. Expected a file that "
            "`grade study export` wrote."
        ) from None
    return text.replace("\n\ufeff", "\n").lstrip("\ufeff \t\r\n")  # each of two files that were joined has its mark


def _answers(file: Path, text: str | None, keys: set[str]) -> list[Answered]:
    from grader.study.anki_history import answers_in_anki
    from grader.study.revlog import from_revlog

    return from_revlog(text, keys) if text is not None else answers_in_anki(file, keys)


def _card_ids(course_root: Path) -> set[str]:
    """Return the ids of the course's cards. Questions are not exported to Anki."""
    from grader.study.cards import read_decks

    return set(read_decks(course_root))
