"""The source of a notebook's functions.

A notebook is a place to try things: plots, downloads, shell commands. What is handed in are some functions. They are
taken with what they need - imports, constants, helpers - and nothing else is run.
"""

from __future__ import annotations

import ast
import json
import re
import warnings
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from grader.submission.problem import Problem
from grader.submission.reading import BYTES_LIMIT, SubmissionError
from grader.submission.screen import parse

_TRANSPARENT = ("time", "timeit", "capture", "prun", "python", "python3")  # magics whose cell is ordinary Python
_CELL_MAGIC = re.compile(r"\A\s*+%%(?P<name>\w*+)[^\n]*+\n?")
_DEFINED = re.compile(r"\bdef\s++(\w++)|\b(\w++)\s*+=")
_NAMES = re.compile(r"\A[\w, ]++\Z")


_Import = ast.Import | ast.ImportFrom


@dataclass(frozen=True)
class _Statement:
    """One top-level statement of a cell; an import has no `source`: only the names in use are kept."""

    cell: int
    source: str
    binds: frozenset[str]
    uses: frozenset[str]
    imports: _Import | None = None

    @property
    def is_future(self) -> bool:
        """Return True for `from __future__ import`."""
        return isinstance(self.imports, ast.ImportFrom) and self.imports.module == "__future__"

    def text(self, known: Collection[str]) -> str:
        """Return its source; an import keeps only the names in `known`."""
        if self.imports is None:
            return self.source
        names = [alias for alias in self.imports.names if self.is_future or _name_bound(alias) in known]
        if isinstance(self.imports, ast.Import):
            return ast.unparse(ast.Import(names))
        return ast.unparse(ast.ImportFrom(self.imports.module, names, self.imports.level))


def source_of_notebook(content: bytes, name: str, wanted: Sequence[str]) -> str:
    """Python source with the functions `wanted`, in the order of the cells. Raises SubmissionError.

    A cell that does not parse and seems to define one of them is taken as it stands, so that its error is shown.
    """
    cells = _code_cells(content, name)
    if sum(map(len, cells)) > BYTES_LIMIT:
        raise SubmissionError(f"{name} holds more than {BYTES_LIMIT // 1024} KiB of code. Hand in source without data.")
    statements: list[_Statement] = []
    for number, cell in enumerate(cells, 1):
        statements += _statements(number, cell.replace("\r\n", "\n").replace("\r", "\n"), wanted)
    needed, known = _closure(statements, wanted)
    kept = [one for index, one in enumerate(statements) if index in needed]
    if not any(one.binds & set(wanted) for one in kept):
        raise SubmissionError(
            f"{name} is a notebook in which no code cell defines {_listed(wanted)}. "
            "Define the functions in code cells of their own, or hand in the .py file."
        )
    lines: list[str] = []
    shown_cell = 0
    for one in kept:
        if one.cell != shown_cell:
            shown_cell = one.cell
            lines.append(f"# code cell {shown_cell}")
        lines.append(one.text(known))
    return "\n".join(lines) + "\n"


def _code_cells(content: bytes, name: str) -> list[str]:
    """The sources of the code cells, whatever version of the format it is."""
    import nbformat

    try:
        text = content.decode("utf-8-sig")
        raw = json.loads(text)
        if not isinstance(raw, dict):
            raise ValueError("it is no JSON object")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a missing cell id is none of the learner's doing
            notebook = nbformat.reads(text, as_version=4)  # type: ignore[no-untyped-call]
        cells = [cell for cell in notebook["cells"] if cell.get("cell_type") == "code"]
        sources = [cell["source"] for cell in cells]
        sources = ["".join(source) if isinstance(source, list) else source for source in sources]
        if not all(isinstance(source, str) for source in sources):
            raise ValueError("a cell has no text")
    except RecursionError:
        raise SubmissionError(_mangled(name, "it is nested too deeply")) from None
    except MemoryError:
        raise
    except Exception as error:  # nbformat raises what its parts raise: ValidationError, KeyError, AttributeError ...
        raise SubmissionError(_mangled(name, _first_line(error))) from None
    return sources


def _statements(number: int, cell: str, wanted: Sequence[str]) -> list[_Statement]:
    source = _plain_python(cell)
    if source is None:
        return []
    tree = parse(source, f"code cell {number}")
    if isinstance(tree, Problem):
        defined = _seemingly_defined(source).intersection(wanted)
        return [_Statement(number, source.rstrip("\n"), defined, frozenset())] if defined else []
    lines = [line.encode() for line in source.split("\n")]  # once: a line may hold a hundred thousand statements
    found = []
    for node in tree.body:
        if isinstance(node, _Import):
            found.append(_Statement(number, "", _bound(node), frozenset(), node))
        else:
            found.append(_Statement(number, _segment(lines, node), _bound(node), _used(node)))
    return found


