"""Find the faults of lessons, cards, questions and pictures, each with its file and line."""

from __future__ import annotations

import random
from collections.abc import Callable, Collection, Iterator, Mapping
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

from grader.course import CourseError, Fault, did_you_mean
from grader.course.yaml_file import line_of, tree_of
from grader.study.cards import Card, read_decks
from grader.study.drawn_card import drawn_card
from grader.study.giveaways import FEWEST_FORMS, few_forms, giveaways, one_sided
from grader.study.lesson_pictures import picture_faults
from grader.study.lessons import read_lessons
from grader.study.pictures import picture_of, read_gallery
from grader.study.question_bank import QuestionBank
from grader.study.questions import Distractor, Generated, Option, Question, Quiz, wrong_answers
from grader.study.unit import read_unit
from grader.text import counted

DRAWN = 20
FILES = ("lesson.md", "cards.md", "quiz.yaml")


def examine_study(
    root: Path, checks: Mapping[str, Collection[str]], misconceptions: Collection[str]
) -> Iterator[Fault]:
    """Yield the faults of the lessons, cards, questions and pictures of the course at `root`.

    `checks` are the names of hidden checks by exercise, `misconceptions` all ids of the catalogue.
    """
    yield from _misnamed(root)
    unreadable = [
        fault for read in (read_unit, read_lessons, read_decks, QuestionBank) for fault in _faults_of(read, root)
    ]
    if unreadable:
        yield from unreadable
        return
    lessons, cards, bank = read_lessons(root), read_decks(root), QuestionBank(root)
    names = sorted({name for of_exercise in checks.values() for name in of_exercise})
    for card in cards.values():
        path = _deck_of(root, card)
        yield from _card_faults(card, path, names, misconceptions, lessons)
        yield from _split_faults(card, path, cards)
        yield from _faults_of(partial(drawn_card, card, variant=0), root)
    yield from _one_sided_faults(root, cards)
    used: set[str] = set()
    for key in bank.quizzes:
        quiz_check = _QuizCheck(bank, key, names, {*misconceptions, *bank.misconceptions})
        yield from quiz_check.faults()
        used |= quiz_check.used
    for key, quiz in bank.quizzes.items():
        yield from _misconception_faults(quiz, bank.path_of(key), misconceptions, used)
    yield from _answers_that_show_themselves(bank)
    for lesson in lessons.values():
        yield from picture_faults(root, lesson.exercise)
    yield from _game_faults(root)


def _deck_of(root: Path, card: Card) -> Path:
    return root / "exercises" / card.exercise / "cards.md"


def _split_faults(card: Card, path: Path, cards: Mapping[str, Card]) -> Iterator[Fault]:
    """Yield a fault if a card was split off a card that does not exist."""
    if card.split and card.split not in cards:
        hint = did_you_mean(card.split, list(cards))
        yield Fault(path, card.line, f'the card "{card.id}" was split off "{card.split}", which does not exist.{hint}')


def _one_sided_faults(root: Path, cards: Mapping[str, Card]) -> Iterator[Fault]:
    """Yield a fault if nearly all cards that are answered by yes or no have the same answer."""
    found = one_sided(cards)
    if found is not None:
        word, share, alike = found
        names = ", ".join(card.id for card in alike)
        message = (
            f'{share.numerator} of {share.denominator} cards that ask for yes or no have the answer "{word}": {names}. '
            "Ask some the other way round"
        )
        yield Fault(_deck_of(root, alike[0]), alike[0].line, message)


def _answers_that_show_themselves(bank: QuestionBank) -> Iterator[Fault]:
    """Yield the questions whose right answer shows itself, and those for a word that accept few forms of it."""
    try:
        found = list(giveaways(bank))
    except CourseError:
        return  # the check of each question says why it cannot be made
    for name, message in found:
        key = bank.where[name][0] if name else next(iter(bank.quizzes))
        yield Fault(bank.path_of(key), bank.line_of_question(name) if name else 1, message)
    for name, count in few_forms(bank):
        message = (
            f'"{name}" accepts {counted(count, "form")} of its answer; expected at least {FEWEST_FORMS}. '
            "Add other words for it"
        )
        yield Fault(bank.path_of(bank.where[name][0]), bank.line_of_question(name), message)


def _misnamed(root: Path) -> Iterator[Fault]:
    """Yield files whose names differ slightly from `lesson.md`, `cards.md` or `quiz.yaml`: they are never read."""
    for path in sorted((root / "exercises").glob("[0-9][0-9]_*/*")):
        meant = path.name.lower().replace(".yml", ".yaml").replace(".markdown", ".md")
        if path.is_file() and path.name != meant and meant in FILES:
            yield Fault(path, 1, f"is not read; rename it to {meant}")


