"""`grade course check`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from grader.cli.options import WRITTEN, course_option, debug_option, overwrite_option

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from grader.authoring.course_check import Checkup
    from grader.course import Course, Exercise, Fault
    from grader.report.pages import KillMatrix


@click.command("check")
@click.argument("names", metavar="[EXERCISE]...", nargs=-1)
@course_option
@click.option(
    "--thorough",
    is_flag=True,
    help="Use more seeds, and also try misconceptions that train models. Takes half an hour.",
)
@click.option("--json", "json_file", metavar="FILE", type=WRITTEN, help="Write the kill matrix as JSON.")
@click.option(
    "--html",
    "html_file",
    metavar="FILE",
    type=WRITTEN,
    help="Write the kill matrix as an HTML page.",
)
@overwrite_option
@debug_option
@click.pass_context
def command(
    ctx: click.Context,
    names: tuple[str, ...],
    course_root: Path,
    thorough: bool,
    json_file: Path | None,
    html_file: Path | None,
    overwrite: bool,
) -> None:
    """Find everything that is wrong with a course.

    EXERCISE is a number, a key or a name. Without one, all exercises, lessons, cards and quizzes are examined.

    Rubrics and hidden tests must agree. In the sandbox, stubs must earn nothing; references and other right answers
    must earn all points, even in float32. Each misconception must cost points in its own function only, and must be
    diagnosed as itself, unless it raises an exception wherever it is wrong. Of those that leave something right in
    their function, at most a tenth may lose points in more than two criteria. Each check must fail for a misconception
    or say why it exists. Constants, answers of a different seed and malformed answers must neither pass nor crash a
    check. No hint may contain a piece of the solution.

    "killed" counts misconceptions that lose points, "named" those that are diagnosed. The exit code is 0 if nothing is
    wrong, else 1.
    """
    import os

    from grader.authoring.course_check import examine_folders
    from grader.cli.destination import destination_of
    from grader.cli.output import check_current_folder, check_temporary_folder, emit, shown_path
    from grader.cli.whole_course import load_whole_course
    from grader.report.pages import matrix_page, to_matrix_json

    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")  # its notes about this machine are not about the course
    check_current_folder()
    check_temporary_folder()
    as_json = destination_of(json_file, "JSON", (".json",), overwrite)
    as_html = destination_of(html_file, "HTML", (".html", ".htm"), overwrite)
    course = load_whole_course(course_root)
    chosen = [course.find(name) for name in names] or list(course)
    checkups = _examine_each(chosen, thorough)
    matrices = [checkup.matrix for checkup in checkups if checkup.matrix is not None]
    faults = [fault for checkup in checkups for fault in checkup.faults]
    if not names:
        faults = [*examine_folders(course), *faults, *dict.fromkeys(_study_faults(course))]
    emit(_collateral(matrices))
    for destination, rendered in ((as_json, to_matrix_json), (as_html, matrix_page)):
        if destination is not None:
            destination.write(rendered(matrices))
            emit(f"\nThe kill matrix is in {shown_path(destination.path)}\n")
    _emit_faults(faults, next((checkup.fallback for checkup in checkups if checkup.fallback), ""))
    ctx.exit(1 if faults else 0)


def _emit_faults(faults: Sequence[Fault], fallback: str) -> None:
    from grader.cli.output import emit, fault_text

    if faults:
        emit("\n" + "".join(f"{fault_text(fault)}\n" for fault in faults))
    if fallback:
        emit(f"\nThe sandbox is unavailable on this machine: {fallback}. Course files ran in plain processes.\n")
    count = f"{len(faults)} {'fault' if len(faults) == 1 else 'faults'}" if faults else "Nothing is wrong."
    emit(f"\n{count}\n")


def _examine_each(exercises: Sequence[Exercise], thorough: bool) -> list[Checkup]:
    """Examine the exercises, and print a line for each one as soon as it is known."""
    from grader.authoring.course_check import examine
    from grader.cli.output import emit

    width = max(len(exercise.key) for exercise in exercises)
    emit(f"        {'exercise':<{width}}  points  bonus  criteria  checks  misconceptions  killed  named\n")
    checkups = []
    for exercise in exercises:
        checkups.append(examine(exercise, thorough=thorough))
        emit(_row(checkups[-1], width))
    return checkups


def _collateral(matrices: Sequence[KillMatrix]) -> str:
    """Return the line about mistakes that cost more than their own criterion; empty if none was tried."""
    mistakes = sum(len(one.mistakes) for one in matrices)
    spread = sum(len(one.spread) for one in matrices)
    costly = sum(len(one.costly) for one in matrices)
    ruinous = sum(len(one.ruinous) for one in matrices)
    if not mistakes:
        return ""
    return (
        f"\nMistakes that fail checks in more than two criteria: {spread} of {mistakes}; "
        f"that lose points in more than two: {costly}; that leave nothing right in their function: {ruinous}.\n"
    )


def _study_faults(course: Course) -> Iterator[Fault]:
    """Yield what is wrong with lessons, cards and questions. Skip this if an exercise cannot be read."""
    from grader.study.study_check import examine_study

    try:
        checks = {
            exercise.key: [name for criterion in exercise.rubric.criteria for name in criterion.checks]
            for exercise in course
        }
        misconceptions = {one.id for exercise in course for one in exercise.misconceptions()}
    except Exception:
        return  # `examine` reports why the file cannot be used
    yield from examine_study(course.root, checks, misconceptions)


def _row(checkup: Checkup, width: int) -> str:
    """Return the line of an exercise. "Killed" counts mistakes that lose points, "named" those that are diagnosed."""
    word = "FAULTS" if checkup.faults else "OK"
    matrix = checkup.matrix
    asked = matrix is not None and any(one.diagnosed is not None for one in matrix.variants)
    killed = f"{matrix.killed}/{len(matrix.mistakes)}" if matrix is not None else "-"
    named = f"{matrix.named}/{len(matrix.mistakes)}" if matrix is not None and asked else "-"
    return (
        f"{word:<6}  {checkup.key:<{width}}  {checkup.possible:>6g}  {checkup.possible_bonus:>5g}  "
        f"{checkup.criteria:>8}  {checkup.checks:>6}  {checkup.misconceptions:>14}  {killed:>6}  {named:>6}\n"
    )
