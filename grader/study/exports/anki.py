"""An Anki package, by genanki.

A note's GUID is the hash of the card's id alone, so an edited card is the same note. Its time is that of the last
change of its text: Anki takes an edit only where that is later, and leaves everything else as it is.
"""

from __future__ import annotations

import hashlib
import html
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import genanki

from grader.study.cards import Card
from grader.study.journal import Journal

_CSS = ".card { font: 20px/1.4 sans-serif; text-align: center; } .why { color: #666; font-size: 16px; }"
_WHY = '{{#Why}}<p class="why">{{Why}}</p>{{/Why}}'
_FIELDS = [{"name": name} for name in ("Front", "Back", "Why", "Hint", "Id")]
_ASK = '{{Front}}{{#Hint}}<p class="why">{{hint:Hint}}</p>{{/Hint}}'
_ANSWER = f'{{{{FrontSide}}}}<hr id="answer">{{{{Back}}}}{_WHY}'


class _Note(genanki.Note):  # type: ignore[misc]
    """A note with a time of its own."""

    changed = 0.0

    def write_to_db(self, cursor: Any, timestamp: float, deck_id: int, id_gen: Any) -> None:
        super().write_to_db(cursor, self.changed or timestamp, deck_id, id_gen)


def write_anki(
    cards: Mapping[str, Card], path: Path, changed: Mapping[str, float], title: str, topics: Mapping[str, str]
) -> None:
    """Write the package: a deck of this title, and in it one for each topic, whose titles are `topics`.

    `changed` has the time, in seconds, at which each card's text became what it is.
    """
    model = genanki.Model(
        _number("cnn-grader model 1"), "cnn-grader", fields=_FIELDS, css=_CSS,
        templates=[{"name": "Card", "qfmt": _ASK, "afmt": _ANSWER}],
    )  # fmt: skip
    decks: dict[str, genanki.Deck] = {}
    for card in cards.values():
        name = f"{title}::{topics.get(card.lesson, card.lesson or card.exercise)}"
        deck = decks.setdefault(name, genanki.Deck(_number(name), name))
        fields = [_escaped(text) for text in (card.front, card.back, card.why, card.hint, card.id)]
        note = _Note(model=model, fields=fields, guid=genanki.guid_for(card.id), tags=[card.lesson or card.exercise])
        note.changed = changed[card.id]
        deck.add_note(note)
    genanki.Package(list(decks.values())).write_to_file(str(path), timestamp=max(changed.values(), default=0.0))


def changes(journal: Journal, cards: Mapping[str, Card], clock: Callable[[], float] = time.time) -> dict[str, float]:
    """When each card's text became what it is, as far as earlier exports know; new texts are noted."""
    known: dict[str, tuple[str, float]] = {}
    for event in journal.events("exported"):
        known[event.card_key] = (event.detail, event.ts_ms / 1000)
    now = clock()
    fresh = [
        (card.id, card.content_hash) for card in cards.values() if known.get(card.id, ("", 0))[0] != card.content_hash
    ]
    journal.add_events([("exported", key, content) for key, content in fresh], int(now * 1000))
    new = dict(fresh)
    return {key: int(now * 1000) / 1000 if key in new else known[key][1] for key in cards}


def _number(name: str) -> int:
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:4]) | 1 << 30


def _escaped(text: str) -> str:
    return html.escape(text, quote=False).replace("\n", "<br>")
