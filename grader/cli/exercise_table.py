"""The exercises of a course with their scores, as `grade list` and `grade watch` show them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.cli.output import shown_path
from grader.cli.own_file import own_file, start_command
from grader.cli.standing import standing_in
from grader.text import counted

if TYPE_CHECKING:
    from grader.course import Course, Exercise, Fault
    from grader.study.overview import ExerciseProgress


def exercise_table(course: Course) -> tuple[list[str], list[Fault]]:
    """Return two lines for each exercise, and the faults of the rubrics that cannot be read."""
    from grader.course import CourseError

    standing = standing_in(course.root)
    progress = standing.by_exercise
    width = max(len(exercise.key) for exercise in course)
    lines: list[str] = []
    faults: list[Fault] = []
    for exercise in course:
        try:
            lines += _entry(exercise, width, progress.get(exercise.key))
        except CourseError as error:
            faults.extend(error.faults)
    if standing.trouble and not faults:
        lines.append(f"Scores and cards are not shown. {standing.trouble}")
    return lines, faults


def _entry(exercise: Exercise, width: int, progress: ExerciseProgress | None) -> list[str]:
    """Return two lines about an exercise: its title and points, and its file."""
    from grader.report import points_text

    rubric = exercise.rubric
    points = f"{rubric.possible:g} points"
    if progress is not None and progress.earned is not None:
        points = f"{points_text(progress.earned)} / {points}"
    bonus = sum(criterion.points for criterion in rubric.criteria if criterion.bonus)
    parts = [rubric.title, points + (f" + {bonus:g} bonus" if bonus else "")]
    if progress is not None and progress.due:
        parts.append(counted(progress.due, "card due", "cards due"))
    file = own_file(exercise)
    place = shown_path(file) if file is not None else f"not here; to begin: {start_command(exercise)}"
    return [f"{exercise.key:<{width}}  {', '.join(parts)}", f"{'':<{width}}  {place}"]
