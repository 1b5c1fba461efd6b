"""Cards as a table for any other program: UTF-8 with a byte order mark, which spreadsheets look for."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from pathlib import Path

from grader.study.cards import Card
from grader.study.exports.material import Material
from grader.text import counted, for_cell

SUFFIXES = (".csv",)
HEADER = ("id", "front", "back", "why", "hint", "topic", "exercise", "checks", "misconceptions")


def export(material: Material, out: Path) -> str:
    """Write the cards."""
    cards = material.cards()
    out.write_text(to_csv(cards.values()), encoding="utf-8", newline="")
    return counted(len(cards), "card")


def to_csv(cards: Iterable[Card]) -> str:
    """Return the text of a CSV file."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(HEADER)
    for card in cards:
        row = (
            card.id, card.front, card.back, card.why, card.hint, card.topic, card.exercise, " ".join(card.checks),
            " ".join(card.misconceptions),
        )  # fmt: skip
        writer.writerow([for_cell(cell) for cell in row])
    return "\ufeff" + out.getvalue()
