"""Screen a learner's source before anything runs: can Python read it, and what does it import?

Screening is not a protection and refuses no import; the sandbox protects. Parsing happens in the grader's own process,
so it must survive every text. Therefore nesting is measured before the parser sees it.
"""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Collection, Mapping
from dataclasses import replace

from grader.submission.imports import Imports, imports_of
from grader.submission.problem import Problem, line_in
from grader.submission.reading import stand_in
from grader.submission.submission import SourceFile, Submission

NESTING_LIMIT = 100  # our references need 6 levels; CPython's own parser gives up at 200

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


def screen(
    text: str, filename: str, available: Collection[str] = (), forbidden: Mapping[str, str] | None = None
) -> Imports | Problem:
    """Return what a source needs from the sandbox, or why Python cannot read it. Nothing is executed.

    `available` are the packages that the sandbox has in addition to the standard library.

    >>> screen("import numpy\\nimport scipy.signal\\n", "a.py", ["numpy"]).stand_ins
    True
    """
    tree = parse(text, filename)
    return tree if isinstance(tree, Problem) else imports_of(tree, text, available, forbidden)


def screen_submission(
    submission: Submission, module: str, available: Collection[str], forbidden: Mapping[str, str]
) -> Submission | Problem:
    """Return the submission ready to run, or the problem of its file `module`.py that keeps it from running.

    Each file gets its imports. A companion that Python cannot read costs only itself: a file that raises an error with
    the reason takes its place.
    """
    own = f"{module}.py"
    files = []
    for file in submission.files:
        seen = screen(file.text, file.name, (*available, module), forbidden)
        if not isinstance(seen, Problem):
            files.append(replace(file, imports=seen))
        elif file.name == own:
            return seen
        else:
            because = f"line {seen.line}: {seen.message}"
            files.append(SourceFile(file.name, stand_in(file.name, because)))
    return replace(submission, files=tuple(files))


def parse(text: str, filename: str) -> ast.Module | Problem:
    """Return the syntax tree of a stranger's text, or why Python cannot read it."""
    too_deep = _too_deep(text)
    if too_deep is not None:
        line = len(_LINE_END.findall(text, 0, too_deep)) + 1
        message = f"brackets are nested more than {NESTING_LIMIT} deep; split this into several statements"
        return Problem(line, 0, message, line_in(_lines(text), line))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # an invalid escape such as "\\d" does not make a file unreadable
            return ast.parse(text, filename)
    except SyntaxError as error:
        return _syntax_problem(error, _lines(text))
    except (RecursionError, MemoryError, OverflowError):
        return Problem(1, 0, "an expression is nested too deeply to be read; split it into several statements")
    except ValueError as error:
        return Problem(1, 0, f"Python cannot read this file: {error}")


def _lines(text: str) -> list[str]:
    """Return the lines as Python counts them: a form feed or U+2028 does not end one."""
    return _LINE_END.split(text)


def _too_deep(text: str) -> int | None:
    """Return the position at which brackets are nested deeper than NESTING_LIMIT, or None."""
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
        column = 0  # older parsers count the columns of an f-string from its own start
    return Problem(line, column, f"Python cannot read this line: {error.msg}", shown)
