"""The distribution of scores as one chart: rows of bars over one axis, which goes from nothing to full points.

Places along the axis are percentages of the width, and heights are pixels: the bars follow the width of a window, and
the words keep their size.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from grader.report.exports.row import amount
from grader.report.pages.summary import BINS, ExerciseSummary, ScoreDistribution
from grader.text import capped, counted

SECTIONS_SHOWN = 12  # a chart with more rows is no overview; the filters show the others
NAME_CHARACTERS = 28
EVERYONE_WORD = "Everyone"
_WORDS, _COUNT, _GAP = 20, 14, 16  # pixels: the line of words above the bars, a number on a bar, between two rows
_TALL, _LOW = 72, 30  # pixels: the height of the tallest bar


@dataclass(frozen=True)
class ChartBar:
    """A bar: its left end in percent of the width, its top and its height in pixels, and how many learners it shows."""

    left: float
    top: float
    height: float
    count: int


@dataclass(frozen=True)
class ChartRow:
    """One distribution: its name, the words beside it, the place of these words and of the base line, and its bars.

    `median` is the place of the median in percent of the width, None if there is no score.
    """

    name: str
    words: str
    words_at: int
    base: int
    median: float | None
    bars: tuple[ChartBar, ...]
    numbered: bool


@dataclass(frozen=True)
class DistributionChart:
    """A chart of `height` pixels. `spoken` says in a sentence what it shows.

    `names` are those of all distributions, also of the `more` sections that have no row.
    """

    rows: tuple[ChartRow, ...]
    height: int
    spoken: str
    names: tuple[str, ...]
    more: int = 0


def chart_of_exercises(exercises: Sequence[ExerciseSummary]) -> DistributionChart:
    """Return a chart with a row for each exercise."""
    rows = [(one.title, one.possible, one.everyone) for one in exercises]
    return _chart(rows, [one.title for one in exercises], tall=True)


def chart_of_sections(exercise: ExerciseSummary) -> DistributionChart:
    """Return a chart with a row for everyone, and a lower one for each of the largest sections."""
    everyone, *sections = exercise.distributions
    largest = sorted(sections, key=lambda one: -one.scored)[:SECTIONS_SHOWN]
    shown = [one for one in sections if one in largest]
    rows = [(EVERYONE_WORD, exercise.possible, everyone), *((one.section, exercise.possible, one) for one in shown)]
    names = [EVERYONE_WORD, *(one.section for one in sections)]
    return _chart(rows, names, tall=False)


def _chart(
    given: Sequence[tuple[str, float, ScoreDistribution]], names: Sequence[str], *, tall: bool
) -> DistributionChart:
    rows: list[ChartRow] = []
    top = 0
    for at, (name, possible, found) in enumerate(given):
        numbered = tall or at == 0
        room = _TALL if numbered else _LOW
        base = top + _WORDS + (_COUNT if numbered else 0) + room
        rows.append(_row(capped(name, NAME_CHARACTERS), possible, found, top + _WORDS - 6, base, room, numbered))
        top = base + _GAP
    spoken = "; ".join(f"{row.name}: {row.words}" for row in rows)
    return DistributionChart(tuple(rows), top + 8, spoken, tuple(names), len(names) - len(rows))


def _row(
    name: str, possible: float, found: ScoreDistribution, words_at: int, base: int, room: int, numbered: bool
) -> ChartRow:
    most = max(found.counts) or 1
    width = 100 / BINS
    bars = tuple(
        ChartBar(round(at * width, 2), round(base - room * count / most, 1), round(room * count / most, 1), count)
        for at, count in enumerate(found.counts)
        if count
    )
    median = None if found.median is None else round(min(100.0, 100 * found.median / possible), 2)
    return ChartRow(name, _words(found, possible), words_at, base, median, bars, numbered)


def _words(found: ScoreDistribution, possible: float) -> str:
    if found.median is None:
        return "no score"
    return f"{counted(found.scored, 'score')}, median {amount(round(found.median, 2))} of {amount(possible)}"
