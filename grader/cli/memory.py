"""What the last grading of each exercise left open, and how far its hints have been climbed.

A small JSON file in the user's data folder, or in `CNN_GRADER_STATE`. It holds ids and numbers, no line of anybody's
program; losing it loses nothing but the place on a ladder.
"""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

NAME = "hints.json"


class StateError(OSError):
    """No folder for the user's state is available; the message says what to do."""


def state_folder() -> Path:
    """Return the folder of this user's state. Raises StateError."""
    override = os.environ.get("CNN_GRADER_STATE")
    if override:
        return Path(override)
    from platformdirs import user_data_path

    try:
        folder = user_data_path("cnn-grader", appauthor=False)
    except RuntimeError:
        folder = Path()
    if not folder.is_absolute():  # older versions of platformdirs keep the ~
        raise StateError(
            "You have no home folder to keep your record in. Set CNN_GRADER_STATE to a folder that you can write to."
        )
    return folder


def remember(exercise: str, items: Iterable[str]) -> None:
    """What is open now; whoever was open before keeps the place on the ladder. Never fails."""
    state = _read()
    before = state.get(exercise, {})
    state[exercise] = {item: before.get(item, 1) for item in items}  # the report has asked the question, the first rung
    _write(state)


def open_items(exercise: str) -> dict[str, int] | None:
    """How many rungs of each open item have been told; None where the exercise was never graded here."""
    found = _read().get(exercise)
    return found if isinstance(found, dict) else None


def climb(exercise: str, item: str) -> None:
    """One rung more was told."""
    state = _read()
    state[exercise][item] += 1
    _write(state)


def forget_hints() -> bool:
    """Delete the file; whether there was one."""
    files = [path for path in state_folder().glob(f"{NAME}*") if path.is_file()]
    for path in files:
        path.unlink(missing_ok=True)
    return bool(files)


def _read() -> dict[str, Any]:
    try:
        state = json.loads((state_folder() / NAME).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return state if isinstance(state, dict) else {}


def _write(state: dict[str, Any]) -> None:
    with contextlib.suppress(OSError):  # a home that cannot be written to is no reason to refuse a report
        folder = state_folder()
        folder.mkdir(parents=True, exist_ok=True)
        partial = folder / f"{NAME}.{os.getpid()}"
        try:
            partial.write_text(json.dumps(state), encoding="utf-8")
            os.replace(partial, folder / NAME)
        finally:
            partial.unlink(missing_ok=True)  # half of it is there where the disk is full
