"""`grade similarity`."""

from __future__ import annotations

import os
from pathlib import Path

import click

from grader.cli.options import READ, debug_option
from grader.text import for_path


@click.command("similarity")
@click.argument("results", type=READ)
@click.option("--exercise", metavar="EXERCISE", help="Compare only the programs of this exercise.")
@click.option(
    "--at-least",
    "least",
    metavar="PERCENT",
    type=click.IntRange(1, 100),
    default=50,
    show_default=True,
    help="List the pairs with this share or more in common.",
)
@click.option("--workers", type=click.IntRange(min=1), help="The number of worker processes. Default: one per core.")
@debug_option
def command(results: Path, exercise: str | None, least: int, workers: int | None) -> None:
    """For instructors: list programs that are very similar.

    RESULTS is a results folder of `grade batch`. Compares the files that were graded, .py and .ipynb, with one another.
    Comments, layout, the order of functions and the names that people chose do not count. The code of the stub and of
    the right programs of the course does not count either, nor what more than a third of the class has. Nothing is run.

    A high share is a reason to look at both programs, never a verdict. A page for each exercise in the folder
    `similarity` of the results shows the common passages side by side.
    """
    from grader.batch.likeness import similarities
    from grader.batch.opened_results import opened_results
    from grader.batch.run import BatchError
    from grader.cli.output import check_temporary_folder, emit, shown_path
    from grader.report.pages import similarity_page
    from grader.report.similarity_text import similarity_text
    from grader.writing import write_if_changed

    check_temporary_folder()
    with opened_results(results, read_only=True) as opened:
        for place, similarity in enumerate(similarities(opened, exercise, least / 100, workers or os.cpu_count() or 1)):
            if place:
                emit("\n")
            page = results / "similarity" / f"{similarity.key}.html"
            emit(similarity_text(similarity))
            try:
                write_if_changed(page, similarity_page(similarity))
            except OSError as error:
                raise BatchError(f"{for_path(page)} cannot be written: {error.strerror or error}.") from None
            emit(f"The passages side by side, for you only: {shown_path(page)}\n")
