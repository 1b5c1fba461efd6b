"""One row of the table of speed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from benchmarks.paired import Timing


@dataclass(frozen=True)
class Row:
    """Two measurements, the figure that follows from each pair of them, and the goal for the median of these figures.

    `at_least` says on which side of the goal the figure must be. `unit` is that of the measurements, `figure_unit` that
    of the figure: nothing for a ratio.
    """

    what: str
    measured: float
    against: str
    other: float
    figures: tuple[float, ...]
    goal: float
    at_least: bool = False
    unit: str = "s"
    figure_unit: str = ""

    @classmethod
    def at_most(cls, what: str, against: str, timing: Timing, goal: float, unit: str = "s") -> Row:
        """Return the row of the first measurement, which may take at most `goal` times as much as the second."""
        ratios = tuple(timing.ratios)
        return cls(what, timing.first, against, timing.second, ratios, goal, unit=unit)

    @classmethod
    def faster(cls, what: str, against: str, timing: Timing, goal: float) -> Row:
        """Return the row of the first measurement, which must be at least `goal` times as fast as the second."""
        ratios = tuple(1 / ratio for ratio in timing.ratios)
        return cls(what, timing.first, against, timing.second, ratios, goal, at_least=True)

    @property
    def figure(self) -> float:
        """The median of the figures of all pairs."""
        return median(self.figures)

    @property
    def is_reached(self) -> bool:
        """True if the goal is reached."""
        return self.figure >= self.goal if self.at_least else self.figure <= self.goal

    def as_line(self) -> str:
        """Return the row in Markdown."""
        pairs = len(self.figures)
        spread = f"{self.short(min(self.figures))} to {self.short(max(self.figures))}, {pairs} pairs"
        goal = f"at {'least' if self.at_least else 'most'} {self.goal:g}{self.figure_unit}"
        cells = (
            self.what, f"{self.measured:.3g} {self.unit}", self.against, f"{self.other:.3g} {self.unit}",
            f"{self.short(self.figure)}{self.figure_unit} ({spread if pairs > 1 else '1 pair'})", goal,
            "yes" if self.is_reached else "no",
        )  # fmt: skip
        return f"| {' | '.join(cells)} |"

    def short(self, figure: float) -> str:
        """Return a figure with three digits."""
        return f"{figure:.0f}" if figure >= 100 else f"{figure:#.3g}"


HEADER = ("| what | measured | against | measured | ratio | goal | reached |", "|---|---|---|---|---|---|---|")


def table(rows: Sequence[Row]) -> list[str]:
    """Return the lines of the table."""
    return [*HEADER, *(row.as_line() for row in rows)]
