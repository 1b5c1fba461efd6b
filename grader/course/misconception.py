"""A named misunderstanding and the wrong program that it leads to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal


@dataclass(frozen=True)
class Misconception:
    """A belief, the variant of the reference that it produces, and the ladder of hints that leads out of it.

    `variant` is a `functools.partial` over one parametrised wrong implementation, so that two misconceptions of the
    same function compose: see :func:`both`. A `convention` is another school's choice; it informs and costs
    nothing.
    """

    id: str
    function: str
    belief: str
    question: str
    probe: str
    name: str
    variant: partial[Any]
    severity: Literal["mistake", "convention"] = "mistake"
    cards: tuple[str, ...] = ()


def both(first: Misconception, second: Misconception) -> Callable[..., Any] | None:
    """The program of a learner who holds two beliefs at once, or None where they cannot be held together.

    They can where both turn different switches of the same implementation.
    """
    if first.variant.func is not second.variant.func or first.variant.args or second.variant.args:
        return None
    if first.variant.keywords.keys() & second.variant.keywords.keys():
        return None
    return partial(first.variant.func, **first.variant.keywords, **second.variant.keywords)
