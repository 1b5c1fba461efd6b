"""The entry point of `grade`: one message for each way to end, and an exit code that a script can trust.

0 all points, 1 graded but not all points, 2 usage or unreadable input, 3 a fault of the grader; 130 stopped by the
user, 141 the reader of our output went away, as shells count signals.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import Any

import click

from grader import __version__
from grader.cli import STOPPED
from grader.cli.group import LazyGroup
from grader.cli.options import DEBUG_KEY, debug_option
from grader.cli.streams import note, output_failure, prepare_standard_streams, silence
from grader.current_folder import leave_current_folder
from grader.grade_error import GradeError

USAGE = 2
GRADER_FAULT = 3
READER_GONE = 141

COMMANDS = {
    "next": ("grader.cli.commands.next_thing", "Do what comes next: review, begin an exercise, or continue one."),
    "start": ("grader.cli.commands.start", "Put a fresh stub of an exercise into a folder."),
    "watch": ("grader.cli.commands.watch", "Grade your file after every save, on one screen."),
    "exercise": ("grader.cli.commands.exercise", "Grade your solution of one exercise."),
    "hint": ("grader.cli.commands.hint", "Show one more hint for what you have not solved yet."),
    "list": ("grader.cli.commands.list_exercises", "List the exercises, your points and your files."),
    "reset": ("grader.cli.commands.reset", "Save your file under another name, and start over."),
    "solution": ("grader.cli.commands.solution", "Show our solution of an exercise, once you have all its points."),
    "learn": ("grader.cli.commands.learn", "Go through a lesson that stops and asks."),
    "lesson": ("grader.cli.commands.lesson", "Read a lesson, or listen to it."),
    "flashcards": ("grader.cli.commands.flashcards", "Review the cards that are due."),
    "quiz": ("grader.cli.commands.quiz", "Answer questions, with an explanation for each answer."),
    "play": ("grader.cli.commands.play", "Play a game with the material of the course."),
    "progress": ("grader.cli.commands.learner_progress", "Show how far you are, and what to do next."),
    "study": ("grader.cli.commands.study", "Show, copy or delete your learning record."),
    "export": ("grader.cli.commands.export", "Export cards or questions, or an exercise to Gradescope."),
    "doctor": ("grader.cli.commands.doctor", "Check this machine, and say how to fix what is missing."),
    "completion": ("grader.cli.commands.completion", "Print the script that completes commands in your shell."),
    "batch": ("grader.cli.commands.batch", "For instructors: grade a folder of submissions."),
    "compare": ("grader.cli.commands.compare", "For instructors: list the scores that changed between two runs."),
    "override": ("grader.cli.commands.override", "For instructors: decide points by hand, or excuse a learner."),
    "explain": ("grader.cli.commands.explain", "For instructors: show the inputs and answers behind a grade."),
    "regrade": ("grader.cli.commands.regrade", "For instructors: grade single submissions again."),
    "mail": ("grader.cli.commands.mail", "For instructors: write messages with the reports."),
    "similarity": ("grader.cli.commands.similarity", "For instructors: list programs that are very similar."),
    "release": ("grader.cli.commands.release", "For instructors: make a practice kit without the solutions."),
    "course": ("grader.cli.commands.course_group", "For authors: check and compile a course."),
}
SECTIONS = {
    "Solve exercises": ("next", "start", "watch", "exercise", "hint", "list", "reset", "solution"),
    "Study": ("learn", "lesson", "flashcards", "quiz", "play", "progress", "study", "export"),
    "Your machine": ("doctor", "completion"),
    "For instructors and authors": (
        "batch",
        "compare",
        "override",
        "explain",
        "regrade",
        "mail",
        "similarity",
        "release",
        "course",
    ),
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
            if _was_interrupted(error):
                raise KeyboardInterrupt from error
            failure = output_failure() if isinstance(error, OSError) else None
            if failure is not None:
                ctx.exit(_unwritten(failure))
            ctx.exit(_end(error, debug=bool(ctx.meta.get(DEBUG_KEY) or os.environ.get("GRADE_DEBUG"))))


@click.command(
    cls=Grade,
    table=COMMANDS,
    sections=SECTIONS,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="`grade exercise 3` grades exercise 3. Exit codes: 0 all points, 1 not all points, 2 wrong usage or "
    "unreadable input, 3 a fault of the grader.",
)
@click.version_option(__version__, prog_name="grade")
@debug_option
@click.pass_context
def grade(ctx: click.Context) -> None:
    """Grade exercises on your own machine."""
    if ctx.invoked_subcommand is None:
        from grader.cli.welcome import welcome

        welcome(ctx)


def run_script() -> int:
    """Run `grade` with the arguments of this process and return its exit code."""
    leave_current_folder()
    prepare_standard_streams()
    return run(sys.argv[1:])


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


def _was_interrupted(error: BaseException | None) -> bool:
    """Return True if an exception was caused by Ctrl-C: Python 3.11 wraps what is raised while it makes a class."""
    while error is not None and not isinstance(error, KeyboardInterrupt):
        error = error.__cause__
    return error is not None


def _unwritten(error: OSError) -> int:
    """Say why standard output cannot be written, unless its reader is gone. Return the exit code."""
    silence(sys.stdout)
    if isinstance(error, BrokenPipeError):
        return READER_GONE
    note(f"Error: Standard output cannot be written: {error.strerror or error}.")
    return USAGE


def _end(error: Exception, debug: bool) -> int:
    """Say on stderr what ended the command, and return its exit code."""
    from grader.cli.advice import advice_for
    from grader.cli.output import ReaderGoneError, fault_text

    if isinstance(error, ReaderGoneError):
        return READER_GONE
    if isinstance(error, GradeError):
        faults = getattr(error, "faults", ())
        message = error.heading + ("\n".join(map(fault_text, faults)) if faults else str(error))
        if hasattr(error, "refusal"):
            message = f"{message}. {advice_for(error)}".rstrip()
        code = error.exit_code
    else:
        message = (
            f"grade itself broke: {type(error).__name__}: {error}\n"
            "This is our fault, not yours. Please tell your instructor, and include the output of the same command "
            "with --debug."
        )
        code = GRADER_FAULT
    if debug:
        import traceback

        note("".join(traceback.format_exception(error)).rstrip())
    note(f"Error: {message}")
    return code