def _seemingly_defined(source: str) -> frozenset[str]:
    """Return every name after a `def` or before a `=` in a cell that does not parse."""
    return frozenset(match[1] or match[2] for match in _DEFINED.finditer(source))


def _segment(lines: list[bytes], node: ast.stmt) -> str:
    """Return the text of a statement with its decorators, without other statements on the same line."""
    decorators: Sequence[ast.expr] = getattr(node, "decorator_list", ())
    start, end = min([node.lineno, *(one.lineno for one in decorators)]), node.end_lineno or node.lineno
    column = 0 if decorators else node.col_offset
    if start == end:
        return lines[start - 1][column : node.end_col_offset].decode()
    taken = [lines[start - 1][column:], *lines[start : end - 1], lines[end - 1][: node.end_col_offset]]
    return b"\n".join(taken).decode()


def _plain_python(cell: str) -> str | None:
    """Return a cell without what only IPython understands; None if it is in another language."""
    magic = _CELL_MAGIC.match(cell)
    if magic is not None:
        if magic["name"] not in _TRANSPARENT:
            return None
        cell = cell[magic.end() :]
    if isinstance(parse(cell, "code cell"), ast.Module):
        return cell
    return "\n".join("" if _is_for_ipython(line) else line for line in cell.split("\n"))


def _is_for_ipython(line: str) -> bool:
    """Return True for a magic, a shell command or a question.

    >>> [_is_for_ipython(line) for line in ("%time f()", "!ls", "files = !ls", "f?", "x = y % 2", "")]
    [True, True, True, True, False, False]
    """
    line = line.strip()
    if line.startswith(("%", "!", "?")) or line.endswith("?"):
        return True
    names, equals, value = line.partition("=")
    return bool(equals) and value.lstrip().startswith(("%", "!")) and _NAMES.match(names) is not None


def _bound(node: ast.stmt) -> frozenset[str]:
    """Return the names that a top-level statement defines, also inside its blocks."""
    names: set[str] = set()
    waiting: list[ast.AST] = [node]
    while waiting:  # no recursion: a thousand `elif` are a thousand levels
        inner = waiting.pop()
        if isinstance(inner, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            names.add(inner.name)
        elif isinstance(inner, _Import):
            names.update(map(_name_bound, inner.names))
        elif isinstance(inner, ast.Assign | ast.AnnAssign | ast.AugAssign):
            targets = inner.targets if isinstance(inner, ast.Assign) else [inner.target]
            names.update(one.id for target in targets for one in ast.walk(target) if isinstance(one, ast.Name))
        elif isinstance(inner, ast.If | ast.Try | ast.With | ast.For | ast.ExceptHandler):
            waiting += [one for one in ast.iter_child_nodes(inner) if isinstance(one, ast.stmt | ast.ExceptHandler)]
    return frozenset(names)


def _name_bound(alias: ast.alias) -> str:
    return alias.asname or alias.name.partition(".")[0]


def _used(node: ast.stmt) -> frozenset[str]:
    return frozenset(inner.id for inner in ast.walk(node) if isinstance(inner, ast.Name))


def _closure(statements: Sequence[_Statement], wanted: Sequence[str]) -> tuple[set[int], set[str]]:
    """Return the statements that bind a wanted name, or a name that these use, and all those names."""
    binding: dict[str, list[int]] = {}
    for index, one in enumerate(statements):
        for name in one.binds:
            binding.setdefault(name, []).append(index)
    kept = {index for index, one in enumerate(statements) if one.is_future}
    waiting, known = list(wanted), set(wanted)
    while waiting:
        for index in binding.pop(waiting.pop(), ()):
            if index not in kept:  # a statement may bind thousands of names; look at what it uses once
                kept.add(index)
                new = statements[index].uses - known
                known |= new
                waiting += new
    return kept, known


def _mangled(name: str, why: str) -> str:
    return (
        f"{name} is no readable notebook: {why}. Open it in Jupyter, save it again and hand it in, "
        "or hand in the .py file."
    )


def _first_line(error: Exception) -> str:
    text = str(error).strip().split("\n")[0] or type(error).__name__
    text = text if text.isprintable() else ascii(text)
    return text[:160]


def _listed(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"any of {', '.join(names)}"
