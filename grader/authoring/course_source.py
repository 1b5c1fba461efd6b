"""The Python files of a course as text: what can be said of them without running them."""

from __future__ import annotations

import ast
import inspect
import re
import traceback
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path

from grader.course import CourseError, Fault

CODE_RUN = 8  # so many tokens in a row are a piece of a solution: fewer are a formula that a lesson states as well


class Source:
    """A Python file of the course, parsed."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.text = path.read_text(encoding="utf-8")
        self._tree = ast.parse(self.text, str(path))

    @cached_property
    def functions(self) -> dict[str, ast.FunctionDef]:
        return {node.name: node for node in self._tree.body if isinstance(node, ast.FunctionDef)}

    def line_of(self, function: str) -> int:
        return self.functions[function].lineno if function in self.functions else 1


def unreadable(path: Path) -> Iterator[Fault]:
    try:
        Source(path)
    except FileNotFoundError:
        yield Fault(path, 1, "is missing")
    except OSError as error:
        yield Fault(path, 1, f"cannot be read: {error.strerror or error}")
    except UnicodeDecodeError as error:
        yield Fault(path, error.object.count(b"\n", 0, error.start) + 1, "is not UTF-8")
    except SyntaxError as error:
        yield Fault(path, error.lineno or 1, f"Python cannot read this line: {error.msg}")


def fault_of(error: Exception, path: Path, what: str) -> Fault:
    """An exception as a fault, on the last line of the file that led to it."""
    if isinstance(error, CourseError):
        return error.faults[0]
    if isinstance(error, SyntaxError) and error.filename == str(path):
        return Fault(path, error.lineno or 1, f"Python cannot read this line: {error.msg}")
    lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == str(path)]
    line = lines[-1] if lines and lines[-1] else 1
    return Fault(path, line, f"{what}: {type(error).__name__}: {error}")


def complaint(docstring: str | None) -> str:
    """What keeps a check's docstring from being one sentence; nothing where it is one.

    >>> complaint("Moves the window by `stride` pixels.")
    ''
    >>> complaint("Moves the window. Twice.")
    'is more than one sentence'
    """
    if not docstring:
        return "is missing"
    line, _, rest = docstring.partition("\n")
    if rest and not rest.startswith("\n"):
        return "does not fit on one line"
    if not line.endswith("."):
        return "does not end with a full stop"
    return "is more than one sentence" if re.search(r"[a-z0-9)`][.!?] +[A-Z]", line) else ""


def bare(signature: inspect.Signature) -> inspect.Signature:
    """The signature as a caller sees it: names, kinds and defaults."""
    parameters = [one.replace(annotation=inspect.Parameter.empty) for one in signature.parameters.values()]
    return inspect.Signature(parameters)


def code_tokens(text: str) -> list[str]:
    return re.findall(r"[A-Za-z_]\w*|\d+\.?\d*|[^\s\w]", text)


def runs_of_code(source: str) -> frozenset[tuple[str, ...]]:
    """Every run of tokens inside the functions of a file, docstrings and comments left out."""
    runs: set[tuple[str, ...]] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Assign | ast.AugAssign | ast.Return | ast.Expr) and not (
            isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        ):
            tokens = code_tokens(ast.unparse(node))
            runs.update(tuple(tokens[i : i + CODE_RUN]) for i in range(len(tokens) - CODE_RUN + 1))
    return frozenset(runs)


def given_away(hint: str, solution: frozenset[tuple[str, ...]]) -> str:
    """The first piece of the solution in a hint, empty where there is none."""
    tokens = code_tokens(hint)
    runs = (tuple(tokens[i : i + CODE_RUN]) for i in range(len(tokens) - CODE_RUN + 1))
    return next((" ".join(run) for run in runs if run in solution), "")
