"""A named misunderstanding and the wrong program that it leads to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Literal


@dataclass(frozen=True)
class Misconception:
    """A belief, the variant of the reference that it produces, and the ladder of hints that leads out of it.

    `variant` is a `functools.partial` over one parametrised wrong implementation, so that two misconceptions of the
    same function compose: see :func:`both`. A `convention` is another school's choice; it informs and costs
    nothing.

    `forms` are other programs of the same belief: one that raises where `variant` gives a wrong shape, say.
    `elsewhere` is what the belief makes of other functions of the exercise, by their names.
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
    forms: tuple[partial[Any], ...] = ()
    elsewhere: Mapping[str, tuple[partial[Any], ...]] = field(default_factory=dict, hash=False)

    def programs(self, function: str) -> tuple[partial[Any], ...]:
        """The programs that the belief leads to in a function; none where it has nothing to do with it."""
        if function == self.function:
            return (self.variant, *self.forms)
        return self.elsewhere.get(function, ())


def both(first: Misconception, second: Misconception) -> partial[Any] | None:
    """The program of a learner who holds two beliefs at once, or None where they cannot be held together."""
    return together(first.variant, second.variant)


def together(first: partial[Any], second: partial[Any]) -> partial[Any] | None:
    """Two wrong programs in one: where each turns a switch of the same implementation that the other leaves alone."""
    if first.func is not second.func or first.args or second.args:
        return None
    one, other = first.keywords, second.keywords
    if any(one[name] != other[name] for name in one.keys() & other.keys()):
        return None
    if one.keys() <= other.keys() or other.keys() <= one.keys():
        return None
    return partial(first.func, **{**one, **other})
