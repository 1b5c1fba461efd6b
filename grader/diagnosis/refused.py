"""Name what is wrong with the exceptions that a random function must raise."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.diagnosis.experiment import Measured
from grader.diagnosis.facets import draws_as

if TYPE_CHECKING:
    from collections.abc import Mapping

    from grader.diagnosis.random_functions import RandomFunction


def refusal_of(function: RandomFunction, theirs: Mapping[int, Measured], *, alone: bool) -> int | None:
    """Return the misconception whose exceptions are those of a function, in all situations that must raise.

    Unless the function is right `alone` but for its exceptions, they must show that the learner meant to refuse
    something. Many learners leave out the refusal altogether, and then NumPy or a division by zero may raise for some
    of the arguments: that says nothing about what the learner believes.
    """
    numbers = [i for i, right in function.right.items() if right.form and i in theirs]
    if all(theirs[i].form == function.right[i].form for i in numbers):
        return None
    if not alone and not _is_meant(function, theirs, numbers):
        return None
    scores: dict[tuple[int, bool], set[int]] = {}
    for i in range(len(function.known.mistakes)):
        for place, program in enumerate(function.known.programs(i)):
            if function.measured(program, numbers[:1])[numbers[0]].form != theirs[numbers[0]].form:
                continue
            ours = function.measured(program, numbers)
            if all(ours[k].form == theirs[k].form for k in numbers):
                accepted = sum(draws_as(ours[k], theirs[k]) for k in numbers if not theirs[k].form)
                scores.setdefault((accepted, place == 0), set()).add(i)
    best = scores[max(scores)] if scores else set()
    return best.pop() if len(best) == 1 else None


def _is_meant(function: RandomFunction, theirs: Mapping[int, Measured], numbers: list[int]) -> bool:
    """Return True if an exception is neither the right one nor one of programs without any refusal.

    The right one does not count: a root, a logarithm or a draw raises ValueError outside its range as well.
    """
    accidental = {(i, form) for i in numbers for form in ("", function.right[i].form)}
    for one in range(len(function.known.mistakes)):
        programs = [function.measured(program, numbers) for program in function.known.programs(one)]
        if not any(ours.form for ours in programs[0].values()):
            accidental |= {(i, ours[i].form) for ours in programs for i in numbers}
    return any((i, theirs[i].form) not in accidental for i in numbers)
