"""Games against the clock: matching terms and definitions, and the best time of each game."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass

from grader.study.cards import Card
from grader.study.learning_record import LearningRecord


@dataclass(frozen=True)
class Pairs:
    """Terms, and their definitions in another order. `solution[i]` is the index of the definition of term i."""

    terms: tuple[str, ...]
    definitions: tuple[str, ...]
    solution: tuple[int, ...]


def pairs_of(cards: Mapping[str, Card], chance: random.Random, count: int = 5) -> Pairs:
    """Return some terms of the decks with their definitions."""
    terms = [card for card in cards.values() if card.kind == "term"]
    chosen = chance.sample(terms, min(count, len(terms)))
    shuffled = chance.sample(chosen, len(chosen))
    return Pairs(
        tuple(card.front for card in chosen),
        tuple(card.back for card in shuffled),
        tuple(shuffled.index(card) for card in chosen),
    )


def keep_time(record: LearningRecord, game: str, seconds: float) -> tuple[float, bool]:
    """Save the time of a game without mistakes. Return the best time, and whether this is it."""
    before = best_time(record, game)
    record.add_event("played", game, f"{seconds:.3f}")
    return (seconds, True) if before is None or seconds < before else (before, False)


def best_time(record: LearningRecord, game: str) -> float | None:
    """Return the best time of a game, None if there is none."""
    return min((float(event.detail) for event in record.events("played") if event.card_key == game), default=None)
