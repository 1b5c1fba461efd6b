"""Python files of a course that belong to what there is to study: they are its author's, and are trusted."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

from grader.course import CourseError, Fault, import_file


def import_course_file(path: Path) -> ModuleType:
    """The file as a module, imported once. Raises CourseError with the line that broke."""
    try:
        return import_file(path, path.stem)
    except CourseError:
        raise
    except SyntaxError as error:
        raise CourseError([Fault(path, error.lineno or 1, f"Python cannot read this line: {error.msg}")]) from None
    except Exception as error:
        lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == str(path)]
        line = lines[-1] if lines and lines[-1] else 1
        raise CourseError([Fault(path, line, f"cannot be imported: {type(error).__name__}: {error}")]) from None


def line_of_function(function: Callable[..., Any]) -> int:
    """Where it is defined; 1 of what is no plain function."""
    code = getattr(function, "__code__", None)
    return code.co_firstlineno if code is not None else 1
