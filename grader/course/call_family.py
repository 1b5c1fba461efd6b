"""A family of calls of one function: the plainest call, and what may vary from there."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any


def _always(*arguments: Any) -> bool:
    return True


@dataclass(frozen=True)
class Aspect:
    """One way in which a call differs from the plainest one.

    `words` end the sentence "It is wrong if ...": "the stride is larger than 1". `settings` are passed to `make` of the
    family, so two aspects with different settings can be combined.
    """

    words: str
    settings: Mapping[str, Any] = field(hash=False)


@dataclass(frozen=True)
class CallFamily:
    """The calls with which a function is explored.

    `make(rng, **settings)` returns the arguments of a call by position, drawn from `rng`. Without settings it is the
    plainest valid call: everything that an aspect can turn on is off, the arrays are small, and their numbers are small
    distinct integers without ties, so that a learner can follow the call by hand.

    `valid(*arguments)` says whether a call is one that the stub describes. It is asked before a learner's function is
    called with arguments that were made smaller.
    """

    make: Callable[..., tuple[Any, ...]]
    aspects: tuple[Aspect, ...] = ()
    valid: Callable[..., bool] = _always
