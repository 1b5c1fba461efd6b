"""`grade batch`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from grader.cli.options import course_option, debug_option
from grader.cli.output import check_current_folder, check_file_names, check_temporary_folder, emit
from grader.cli.streams import note

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from grader.batch import BatchSummary, ClassSettings, Progress
    from grader.batch.roster import Roster
    from grader.submission.intake import Intake

ALL_GRADED, NOT_ALL_GRADED, STOPPED = 0, 3, 130
LISTED = 20  # lines of each kind on the terminal; the files list everything


@click.command("batch")
@click.argument("submissions", type=click.Path(path_type=Path))
@click.option("--out", metavar="FOLDER", type=click.Path(path_type=Path), help="Write the results into this folder.")
@click.option(
    "--roster", metavar="CSV", type=click.Path(path_type=Path), help="The learners of the class: id, name, section."
)
@click.option(
    "--late-policy", metavar="YAML", type=click.Path(path_type=Path), help="Deduct points from late submissions."
)
@click.option(
    "--seed",
    type=click.IntRange(min=0),
    help="The seed of the test inputs. Default: the seed of the last run into FOLDER, or a new random one.",
)
@click.option(
    "--repeat",
    type=click.IntRange(min=2),
    metavar="K",
    help="Grade with K seeds and list each check whose verdict changes.",
)
@course_option
@click.option("--workers", type=click.IntRange(min=1), help="The number of worker processes. Default: one per core.")
@click.option(
    "--isolation",
    type=click.Choice(["namespaces", "process"]),
    default="namespaces",
    show_default=True,
    help="Isolation of the programs. Use process on machines without namespaces; it does not stop a hostile program.",
)
@click.option(
    "--resume/--force",
    default=True,
    show_default="resume",
    help="Grade only what is new or has changed, or grade everything again.",
)
@click.option("--dry-run", is_flag=True, help="Grade nothing. List each submission, and why other files are ignored.")
@debug_option
@click.pass_context
def command(
    ctx: click.Context,
    /,
    submissions: Path,
    out: Path | None,
    roster: Path | None,
    late_policy: Path | None,
    course_root: Path,
    resume: bool,
    dry_run: bool,
    **options: Any,
) -> None:
    """For instructors: grade a folder of submissions.

    SUBMISSIONS is a folder or a zip archive: an export of Canvas, Moodle, Gradescope or GitHub Classroom as it is, one
    folder per learner, or files named <learner>_<module>.py or .ipynb. The same command continues after an
    interruption: what is graded stays graded.

    Each results folder has its own random seed, so that no learner can know the test inputs. With a different --seed,
    everything is graded again.
    """
    from grader.batch import ClassSettings

    check_current_folder()
    check_temporary_folder()
    check_file_names()
    if dry_run:
        _dry_run(submissions, course_root, roster, late_policy)
        return
    if out is None:
        raise click.UsageError("Missing option '--out': the folder for the results. To see the plan first: --dry-run.")
    settings = ClassSettings(submissions, out, course_root, roster, late_policy, force=not resume, **options)
    ctx.exit(_grade(settings))


def _grade(settings: ClassSettings) -> int:
    """Grade a class, print what the instructor must know, and return the exit code."""
    from grader.batch import ClassInterruptedError, Stage, run_class
    from grader.cli.batch_progress import ProgressDisplay

    def show(progress: Progress) -> None:
        display.show(progress)
        if progress.stage is Stage.FOUND:
            emit(f"Seed {progress.seed}. The same command uses it again.\n")
            _name_wrapper(progress.wrapper)

    try:
        with ProgressDisplay() as display:
            summary = run_class(settings, show)
    except ClassInterruptedError as error:
        note(f"\nStopped. {error.recorded} reports are recorded. Run the same command to continue.")
        return STOPPED
    if settings.repeat:
        _print_unsteady(summary, settings.out)
    _print_left_out(summary.left_out, summary.unread)
    _print_some("not graded", summary.refused, settings.out)
    if summary.missing:
        emit(f"Learners without a submission: {summary.missing} of {summary.enrolled} in the roster.\n")
    if settings.isolation == "process":
        from grader.report.pages import NOT_ISOLATED

        note(f"Not isolated. {NOT_ISOLATED}")
    emit(f"The test inputs came from seed {summary.seeds[0]}.\n")
    emit(f"The class is in {settings.out / 'index.html'}, the gradebook in {settings.out / 'gradebook.csv'}.\n")
    _print_some("fault of the grader", summary.faults, settings.out)
    return ALL_GRADED if summary.is_complete else NOT_ALL_GRADED


def _print_left_out(counts: Mapping[str, int], unread: Sequence[str]) -> None:
    """Print how many files are not graded, and name the first of those that an instructor should look at."""
    ignored = sum(counts.values())
    emit(f"{ignored} files left out; --dry-run lists them.\n" if ignored else "No file was left out.\n")
    for line in unread:
        note(f"refused: {line}")
    if (more := counts.get("refused", 0) - len(unread)) > 0:
        note(f"and {more} more refused; --dry-run lists them all.")


def _print_some(label: str, lines: Sequence[str], out: Path) -> None:
    """Print the first lines to standard error, and name the file that has them all."""
    from grader.text import for_line

    for line in lines[:LISTED]:
        note(f"{label}: {for_line(line)}")
    if len(lines) > LISTED:
        note(f"and {len(lines) - LISTED} more; {out / 'index.html'} has them all.")


def _print_unsteady(summary: BatchSummary, out: Path) -> None:
    """Name the first checks whose verdict depends on the seed."""
    from grader.text import for_line

    for one in summary.unsteady[:LISTED]:
        verdicts = ", ".join(f"{seed}: {verdict}" for seed, verdict in zip(summary.seeds, one.verdicts, strict=True))
        note(f"unsteady: {for_line(one.learner)} {one.exercise} {one.check} ({verdicts})")
    if summary.unsteady:
        note(f"{len(summary.unsteady)} verdicts changed with the seed; {out / 'unsteady.csv'} has them all.")
    else:
        emit(f"No verdict changed over {len(summary.seeds)} seeds.\n")


def _name_wrapper(wrapper: str) -> None:
    """Name the folder around all submissions: it could be a learner's own, if nobody else has a folder."""
    from grader.text import for_line

    if wrapper:
        note(
            f"Reading the submissions inside {for_line(wrapper)}. If this is the folder of a learner, "
            "name the learner in --roster, or grade the folder together with others."
        )


