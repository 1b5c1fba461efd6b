"""The calls that the checks made, with the learner's answers."""

from __future__ import annotations

import copy
import hashlib
from collections import Counter, defaultdict
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from grader.sandbox.answer import Answer, Foreign, Returned, Stopped
from grader.sandbox.inside.generators import generator_with
from grader.sandbox.request import Caller, Request

ELEMENTS_LIMIT = 20_000  # of the arrays of one call; larger calls only measure time
CALLS_LIMIT = 400  # for one function
DRAWS_LIMIT = 8  # of the calls of one frame that differ only in their generators; a diagnosis needs four
ANSWER_LIMIT = 1024 * 1024
"""Bytes of one answer. The largest answer of a reference has 320,000; a larger one has another shape and is wrong."""
KEPT_LIMIT = 32 * 1024 * 1024
"""Bytes of all answers of a submission. Those of a reference have 820,000; no known mistake needs more."""
PART_BYTES = 200  # for each part of an answer, in addition to the numbers of an array


@dataclass(frozen=True)
class Recorded:
    """One call: its arguments before the call, and the answer of the learner's function.

    `after` says whether the answer includes the arguments after the call. `check` is the name of the check that asked.
    """

    arguments: tuple[Any, ...]
    named: Mapping[str, Any]
    answer: Answer
    elements: int
    after: bool = False
    check: str = ""

    @cached_property
    def is_random(self) -> bool:
        """Return True if the call was given a generator."""
        return any(isinstance(value, GeneratorState) for value in (*self.arguments, *self.named.values()))

    @cached_property
    def fingerprint(self) -> bytes:
        """Return a digest that is the same for the same question."""
        return question_digest("after" if self.after else "", self.arguments, self.named)


def question_digest(kind: str, arguments: Sequence[Any], named: Mapping[str, Any]) -> bytes:
    """Return a digest that is the same for the same question of this kind.

    Each text is preceded by its length, so that f(1, 11) and f(11, 1) are two questions.
    """
    digest = hashlib.blake2b(kind.encode(), digest_size=16)
    for value in (*arguments, *(part for pair in sorted(named.items()) for part in pair)):
        if isinstance(value, np.ndarray):
            digest.update(f"{value.dtype.str}{value.shape}".encode())
            digest.update(np.ascontiguousarray(value).tobytes())
        else:
            text = repr(value.bit_generator.state if isinstance(value, np.random.Generator) else value)
            digest.update(f"{len(text)}:{text}".encode())
    return digest.digest()


@dataclass(frozen=True)
class GeneratorState:
    """The state of a generator before a call."""

    state: Mapping[str, Any]

    def fresh(self) -> np.random.Generator:
        """Return a generator that draws the same."""
        return generator_with(self.state)


class Recorder(Caller):
    """Passes the requests of the checks to a submission, and keeps what a diagnosis can use.

    It replaces an answer that is too large by a Foreign value, which equals no answer of the reference.
    """

    def __init__(self, caller: Caller) -> None:
        self._caller = caller
        self._room = KEPT_LIMIT
        self._check = ""
        self.calls: dict[str, list[Recorded]] = defaultdict(list)

    def begin(self, check: str) -> None:
        """Record the following calls as those of a check."""
        self._check = check

    def ask(self, request: Request) -> Answer:
        """Pass a request to the submission and keep it, unless it is an operation on a model."""
        if request.is_operation:
            return self._caller.ask(request)
        asked = _as_it_is(request)
        answer = self._caller.ask(request)
        self._keep(asked, answer)
        return answer

    def ask_all(self, requests: Sequence[Request]) -> list[Answer]:
        """Pass several requests to the submission at once, and keep each of them."""
        asked = list(map(_as_it_is, requests))
        answers = self._caller.ask_all(requests)
        draws: Counter[Hashable] = Counter()
        for one, answer in zip(asked, answers, strict=False):
            kind = _but_for_generators(one)
            draws[kind] += 1
            if draws[kind] <= DRAWS_LIMIT:
                self._keep(one, answer)
        return answers

    def _keep(self, asked: Request, answer: Answer) -> None:
        calls = self.calls[asked.function]
        if len(calls) >= CALLS_LIMIT or isinstance(answer, Stopped):
            return
        given = (*asked.arguments, *asked.named.values()) if asked.named else asked.arguments
        elements = sum([value.size for value in given if isinstance(value, np.ndarray)])
        if elements <= ELEMENTS_LIMIT:
            kept = self._kept_of(answer)
            after = asked.return_arguments
            calls.append(Recorded(asked.arguments, asked.named, kept, elements, after, self._check))

    def _kept_of(self, answer: Answer) -> Answer:
        if not isinstance(answer, Returned):
            return answer
        needed = _bytes_of(answer.value) + _bytes_of(answer.arguments)
        if needed > min(ANSWER_LIMIT, self._room):
            return Returned(Foreign("an answer too large to be kept"), seconds=answer.seconds)
        self._room -= needed
        return answer


def _bytes_of(value: Any) -> int:
    """Return the approximate memory of a value."""
    if value is None:
        return PART_BYTES
    if isinstance(value, np.ndarray):
        return PART_BYTES + value.nbytes
    if isinstance(value, tuple | list):
        return PART_BYTES + sum([_bytes_of(part) for part in value])
    if isinstance(value, dict):
        return PART_BYTES + sum(PART_BYTES + len(key) + _bytes_of(part) for key, part in value.items())
    return PART_BYTES + (len(value) if isinstance(value, str) else 0)


def _as_it_is(request: Request) -> Request:
    """Return a request that does not change. A check never writes to its arrays, but its generators advance."""
    arguments = tuple([_kept(value) for value in request.arguments])
    named = {name: _kept(value) for name, value in request.named.items()} if request.named else request.named
    return Request(request.function, arguments, named, request.return_arguments)


def _but_for_generators(request: Request) -> Hashable:
    """Return a key that is the same for requests of one frame that differ only in their generators."""
    values = (*request.arguments, *request.named.values())
    return tuple([None if isinstance(one, GeneratorState) else id(one) for one in values])


def _kept(value: Any) -> Any:
    if isinstance(value, np.random.Generator):
        return GeneratorState(value.bit_generator.state)  # each access returns a new dict
    return copy.copy(value) if type(value) in (list, dict) else value
