"""Python files of a course for questions and pictures. The course's author wrote them, so they are trusted."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

from grader.course import CourseError, Fault, import_file


def import_course_file(path: Path) -> ModuleType:
    """Return the file as a module, imported once. Raises CourseError with the line that failed."""
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
    """Return the line of a function's definition, 1 if it is not a plain function."""
    code = getattr(function, "__code__", None)
    return code.co_firstlineno if code is not None else 1
