"""One more hint each time, for what the last grading left open."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.cli.own_file import number_of
from grader.cli.suggested import suggested

if TYPE_CHECKING:
    from grader.course import Exercise

RUNGS = ("Question", "Smallest input to try", "The missing idea")
MISTAKE = "The likely mistake"  # the last hint of a misconception says what is wrong


def next_hint(exercise: Exercise) -> str:
    """Return the next hint, and remember that it was shown. Raises StateError and OutputError."""
    from grader.cli.open_hints import climb, open_items
    from grader.cli.output import OutputError

    number = number_of(exercise)
    items = open_items(exercise.key)
    if items is None:
        raise OutputError(f"Exercise {number} was not graded here yet. Begin with: {suggested(f'exercise {number}')}")
    if not items:
        return f"You lost no points in exercise {number}, so there is no hint to show."
    for item, told in items.items():
        ladder = _ladder(exercise, item)
        if ladder is not None and told < len(RUNGS):
            about, rungs = ladder
            climb(exercise.key, item)
            is_last = told == len(RUNGS) - 1
            heading = MISTAKE if is_last and item.startswith("misconception:") else RUNGS[told]
            return f"{about}\n{heading}: {rungs[told]}"
    return f"You have seen all the hints. Change your code, then run: {suggested(f'exercise {number}')}"


def _ladder(exercise: Exercise, item: str) -> tuple[str, tuple[str, str, str]] | None:
    """Return what an item is about and its three hints, None if the course no longer has it."""
    kind, _, name = item.partition(":")
    if kind == "criterion":
        for one in exercise.rubric.criteria:
            if one.id == name:
                return f"{one.function}: {one.title}", (one.hints.question, one.hints.probe, one.hints.name)
        return None
    for found in exercise.misconceptions():
        if found.id == name:
            about = f"{found.function}: consistent with a known misconception"
            return about, (found.question, found.probe, found.name)
    return None
