"""A further call, on which beliefs part that the calls of the checks do not tell from each other."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from grader.diagnosis.answers import answer_of
from grader.diagnosis.recorder import Recorded
from grader.sandbox.answer import Returned

FURTHER_CALLS = 200  # are looked at, by our own functions
ELEMENTS = 600

_NOTHING_YET = Returned(None)


def further_calls(calls: Sequence[Recorded], reference: Callable[..., Any]) -> Iterator[Recorded]:
    """Calls made from those of the checks, the small ones first: each with an argument that another call has.

    What the reference does not accept is no call. None of them has an answer yet.
    """
    signature = inspect.signature(reference)
    bound = []
    for call in sorted(calls, key=lambda one: one.elements):
        if call.elements <= ELEMENTS and not call.is_random:
            arguments = signature.bind(*call.arguments, **call.named)
            arguments.apply_defaults()
            bound.append(dict(arguments.arguments))
    others = {name: _kinds(one[name] for one in bound) for name in signature.parameters}
    seen = {repr(_shown(one)) for one in bound}
    made = 0
    for one in bound:
        for name, values in others.items():
            for value in values:
                arguments_now = {**one, name: value}
                if repr(_shown(arguments_now)) in seen:
                    continue
                seen.add(repr(_shown(arguments_now)))
                made += 1
                if made > FURTHER_CALLS:
                    return
                call = Recorded(tuple(arguments_now.values()), {}, _NOTHING_YET, 0)
                if isinstance(answer_of(reference, call), tuple):
                    yield call


def _kinds(values: Iterator[Any]) -> list[Any]:
    """The different values that are no arrays; arrays must fit each other and stay where they are."""
    kinds: dict[str, Any] = {}
    for value in values:
        if not isinstance(value, np.ndarray) and not callable(value):
            kinds.setdefault(repr(value), value)
    return list(kinds.values())


def _shown(arguments: dict[str, Any]) -> list[Any]:
    return [(name, value.shape if isinstance(value, np.ndarray) else value) for name, value in arguments.items()]
