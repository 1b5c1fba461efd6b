"""The places where a file of a learner's record can be."""

from __future__ import annotations

import os
from pathlib import Path


def fault_of_place(path: Path) -> str:
    """Return why no file of a record can be at `path`, an empty text if it can.

    A broken link is not followed: its disk may be missing, and a new record would hide the old one.
    """
    for one in (path, *path.parents):
        if one.is_symlink() and not one.exists():
            return (
                f"{one} is a link to {os.readlink(one)}, which does not exist. Repair or delete the link, or set "
                "CNN_GRADER_STATE to another folder."
            )
    folder = next((one for one in path.parents if one.exists()), None)
    if folder is not None and not folder.is_dir():
        return f"{folder} is not a folder. Rename it, or set CNN_GRADER_STATE to a folder."
    if path.exists() and not path.is_file():
        what = "a folder" if path.is_dir() else "a pipe or a device"
        return f"{path} is {what}; expected a file. Rename it, or set CNN_GRADER_STATE to another folder."
    return ""
