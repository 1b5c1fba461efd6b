"""Try a table of the answers of one seed. It must pass no check with a different seed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from grader.authoring.trials import Trials
from grader.checks import Verdict, is_of_keras
from grader.course import Fault
from grader.diagnosis import question_digest
from grader.sandbox import Answer, Caller, Request, Returned


@dataclass
class Table:
    """The answers of one seed, by question.

    A model cannot be written down, so `builders` lists the functions whose result contains a part of Keras.
    """

    answers: dict[bytes, Answer] = field(default_factory=dict)
    builders: set[str] = field(default_factory=set)


class LearningCaller(Caller):
    """Asks the reference each question once and keeps the answers in a table."""

    def __init__(self, reference: Caller) -> None:
        self._reference = reference
        self.table = Table()

    def ask(self, request: Request) -> Answer:
        """Return the answer of the reference."""
        question = _question(request)
        known = self.table.answers.get(question)
        if known is not None:
            return known
        answer = self._reference.ask(request)
        if request.is_operation or (isinstance(answer, Returned) and _holds_model(answer.value)):
            self.table.builders.add(request.function)
        else:
            self.table.answers[question] = answer
        return answer


class MemoryCaller(Caller):
    """Answers from a table, or with None if the question is not in it. The reference builds models."""

    def __init__(self, reference: Caller, table: Table) -> None:
        self._reference = reference
        self._table = table
        self.askers: set[str] = set()
        """The titles of the checks that asked for more than models."""
        self._title = ""

    def begin(self, title: str) -> None:
        """Begin the next check."""
        self._title = title

    def ask(self, request: Request) -> Answer:
        """Return the answer in the table. The reference answers operations on models, which belong to the grader."""
        if request.is_operation or request.function in self._table.builders:
            return self._reference.ask(request)
        self.askers.add(self._title)
        return self._table.answers.get(_question(request), Returned(None, request.arguments))


def table_of(trials: Trials, seed: int) -> Table:
    """Return all questions of a seed, with the answers of the reference."""
    learning = LearningCaller(trials.direct({}))
    trials.altered(learning, seed, trials.session.checks)
    return learning.table


def passed_from_memory(trials: Trials, seeds: Sequence[int]) -> Iterator[Fault]:
    """Report each check that passes with the answers of a different seed, without a reason in its marker."""
    first, *others = seeds if len(seeds) > 1 else (*seeds, seeds[0] + 1)
    table = table_of(trials, first)
    passing: set[str] = set()
    for seed in others:
        memory = MemoryCaller(trials.direct({}), table)
        for outcome in trials.altered(memory, seed, trials.session.checks, memory.begin):
            check = outcome.name
            asks_for_models = bool(table.builders) and outcome.title not in memory.askers
            if outcome.verdict is not Verdict.PASSED or check in passing or asks_for_models:
                continue
            passing.add(check)
            if not trials.excused(check, "fixed"):
                message = (
                    f'the check "{check}" asks the same with seed {seed} as with seed {first}; '
                    'draw its inputs from `rng`, or add fixed="why they are the same" to its marker'
                )
                yield trials.fault_of_check(check, message)
    yield from trials.idle_reasons("fixed", passing, "why all seeds ask the same, but its inputs differ")


def _question(request: Request) -> bytes:
    """Return a digest of a question. Equal questions have the same digest, and so have equal models in them."""
    return question_digest(
        f"{request.function} {request.return_arguments}",
        [_portrait(value) for value in request.arguments],
        {name: _portrait(value) for name, value in request.named.items()},
    )


def _portrait(value: Any) -> Any:
    """Return the structure and the weights of a model; return any other value unchanged."""
    if not is_of_keras(value) or not hasattr(value, "get_weights"):
        return value
    return value.to_json(), [weight.tobytes() for weight in value.get_weights()]


def _holds_model(value: Any) -> bool:
    """Return True if a value is a part of Keras or contains one."""
    if isinstance(value, dict):
        return any(map(_holds_model, value.values()))
    if isinstance(value, tuple | list):
        return any(map(_holds_model, value))
    return is_of_keras(value)
