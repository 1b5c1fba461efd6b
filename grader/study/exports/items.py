"""The questions that are exported: all fixed ones, and some variants of each generated one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from grader.study.question_bank import Asking, QuestionBank
from grader.study.questions import Generated

VARIANTS = 3


@dataclass(frozen=True)
class Item:
    """One question with a unique name. `title` is the title of its topic."""

    name: str
    topic: str
    title: str
    asking: Asking


def items_of(bank: QuestionBank, topics: tuple[str, ...] = (), variants: int = VARIANTS) -> Iterator[Item]:
    """Yield all questions of these topics, or of all topics. No two variants have the same parameters."""
    for question_id, (key, question) in bank.where.items():
        quiz = bank.quizzes[key]
        if topics and quiz.topic not in topics:
            continue
        if not isinstance(question, Generated):
            yield Item(question_id, quiz.topic, quiz.title, bank.ask(question_id, 0))
            continue
        seen: list[object] = []
        for variant in range(variants * 20):
            asking = bank.ask(question_id, variant)
            if asking.parameters not in seen:
                seen.append(asking.parameters)
                yield Item(f"{question_id}-{len(seen)}", quiz.topic, quiz.title, asking)
            if len(seen) == variants:
                break
