"""Arrays side by side in a terminal: numbers or shades, with a mark at each wrong element."""

from __future__ import annotations

from collections.abc import Sequence

from grader.report.report import ExampleReport, GridReport
from grader.text import for_terminal

SHADES = " ░▒▓█"
WRONG = "!"
GAP = "   "


def picture_of(example: ExampleReport, width: int) -> list[str]:
    """Return the lines of a picture: its inputs, the learner's result and the right one."""
    yours, right = example.yours, example.expected
    blocks = [_block(grid, grid.part or grid.name) for grid in example.inputs if _is_shown(grid)]
    if yours is not None and right is not None and yours.shape != right.shape:
        return [*_side_by_side(blocks, width), *_shapes(yours, right)]
    if yours is not None and _is_shown(yours):
        blocks.append(_block(yours, f"your {yours.part or yours.name}"))
    if right is not None and _is_shown(right):
        blocks.append(_block(right, "expected"))
    return _side_by_side(blocks, width)


def _is_shown(grid: GridReport) -> bool:
    return bool(grid.rows or grid.shades)


def _block(grid: GridReport, title: str) -> list[str]:
    """Return the lines of one array, all of the same width: its title, then its rows."""
    wrong = set(grid.wrong)
    if grid.rows:
        cells = [
            [f"{for_terminal(cell)}{WRONG if (i, j) in wrong else ' '}" for j, cell in enumerate(row)]
            for i, row in enumerate(grid.rows)
        ]
        widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
        rows = [" ".join(cell.rjust(size) for cell, size in zip(row, widths, strict=True)) for row in cells]
    else:
        rows = [
            "".join(
                SHADES[int(level)] + (WRONG if (i, j) in wrong else SHADES[int(level)]) for j, level in enumerate(row)
            )
            for i, row in enumerate(grid.shades)
        ]
    width = max(map(len, (title, *rows)))
    return [title.ljust(width), *(row.ljust(width) for row in rows)]


def _side_by_side(blocks: Sequence[Sequence[str]], width: int) -> list[str]:
    """Return blocks in rows that are as wide as there is room."""
    lines: list[str] = []
    row: list[Sequence[str]] = []
    for block in (*blocks, None):
        used = sum(len(one[0]) + len(GAP) for one in row)
        if row and (block is None or used + len(block[0]) > width):
            height = max(map(len, row))
            lines += [
                GAP.join(one[at] if at < len(one) else " " * len(one[0]) for one in row).rstrip()
                for at in range(height)
            ]
            row = []
        if block is not None:
            row.append(block)
    return lines


def _shapes(yours: GridReport, right: GridReport) -> list[str]:
    """Return both shapes under each other, with the names of the axes and a mark at each length that differs."""
    longest = max(len(yours.shape), len(right.shape))
    names = right.axes or yours.axes or tuple(f"axis {axis}" for axis in range(longest))
    table = [names, tuple(map(str, yours.shape)), tuple(map(str, right.shape))]
    marks = [WRONG if yours.shape[at : at + 1] != right.shape[at : at + 1] else " " for at in range(longest)]
    columns = [[(row[at] if at < len(row) else "-") for row in table] + [marks[at]] for at in range(longest)]
    sizes = [max(map(len, column)) for column in columns]
    heads = ("shape of " + right.name, "yours", "expected", "")
    first = max(map(len, heads))
    lines = [
        "  ".join([head.ljust(first), *(column[line].rjust(size) for column, size in zip(columns, sizes, strict=True))])
        for line, head in enumerate(heads)
    ]
    if not right.shape or not yours.shape:
        lines = [*lines[:3], f"{'':{first}}  () is a single number"]
    return [line.rstrip() for line in lines if line.strip()]
