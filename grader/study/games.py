"""Two games: terms and definitions to be matched, and pictures of which one says which layer made them."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from grader.study.cards import Card
from grader.study.journal import Journal

SHADES = " ░▒▓█"
SIDE = 8
Map = list[list[float]]


@dataclass(frozen=True)
class Pairs:
    """Terms, and definitions in another order; `solution[i]` is the place of the definition of term i."""

    terms: tuple[str, ...]
    definitions: tuple[str, ...]
    solution: tuple[int, ...]


@dataclass(frozen=True)
class Picture:
    """A map before and after a layer, and four layers to choose from."""

    before: Map
    after: Map
    options: tuple[str, ...]
    right: str
    because: str


def pairs_of(cards: Mapping[str, Card], chance: random.Random, count: int = 5) -> Pairs:
    """Some terms of the decks with their definitions."""
    terms = [card for card in cards.values() if card.kind == "term"]
    chosen = chance.sample(terms, min(count, len(terms)))
    shuffled = chance.sample(chosen, len(chosen))
    return Pairs(
        tuple(card.front for card in chosen),
        tuple(card.back for card in shuffled),
        tuple(shuffled.index(card) for card in chosen),
    )


def picture_of(chance: random.Random) -> Picture:
    """A simple shape and what one layer makes of it."""
    before = _shape(chance)
    layers = _layers(chance)
    results = {name: layer(before) for name, (layer, _) in layers.items()}
    while True:
        options = chance.sample(sorted(layers), 4)
        seen = [{drawn(results[name], digits) for name in options} for digits in (False, True)]
        if all(len(pictures) == 4 for pictures in seen):  # two layers may make the same of a shape
            break
    right = chance.choice(options)
    return Picture(before, results[right], tuple(options), right, layers[right][1])


def drawn(values: Map, digits: bool = False) -> str:
    """A map as block characters, two for each number, or as digits from 0 to 9; 1 is brightest, signs do not show."""
    last = 9 if digits else len(SHADES) - 1
    levels = [[min(last, round(last * abs(value))) for value in row] for row in values]
    if digits:
        return "\n".join(" ".join(map(str, row)) for row in levels)
    return "\n".join("│" + "".join(SHADES[level] * 2 for level in row) + "│" for row in levels)


def keep_time(journal: Journal, game: str, seconds: float) -> tuple[float, bool]:
    """Keep the time of a game without mistakes; the best so far, and whether this is it."""
    before = best_time(journal, game)
    journal.add_event("played", game, f"{seconds:.3f}")
    return (seconds, True) if before is None or seconds < before else (before, False)


def best_time(journal: Journal, game: str) -> float | None:
    """The best time of a game so far."""
    return min((float(event.detail) for event in journal.events("played") if event.card_key == game), default=None)


def _shape(chance: random.Random) -> Map:
    """A level or an upright bar, a cross or a box, not evenly bright."""
    kind, at = chance.choice(("row", "column", "box", "cross")), chance.randint(2, SIDE - 3)

    def lit(i: int, j: int) -> bool:
        if kind == "box":
            return 1 < i < SIDE - 2 and 1 < j < SIDE - 2
        return (kind in ("row", "cross") and i in (at, at + 1)) or (kind in ("column", "cross") and j in (at, at + 1))

    return [[float(lit(i, j)) * chance.choice((0.75, 1.0)) for j in range(SIDE)] for i in range(SIDE)]


def _layers(chance: random.Random) -> dict[str, tuple[Callable[[Map], Map], str]]:
    mask = [[chance.random() < 0.5 for _ in range(SIDE)] for _ in range(SIDE)]
    return {
        "a filter for changes from left to right": (
            lambda x: _slid(x, [[-1, 1]]),
            "Only upright edges are left: equal neighbours cancel out.",
        ),
        "a filter for changes from top to bottom": (
            lambda x: _slid(x, [[-1], [1]]),
            "Only level edges are left: equal neighbours cancel out.",
        ),
        "a blurring filter of 3 x 3": (
            lambda x: _slid(x, [[1 / 9] * 3] * 3),
            "Everything is smeared over its neighbours, and the outermost pixels are lost.",
        ),
        "max pooling of 2 x 2": (
            lambda x: _pooled(x, max),
            "Half as many rows and columns, and what was bright stays as bright.",
        ),
        "average pooling of 2 x 2": (
            lambda x: _pooled(x, lambda v: sum(v) / 4),
            "Half as many rows and columns, and what is not bright all over a block is dimmed.",
        ),
        "dropout with rate 0.5": (
            lambda x: [[2 * v * m for v, m in zip(row, kept, strict=True)] for row, kept in zip(x, mask, strict=True)],
            "The size is the same, and about half of the pixels are gone by lot.",
        ),
    }


def _slid(x: Map, kernel: Sequence[Sequence[float]]) -> Map:
    rows, columns = len(kernel), len(kernel[0])
    return [
        [
            sum(x[i + a][j + b] * kernel[a][b] for a in range(rows) for b in range(columns))
            for j in range(len(x[0]) - columns + 1)
        ]
        for i in range(len(x) - rows + 1)
    ]


def _pooled(x: Map, how: Callable[[list[float]], float]) -> Map:
    return [
        [how([x[i][j], x[i][j + 1], x[i + 1][j], x[i + 1][j + 1]]) for j in range(0, len(x[0]) - 1, 2)]
        for i in range(0, len(x) - 1, 2)
    ]
