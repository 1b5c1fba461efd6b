"""Make further calls that separate misconceptions with equal answers to the calls of the checks."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from grader.diagnosis.answers import answer_of
from grader.diagnosis.recorder import Recorded
from grader.diagnosis.smaller import smaller
from grader.sandbox.answer import Returned

FURTHER_CALLS = 300  # that our own functions are asked
ELEMENTS = 600

_NOTHING_YET = Returned(None)


def further_calls(calls: Sequence[Recorded], reference: Callable[..., Any]) -> Iterator[Recorded]:
    """Yield calls made from those of the checks, small ones first: with an argument of another call, or smaller.

    A call is left out if the reference does not accept it. The calls have no answers yet.
    """
    made = 0
    seen: set[bytes] = {call.fingerprint for call in calls}
    for arguments in _changed(_bound(calls, reference)):
        call = Recorded(arguments, {}, _NOTHING_YET, 0)
        if call.fingerprint in seen:
            continue
        seen.add(call.fingerprint)
        made += 1
        if made > FURTHER_CALLS:
            return
        if isinstance(answer_of(reference, call), tuple):
            yield call


def _bound(calls: Sequence[Recorded], reference: Callable[..., Any]) -> list[tuple[Any, ...]]:
    """Return the arguments of the small calls, all of them by position."""
    signature = inspect.signature(reference)
    bound = []
    for call in sorted(calls, key=lambda one: one.elements):
        if call.elements <= ELEMENTS and not call.is_random:
            arguments = signature.bind(*call.arguments, **call.named)
            arguments.apply_defaults()
            bound.append(tuple(arguments.arguments.values()))
    return bound


def _changed(several: Sequence[tuple[Any, ...]]) -> Iterator[tuple[Any, ...]]:
    kinds = [_kinds(values) for values in zip(*several, strict=True)]
    for arguments in several:
        for place, values in enumerate(kinds):
            for value in values:
                yield (*arguments[:place], value, *arguments[place + 1 :])
    for arguments in several:
        for changed, _ in smaller(arguments, {}):
            yield changed


def _kinds(values: Sequence[Any]) -> list[Any]:
    """Return the different values without arrays: arrays must fit each other, so they are not exchanged."""
    plain = [value for value in values if not isinstance(value, np.ndarray) and not callable(value)]
    return list({repr(value): value for value in plain}.values())
