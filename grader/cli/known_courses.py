"""The course folders that were announced already, a line of JSON each, beside the rest of this user's state."""

from __future__ import annotations

import contextlib
import json
from pathlib import Path

from grader.cli.memory import StateError, state_folder

NAME = "courses.jsonl"


def is_new(folder: Path) -> bool:
    """Return whether a folder was not announced before, and remember it. If nothing can be kept, all are new."""
    try:
        path = state_folder() / NAME
    except StateError:
        return True
    line = json.dumps(str(folder.resolve()))
    with contextlib.suppress(OSError, UnicodeDecodeError):
        if line in path.read_text(encoding="utf-8").split("\n"):
            return False
    with contextlib.suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a", encoding="utf-8") as file:
            file.write(f"{line}\n")
    return True


def forget_courses() -> bool:
    """Delete the file; return whether there was one."""
    path = state_folder() / NAME
    there = path.exists()
    path.unlink(missing_ok=True)
    return there
