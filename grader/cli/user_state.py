"""The folder of this user's state, and the small files in it: hints and known courses.

The folder is the user's data folder, or `CNN_GRADER_STATE`.
"""

from __future__ import annotations

import os
from pathlib import Path

from grader.grade_error import GradeError
from grader.study.place import fault_of_place
from grader.text import for_path

LARGEST_BYTES = 2**20  # a course with a hundred open items takes 5 KiB


class StateError(GradeError, OSError):
    """The user's state cannot be kept or read; the message says what to do."""


class NoHomeError(StateError):
    """This user has no folder for a state, so nothing was ever kept."""


def state_folder() -> Path:
    """Return the folder of this user's state. Raises NoHomeError."""
    override = os.environ.get("CNN_GRADER_STATE")
    if override:
        return Path(override)
    from platformdirs import user_data_path

    try:
        folder = user_data_path("cnn-grader", appauthor=False)
    except RuntimeError:
        folder = Path()
    if not folder.is_absolute():  # older versions of platformdirs keep the ~
        raise NoHomeError(
            "You have no home folder to keep your record in. Set CNN_GRADER_STATE to a folder that you can write to."
        )
    return folder


def record_path() -> Path:
    """Return the path of the learner's record. Raises NoHomeError."""
    return state_folder() / "study.db"


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
        raise StateError(f"{for_path(path)} cannot be read: {error.strerror or error}.") from None


def others_file(path: Path, what: str) -> StateError:
    """Return the error for a file that has our name but not our content."""
    return StateError(
        f"{for_path(path)} is {what}; expected the file that grade writes under this name. It was not changed. Rename "
        "it, or set CNN_GRADER_STATE to another folder."
    )
