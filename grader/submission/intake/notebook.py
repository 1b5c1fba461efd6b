"""Extract the source of a notebook's functions.

A notebook is a place to try things: plots, downloads, shell commands. Only some functions of it are handed in. They
are taken with everything that they need: imports, constants, other functions, and statements that change these.
Nothing else is run. A remark lists what was left out although it may be needed.
"""

from __future__ import annotations
import __future__

import ast
import json
import re
import warnings
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from grader.submission.intake.cell import CodeCell, python_of_cell
from grader.submission.intake.statement import Statement, statements_of
from grader.submission.problem import Problem
from grader.submission.reading import BYTES_LIMIT, SubmissionError
from grader.text import for_line

FILES_LIMIT = 20  # files that a notebook writes beside itself
REMARKS_LIMIT = 10

_DEFINED = re.compile(r"\bdef\s++(\w++)|\b(\w++)\s*+=")
_MODULE = re.compile(r"\A[^\W\d]\w*+\.py\Z")


@dataclass(frozen=True)
class NotebookSource:
    """The source of a notebook's functions, modules that it writes to files, and remarks on what was left out."""

    text: str
    files: tuple[tuple[str, str], ...] = ()
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Unread:
    """A cell that Python cannot read; `line` and `why` say what is wrong."""

    cell: int
    source: str
    line: int
    why: str

    @property
    def remark(self) -> str:
        """Return the remark for the learner."""
        return f"Code cell {self.cell} was left out. Line {self.line}: {self.why}. Correct the cell, or delete it."


def source_of_notebook(content: bytes, name: str, wanted: Sequence[str], module: str = "") -> NotebookSource:
    """Return Python source with the functions `wanted`, in the order of the cells. Raises SubmissionError.

    `module` is the name of the source: a cell that writes a file of that name is a cell like any other. An unreadable
    cell is taken unchanged if nothing else defines a function that it seems to define, so that its error is shown.
    """
    cells = _code_cells(content, name)
    if sum(map(len, cells)) > BYTES_LIMIT:
        raise SubmissionError(
            f"{name} contains more than {BYTES_LIMIT // 1024} KiB of code. Hand in source without data."
        )
    statements, unread, files = _read(cells, module)
    defined = frozenset[str]().union(*(one.defines for one in statements if not one.awaits))
    missing = frozenset(wanted) - defined
    broken = [one for one in unread if missing & _seemingly_defined(one.source)]
    statements += [Statement(one.cell, 1, one.source.strip("\n"), missing) for one in broken]
    statements.sort(key=lambda one: one.cell)
    left_out = [one for one in unread if one not in broken]
    needed, known = _closure(statements, wanted)
    if not any(statements[index].defines & set(wanted) for index in needed):
        raise SubmissionError(_nothing_defined(name, wanted, left_out))
    kept = [one for index, one in enumerate(statements) if index in needed and not one.awaits]
    unawaited = [one for index, one in enumerate(statements) if index in needed and one.awaits]
    return NotebookSource(_source(kept, known), tuple(files.items()), tuple(_remarks(left_out, unawaited)))


def _code_cells(content: bytes, name: str) -> list[str]:
    """Return the sources of the code cells, in any version of the format."""
    import nbformat

    try:
        text = content.decode("utf-8-sig")
        if not text.strip():
            raise ValueError("it is empty")
        raw = json.loads(text)
        if not isinstance(raw, dict):
            raise ValueError("it is not a JSON object")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a missing cell id is not the learner's mistake
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
    except Exception as error:  # nbformat raises many types: ValidationError, KeyError, AttributeError ...
        raise SubmissionError(_mangled(name, _first_line(error))) from None
    return sources


def _read(cells: Sequence[str], module: str) -> tuple[list[Statement], list[_Unread], dict[str, str]]:
    """Return the statements of all cells, the cells that cannot be read, and the modules that cells write."""
    statements: list[Statement] = []
    unread: list[_Unread] = []
    files: dict[str, str] = {}
    for number, text in enumerate(cells, 1):
        cell = python_of_cell(text.replace("\r\n", "\n").replace("\r", "\n"))
        if cell is None:
            continue
        if cell.file and cell.file != f"{module}.py":
            if _MODULE.match(cell.file) and (cell.file in files or len(files) < FILES_LIMIT):
                files[cell.file] = (files.get(cell.file, "") if cell.appends else "") + cell.source
            continue
        read = _statements(number, cell)
        if isinstance(read, _Unread):
            unread.append(read)
        else:
            statements += (one for one in read if not _imports(one, module))
    return statements, unread, files


