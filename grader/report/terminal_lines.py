"""Lines of a report in a terminal. Each line that may contain a learner's text begins with a bar."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from grader.text import for_encoding

if TYPE_CHECKING:
    from collections.abc import Callable

    from rich.console import Console
    from rich.text import Text

    from grader.report.report import CriterionReport

INDENT = 9  # the verdict words have their own column: "NOT RUN" and two spaces
NARROW = 60  # below it the details begin nearer to the left
BAR = "│ "
STYLES = {
    "PASS": "bold green",
    "FAIL": "bold red",
    "SAME": "bold yellow",
    "TODO": "bold cyan",
    "NOT RUN": "bold yellow",
    "OURS": "bold magenta",
}


_IN_ASCII = str.maketrans({
    "█": "#", "▓": "%", "▒": "+", "░": "-", "·": "|", "│": "|", "…": "...",
})  # fmt: skip


def as_ascii(text: str) -> str:
    """Return a text for a stream that can carry nothing but ASCII."""
    return for_encoding(text.translate(_IN_ASCII), "ascii")


def filled(share: float, length: int) -> str:
    """Return a bar of this length: full only for all of 1, empty only for 0."""
    cells = int(share * length)
    if share > 0:
        cells = max(cells, 1)
    return "█" * cells + "░" * (length - cells)


def points_text(points: float) -> str:
    """Points as one says them.

    >>> points_text(8.0), points_text(5.5), points_text(0.6667)
    ('8', '5.5', '0.67')
    """
    return f"{points:.2f}".rstrip("0").rstrip(".")


def new_console(width: int, colour: bool) -> Console:
    """Return a console that writes into a text and that no setting of the environment changes."""
    from rich.console import Console

    return Console(
        file=io.StringIO(),
        width=width,
        force_terminal=colour,
        color_system="standard" if colour else None,
        no_color=not colour,
        legacy_windows=False,
        markup=False,
        highlight=False,
        emoji=False,
        force_jupyter=False,
    )


def written_by(width: int, colour: bool, *writers: Callable[[Console], None]) -> list[str]:
    """Return the lines that these functions write to a console."""
    console = new_console(width, colour)
    for write in writers:
        write(console)
    assert isinstance(console.file, io.StringIO)
    return [line.rstrip() for line in console.file.getvalue().splitlines()]


def text_of(*parts: str | tuple[str, str]) -> Text:
    """Return a text of parts, some with a style."""
    from rich.text import Text

    return Text.assemble(*parts)


def write_row(console: Console, word: str, title: str, points: str = "") -> None:
    """Write a verdict, a title that may take several lines, and points at the right margin."""
    from rich.table import Table

    row = Table.grid(expand=True, padding=0)
    row.add_column(width=INDENT, no_wrap=True)
    row.add_column(ratio=1, overflow="fold")
    row.add_column(justify="right", no_wrap=True)
    row.add_row(text_of((word, STYLES[word])), text_of(title), text_of(f" {points}" if points else ""))
    console.print(row)


def write_indented(console: Console, line: str, style: str = "") -> None:
    """Write a line of our own below a verdict."""
    from rich.padding import Padding

    text = text_of((line, style))
    text.overflow = "fold"
    console.print(Padding(text, (0, 0, 0, indent_of(console)), expand=False))


def write_barred(console: Console, line: str, indent: int | None = None, most: int = 10_000) -> None:
    """Write a line that may contain text from a learner, with a bar before each line of the terminal; `most` lines."""
    indent = indent_of(console) if indent is None else indent
    parts = text_of(line).wrap(console, console.width - indent - len(BAR), overflow="fold") or [text_of("")]
    for place, part in enumerate(parts[:most]):
        more = "…" if place == most - 1 and len(parts) > most else ""
        text = part.plain.rstrip()[: console.width - indent - len(BAR) - len(more)] + more
        console.print(text_of(" " * indent, (BAR, "dim"), text), no_wrap=True)


def indent_of(console: Console) -> int:
    """Return where the details begin."""
    return INDENT if console.width >= NARROW else 2


def points_of(criterion: CriterionReport) -> str:
    """Return the points of a criterion; empty if the grader had a fault."""
    earned = criterion.earned
    return "" if earned is None else f"{points_text(earned)} / {points_text(criterion.possible)}"
