"""`grade export`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import click

from grader.cli.options import course_option, debug_option

T = TypeVar("T")
TITLE = "Convolutional neural networks"  # of the course that comes with the package
FORMS = ("anki", "gift", "moodle-xml", "qti", "csv")


@click.command("export")
@click.argument("form", type=click.Choice(FORMS))
@click.option("--out", metavar="FILE", type=click.Path(path_type=Path), required=True, help="The file to write.")
@click.option("--topic", metavar="TOPIC", help="Only this one.")
@course_option
@debug_option
def command(form: str, out: Path, topic: str | None, course_root: Path | None) -> None:
    """Cards and questions for Anki, Moodle, Canvas or a spreadsheet.

    Cards go to anki and csv, questions to gift and moodle-xml (Moodle) and qti (Canvas). Of each generated question
    three variants are written.
    """
    from grader.cli.output import OutputError, check_writable, emit, shown_path
    from grader.course import builtin_course_root

    root = course_root or builtin_course_root()
    check_writable(out)
    try:
        title = TITLE if course_root is None else root.resolve().name
        export = _cards if form in ("anki", "csv") else _questions
        said = export(form, root, out, topic, title)
    except ImportError as error:
        raise OutputError(f"This needs {error.name}. Install it with: pip install 'cnn-grader[export]'") from None
    except OSError as error:
        raise OutputError(f"{shown_path(out)} cannot be written: {error.strerror or error}.") from None
    emit(f"{said} are in {shown_path(out)}\n")


def _cards(form: str, root: Path, out: Path, topic: str | None, title: str) -> str:
    from grader.cli.output import write_whole
    from grader.cli.topics import topic_named
    from grader.cli.user_state import record_path
    from grader.study.cards import read_decks

    decks = read_decks(root)
    wanted = topic_named(topic, {card.lesson: card.exercise for card in decks.values()})
    cards = {key: card for key, card in decks.items() if wanted in (None, card.lesson)}
    if form == "csv":
        from grader.study.exports.table import to_csv

        write_whole(out, to_csv(cards.values()))
    else:
        from grader.study.exports.anki import changes, write_anki
        from grader.study.learning_record import LearningRecord
        from grader.study.lessons import read_lessons

        with LearningRecord(record_path()) as record:
            changed = changes(record, cards)
        topics = {lesson.topic: lesson.title for lesson in read_lessons(root).values()}
        _whole(out, lambda path: write_anki(cards, path, changed, title, topics))
    return f"{len(cards)} cards"


def _questions(form: str, root: Path, out: Path, topic: str | None, title: str) -> str:
    from grader.cli.output import write_whole
    from grader.cli.topics import topic_named
    from grader.study.exports.items import items_of
    from grader.study.question_bank import QuestionBank

    bank = QuestionBank(root)
    wanted = topic_named(topic, {quiz.topic: key for key, quiz in bank.quizzes.items()})
    items = list(items_of(bank, (wanted,) if wanted else ()))
    if form == "qti":
        from grader.study.exports.qti import write_qti

        left_out = _whole(out, lambda path: write_qti(items, path, title))
        note = f" ({left_out} of matching and ordering have no form in QTI 1.2 and were left out)" if left_out else ""
        return f"{len(items) - left_out} questions{note}"
    if form == "gift":
        from grader.study.exports.gift import to_gift

        write_whole(out, to_gift(items))
    else:
        from grader.study.exports.moodle_xml import to_moodle_xml

        write_whole(out, to_moodle_xml(items))
    return f"{len(items)} questions"


def _whole(out: Path, write: Callable[[Path], T]) -> T:
    """What `write` makes of a path of its own, moved to `out` when it is complete."""
    import tempfile

    from grader.cli.output import write_whole

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, out.name)
        result = write(path)
        write_whole(out, path.read_bytes())
        return result
