"""What other programs read: gradebooks for spreadsheets and learning platforms, Gradescope's results, JUnit's XML.

Each format is a function from plain data to text or to rows; who asks writes the file.
"""

from grader.report.exports.canvas import canvas_header, canvas_row
from grader.report.exports.gradebook import gradebook_header, gradebook_row
from grader.report.exports.gradescope_results import to_gradescope
from grader.report.exports.junit import JUNIT_END, JUNIT_START, to_junit_suite
from grader.report.exports.moodle import MOODLE_HEADER, moodle_row
from grader.report.exports.row import ExerciseGrade, GradebookRow, amount

__all__ = [
    "JUNIT_END",
    "JUNIT_START",
    "MOODLE_HEADER",
    "ExerciseGrade",
    "GradebookRow",
    "amount",
    "canvas_header",
    "canvas_row",
    "gradebook_header",
    "gradebook_row",
    "moodle_row",
    "to_gradescope",
    "to_junit_suite",
]
