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
from grader.sandbox.answer import Answer, Stopped

ELEMENTS_LIMIT = 20_000  # of the arrays of one call; what is larger is there to be timed
CALLS_LIMIT = 400  # for one function


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
    """Stands between the checks and a submission, and keeps what passes."""

    def __init__(self, caller: Caller) -> None:
        self._caller = caller
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
        """Pass the call on."""
        kept = [_kept(value) for value in arguments]
        kept_named = {name: _kept(value) for name, value in named.items()}
        answer = self._caller.call(function, arguments, named, return_arguments=return_arguments, silently=silently)
        elements = sum(value.size for value in (*kept, *kept_named.values()) if isinstance(value, np.ndarray))
        calls = self.calls[function]
        if elements <= ELEMENTS_LIMIT and len(calls) < CALLS_LIMIT and not isinstance(answer, Stopped):
            calls.append(Recorded(tuple(kept), kept_named, answer, elements, return_arguments))
        return answer


def _kept(value: Any) -> Any:
    """The argument as it is now: arrays of a check are not written to, generators draw on."""
    if isinstance(value, np.random.Generator):
        return Generator(copy.deepcopy(value.bit_generator.state))
    return value if isinstance(value, np.ndarray) else copy.copy(value)
