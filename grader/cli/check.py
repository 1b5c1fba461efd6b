"""`grade course check`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from grader.cli.options import course_option, debug_option

if TYPE_CHECKING:
    from grader.batch.doctor import Checkup


@click.command("check")
@course_option
@click.option("--thorough", is_flag=True, help="Try the misconceptions of exercises that train models too: minutes.")
@debug_option
@click.pass_context
def command(ctx: click.Context, course_root: Path | None, thorough: bool) -> None:
    """Find everything that is wrong with a course.

    Rubrics and hidden tests agree, stubs earn nothing, references earn everything, each misconception costs points
    where it should and nowhere else. Ends with 0 where nothing is wrong, else with 1.
    """
    import os

    from grader.batch.doctor import examine, examine_folders
    from grader.cli.output import emit, fault_text
    from grader.course import builtin_course_root, load_course

    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")  # what TensorFlow says of the machine is not about the course
    course = load_course(course_root or builtin_course_root())
    faults = list(examine_folders(course))
    width = max(len(exercise.key) for exercise in course)
    emit(f"        {'exercise':<{width}}  points  bonus  criteria  checks  misconceptions\n")
    for exercise in course:
        checkup = examine(exercise, thorough=thorough)
        faults.extend(checkup.faults)
        emit(_row(checkup, width))
    if faults:
        emit("\n" + "".join(f"{fault_text(fault)}\n" for fault in faults))
    count = f"{len(faults)} {'fault' if len(faults) == 1 else 'faults'}" if faults else "Nothing is wrong."
    emit(f"\n{count}\n")
    ctx.exit(1 if faults else 0)


def _row(checkup: Checkup, width: int) -> str:
    word = "FAULTS" if checkup.faults else "OK"
    return (
        f"{word:<6}  {checkup.key:<{width}}  {checkup.possible:>6g}  {checkup.possible_bonus:>5g}  "
        f"{checkup.criteria:>8}  {checkup.checks:>6}  {checkup.misconceptions:>14}\n"
    )
