"""The course folders that were already announced, one line of JSON each, with the rest of this user's state."""

from __future__ import annotations

import contextlib
import json
from pathlib import Path

from grader.cli.memory import state_folder

NAME = "courses.jsonl"


def remember_course(folder: Path) -> bool:
    """Remember a course folder. Return True if it is new; if nothing can be kept, each one is."""
    line = json.dumps(str(folder.resolve()))
    with contextlib.suppress(OSError):  # a notice that is repeated is no reason to refuse the command
        path = state_folder() / NAME
        with contextlib.suppress(OSError, UnicodeDecodeError):
            if line in path.read_text(encoding="utf-8").split("\n"):
                return False
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a", encoding="utf-8") as file:
            file.write(f"{line}\n")
    return True


def forget_courses() -> bool:
    """Delete the file. Return True if there was one."""
    path = state_folder() / NAME
    there = path.exists()
    path.unlink(missing_ok=True)
    return there
