"""All formats: the modules of `grader.report.exports.formats`, in the order of their names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType
from typing import Any

from grader.report.exports import formats
from grader.report.exports.export_file import ClassFile, Columns, ReportFile, nothing_of_report


def class_files(columns: Columns) -> tuple[ClassFile, ...]:
    """Return the files about the whole class in all formats."""
    return tuple(
        file for module in _modules() if hasattr(module, "class_files") for file in module.class_files(columns)
    )


def report_parts(learner: str, report: Mapping[str, Any]) -> dict[str, str]:
    """Return the parts about a report in the files about the class, by the name of the file."""
    parts = ((file.name, file.of_report(learner, report)) for file in _files_with_parts())
    return {name: text for name, text in parts if text}


def report_files() -> tuple[ReportFile, ...]:
    """Return the files that are made of each report in all formats."""
    return tuple(module.REPORT_FILE for module in _modules() if hasattr(module, "REPORT_FILE"))


@cache
def _files_with_parts() -> tuple[ClassFile, ...]:
    return tuple(file for file in class_files(Columns({}, {}, {})) if file.of_report is not nothing_of_report)


def _modules() -> Iterator[ModuleType]:
    for one in sorted(iter_modules(formats.__path__), key=lambda module: module.name):
        yield import_module(f"{formats.__name__}.{one.name}")
