"""The folder of the course that is used unless another one is named."""

from __future__ import annotations

from pathlib import Path

KIT_FILE = "kit.json"


def builtin_course_root() -> Path:
    """Return the folder of the course that comes with the package: in a wheel, or beside the package in a checkout."""
    package = Path(__file__).resolve().parent.parent
    packed = package / "_course"
    return packed if packed.is_dir() else package.parent


def usual_course_root() -> Path:
    """Return the folder of the kit that the current folder is in, or else of the course that comes with the package."""
    here = Path.cwd()
    return next((folder for folder in (here, *here.parents) if is_kit(folder)), None) or builtin_course_root()


def is_kit(root: Path) -> bool:
    """Return True if a folder is a kit: a course with recorded answers in place of its solutions."""
    return (root / KIT_FILE).is_file()
