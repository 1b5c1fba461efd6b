"""A look at a learner's source before anything runs: can Python read it, and does it import only what is allowed?

The look is a courtesy, not a wall: it names the line where a sandbox could only say that something is missing. The
wall is the sandbox. Parsing happens in our own process, so it must survive every text: nesting is measured before the
parser sees it.
"""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from itertools import islice

from grader.submission.problem import Problem, line_in

NESTING_LIMIT = 100  # our references need 6 levels; CPython's own parser gives up at 200
PROBLEMS_SHOWN = 20

_NOT_FOR_EXERCISES = ("numpy.ctypeslib", "numpy.distutils", "numpy.f2py")  # they build and load machine code
_IMPORTING_CALLS = ("__import__", "import_module")
_BLOCKS = ("body", "orelse", "handlers", "finalbody", "cases")
_LINE_END = re.compile(r"\r\n|\r|\n")
_BRACKETS_OR_TEXT = re.compile(
    r"#[^\n\r]*"
    r"|'''(?:[^\\']++|\\.|'(?!''))*+(?:''')?"
    r'|"""(?:[^\\"]++|\\.|"(?!""))*+(?:""")?'
    r"|'(?:[^\\'\n\r]++|\\.)*+'?"
    r'|"(?:[^\\"\n\r]++|\\.)*+"?'
    r"|[(\[{]|[)\]}]",
    re.DOTALL,
)


def screen(text: str, filename: str, allowed_imports: Sequence[str]) -> tuple[Problem, ...]:
    """What stands in the way of running this source: a syntax error, or every import that is not allowed.

    Nothing is executed. Imports under `if __name__ == "__main__":` and `if TYPE_CHECKING:` do not count.

    >>> [problem.line for problem in screen("import numpy\\nimport scipy.signal\\n", "a.py", ["numpy"])]
    [2]
    """
    tree = parse(text, filename)
    if isinstance(tree, Problem):
        return (tree,)
    by_call = any(name in text for name in _IMPORTING_CALLS)
    refused = list(islice(_refused_imports(tree, (*allowed_imports, "__future__"), by_call), PROBLEMS_SHOWN))
    if not refused:
        return ()
    lines = _lines(text)
    return tuple(sorted(_import_problem(node, name, allowed_imports, lines) for node, name in refused))


def parse(text: str, filename: str) -> ast.Module | Problem:
    """The syntax tree of any text that a stranger wrote, or why there is none."""
    too_deep = _too_deep(text)
    if too_deep is not None:
        line = len(_LINE_END.findall(text, 0, too_deep)) + 1
        message = f"brackets are nested more than {NESTING_LIMIT} deep; expected code that a person can read"
        return Problem(line, 0, message, line_in(_lines(text), line))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # an invalid escape such as "\\d" is no reason to refuse a file
            return ast.parse(text, filename)
    except SyntaxError as error:
        return _syntax_problem(error, _lines(text))
    except (RecursionError, MemoryError, OverflowError):
        return Problem(1, 0, "an expression is nested too deeply to be read; split it into several statements")
    except ValueError as error:
        return Problem(1, 0, f"Python cannot read this file: {error}")


def _lines(text: str) -> list[str]:
    """The lines as Python counts them: a form feed or U+2028 does not end one."""
    return _LINE_END.split(text)


def _too_deep(text: str) -> int | None:
    """Where brackets are nested deeper than NESTING_LIMIT; None where they nowhere are."""
    depth = 0
    for match in _BRACKETS_OR_TEXT.finditer(text):
        character = match[0]
        if character in ("(", "[", "{"):
            depth += 1
            if depth > NESTING_LIMIT:
                return match.start()
        elif character in (")", "]", "}"):
            depth = max(0, depth - 1)
    return None


