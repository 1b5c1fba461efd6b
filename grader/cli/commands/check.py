"""`grade course check`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from grader.cli.options import course_option, debug_option

if TYPE_CHECKING:
    from collections.abc import Iterator

    from grader.authoring.course_check import Checkup
    from grader.course import Course, Fault


@click.command("check")
@click.argument("names", metavar="[EXERCISE]...", nargs=-1)
@course_option
@click.option("--thorough", is_flag=True, help="More seeds, and misconceptions of what trains too: half an hour.")
@click.option(
    "--json", "json_file", metavar="FILE", type=click.Path(path_type=Path), help="Write the kill matrix as JSON."
)
@click.option("--html", "html_file", metavar="FILE", type=click.Path(path_type=Path), help="Write it as a page.")
@debug_option
@click.pass_context
def command(
    ctx: click.Context,
    names: tuple[str, ...],
    course_root: Path,
    thorough: bool,
    json_file: Path | None,
    html_file: Path | None,
) -> None:
    """Find everything that is wrong with a course.

    EXERCISE is a number, a key or a name; without one, all of them are examined, and what there is to study.
    Rubrics and hidden tests agree; stubs, references and other right answers are graded in the sandbox, where stubs
    earn nothing and the others everything, references in float32 too; each misconception costs points where it should
    and nowhere else, and is diagnosed as itself; each check fails for one of them or says why it is there; constants,
    answers remembered from another seed and malformed answers pass no check and break none; no hint holds a piece of
    the solution. The exit code is 0 if nothing is wrong, else 1.
    """
    import os

    from grader.authoring.course_check import examine, examine_folders
    from grader.cli.output import check_current_folder, check_temporary_folder, emit, fault_text, write_whole
    from grader.course import load_course
    from grader.report.pages import matrix_page, to_matrix_json
    from grader.text import counted

    check_current_folder()
    check_temporary_folder()
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")  # what TensorFlow says of the machine is not about the course
    course = load_course(course_root)
    chosen = [course.find(name) for name in names] or list(course)
    faults = [] if names else list(examine_folders(course))
    width = max(len(exercise.key) for exercise in chosen)
    emit(f"        {'exercise':<{width}}  points  bonus  criteria  checks  misconceptions  killed  named\n")
    matrices = []
    fallbacks = []
    for exercise in chosen:
        checkup = examine(exercise, thorough=thorough)
        faults.extend(checkup.faults)
        fallbacks.append(checkup.fallback)
        emit(_row(checkup, width))
        if checkup.matrix is not None:
            matrices.append(checkup.matrix)
    if not names:
        faults.extend(dict.fromkeys(_study_faults(course)))
    if json_file is not None:
        write_whole(json_file, to_matrix_json(matrices))
    if html_file is not None:
        write_whole(html_file, matrix_page(matrices))
    if faults:
        emit("\n" + "".join(f"{fault_text(fault)}\n" for fault in faults))
    if fallback := next(filter(None, fallbacks), ""):
        emit(f"\nThe sandbox is unavailable on this machine: {fallback}. Course files ran in plain processes.\n")
    count = counted(len(faults), "fault") if faults else "Nothing is wrong."
    emit(f"\n{count}\n")
    ctx.exit(1 if faults else 0)


def _study_faults(course: Course) -> Iterator[Fault]:
    """Yield the faults of lessons, cards and questions, if the exercises can be read."""
    from grader.study.study_check import examine_study

    try:
        checks = {
            exercise.key: [name for criterion in exercise.rubric.criteria for name in criterion.checks]
            for exercise in course
        }
        misconceptions = {one.id for exercise in course for one in exercise.misconceptions()}
    except Exception:
        return  # `examine` reports whatever a broken file of the course raised
    yield from examine_study(course.root, checks, misconceptions)


def _row(checkup: Checkup, width: int) -> str:
    """Killed: mistakes that lose points; named: diagnosed as themselves. Of conventions, neither is wanted."""
    word = "FAULTS" if checkup.faults else "OK"
    matrix = checkup.matrix
    asked = matrix is not None and any(one.diagnosed is not None for one in matrix.variants)
    killed = f"{matrix.killed}/{len(matrix.mistakes)}" if matrix is not None else "-"
    named = f"{matrix.named}/{len(matrix.mistakes)}" if matrix is not None and asked else "-"
    return (
        f"{word:<6}  {checkup.key:<{width}}  {checkup.possible:>6g}  {checkup.possible_bonus:>5g}  "
        f"{checkup.criteria:>8}  {checkup.checks:>6}  {checkup.misconceptions:>14}  {killed:>6}  {named:>6}\n"
    )
