"""Is what there is to study fit to be used? Everything that is wrong with it, each fault with its file."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from pathlib import Path

from grader.course.fault import CourseError, Fault
from grader.study.cards import Card, read_decks
from grader.study.lesson import read_lessons
from grader.study.questions import Choice, Distractor, Generated, Numeric, Option, QuestionBank, Several

DRAWN = 20


def examine_study(
    root: Path, checks: Mapping[str, Collection[str]], misconceptions: Collection[str]
) -> Iterator[Fault]:
    """What is wrong with the lessons, cards and questions of the course at `root`.

    `checks` are the names of hidden checks by exercise, `misconceptions` all ids.
    """
    try:
        lessons, cards, bank = read_lessons(root), read_decks(root), QuestionBank(root)
    except CourseError as error:
        yield from error.faults
        return
    known = {name for names in checks.values() for name in names}
    for card in cards.values():
        path = root / "exercises" / card.exercise / "cards.md"
        yield from _card_faults(card, path, known, misconceptions, lessons)
    for question_id, (key, question) in bank.where.items():
        path = root / "exercises" / key / "quiz.yaml"
        for name in question.checks:
            if name not in known:
                yield Fault(path, 1, f'the question "{question_id}" names the check "{name}", which no exercise has')
        yield from _unknown(_beliefs(bank, question_id), misconceptions, path, question_id)
        if isinstance(question, Generated):
            try:
                for variant in range(DRAWN):
                    asked = bank.ask(question_id, variant)
                    yield from _unknown(_of(asked.question), misconceptions, path, question_id)
            except CourseError as error:
                yield from error.faults


def _card_faults(
    card: Card, path: Path, checks: Collection[str], misconceptions: Collection[str], lessons: Collection[str]
) -> Iterator[Fault]:
    if card.lesson and card.lesson not in lessons:
        yield Fault(
            path, card.line, f'the card "{card.id}" belongs to the lesson "{card.lesson}", which does not exist'
        )
    for name in card.tests:
        if name not in checks:
            yield Fault(path, card.line, f'the card "{card.id}" names the check "{name}", which no exercise has')
    yield from _unknown(card.misconceptions, misconceptions, path, card.id, card.line)


def _beliefs(bank: QuestionBank, question_id: str) -> tuple[str, ...]:
    question = bank.where[question_id][1]
    return () if isinstance(question, Generated) else _of(question)


def _of(question: object) -> tuple[str, ...]:
    parts: tuple[Distractor | Option, ...] = ()
    if isinstance(question, Choice | Numeric):
        parts = question.wrong
    elif isinstance(question, Several):
        parts = question.options
    return tuple(one.misconception for one in parts if one.misconception)


def _unknown(names: Collection[str], known: Collection[str], path: Path, where: str, line: int = 1) -> Iterator[Fault]:
    for name in names:
        if name not in known:
            yield Fault(path, line, f'"{where}" names the misconception "{name}", which does not exist')
