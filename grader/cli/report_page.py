"""The pages of reports, in a folder of this user's state."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from grader.cli.user_state import StateError, delete_state, state_folder

if TYPE_CHECKING:
    from grader.course import Exercise
    from grader.report import Report
    from grader.report.report_formats import View
    from grader.submission import Submission

FOLDER = "pages"


def page_of(exercise: str) -> Path:
    """Return the path of the page of an exercise. Raises StateError."""
    page = _folder() / f"{exercise}.html"
    try:
        page.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StateError(f"{page.parent} cannot be created: {error.strerror or error}.") from None
    return page


def graded_source(exercise: Exercise, submission: Submission) -> Mapping[str, str]:
    """Return the graded file as a page shows it, by its name."""
    graded = f"{exercise.rubric.module}.py"
    return {file.name: file.text for file in submission.files if file.name == graded}


def opened_page(report: Report, view: View) -> str:
    """Write the page of a report, open it if there is a desktop, and say where it is.

    Raises StateError and OutputError.
    """
    from grader.cli.destination import Destination
    from grader.report.report_formats import render_as

    page = page_of(report.exercise)
    Destination(page, "a page", (".html",), overwrite=True).write(render_as("html", report, view))
    return opened(page)


def opened(page: Path) -> str:
    """Open a page if there is a desktop, and say where it is."""
    from grader.cli.browser import open_page
    from grader.cli.output import shown_path

    if open_page(page):
        return f"The page opens in your browser. It is in {shown_path(page)}"
    return f"There is no browser here. The page is in {shown_path(page)}"


def forget_pages() -> bool:
    """Delete the pages. Return True if there were any. Raises StateError."""
    pages = sorted(_folder().glob("[0-9][0-9]_*.html"))
    delete_state(*pages)
    return bool(pages)


def _folder() -> Path:
    return state_folder() / FOLDER
