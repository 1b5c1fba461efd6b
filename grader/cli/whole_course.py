"""Refuse a kit where a command needs the solutions, or another seed than that of the kit."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from grader.grade_error import GradeError

if TYPE_CHECKING:
    from grader.course import Course


class NotAWholeCourseError(GradeError):
    """A command needs a whole course, and the folder is a kit."""


def load_whole_course(course_root: Path) -> Course:
    """Return the course in a folder. Raises CourseError, and NotAWholeCourseError for a kit."""
    from grader.course import load_course

    refuse_kit(course_root)
    return load_course(course_root)


def refuse_kit(course_root: Path) -> None:
    """Raise NotAWholeCourseError if the folder is a kit."""
    from grader.cli.output import shown_path
    from grader.course.root import is_kit

    if is_kit(course_root):
        raise NotAWholeCourseError(
            f"{shown_path(course_root)} is a practice kit: it has recorded answers for one seed, and no solutions. "
            "This command needs the whole course. Leave the folder of the kit, or name a course with --course."
        )
