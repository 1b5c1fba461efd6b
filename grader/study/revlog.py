"""Answers as Anki's review log, which the optimiser of FSRS reads too.

Columns of https://github.com/ankidroid/Anki-Android/wiki/Database-Structure: id in milliseconds, ease is the rating,
ivl and lastIvl are days or, below zero, seconds.
"""

from __future__ import annotations

import csv
import io
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from fsrs import Card as MemoryCard
from fsrs import State

from grader.study.record_entry import Review
from grader.study.record_file import StudyError
from grader.study.schedule import at, card_id, reviewed
from grader.text import claimed_name

HEADER = ("id", "cid", "usn", "ease", "ivl", "lastIvl", "factor", "time", "type")
_WHOLE = re.compile(r"-?[0-9]{1,19}")
_TYPES = {State.Learning: 0, State.Review: 1, State.Relearning: 2}


@dataclass(frozen=True)
class Answered:
    """An answer in the record of another program."""

    card_key: str
    ts_ms: int
    rating: int
    duration_ms: int


def from_revlog(text: str, keys: Iterable[str]) -> list[Answered]:
    """Return the answers to cards and questions with these keys, from a file that `to_revlog` wrote.

    Blank lines and repeated headers are skipped: two logs may have been joined. Raises StudyError.
    """
    key_of = {card_id(key): key for key in keys}
    answers: list[Answered] = []
    rows = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    while True:
        before = rows.line_num
        try:
            row = next(rows, None)
            if row is None:
                return answers
            if all(name == value for name, value in row.items()):
                continue
            key = key_of.get(_whole(row, "cid"))
            found = Answered(key or "", _whole(row, "id"), _whole(row, "ease"), _whole(row, "time"))
        except (csv.Error, ValueError) as error:
            line = max(before + 1 if isinstance(error, csv.Error) else rows.line_num, 2)
            raise StudyError(f"Line {line} is not a line of a review log: {error}. Nothing was imported.") from None
        if key is not None:
            answers.append(found)


def _whole(row: Mapping[str | Any, str | Any], column: str) -> int:
    """Return the whole number in a column. Raises ValueError."""
    value = row.get(column)
    if not isinstance(value, str) or not _WHOLE.fullmatch(value):
        seen = "nothing" if value is None else repr(claimed_name(str(value)))
        raise ValueError(f"{column} is {seen}; expected a whole number")
    return int(value)


def to_revlog(reviews: Iterable[Review]) -> str:
    """Return the text of a CSV file with a line for each answer, oldest first."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(HEADER)
    cards: dict[str, MemoryCard] = {}
    intervals: dict[str, int] = defaultdict(int)
    last_id = 0
    for review in reviews:
        moment = at(review.ts_ms)
        card = cards.get(review.card_key) or MemoryCard(card_id=card_id(review.card_key), due=moment)
        kind = _TYPES[card.state]
        card = cards[review.card_key] = reviewed(card, review)
        ahead = card.due - moment
        interval = ahead.days if card.state is State.Review else -int(ahead.total_seconds())
        last_id = max(review.ts_ms, last_id + 1)  # an id is a time, and each id is used once
        row = (
            last_id, card_id(review.card_key), -1, review.rating, interval, intervals[review.card_key], 0,
            min(review.duration_ms, 60_000), kind,
        )  # fmt: skip
        writer.writerow(row)
        intervals[review.card_key] = interval
    return out.getvalue()
