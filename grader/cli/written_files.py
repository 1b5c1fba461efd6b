"""The files that grade wrote for this user, with the hash of each one, in a small JSON file beside the hints.

A file is replaced without a question only if it still holds what grade wrote. If this list is lost, the user must add
--overwrite once.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from pathlib import Path
from typing import Any

from grader.cli.user_state import delete_state, others_file, state_folder, text_of_state
from grader.writing import replacing, unfinished

NAME = "written.json"
KEPT = 500  # the latest; a list of this length takes 80 KiB


def remember_written(path: Path, content: bytes) -> None:
    """Remember what was written. A list that cannot be kept costs only a question next time."""
    if not path.is_file():  # a device or a pipe
        return
    with contextlib.suppress(OSError):
        known = {name: digest for name, digest in _read().items() if name != _name(path)}
        known[_name(path)] = hashlib.sha256(content).hexdigest()
        target = state_folder() / NAME
        target.parent.mkdir(parents=True, exist_ok=True)
        with replacing(target, "utf-8") as file:
            file.write(json.dumps(dict(list(known.items())[-KEPT:])))


def is_as_written(path: Path) -> bool:
    """Return True if the file holds what grade wrote last."""
    try:
        known = _read().get(_name(path))
        if known is None:
            return False
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest() == known
    except OSError:
        return False


def refuse_others_list() -> None:
    """Raise StateError if there is a file with our name that is not ours."""
    _read()


def forget_written() -> bool:
    """Delete the list. Return True if there was one. Raises StateError for a file that is not ours."""
    _read()
    path = state_folder() / NAME
    there, leftovers = path.exists(), unfinished(path)
    delete_state(path, *leftovers)
    return there or bool(leftovers)


def _name(path: Path) -> str:
    return os.path.realpath(path)


def _read() -> dict[str, str]:
    """Return the hash of each file. Raises StateError."""
    path = state_folder() / NAME
    text = text_of_state(path).strip("\0 \r\n\t")  # a machine that lost its power leaves zeros
    if not text:
        return {}
    try:
        known: Any = json.loads(text)
    except (ValueError, RecursionError):
        raise others_file(path, "not JSON") from None
    if not isinstance(known, dict) or not all(isinstance(one, str) for one in known.values()):
        raise others_file(path, "JSON with a different structure")
    return known
