"""The reference as the checks see it: it answers the same question once, and keeps the answer for the next submission.

The checks of a batch draw the same numbers for every submission, so they ask the reference the same questions again.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable
from functools import lru_cache, wraps
from types import ModuleType
from typing import Any

import numpy as np

ANSWERS_LIMIT = 4096  # for one function; the checks of an exercise ask for fewer than 300 with one seed
BYTES_LIMIT = 64 * 1024
"""Bytes of the arrays of a question that is kept. Larger questions are about time, with numbers of their own."""


class Remembered:
    """A module whose `functions` keep their answers. Whatever else it defines is passed on."""

    def __init__(self, module: ModuleType, functions: Collection[str]) -> None:
        self._module = module
        for name in functions:
            if hasattr(module, name):
                setattr(self, name, remembering(getattr(module, name)))

    def __getattr__(self, name: str) -> Any:
        """Return an attribute of the module, if it has not been set here."""
        return getattr(self._module, name)


class _Question:
    """The arguments of a call, equal to others with the same types, shapes and numbers."""

    def __init__(self, key: Hashable, arguments: tuple[Any, ...], named: dict[str, Any]) -> None:
        self.key = key
        self.arguments = arguments
        self.named = named

    def __hash__(self) -> int:
        return hash(self.key)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Question) and self.key == other.key


def remembering(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return a function that computes each answer once and returns a new copy of it each time.

    A call with anything but numbers, texts and arrays of numbers is never kept: a generator, for example, must advance.
    Its attribute `recomputing` is the function that keeps nothing.

    >>> asked = []
    >>> double = remembering(lambda x: asked.append(1) or 2 * x)
    >>> double(np.ones(2)), double(np.ones(2)), len(asked)
    (array([2., 2.]), array([2., 2.]), 1)
    """

    @lru_cache(maxsize=ANSWERS_LIMIT)
    def kept(question: _Question) -> Any:
        return function(*question.arguments, **question.named)

    @wraps(function)
    def asked(*arguments: Any, **named: Any) -> Any:
        try:
            key = _key_of(arguments), tuple([(name, _key_of(value)) for name, value in named.items()])
        except _NotKeptError:
            return function(*arguments, **named)
        return _copied(kept(_Question(key, arguments, named)))

    vars(asked)["recomputing"] = function
    return asked


class _NotKeptError(Exception):
    """An argument has no key."""


def _key_of(value: Any) -> Hashable:
    """Return a key that only equal arguments have. Raises _NotKeptError."""
    if type(value) is np.ndarray and value.dtype.kind in "biufc" and value.nbytes <= BYTES_LIMIT:
        return value.dtype.str, value.shape, value.strides, value.tobytes()
    if value is None or isinstance(value, bool | int | float | str | np.number):
        return type(value), repr(value)  # by its text: 0.0 and -0.0 are equal numbers
    if isinstance(value, tuple | list):
        return type(value), tuple([_key_of(part) for part in value])
    raise _NotKeptError


def _copied(answer: Any) -> Any:
    """Return an answer with arrays of its own: a check may write to them."""
    if isinstance(answer, np.ndarray):
        return answer.copy(order="K")
    if isinstance(answer, tuple):
        return tuple([_copied(part) for part in answer])
    return answer