def _syntax_problem(error: SyntaxError, lines: list[str]) -> Problem:
    line, column = error.lineno or 1, max(error.offset or 0, 0)
    shown = line_in(lines, line)
    if error.text is not None and error.text.strip() not in shown:
        column = 0  # inside an f-string older parsers count columns in a text of their own
    return Problem(line, column, f"Python cannot read this line: {error.msg}", shown)


def _import_problem(node: ast.stmt | ast.expr, name: str, allowed: Sequence[str], lines: list[str]) -> Problem:
    shown = line_in(lines, node.lineno)
    column = len(shown.encode(errors="replace")[: node.col_offset].decode(errors="ignore")) + 1
    if name.startswith("."):
        seen = f'"{name}" is another file of yours, and only this one is handed in'
    else:
        seen = f'"{name}" is imported, which this exercise does not allow'
    near = get_close_matches(name.partition(".")[0], allowed, n=1, cutoff=0.8)  # "scipy" is no slip for "copy"
    hint = f' Did you mean "{near[0]}"?' if near else ""
    return Problem(node.lineno, column, f"{seen}; expected only {', '.join(allowed)}.{hint}", shown)


def _refused_imports(
    tree: ast.Module, allowed: Sequence[str], by_call: bool
) -> Iterator[tuple[ast.stmt | ast.expr, str]]:
    """Every import that running the file may come to and that is not allowed, by its dotted name.

    Expressions are looked into only where a call may import something: that halves the time of the whole look.
    """
    waiting: list[ast.AST] = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Import):
            yield from ((node, alias.name) for alias in node.names if not _is_allowed(alias.name, allowed))
        elif isinstance(node, ast.ImportFrom):
            yield from _refused_names(node, allowed)
        elif isinstance(node, ast.Call):
            name = _imported_by_call(node)
            if name is not None and not _is_allowed(name, allowed):
                yield node, name
        if isinstance(node, ast.If) and _never_graded(node.test):
            waiting.extend(node.orelse)
        elif by_call:
            waiting.extend(ast.iter_child_nodes(node))
        else:
            waiting.extend(child for block in _BLOCKS for child in getattr(node, block, ()))


def _refused_names(node: ast.ImportFrom, allowed: Sequence[str]) -> Iterator[tuple[ast.ImportFrom, str]]:
    module = "." * node.level + (node.module or "")
    prefix = f"{module}." if node.module else module
    names = [f"{prefix}{alias.name}".removesuffix(".*") for alias in node.names]
    refused = [name for name in names if node.level or not _is_allowed(name, allowed)]
    if refused:
        yield node, refused[0] if not node.module or _is_allowed(module, allowed) else module


def _imported_by_call(call: ast.Call) -> str | None:
    """The module that `__import__("x")` or `importlib.import_module("x")` names."""
    function = call.func
    called = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
    if called in _IMPORTING_CALLS and call.args:
        name = call.args[0]
        if isinstance(name, ast.Constant) and isinstance(name.value, str):
            return name.value
    return None


def _never_graded(test: ast.expr) -> bool:
    """Whether a block under this condition is skipped when the file is imported for grading."""
    if isinstance(test, ast.Compare):
        sides = (test.left, *test.comparators)
        names = [side.id for side in sides if isinstance(side, ast.Name)]
        values = [side.value for side in sides if isinstance(side, ast.Constant)]
        return isinstance(test.ops[0], ast.Eq) and names == ["__name__"] and values == ["__main__"] and len(sides) == 2
    return "TYPE_CHECKING" in (getattr(test, "id", ""), getattr(test, "attr", ""))


def _is_allowed(name: str, allowed: Sequence[str]) -> bool:
    """Whether an allowed package holds this module or name.

    >>> [_is_allowed(name, ["numpy"]) for name in ("numpy.lib.stride_tricks", "numpyx", "numpy.f2py")]
    [True, False, False]
    """
    if name not in allowed and any(_within(name, package) for package in _NOT_FOR_EXERCISES):
        return False
    return any(_within(name, package) for package in allowed)


def _within(name: str, package: str) -> bool:
    return name == package or name.startswith(f"{package}.")
