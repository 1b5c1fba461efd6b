"""Cards whose question and answer a function of the course draws, so that the rule is remembered and not the number."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from grader.study.cards import GENERATED, Card


def drawn_card(card: Card, root: Path, variant: int) -> Card:
    """Return the card in this variant; a card with fixed text as it is. Raises CourseError."""
    if card.kind != GENERATED:
        return card
    from grader.course import CourseError, Fault
    from grader.study.question_functions import draws, place_of, questions_file

    path = questions_file(root, card.exercise)
    draw = next(draws(path, card.front, random.Random(f"{card.id}:{variant}")), None)
    if draw is None:
        raise CourseError([Fault(*place_of(path, card.front), f"{card.front} returned no question")])
    shown = f"{draw.right:,}" if isinstance(draw.right, int) else str(draw.right)
    why = f"{draw.because} {card.why}".strip()
    return replace(card, kind="question", front=draw.ask, back=f"{shown.rstrip('.')}.", why=why)


def drawn_deck(cards: Mapping[str, Card], root: Path) -> dict[str, Card]:
    """Return the cards with one variant of each generated one: for a program that shows the same text each time."""
    return {key: drawn_card(card, root, 0) for key, card in cards.items()}
