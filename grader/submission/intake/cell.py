"""Turn a code cell into Python, without the prompts, magics, shell commands and questions of IPython.

This is the part of `IPython.core.inputtransformer2` that decides what is Python. IPython itself is too heavy to install
for it. Commands that IPython would run do nothing here: a command becomes `pass`, so that a block of commands stays a
block.

Like IPython, this module finds a command by its tokens: only at the start of a logical line or after its `=`, and never
in brackets, a text, a comment or a continued line. Every character is read once.
"""

from __future__ import annotations

import ast
import re
import textwrap
from dataclasses import dataclass, field

from grader.submission.problem import Problem
from grader.submission.python_token import PYTHON_TOKEN
from grader.submission.screen import parse

_WRAPPERS = frozenset({"capture", "debug", "grade", "prun", "py", "python", "python3", "time", "timeit"})
"""Cell magics that run their cell as Python."""

_OTHERS = frozenset(
    {"!", "bash", "bigquery", "cmd", "cython", "html", "javascript", "js", "latex", "markdown", "perl", "pypy", "r"}
    | {"ruby", "script", "sh", "skip", "sql", "svg", "sx", "system"}
)
"""Cell magics that run their cell as something else."""

_FILE_MAGICS = frozenset({"file", "writefile"})
_PYLAB = "import numpy; import numpy as np; import matplotlib.pyplot as plt"
_PYLAB_NAMES = "from pylab import *; from numpy import *"

_COMMENTS = re.compile(r"\A(?:[ \t\f]*+(?:#[^\n]*+)?\n)*+[ \t]*+(?=%%)")
_CELL_MAGIC = re.compile(r"%%(?P<name>!|\w++)(?P<line>[^\n]*+)\n?+")
_CLASSIC_START = re.compile(r"\A\s*+>>>(?: |$)", re.MULTILINE)
_CLASSIC = re.compile(r"^[ \t]*+(?:>>>|\.\.\.)(?:[ \t]|$)", re.MULTILINE)
_NUMBERED_START = re.compile(r"\A(?:[^\n]*+\n)?(?: ?In \[[0-9]++\]: |[ \t]*+\.{3,}+:)")
_NUMBERED = re.compile(r"^(?: ?In \[[0-9]++\]: |[ \t]*+\.{3,}+: ?)", re.MULTILINE)
_REST_OF_LINE = re.compile(r"(?:[^\\\n]++|\\\n|\\)*+")
_NAME = re.compile(r"[^\W\d]\w*+")


@dataclass(frozen=True)
class CodeCell:
    """A cell as Python source, with its syntax tree or the problem that Python has with it.

    `file` is the file that `%%writefile` writes, or empty; with `appends`, it appends to that file.
    """

    source: str
    tree: ast.Module | Problem = field(compare=False, repr=False)
    file: str = ""
    appends: bool = False


def python_of_cell(text: str) -> CodeCell | None:
    """Return a cell as Python; None if it is in another language.

    >>> python_of_cell("%matplotlib inline\\nif new:\\n    !pip install x\\nfiles = !ls")
    CodeCell(source='pass\\nif new:\\n    pass\\nfiles = []', file='', appends=False)
    >>> python_of_cell("%%bash\\nls")
    """
    text = _without_prompts(text)
    comments = _COMMENTS.match(text)
    position, is_known = comments.end() if comments is not None else 0, True
    while (magic := _CELL_MAGIC.match(text, position)) is not None:
        position, name = magic.end(), magic["name"].lower()
        if name in _FILE_MAGICS:
            path = magic["line"].strip().replace("\\", "/")
            file = path.split("/")[-1].split(" ")[-1].strip("\"'")
            source = text[position:]
            return CodeCell(source, parse(source, file), file, path.startswith("-a")) if file.endswith(".py") else None
        if name in _OTHERS:
            return None
        is_known &= name in _WRAPPERS
    text = text[position:]
    tree = parse(text, "cell")
    if isinstance(tree, Problem):
        text = _without_commands(text)
        tree = parse(text, "cell")
    return CodeCell(text, tree) if is_known or isinstance(tree, ast.Module) else None


def _without_prompts(text: str) -> str:
    """Return a cell without the indentation and the prompts that all its lines have, as after copying."""
    if text[:1] in (" ", "\t", "\n", "\f"):
        text = textwrap.dedent(text.lstrip("\n\f"))
    if _CLASSIC_START.match(text):
        return textwrap.dedent(_CLASSIC.sub("", text))
    return _NUMBERED.sub("", text) if _NUMBERED_START.match(text) else text


def _without_commands(text: str) -> str:
    """Return the text with plain Python in place of IPython's commands."""
    pieces: list[str] = []
    copied = position = line_start = depth = 0  # `line_start`: the start of the logical line, after its indentation
    before = "\n"  # the token before this one, without blanks; a comment hides a `?` before it
    while (token := PYTHON_TOKEN.match(text, position)) is not None:
        shown = token[0]
        if depth == 0 and _begins_command(before, shown, text, token.end()):
            end = _end_of_line(text, position)
            pieces += text[copied:position], _instead(_joined(text[position:end]), before)
            copied = position = end
            before = "command"
            continue
        position = token.end()
        if token["blank"]:
            continue
        if before == "\n" and depth == 0:
            line_start = token.start()
        if token["open"] or token["close"]:
            depth = max(0, depth + (1 if token["open"] else -1))
        if token["end"]:
            if depth:
                continue
            if before == "?":
                pieces += text[copied:line_start], "pass"
                copied = token.start()
        before = shown
    if before == "?" and depth == 0:
        pieces += text[copied:line_start], "pass"
        copied = len(text)
    return "".join((*pieces, text[copied:]))


def _begins_command(before: str, shown: str, text: str, end: int) -> bool:
    """Return True if a token outside of brackets starts a command of IPython."""
    if before == "\n":
        return shown[0] in "%!?,;/"
    if before in (";", ":"):  # more than IPython accepts; Python has neither operator there
        return shown[0] in "%!"
    return before == "=" and (shown == "!" or (shown == "%" and _NAME.match(text, end) is not None))


def _end_of_line(text: str, start: int) -> int:
    """Return the end of a command: a backslash at the end of a line joins the next one to it."""
    rest = _REST_OF_LINE.match(text, start)
    return rest.end() if rest is not None else len(text)


def _joined(command: str) -> str:
    return command.replace("\\\n", " ").rstrip()


def _instead(command: str, before: str) -> str:
    """Return the Python code in place of a command after the token `before`.

    >>> _instead("%time y = f(x)", "\\n"), _instead("%time f(x)", "="), _instead("!ls", "="), _instead("f?", "\\n")
    ('y = f(x)', 'f(x)', '[]', 'pass')
    """
    magic, _, rest = command.partition(" ")
    rest = rest.strip()
    if before == "=":
        if magic == "%time" and _is_python(rest, "eval"):
            return rest
        return "[]" if magic.startswith("!") else "None"
    if magic == "%pylab":
        return _PYLAB if "--no-import-all" in rest else f"{_PYLAB}; {_PYLAB_NAMES}"
    if magic == "%time" and before == "\n" and _is_python(rest, "exec"):
        return rest
    return "pass"


def _is_python(text: str, mode: str) -> bool:
    tree = parse(text, "magic")
    if not isinstance(tree, ast.Module) or not tree.body:
        return False
    return mode == "exec" or (len(tree.body) == 1 and isinstance(tree.body[0], ast.Expr))
