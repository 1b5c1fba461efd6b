"""Lessons in Markdown: a dialogue, summaries at three levels, chunks to listen to, examples and memory aids."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from grader.course.fault import CourseError, Fault
from grader.study.folder import texts_named

LEVELS = ("basic", "medium", "detailed")
SECTIONS = (
    "Dialogue", "Summary", "Listen", "Key concepts", "Worked example", "In the real world", "Memory aids",
)  # fmt: skip
_TITLE = re.compile(r"# (.+?) \{#([a-z0-9-]+)\}\s*")


@dataclass(frozen=True)
class Chunk:
    """A piece to listen to: what is read out, what it means, and what it is like."""

    title: str
    text: str
    explanation: str
    analogy: str


@dataclass(frozen=True)
class Lesson:
    """One topic. `sections` are texts in Markdown by their heading."""

    topic: str
    title: str
    exercise: str
    sections: dict[str, str]
    summaries: dict[str, str]
    chunks: tuple[Chunk, ...]


def read_lessons(root: Path) -> dict[str, Lesson]:
    """All lessons of the course by topic, in the order of their exercises. Raises CourseError."""
    lessons = [parse_lesson(text, path) for path, text in texts_named(root, "lesson.md")]
    return {lesson.topic: lesson for lesson in lessons}


def parse_lesson(text: str, path: Path) -> Lesson:
    """One lesson. Raises CourseError where a section is missing."""
    lines = text.splitlines()
    title = _TITLE.fullmatch(lines[0]) if lines else None
    if title is None:
        raise CourseError([Fault(path, 1, "a lesson begins with its title and topic, such as # Pooling {#pooling}")])
    sections = _parts(lines[1:], "## ")
    missing = [name for name in SECTIONS if name not in sections]
    if missing:
        raise CourseError([Fault(path, 1, f'has no section "## {missing[0]}"')])
    summaries = {name.lower(): part for name, part in _parts(sections["Summary"].splitlines(), "### ").items()}
    for level in LEVELS:
        if level not in summaries:
            raise CourseError([Fault(path, 1, f'its summary has no level "### {level.capitalize()}"')])
    chunks = tuple(_chunk(name, part, path) for name, part in _parts(sections["Listen"].splitlines(), "### ").items())
    return Lesson(title[2], title[1], path.parent.name, sections, summaries, chunks)


def plain(markdown: str) -> str:
    """Markdown as text for a pipe or a screen reader.

    >>> print(plain("### A rhyme\\n**Student:** `x` is *it*."))
    A rhyme
    Student: x is it.
    """
    text = re.sub(r"^#+ ", "", markdown, flags=re.MULTILINE)
    text = re.sub(r"^```.*\n?", "", text, flags=re.MULTILINE)
    return re.sub(r"(\*\*|\*(?=\w)|(?<=\w)\*|`)", "", text)


def spoken(chunk: Chunk) -> str:
    """A chunk as it is read out."""
    parts = (f"{chunk.title}.", chunk.text, chunk.explanation, f"As a picture: {chunk.analogy}")
    return "\n".join(map(plain, parts))


def _parts(lines: list[str], heading: str) -> dict[str, str]:
    parts: dict[str, list[str]] = {}
    name = ""
    for line in lines:
        if line.startswith(heading):
            name = line.removeprefix(heading).strip()
            parts[name] = []
        elif name:
            parts[name].append(line)
    return {name: "\n".join(found).strip() for name, found in parts.items()}


def _chunk(title: str, text: str, path: Path) -> Chunk:
    found = re.fullmatch(r"(.*?)\n\n\*\*Explanation:\*\* (.*?)\n\n\*\*Analogy:\*\* (.*)", text, re.DOTALL)
    if found is None:
        message = f'the chunk "{title}" has not the form text, **Explanation:** ..., **Analogy:** ...'
        raise CourseError([Fault(path, 1, message)])
    return Chunk(title, *(" ".join(part.split()) for part in found.groups()))
