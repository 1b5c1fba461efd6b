"""`grade lesson`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from grader.cli.options import WRITTEN, course_option, debug_option, overwrite_option
from grader.cli.suggested import suggested
from grader.study.lessons import LEVELS

if TYPE_CHECKING:
    from grader.cli.dialogue import Dialogue
    from grader.study.learning_record import LearningRecord
    from grader.study.lessons import Chunk, Lesson

READ = "read"
HEARD = "heard"
CONTINUES = "The same command continues from here."


@click.command("lesson")
@click.argument("topic", required=False)
@click.option("--level", type=click.Choice(LEVELS), help="Show only the summary of this length.")
@click.option("--listen", is_flag=True, help="Read it aloud with this machine's voices.")
@click.option(
    "--out",
    metavar="PATH",
    type=WRITTEN,
    help="Write the sound instead: to a file (.wav; with ffmpeg also .mp3, .opus and .m4a, with soundfile .mp3), or "
    "one file per lesson to a folder.",
)
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
    from grader.cli.topics import topic_named
    from grader.cli.unit_overview import next_commands, show_overview
    from grader.study.lessons import read_lessons

    lessons = read_lessons(course_root)
    wanted = topic_named(topic, {one.topic: one.exercise for one in lessons.values()})
    chosen = [lessons[wanted]] if wanted else list(lessons.values())
    if out is not None and not (listen or audiobook):
        raise click.UsageError("--out writes a sound file: add --listen.")
    if audiobook and level is not None:
        raise click.UsageError("--audiobook reads chunks, and --level chooses a summary. Leave one of them out.")
    if out is not None:
        _record(chosen, level, audiobook, out, overwrite)
    elif audiobook:
        _audiobook(chosen, listen)
    elif wanted is None:
        if listen:
            raise click.UsageError(f"Which lesson? Choose one of {', '.join(lessons)}.")
        show_overview(course_root, lessons, level or LEVELS[0])
    elif listen:
        _read_aloud(lessons[wanted], level)
    else:
        _show(lessons[wanted], level, course_root, next_commands(course_root, lessons[wanted]))
        _note_reading(wanted)


def _record(lessons: list[Lesson], level: str | None, audiobook: bool, out: Path, overwrite: bool) -> None:
    """Write lessons as sound. Nothing counts as heard. Raises OutputError."""
    from grader.cli.audio import check_audio_target, write_audio
    from grader.study.narration import chapter_of, chunks_of

    check_audio_target(out, overwrite)
    write_audio([chunks_of(one) if audiobook else chapter_of(one, level) for one in lessons], out, overwrite)


def _read_aloud(lesson: Lesson, level: str | None) -> None:
    """Say a lesson. Raises OutputError if nothing can be heard."""
    from grader.cli.audio import read_chapter_aloud
    from grader.study.narration import chapter_of

    choice = f" --level {level}" if level else ""
    read_chapter_aloud(chapter_of(lesson, level), f"To read it: {suggested(f'lesson {lesson.topic}{choice}')}")


def _show(lesson: Lesson, level: str | None, root: Path, onward: str) -> None:
    """Show the lesson: in a pager if it does not fit on the terminal, as plain text elsewhere."""
    import os
    import shutil
    import sys

    from grader.cli.output import columns, emit, needs_ascii, wants_colour
    from grader.study.lesson_pictures import Drawing, with_pictures
    from grader.study.lessons import OBJECTIVES, SECTIONS, plain

    named = (name for name in (OBJECTIVES, *SECTIONS) if name in lesson.sections)
    rest = {name: text for name, text in lesson.sections.items() if name not in (OBJECTIVES, *SECTIONS)}
    whole = {name: lesson.sections[name] for name in named} | rest
    parts = {f"Summary, {level}": lesson.summaries[level]} if level else whole
    parts["Next"] = onward
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


def _note_reading(topic: str) -> None:
    """Note that a topic was begun, because new questions come from such topics. Reading needs no record."""
    import contextlib

    from grader.cli.user_state import record_path
    from grader.grade_error import GradeError
    from grader.study.learning_record import LearningRecord

    with contextlib.suppress(GradeError), LearningRecord(record_path()) as record:
        record.add_event(READ, topic)


def _audiobook(lessons: list[Lesson], listen: bool) -> None:
    """Go through the chunks from where the learner stopped, and note each one that is finished."""
    from grader.cli.dialogue import Dialogue
    from grader.cli.user_state import record_path
    from grader.study.learning_record import LearningRecord

    chunks = {f"{one.topic}/{number}": (one, chunk) for one in lessons for number, chunk in enumerate(one.chunks)}
    dialogue = Dialogue()
    with LearningRecord(record_path()) as record:
        left = _not_heard(record, dialogue, list(chunks))
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
    record: LearningRecord,
    dialogue: Dialogue,
    chunks: Mapping[str, tuple[Lesson, Chunk]],
    left: list[str],
    listen: bool,
) -> str:
    """Read the chunks that are left, until the learner stops. Return the last message."""
    from grader.study.lessons import spoken

    places = {name: place for place, name in enumerate(chunks, 1)}
    before = None
    for name in left:
        lesson, chunk = chunks[name]
        dialogue.say(f"\n{places[name]} of {len(chunks)} [{lesson.topic}]", dim=True)
        dialogue.say(spoken(chunk))
        if listen:
            _say_chunk(lesson, chunk, before)
            before = lesson
        record.add_event(HEARD, name)
        if not listen and name != left[-1] and dialogue.key("", {" ": "continue", "q": "stop here"}) == "q":
            return CONTINUES
    return "\nThat was the last chunk."


def _say_chunk(lesson: Lesson, chunk: Chunk, before: Lesson | None) -> None:
    """Say a chunk, and the title of its lesson if another lesson came `before`. Raises OutputError."""
    import time

    from grader.cli.audio import read_aloud
    from grader.study.narration import CHAPTER_SECONDS, PART_SECONDS, chunks_of, part_of_chunk

    instead = f"To read it: {suggested(f'lesson {lesson.topic} --audiobook')}"
    if before is not None:
        time.sleep(PART_SECONDS if before is lesson else CHAPTER_SECONDS)
    if before is not lesson:
        read_aloud(chunks_of(lesson).parts[0], instead)
        time.sleep(PART_SECONDS)
    read_aloud(part_of_chunk(chunk), instead)
