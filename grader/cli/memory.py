"""What the last grading of each exercise left open, and how far its hints have been climbed.

A small JSON file in the user's data folder, or in `CNN_GRADER_STATE`. It holds ids and numbers, no line of anybody's
program; losing it loses nothing but the place on a ladder.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from grader.study.place import fault_of_place

NAME = "hints.json"
LARGEST_BYTES = 2**20  # a course with a hundred open items takes 5 KiB
_UNFINISHED = re.compile(rf"\.{re.escape(NAME)}\.grade-[0-9a-f]{{8}}")
_ITEM = re.compile(r"(criterion|misconception):.+")


class StateError(OSError):
    """The user's state cannot be kept or read; the message says what to do."""


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
    """Note what is open now; what was open before keeps its place on the ladder. Never fail."""
    with contextlib.suppress(OSError):  # a home that cannot be written to is no reason to refuse a report
        state = _read()
        before = state.get(exercise, {})
        # The report has asked the question, the first rung.
        _write({**state, exercise: {item: before.get(item, 1) for item in items}})


def open_items(exercise: str) -> dict[str, int] | None:
    """Return how many rungs of each open item were told, None if the exercise was never graded here.

    Raises StateError.
    """
    return _read().get(exercise)


def climb(exercise: str, item: str) -> None:
    """Note that one more rung was told. Raises StateError."""
    state = _read()
    state[exercise][item] += 1
    with contextlib.suppress(OSError):
        _write(state)


def refuse_others_hints() -> None:
    """Raise StateError if there is a file with our name that is not ours."""
    _read()


def forget_hints() -> bool:
    """Delete the file. Return True if there was one. Raises StateError for a file that is not ours."""
    _read()
    folder = state_folder()
    path, there = folder / NAME, (folder / NAME).exists()
    unfinished = [one for one in folder.glob(f".{NAME}.grade-*") if _is_unfinished(one)]
    delete_state(path)
    for one in unfinished:
        one.unlink(missing_ok=True)
    return there or bool(unfinished)


def _is_unfinished(path: Path) -> bool:
    """Return True for a file that an interrupted `_write` left behind. We never leave a link."""
    return bool(_UNFINISHED.fullmatch(path.name)) and path.is_file() and not path.is_symlink()


def delete_state(*files: Path) -> None:
    """Delete files of this user's state, and what they are links to. Raises StateError."""
    for file in files:
        try:
            Path(os.path.realpath(file)).unlink(missing_ok=True)
            file.unlink(missing_ok=True)
        except OSError as error:
            raise StateError(f"{file} cannot be deleted: {error.strerror or error}.") from None


def text_of_state(path: Path) -> str:
    """Return the text of a small file of this user's state, an empty one if there is none. Raises StateError."""
    try:
        fault = fault_of_place(path)
        if fault:
            raise StateError(fault)
        if not path.exists():
            return ""
        with path.open("rb") as file:
            content = file.read(LARGEST_BYTES + 1)
        if len(content) > LARGEST_BYTES:
            raise others_file(path, f"larger than {LARGEST_BYTES // 2**20} MiB")
        return content.decode()
    except UnicodeDecodeError:
        raise others_file(path, "not UTF-8 text") from None
    except StateError:
        raise
    except OSError as error:
        raise StateError(f"{path} cannot be read: {error.strerror or error}.") from None


def others_file(path: Path, what: str) -> StateError:
    """Return the error for a file that has our name but not our content."""
    return StateError(
        f"{path} is {what}; expected the file of this name that grade writes. It was left as it is. Rename it, or set "
        "CNN_GRADER_STATE to another folder."
    )


def _read() -> dict[str, dict[str, int]]:
    """Return what is open in each exercise. Raises StateError."""
    path = state_folder() / NAME
    text = text_of_state(path)
    if not text.strip("\0 \r\n\t"):  # a machine that lost its power leaves zeros
        return {}
    try:
        state = json.loads(text)
    except (ValueError, RecursionError):
        raise others_file(path, "not JSON") from None
    if not _is_ours(state):
        raise others_file(path, "JSON of another shape")
    return dict(state)


def _is_ours(state: Any) -> bool:
    """Return True for exercises with their open items and how many rungs of each were told."""
    if not isinstance(state, Mapping) or not all(isinstance(items, Mapping) for items in state.values()):
        return False
    pairs = [pair for items in state.values() for pair in items.items()]
    return all(_ITEM.fullmatch(item) and type(told) is int and told >= 1 for item, told in pairs)


def _write(state: Mapping[str, Mapping[str, int]]) -> None:
    """Replace the file. Raises OSError."""
    target = Path(os.path.realpath(state_folder() / NAME))  # a link stays a link
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_name(f".{NAME}.grade-{os.urandom(4).hex()}")
    descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o666)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(json.dumps(state))
        os.replace(partial, target)
    finally:
        partial.unlink(missing_ok=True)  # a full disk leaves half of it
