"""`grade explain`."""

from __future__ import annotations

from pathlib import Path

import click

from grader.cli.options import READ, debug_option


@click.command("explain")
@click.argument("results", type=READ)
@click.argument("learner")
@click.argument("exercise")
@click.option("--check", metavar="ID", help="Explain this check or criterion. Default: each check that did not pass.")
@debug_option
def command(results: Path, learner: str, exercise: str, check: str | None) -> None:
    """For instructors: show the inputs and answers behind a grade.

    RESULTS is a results folder of `grade batch`. The checks run again in the sandbox, on the file that was graded and
    with its seed. For each one you get the inputs, the answer, the right answer and their difference. The terminal
    shortens arrays of more than 400 numbers. A page in the folder `explain` of the results has all of them. Both show
    right answers: do not hand them out.
    """
    from grader.batch.explaining import checks_named, disputed_grade, explain
    from grader.batch.opened_results import opened_results
    from grader.batch.run import BatchError
    from grader.cli.output import check_temporary_folder, emit, shown_path
    from grader.report.explanation_text import explanation_text
    from grader.report.pages import explanation_page
    from grader.text import for_file_name, for_path
    from grader.writing import write_if_changed

    check_temporary_folder()
    with opened_results(results, read_only=True) as opened:
        disputed = disputed_grade(opened, learner, exercise)
        checks = checks_named(disputed.exercise, check) if check is not None else ()
        explanation = explain(opened, disputed, checks)
    page = results / "explain" / for_file_name(explanation.learner) / f"{disputed.exercise.key}.html"
    emit(explanation_text(explanation))
    try:
        write_if_changed(page, explanation_page(explanation))
    except OSError as error:
        raise BatchError(f"{for_path(page)} cannot be written: {error.strerror or error}.") from None
    emit(f"\nThe same as a page, for you only: {shown_path(page)}\n")
