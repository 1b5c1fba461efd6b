"""`grade regrade`."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from grader.cli.options import READ, debug_option

if TYPE_CHECKING:
    from grader.report.pages import ChangedScore

GRADER_FAULT = 3
LISTED = 50


class Regrade(click.Command):
    """A command that names its options if somebody types a learner and an exercise as for `grade explain`."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read the arguments."""
        try:
            return super().parse_args(ctx, args)
        except click.UsageError as error:
            if type(error) is not click.UsageError:  # click explains missing arguments and unknown options
                raise
            example = "grade regrade results --learner ada --exercise 3"
            raise click.UsageError(f"{error.message}. For example: {example}", ctx) from None


@click.command("regrade", cls=Regrade)
@click.argument("results", type=READ)
@click.option(
    "--learner", "learners", metavar="ID", multiple=True, help="Grade this learner again; repeat it for more."
)
@click.option("--exercise", metavar="EXERCISE", help="Grade only this exercise again.")
@click.option(
    "--criterion", metavar="ID", default="", help="Take only the points of this criterion from the new report."
)
@click.option("--workers", type=click.IntRange(min=1), help="The number of worker processes. Default: one per core.")
@debug_option
@click.pass_context
def command(
    ctx: click.Context,
    /,
    results: Path,
    learners: tuple[str, ...],
    exercise: str | None,
    criterion: str,
    workers: int | None,
) -> None:
    """For instructors: grade single submissions again.

    RESULTS is a results folder of `grade batch`. The files that were graded are graded again with their seed, and with
    the course as it is now. All other grades stay. Prints the scores that changed; `grade compare RESULTS RESULTS`
    lists those that changed because the course did.
    """
    from grader.batch.opened_results import opened_results
    from grader.batch.regrading import regrade, summary_of
    from grader.cli.output import check_temporary_folder, emit
    from grader.cli.streams import note
    from grader.text import for_line

    if not learners and exercise is None:
        raise click.UsageError("Give --learner or --exercise. To grade everybody again: grade batch ... --force")
    if criterion and exercise is None:
        raise click.UsageError("--criterion needs --exercise.")
    check_temporary_folder()
    with opened_results(results) as opened:
        regraded = regrade(opened, learners, exercise, criterion, workers or os.cpu_count() or 1)
    for one in regraded.changes[:LISTED]:
        emit(_lines(one))
    if len(regraded.changes) > LISTED:
        emit(f"and {len(regraded.changes) - LISTED} more.\n")
    emit(f"{summary_of(regraded)}\n")
    for fault in regraded.faults:
        note(f"fault of the grader: {for_line(fault)}")
    for line in regraded.unapplied:
        note(f"decision not applied: overrides.csv: {for_line(line)}")
    ctx.exit(GRADER_FAULT if regraded.faults or regraded.unapplied else 0)


def _lines(change: ChangedScore) -> str:
    """Return how a score changed, and why."""
    from grader.report.exports import points_text
    from grader.text import for_line

    criteria = "".join(f"    {name}: {points_text(old)} to {points_text(new)}\n" for name, old, new in change.criteria)
    head = f"{for_line(change.learner)} {change.exercise}: {points_text(change.old)} to {points_text(change.new)}\n"
    return f"{head}{criteria}    because {'; '.join(change.why)}\n"
