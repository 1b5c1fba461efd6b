"""`grade list`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from grader.cli.options import course_option, debug_option

if TYPE_CHECKING:
    from grader.course import Exercise, Fault


@click.command("list")
@course_option
@debug_option
def command(course_root: Path) -> None:
    """List the exercises, their points and their files."""
    from grader.cli.output import emit
    from grader.course import CourseError, load_course

    course = load_course(course_root)
    width = max(len(exercise.key) for exercise in course)
    faults: list[Fault] = []
    for exercise in course:
        try:
            emit(_entry(exercise, width))
        except CourseError as error:
            faults.extend(error.faults)
    if faults:
        raise CourseError(faults)


def _entry(exercise: Exercise, width: int) -> str:
    """Return two lines about an exercise: its title and points, and its file."""
    from grader.cli.output import shown_path

    rubric = exercise.rubric
    bonus = sum(criterion.points for criterion in rubric.criteria if criterion.bonus)
    points = f"{rubric.possible:g} points" + (f" + {bonus:g} bonus" if bonus else "")
    own = (Path("exercises", exercise.key, f"{rubric.module}.py"), Path(f"{rubric.module}.py"))
    file = next((path for path in own if path.is_file()), exercise.stub)
    return f"{exercise.key:<{width}}  {rubric.title}, {points}\n{'':<{width}}  {shown_path(file)}\n"
