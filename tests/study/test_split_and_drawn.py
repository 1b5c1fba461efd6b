"""Cards that were split keep their history, and cards with numbers show other numbers each time."""

from datetime import timedelta
from pathlib import Path

import pytest

from grader.course import CourseError, builtin_course_root
from grader.study.cards import cards_in, read_decks
from grader.study.drawn_card import drawn_card, drawn_deck
from grader.study.flashcard_session import FlashcardSession
from grader.study.learning_record import LearningRecord
from grader.study.record_entry import AGAIN, EASY, GOOD
from grader.study.schedule import replay, with_earlier_text

ROOT = builtin_course_root()
CARDS = read_decks(ROOT)
DAY = 86_400
SPLIT = {
    "why-inputs", "why-equivariance", "conv-bias", "pool-gradient", "pool-forgives", "drop-scale", "bn-gamma-beta", "bn-fold",
    "keras-structure", "keras-validation", "tl-head", "tl-fine-tuning", "drop-term", "bn-term",
}  # fmt: skip
BEFORE = "Q: What is equivariant, and what is invariant? {#one}\nA: Shifts too, and stays.\n"
AFTER = "Q: What is equivariant? {#one}\nA: Shifts too.\n\nQ: What is invariant? {#two split=one}\nA: Stays.\n"


def deck(text):
    return {card.id: card for card in cards_in(text, Path("01_x/cards.md"))}


@pytest.fixture
def record(state):
    with LearningRecord(state / "study.db", clock=lambda: 1000 * DAY) as record:
        yield record


def test_fourteen_cards_were_split():
    assert {card.split for card in CARDS.values() if card.split} == SPLIT


def test_both_parts_of_a_split_card_continue_its_history(record):
    whole = deck(BEFORE)["one"]
    for day in (1, 3, 20):
        record.add_review("one", GOOD, now_ms=day * DAY * 1000, content_hash=whole.content_hash)
    parts = deck(AFTER)
    memories = replay(with_earlier_text(record.reviews(), parts))

    assert memories["two"].reviews == memories["one"].reviews == 3
    assert memories["two"].due == memories["one"].due
    session = FlashcardSession(record, parts, clock=lambda: 100 * DAY)
    assert session.counts() == (2, 0)  # both are due, none is new
    assert session.next().changed


def test_after_the_split_each_part_has_its_own_history(record):
    whole, parts = deck(BEFORE)["one"], deck(AFTER)
    record.add_review("one", GOOD, now_ms=DAY * 1000, content_hash=whole.content_hash)
    record.add_review("two", AGAIN, now_ms=3 * DAY * 1000, content_hash=parts["two"].content_hash)
    record.add_review("one", EASY, now_ms=4 * DAY * 1000, content_hash=parts["one"].content_hash)
    record.add_review("one", EASY, now_ms=5 * DAY * 1000, content_hash="an edit between")
    ratings = {key: [] for key in parts}
    for review in with_earlier_text(record.reviews(), parts):
        ratings[review.card_key].append(review.rating)

    assert ratings == {"one": [GOOD, EASY, EASY], "two": [GOOD, AGAIN]}


def test_a_drawn_card_shows_other_numbers_each_time_and_stays_one_card(record):
    cards = {"why-thirty-million": CARDS["why-thirty-million"]}
    asked = []
    for day in range(4):
        session = FlashcardSession(record, cards, cram=True, clock=lambda day=day: (100 + day) * DAY, root=ROOT)
        asked.append(session.next())
        assert session.next().card == asked[-1].card  # until it is answered
        session.answer("why-thirty-million", GOOD)

    assert len({one.card.front for one in asked}) > 1
    assert all(one.card.front.endswith("How many weights does the layer have, without biases?") for one in asked)
    assert not any(one.changed for one in asked)
    assert {one.content_hash for one in record.reviews()} == {cards["why-thirty-million"].content_hash}


def test_every_drawn_card_has_a_question_an_answer_and_a_reason():
    for key, card in drawn_deck(CARDS, ROOT).items():
        assert card.front, key
        assert card.back, key
        assert card.kind != "generated", key
        assert card.why, key


def test_a_card_whose_function_is_missing_names_the_file():
    card = next(cards_in("G: no_such {#a}\n", Path("01_convolution/cards.md")))

    with pytest.raises(CourseError, match='does not define "no_such"'):
        drawn_card(card, ROOT, 0)


def test_a_picture_keeps_its_spaces():
    card = next(cards_in("Q: x {#a}\nA: y\nP: 1  2\n     3\n", Path("c/cards.md")))

    assert card.picture == "1  2\n  3"
    assert sum(bool(card.picture) for card in CARDS.values()) >= 3


def test_the_time_beside_a_rating_is_the_time_until_the_card_comes(record):
    clock = [100.0 * DAY]
    session = FlashcardSession(record, {"drop-rate": CARDS["drop-rate"]}, clock=lambda: clock[0])
    for rating in (GOOD, AGAIN, EASY, GOOD):
        promised = session.intervals("drop-rate")
        assert promised[AGAIN] <= promised[GOOD] <= promised[EASY]
        assert abs(session.answer("drop-rate", rating) - promised[rating]) < timedelta(seconds=1)
        clock[0] += 5 * DAY
