"""The calls that the checks made, with the learner's answers."""

from __future__ import annotations

import copy
import hashlib
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.random.bit_generator import ISeedSequence

from grader.checks.submission import Caller
from grader.sandbox.answer import Answer, Foreign, Returned, Stopped

ELEMENTS_LIMIT = 20_000  # of the arrays of one call; what is larger is there to be timed
CALLS_LIMIT = 400  # for one function
ANSWER_LIMIT = 1024 * 1024
"""Bytes of one answer. The largest of our references has 320,000; a wrong one that is larger has another shape."""
KEPT_LIMIT = 32 * 1024 * 1024
"""Bytes of all answers of a submission. Those of our references have 820,000, and no known mistake has more."""
PART_BYTES = 200  # of a part of an answer that is no array, and of an array beside its numbers


@dataclass(frozen=True)
class Recorded:
    """One call: its arguments as they were, and what the learner's function made of them.

    `after` says whether it was asked what becomes of the arguments.
    """

    arguments: tuple[Any, ...]
    named: Mapping[str, Any]
    answer: Answer
    elements: int
    after: bool = False

    @cached_property
    def is_random(self) -> bool:
        """Whether it was given a generator."""
        return any(isinstance(value, Generator) for value in (*self.arguments, *self.named.values()))

    @cached_property
    def fingerprint(self) -> bytes:
        """The same for the same question."""
        digest = hashlib.blake2b(b"after" if self.after else b"", digest_size=16)
        for value in (*self.arguments, *(part for pair in sorted(self.named.items()) for part in pair)):
            if isinstance(value, np.ndarray):
                digest.update(f"{value.dtype.str}{value.shape}".encode())
                digest.update(np.ascontiguousarray(value).tobytes())
            else:
                digest.update(repr(value).encode())
        return digest.digest()


class _NoSeed(ISeedSequence):
    """A seed that costs nothing, where the state is set afterwards."""

    def generate_state(self, n_words: int, dtype: Any = np.uint32) -> Any:
        """As many words as are asked for."""
        return np.ones(n_words, dtype)


@dataclass(frozen=True)
class Generator:
    """A generator as it was when it was given away."""

    state: Mapping[str, Any]

    def fresh(self) -> np.random.Generator:
        """One that draws the same."""
        bits = getattr(np.random, self.state["bit_generator"])(_NoSeed())
        bits.state = self.state
        return np.random.Generator(bits)


class Recorder:
    """Stands between the checks and a submission, and keeps what a diagnosis can use.

    In the place of a larger answer stands one of no known form: it differs from every answer of ours, as the larger one
    did.
    """

    def __init__(self, caller: Caller) -> None:
        self._caller = caller
        self._room = KEPT_LIMIT
        self.calls: dict[str, list[Recorded]] = defaultdict(list)

    def call(
        self,
        function: str,
        arguments: tuple[Any, ...],
        named: Mapping[str, Any],
        *,
        return_arguments: bool = False,
        silently: bool = False,
    ) -> Answer:
        """Pass the call on. What is asked of a model is no call of a learner's function, and is not kept."""
        if function.startswith("@"):
            return self._caller.call(function, arguments, named, return_arguments=return_arguments, silently=silently)
        kept = [_kept(value) for value in arguments]
        kept_named = {name: _kept(value) for name, value in named.items()}
        answer = self._caller.call(function, arguments, named, return_arguments=return_arguments, silently=silently)
        elements = sum(value.size for value in (*kept, *kept_named.values()) if isinstance(value, np.ndarray))
        calls = self.calls[function]
        if elements <= ELEMENTS_LIMIT and len(calls) < CALLS_LIMIT and not isinstance(answer, Stopped):
            calls.append(Recorded(tuple(kept), kept_named, self._kept_of(answer), elements, return_arguments))
        return answer

    def _kept_of(self, answer: Answer) -> Answer:
        if not isinstance(answer, Returned):
            return answer
        needed = _bytes_of((answer.value, answer.arguments))
        if needed > min(ANSWER_LIMIT, self._room):
            return Returned(Foreign("an answer too large to be kept"), seconds=answer.seconds)
        self._room -= needed
        return answer


def _bytes_of(value: Any) -> int:
    """Return about how much memory a value holds."""
    if isinstance(value, np.ndarray):
        return PART_BYTES + value.nbytes
    if isinstance(value, list | tuple):
        return PART_BYTES + sum(map(_bytes_of, value))
    if isinstance(value, dict):
        return PART_BYTES + sum(PART_BYTES + len(key) + _bytes_of(part) for key, part in value.items())
    return PART_BYTES + (len(value) if isinstance(value, str) else 0)


def _kept(value: Any) -> Any:
    """The argument as it is now: arrays of a check are not written to, generators draw on."""
    if isinstance(value, np.random.Generator):
        return Generator(copy.deepcopy(value.bit_generator.state))
    return copy.copy(value) if isinstance(value, list | dict) else value
