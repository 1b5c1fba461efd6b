"""The entries of a learner's record, reviews and events, and the validation of imported ones."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date

AGAIN, HARD, GOOD, EASY = 1, 2, 3, 4
FORMAT = "cnn-grader study log 1"
UNDO = "undo"  # the event that undoes an answer; its detail is the answer's id
CLOCK = "clock"  # the event that notes that an entry is ahead of the clock; its detail is the entry's id
EXPORTED = "exported"  # the event that notes a change of a card's text; its detail is the hash of the text
LATEST_MS = 253_399_708_800_000  # 9999-12-02: a short interval added to it, and any time zone, stay in the calendar
LARGEST = 2**62  # SQLite's integers end soon after
LONGEST_LINE = 2**20  # answers are typed by hand
EXAM_YEARS = range(1969, 10_000)  # 1970 began in 1969 west of Greenwich; the arithmetic overflows near the year 1


@dataclass(frozen=True)
class Review:
    """One answer. `rating` is 1 (again) to 4 (easy); `confidence` is "sure", "unsure" or empty."""

    id: str
    card_key: str
    ts_ms: int
    rating: int
    duration_ms: int
    source: str
    confidence: str
    variant_seed: int | None
    answer: str
    content_hash: str
    device: str

    @property
    def right(self) -> bool:
        """Return True if the card was remembered or the question answered correctly, even with difficulty."""
        return self.rating > AGAIN


@dataclass(frozen=True)
class Event:
    """Another event, such as `forward`: a card was brought forward."""

    id: str
    ts_ms: int
    kind: str
    card_key: str
    detail: str
    device: str


def entry_of_line(line: str, begun: bool) -> Review | Event | None:
    """Return the entry in a line of a log. Return None for the first line, which names the format.

    Raises ValueError, TypeError, KeyError, RecursionError or OverflowError.
    """
    if len(line) > LONGEST_LINE:
        raise ValueError(f"it has {len(line):,} characters")
    entry = json.loads(line)
    if not isinstance(entry, dict):
        raise TypeError(f"it contains a {type(entry).__name__}, not an object")
    if "format" in entry or not begun:
        if entry.get("format") != FORMAT:
            raise ValueError(f"its format is {entry.get('format')!r}")
        return None
    table = entry.pop("table", None)
    if table not in ("review", "event"):
        raise ValueError(f"its table is {table!r}")
    kind: type[Review] | type[Event] = Review if table == "review" else Event
    if entry.keys() != {field.name for field in fields(kind)}:
        raise ValueError(f"its keys are {', '.join(sorted(map(str, entry)))}")
    return checked(kind(**entry))


def checked(entry: Review | Event) -> Review | Event:
    """Return the entry if each value has the right type and range. Raises ValueError."""
    kinds: Mapping[str, tuple[type, ...]] = {
        "ts_ms": (int,),
        "rating": (int,),
        "duration_ms": (int,),
        "variant_seed": (int, type(None)),
    }
    for name, value in vars(entry).items():
        if not isinstance(value, kinds.get(name, (str,))) or isinstance(value, bool):
            raise ValueError(f"{name} is {value!r}")
        if isinstance(value, int) and not 0 <= value < LARGEST:
            raise ValueError(f"{name} is {value}")
        if isinstance(value, str):
            value.encode()  # JSON allows half of a surrogate pair, SQLite does not
    if isinstance(entry, Review) and not 1 <= entry.rating <= 4:
        raise ValueError(f"the rating is {entry.rating}")
    if entry.ts_ms >= LATEST_MS:
        raise ValueError(f"ts_ms is {entry.ts_ms}")
    if isinstance(entry, Event):
        _check_detail(entry)
    return entry


def _check_detail(event: Event) -> None:
    if event.kind == "graded":
        score = json.loads(event.detail)
        if not isinstance(score, dict):
            raise ValueError(f"its score is {event.detail}")
        if not all(math.isfinite(score[name]) for name in ("earned", "possible")):
            raise ValueError(f"its score is {event.detail}")
        failed = score.get("failed", {})
        if not isinstance(failed, dict) or not all(isinstance(title, str) for title in failed.values()):
            raise ValueError(f"its failed checks are {event.detail}")
    if event.kind == "played" and not math.isfinite(float(event.detail)):
        raise ValueError(f"its time is {event.detail}")
    if event.kind == "exam" and event.detail and date.fromisoformat(event.detail).year not in EXAM_YEARS:
        raise ValueError(f"its date is {event.detail}")
