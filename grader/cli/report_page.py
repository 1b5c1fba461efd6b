"""The pages that `grade watch` writes, in a folder of this user's state."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from grader.cli.user_state import StateError, delete_state, state_folder

if TYPE_CHECKING:
    from grader.report import Report

FOLDER = "pages"


def opened_page(report: Report) -> str:
    """Write the page of a report, open it if there is a desktop, and say where it is.

    Raises StateError and OutputError.
    """
    from grader.cli.browser import open_page
    from grader.cli.output import write_whole
    from grader.report.report_formats import View, render_as

    page = _folder() / f"{report.exercise}.html"
    try:
        page.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StateError(f"{page.parent} cannot be made: {error.strerror or error}.") from None
    write_whole(page, render_as("html", report, View()))
    if open_page(page):
        return f"The page opens in your browser. It is in {page}"
    return f"There is no browser here. The page is in {page}"


def forget_pages() -> bool:
    """Delete the pages. Return True if there were any. Raises StateError."""
    pages = sorted(_folder().glob("[0-9][0-9]_*.html"))
    delete_state(*pages)
    return bool(pages)


def _folder() -> Path:
    return state_folder() / FOLDER
