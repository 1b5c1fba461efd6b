"""The hints that the last grading of each exercise left open, and how many of each were shown.

They are kept in a small JSON file of ids and numbers, with no part of a learner's program. If the file is lost, the
hints start again from the first.
"""

from __future__ import annotations

import contextlib
import json
import re
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from grader.cli.user_state import delete_state, others_file, state_folder, text_of_state
from grader.writing import replacing, unfinished

NAME = "hints.json"
_ITEM = re.compile(r"(criterion|misconception):.+")


def remember(exercise: str, items: Iterable[str], asked: Collection[str] = ()) -> None:
    """Note what is open now; what was open before keeps the number of its hints. Raises OSError and StateError.

    `asked` are the items whose question, the first hint, the report has shown.
    """
    state = _read()
    before = state.get(exercise, {})
    _write({**state, exercise: {item: max(before.get(item, 0), int(item in asked)) for item in items}})


def open_items(exercise: str) -> dict[str, int] | None:
    """Return how many hints of each open item were shown, None if the exercise was never graded here.

    Raises StateError.
    """
    return _read().get(exercise)


def climb(exercise: str, item: str) -> None:
    """Note that one more hint was shown. Raises StateError."""
    state = _read()
    state[exercise][item] += 1
    with contextlib.suppress(OSError):  # the hint is on the screen; the same one comes again
        _write(state)


def refuse_others_hints() -> None:
    """Raise StateError if there is a file with our name that is not ours."""
    _read()


def forget_hints() -> bool:
    """Delete the file. Return True if there was one. Raises StateError for a file that is not ours."""
    _read()
    path = state_folder() / NAME
    there, leftovers = path.exists(), unfinished(path)
    delete_state(path, *leftovers)
    return there or bool(leftovers)


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
        raise others_file(path, "JSON with a different structure")
    return dict(state)


def _is_ours(state: Any) -> bool:
    """Return True for exercises with their open items and how many hints of each were shown."""
    if not isinstance(state, Mapping) or not all(isinstance(items, Mapping) for items in state.values()):
        return False
    pairs = [pair for items in state.values() for pair in items.items()]
    return all(_ITEM.fullmatch(item) and type(shown) is int and shown >= 0 for item, shown in pairs)


def _write(state: Mapping[str, Mapping[str, int]]) -> None:
    """Replace the file. Raises OSError."""
    path = state_folder() / NAME
    path.parent.mkdir(parents=True, exist_ok=True)
    with replacing(path, "utf-8") as file:
        file.write(json.dumps(state))
