"""`grade compare`."""

from __future__ import annotations

from pathlib import Path

import click

from grader.cli.options import READ, debug_option

LISTED = 50


@click.command("compare")
@click.argument("old", type=READ)
@click.argument("new", type=READ)
@debug_option
def command(old: Path, new: Path) -> None:
    """For instructors: list the scores that changed between two runs.

    OLD and NEW are results folders. For each changed score, prints the criteria and the reason. Writes compare.csv and
    compare.html into NEW. Give the same folder twice to compare its last two runs.
    """
    from grader.batch.class_file_writer import written_file
    from grader.batch.comparison import changes, last_run, write_changes
    from grader.batch.run import BatchError
    from grader.batch.shown_names import with_pseudonyms
    from grader.cli.output import emit
    from grader.report.exports import points_text
    from grader.report.pages import compare_page
    from grader.text import counted, for_line, for_path
    from grader.writing import write_if_changed

    first, second = last_run(old), last_run(new)
    if old.resolve() == new.resolve():
        runs = first[0].finished_runs()
        if len(runs) < 2:
            raise BatchError(f"{for_path(old)} contains only one complete run; expected two runs to compare.")
        first = (first[0], runs[-2])
    try:
        with first[0], second[0]:
            found = list(changes(first, second))
            shown = with_pseudonyms(new, second[0].secret, found)
        write_changes(new / "compare.csv", found)
        write_if_changed(new / "compare.html", compare_page(shown, old.name, new.name))
    except OSError as error:
        raise BatchError(
            f"{for_path(written_file(error) or new)} cannot be written: {error.strerror or error}."
        ) from None
    for one in shown[:LISTED]:
        emit(f"{for_line(one.learner)} {one.exercise}: {points_text(one.old)} to {points_text(one.new)}\n")
        for criterion, before, after in one.criteria:
            emit(f"    {criterion}: {points_text(before)} to {points_text(after)}\n")
        emit(f"    because {'; '.join(one.why)}\n")
    if len(found) > LISTED:
        emit(f"and {len(found) - LISTED} more in {for_path(new / 'compare.csv')}\n")
    emit(f"{counted(len(found), 'score')} changed.\n")