def _faults_of(read: Callable[[Path], object], root: Path) -> tuple[Fault, ...]:
    try:
        read(root)
    except CourseError as error:
        return error.faults
    return ()


def _card_faults(
    card: Card, path: Path, checks: Collection[str], misconceptions: Collection[str], lessons: Collection[str]
) -> Iterator[Fault]:
    """Yield the names in a card that do not exist.

    A card may name only misconceptions of the catalogue: it comes forward when one of them shows in a program.
    """

    def fault(what: str, name: str, lack: str, known: Collection[str]) -> Fault:
        return Fault(path, card.line, f'the card "{card.id}" {what} "{name}", {lack}.{did_you_mean(name, list(known))}')

    if card.topic and card.topic not in lessons:
        yield fault("has the topic", card.topic, "which no lesson has", lessons)
    for name in card.checks:
        if name not in checks:
            yield fault("names the check", name, "which no exercise has", checks)
    for name in card.misconceptions:
        if name not in misconceptions:
            yield fault("names the misconception", name, "which does not exist", misconceptions)


class _QuizCheck:
    """The check of one quiz. After `faults` has run, `used` holds the misconceptions that its wrong answers name."""

    def __init__(self, bank: QuestionBank, key: str, checks: Collection[str], misconceptions: Collection[str]) -> None:
        self.used: set[str] = set()
        self._bank = bank
        self._key = key
        self._path = bank.path_of(key)
        self._tree: Any = tree_of(self._path)
        self._checks = checks
        self._misconceptions = misconceptions

    def faults(self) -> Iterator[Fault]:
        """Yield the faults of the quiz."""
        for number, question in enumerate(self._bank.quizzes[self._key].questions):
            for place, name in enumerate(question.checks):
                if name not in self._checks:
                    hint = did_you_mean(name, list(self._checks))
                    message = f'the question "{question.id}" names the check "{name}", which no exercise has.{hint}'
                    yield Fault(self._path, self._line(number, "checks", place), message)
            if isinstance(question, Generated):
                yield from self._generated(question)
            for location, wrong in wrong_answers(question):
                yield from self._unnamed(question, wrong, self._path, self._line(number, *location))

    def _generated(self, question: Generated) -> Iterator[Fault]:
        """Yield the faults of some variants, each fault once."""
        try:
            draws = list(islice(self._bank.draws(self._key, question, random.Random(0)), DRAWN))
            self._bank.ask(question.id, 0)
        except CourseError as error:
            yield from error.faults
            return
        path, line = self._bank.place_of_generator(self._key, question)
        faults = [fault for draw in draws for one in draw.wrong for fault in self._unnamed(question, one, path, line)]
        yield from dict.fromkeys(faults)

    def _unnamed(self, question: Question, wrong: Distractor | Option, path: Path, line: int) -> Iterator[Fault]:
        """Yield a fault if a wrong answer names no misconception, or one that is not defined."""
        name = wrong.misconception
        if name is None:
            yield Fault(
                path,
                line,
                f'a wrong answer of "{question.id}" has no misconception (its reason: {wrong.because}); expected an id '
                "of the catalogue or of `misconceptions` in this file",
            )
            return
        self.used.add(name)
        if name not in self._misconceptions:
            hint = did_you_mean(name, list(self._misconceptions))
            yield Fault(path, line, f'"{question.id}" names the misconception "{name}", which does not exist.{hint}')

    def _line(self, number: int, *location: int | str) -> int:
        return line_of(self._tree, ("questions", number, *location))


def _misconception_faults(
    quiz: Quiz, path: Path, misconceptions: Collection[str], used: Collection[str]
) -> Iterator[Fault]:
    """Yield misconceptions of a quiz that no wrong answer names, and those that are in the catalogue too."""
    tree = tree_of(path)
    for name in quiz.misconceptions:
        line = line_of(tree, ("misconceptions", name))
        if name in misconceptions:
            message = f'the misconception "{name}" is in the catalogue too. Delete it here, or choose another id'
            yield Fault(path, line, message)
        if name not in used:
            yield Fault(path, line, f'no wrong answer names the misconception "{name}"')


def _game_faults(root: Path) -> Iterator[Fault]:
    """Yield a fault if a picture of the game cannot be drawn or cannot be told from others."""
    try:
        gallery = read_gallery(root)
        if gallery is not None:
            for seed in range(DRAWN):
                picture_of(gallery, random.Random(seed))
    except CourseError as error:
        yield from error.faults
