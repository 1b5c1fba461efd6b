"""Games: matching terms and definitions, sums against the clock, and the best result of each game."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice

from grader.study.learning_record import LearningRecord
from grader.study.lessons import Lesson, plain
from grader.study.question_bank import Asking, QuestionBank
from grader.study.questions import Draw, Generated, Numeric
from grader.study.record_entry import AGAIN, GOOD
from grader.study.schedule import QUIZ_PREFIX

PAIRS, SURPLUS = 5, 2
SEEN_AGAIN = 2  # terms of a game that were mistaken before, at most
SECONDS = 60.0
TRIED = 5  # draws that decide whether the answers of a generator are numbers
ROUNDED = 0.005  # three digits suffice
MISTAKEN, PLAYED = "mistaken", "played"
_CONCEPT = re.compile(r"^- \*\*(.+?)\*\*: (.+?)\s*$", re.MULTILINE)
_WORD = re.compile(r"[a-z]{4,}")
STEM = 5  # two words with the same first letters are one word: pool, pooling, pooled


@dataclass(frozen=True)
class Pairs:
    """Terms, and definitions in a different order, two of which belong to no term.

    `solution[i]` is the index of the definition of term i, and `owners[j]` the term of definition j.
    """

    terms: tuple[str, ...]
    definitions: tuple[str, ...]
    solution: tuple[int, ...]
    owners: tuple[str, ...]


def concepts_of(lessons: Iterable[Lesson]) -> dict[str, str]:
    """Return the key concepts of the lessons, without definitions that name their term."""
    found: dict[str, str] = {}
    for lesson in lessons:
        for term, definition in _CONCEPT.findall(lesson.sections["Key concepts"]):
            if not names_itself(term, definition):
                found.setdefault(plain(term), plain(definition))
    return found


def names_itself(term: str, definition: str) -> bool:
    """Return True if a definition contains a word of its term, even in a different form.

    >>> names_itself("Mask", "which units were kept; a mask of ones"), names_itself("Max pooling", "keeps the largest")
    (True, False)
    """
    words = _WORD.findall(definition.lower())
    return any(word[:STEM] == other[:STEM] for word in _WORD.findall(term.lower()) for other in words)


def pairs_of(concepts: Mapping[str, str], chance: random.Random, mistaken: Collection[str] = ()) -> Pairs:
    """Return some concepts to match. Two that were `mistaken` are among them, and two definitions are left over."""
    again = sorted(set(mistaken) & concepts.keys())
    first = chance.sample(again, min(len(again), SEEN_AGAIN))
    rest = [term for term in concepts if term not in first]
    drawn = [*first, *chance.sample(rest, min(len(rest), PAIRS + SURPLUS - len(first)))]
    terms = chance.sample(drawn[:PAIRS], len(drawn[:PAIRS]))
    owners = chance.sample(drawn, len(drawn))
    return Pairs(
        tuple(terms),
        tuple(concepts[term] for term in owners),
        tuple(owners.index(term) for term in terms),
        tuple(owners),
    )


def sums_of(bank: QuestionBank, chance: random.Random) -> Iterator[Asking]:
    """Yield generated questions whose answer is a number, without end. Yield nothing if the course has none."""
    generated = [(key, one) for key, one in bank.where.values() if isinstance(one, Generated)]
    numeric = [(key, one) for key, one in generated if _asks_for_a_number(bank, key, one)]
    while numeric:
        key, question = chance.choice(numeric)
        for draw in islice(bank.draws(key, question, chance), 1):
            yield Asking(_typed(question, draw), bank.topic_of(question.id), key)


def _asks_for_a_number(bank: QuestionBank, key: str, question: Generated) -> bool:
    tried = list(islice(bank.draws(key, question, random.Random(0)), TRIED))
    return bool(tried) and all(_is_number(draw.right) for draw in tried)


def _typed(question: Generated, draw: Draw) -> Numeric:
    """Return a draw as a question for a typed number. A number with digits after the point may be rounded."""
    right = float(draw.right) if isinstance(draw.right, str) else draw.right
    numbers = ((float(one.answer), one) for one in draw.wrong if _is_number(one.answer))
    wrong = [one.model_copy(update={"answer": number}) for number, one in numbers if number != right]
    nearest = min((abs(float(one.answer) - right) for one in wrong), default=abs(right))
    tolerance = 0.0 if isinstance(draw.right, int) else min(ROUNDED * abs(right), nearest / 3)
    return Numeric(
        id=question.id, kind="numeric", ask=draw.ask, right=right, because=draw.because, tolerance=tolerance,
        wrong=tuple(wrong),
    )  # fmt: skip


def _is_number(answer: str | float) -> bool:
    try:
        float(answer)
    except ValueError:
        return False
    return True


def keep_sum(
    record: LearningRecord, asking: Asking, typed: str, right: bool, named: Iterable[str], now_ms: int
) -> None:
    """Save the answer to a sum as that of a question, with the misconceptions that it shows."""
    key = QUIZ_PREFIX + asking.question.id
    record.add_review(key, GOOD if right else AGAIN, now_ms=now_ms, source="game", answer=typed.strip()[:200])
    record.add_events([("misconception", key, name) for name in named], now_ms)


def keep_mistakes(record: LearningRecord, game: str, mistakes: Iterable[tuple[str, str]]) -> None:
    """Save what was mistaken for what in a game."""
    record.add_events([(MISTAKEN, f"{game}/{right}", chosen) for right, chosen in mistakes])


def mistaken_in(record: LearningRecord, game: str) -> set[str]:
    """Return what was mistaken in the last game with mistakes."""
    events = [event for event in record.events(MISTAKEN) if event.card_key.startswith(f"{game}/")]
    return {event.card_key.removeprefix(f"{game}/") for event in events if event.ts_ms == events[-1].ts_ms}


def keep_result(
    record: LearningRecord, game: str, result: float, best_of: Callable[..., float] = min
) -> tuple[float, bool]:
    """Save a result, the shortest time or with `max` the highest count. Return the best one, and whether this is it."""
    before = best_result(record, game, best_of)
    record.add_event(PLAYED, game, f"{result:.3f}")
    return (result, True) if before is None or best_of(before, result) != before else (before, False)


def best_result(record: LearningRecord, game: str, best_of: Callable[..., float] = min) -> float | None:
    """Return the best result of a game, None if there is none."""
    return best_of((float(event.detail) for event in record.events(PLAYED) if event.card_key == game), default=None)
