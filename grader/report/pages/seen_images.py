"""Pictures of a submission as images of a page: plain numbers for the SVG in `seen.html`.

A page is made without NumPy and without the checks, so everything here works on the attributes of the values alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from grader.report.seen_text import limits_of

if TYPE_CHECKING:
    from grader.checks.seen import Chart, Curve, Map

LEVELS = 16  # of brightness
WIDTH, HEIGHT = 300, 140  # of the area of a chart
DOTS = 40  # epochs up to which each number has a dot


@dataclass(frozen=True)
class Shade:
    """All pixels of one brightness: its opacity, and its squares as the path of an SVG."""

    opacity: float
    path: str


def shades_of(image: Map) -> Sequence[Shade]:
    """Return the pixels of an image by their brightness, as the lessons draw them: signs do not show."""
    from grader.study.pictures import scaled

    squares: dict[int, list[str]] = {}
    for y, row in enumerate(scaled(image.rows)):
        for x, value in enumerate(row):
            squares.setdefault(round(abs(value) * LEVELS), []).append(f"M{x} {y}h1v1h-1z")
    return [Shade(level / LEVELS, "".join(paths)) for level, paths in sorted(squares.items()) if level]


@dataclass(frozen=True)
class Drawn:
    """A curve in a chart: its path, and a dot for each number if they are few."""

    name: str
    path: str
    dots: tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class DrawnChart:
    """A chart: its curves, the ends of its scale, the number of epochs, and everything in words."""

    name: str
    curves: tuple[Drawn, ...]
    low: str
    high: str
    epochs: int
    words: str


def chart_of(chart: Chart) -> DrawnChart:
    """Return a chart as paths in an area of WIDTH x HEIGHT."""
    low, high = limits_of(chart)
    epochs = max(len(curve.values) for curve in chart.curves)
    return DrawnChart(
        name=chart.name,
        curves=tuple(_drawn(curve, low, high, epochs) for curve in chart.curves),
        low=f"{low:.3g}",
        high=f"{high:.3g}",
        epochs=epochs,
        words=". ".join([f"{chart.name} over {epochs} epochs", *(_words(curve) for curve in chart.curves)]),
    )


def _drawn(curve: Curve, low: float, high: float, epochs: int) -> Drawn:
    places = [
        None
        if value is None
        else (
            round(WIDTH * epoch / max(epochs - 1, 1), 1),
            round(HEIGHT * (high - value) / (high - low), 1),
        )
        for epoch, value in enumerate(curve.values)
    ]
    pieces = [
        f"{'L' if before is not None else 'M'}{place[0]:g} {place[1]:g}"
        for before, place in zip((None, *places[:-1]), places, strict=True)
        if place is not None
    ]
    dots = tuple(place for place in places if place is not None) if epochs <= DOTS else ()
    return Drawn(curve.name, "".join(pieces), dots)


def _words(curve: Curve) -> str:
    first, last = (_number(value) for value in (curve.values[0], curve.values[-1]))
    return f"{curve.name} from {first} to {last}"


def _number(value: float | None) -> str:
    return "no finite number" if value is None else f"{value:.3g}"
