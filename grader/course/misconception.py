"""A named misconception and the wrong programs that it leads to."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache, partial
from typing import Any, Literal

from grader.course.wrong_program import Patch

Form = partial[Any] | Patch
"""A wrong program: a switch of a parametrised wrong implementation, or a patch of a right program."""


SEAL = "~"  # the first character of a digest in place of a piece of a wrong program
KEY_BYTES = 12


@dataclass(frozen=True)
class Misconception:
    """A wrong idea of a learner, the wrong variant of the reference that follows from it, and three hints.

    `belief` says what the learner thinks. `variant` is the wrong program: a patch of a right one, or a
    `functools.partial` over one parametrised wrong implementation. Two misconceptions compose if their programs do. A
    `convention` is another valid choice; the learner reads about it and loses no points.

    `forms` are other programs of the same misconception: in another taste, or one that raises if `variant` gives a
    wrong shape. `elsewhere` holds its programs for other functions of the exercise. `criteria` names the
    criterion that the misconception is charged to, for each of its functions. `overwrites` says that the misconception
    is to write into an argument: it is named whatever is written, and explains nothing else.
    """

    id: str
    function: str
    belief: str
    question: str
    probe: str
    name: str
    variant: Form
    severity: Literal["mistake", "convention"] = "mistake"
    cards: tuple[str, ...] = ()
    forms: tuple[Form, ...] = ()
    elsewhere: Mapping[str, tuple[Form, ...]] = field(default_factory=dict, hash=False)
    criteria: Mapping[str, str] = field(default_factory=dict, hash=False)
    overwrites: bool = False

    def programs(self, function: str) -> tuple[Form, ...]:
        """Return the wrong programs of a function that follow from the misconception; empty if none does."""
        if function == self.function:
            return (self.variant, *self.forms)
        return self.elsewhere.get(function, ())


def form_key(form: Form) -> bytes:
    """Return a key of a wrong program: the same in every process, and the same for the sealed program."""
    plain = sealed(form)
    parts = (
        [repr(plain)] if isinstance(plain, Patch) else [plain.func.__name__, *map(repr, sorted(plain.keywords.items()))]
    )
    return hashlib.blake2b("\0".join(parts).encode(), digest_size=KEY_BYTES).digest()


def sealed(form: Form) -> Form:
    """Return a wrong program with a digest in place of each text: it cannot run, and `together` takes it as before."""
    if isinstance(form, Patch):
        edits = (edit if edit[0].startswith(SEAL) else (_seal(edit), "") for edit in form.edits)
        return Patch(form.taste, tuple(edits))
    return sealed_variant(_seal(form.func.__name__), {_seal(name): _seal(one) for name, one in form.keywords.items()})


def sealed_variant(name: str, switches: Mapping[str, str]) -> Form:
    """Return the sealed program of a parametrised wrong implementation, by the digests of its name and switches."""
    return partial(_sealed_function(name), **switches)


@cache
def _sealed_function(name: str) -> Callable[..., Any]:
    """Return one object for each name: `together` compares implementations by identity."""

    def unavailable(*arguments: Any, **switches: Any) -> Any:
        raise NotImplementedError("the text of this wrong program is not in the kit")

    unavailable.__name__ = name
    return unavailable


def _seal(value: Any) -> str:
    if isinstance(value, str) and value.startswith(SEAL):
        return value
    return SEAL + hashlib.blake2b(repr(value).encode(), digest_size=KEY_BYTES).hexdigest()


def together(first: Form, second: Form) -> Form | None:
    """Combine two wrong programs into that of a learner with both misconceptions; None if they cannot be combined."""
    if isinstance(first, Patch) and isinstance(second, Patch):
        return Patch(first.taste, first.edits + second.edits) if first.taste == second.taste else None
    if isinstance(first, Patch) or isinstance(second, Patch):
        return None
    if first.func is not second.func or first.args or second.args:
        return None
    one, other = first.keywords, second.keywords
    if any(one[name] != other[name] for name in one.keys() & other.keys()):
        return None
    if one.keys() <= other.keys() or other.keys() <= one.keys():
        return None
    return partial(first.func, **{**one, **other})
