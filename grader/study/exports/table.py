"""Cards as a table for any other program: UTF-8 with a byte order mark, so that spreadsheets read it right."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

from grader.study.cards import Card
from grader.text import without_formula

HEADER = ("id", "front", "back", "why", "hint", "topic", "exercise", "tests", "misconceptions")


def to_csv(cards: Iterable[Card]) -> str:
    """The text of a CSV file."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(HEADER)
    for card in cards:
        row = (
            card.id, card.front, card.back, card.why, card.hint, card.lesson, card.exercise, " ".join(card.tests),
            " ".join(card.misconceptions),
        )  # fmt: skip
        writer.writerow([without_formula(cell) for cell in row])
    return "\ufeff" + out.getvalue()
