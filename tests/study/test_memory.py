"""When a card comes again: against FSRS' own engine in Rust, and by the rules of a session."""

import random
from datetime import UTC, date, datetime, timedelta

import fsrs_rs_python
import pytest

from grader.course import builtin_course_root
from grader.study.cards import read_decks
from grader.study.flashcards import FlashcardSession
from grader.study.journal import Event, Journal, Review
from grader.study.memory import card_id, is_due, replay, scheduler

DAY = 86_400_000
START = 1_700_000_000_000
CARDS = dict(list(read_decks(builtin_course_root()).items())[:6])


def review(key, ts_ms, rating, confidence=""):
    return Review(f"{key}{ts_ms}", key, ts_ms, rating, 0, "card", confidence, None, "", "", "d")


def test_two_thousand_histories_agree_with_the_engine_in_rust():
    engine = fsrs_rs_python.FSRS(list(scheduler().parameters))
    chance = random.Random(6)
    mismatches = 0
    for number in range(2000):
        reviews, state, at, elapsed = [], None, START, 0
        for _ in range(chance.randint(2, 12)):
            rating = chance.choices((1, 2, 3, 4), (2, 1, 5, 1))[0]
            reviews.append(review(f"h{number}", at, rating))
            following = engine.next_states(state, 0.9, elapsed)
            chosen = (following.again, following.hard, following.good, following.easy)[rating - 1]
            state = chosen.memory
            elapsed = chance.randint(1, 200)
            at += elapsed * DAY
        memory = replay(reviews)[f"h{number}"]
        assert memory.stability == pytest.approx(state.stability, rel=1e-3)
        if not memory.learning:
            ours = (memory.due - memory.last).days
            mismatches += ours != max(1, round(chosen.interval))
    assert mismatches == 0


def test_a_failed_check_brings_a_card_forward_and_leaves_its_memory_alone():
    reviews = [review("a", START, 4), review("a", START + 20 * DAY, 3)]
    before = replay(reviews)["a"]
    forward = Event("e", START + 21 * DAY, "forward", "a", "test_x failed", "d")
    after = replay(reviews, [forward])["a"]

    assert after.due == datetime.fromtimestamp((START + 21 * DAY) / 1000, UTC) < before.due
    assert (after.stability, after.because) == (before.stability, "test_x failed")
    assert replay([*reviews, review("a", START + 22 * DAY, 3)], [forward])["a"].because == ""


def test_an_exam_ahead_shortens_every_interval():
    reviews = [review("a", START + i * 30 * DAY, 4) for i in range(4)]
    far, near = replay(reviews)["a"], replay(reviews, days_to_exam=10)["a"]

    assert (far.due - far.last).days > 60
    assert (near.due - near.last).days <= 9


def test_sure_but_wrong_comes_within_the_week():
    reviews = [review("a", START + i * 60 * DAY, 3) for i in range(6)] + [review("a", START + 360 * DAY, 1, "sure")]
    memory = replay(reviews)["a"]

    assert memory.due - memory.last <= timedelta(days=6)


def test_an_id_of_a_card_needs_no_clock():
    assert card_id("pool-max") == card_id("pool-max") != card_id("pool-min")
    assert card_id("pool-max") < 2**56


class Clock:
    def __init__(self):
        self.now = START / 1000

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def journal(tmp_path):
    with Journal(tmp_path / "study.db") as journal:
        yield journal


def test_a_session_from_the_first_card_to_the_last(journal, clock):
    session = FlashcardSession(journal, CARDS, clock=clock)
    seen = []
    while (asked := session.next()) is not None:
        seen.append(asked.card.id)
        session.answer(asked.card.id, 4)
        clock.now += 5
        assert len(seen) < 50

    assert seen == list(CARDS)
    assert session.counts() == (0, 0)


def test_again_comes_back_in_the_same_session(journal, clock):
    session = FlashcardSession(journal, CARDS, new_a_day=1, clock=clock)
    first = session.next().card.id
    session.answer(first, 1)
    clock.now += 5
    assert session.next().card.id == first


def test_undo_skip_and_new_cards_a_day(journal, clock):
    session = FlashcardSession(journal, CARDS, new_a_day=2, clock=clock)
    assert session.undo() is None
    first = session.next().card.id
    session.answer(first, 4)
    assert session.undo() == first
    assert (session.next().card.id, session.answered) == (first, 0)
    session.skip(first)
    second = session.next().card.id
    assert second != first
    session.answer(second, 4)
    session.answer(session.next().card.id, 4)
    assert session.next() is None
    assert FlashcardSession(journal, CARDS, new_a_day=2, clock=clock).next() is None


def test_what_was_brought_forward_comes_first(journal, clock):
    last = list(CARDS)[-1]
    journal.add_event("forward", last, "test_x failed", now_ms=START)
    asked = FlashcardSession(journal, CARDS, clock=clock).next()

    assert (asked.card.id, asked.because) == (last, "test_x failed")


def test_cramming_asks_all_of_them_once(journal, clock):
    session = FlashcardSession(journal, CARDS, cram=True, clock=clock)
    seen = []
    while (asked := session.next()) is not None:
        seen.append(asked.card.id)
        session.answer(asked.card.id, 3)
        clock.now += 1

    assert sorted(seen) == sorted(CARDS)


def test_a_changed_card_says_so_once(journal, clock):
    key = next(iter(CARDS))
    journal.add_review(key, 1, now_ms=START - DAY, content_hash="of another text")
    session = FlashcardSession(journal, CARDS, clock=clock)
    assert session.next().changed
    session.answer(key, 1)
    clock.now += 120
    assert not session.next().changed


def test_with_an_exam_every_card_comes_before_it(journal, clock):
    key = next(iter(CARDS))
    for day in range(4):
        journal.add_review(key, 4, now_ms=START - (400 - 100 * day) * DAY)
    exam = date.fromtimestamp(clock.now) + timedelta(days=3)
    assert is_due(replay(journal.reviews(), (), 3)[key], datetime.fromtimestamp(clock.now, UTC))
    assert FlashcardSession(journal, CARDS, exam=exam, new_a_day=0, clock=clock).next().card.id == key
    assert FlashcardSession(journal, CARDS, new_a_day=0, clock=clock).next() is None
