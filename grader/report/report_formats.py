"""The registry of the formats of one report: the modules of `grader.report.formats`."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from types import ModuleType
from typing import TYPE_CHECKING

from grader.report import formats

if TYPE_CHECKING:
    from grader.report.report import Report

SUFFIX = "_report"
DEFAULT = "terminal"


@dataclass(frozen=True)
class View:
    """The place where a report is read: a terminal of this width, or a file."""

    width: int = 80
    colour: bool = False
    verbose: bool = False
    ascii_only: bool = False


def format_names() -> tuple[str, ...]:
    """Return the names of all formats, without importing them."""
    return tuple(sorted(one.name.removesuffix(SUFFIX) for one in iter_modules(formats.__path__)))


def format_of(path: Path) -> str:
    """Return the format of a file by the end of its name; the default if no format claims it."""
    return next((name for name in format_names() if path.suffix.lower() in _module(name).SUFFIXES), DEFAULT)


def suffixes_of(name: str) -> tuple[str, ...]:
    """Return the ends that the name of a file in this format may have, the usual one first."""
    suffixes: tuple[str, ...] = _module(name).SUFFIXES
    return suffixes


def render_as(name: str, report: Report, view: View) -> str:
    """Return a report in a format."""
    text: str = _module(name).render(report, view)
    return text


def _module(name: str) -> ModuleType:
    return import_module(f"{formats.__name__}.{name}{SUFFIX}")
