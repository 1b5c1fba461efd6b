"""The words of a lesson that is read aloud, their voices, and the silences between them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum

from grader.study.lessons import Chunk, Lesson
from grader.study.spoken_form import spoken_form

TURN_SECONDS, PART_SECONDS, CHAPTER_SECONDS = 0.3, 0.8, 1.5
SUMMARY_LEVEL = "medium"
_TURN = re.compile(r"\*\*(\w+):\*\* (.*)", re.DOTALL)


class Voice(Enum):
    """The speaker of an utterance."""

    NARRATOR = "narrator"
    TEACHER = "teacher"
    STUDENT = "student"


@dataclass(frozen=True)
class Utterance:
    """Words that one voice says without a pause."""

    voice: Voice
    text: str


@dataclass(frozen=True)
class Part:
    """A part of a chapter: its title, and what is said."""

    title: str
    utterances: tuple[Utterance, ...]


@dataclass(frozen=True)
class Chapter:
    """A lesson as it is read aloud."""

    key: str
    title: str
    parts: tuple[Part, ...]


def chapter_of(lesson: Lesson, level: str | None = None) -> Chapter:
    """Return a lesson for reading aloud: title, dialogue, summary and chunks; with `level`, only this summary."""
    summary = lesson.summaries[level or SUMMARY_LEVEL]
    parts = [Part(lesson.title, (_narrated(f"{lesson.title}."),))]
    if level is None:
        parts.append(Part("Dialogue", tuple(_turns(lesson.sections["Dialogue"]))))
    parts.append(Part("Summary", tuple(_paragraphs(summary, heading="Summary."))))
    if level is None:
        parts += chunks_of(lesson).parts[1:]
    return Chapter(lesson.exercise, lesson.title, tuple(parts))


def chunks_of(lesson: Lesson) -> Chapter:
    """Return only the title and the chunks of a lesson, for reading aloud."""
    title = Part(lesson.title, (_narrated(f"{lesson.title}."),))
    return Chapter(lesson.exercise, lesson.title, (title, *map(part_of_chunk, lesson.chunks)))


def part_of_chunk(chunk: Chunk) -> Part:
    """Return one chunk for reading aloud."""
    texts = (f"{chunk.title}.", chunk.text, chunk.explanation, f"As a picture: {chunk.analogy}")
    return Part(chunk.title, tuple(map(_narrated, texts)))


def _turns(dialogue: str) -> Iterator[Utterance]:
    """Yield the turns of a dialogue. The voice tells who speaks, so the names are not said."""
    voices = {"Teacher": Voice.TEACHER, "Student": Voice.STUDENT}
    for turn in dialogue.split("\n\n"):
        found = _TURN.fullmatch(turn.strip())
        voice, text = (voices.get(found[1], Voice.NARRATOR), found[2]) if found else (Voice.NARRATOR, turn)
        yield from _said(voice, text)


def _paragraphs(text: str, heading: str) -> Iterator[Utterance]:
    yield _narrated(heading)
    for paragraph in re.split(r"\n\s*\n", text):
        yield from _said(Voice.NARRATOR, paragraph)


def _said(voice: Voice, text: str) -> Iterable[Utterance]:
    spoken = spoken_form(text)
    return [Utterance(voice, spoken)] if spoken else []


def _narrated(text: str) -> Utterance:
    return Utterance(Voice.NARRATOR, spoken_form(text))
