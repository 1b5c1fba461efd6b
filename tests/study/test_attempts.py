"""Attempts at exercises: none is lost, and what they bring forward goes back."""

from datetime import UTC, datetime

import pytest

from grader.course import builtin_course_root
from grader.study import graded_exercise
from grader.study.cards import read_decks
from grader.study.due import due_now
from grader.study.flashcard_session import FlashcardSession, exam_ahead
from grader.study.graded_exercise import attempts_at, forwards_of, keep_grading
from grader.study.learning_record import LearningRecord
from grader.study.learning_statistics import statistics_of
from grader.study.overview import overview_of
from grader.study.question_bank import QuestionBank
from grader.study.schedule import QUIZ_PREFIX

ROOT = builtin_course_root()
CARDS = read_decks(ROOT)
POOLING, DROPOUT = "02_pooling", "03_dropout"
FAILED = {"test_avg_window": "Gives a constant map back."}
START = 1_750_000_000_000
NOW = datetime.fromtimestamp(START / 1000 + 3600, UTC)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "study.db"


@pytest.fixture
def grade(path, monkeypatch):
    """`grade(key, earned, ...)` keeps a grading, one second after the one before."""
    times = iter(range(START, START + 10**6, 1000))

    def _grade(key, earned, failed=FAILED, named=(), possible=12.0, words=None):
        monkeypatch.setattr(graded_exercise, "milliseconds_now", lambda: next(times))
        keep_grading(path, ROOT, key, earned, possible, failed, named, words)

    return _grade


def opened(path):
    return LearningRecord(path, clock=lambda: NOW.timestamp())


def waiting(path):
    with opened(path) as record:
        return {event.card_key for event in forwards_of(record)}


def test_a_worse_attempt_takes_nothing_away(path, grade):
    for earned in (3.0, 12.0, 0.0):
        grade(POOLING, earned)

    with opened(path) as record:
        mine = attempts_at(record)[POOLING]
        assert (mine.best.earned, mine.best.passed, mine.last.earned) == (12.0, True, 0.0)
        assert len(record.events("graded")) == 3
        (row,) = [one for one in overview_of(record, ROOT, NOW).exercises if one.exercise == POOLING]
    assert (row.earned, row.possible, row.last.earned) == (12.0, 12.0, 0.0)


def test_after_a_change_of_the_points_the_better_share_is_best(path, grade):
    grade(POOLING, 6.0, possible=12.0)
    grade(POOLING, 9.0, possible=10.0)
    grade(POOLING, 9.5, possible=12.0)

    with opened(path) as record:
        assert attempts_at(record)[POOLING].best.possible == 10.0


def test_the_verdicts_of_the_last_attempt_are_kept(path, grade):
    grade(POOLING, 3.0, words={"max": "PASS", "avg": "FAIL"})

    with opened(path) as record:
        assert attempts_at(record)[POOLING].last.words == {"max": "PASS", "avg": "FAIL"}


@pytest.mark.parametrize("criteria", ["null", "3", '["a"]', '{"a": 1}'])
def test_verdicts_that_another_program_wrote_do_no_harm(path, criteria):
    with opened(path) as record:
        record.add_event("graded", POOLING, f'{{"earned": 1, "possible": 2, "criteria": {criteria}}}')
        assert all(isinstance(word, str) for word in attempts_at(record)[POOLING].last.words.values())


def test_cards_go_back_when_the_exercise_is_passed(path, grade):
    grade(POOLING, 3.0, named=["pool.avg-is-sum"])
    assert waiting(path)

    grade(POOLING, 12.0, failed={})
    assert waiting(path) == set()


def test_cards_of_another_exercise_stay(path, grade):
    grade(POOLING, 3.0)
    before = waiting(path)

    grade(DROPOUT, 8.0, failed={}, possible=8.0)
    assert waiting(path) == before != set()


def test_cards_come_forward_again_if_the_exercise_fails_again(path, grade):
    grade(POOLING, 3.0)
    before = waiting(path)
    grade(POOLING, 12.0, failed={})

    grade(POOLING, 3.0)
    assert waiting(path) == before


def test_a_bonus_that_fails_brings_nothing_forward_once_all_points_are_earned(path, grade):
    grade(POOLING, 12.0)

    assert waiting(path) == set()


def numbers(path):
    """Return what each command states as due: progress, flashcards, and statistics with the first day of its forecast."""
    questions = [QUIZ_PREFIX + name for name in QuestionBank(ROOT).where]
    with opened(path) as record:
        overview = overview_of(record, ROOT, NOW)
        exam = exam_ahead(record, NOW.date())
        session = FlashcardSession(record, CARDS, exam=exam, clock=lambda: NOW.timestamp())
        due_cards, _ = session.counts()
        statistics = statistics_of(record, NOW, 14, CARDS, questions)
        due = due_now(record, CARDS, questions, NOW)
    return (
        sum(one.due for one in overview.exercises), due_cards, statistics.cards_due, len(due.cards),
        statistics.forecast[0] - len(due.questions),
    )  # fmt: skip


def test_due_is_one_number_everywhere(path, grade):
    grade(POOLING, 3.0, named=["pool.avg-is-sum"])
    with opened(path) as record:
        for place, key in enumerate([*list(CARDS)[:9], "a-card-that-the-course-no-longer-has"]):
            record.add_review(key, 1 + place % 3, now_ms=START - place * 86_400_000)
        record.add_review(QUIZ_PREFIX + next(iter(QuestionBank(ROOT).where)), 1, now_ms=START - 3 * 86_400_000)
        record.add_event("exam", detail=str(NOW.date().replace(month=12)), now_ms=START)

    first, *others = numbers(path)
    assert first > 0
    assert others == [first] * 4


def test_a_session_ends_after_its_limit_and_knows_what_is_left(path, grade):
    with opened(path) as record:
        session = FlashcardSession(record, CARDS, new_a_day=10, limit=3, clock=lambda: NOW.timestamp())
        assert session.left() == 3
        for left in (2, 1, 0):
            session.answer(session.next().card.id, 4)
            assert session.left() == left
        assert session.next() is None
        assert session.counts() == (0, 7)


def test_a_card_that_is_being_learnt_comes_again_in_the_same_session(path):
    with opened(path) as record:
        session = FlashcardSession(record, CARDS, new_a_day=10, limit=1, clock=lambda: NOW.timestamp())
        key = session.next().card.id
        session.answer(key, 1)
        assert session.next().card.id == key
