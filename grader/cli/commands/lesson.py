"""`grade lesson`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from grader.cli.options import course_option, debug_option
from grader.study.lessons import LEVELS

if TYPE_CHECKING:
    from grader.cli.dialogue import Dialogue
    from grader.study.learning_record import LearningRecord
    from grader.study.lessons import Chunk, Lesson

HEARD = "heard"
CONTINUES = "The same command continues from here."


@click.command("lesson")
@click.argument("topic", required=False)
@click.option("--level", type=click.Choice(LEVELS), help="Show only the summary of this length.")
@click.option("--listen", is_flag=True, help="Read it aloud with this machine's voice.")
@click.option("--out", metavar="FILE", type=click.Path(path_type=Path), help="Write a sound file (WAV) instead.")
@click.option("--audiobook", is_flag=True, help="Go through the chunks; continue where you stopped.")
@course_option
@debug_option
def command(
    topic: str | None, level: str | None, listen: bool, out: Path | None, audiobook: bool, course_root: Path
) -> None:
    """Read a lesson, or listen to it.

    TOPIC is a name such as pooling, or the number of an exercise. Without it, the lessons are listed.
    """
    from grader.cli.output import check_writable
    from grader.cli.topics import topic_named
    from grader.study.lessons import read_lessons

    lessons = read_lessons(course_root)
    wanted = topic_named(topic, {one.topic: one.exercise for one in lessons.values()})
    if out is not None:
        if not (listen or audiobook):
            raise click.UsageError("--out writes a sound file: add --listen.")
        check_writable(out)
    if audiobook:
        if level is not None:
            raise click.UsageError("--audiobook reads chunks, and --level chooses a summary. Leave one of them out.")
        _audiobook([lessons[wanted]] if wanted else list(lessons.values()), listen, out)
    elif wanted is None:
        if level is not None or listen:
            raise click.UsageError(f"Which lesson? Choose one of {', '.join(lessons)}.")
        _list(lessons)
    elif listen:
        _say(_spoken_text(lessons[wanted], level), out)
    else:
        _show(lessons[wanted], level, course_root)


def _list(lessons: Mapping[str, Lesson]) -> None:
    """Print topics and titles, side by side if they fit."""
    from grader.cli.output import columns, emit

    width = max(map(len, lessons))
    fits = width + 2 + max(len(lesson.title) for lesson in lessons.values()) <= columns()
    gap = "  " if fits else "\n  "
    emit("".join(f"{name:<{width if fits else 0}}{gap}{one.title}\n" for name, one in lessons.items()))
    emit(f"\nRead one with: grade lesson {next(iter(lessons))}\n")


def _spoken_text(lesson: Lesson, level: str | None) -> str:
    """Return the text for reading aloud: the summary of this level, or all chunks."""
    from grader.study.lessons import plain, spoken

    return plain(lesson.summaries[level]) if level else "\n\n".join(map(spoken, lesson.chunks))


def _show(lesson: Lesson, level: str | None, root: Path) -> None:
    """Show the lesson: in a pager if it does not fit on the terminal, as plain text elsewhere."""
    import os
    import shutil
    import sys

    from grader.cli.output import columns, emit, needs_ascii, wants_colour
    from grader.study.lesson_pictures import Drawing, with_pictures
    from grader.study.lessons import plain

    parts = {f"Summary, {level}": lesson.summaries[level]} if level else lesson.sections
    markdown = f"# {lesson.title}\n\n" + "\n\n".join(f"## {name}\n\n{text}" for name, text in parts.items()) + "\n"
    on_terminal = sys.stdout is not None and sys.stdout.isatty()
    drawing = Drawing(columns(), digits=not on_terminal or needs_ascii(sys.stdout))
    markdown = with_pictures(markdown, root, lesson.exercise, drawing)
    if not on_terminal:
        emit(plain(markdown))
        return
    from rich.console import Console
    from rich.markdown import Markdown

    console = Console(width=columns())
    with console.capture() as captured:
        console.print(Markdown(markdown))
    text = captured.get()
    if text.count("\n") < shutil.get_terminal_size((80, 24)).lines:
        emit(text, colour=wants_colour(sys.stdout, os.environ))
    else:
        click.echo_via_pager(text)


def _audiobook(lessons: list[Lesson], listen: bool, out: Path | None) -> None:
    """Go through the chunks from where the learner stopped, and note each one that is finished."""
    from grader.cli.dialogue import Dialogue
    from grader.cli.user_state import record_path
    from grader.study.learning_record import LearningRecord
    from grader.study.lessons import spoken

    chunks = {f"{lesson.topic}/{number}": chunk for lesson in lessons for number, chunk in enumerate(lesson.chunks)}
    dialogue = Dialogue()
    with LearningRecord(record_path()) as record:
        left = _not_heard(record, dialogue, list(chunks))
        if out is not None:
            _say("\n\n".join(spoken(chunks[name]) for name in left), out)
            record.add_events([(HEARD, name, "") for name in left])
            return
        try:
            last = _read_on(record, dialogue, chunks, left, listen)
        except KeyboardInterrupt:
            dialogue.say()
            last = CONTINUES
        dialogue.say(last)


def _not_heard(record: LearningRecord, dialogue: Dialogue, names: list[str]) -> list[str]:
    """Return the chunks that were not heard yet. If all were heard, start again and return all."""
    from grader.study.reading_place import begin_again, left_of

    left = left_of(record, HEARD, names)
    if left:
        return left
    begin_again(record, HEARD, names)
    dialogue.say("You have heard all chunks. Starting again.")
    return names


def _read_on(
    record: LearningRecord, dialogue: Dialogue, chunks: Mapping[str, Chunk], left: list[str], listen: bool
) -> str:
    """Read the chunks that are left, until the learner stops. Return the last message."""
    from grader.study.lessons import spoken

    places = {name: place for place, name in enumerate(chunks, 1)}
    for name in left:
        dialogue.say(f"\n{places[name]} of {len(chunks)} [{name.partition('/')[0]}]", dim=True)
        dialogue.say(spoken(chunks[name]))
        if listen and not _aloud(spoken(chunks[name])):
            return CONTINUES
        record.add_event(HEARD, name)
        if not listen and name != left[-1] and dialogue.key("", {" ": "continue", "q": "stop here"}) == "q":
            return CONTINUES
    return "\nThat was the last chunk."


def _aloud(text: str) -> bool:
    """Read a text aloud. If that fails, print why and return False."""
    from grader.cli.streams import note
    from grader.study.speech import SpeechError, say

    try:
        say(text)
    except SpeechError as error:
        note(str(error))
        return False
    return True


def _say(text: str, out: Path | None) -> None:
    """Read a text aloud, or show it if there is no voice. With `out`, write a sound file. Raises OutputError."""
    from grader.cli.output import OutputError, emit, shown_path, write_whole
    from grader.study.speech import SpeechError, sound_of

    if out is None:
        if not _aloud(text):
            emit(f"Here is the text instead.\n\n{text}\n")
        return
    try:
        sound = sound_of(text)
    except SpeechError as error:
        raise OutputError(str(error)) from None
    write_whole(out, sound)
    emit(f"Wrote the sound to {shown_path(out)}\n")
