"""A lesson as steps: texts to read, questions to answer with a guess, results to predict, and practice.

A dialogue stops at each turn that ends in a question which the other speaker answers. Practice comes after each part:
some cards of the topic and a question.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from grader.study.lessons import Lesson
from grader.study.worked_example import Statement, split_example

TEACHER, STUDENT = "Teacher", "Student"
READ_ALOUD = "Listen"  # its chunks repeat the summary for the ear
PRACTISED = ("Dialogue", "Summary", "Worked example")  # a part ends with each of these sections
LEVELS_READ = ("medium", "detailed")  # the recap of the dialogue says what the basic summary says
_SPEAKER = re.compile(r"\*\*(\w+):\*\* ")


@dataclass(frozen=True)
class Read:
    """A text in Markdown."""

    key: str
    part: int
    text: str


@dataclass(frozen=True)
class Guess:
    """Turns of a dialogue. The last one ends in a question of `asker`, which the next step answers."""

    key: str
    part: int
    text: str
    asker: str

    @property
    def question(self) -> str:
        """Return the turn with the question."""
        return self.text.rpartition("\n\n")[2]


@dataclass(frozen=True)
class Predict:
    """Statements of a worked example. The last one, number `last` of the example, prints something."""

    key: str
    part: int
    statements: tuple[Statement, ...]
    last: int


@dataclass(frozen=True)
class Practice:
    """The cards to ask after a part, by id. A question follows them."""

    key: str
    part: int
    cards: tuple[str, ...]


Step = Read | Guess | Predict | Practice


def steps_of(lesson: Lesson, cards: Sequence[str]) -> tuple[Step, ...]:
    """Return the steps of a lesson. `cards` are the ids of its topic's cards, in the order of the deck.

    The keys of the steps are unique in the course. They name section and place, so that a changed text keeps them.
    """
    parts = _parts(lesson)
    steps: list[Step] = []
    begin = 0
    for number, headings in enumerate(parts, 1):
        for heading in headings:
            steps += _section(lesson, heading, number)
        end = len(cards) * number // len(parts)
        steps.append(Practice(f"{lesson.topic}/practice/{number}", number, tuple(cards[begin:end])))
        begin = end
    return tuple(steps)


def _parts(lesson: Lesson) -> list[list[str]]:
    """Return the headings of the sections, grouped in parts, in the order of the file."""
    parts: list[list[str]] = [[]]
    for heading in lesson.sections:
        if heading != READ_ALOUD:
            parts[-1].append(heading)
        if heading in PRACTISED:
            parts.append([])
    return [one for one in parts if one]


def _section(lesson: Lesson, heading: str, part: int) -> Iterator[Step]:
    text, begin = lesson.sections[heading], f"{lesson.topic}/{heading.lower().replace(' ', '-')}"
    if heading == "Dialogue":
        yield from _dialogue(text, begin, part)
    elif heading == "Summary":
        for level in LEVELS_READ:
            yield Read(f"{begin}/{level}", part, f"## {heading}, {level}\n\n{lesson.summaries[level]}")
    elif heading == "Worked example":
        yield from _example(text, f"## {heading}", begin, part)
    else:
        yield Read(begin, part, f"## {heading}\n\n{text}")


def _dialogue(text: str, begin: str, part: int) -> Iterator[Step]:
    turns = text.split("\n\n")
    waiting: list[str] = []
    for place, turn in enumerate(turns):
        waiting.append(turn)
        if _stops(turns, place):
            yield Guess(f"{begin}/{place + 1}", part, "\n\n".join(waiting), _speaker(turn))
            waiting = []
    if waiting:
        yield Read(f"{begin}/end", part, "\n\n".join(waiting))


def _stops(turns: Sequence[str], place: int) -> bool:
    """Return True if the learner answers this turn: always a teacher's question, and a student's if a teacher answers.

    A student's question is not a stop if it is itself the answer to a question, or if it begins the dialogue.
    """
    if place + 1 == len(turns) or not _asks(turns[place]):
        return False
    if _speaker(turns[place]) == TEACHER:
        return _speaker(turns[place + 1]) == STUDENT
    after_question = place == 0 or (_speaker(turns[place - 1]) == TEACHER and _asks(turns[place - 1]))
    answered = _speaker(turns[place + 1]) == TEACHER and not _asks(turns[place + 1])
    return _speaker(turns[place]) == STUDENT and answered and not after_question


def _asks(turn: str) -> bool:
    return turn.rstrip().endswith("?")


def _speaker(turn: str) -> str:
    found = _SPEAKER.match(turn)
    return found[1] if found else ""


def _example(text: str, title: str, begin: str, part: int) -> Iterator[Step]:
    before, statements, after = split_example(text)
    yield Read(f"{begin}/before", part, f"{title}\n\n{before}".strip())
    first = 0
    for place, one in enumerate(statements):
        if one.prints:
            yield Predict(f"{begin}/{place + 1}", part, statements[first : place + 1], place)
            first = place + 1
    if after:
        yield Read(f"{begin}/after", part, after)
