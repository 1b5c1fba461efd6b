"""Examine the Python files of a course as text, without running them."""

from __future__ import annotations

import ast
import inspect
import re
import traceback
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path

from grader.course import CourseError, Fault

CODE_RUN = 8  # tokens in a row that count as a piece of the solution; a formula in a lesson is shorter


class Source:
    """A Python file of the course, parsed."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.text = path.read_text(encoding="utf-8")
        self._tree = ast.parse(self.text, str(path))

    @cached_property
    def functions(self) -> dict[str, ast.FunctionDef]:
        """The functions of the module, by name."""
        return {node.name: node for node in self._tree.body if isinstance(node, ast.FunctionDef)}

    def line_of(self, function: str) -> int:
        """Return the line of a function, or 1 if the file does not define it."""
        return self.functions[function].lineno if function in self.functions else 1


def unreadable(path: Path) -> Iterator[Fault]:
    """Report why a file cannot be read as Python, if it cannot."""
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
    """Return an exception as a fault at the last line of the file in its traceback."""
    if isinstance(error, CourseError):
        return error.faults[0]
    if isinstance(error, SyntaxError) and error.filename == str(path):
        return Fault(path, error.lineno or 1, f"Python cannot read this line: {error.msg}")
    lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == str(path)]
    line = lines[-1] if lines and lines[-1] else 1
    return Fault(path, line, f"{what}: {type(error).__name__}: {error}")


def complaint(docstring: str | None) -> str:
    """Return why the docstring of a check is not one sentence; an empty text if it is one.

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
    """Return the signature without annotations: names, kinds and defaults."""
    parameters = [one.replace(annotation=inspect.Parameter.empty) for one in signature.parameters.values()]
    return inspect.Signature(parameters)


def code_tokens(text: str) -> list[str]:
    """Return the names, numbers and signs in a text."""
    return re.findall(r"[A-Za-z_]\w*|\d+\.?\d*|[^\s\w]", text)


def runs_of_code(source: str) -> frozenset[tuple[str, ...]]:
    """Return each run of CODE_RUN tokens in the statements of a file, without docstrings and comments."""
    runs: set[tuple[str, ...]] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Assign | ast.AugAssign | ast.Return | ast.Expr) and not (
            isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        ):
            tokens = code_tokens(ast.unparse(node))
            runs.update(tuple(tokens[i : i + CODE_RUN]) for i in range(len(tokens) - CODE_RUN + 1))
    return frozenset(runs)


def given_away(hint: str, solution: frozenset[tuple[str, ...]]) -> str:
    """Return the first piece of the solution in a hint; an empty text if there is none."""
    tokens = code_tokens(hint)
    runs = (tuple(tokens[i : i + CODE_RUN]) for i in range(len(tokens) - CODE_RUN + 1))
    return next((" ".join(run) for run in runs if run in solution), "")