def _dry_run(submissions: Path, course_root: Path, roster: Path | None, late_policy: Path | None) -> None:
    """Print what would be graded and what would not."""
    from grader.batch.class_run import open_intake, read_class

    course, people, _ = read_class(course_root, roster, late_policy)
    with open_intake(submissions, course, people) as intake:
        _name_wrapper(intake.wrapper)
        refused = _print_hand_ins(intake, people)
        for one in intake.ignored():
            emit(f"ignored  {one.origin}: {one.why}\n")
        platforms = " and ".join(intake.platforms()) or "nothing known"
        count = intake.count()
        some = f", {refused} of them refused" if refused else ""
        emit(f"{count} submission{'s' * (count != 1)}{some}, recognised as: {platforms}. Nothing was graded.\n")


def _print_hand_ins(intake: Intake, people: Roster) -> int:
    """Print each hand-in, then each learner of the roster without one. Return how many are refused."""
    from grader.text import for_line

    refused = 0
    present: set[str] = set()
    for hand_in in intake.hand_ins():
        person = people.people.get(hand_in.learner)
        name = (person.name if person is not None else "") or hand_in.name
        called = f"{hand_in.learner} ({name})" if name and name != hand_in.learner else hand_in.learner
        if hand_in.refusal:
            refused += 1
            emit(f"refused  {for_line(called)}, {hand_in.exercise}: {hand_in.refusal}\n")
        else:
            late = ", late" if hand_in.late else ""
            stranger = ", not in the roster" if people and person is None else ""
            emit(f"grade    {for_line(called)}, {hand_in.exercise}: {hand_in.origin}{late}{stranger}\n")
        if person is not None:
            present.add(hand_in.learner)
    for learner in sorted(people.people.keys() - present):
        name = people.people[learner].name
        emit(f"missing  {for_line(learner)}{f' ({for_line(name)})' if name else ''}: no submission\n")
    return refused
