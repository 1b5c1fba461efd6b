"""Lessons in Markdown: a dialogue, summaries of three lengths, chunks to listen to, examples and memory aids."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from grader.course.fault import CourseError, Fault
from grader.study.study_files import texts_named

LEVELS = ("basic", "medium", "detailed")
SECTIONS = (
    "Dialogue", "Summary", "Listen", "Key concepts", "Worked example", "In the real world", "Memory aids",
)  # fmt: skip
OBJECTIVES = "Objectives"  # a lesson may leave them out
_CHUNK = re.compile(r"(.*?)\n\n\*\*Explanation:\*\* (.*?)\n\n\*\*Analogy:\*\* (.*)", re.DOTALL)
_TITLE = re.compile(r"# (.+?) \{#([a-z0-9-]+)\}\s*")


@dataclass(frozen=True)
class Chunk:
    """A short text to listen to, with an explanation and an analogy."""

    title: str
    text: str
    explanation: str
    analogy: str


@dataclass(frozen=True)
class Lesson:
    """The lesson of one topic. `sections` holds texts in Markdown by their heading."""

    topic: str
    title: str
    exercise: str
    sections: dict[str, str]
    summaries: dict[str, str]
    chunks: tuple[Chunk, ...]


def read_lessons(root: Path) -> dict[str, Lesson]:
    """Return all lessons of the course by topic, in the order of their exercises. Raises CourseError."""
    lessons: dict[str, Lesson] = {}
    faults: list[Fault] = []
    for path, text in texts_named(root, "lesson.md"):
        try:
            lesson = parse_lesson(text, path)
            if lesson.topic in lessons:
                faults.append(Fault(path, 1, f'two lessons have the topic "{lesson.topic}"'))
            lessons[lesson.topic] = lesson
        except CourseError as error:
            faults += error.faults
    if faults:
        raise CourseError(faults)
    return lessons


def parse_lesson(text: str, path: Path) -> Lesson:
    """Return the lesson in a text. Raises CourseError with everything that is missing in it."""
    lines = text.splitlines()
    title = _TITLE.fullmatch(lines[0]) if lines else None
    if title is None:
        raise CourseError(
            [Fault(path, 1, "the first line of a lesson must be its title and topic, such as # Pooling {#pooling}")]
        )
    sections = parts_of(lines[1:], "## ")
    summaries = {
        name.lower(): part for name, part in parts_of(sections.get("Summary", "").splitlines(), "### ").items()
    }
    matches = {
        name: _CHUNK.fullmatch(part) for name, part in parts_of(sections.get("Listen", "").splitlines(), "### ").items()
    }
    messages = [f'has "{heading}" more than once; only the last one would be read' for heading in _repeated(lines)]
    messages += [f'has no section "## {name}"' for name in SECTIONS if name not in sections]
    if "Summary" in sections:
        messages += [f'its summary has no level "### {one.capitalize()}"' for one in LEVELS if one not in summaries]
    messages += [
        f'the chunk "{name}" needs a text, **Explanation:** ... and **Analogy:** ..., in this order'
        for name, found in matches.items()
        if found is None
    ]
    if messages:
        raise CourseError(Fault(path, 1, message) for message in messages)
    chunks = [
        Chunk(name, *(" ".join(part.split()) for part in found.groups())) for name, found in matches.items() if found
    ]
    return Lesson(title[2], title[1], path.parent.name, sections, summaries, tuple(chunks))


def plain(markdown: str) -> str:
    """Return Markdown as text for a pipe or a screen reader.

    >>> print(plain("### A rhyme\\n**Student:** `x` is *it*."))
    A rhyme
    Student: x is it.
    """
    text = re.sub(r"^#+ ", "", markdown, flags=re.MULTILINE)
    text = re.sub(r"^```.*\n?", "", text, flags=re.MULTILINE)
    return re.sub(r"(\*\*|\*(?=\w)|(?<=\w)\*|`)", "", text)


def spoken(chunk: Chunk) -> str:
    """Return the text of a chunk for reading aloud."""
    parts = (f"{chunk.title}.", chunk.text, chunk.explanation, f"As a picture: {chunk.analogy}")
    return "\n".join(map(plain, parts))


def parts_of(lines: list[str], heading: str) -> dict[str, str]:
    """Return the texts below the headings that begin like this, by their names."""
    parts: dict[str, list[str]] = {}
    name = ""
    for line in lines:
        if line.startswith(heading):
            name = line.removeprefix(heading).strip()
            parts[name] = []
        elif name:
            parts[name].append(line)
    return {name: "\n".join(found).strip() for name, found in parts.items()}


def _repeated(lines: list[str]) -> list[str]:
    """Return the headings that appear more than once in a section or in the lesson."""
    section, seen = "", Counter[tuple[str, str]]()
    for line in map(str.strip, lines):
        if line.startswith("## "):
            seen["", line] += 1
            section = line
        elif line.startswith("### "):
            seen[section, line] += 1
    return [heading for (_, heading), times in seen.items() if times > 1]
