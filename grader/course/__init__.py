"""Read a course as data: exercises, rubrics, misconceptions. Runs no learner's code.

Its names are imported at their first use: a flashcard session, for example, reads no rubric.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from grader.course.call_family import Aspect, CallFamily
    from grader.course.course import DEFAULT_SEED, Course, Exercise, import_file, load_course
    from grader.course.fault import CourseError, Fault, UnknownExerciseError, UnknownQuestionError, did_you_mean
    from grader.course.misconception import Form, Misconception, form_key
    from grader.course.root import builtin_course_root, usual_course_root
    from grader.course.rubric import Criterion, Hints, ResultSpec, Rubric, read_rubric
    from grader.course.wrong_program import Patch, PatchError, patch

__all__ = [
    "DEFAULT_SEED",
    "Aspect",
    "CallFamily",
    "Course",
    "CourseError",
    "Criterion",
    "Exercise",
    "Fault",
    "Form",
    "Hints",
    "Misconception",
    "Patch",
    "PatchError",
    "ResultSpec",
    "Rubric",
    "UnknownExerciseError",
    "UnknownQuestionError",
    "builtin_course_root",
    "did_you_mean",
    "form_key",
    "import_file",
    "load_course",
    "patch",
    "read_rubric",
    "usual_course_root",
]

_HOMES = {
    "course": ("DEFAULT_SEED", "Course", "Exercise", "import_file", "load_course"),
    "fault": ("CourseError", "Fault", "UnknownExerciseError", "UnknownQuestionError", "did_you_mean"),
    "call_family": ("Aspect", "CallFamily"),
    "misconception": ("Form", "Misconception", "form_key"),
    "wrong_program": ("Patch", "PatchError", "patch"),
    "root": ("builtin_course_root", "usual_course_root"),
    "rubric": ("Criterion", "Hints", "ResultSpec", "Rubric", "read_rubric"),
}


def __getattr__(name: str) -> Any:
    for home, names in _HOMES.items():
        if name in names:
            return getattr(import_module(f"{__name__}.{home}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
