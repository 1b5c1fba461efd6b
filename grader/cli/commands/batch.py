"""`grade batch`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from grader.cli.options import course_option, debug_option
from grader.cli.output import check_current_folder, check_file_names, check_temporary_folder, emit
from grader.cli.streams import note

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from grader.batch.journal import Journal
    from grader.batch.roster import Roster
    from grader.batch.run import Progress
    from grader.course import Course
    from grader.submission.intake import Intake

ALL_GRADED, NOT_ALL_GRADED = 0, 3
LISTED = 20  # faults and missing learners on the terminal; the files have them all


@click.command("batch")
@click.argument("submissions", type=click.Path(path_type=Path))
@click.option("--out", metavar="FOLDER", type=click.Path(path_type=Path), help="Where the results go.")
@click.option(
    "--roster", metavar="CSV", type=click.Path(path_type=Path), help="Who is in the class: id, name, section."
)
@click.option("--late-policy", metavar="YAML", type=click.Path(path_type=Path), help="What a late hand-in costs.")
@click.option(
    "--seed",
    type=click.IntRange(min=0),
    help="The seed of the test inputs; default: that of the last run into FOLDER, or a new random one.",
)
@click.option(
    "--repeat",
    type=click.IntRange(min=2),
    metavar="K",
    help="Grade with K seeds and list every check whose verdict changed.",
)
@course_option
@click.option("--workers", type=click.IntRange(min=1), help="How many grade at once; default: one a core.")
@click.option(
    "--isolation",
    type=click.Choice(["namespaces", "process"]),
    default="namespaces",
    show_default=True,
    help="What confines the programs; process is for machines without namespaces and does not stop a hostile one.",
)
@click.option(
    "--resume/--force",
    default=True,
    show_default="resume",
    help="Go on where it was stopped and grade what has changed; or grade everything again.",
)
@click.option("--dry-run", is_flag=True, help="List who, which exercise and which file, what is left out and why.")
@debug_option
@click.pass_context
def command(
    ctx: click.Context,
    submissions: Path,
    out: Path | None,
    roster: Path | None,
    late_policy: Path | None,
    seed: int | None,
    repeat: int | None,
    course_root: Path,
    workers: int | None,
    isolation: str,
    resume: bool,
    dry_run: bool,
) -> None:
    """For instructors: grade a folder of submissions.

    SUBMISSIONS is a folder or a zip archive, as it is: what Canvas, Moodle, Gradescope or GitHub Classroom gave, or a
    folder for each learner, or files <learner>_<module>.py or .ipynb. What was graded stays graded: the same command
    continues where it was stopped.

    Each results folder has its own random seed, so that no learner can know the test inputs. A different --seed grades
    everything again.
    """
    import os
    import time
    from contextlib import ExitStack
    from itertools import islice

    from grader.batch.late import read_late_policy
    from grader.batch.pool import Pool
    from grader.batch.roster import Roster, read_roster
    from grader.batch.run import Batch, Settings, results_folder, seed_of_batch
    from grader.course import load_course

    check_current_folder()
    check_temporary_folder()
    check_file_names()
    if out is None and not dry_run:
        raise click.UsageError("Missing option '--out': the folder where the results go. To see first: --dry-run.")
    course = load_course(course_root)
    people = read_roster(roster) if roster is not None else Roster()
    policy = read_late_policy(late_policy) if late_policy is not None else None
    if dry_run or out is None:
        with _intake(submissions, course, people) as intake:
            _name_wrapper(intake)
            _list(intake, people)
        return

    count = workers or os.cpu_count() or 1
    with results_folder(out) as journal, Pool(count, course.root, isolation) as pool, ExitStack() as stack:
        drawn = seed_of_batch(journal, seed)
        emit(f"Seed {drawn}. The same command uses it again.\n")
        # The workers start meanwhile: what follows takes this process as long.
        from grader.batch.results import Results, faults_of, refused_in
        from grader.cli.batch_progress import teller
        from grader.report.pages import NOT_ISOLATED

        told = stack.enter_context(teller())
        intake = stack.enter_context(_intake(submissions, course, people))
        _name_wrapper(intake)
        left_out = intake.ignored_counts()
        unread = [str(one) for one in islice(intake.ignored(), LISTED) if one.kind == "refused"]
        started = time.monotonic()
        runs: list[tuple[int, int]] = []
        first: Progress | None = None
        for extra in range(repeat or 1):
            repeats = runs[0][1] if runs else None
            batch = Batch(course, journal, pool, Settings(drawn + extra, isolation, not resume, repeats))
            try:
                batch.grade(intake, told.tell)
            except KeyboardInterrupt:
                done = batch.progress.graded + batch.progress.reused
                note(f"\nStopped. {done} reports are recorded. Run the same command to continue.")
                ctx.exit(130)
            runs.append((drawn + extra, batch.run))
            first = first or batch.progress
            told.tell(batch.progress, last=True)
        pool.close()
        told.stage("Writing the results")
        results = Results(journal, runs[0][1], course, out, people, policy)
        results.write()
        results.write_run(first or batch.progress, time.monotonic() - started, count)
        faults = list(faults_of(journal, runs[0][1]))
        refused = list(refused_in(journal, runs[0][1]))
        changed = _unsteady(journal, runs, out) if repeat else 0
    _tell_left_out(left_out, unread)
    _tell_some("not graded", refused, out)
    if results.missing:
        emit(f"{results.missing} of {len(people.people)} learners in the roster handed nothing in.\n")
    if isolation == "process":
        note(f"Not isolated. {NOT_ISOLATED}")
    emit(f"The test inputs came from seed {drawn}.\n")
    emit(f"The class is in {out / 'index.html'}, the gradebook in {out / 'gradebook.csv'}.\n")
    _tell_some("fault of the grader", faults, out)
    ctx.exit(NOT_ALL_GRADED if faults or refused or changed else ALL_GRADED)


def _tell_left_out(counts: Mapping[str, int], unread: Sequence[str]) -> None:
    """Say how many files are not graded, and name the first of those that an instructor should look at."""
    ignored = sum(counts.values())
    emit(f"{ignored} files left out; --dry-run lists them.\n" if ignored else "No file was left out.\n")
    for line in unread:
        note(f"refused: {line}")
    if (more := counts.get("refused", 0) - len(unread)) > 0:
        note(f"and {more} more refused; --dry-run lists them all.")


def _tell_some(label: str, lines: Sequence[str], out: Path) -> None:
    """Write the first lines to standard error, and where the others are."""
    from grader.text import for_line

    for line in lines[:LISTED]:
        note(f"{label}: {for_line(line)}")
    if len(lines) > LISTED:
        note(f"and {len(lines) - LISTED} more; {out / 'index.html'} has them all.")


def _intake(submissions: Path, course: Course, people: Roster) -> Intake:
    from grader.submission.intake import ExerciseName, Intake

    names = [ExerciseName(exercise.key, exercise.rubric.module) for exercise in course]
    return Intake(submissions, names, people.resolve, people.__contains__)


def _name_wrapper(intake: Intake) -> None:
    """Say which folder was taken for nobody's: a learner whose folder is the only one is taken for that, too."""
    from grader.text import for_line

    if intake.wrapper:
        note(
            f"Reading the submissions inside {for_line(intake.wrapper)}. If this is the folder of a learner, "
            "name the learner in --roster, or grade the folder together with others."
        )


