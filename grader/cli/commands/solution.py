"""`grade solution`."""

from __future__ import annotations

from pathlib import Path

import click

from grader.cli.options import course_option, debug_option, exercise_argument
from grader.cli.suggested import suggested


@click.command("solution")
@exercise_argument()
@course_option
@debug_option
def command(name: str, course_root: Path) -> None:
    """Show our solution of an exercise, once you have all its points.

    EXERCISE is a number, a key or a name: 3, 03_dropout or dropout.
    """
    from grader.cli.output import OutputError, emit
    from grader.cli.own_file import number_of
    from grader.course import load_course
    from grader.report import points_text

    exercise = load_course(course_root).find(name)
    number, possible = number_of(exercise), exercise.rubric.possible
    if exercise.recorded_seed is not None or not exercise.reference_path.is_file():
        raise OutputError(f"This course contains no solution of exercise {number}. Ask your instructor.")
    best = _best_share(exercise.key)
    if best is None:
        raise OutputError(
            f"Exercise {number} was not graded here yet. The solution is shown once you have all "
            f"{points_text(possible)} points. Begin with: {suggested(f'exercise {number}')}"
        )
    if best < 1:
        raise OutputError(
            f"The solution is shown once you have all {points_text(possible)} points; your best result so far is "
            f"{points_text(best * possible)}. For a hint: {suggested(f'hint {number}')}"
        )
    emit(exercise.reference_path.read_text(encoding="utf-8"))


def _best_share(key: str) -> float | None:
    """Return the best share of the points of an exercise in the learner's record; None if it was never graded."""
    import json

    from grader.cli.dialogue import open_record

    with open_record() as record:
        scores = [json.loads(event.detail) for event in record.events("graded") if event.card_key == key]
    return max((one["earned"] / one["possible"] for one in scores if one["possible"]), default=None)
