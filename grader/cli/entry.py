"""Where `grade` begins and how it ends: one message for each ending, and an exit code that a script can trust.

0 all points, 1 graded but not all points, 2 usage or unreadable input, 3 a fault of the grader; 130 stopped by the
user, 141 the reader of our output went away, as shells count signals.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import Any, NoReturn

import click

from grader import __version__
from grader.cli.group import LazyGroup
from grader.cli.options import DEBUG_KEY, debug_option
from grader.cli.streams import note, output_failure, prepare_standard_streams, silence
from grader.current_folder import leave_current_folder

USAGE = 2
GRADER_FAULT = 3
STOPPED = 130
READER_GONE = 141

COMMANDS = {
    "exercise": ("grader.cli.exercise", "Grade your solution of one exercise."),
    "hint": ("grader.cli.hint", "One hint more on what the last grading left open."),
    "list": ("grader.cli.list", "List the exercises, their points and their files."),
    "start": ("grader.cli.start", "Put a fresh stub of an exercise into a folder."),
    "lesson": ("grader.cli.lesson", "Read a lesson, or have it read out."),
    "flashcards": ("grader.cli.flashcards", "Review the cards that are due."),
    "quiz": ("grader.cli.quiz", "Answer questions, with an explanation for each answer."),
    "play": ("grader.cli.play", "Two games with what you learn."),
    "progress": ("grader.cli.overview", "How far you are, and the one next thing to do."),
    "study": ("grader.cli.study", "Your learning record."),
    "export": ("grader.cli.export", "Cards and questions for Anki, Moodle, Canvas or a spreadsheet."),
    "batch": ("grader.cli.batch", "For instructors: grade a folder of submissions."),
    "compare": ("grader.cli.compare", "For instructors: list the scores that changed between two runs."),
    "course": ("grader.cli.course", "For authors: look after a course."),
}


class Grade(LazyGroup):
    """The root of all commands: whatever ends a command ends here, with its message and its exit code."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command."""
        try:
            return super().invoke(ctx)
        except (click.exceptions.Exit, click.ClickException, click.Abort):
            raise
        except Exception as error:
            failure = output_failure() if isinstance(error, OSError) else None
            if failure is not None:
                ctx.exit(_unwritten(failure))
            ctx.exit(_end(error, debug=bool(ctx.meta.get(DEBUG_KEY) or os.environ.get("GRADE_DEBUG"))))


@click.command(
    cls=Grade,
    table=COMMANDS,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="`grade exercise 3` grades exercise 3. Exit codes: 0 all points, 1 not all points, 2 wrong usage or "
    "unreadable input, 3 a fault of the grader.",
)
@click.version_option(__version__, prog_name="grade")
@debug_option
def grade() -> None:
    """Grade exercises on your own machine."""


def main() -> NoReturn:
    """Run the console script."""
    leave_current_folder()
    prepare_standard_streams()
    sys.exit(run(sys.argv[1:]))


def run(arguments: Sequence[str]) -> int:
    """Run `grade` with these arguments and return its exit code."""
    try:
        code = grade.main(list(arguments), prog_name="grade", standalone_mode=False)
        if sys.stdout is not None:
            sys.stdout.flush()
    except click.ClickException as error:
        try:
            error.show()
        except OSError:
            silence(sys.stderr)
        return USAGE
    except (click.Abort, KeyboardInterrupt):
        note("Stopped.")
        return STOPPED
    except OSError as error:
        return _unwritten(error)
    return code if isinstance(code, int) else 0


def _unwritten(error: OSError) -> int:
    """Say why standard output cannot be written, unless its reader is gone. Return the exit code."""
    silence(sys.stdout)
    if isinstance(error, BrokenPipeError):
        return READER_GONE
    note(f"Error: Standard output cannot be written: {error.strerror or error}.")
    return USAGE


def _end(error: Exception, debug: bool) -> int:
    """Say on stderr what ended the command; the exit code that belongs to it."""
    from grader.batch.batch_journal import JournalError
    from grader.batch.pool import WorkerError
    from grader.batch.run import BatchError
    from grader.cli.advice import after_isolation_error, after_worker_error
    from grader.cli.memory import StateError
    from grader.cli.output import OutputError, ReaderGoneError, fault_text
    from grader.course import CourseError, UnknownExerciseError
    from grader.grading.worker import MissingPackageError
    from grader.sandbox import IsolationError
    from grader.study.record_file import StudyError
    from grader.submission import SubmissionError
    from grader.submission.intake.error import FaultyFileError, IntakeError

    if isinstance(error, ReaderGoneError):
        return READER_GONE
    if isinstance(error, CourseError):
        faults = "\n".join(fault_text(fault) for fault in error.faults)
        message, code = f"This course cannot be used.\n{faults}", USAGE
    elif isinstance(error, FaultyFileError):
        message, code = "\n".join(fault_text(fault) for fault in error.faults), USAGE
    elif isinstance(
        error,
        MissingPackageError
        | UnknownExerciseError
        | SubmissionError
        | IntakeError
        | OutputError
        | StateError
        | BatchError
        | JournalError
        | StudyError,
    ):
        message, code = str(error), USAGE
    elif isinstance(error, WorkerError):
        message, code = f"No worker can be started: {error}. {after_worker_error(error)}".rstrip(), USAGE
    elif isinstance(error, IsolationError):
        message, code = (
            f"The sandbox is unavailable on this machine: {error}. {after_isolation_error(error)}".rstrip(),
            USAGE,
        )
    else:
        message = (
            f"grade itself broke: {type(error).__name__}: {error}\n"
            "This is our fault and not yours. Please tell whoever runs your course, with what the same command prints "
            "under --debug."
        )
        code = GRADER_FAULT
    if debug:
        import traceback

        note("".join(traceback.format_exception(error)).rstrip())
    note(f"Error: {message}")
    return code
