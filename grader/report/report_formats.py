"""The registry of the formats of one report: the modules of `grader.report.formats`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from types import ModuleType
from typing import TYPE_CHECKING

from grader.report import formats

if TYPE_CHECKING:
    from grader.checks.seen import Seen
    from grader.report.report import Report
    from grader.report.since_last_run import Changes

SUFFIX = "_report"
DEFAULT = "terminal"
EVERYTHING = "-v"


@dataclass(frozen=True)
class View:
    """The place where a report is read, a terminal of this width and height or a file, and what is shown beside it.

    `changes` are those since the last run, and `advice` says what to do next. `see` says how to look at what the
    program does, and `seen` is what can be seen of it. `sources` has the graded file, by its name. `everything` is
    what the reader types to see all of the report.
    """

    width: int = 80
    colour: bool = False
    verbose: bool = False
    ascii_only: bool = False
    height: int = 23
    changes: Changes | None = None
    advice: str = ""
    see: str = ""
    seen: Sequence[Seen] = ()
    everything: str = EVERYTHING
    sources: Mapping[str, str] = field(default_factory=dict)


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
