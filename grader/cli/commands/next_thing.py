"""`grade next`."""

from __future__ import annotations

from pathlib import Path

import click

from grader.cli.options import course_option, debug_option
from grader.cli.suggested import suggested


@click.command("next")
@course_option
@debug_option
@click.pass_context
def command(ctx: click.Context, course_root: Path) -> None:
    """Do what comes next: review, begin an exercise, or continue one.

    An exercise without a file here gets its stub. An exercise with a file is watched on a terminal, and graded in a
    pipe.
    """
    from grader.cli.dialogue import open_record
    from grader.study.clock import milliseconds_now
    from grader.study.next_step import StepKind
    from grader.study.overview import overview_of
    from grader.study.schedule import at

    with open_record() as record:
        step = overview_of(record, course_root, at(milliseconds_now())).step
    if step.kind in (StepKind.REVIEW_CARDS, StepKind.LEARN_CARDS):
        _run(ctx, "flashcards", course_root)
    elif step.kind is StepKind.ANSWER_QUESTIONS:
        _run(ctx, "quiz", course_root)
    elif step.kind is StepKind.NOTHING:
        from grader.cli.output import emit

        sentence = step.sentence(suggested)
        emit(f"{sentence[:1].upper()}{sentence[1:]}\n")
    else:
        _go_to_exercise(ctx, course_root, step.exercise)


def _go_to_exercise(ctx: click.Context, course_root: Path, key: str) -> None:
    from grader.cli.output import emit
    from grader.cli.own_file import number_of, own_file
    from grader.cli.watching.live_terminal import is_live
    from grader.course import load_course

    exercise = load_course(course_root).find(key)
    number = number_of(exercise)
    if own_file(exercise) is None:
        emit(f"Exercise {number}: {exercise.rubric.title}. The lesson is here: {suggested(f'lesson {number}')}\n")
        _run(ctx, "start", course_root, str(number))
        emit(f"Then keep this open while you write: {suggested(f'watch {number}')}\n")
        return
    _run(ctx, "watch" if is_live() else "exercise", course_root, str(number))


def _run(ctx: click.Context, name: str, course_root: Path, *arguments: str) -> None:
    """Run another command as if it had been typed."""
    from grader.course import usual_course_root

    assert ctx.parent is not None
    assert isinstance(ctx.parent.command, click.Group)
    chosen = ctx.parent.command.get_command(ctx.parent, name)
    assert chosen is not None
    is_usual = course_root.resolve() == usual_course_root().resolve()
    options = [] if is_usual else ["--course", str(course_root)]
    with chosen.make_context(name, [*arguments, *options], parent=ctx.parent) as inner:
        chosen.invoke(inner)
