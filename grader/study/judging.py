"""Judge typed answers, and explain wrong ones.

Words are compared by their stems, so that fine-tune and fine-tuning are the same. A word that is neither accepted nor a
typing mistake may still be right: then `Judged.unknown` is true, and the learner, who sees our answer, decides.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from grader.study.number import UnreadableError, numbers_in
from grader.study.question_bank import Asking
from grader.study.questions import Choice, Distractor, Match, Numeric, Option, Order, Several, Short

NEAR = 0.005  # a wrong number is recognised if it is rounded to three digits
ARTICLES = {"a", "an", "the"}
SLIP = 0.9  # similarity of a word with a typing mistake: one wrong letter in ten


@dataclass(frozen=True)
class Judged:
    """The judgement of an answer. `why` explains the given answer, if it is a known wrong one.

    `unknown` is true for words that are not accepted, but may mean the same.
    """

    right: bool
    shown: str
    why: str
    because: str
    misconceptions: tuple[str, ...] = ()
    unknown: bool = False


def judge(asking: Asking, typed: str) -> Judged:
    """Return the judgement of a typed answer. Raises UnreadableError."""
    question = asking.question
    if isinstance(question, Choice):
        return _judge_choice(question, asking.options[_index(typed, len(asking.options))])
    if isinstance(question, Several):
        return _judge_several(question, [asking.options[i] for i in _indices(typed, len(asking.options))])
    if isinstance(question, Numeric):
        return _judge_number(question, numbers_in(typed))
    if isinstance(question, Short):
        return _judge_short(question, typed)
    places = _indices(typed, len(asking.options))
    if len(places) != len(asking.options) or len(set(places)) != len(places):
        count = len(asking.options)
        raise UnreadableError(f"Type {count} different numbers, such as {' '.join(map(str, range(1, count + 1)))}.")
    given = [asking.options[i] for i in places]
    return _judge_match(question, given) if isinstance(question, Match) else _judge_order(question, given)


def _judge_choice(question: Choice, given: str) -> Judged:
    wrong = question.distractor(given)
    if wrong is None:
        return Judged(True, question.right, "", question.because)
    return Judged(False, question.right, wrong.because, question.because, _named([wrong]))


def _judge_several(question: Several, given: Sequence[str]) -> Judged:
    missed = [one for one in question.options if (one.answer in given) != one.right]
    shown = "; ".join(one.answer for one in question.options if one.right)
    why = " ".join(f'"{one.answer}" is {"" if one.right else "not "}right. {one.because}' for one in missed)
    chosen = [one for one in missed if not one.right]
    return Judged(not missed, shown, why, question.because, _named(chosen))


def _judge_number(question: Numeric, values: Sequence[float]) -> Judged:
    limit = max(question.tolerance, 1e-9 * abs(question.right))
    if any(abs(value - question.right) <= limit for value in values):
        return Judged(True, f"{question.right:,}", "", question.because)
    known = [
        (abs(value - one.answer), place)
        for place, one in enumerate(question.wrong)
        for value in values
        if isinstance(one.answer, int | float) and abs(value - one.answer) <= NEAR * abs(one.answer)
    ]
    nearest = [question.wrong[min(known)[1]]] if known else []
    why = nearest[0].because if nearest else ""
    return Judged(False, f"{question.right:,}", why, question.because, _named(nearest))


def _judge_short(question: Short, typed: str) -> Judged:
    """Return the judgement of a word or two. A typing mistake counts as right."""
    given, known = _stems(typed), [_stems(one) for one in question.right]
    if not given:
        raise UnreadableError("Type a word or two.")
    right = given in known or bool(difflib.get_close_matches(given, known, 1, SLIP))
    return Judged(right, question.right[0], "", question.because, unknown=not right)


def _judge_match(question: Match, given: Sequence[str]) -> Judged:
    shown = "; ".join(f"{left}: {right}" for left, right in question.pairs.items())
    wrong = [left for (left, right), one in zip(question.pairs.items(), given, strict=True) if one != right]
    why = f"Look again at {' and at '.join(wrong)}." if wrong else ""
    return Judged(not wrong, shown, why, question.because)


def _judge_order(question: Order, given: Sequence[str]) -> Judged:
    shown = "; ".join(f"{number}. {step}" for number, step in enumerate(question.steps, 1))
    place = next((i for i, (one, right) in enumerate(zip(given, question.steps, strict=True)) if one != right), None)
    if place is None:
        return Judged(True, shown, "", question.because)
    before = f"After {question.steps[place - 1]}" if place else "At first"
    return Judged(False, shown, f"{before} comes {question.steps[place]}, not {given[place]}.", question.because)


def _named(wrong: Sequence[Distractor | Option]) -> tuple[str, ...]:
    return tuple(one.misconception for one in wrong if one.misconception)


def _index(typed: str, count: int) -> int:
    text = typed.strip().lower().rstrip(".)")
    place = int(text) - 1 if text.isdecimal() and len(text) < 3 else ord(text) - ord("a") if len(text) == 1 else -1
    if not 0 <= place < count:
        raise UnreadableError(f"Type a number from 1 to {count}.")
    return place


def _indices(typed: str, count: int) -> list[int]:
    text = typed.strip()
    parts = re.split(r"[\s,;]+", text) if re.search(r"[\s,;]", text) else list(text)
    return [_index(part, count) for part in parts if part]


def _stems(text: str) -> str:
    """Return the stems of the words, without articles, spaces and hyphens.

    >>> _stems("The fine-tuning") == _stems("fine tune"), _stems("overfitted!") == _stems("over-fit")
    (True, True)
    """
    words = [word for word in re.findall(r"\w+", text.lower()) if word not in ARTICLES]
    return "".join(_stemmer().stemWords(words))


@cache
def _stemmer() -> Any:
    import snowballstemmer

    return snowballstemmer.stemmer("english")
