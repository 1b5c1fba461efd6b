"""Decks: flashcards in Markdown. They are read without other packages, so that a session starts quickly.

    Q: What does max pooling keep in each window? {#pool-max checks=test_max_window topic=pooling}
    A: The largest value.
    W: It works per channel; the depth does not change.
    H: Four numbers go in, one comes out.

`C:` is a sentence with a [gap], `T:` and `D:` are a term and its definition, `W:` is the reason and `H:` a hint. `P:`
is a picture in text. `G:` names a function of the course's questions.py that draws question and answer, with other
numbers each time. A line that begins with spaces continues the field above.

The id keeps the history of the card when its text changes. If a card is split in two, one part keeps the id, and the
other says `split=` with this id: its history begins with the answers to the card as it was.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from grader.course.fault import CourseError, Fault
from grader.study.study_files import texts_named

_EXPECTED = "Q:, A:, C:, T:, D:, G:, W:, H: or P:"
_FIELD = re.compile(r"([QACTDWHGP]): ?(.*)")
_ATTRIBUTES = re.compile(r"\s*\{#([a-z0-9-]+)((?: [a-z]+=[^\s}]+)*)\}\s*$")
GENERATED = "generated"
_GAP = re.compile(r"\[([^\[\]]+)\]")
_FRONTS = {"Q": "question", "C": "cloze", "T": "term", "G": GENERATED}
_BACKS = {"Q": "A", "T": "D"}
_KNOWN = ("checks", "topic", "misconceptions", "split")


@dataclass(frozen=True)
class Card:
    """One flashcard: `front` is the question, `back` the answer, `why` the reason.

    Of a generated card, `front` is the name of the function, until `drawn_card` draws it.
    """

    id: str
    kind: str
    front: str
    back: str
    why: str
    hint: str
    exercise: str
    topic: str
    checks: tuple[str, ...]
    misconceptions: tuple[str, ...]
    line: int
    picture: str = ""
    split: str = ""

    @property
    def content_hash(self) -> str:
        """A hash of the text, which does not depend on spaces and on the encoding of accents."""
        text = unicodedata.normalize("NFC", " ".join(f"{self.front} {self.back}".split()))
        return hashlib.sha256(text.encode()).hexdigest()[:16]


def read_decks(root: Path) -> dict[str, Card]:
    """Return all cards of the course at `root` by id, in the order of the files. Raises CourseError."""
    cards: dict[str, Card] = {}
    faults: list[Fault] = []
    for path, text in texts_named(root, "cards.md"):
        try:
            for card in cards_in(text, path):
                if card.id in cards:
                    faults.append(Fault(path, card.line, f'two cards have the id "{card.id}"'))
                cards[card.id] = card
        except CourseError as error:
            faults += error.faults
    if faults:
        raise CourseError(faults)
    return cards


def cards_in(text: str, path: Path) -> Iterator[Card]:
    """Yield the cards of one deck. At the end, raise CourseError with the faults of all others."""
    faults: list[Fault] = []
    fields: dict[str, str] = {}
    begin, last = 0, ""
    for number, line in enumerate([*text.splitlines(), ""], 1):
        found = _FIELD.fullmatch(line)
        if found:
            begin = begin or number
            last = found[1]
            if last in fields:
                faults.append(
                    Fault(path, number, f'a second "{last}:" in one card; expected a blank line between cards')
                )
            fields[last] = found[2].strip()
        elif line.startswith(" ") and last:
            fields[last] += f"\n{line[3:].rstrip() if last == 'P' else line.strip()}"
        elif not line.strip() or line.startswith("#"):
            if fields:
                try:
                    card = _card(fields, path, begin)
                except CourseError as error:
                    faults += error.faults
                else:
                    yield card
            fields, begin, last = {}, 0, ""
        else:
            faults.append(
                Fault(
                    path,
                    number,
                    f'"{line[:40]}" is not a field of a card; expected {_EXPECTED}',
                )
            )
    if faults:
        raise CourseError(faults)


def _card(fields: dict[str, str], path: Path, line: int) -> Card:
    def fault(message: str) -> CourseError:
        return CourseError([Fault(path, line, message)])

    fronts = [letter for letter in _FRONTS if letter in fields]
    if len(fronts) != 1:
        raise fault("a card needs exactly one of Q:, C:, T: and G:")
    letter = fronts[0]
    attributes = _ATTRIBUTES.search(fields[letter])
    if attributes is None:
        raise fault("the first line of a card must end with its id, such as {#pool-max topic=pooling}")
    front = fields[letter][: attributes.start()].strip()
    given = dict(pair.split("=", 1) for pair in attributes[2].split())
    unknown = given.keys() - set(_KNOWN)
    if unknown:
        raise fault(f'"{min(unknown)}" is not an attribute of a card; expected one of {", ".join(_KNOWN)}')
    if letter == "C":
        gaps = _GAP.findall(front)
        if not gaps:
            raise fault("a sentence after C: needs a [gap]")
        front, back = _GAP.sub("[...]", front), ", ".join(gaps)
    else:
        back = fields.get(_BACKS.get(letter, ""), "")
    if not front or not (back or letter == "G"):
        raise fault("a card needs a question and an answer")
    return Card(
        id=attributes[1],
        kind=_FRONTS[letter],
        front=front,
        back=back,
        why=fields.get("W", ""),
        hint=fields.get("H", ""),
        exercise=path.parent.name,
        topic=given.get("topic", ""),
        checks=_names(given.get("checks", "")),
        misconceptions=_names(given.get("misconceptions", "")),
        line=line,
        picture=fields.get("P", ""),
        split=given.get("split", ""),
    )


def _names(text: str) -> tuple[str, ...]:
    return tuple(name for name in text.split(",") if name)
