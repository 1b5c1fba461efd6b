"""Make a notebook from a stub: the task as text, a cell for each function, and a cell that grades."""

from __future__ import annotations

import ast
from collections.abc import Iterator

KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}


def notebook_of(stub: str, number: int) -> str:
    """Return a notebook, as JSON, that is graded like the stub. The same stub gives the same bytes."""
    import nbformat
    from nbformat import v4

    cells = [
        *(v4.new_markdown_cell(text) for text in _task(stub)),  # type: ignore[no-untyped-call]
        v4.new_code_cell("%load_ext grader"),  # type: ignore[no-untyped-call]
        *(v4.new_code_cell(text) for text in _parts(stub)),  # type: ignore[no-untyped-call]
        v4.new_markdown_cell(_HOW.format(number=number)),  # type: ignore[no-untyped-call]
        v4.new_code_cell(f"%grade {number}"),  # type: ignore[no-untyped-call]
    ]
    for place, cell in enumerate(cells, 1):
        cell["id"] = f"cell-{place}"
    notebook = v4.new_notebook(cells=cells, metadata={"kernelspec": KERNEL})  # type: ignore[no-untyped-call]
    return str(nbformat.writes(notebook)) + "\n"  # type: ignore[no-untyped-call]


_HOW = (
    "Run the cells above, then the next one: it grades the functions that are defined so far. "
    "`%%grade {number}` as the first line of a cell runs the cell and then grades. "
    "In a terminal, `grade exercise {number} FILE.ipynb` grades the saved notebook."
)


def _task(stub: str) -> Iterator[str]:
    """Yield the text of the stub: its first line as a heading, and the rest unchanged, with its pictures."""
    text = ast.get_docstring(ast.parse(stub))
    if text:
        title, _, rest = text.partition("\n")
        yield f"# {title.rstrip('.')}" + (f"\n\n```text\n{rest.strip(chr(10))}\n```" if rest.strip() else "")


def _parts(stub: str) -> Iterator[str]:
    """Yield the code of the stub: what comes before the first definition, then each definition with its comments."""
    body = ast.parse(stub).body
    if body and ast.get_docstring(ast.parse(stub)) is not None:
        first, body = (body[0].end_lineno or 0), body[1:]
    else:
        first = 0
    lines = stub.splitlines()
    ends: list[int] = []
    for node, following in zip(body, [*body[1:], None], strict=True):
        if following is None or isinstance(node, _DEFINITION) or isinstance(following, _DEFINITION):
            ends.append(len(lines) if following is None else node.end_lineno or 0)
    for end in ends:
        part = "\n".join(lines[first:end]).strip("\n")
        first = end
        if part:
            yield part


_DEFINITION = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
