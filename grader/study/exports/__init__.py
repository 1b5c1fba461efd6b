"""Cards and questions of a course in the formats of other programs."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from types import ModuleType

from grader.study.exports import formats
from grader.study.exports.material import Material


def export_names() -> list[str]:
    """Return the names of all formats: of the modules of `grader.study.exports.formats`. None of them is imported."""
    return sorted(one.name.replace("_", "-") for one in iter_modules(formats.__path__))


def export(name: str, material: Material, out: Path) -> str:
    """Write a course's material in the format of this name. Return what was written, such as "63 cards".

    Raises ImportError if a package that the format needs is not installed.
    """
    written: str = _module(name).export(material, out)
    return written


def suffixes_of(name: str) -> tuple[str, ...]:
    """Return the ends that a file in the format of this name may have, the usual one first. Raises ImportError."""
    suffixes: tuple[str, ...] = _module(name).SUFFIXES
    return suffixes


def _module(name: str) -> ModuleType:
    return import_module(f"{formats.__name__}.{name.replace('-', '_')}")
