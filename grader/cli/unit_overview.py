"""The overview of a unit, and the next steps after a lesson."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from grader.cli.suggested import suggested

if TYPE_CHECKING:
    from grader.study.lessons import Lesson


def show_overview(root: Path, lessons: Mapping[str, Lesson], level: str) -> None:
    """Print objectives, the summary of this length, the story and the map of topics."""
    from grader.cli.dialogue import Dialogue
    from grader.study.lessons import plain
    from grader.study.unit import read_unit

    dialogue = Dialogue()
    unit = read_unit(root)
    if unit is not None:
        dialogue.say(unit.title, bold=True)
        for name in ("Objectives", level.capitalize(), "Story"):
            dialogue.say(f"\n{'Summary' if name.lower() == level else name}", bold=True)
            for line in plain(unit.sections[name]).split("\n"):
                if line.startswith("- "):
                    dialogue.item(line.removeprefix("- "))
                else:
                    dialogue.say(line)
        dialogue.say("\nTopics", bold=True)
    width = max(map(len, lessons))
    fits = width + 2 + max(len(lesson.title) for lesson in lessons.values()) <= dialogue.width
    gap = "  " if fits else "\n  "
    for name, one in lessons.items():
        dialogue.picture(f"{name:<{width if fits else 0}}{gap}{one.title}")
    first = next(iter(lessons))
    if unit is not None:
        dialogue.say(f"\nMore or less of the summary: {suggested('lesson')} --level basic, medium or detailed")
    else:
        dialogue.say()
    dialogue.say(f"Read one with: {suggested(f'lesson {first}')}")


def next_commands(root: Path, lesson: Lesson) -> str:
    """Return the next steps after a lesson, each with its command: the cards, the quiz and the exercise that exist."""
    folder, number = root / "exercises" / lesson.exercise, int(lesson.exercise[:2])
    steps = [
        ("cards.md", "remember it", suggested(f"flashcards {lesson.topic}")),
        ("quiz.yaml", "test yourself", suggested(f"quiz {lesson.topic}")),
        ("*.py", "write it", f"{suggested(f'start {number}')}, then {suggested(f'exercise {number}')}"),
    ]
    return "\n".join(f"- {why}: {command}" for pattern, why, command in steps if any(folder.glob(pattern)))
