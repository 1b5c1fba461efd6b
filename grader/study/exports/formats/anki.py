"""An Anki package, made by genanki.

The GUID of a note is the hash of the card's id alone, so an edited card stays the same note. The time of a note is the
time at which its text last changed: Anki imports an edit only if this time is later, and changes nothing else.
"""

from __future__ import annotations

import contextlib
import hashlib
import html
import itertools
import sqlite3
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import genanki

from grader.study.cards import Card
from grader.study.clock import Clock, seconds_now
from grader.study.exports.material import Material
from grader.study.exports.stable_zip import write_archive
from grader.study.learning_record import LearningRecord
from grader.study.record_entry import EXPORTED, LATEST_MS
from grader.text import counted

SUFFIXES = (".apkg",)
SECOND_MS = 1000  # the unit of a note's time

_CSS = ".card { font: 20px/1.4 sans-serif; text-align: center; } .why { color: #666; font-size: 16px; }"
_WHY = '{{#Why}}<p class="why">{{Why}}</p>{{/Why}}'
_FIELDS = [{"name": name} for name in ("Front", "Back", "Why", "Hint", "Id")]
_ASK = '{{Front}}{{#Hint}}<p class="why">{{hint:Hint}}</p>{{/Hint}}'
_ANSWER = f'{{{{FrontSide}}}}<hr id="answer">{{{{Back}}}}{_WHY}'


class _Note(genanki.Note):  # type: ignore[misc]
    """A note with its own time."""

    changed = 0.0

    def write_to_db(self, cursor: Any, timestamp: float, deck_id: int, id_gen: Any) -> None:
        super().write_to_db(cursor, self.changed or timestamp, deck_id, id_gen)


def export(material: Material, out: Path) -> str:
    """Write the cards."""
    cards = material.cards()
    with material.open_record() as record:
        changed = changes(record, cards)
    write_anki(cards, out, changed, material.title, material.topic_titles())
    return counted(len(cards), "card")


def write_anki(
    cards: Mapping[str, Card], path: Path, changed: Mapping[str, float], title: str, topics: Mapping[str, str]
) -> None:
    """Write the package: a deck with this title, and in it a deck for each topic, whose titles are `topics`.

    `changed` holds the time of the last change of each card's text, in seconds.
    """
    model = genanki.Model(
        _number("cnn-grader model 1"), "cnn-grader", fields=_FIELDS, css=_CSS,
        templates=[{"name": "Card", "qfmt": _ASK, "afmt": _ANSWER}],
    )  # fmt: skip
    decks: dict[str, genanki.Deck] = {}
    for card in cards.values():
        name = f"{title}::{topics.get(card.topic, card.topic or card.exercise)}"
        deck = decks.setdefault(name, genanki.Deck(_number(name), name))
        fields = [_escaped(text) for text in (card.front, card.back, card.why, card.hint, card.id)]
        note = _Note(model=model, fields=fields, guid=genanki.guid_for(card.id), tags=[card.topic or card.exercise])
        note.changed = changed[card.id]
        deck.add_note(note)
    package = genanki.Package(list(decks.values()))
    write_archive(path, {"collection.anki2": _collection(package, max(changed.values(), default=0.0)), "media": "{}"})


def changes(record: LearningRecord, cards: Mapping[str, Card], clock: Clock = seconds_now) -> dict[str, float]:
    """Return the time of the last change of each card's text, by the record's notes of earlier exports.

    Note new texts in the record. A new text gets a later time than the last one, even if the clock was ahead then:
    otherwise Anki would not import it.
    """
    known = {event.card_key: (event.detail, event.ts_ms) for event in record.events_as_written(EXPORTED)}
    new = [card for card in cards.values() if known.get(card.id, ("", 0))[0] != card.content_hash]
    before = max((known[card.id][1] for card in new if card.id in known), default=-SECOND_MS)
    at_ms = max(int(clock() * 1000), min(before + SECOND_MS, LATEST_MS - 1))
    record.add_events([(EXPORTED, card.id, card.content_hash) for card in new], at_ms)
    times = {key: noted_ms for key, (_, noted_ms) in known.items()} | {card.id: at_ms for card in new}
    return {key: times[key] / 1000 for key in cards}


def _collection(package: genanki.Package, seconds: float) -> bytes:
    """Return the package's database. Its own `write_to_file` puts the clock into a zip file."""
    with contextlib.closing(sqlite3.connect(":memory:")) as database:
        package.write_to_db(database.cursor(), seconds, itertools.count(max(1, int(seconds * 1000))))
        database.commit()
        return database.serialize()


def _number(name: str) -> int:
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:4]) | 1 << 30


def _escaped(text: str) -> str:
    return html.escape(text, quote=False).replace("\n", "<br>")
