"""Worked examples: the code of a lesson, run line by line with functions that the caller provides.

The code comes from the course's author, so it runs in this process. The functions may be ours, or stand-ins that ask a
learner's functions in a sandbox.
"""

from __future__ import annotations

import ast
import contextlib
import io
import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

_TOKEN = re.compile(r"(?<![\w.])-?(?:\d+(?:\.\d*)?|\.\d+)(?:e[-+]?\d+)?|\b(?:true|false|none)\b")
_TOLERANCE = 1e-9
_FENCE = re.compile(r"^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)
Modules = Mapping[str, Mapping[str, Callable[..., Any]]]


@dataclass(frozen=True)
class Statement:
    """One statement of an example, and if it prints something."""

    source: str
    prints: bool

    @property
    def shown(self) -> str:
        """Return the statement with prompts, as a Python session shows it."""
        lines = self.source.rstrip("\n").split("\n")
        return "\n".join(f"{'...' if number else '>>>'} {line}".rstrip() for number, line in enumerate(lines))


@dataclass(frozen=True)
class Printed:
    """The outcome of a statement: what it printed, or the exception that ended the run."""

    text: str
    error: Exception | None = None


def split_example(markdown: str) -> tuple[str, tuple[Statement, ...], str]:
    """Return the text before the code, the statements, and the text after the code."""
    from doctest import DocTestParser

    found = _FENCE.search(markdown)
    if found is None:
        return markdown, (), ""
    examples = DocTestParser().get_examples(found[1])
    statements = tuple(Statement(one.source, bool(one.want)) for one in examples)
    return markdown[: found.start()].strip(), statements, markdown[found.end() :].strip()


def modules_used(statements: Sequence[Statement]) -> dict[str, tuple[str, ...]]:
    """Return the names that an example imports with `from ... import ...`, by module."""
    found: dict[str, tuple[str, ...]] = {}
    for one in statements:
        for node in ast.parse(one.source).body:
            if isinstance(node, ast.ImportFrom) and node.module:
                found[node.module] = (*found.get(node.module, ()), *(alias.name for alias in node.names))
    return found


def run_example(statements: Sequence[Statement], modules: Modules) -> tuple[Printed, ...]:
    """Run the statements in order and return what each printed. The first exception is the last outcome.

    An import from one of `modules` binds its functions; every other import is an ordinary one.
    """
    names: dict[str, Any] = {}
    outcomes: list[Printed] = []
    for one in statements:
        try:
            outcomes.append(Printed(_printed(one.source, names, modules)))
        except Exception as error:
            outcomes.append(Printed("", error))
            break
    return tuple(outcomes)


def _printed(source: str, names: dict[str, Any], modules: Modules) -> str:
    """Run a statement as an interactive Python does, and return what it printed."""
    tree = ast.parse(source)
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        for node in tree.body:
            if isinstance(node, ast.ImportFrom) and node.module and node.module in modules:
                for alias in node.names:
                    names[alias.asname or alias.name] = modules[node.module][alias.name]
            elif isinstance(node, ast.Expr):
                value = eval(compile(ast.Expression(node.value), "<lesson>", "eval"), names)
                if value is not None:
                    print(repr(value))
            else:
                exec(compile(ast.Module([node], []), "<lesson>", "exec"), names)
    return out.getvalue().rstrip("\n")


def same_result(one: str, other: str) -> bool:
    """Return True if two texts state the same numbers and truth values in the same order, in whatever brackets.

    >>> same_result("7 and 4", "(7.0, 4.0)"), same_result("np.int64(24)", "24"), same_result("4, 7", "(7.0, 4.0)")
    (True, True, False)
    """
    left, right = _values(one), _values(other)
    if not left or len(left) != len(right):
        return one.strip() == other.strip()
    return all(math.isclose(a, b, rel_tol=_TOLERANCE, abs_tol=_TOLERANCE) for a, b in zip(left, right, strict=True))


def _values(text: str) -> list[float]:
    words = {"true": 1.0, "false": 0.0, "none": math.inf}
    text = re.sub(r"(?<=\d),(?=\d{3}(?!\d))", "", text)  # commas between thousands, as people type them
    return [words[one] if one in words else float(one) for one in _TOKEN.findall(text.lower())]
