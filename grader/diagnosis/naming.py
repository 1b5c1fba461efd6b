"""Decide which misconceptions of the best hypotheses can be named: a wrong name is worse than none.

A misconception is named if enough numbers speak for it and no plain item speaks against it. A mixed item may have a
second cause, so it does not count against it. If several hypotheses are equally good, only what they have in common is
named.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from grader.course import Misconception
from grader.diagnosis.answers import Failed
from grader.diagnosis.exploration import PLAIN, Item, agree, wrong_in
from grader.diagnosis.programs import RIGHT, Mix
from grader.diagnosis.search import Search

FEWEST_CALLS, FEWEST_NUMBERS = 2, 6  # that must speak for a misconception
FEWEST_SHARE = 0.5  # of the plain items that a misconception changes must be explained by it
FEWEST_EXPLAINED = 0.6  # of the wrong plain items of the same results must be explained, or of all if none is plain
FEWEST_OWN = 0.75  # of the exceptions, if no value speaks for a misconception: no other one may raise them
OWN_EXCEPTION = 3  # numbers that an exception counts for if no other misconception raises it


@dataclass(frozen=True)
class Named:
    """The misconceptions that can be named, and the program of them alone.

    `complete` is True if this program explains all items.
    """

    misconceptions: tuple[Misconception, ...]
    program: Mix
    complete: bool


def named_by(search: Search) -> Named:
    """Return what the best hypotheses of a search have in common, as far as there is evidence for it."""
    best, ties = search.best()
    if not ties:
        return Named((), RIGHT, complete=False)
    proven = [_proven(search, mix) for mix in ties]
    common = set.intersection(*(set(one) for one in proven))
    kept = tuple(number for number in ties[0] if search.programs.forms[number].misconception.id in common)
    named = tuple(one for one in search.programs.misconceptions_of(kept) if one.severity == "mistake")
    return Named(named, kept, complete=not best[0] and len(kept) == len(ties[0]) and bool(named))


def _proven(search: Search, mix: Mix) -> list[str]:
    """Return the ids of the misconceptions in a program that have enough evidence."""
    if len(mix) > 1 and not any(_explains_alone(search, number) for number in mix):
        return []  # together, two wrong formulas can give any third one
    while True:
        kept = tuple(number for number in mix if _is_proven(search, mix, number))
        if kept == mix:
            return [search.programs.forms[number].misconception.id for number in kept]
        mix = kept  # what is left must be proven without what was not


def _explains_alone(search: Search, number: int) -> bool:
    """Return True if a misconception explains a wrong item without the others."""
    return any(item.is_wrong and search.explains((number,), item) for item in search.items)


def _is_proven(search: Search, mix: Mix, number: int) -> bool:
    """Return True if enough items show one of the misconceptions of a program, and no plain one contradicts it."""
    without = tuple(one for one in mix if one != number)
    calls: set[bytes] = set()
    parts: set[int] = set()
    raised: list[tuple[Item, Failed]] = []
    shows_values = False
    numbers = plain = explained = 0
    for item in search.items:
        if search.alike(mix, without, item):
            continue
        ours, otherwise = search.says(mix, item), search.says(without, item)
        if agree(ours, otherwise):
            continue
        fits = search.explains(mix, item)
        parts.add(item.part)
        if item.level <= 1:
            plain += 1
            explained += fits
            if not fits and agree(otherwise, item.theirs):
                return False
        if fits and isinstance(ours, Failed):
            raised.append((item, ours))
        shows_values |= fits and not isinstance(ours, Failed)
        if len(calls) >= FEWEST_CALLS and numbers >= FEWEST_NUMBERS:
            continue
        if fits and (weight := _weight(search, item, number, ours, otherwise)):
            calls.add(item.call.fingerprint)
            numbers += weight
    if not shows_values and not _says_enough(search, mix, number, raised):
        return False
    if not parts - search.idle_parts and search.unexplained(mix):
        return False
    wrong = [item for item in search.items if item.is_wrong and item.part in parts]
    wrong = [item for item in wrong if item.level <= 1] or wrong
    left = [item for item in wrong if not search.explains(mix, item)]
    if len(wrong) - len(left) < FEWEST_EXPLAINED * len(wrong):
        return False
    if left and any(item.level == PLAIN for item in search.unexplained(mix) if item.is_wrong):
        return False  # what is wrong with the plainest call is wrong with the others, too
    enough = len(calls) >= FEWEST_CALLS and numbers >= FEWEST_NUMBERS
    return enough and explained >= FEWEST_SHARE * plain


def _says_enough(search: Search, mix: Mix, number: int, raised: Sequence[tuple[Item, Failed]]) -> bool:
    """Return True if exceptions alone speak for a misconception: they explain all items, or most are its own.

    Exceptions that others raise, too, say nothing by themselves. The calls in which they occur do.
    """
    unexplained, _, other_messages = search.cost(mix)
    own = sum(_is_own(search, item, number, ours) for item, ours in raised)
    return unexplained == other_messages == 0 or own >= FEWEST_OWN * len(raised)


def _weight(search: Search, item: Item, number: int, ours: object, otherwise: object) -> int:
    """Return how many numbers of an item speak for a misconception.

    An exception says something only if its message is the same, and if no other misconception raises it.
    """
    if not isinstance(ours, Failed):
        return max(wrong_in(ours, otherwise), 1)
    return OWN_EXCEPTION if _is_own(search, item, number, ours) else 0


def _is_own(search: Search, item: Item, number: int, ours: Failed) -> bool:
    """Return True if an exception is the learner's, and no other misconception raises it."""
    if not isinstance(item.theirs, Failed) or not ours.says_as(item.theirs):
        return False
    own = search.programs.forms[number].misconception.id
    for answer, forms in search.programs.classes(item.call, search.deadline, raised=True):
        others = any(search.programs.forms[one].misconception.id != own for one in forms)
        if others and isinstance(answer, Failed) and answer.says_as(ours):
            return False
    return True
