"""Find submissions in folders, archives and exports of learning platforms, whose form is recognised."""

from grader.submission.intake.class_list import ClassList, MappedFile, Request
from grader.submission.intake.error import FaultyFileError, IntakeError, read_text_file
from grader.submission.intake.exercise_name import ExerciseName
from grader.submission.intake.hand_in import HandIn
from grader.submission.intake.ignored import Ignored, Unrecognised
from grader.submission.intake.intake import Intake

__all__ = [
    "ClassList",
    "ExerciseName",
    "FaultyFileError",
    "HandIn",
    "Ignored",
    "Intake",
    "IntakeError",
    "MappedFile",
    "Request",
    "Unrecognised",
    "read_text_file",
]
