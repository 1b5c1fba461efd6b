"""The folder of the course that is used unless another one is named."""

from __future__ import annotations

import os
from pathlib import Path

KIT_FILE = "kit.json"


def builtin_course_root() -> Path:
    """Return the folder of the course that comes with the package: in a wheel, or beside the package in a checkout."""
    package = Path(__file__).resolve().parent.parent
    packed = package / "_course"
    return packed if packed.is_dir() else package.parent


def usual_course_root() -> Path:
    """Return the course that comes with the package; without one, the kit that the current folder is in.

    The code of a kit runs with the permissions of the user. So a kit in a folder of submissions is never used unasked,
    and neither is one that belongs to another user.
    """
    builtin = builtin_course_root()
    if (builtin / "rubrics").is_dir():
        return builtin
    try:
        here = Path.cwd()
    except FileNotFoundError:  # the current folder was deleted
        return builtin
    return next((folder for folder in (here, *here.parents) if is_kit(folder) and _is_own(folder)), builtin)


def _is_own(kit: Path) -> bool:
    return (kit / KIT_FILE).stat().st_uid == os.getuid()


def is_kit(root: Path) -> bool:
    """Return True if a folder is a kit: a course with recorded answers in place of its solutions."""
    return (root / KIT_FILE).is_file()
