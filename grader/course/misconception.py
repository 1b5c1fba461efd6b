"""A named misconception and the wrong programs that it leads to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Literal


@dataclass(frozen=True)
class Misconception:
    """A wrong idea of a learner, the wrong variant of the reference that follows from it, and three hints.

    `belief` says what the learner thinks. `variant` is a `functools.partial` over one parametrised wrong
    implementation, so that two misconceptions of the same function compose: see :func:`both`. A `convention` is another
    valid choice; the learner reads about it and loses no points.

    `forms` are other programs of the same misconception: for example one that raises if `variant` returns a wrong
    shape. `elsewhere` holds its programs for other functions of the exercise, by their names.
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
        """Return the wrong programs of a function that follow from the misconception; empty if none does."""
        if function == self.function:
            return (self.variant, *self.forms)
        return self.elsewhere.get(function, ())


def both(first: Misconception, second: Misconception) -> partial[Any] | None:
    """Return the program of a learner with two misconceptions at once; None if they cannot be combined."""
    return together(first.variant, second.variant)


def together(first: partial[Any], second: partial[Any]) -> partial[Any] | None:
    """Combine two wrong programs that set different switches of the same implementation; None if they do not."""
    if first.func is not second.func or first.args or second.args:
        return None
    one, other = first.keywords, second.keywords
    if any(one[name] != other[name] for name in one.keys() & other.keys()):
        return None
    if one.keys() <= other.keys() or other.keys() <= one.keys():
        return None
    return partial(first.func, **{**one, **other})
