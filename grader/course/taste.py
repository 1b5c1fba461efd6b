"""Compile patched programs: right programs of the course with some lines of one function replaced."""

from __future__ import annotations

import ast
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from grader.course.fault import CourseError, Fault
from grader.course.wrong_program import Patch, PatchError


def compile_patch(path: Path, function: str, patch: Patch) -> Callable[..., Any]:
    """Return a function of the right program in `path` with a patch applied. It is trusted code of the course.

    Raises PatchError if the patch does not apply, or if the patched text is not Python.
    """
    right = right_program(path, function)
    if right is None:
        raise PatchError(f"{path.name} does not define {function}")
    sources, namespace = _read(path)
    defined = right.__name__  # `conv2d_fast = conv2d` gives a function a second name
    own = dict(namespace)  # so that the patched function is not seen by other programs
    try:
        exec(compile(patch.applied_to(sources[defined]), str(path), "exec"), own)
    except SyntaxError as error:
        raise PatchError(f"the patched {function} of {path.name} is not Python: {error.msg}") from None
    made: Callable[..., Any] = own[defined]
    return made


def right_program(path: Path, function: str) -> Callable[..., Any] | None:
    """Return a function of the right program in `path` as it is; None if the program does not define it."""
    sources, namespace = _read(path)
    found: Callable[..., Any] | None = namespace.get(function)
    return found if getattr(found, "__name__", "") in sources else None


@cache
def _read(path: Path) -> tuple[dict[str, str], dict[str, Any]]:
    """Return the source of each function of a program, and its names."""
    if not path.is_file():
        raise CourseError([Fault(path, 1, "is missing")])
    text = path.read_text(encoding="utf-8")
    lines = text.splitlines(keepends=True)
    nodes = [node for node in ast.parse(text).body if isinstance(node, ast.FunctionDef)]
    sources = {node.name: "".join(lines[node.lineno - 1 : node.end_lineno]) for node in nodes}
    namespace: dict[str, Any] = {"__name__": f"taste_{path.stem}"}
    exec(compile(text, str(path), "exec"), namespace)
    return sources, namespace
