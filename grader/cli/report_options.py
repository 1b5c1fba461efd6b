"""The options of `grade exercise` about its report."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from grader.cli.suggested import suggested

if TYPE_CHECKING:
    from grader.course import Exercise
    from grader.report import Report


@dataclass(frozen=True)
class ReportOptions:
    """The options about the report: its format, its file, whether to open it.

    `file` is the graded file, and `named` is True if the command line names it. `page` is a second file for the report,
    as a page: the magic of a notebook shows it.
    """

    file: Path
    named: bool
    form: str | None
    out: Path | None
    overwrite: bool
    html: bool
    see: bool
    verbose: bool
    page: Path | None = None

    @property
    def format(self) -> str:
        """Return the format of the report."""
        from grader.report.report_formats import DEFAULT, format_of

        if self.html:
            return "html"
        return self.form or (DEFAULT if self.out is None else format_of(self.out))


def sees(exercise: Exercise, wanted: ReportOptions) -> bool:
    """Return True if the report shows what the program does: on a page always, in a terminal if asked for.

    Raises UsageError if the format has no pictures.
    """
    from grader.cli.streams import note
    from grader.report.report_formats import DEFAULT

    form = wanted.format
    if wanted.see and form not in (DEFAULT, "html"):
        raise click.UsageError(f"--see shows pictures, and --format {form} has none. Leave one of them out.")
    if wanted.see and not exercise.rubric.sees:
        note(f"Note: {exercise.key} has nothing to show with --see.")
    return bool(exercise.rubric.sees) and (wanted.see or form == "html" or wanted.page is not None)


def see_line(exercise: Exercise, wanted: ReportOptions, report: Report) -> str:
    """Return the line that says how to look at what the program does; empty if there is nothing to see.

    There is nothing to see of a function that is not written yet.
    """
    from grader.cli.output import shown_path
    from grader.report.grouping import names_unwritten

    if not exercise.rubric.sees or names_unwritten(exercise.rubric.sees, report):
        return ""
    file = f" {shown_path(wanted.file)}" if wanted.named else ""
    return f"See {exercise.rubric.sees}: {suggested(f'exercise {int(exercise.key[:2])}{file} --see')}"