def _list(intake: Intake, people: Roster) -> None:
    """Print everything that would be graded and everything that would not."""
    from grader.text import counted, for_line

    seen = ""
    refused = 0
    handed_in: set[str] = set()
    for hand_in in intake.hand_ins():
        person = people.people.get(hand_in.learner)
        name = (person.name if person is not None else "") or hand_in.name
        called = f"{hand_in.learner} ({name})" if name and name != hand_in.learner else hand_in.learner
        late = ", late" if hand_in.late else ""
        stranger = ", not in the roster" if people and person is None else ""
        if hand_in.refusal:
            refused += 1
            emit(f"refused  {for_line(called)}, {hand_in.exercise}: {hand_in.refusal}\n")
        else:
            emit(f"grade    {for_line(called)}, {hand_in.exercise}: {hand_in.origin}{late}{stranger}\n")
        if people and hand_in.learner != seen:
            handed_in.add(seen := hand_in.learner)
    for learner in sorted(people.people.keys() - handed_in):
        name = people.people[learner].name
        emit(f"missing  {for_line(learner)}{f' ({for_line(name)})' if name else ''}: handed nothing in\n")
    for one in intake.ignored():
        emit(f"ignored  {one.origin}: {one.why}\n")
    platforms = " and ".join(intake.platforms()) or "nothing known"
    count = intake.count()
    some = f", {refused} of them refused" if refused else ""
    emit(f"{counted(count, 'hand-in')}{some}, recognised as: {platforms}. Nothing was graded.\n")


def _unsteady(journal: Journal, runs: list[tuple[int, int]], out: Path) -> int:
    """Name each check whose verdict depends on the seed; how many there are."""
    from grader.batch.comparison import unsteady_checks, write_unsteady
    from grader.text import for_line

    found = 0
    for one in write_unsteady(out / "unsteady.csv", runs, unsteady_checks(journal, runs)):
        found += 1
        if found <= LISTED:
            verdicts = ", ".join(f"{seed}: {verdict}" for (seed, _), verdict in zip(runs, one.verdicts, strict=True))
            note(f"unsteady: {for_line(one.learner)} {one.exercise} {one.check} ({verdicts})")
    if found:
        note(f"{found} verdicts changed with the seed; {out / 'unsteady.csv'} has them all.")
    else:
        emit(f"No verdict changed over {len(runs)} seeds.\n")
    return found
