"""The overview of a whole unit: `exercises/unit.md`, with objectives, summaries of three lengths and a story."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from grader.course.fault import CourseError, Fault
from grader.study.lessons import LEVELS, parts_of
from grader.study.study_files import text_of

UNIT = "unit.md"
SECTIONS = ("Objectives", *(level.capitalize() for level in LEVELS), "Story")


@dataclass(frozen=True)
class Unit:
    """The overview of a unit. `sections` holds texts in Markdown by their heading."""

    title: str
    sections: dict[str, str]


def read_unit(root: Path) -> Unit | None:
    """Return the overview of the course at `root`, None if it has none. Raises CourseError with all faults."""
    path = root / "exercises" / UNIT
    if not path.is_file():
        return None
    lines = text_of(path).splitlines()
    if not lines or not lines[0].startswith("# "):
        raise CourseError([Fault(path, 1, "the first line must be the title of the unit, such as # Neural networks")])
    sections = parts_of(lines[1:], "## ")
    missing = [name for name in SECTIONS if name not in sections]
    if missing:
        raise CourseError(Fault(path, 1, f'has no section "## {name}"') for name in missing)
    return Unit(lines[0].removeprefix("# ").strip(), sections)
