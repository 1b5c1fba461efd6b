"""`grade` without arguments: the commands, where the learner stands, and what to type next."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from grader.cli.output import columns, emit
from grader.text import counted

if TYPE_CHECKING:
    from grader.course import Course
    from grader.study.overview import Overview


def welcome(ctx: click.Context) -> None:
    """Write the commands in groups, and then three lines about the learner.

    The commands fill more than a small screen, so what to type next comes last.
    """
    from grader.cli.options import NO_COURSE
    from grader.course import load_course, usual_course_root

    formatter = click.HelpFormatter(width=columns())
    assert isinstance(ctx.command, click.Group)
    ctx.command.format_commands(ctx, formatter)
    emit(f"{formatter.getvalue()}\n")
    root = usual_course_root()
    for line in _standing_lines(load_course(root)) if (root / "rubrics").is_dir() else [NO_COURSE]:
        emit(f"{line}\n")


def _standing_lines(course: Course) -> list[str]:
    from grader.cli.standing import standing_in
    from grader.cli.suggested import suggested

    standing = standing_in(course.root)
    if standing.overview is None:
        why = [standing.trouble] if standing.trouble else []
        return [*why, "Next: grade list"]
    return [
        *_points_lines(course, standing.overview),
        f"Next: {standing.overview.step.sentence(suggested)}. Or type: grade next",
    ]


def _points_lines(course: Course, overview: Overview) -> list[str]:
    """Return a line about all exercises, and one about the first that is open."""
    from grader.cli.own_file import number_of
    from grader.cli.standing import is_complete
    from grader.report import points_text

    progress = {one.exercise: one for one in overview.exercises}
    earned = sum(one.earned or 0 for one in overview.exercises)
    possible = sum(exercise.rubric.possible for exercise in course)
    complete = sum(is_complete(one) for one in overview.exercises)
    due = sum(one.due for one in overview.exercises)
    cards = counted(due, "card is due", "cards are due")
    first = (
        f"{points_text(earned)} / {points_text(possible)} points. {complete} of {len(progress)} exercises complete. "
        f"{cards}."
    )
    opened = next((exercise for exercise in course if not is_complete(progress.get(exercise.key))), None)
    if opened is None:
        return [first, "All exercises are complete."]
    one = progress.get(opened.key)
    points = points_text(opened.rubric.possible)
    score = f"{points_text(one.earned)} / {points} points" if one and one.earned is not None else f"{points} points"
    return [first, f"Open: exercise {number_of(opened)}, {opened.rubric.title} ({score})."]
