"""The source of a notebook's functions.

A notebook is a place to try things: plots, downloads, shell commands. What is handed in are some functions. They are
taken with what they need - imports, constants, helpers - and nothing else is run.
"""

from __future__ import annotations

import ast
import json
import re
import warnings
from collections.abc import Sequence
from dataclasses import dataclass

from grader.submission.problem import Problem
from grader.submission.reading import BYTES_LIMIT, SubmissionError
from grader.submission.screen import parse

NOTEBOOK_BYTES_LIMIT = 16 * 1024 * 1024  # pictures of plots are kept in it

_TRANSPARENT = ("time", "timeit", "capture", "prun", "python", "python3")  # magics whose cell is ordinary Python
_CELL_MAGIC = re.compile(r"\s*%%(?P<name>\w*)[^\n]*\n?")
_NOT_PYTHON = re.compile(r"^\s*(?:[%!?]|[\w, ]+=\s*[%!]|.*\?\s*$)")


@dataclass(frozen=True)
class _Statement:
    """One top-level statement of a cell."""

    cell: int
    source: str
    binds: frozenset[str]
    uses: frozenset[str]


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
    needed = _closure(statements, wanted)
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
        lines.append(one.source)
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
    except Exception as error:  # nbformat raises what its parts raise: ValidationError, KeyError, AttributeError ...
        raise SubmissionError(_mangled(name, _first_line(error))) from None
    return sources


def _statements(number: int, cell: str, wanted: Sequence[str]) -> list[_Statement]:
    source = _plain_python(cell)
    if source is None:
        return []
    tree = parse(source, f"code cell {number}")
    if isinstance(tree, Problem):
        defined = [name for name in wanted if re.search(rf"\b(?:def\s+{name}\b|{name}\s*=)", source)]
        return [_Statement(number, source.rstrip("\n"), frozenset(defined), frozenset())] if defined else []
    lines = source.split("\n")
    found = []
    for node in tree.body:
        if isinstance(node, ast.Import | ast.ImportFrom):
            found += [_Statement(number, ast.unparse(one), _bound(one), frozenset()) for one in _one_by_one(node)]
        else:
            found.append(_Statement(number, _segment(lines, node), _bound(node), _used(node)))
    return found


def _one_by_one(node: ast.Import | ast.ImportFrom) -> list[ast.Import | ast.ImportFrom]:
    """`import numpy, matplotlib` as two: one of them may be needed, the other not."""
    if isinstance(node, ast.Import):
        return [ast.Import([alias]) for alias in node.names]
    return [ast.ImportFrom(node.module, [alias], node.level) for alias in node.names]


def _segment(lines: list[str], node: ast.stmt) -> str:
    """The text of a statement with its decorators, without what stands beside it behind a semicolon."""
    decorators = getattr(node, "decorator_list", ())
    start, end = min([node.lineno, *(one.lineno for one in decorators)]), node.end_lineno or node.lineno
    taken = lines[start - 1 : end]
    taken[-1] = taken[-1].encode()[: node.end_col_offset].decode()
    taken[0] = taken[0] if decorators else taken[0].encode()[node.col_offset :].decode()
    return "\n".join(taken)


def _plain_python(cell: str) -> str | None:
    """A cell without what only IPython understands; None where it is in another language."""
    magic = _CELL_MAGIC.match(cell)
    if magic is not None:
        if magic["name"] not in _TRANSPARENT:
            return None
        cell = cell[magic.end() :]
    if isinstance(parse(cell, "code cell"), ast.Module):
        return cell
    return "\n".join("" if _NOT_PYTHON.match(line) else line for line in cell.split("\n"))


def _bound(node: ast.stmt) -> frozenset[str]:
    """The names that a top-level statement defines."""
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return frozenset([node.name])
    if isinstance(node, ast.Import | ast.ImportFrom):
        return frozenset((alias.asname or alias.name).split(".")[0] for alias in node.names)
    if isinstance(node, ast.Assign | ast.AnnAssign | ast.AugAssign):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        names = [inner.id for target in targets for inner in ast.walk(target) if isinstance(inner, ast.Name)]
        return frozenset(names)
    if isinstance(node, ast.If | ast.Try | ast.With | ast.For):
        inside = [inner for inner in ast.iter_child_nodes(node) if isinstance(inner, ast.stmt)]
        return frozenset().union(*map(_bound, inside))
    return frozenset()


def _used(node: ast.stmt) -> frozenset[str]:
    return frozenset(inner.id for inner in ast.walk(node) if isinstance(inner, ast.Name))


def _closure(statements: Sequence[_Statement], wanted: Sequence[str]) -> set[int]:
    """Which statements bind a wanted name, or one that such a statement uses."""
    binding: dict[str, list[int]] = {}
    for index, one in enumerate(statements):
        for name in one.binds:
            binding.setdefault(name, []).append(index)
    kept = {index for index, one in enumerate(statements) if one.source.startswith("from __future__ import")}
    waiting, known = list(wanted), set(wanted)
    while waiting:
        for index in binding.pop(waiting.pop(), ()):
            kept.add(index)
            new = statements[index].uses - known
            known |= new
            waiting += new
    return kept


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
