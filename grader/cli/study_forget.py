"""`grade study forget`."""

from __future__ import annotations

import click

from grader.cli.options import debug_option


@click.command("forget")
@click.option("--all", "everything", is_flag=True, help="All answers, scores, hints and best times.")
@debug_option
def command(everything: bool) -> None:
    """Delete everything that was kept.

    There is no way back; `grade study export` keeps a copy.
    """
    from grader.cli.dialogue import study_file
    from grader.cli.known_courses import forget_courses, refuse_others_courses
    from grader.cli.memory import forget_hints, refuse_others_hints
    from grader.cli.output import emit
    from grader.study.record_file import forget, refuse_others

    if not everything:
        raise click.UsageError(
            "This deletes all answers, scores and best times for good. If you mean it: grade study forget --all"
        )
    refuse_others(study_file())
    refuse_others_hints()
    refuse_others_courses()
    there = [forget(study_file()), forget_hints(), forget_courses()]
    emit("Everything is forgotten.\n" if any(there) else "There was nothing to forget.\n")
