"""Compile patched programs: right programs of the course with some lines of one function replaced."""

from __future__ import annotations

import ast
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from grader.course.fault import CourseError, Fault
from grader.course.patch import Patch, PatchError


def compile_patch(path: Path, function: str, patch: Patch) -> Callable[..., Any]:
    """Return a function of the right program in `path` with a patch applied. It is trusted code of the course.

    Raises PatchError if the patch does not apply, or if the patched text is not Python.
    """
    text, lines = _read(path)
    place = lines.get(function)
    if place is None:
        raise PatchError(f"{path.name} does not define {function}")
    begin, end = place
    whole = text.splitlines(keepends=True)
    body = patch.applied_to("".join(whole[begin:end]))
    source = "".join((*whole[:begin], body, *whole[end:]))
    namespace: dict[str, Any] = {"__name__": f"taste_{path.stem}"}
    try:
        exec(compile(source, str(path), "exec"), namespace)
    except SyntaxError as error:
        raise PatchError(f"the patched {function} of {path.name} is not Python: {error.msg}") from None
    made: Callable[..., Any] = namespace[function]
    return made


@cache
def _read(path: Path) -> tuple[str, dict[str, tuple[int, int]]]:
    """Return the text of a program, and the lines of each of its functions."""
    if not path.is_file():
        raise CourseError([Fault(path, 1, "is missing")])
    text = path.read_text(encoding="utf-8")
    nodes = [node for node in ast.parse(text).body if isinstance(node, ast.FunctionDef)]
    return text, {node.name: (node.lineno - 1, node.end_lineno or node.lineno) for node in nodes}
