"""Sights of an exercise: what a course shows a learner of their own program, after grading.

A course declares them in `tests/hidden/KEY/sights.py`:

    def pooled(submission):
        \"\"\"Return a digit, and what is left of it.\"\"\"
        ...
        return Maps(maps=(...))

    SIGHTS = (Sight("A digit, pooled by your function", pooled, "windows"),)

A sight gets the fixtures that it names, as a check does, and what the checks of its criterion have kept. The process
with the learner's networks has ended by then, so a sight of a network uses what was kept. It costs no points: an answer
that cannot be shown loses the picture, and nothing else.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from grader.checks.assertions import CheckFailedError
from grader.checks.seen import Body, Seen
from grader.course import Exercise, import_file
from grader.sandbox import Reason

if TYPE_CHECKING:
    from grader.checks.session import CheckSession, RunContext

LOST_CHARACTERS = 200
TITLE = "Pictures"  # if it is not known of what
UNWRITTEN = (Reason.NOT_IMPLEMENTED, Reason.NOT_DEFINED, Reason.SKIPPED)


@dataclass(frozen=True)
class Told:
    """Something to look at, with a sentence about it."""

    said: str
    body: Body | None


@dataclass(frozen=True)
class Sight:
    """One thing to look at: its title, the function that makes it, and the criterion with whose checks it is made."""

    title: str
    make: Callable[..., Body | Told]
    criterion: str


def sights_of(exercise: Exercise) -> tuple[Sight, ...]:
    """Return the sights of an exercise; empty if its rubric names none. Raises CourseError."""
    if not exercise.rubric.sees:
        return ()
    return tuple(import_file(exercise.sights_path, "sights").SIGHTS)


def seen_of(
    session: CheckSession, context: RunContext, exercise: Exercise, criteria: Collection[str]
) -> tuple[Seen, ...]:
    """Return what can be seen of a submission with the sights of these criteria.

    If the course's file with them is broken, only the pictures are lost.
    """
    try:
        sights = [one for one in sights_of(exercise) if one.criterion in criteria]
    except Exception as error:
        return (Seen(title=TITLE, lost=f"the sights of the course cannot be read ({type(error).__name__})"),)
    return tuple(seen_by(session, context, sights))


def seen_by(session: CheckSession, context: RunContext, sights: Collection[Sight]) -> Iterator[Seen]:
    """Yield what can be seen of a submission. A function that is not written yet shows nothing."""
    for sight in sights:
        try:
            with np.errstate(all="ignore"):
                names = inspect.signature(sight.make).parameters
                made = sight.make(**session.arguments(context, sight.make.__name__, names))
                told = made if isinstance(made, Told) else Told("", made)
                yield Seen(title=sight.title, said=told.said, body=told.body)
        except CheckFailedError as error:
            if error.reason not in UNWRITTEN:
                yield Seen(title=sight.title, lost=_first_line(str(error)))
        except MemoryError:
            yield Seen(title=sight.title, lost="there was not enough memory for it")
        except Exception as error:  # an answer may have any form, and a broken picture must cost nothing
            yield Seen(title=sight.title, lost=f"this answer cannot be drawn ({type(error).__name__})")


def no_pictures(error: Exception) -> Seen:
    """Return that the pictures are missing, because the grader failed while it looked at a submission."""
    return Seen(title=TITLE, lost=f"the grader failed while it made them ({type(error).__name__})")


def _first_line(text: str) -> str:
    return text.partition("\n")[0][:LOST_CHARACTERS]
