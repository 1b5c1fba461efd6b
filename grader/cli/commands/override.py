"""`grade override`."""

from __future__ import annotations

from pathlib import Path

import click

from grader.cli.options import debug_option

NOT_ALL_APPLY = 3


@click.command("override")
@click.argument("names", nargs=-1, metavar="[RESULTS] LEARNER EXERCISE")
@click.option("--criterion", metavar="ID", default="", help="Decide about this criterion. Default: the whole exercise.")
@click.option("--points", type=float, help="The points that count.")
@click.option("--excused", is_flag=True, help="The learner need not do the exercise.")
@click.option("--remove", is_flag=True, help="Remove an earlier decision.")
@click.option("--comment", default="", help="The reason. The learner reads it.")
@click.option("--by", metavar="NAME", help="The person who decides. Default: your user name.")
@debug_option
@click.pass_context
def command(
    ctx: click.Context,
    /,
    names: tuple[str, ...],
    criterion: str,
    points: float | None,
    excused: bool,
    remove: bool,
    comment: str,
    by: str | None,
) -> None:
    """For instructors: decide points by hand, or excuse a learner.

    RESULTS is a results folder of `grade batch`; without it, the current folder. LEARNER is an id, a name in the
    roster, or the pseudonym in the pages. The decision is a line of overrides.csv there. Each later run applies it,
    whatever it grades. Points for a whole exercise are final: lateness costs nothing more. Pages, gradebooks and the
    files for learning platforms are written again.
    """
    from grader.batch.deciding import decide, override_of, take_back
    from grader.batch.opened_results import opened_results
    from grader.cli.output import emit, shown_path
    from grader.cli.streams import note
    from grader.report.exports import amount
    from grader.text import for_line

    if len(names) not in (2, 3):
        raise click.UsageError("Expected a results folder, a learner and an exercise: grade override results ada 3")
    if [points is not None, excused, remove].count(True) != 1:
        raise click.UsageError("Give one of --points, --excused and --remove.")
    out = Path(names[0]) if len(names) == 3 else Path()
    with opened_results(out) as opened:
        learner, exercise = names[-2:]
        author = by if by is not None else _user()
        override = override_of(opened, learner, exercise, criterion, points, comment, author)
        decided = (take_back if remove else decide)(opened, override)
    called = for_line(f"{decided.learner} {decided.exercise}")
    grade = decided.grade
    for sentence in grade.decisions if grade is not None else ():
        emit(f"{called}: {for_line(sentence)}\n")
    if grade is not None and grade.final is not None:
        emit(f"{called}: {amount(grade.final)} of {amount(grade.possible)} points count now.\n")
    emit(f"The decisions are in {shown_path(out / 'overrides.csv')}, and all results are written again.\n")
    for line in decided.unapplied:
        note(f"decision not applied: overrides.csv: {for_line(line)}")
    ctx.exit(NOT_ALL_APPLY if decided.unapplied else 0)


def _user() -> str:
    """Return the name of the user; an empty text if the system knows none."""
    import getpass

    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return ""
