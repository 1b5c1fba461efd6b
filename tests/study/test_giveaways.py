"""Questions and cards whose right answer shows itself: none in the course, and each kind is found in others."""

from dataclasses import replace

import pytest

from grader.course import builtin_course_root
from grader.study.cards import read_decks
from grader.study.giveaways import MOST, few_forms, giveaways, one_sided, standing_of, standing_of_choices
from grader.study.question_bank import QuestionBank
from grader.study.questions import Generated

BANK = QuestionBank(builtin_course_root())
CARDS = read_decks(builtin_course_root())
DRAWN = [name for name, (_, question) in BANK.where.items() if isinstance(question, Generated)]
COURSE = """topic: t
title: T
questions:
  - {id: one, kind: generated, generator: one}
  - {id: word, kind: text, ask: "Which?", right: [largest, Largest, max], because: "So."}
"""
CODE = """
def one(draw):
    n = draw.randint(10, 99)
    wrong = [{"answer": n + step, "misconception": "t.x", "because": "No."} for step in STEPS]
    return {"parameters": {"n": n}, "ask": f"{n}?", "right": n, "because": "So.", "wrong": wrong}
"""


@pytest.fixture
def bank_with(tmp_path):
    """Return a function that makes a course whose wrong numbers differ from the right one by these steps."""

    def _bank_with(name, steps):
        folder, code = tmp_path / name / "exercises" / "01_x", tmp_path / name / "solutions" / "01_x"
        folder.mkdir(parents=True)
        code.mkdir(parents=True)
        (folder / "quiz.yaml").write_text(COURSE)
        (code / "questions.py").write_text(CODE.replace("STEPS", repr(steps)))
        return QuestionBank(tmp_path / name)

    return _bank_with


def test_no_answer_of_the_course_shows_itself():
    assert list(giveaways(BANK)) == []
    assert list(few_forms(BANK)) == []
    assert one_sided(CARDS) is None


@pytest.mark.parametrize("name", ["drop-thinned", "drop-survivor", "why-dense-weights"])
def test_no_rank_is_right_in_more_than_half_of_the_variants(name):
    size = standing_of(BANK, name).size

    assert max(size.values()) / size.total() <= MOST
    assert len(size) >= 3


def test_a_guesser_who_takes_the_longest_is_right_in_less_than_half():
    length = standing_of_choices(BANK).length

    assert length["longest"] / length.total() < 0.5


@pytest.mark.parametrize(
    ("name", "steps", "how"),
    [
        ("largest", (-1, -2, -3, -4), "the largest"),
        ("middle", (-1, -2, 5), "the second largest"),
        ("smallest", (1, 2, 3), "the smallest"),
    ],
)
def test_a_number_that_shows_itself_is_found(bank_with, name, steps, how):
    assert list(giveaways(bank_with(name, steps))) == [
        ("one", f'the right answer of "one" is {how} in 100% of 200 variants; expected at most 55%')
    ]


def test_wrong_numbers_on_both_sides_hide_the_right_one(bank_with):
    assert list(giveaways(bank_with("both", (-3, -2, -1, 1, 2, 3)))) == []


def test_few_forms_of_a_word_are_found(bank_with):
    assert list(few_forms(bank_with("forms", (-1, 1, 2)))) == [("word", 2)]


def test_cards_that_are_all_answered_by_no_are_found():
    turned = {key: replace(card, back=card.back.replace("Yes", "No", 1)) for key, card in CARDS.items()}
    word, share, cards = one_sided(turned)

    assert (word, share) == ("No", 1)
    assert len(cards) >= 4


def test_the_check_of_a_course_reports_them(bank_with, tmp_path):
    from grader.study.study_check import examine_study

    bank_with("course", (-1, -2, -3))
    (tmp_path / "course/exercises/01_x/cards.md").write_text("Q: A? {#a split=b}\nA: c\n\nG: two {#d}\n")
    said = [str(fault).removeprefix(f"{tmp_path}/course/") for fault in examine_study(tmp_path / "course", {}, {"t.x"})]

    assert said == [
        'exercises/01_x/cards.md:1: the card "a" was split off "b", which does not exist.',
        'solutions/01_x/questions.py:1: does not define "two"',
        'exercises/01_x/quiz.yaml:4: the right answer of "one" is the largest in 100% of 200 variants; expected at most 55%',
        'exercises/01_x/quiz.yaml:5: "word" accepts 2 forms of its answer; expected at least 4. Add other words for it',
    ]


def test_the_order_of_options_is_random():
    places = [
        BANK.ask(name, seed).options.index(BANK.ask(name, seed).question.right) for name in DRAWN for seed in range(20)
    ]

    assert all(0.2 < places.count(place) / len(places) < 0.3 for place in range(4))
