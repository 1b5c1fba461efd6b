"""`grade lesson`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from grader.cli.options import course_option, debug_option, overwrite_option
from grader.study.lessons import LEVELS

if TYPE_CHECKING:
    from grader.cli.destination import Destination
    from grader.cli.dialogue import Dialogue
    from grader.study.learning_record import LearningRecord
    from grader.study.lessons import Chunk, Lesson

READ = "read"
HEARD, AGAIN = "heard", "again from the beginning"
CONTINUES = "The same command continues from here."


@click.command("lesson")
@click.argument("topic", required=False)
@click.option("--level", type=click.Choice(LEVELS), help="Show only the summary of this length.")
@click.option("--listen", is_flag=True, help="Read it aloud with this machine's voice.")
@click.option("--out", metavar="FILE", type=click.Path(path_type=Path), help="Write a sound file (WAV) instead.")
@overwrite_option
@click.option("--audiobook", is_flag=True, help="Go through the chunks; continue where you stopped.")
@course_option
@debug_option
def command(
    topic: str | None,
    level: str | None,
    listen: bool,
    out: Path | None,
    overwrite: bool,
    audiobook: bool,
    course_root: Path,
) -> None:
    """Read a lesson, or listen to it.

    TOPIC is a name such as pooling, or the number of an exercise. Without it, you get an overview of the whole unit.
    """
    from grader.cli.destination import destination_of
    from grader.cli.topics import topic_named
    from grader.cli.unit_overview import next_commands, show_overview
    from grader.study.lessons import read_lessons

    lessons = read_lessons(course_root)
    wanted = topic_named(topic, {one.topic: one.exercise for one in lessons.values()})
    if out is not None and not (listen or audiobook):
        raise click.UsageError("--out writes a sound file: add --listen.")
    destination = destination_of(out, "sound", (".wav",), overwrite)
    if audiobook:
        if level is not None:
            raise click.UsageError("--audiobook reads chunks, and --level chooses a summary. Leave one of them out.")
        _audiobook([lessons[wanted]] if wanted else list(lessons.values()), listen, destination)
    elif wanted is None:
        if listen:
            raise click.UsageError(f"Which lesson? Choose one of {', '.join(lessons)}.")
        show_overview(course_root, lessons, level or LEVELS[0])
    elif listen:
        _say(_spoken_text(lessons[wanted], level), destination)
    else:
        _show(lessons[wanted], level, next_commands(course_root, lessons[wanted]))
        _note_reading(wanted)


def _spoken_text(lesson: Lesson, level: str | None) -> str:
    """Return the text for reading aloud: the summary of this level, or all chunks."""
    from grader.study.lessons import plain, spoken

    return plain(lesson.summaries[level]) if level else "\n\n".join(map(spoken, lesson.chunks))


def _show(lesson: Lesson, level: str | None, onward: str) -> None:
    """Show the lesson in a pager on a terminal, as plain text elsewhere."""
    import sys

    from grader.cli.output import columns, emit
    from grader.study.lessons import OBJECTIVES, SECTIONS, plain

    parts = (
        {f"Summary, {level}": lesson.summaries[level]}
        if level
        else {name: lesson.sections[name] for name in (OBJECTIVES, *SECTIONS) if name in lesson.sections}
    )
    parts["Next"] = onward
    markdown = f"# {lesson.title}\n\n" + "\n\n".join(f"## {name}\n\n{text}" for name, text in parts.items()) + "\n"
    if sys.stdout is None or not sys.stdout.isatty():
        emit(plain(markdown))
        return
    from rich.console import Console
    from rich.markdown import Markdown

    console = Console(width=columns())
    with console.capture() as captured:
        console.print(Markdown(markdown))
    click.echo_via_pager(captured.get())


def _note_reading(topic: str) -> None:
    """Note that a topic was begun, because new questions come from such topics. Reading needs no record."""
    import contextlib

    from grader.cli.user_state import record_path
    from grader.grade_error import GradeError
    from grader.study.learning_record import LearningRecord

    with contextlib.suppress(GradeError), LearningRecord(record_path()) as record:
        record.add_event(READ, topic)


def _audiobook(lessons: list[Lesson], listen: bool, out: Destination | None) -> None:
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
    heard: set[str] = set()
    for event in record.events(HEARD):
        heard = heard - {event.card_key} if event.detail == AGAIN else heard | {event.card_key}
    left = [name for name in names if name not in heard]
    if left:
        return left
    record.add_events([(HEARD, name, AGAIN) for name in names])
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


def _say(text: str, out: Destination | None) -> None:
    """Read a text aloud, or show it if there is no voice. With `out`, write a sound file. Raises OutputError."""
    from grader.cli.output import OutputError, emit, shown_path
    from grader.study.speech import SpeechError, sound_of

    if out is None:
        if not _aloud(text):
            emit(f"Here is the text instead.\n\n{text}\n")
        return
    try:
        sound = sound_of(text)
    except SpeechError as error:
        raise OutputError(str(error)) from None
    out.write(sound)
    emit(f"Wrote the sound to {shown_path(out.path)}\n")
