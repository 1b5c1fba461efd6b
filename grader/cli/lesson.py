"""`grade lesson`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from grader.cli.options import course_option, debug_option

if TYPE_CHECKING:
    from grader.study.lesson import Lesson

LEVELS = ("basic", "medium", "detailed")


@click.command("lesson")
@click.argument("topic", required=False)
@click.option("--level", type=click.Choice(LEVELS), help="Only the summary, this long.")
@click.option("--listen", is_flag=True, help="Have it read out by this machine's voice.")
@click.option("--out", metavar="FILE", type=click.Path(path_type=Path), help="With --listen: into a sound file.")
@click.option("--audiobook", is_flag=True, help="The next chunk to listen to; it remembers where you stopped.")
@course_option
@debug_option
def command(
    topic: str | None, level: str | None, listen: bool, out: Path | None, audiobook: bool, course_root: Path | None
) -> None:
    """Read a lesson, or have it read out.

    TOPIC is a name such as pooling, or an exercise's number; without one, the lessons are listed.
    """
    from grader.cli.output import emit
    from grader.cli.topics import topic_named
    from grader.course import builtin_course_root
    from grader.study.lesson import plain, read_lessons, spoken

    if out is not None and not (listen or audiobook):
        raise click.UsageError("--out writes a sound file: add --listen.")
    lessons = read_lessons(course_root or builtin_course_root())
    wanted = topic_named(topic, {one.topic: one.exercise for one in lessons.values()})
    if audiobook:
        _audiobook([lessons[wanted]] if wanted else list(lessons.values()), listen, out)
        return
    if wanted is None:
        width = max(map(len, lessons))
        emit("".join(f"{name:<{width}}  {lesson.title}\n" for name, lesson in lessons.items()))
        emit("\nRead one with: grade lesson pooling\n")
        return
    lesson = lessons[wanted]
    if listen:
        texts = [lesson.summaries[level]] if level else [spoken(chunk) for chunk in lesson.chunks]
        _say(plain("\n\n".join(texts)), out)
        return
    _show(lesson, level)


def _show(lesson: Lesson, level: str | None) -> None:
    """In a pager on a terminal, as plain text elsewhere."""
    import sys

    from grader.cli.output import columns, emit
    from grader.study.lesson import SECTIONS, plain

    parts = (
        {f"Summary, {level}": lesson.summaries[level]} if level else {name: lesson.sections[name] for name in SECTIONS}
    )
    markdown = f"# {lesson.title}\n\n" + "\n\n".join(f"## {name}\n\n{text}" for name, text in parts.items()) + "\n"
    if not sys.stdout.isatty():
        emit(plain(markdown))
        return
    from rich.console import Console
    from rich.markdown import Markdown

    console = Console(width=min(columns(), 100))
    with console.capture() as captured:
        console.print(Markdown(markdown))
    click.echo_via_pager(captured.get())


def _audiobook(lessons: list[Lesson], listen: bool, out: Path | None) -> None:
    """One chunk, and a note that it was heard."""
    from grader.cli.dialogue import study_file
    from grader.cli.output import emit
    from grader.study.journal import Journal
    from grader.study.lesson import spoken

    with Journal(study_file()) as journal:
        names = [
            (f"{lesson.topic}/{number}", chunk) for lesson in lessons for number, chunk in enumerate(lesson.chunks)
        ]
        heard = [event.detail for event in journal.events("heard")]
        begun = max((i for i, event in enumerate(heard) if event == "from the beginning"), default=-1)
        left = [(name, chunk) for name, chunk in names if name not in heard[begun + 1 :]]
        if not left:
            journal.add_event("heard", detail="from the beginning")
            emit("You have heard all of it. It begins again with the next --audiobook.\n")
            return
        name, chunk = left[0]
        if listen or out is not None:
            _say(spoken(chunk), out)
        else:
            emit(f"{name.partition('/')[0]}: {spoken(chunk)}\n")
        journal.add_event("heard", detail=name)
        emit(f"\n{len(names) - len(left) + 1} of {len(names)} chunks. Go on with: grade lesson --audiobook\n")


def _say(text: str, out: Path | None) -> None:
    from grader.cli.output import emit, shown_path
    from grader.study.speech import SpeechError, speak

    try:
        speak(text, out)
    except SpeechError as error:
        click.echo(str(error), err=True)
        emit(text + "\n")
        return
    if out is not None:
        emit(f"The sound is in {shown_path(out)}\n")
