"""Pictures of a submission as text for a terminal: images as blocks, charts of letters, a table and bars."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import zip_longest
from typing import TYPE_CHECKING

from grader.report.terminal_lines import as_ascii, filled, text_of, write_barred, written_by
from grader.text import for_terminal

if TYPE_CHECKING:
    from rich.console import Console

    from grader.checks.seen import Bars, Body, Chart, Charts, Maps, Seen, Table

NARROWEST = 24
CHART_ROWS, CHART_COLUMNS = 8, 30
MARKS = "ox"  # of the first and the second curve of a chart
BOTH = "*"
GAP = "   "
LABEL = 7  # columns for a number beside a chart
BAR_CELLS = 30


def seen_text(seen: Sequence[Seen], *, width: int, colour: bool, ascii_only: bool = False) -> str:
    """Return everything that can be seen, below each other, as text of this width."""
    width = max(width, NARROWEST)
    lines = [line for one in seen for line in ("", *_lines_of(one, width, colour, ascii_only))]
    text = "".join(f"{line}\n" for line in lines)
    return as_ascii(text) if ascii_only else text


def undrawn(seen: Seen, error: Exception) -> Seen:
    """Return what is left if drawing it has failed: everything but the picture."""
    why = "there was not enough memory for it" if isinstance(error, MemoryError) else type(error).__name__
    return seen.model_copy(update={"body": None, "lost": f"it could not be drawn: {why}"})


def _lines_of(seen: Seen, width: int, colour: bool, ascii_only: bool) -> list[str]:
    try:
        body = _body_lines(seen.body, width, ascii_only) if seen.body is not None else ()
    except Exception as error:
        seen, body = undrawn(seen, error), ()

    def write(console: Console) -> None:
        console.print(text_of((for_terminal(seen.title), "bold")))
        if seen.said:
            console.print(text_of(for_terminal(seen.said)))
        if seen.lost:
            write_barred(console, f"No picture: {for_terminal(seen.lost)}", indent=0)

    return [*written_by(width, colour, write), *body]


def _body_lines(body: Body, width: int, ascii_only: bool) -> Sequence[str]:
    if body.kind == "maps":
        return _map_lines(body, width, ascii_only)
    if body.kind == "charts":
        return _chart_lines(body, width)
    if body.kind == "table":
        return _table_lines(body)
    return _bar_lines(body, width)


def _map_lines(body: Maps, width: int, ascii_only: bool) -> list[str]:
    """Return images as the lessons draw them."""
    from grader.study.lesson_pictures import Drawing, Panel, side_by_side
    from grader.study.pictures import scaled

    panels = [Panel(for_terminal(one.caption), scaled(one.rows)) for one in body.maps]
    return side_by_side(panels, Drawing(width, digits=ascii_only)).split("\n")


def _chart_lines(body: Charts, width: int) -> list[str]:
    """Return charts side by side if there is room, else below each other."""
    columns = min(CHART_COLUMNS, width - LABEL - 2)
    blocks = [_chart(one, columns) for one in body.charts]
    sizes = [max(map(len, block)) for block in blocks]
    if sum(sizes) + len(GAP) * (len(blocks) - 1) > width:
        return [line for block in blocks for line in block]
    return [
        GAP.join(part.ljust(size) for part, size in zip(row, sizes, strict=True)).rstrip()
        for row in zip_longest(*blocks, fillvalue="")
    ]


def _chart(chart: Chart, columns: int) -> list[str]:
    """Return one chart, with epochs from left to right and its smallest and largest number beside it."""
    low, high = limits_of(chart)
    epochs = max(len(curve.values) for curve in chart.curves)
    wide = max(1, min(3, columns // epochs))  # columns for an epoch
    shown = min(epochs, columns // wide)
    grid = [[" "] * (shown * wide) for _ in range(CHART_ROWS)]
    for mark, curve in zip(MARKS, chart.curves, strict=False):
        for place in range(shown):
            epoch = round(place * (epochs - 1) / max(shown - 1, 1))
            value = curve.values[epoch] if epoch < len(curve.values) else None
            if value is not None:
                line = grid[round((high - value) / (high - low) * (CHART_ROWS - 1))]
                line[place * wide] = BOTH if line[place * wide] not in (" ", mark) else mark
    labels = [f"{high:.3g}", *[""] * (CHART_ROWS - 2), f"{low:.3g}"]
    names = GAP.join(f"{mark} {for_terminal(curve.name)}" for mark, curve in zip(MARKS, chart.curves, strict=False))
    last = str(epochs)
    return [
        f"{for_terminal(chart.name)}: {names}",
        *(f"{label:>{LABEL}} |{''.join(line)}".rstrip() for label, line in zip(labels, grid, strict=True)),
        f"{'':{LABEL}} +{'-' * (shown * wide)}",
        f"{'epoch':>{LABEL}}  1{last:>{(shown - 1) * wide}}" if epochs > 1 else f"{'epoch':>{LABEL}}  1",
        *remarks_of(chart),
    ]


def limits_of(chart: Chart) -> tuple[float, float]:
    """Return the lower and the upper end of the scale."""
    values = [value for curve in chart.curves for value in curve.values if value is not None]
    low, high = min(0.0, *values, chart.top), max(0.0, *values, chart.top)
    return (low, high) if high > low else (low, low + 1)


def remarks_of(chart: Chart) -> Iterator[str]:
    """Yield a sentence for each curve with a number that cannot be shown."""
    for curve in chart.curves:
        if None in curve.values:
            yield f"{for_terminal(curve.name)}: no finite number in epoch {curve.values.index(None) + 1}"


def _table_lines(body: Table) -> list[str]:
    """Return counts in rows and columns. A dot stands for 0."""
    cells = [["", *body.columns]]
    cells += [[name, *(str(count or ".") for count in row)] for name, row in zip(body.rows, body.counts, strict=True)]
    sizes = [max(map(len, column)) for column in zip(*cells, strict=True)]
    return [
        "  ".join(for_terminal(cell).rjust(size) for cell, size in zip(row, sizes, strict=True)).rstrip()
        for row in cells
    ]


def _bar_lines(body: Bars, width: int) -> list[str]:
    names = [for_terminal(bar.name) for bar in body.bars]
    longest = max(map(len, names))
    cells = max(1, min(BAR_CELLS, width - longest - 8))
    return [
        f"{name:<{longest}}  {filled(bar.share, cells)} {bar.share:>4.0%}"
        for name, bar in zip(names, body.bars, strict=True)
    ]