def _statements(number: int, cell: CodeCell) -> list[Statement] | _Unread:
    """Return the statements of a cell, or why Python cannot read it."""
    source, tree = cell.source, cell.tree
    if isinstance(tree, Problem):
        return _Unread(number, source, tree.line, tree.message.removesuffix("."))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return list(statements_of(number, tree, source))
        except SyntaxError as error:
            return _Unread(number, source, error.lineno or 1, f"Python cannot read this line: {error.msg}")
        except (RecursionError, MemoryError, OverflowError, ValueError, SystemError):
            return _Unread(number, source, 1, "an expression is nested too deeply to be read")


def _imports(statement: Statement, module: str) -> bool:
    """Return True for an import of the module that the notebook itself becomes."""
    node = statement.imports
    if isinstance(node, ast.ImportFrom):
        return node.module == module
    return node is not None and [alias.name for alias in node.names] == [module]


def _seemingly_defined(source: str) -> frozenset[str]:
    """Return every name after a `def` or before a `=` in the text of an unreadable cell."""
    return frozenset(match[1] or match[2] for match in _DEFINED.finditer(source))


def _closure(statements: Sequence[Statement], wanted: Sequence[str]) -> tuple[set[int], set[str]]:
    """Return the indices of the statements that define or change a needed name, and all those names.

    The wanted names are needed, and those that a kept statement uses. The grader calls the wanted functions itself, so
    a call of one in a cell is only a trial, whatever it changes.
    """
    modules = frozenset[str]().union(*(one.defines for one in statements if one.imports is not None))
    binding: dict[str, list[int]] = {}
    calling: dict[str, list[int]] = {}
    changing: dict[str, list[str]] = {}
    for index, one in enumerate(statements):
        for name in one.defines | one.changes | (one.fills - modules):
            binding.setdefault(name, []).append(index)
        for name in one.calls:
            calling.setdefault(name, []).append(index)
        for name in one.effects - modules:
            changing.setdefault(name, []).extend(one.defines.difference(wanted))
    kept = {index for index, one in enumerate(statements) if one.is_future or one.takes_all}
    waiting, known = list(wanted), set(wanted)
    while waiting:
        name = waiting.pop()
        found = binding.pop(name, [])
        for function in changing.pop(name, ()):
            found += calling.pop(function, ())
        for index in found:
            if index not in kept:  # a statement may bind thousands of names, but its uses are followed once
                kept.add(index)
                new = statements[index].uses - known
                known |= new
                waiting += new
    return kept, known


def _source(kept: Sequence[Statement], known: set[str]) -> str:
    """Return the source of the kept statements, with imports from the future at the beginning."""
    features = {alias.name for one in kept if one.is_future and one.imports is not None for alias in one.imports.names}
    known_features = sorted(features.intersection(__future__.all_feature_names))
    lines = [f"from __future__ import {', '.join(known_features)}"] if known_features else []
    shown_cell = 0
    for one in kept:
        if one.is_future:
            continue
        if one.cell != shown_cell:
            shown_cell = one.cell
            lines.append(f"# code cell {shown_cell}")
        lines.append(one.text(known))
    return "\n".join(lines) + "\n"


def _remarks(left_out: Iterable[_Unread], unawaited: Iterable[Statement]) -> Iterator[str]:
    """Yield remarks on what was left out, not more than a report shows."""
    remarks = [one.remark for one in left_out]
    remarks += [
        f"Line {one.line} of code cell {one.cell} was left out: it uses `await` or `async` outside of a function, "
        "which works only in a notebook. Write it without them."
        for one in unawaited
    ]
    yield from remarks[:REMARKS_LIMIT]
    if len(remarks) > REMARKS_LIMIT:
        yield f"{len(remarks) - REMARKS_LIMIT} more cells or lines were left out."


def _nothing_defined(name: str, wanted: Sequence[str], left_out: Sequence[_Unread]) -> str:
    because = f" {left_out[0].remark}" if left_out else ""
    return (
        f"{name} is a notebook without a code cell that defines {_listed(wanted)}. "
        f"Define each function in a code cell, or hand in the .py file.{because}"
    )


def _mangled(name: str, why: str) -> str:
    return (
        f"{name} is not a readable notebook: {why}. Open it in Jupyter, save it again and hand it in, "
        "or hand in the .py file."
    )


def _first_line(error: Exception) -> str:
    text = str(error).strip().split("\n")[0] or type(error).__name__
    return for_line(text, 160)


def _listed(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"any of {', '.join(names)}"
