"""Formats that other programs read: gradebooks for spreadsheets and learning platforms, Gradescope, JUnit, pages.

Each format turns plain data into text. The caller writes the files.
"""

from grader.report.exports.causes import causes_of
from grader.report.exports.export_file import ClassFile, Columns, HandedIn, ReportFile, Standing, csv_lines
from grader.report.exports.registry import class_files, report_files, report_parts
from grader.report.exports.row import ExerciseGrade, GradebookRow, NoScore, amount, points_text, total_grade

__all__ = [
    "ClassFile",
    "Columns",
    "ExerciseGrade",
    "GradebookRow",
    "HandedIn",
    "NoScore",
    "ReportFile",
    "Standing",
    "amount",
    "causes_of",
    "class_files",
    "csv_lines",
    "points_text",
    "report_files",
    "report_parts",
    "total_grade",
]
