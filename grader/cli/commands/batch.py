"""`grade batch`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from grader.cli.options import READ, WRITTEN, course_option, debug_option
from grader.cli.output import check_current_folder, check_file_names, check_temporary_folder, emit
from grader.cli.streams import note
from grader.text import for_path

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from grader.batch import BatchSummary, ClassSettings, Progress
    from grader.batch.given_files import GivenFiles
    from grader.batch.roster import Roster
    from grader.submission.intake import Intake

ALL_GRADED, NOT_ALL_GRADED, STOPPED = 0, 3, 130
LISTED = 20  # lines of each kind on the terminal; the files list everything


@click.command("batch")
@click.argument("submissions", type=READ)
@click.option("--out", metavar="FOLDER", type=WRITTEN, help="Write the results into this folder.")
@click.option("--roster", metavar="CSV", type=READ, help="The learners of the class: id, name, section.")
@click.option("--late-policy", metavar="YAML", type=READ, help="Deduct points from late submissions.")
@click.option(
    "--exercise", metavar="EXERCISE", help="Every program belongs to this exercise, whatever the name of its file."
)
@click.option("--exercises", metavar="LIST", help="Grade only these exercises, for example 1-3 or 1,dropout.")
@click.option(
    "--map",
    "mapping",
    metavar="CSV",
    type=READ,
    help="A CSV table that names the learner and the exercise of each file: learner, file, exercise.",
)
@click.option(
    "--column",
    "columns",
    metavar="EXERCISE=HEADER",
    multiple=True,
    help="The column of an exercise in the Canvas gradebook, for example 3='Lab 3 (48213)'.",
)
@click.option(
    "--replace-manual", is_flag=True, help="Replace grades and comments that a person typed into the gradebook."
)
@click.option(
    "--overrides",
    metavar="CSV",
    type=READ,
    help="Decisions of people: learner, exercise, criterion, points, comment, by. They are added to overrides.csv in "
    "FOLDER, which each run applies.",
)
@click.option(
    "--anonymous", is_flag=True, help="Use pseudonyms in pages and file names. pseudonyms.csv says whose they are."
)
@click.option(
    "--seed-per-learner",
    is_flag=True,
    help="Give each learner a seed of their own, from a secret in FOLDER. The report names it.",
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
    "--cluster",
    metavar="ADDRESS",
    help="Grade on the Dask cluster of this scheduler, for example tls://10.0.0.1:8786. local:4 starts four worker "
    "processes on this machine.",
)
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
    exercise: str | None,
    exercises: str | None,
    **options: Any,
) -> None:
    """For instructors: grade a folder of submissions.

    SUBMISSIONS is a folder or a zip archive: an unchanged export of Canvas, Moodle, Gradescope or GitHub Classroom, one
    folder per learner, or files named <learner>_<module>.py or .ipynb. Zip archives inside are opened. A file whose
    name says nothing is recognised by the functions that it defines. The same command continues after an interruption:
    what is graded stays graded.

    Each results folder has its own random seed, so that no learner can know the test inputs. With a different --seed,
    everything is graded again.
    """
    from grader.batch import ClassSettings
    from grader.cli.whole_course import refuse_kit

    refuse_kit(course_root)
    check_current_folder()
    check_temporary_folder()
    check_file_names()
    if exercise is not None and exercises is not None:
        raise click.UsageError("Use --exercise or --exercises, not both.")
    if out is None and not dry_run:
        raise click.UsageError("Missing option '--out': the folder for the results. To see the plan first: --dry-run.")
    if options["cluster"] is not None:
        if options["workers"] is not None:
            raise click.UsageError("Use --workers or --cluster, not both.")
        _warn_of_exposed(options["cluster"])
    settings = ClassSettings(
        submissions, out or Path(), course_root, roster, late_policy, force=not resume, exercise=exercise,
        exercises=exercises, **options,
    )  # fmt: skip
    if dry_run:
        _dry_run(settings.files)
        return
    ctx.exit(_grade(settings))


def _warn_of_exposed(cluster: str) -> None:
    """Warn of a scheduler that everybody on the network can use. Raises ClusterError for an invalid address."""
    from grader.batch.cluster.cluster_address import parsed_address

    address = parsed_address(cluster)
    if address.is_exposed:
        note(
            f"Warning: {address.scheduler} has no TLS. Everybody who reaches it can read the submissions, change "
            "scores and run programs on the workers. Use tls:// (docs/cluster.md)."
        )


def _grade(settings: ClassSettings) -> int:
    """Grade a class, print what the instructor must know, and return the exit code."""
    from grader.batch import ClassInterruptedError, Stage, run_class
    from grader.cli.batch_progress import ProgressDisplay
    from grader.text import counted

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
    _print_some("not recognised", summary.unrecognised, settings.out)
    if summary.unrecognised:
        note(
            f"{counted(len(summary.unrecognised), 'learner')} handed in files that belong to no exercise. If all files "
            "belong to one exercise, use --exercise 3; else name the files in a table with --map."
        )
    if summary.not_started:
        emit(f"Not started: {counted(summary.not_started, 'unchanged stub')}.\n")
    for remark in summary.remarks:
        note(remark)
    _print_some("decision not applied: overrides.csv", summary.unapplied, settings.out, "overrides.csv")
    if summary.kept:
        _print_some("typed by a person", [str(one) for one in summary.kept], settings.out, "manual-grades.csv")
        note("To replace what a person typed, use --replace-manual.")
    if summary.missing:
        emit(f"Learners without a submission: {summary.missing} of {summary.enrolled} in the roster.\n")
    if settings.isolation == "process":
        from grader.report.pages import NOT_ISOLATED

        note(f"Not isolated. {NOT_ISOLATED}")
    own = ", with a seed of their own for each learner" if settings.seed_per_learner else ""
    emit(f"The test inputs came from seed {summary.seeds[0]}{own}.\n")
    page, gradebook = (for_path(settings.out / name) for name in ("index.html", "gradebook.csv"))
    emit(f"The class is in {page}, the gradebook in {gradebook}.\n")
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


def _print_some(label: str, lines: Sequence[str], out: Path, file: str = "index.html") -> None:
    """Print the first lines to standard error, and name the file that has them all."""
    from grader.text import for_line

    for line in lines[:LISTED]:
        note(f"{label}: {for_line(line)}")
    if len(lines) > LISTED:
        note(f"and {len(lines) - LISTED} more; {for_path(out / file)} has them all.")


def _print_unsteady(summary: BatchSummary, out: Path) -> None:
    """Name the first checks whose verdict depends on the seed."""
    from grader.text import for_line

    for one in summary.unsteady[:LISTED]:
        verdicts = ", ".join(f"{seed}: {verdict}" for seed, verdict in zip(summary.seeds, one.verdicts, strict=True))
        note(f"unsteady: {for_line(one.learner)} {one.exercise} {one.check} ({verdicts})")
    if summary.unsteady:
        note(f"{len(summary.unsteady)} verdicts changed with the seed; {for_path(out / 'unsteady.csv')} has them all.")
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


def _dry_run(files: GivenFiles) -> None:
    """Print what would be graded and what would not."""
    from grader.batch.given_files import open_intake, read_given
    from grader.batch.late import refuse_idle_policy

    given = read_given(files)
    for remark in given.roster.remarks:
        emit(f"{remark}\n")
    with open_intake(files, given) as intake:
        if given.policy is not None:
            refuse_idle_policy(given.policy, intake.hand_ins(), given.roster)
        _name_wrapper(intake.wrapper)
        refused = _print_hand_ins(intake, given.roster)
        listed = {file.origin for file in intake.unrecognised()}
        for one in intake.ignored():
            if one.origin not in listed:
                emit(f"ignored  {one.origin}: {one.why}\n")
        platforms = " and ".join(intake.platforms()) or "nothing known"
        count = intake.count()
        some = f", {refused} of them refused" if refused else ""
        emit(f"{count} submission{'s' * (count != 1)}{some}, recognised as: {platforms}. Nothing was graded.\n")


def _print_hand_ins(intake: Intake, people: Roster) -> int:
    """Print each hand-in, then each learner without one. Return how many are refused."""
    from grader.text import for_line

    refused = 0
    present: set[str] = set()
    for hand_in in intake.hand_ins():
        called = _called(people, hand_in.learner, hand_in.name)
        stranger = ", not in the roster" if people and hand_in.learner not in people else ""
        if hand_in.refusal:
            refused += 1
            emit(f"refused  {called}, {hand_in.exercise}: {hand_in.refusal}\n")
        elif hand_in.is_stub:
            emit(f"stub     {called}, {hand_in.exercise}: {hand_in.origin} is unchanged: not started{stranger}\n")
        else:
            late = ", late" if hand_in.late else ""
            group = f", with {for_line(hand_in.graded_as)}" if hand_in.graded_as else ""
            emit(f"grade    {called}, {hand_in.exercise}: {hand_in.origin}{late}{group}{stranger}\n")
        if hand_in.learner in people:
            present.add(hand_in.learner)
    for file in intake.unrecognised():
        present.add(file.learner)
        emit(f"unknown  {_called(people, file.learner, file.name)}: {file.file}: {file.why}\n")
    for learner in sorted(people.people.keys() - present):
        emit(f"missing  {_called(people, learner, '')}: no submission\n")
    return refused


def _called(people: Roster, learner: str, name: str) -> str:
    """Return the name of a learner, in one line."""
    from grader.text import for_line

    person = people.people.get(learner)
    name = (person.name if person is not None else "") or name
    return for_line(f"{learner} ({name})" if name and name != learner else learner)
