"""`grade batch`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from grader.cli.options import course_option, debug_option

if TYPE_CHECKING:
    from grader.batch.run import Progress

ALL_GRADED, GRADER_FAULT = 0, 3
TELL_SECONDS = 2.0


@click.command("batch")
@click.argument("submissions", type=click.Path(path_type=Path))
@click.option("--out", required=True, metavar="FOLDER", type=click.Path(path_type=Path), help="Where the results go.")
@click.option(
    "--seed", type=click.IntRange(min=0), default=0, show_default=True, help="Another one draws other inputs."
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
@click.option("--force", is_flag=True, help="Grade again what was graded and has not changed.")
@click.option("--dry-run", is_flag=True, help="List what would be graded and what not, and stop.")
@debug_option
@click.pass_context
def command(
    ctx: click.Context,
    submissions: Path,
    out: Path,
    seed: int,
    course_root: Path | None,
    workers: int | None,
    isolation: str,
    force: bool,
    dry_run: bool,
) -> None:
    """For instructors: grade a folder of submissions.

    SUBMISSIONS holds a folder for each learner, or files <learner>_<module>.py. What was graded stays graded: the same
    command goes on where it was stopped, and grades what has changed.
    """
    import os

    from grader.batch.hand_ins import Ignored, hand_ins
    from grader.batch.results import faults_of, write_results
    from grader.batch.run import Batch, HandIn, Settings, results_folder
    from grader.course import builtin_course_root, load_course

    course = load_course(course_root or builtin_course_root())
    if dry_run:
        for found in hand_ins(submissions, course):
            if isinstance(found, Ignored):
                click.echo(f"ignored  {_printable(found.origin)}: {found.why}")
            else:
                click.echo(f"grade    {_printable(str(found.details['origin']))}: {found.learner!r}, {found.exercise}")
        return

    ignored: list[Ignored] = []

    def wanted() -> object:
        for found in hand_ins(submissions, course):
            if isinstance(found, HandIn):
                yield found
            else:
                ignored.append(found)

    settings = Settings(seed, isolation, workers or os.cpu_count() or 1, force)
    with results_folder(out) as journal:
        batch = Batch(course, journal, settings)
        teller = _Teller()
        try:
            batch.grade(wanted(), teller.tell)  # type: ignore[arg-type] # a generator of hand-ins
        except KeyboardInterrupt:
            done = batch.progress.graded + batch.progress.reused
            click.echo(f"\nStopped. {done} reports are recorded; the same command goes on from there.", err=True)
            ctx.exit(130)
        write_results(journal, batch.run, course, out)
        faults = list(faults_of(journal, batch.run))
    teller.tell(batch.progress, last=True)
    click.echo(f"{len(ignored)} files ignored; --dry-run lists them." if ignored else "No file was ignored.")
    click.echo(f"The gradebook is in {out / 'gradebook.csv'}, the reports below {out / 'reports'}.")
    for line in faults:
        click.echo(f"fault of the grader: {_printable(line)}", err=True)
    ctx.exit(GRADER_FAULT if faults else ALL_GRADED)


class _Teller:
    """Plain lines, one every two seconds: they read the same on a terminal, in a pipe and in a log."""

    def __init__(self) -> None:
        import time

        self._clock = time.monotonic
        self._started = self._told = self._clock()

    def tell(self, progress: Progress, last: bool = False) -> None:
        """Say how far it is, if it is time."""
        now = self._clock()
        if not last and now - self._told < TELL_SECONDS:
            return
        self._told = now
        rate = progress.graded / max(now - self._started, 1e-9)
        click.echo(
            f"{progress.found} found, {progress.graded} graded ({rate:.0f} a second), {progress.reused} unchanged, "
            f"{progress.faults} faults of the grader"
        )


def _printable(text: str) -> str:
    return "".join(character if character.isprintable() else repr(character)[1:-1] for character in text)
