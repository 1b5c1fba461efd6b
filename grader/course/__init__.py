"""The course as data: exercises, rubrics, misconceptions. Knows nothing of running code."""

from grader.course.course import DEFAULT_SEED, Course, Exercise, builtin_course_root, load_course
from grader.course.fault import CourseError, Fault, UnknownExerciseError, did_you_mean
from grader.course.misconception import Misconception, both
from grader.course.rubric import HARMLESS_IMPORTS, Criterion, Hints, Result, Rubric, read_rubric

__all__ = [
    "DEFAULT_SEED",
    "HARMLESS_IMPORTS",
    "Course",
    "CourseError",
    "Criterion",
    "Exercise",
    "Fault",
    "Hints",
    "Misconception",
    "Result",
    "Rubric",
    "UnknownExerciseError",
    "both",
    "builtin_course_root",
    "did_you_mean",
    "load_course",
    "read_rubric",
]
