"""The course folders that were already announced, one line of JSON each, with the rest of this user's state."""

from __future__ import annotations

import contextlib
import json
from pathlib import Path

from grader.cli.user_state import delete_state, others_file, state_folder, text_of_state

NAME = "courses.jsonl"


def remember_course(folder: Path) -> bool:
    """Remember a course folder. Return True if it is new; if nothing can be kept, each one is."""
    known = json.dumps(str(folder.resolve()))
    with contextlib.suppress(OSError):  # a repeated notice must not stop the command
        if known in _lines():
            return False
        path = state_folder() / NAME
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a", encoding="utf-8") as file:
            file.write(f"{known}\n")
    return True


def refuse_others_courses() -> None:
    """Raise StateError if there is a file with our name that is not ours."""
    _lines()


def forget_courses() -> bool:
    """Delete the file. Return True if there was one. Raises StateError for a file that is not ours."""
    _lines()
    path = state_folder() / NAME
    there = path.exists()
    delete_state(path)
    return there


def _lines() -> list[str]:
    """Return the lines of the file. Raises StateError."""
    path = state_folder() / NAME
    lines = text_of_state(path).strip("\0").split("\n")  # a machine that lost its power leaves zeros
    if not all(_is_ours(line) for line in lines if line):
        raise others_file(path, "not a list of folders, one JSON string per line")
    return lines


def _is_ours(line: str) -> bool:
    try:
        return isinstance(json.loads(line), str)
    except (ValueError, RecursionError):
        return False
