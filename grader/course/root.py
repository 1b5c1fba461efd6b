"""The folder of the course that comes with the package."""

from __future__ import annotations

from pathlib import Path


def builtin_course_root() -> Path:
    """Return the folder of the course that comes with the package: in a wheel, or beside the package in a checkout."""
    package = Path(__file__).resolve().parent.parent
    packed = package / "_course"
    return packed if packed.is_dir() else package.parent
