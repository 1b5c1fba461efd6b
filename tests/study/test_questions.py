"""Questions: drawn ones against independent oracles, fixed ones by their form, and answers as people type them."""

from collections import Counter

import pytest

from grader.course import CourseError, builtin_course_root
from grader.study.questions import (
    Choice,
    Generated,
    Match,
    Numeric,
    Order,
    QuestionBank,
    Several,
    Short,
    UnreadableError,
    judge,
    number_in,
)
from tests.study import oracles

BANK = QuestionBank(builtin_course_root())
DRAWN = [name for name, (_, question) in BANK.where.items() if isinstance(question, Generated)]
FIXED = [name for name in BANK.where if name not in DRAWN]
VARIANTS = 20_000 // len(DRAWN) + 1


def test_there_are_enough_of_every_kind():
    kinds = Counter(question.kind for _, question in BANK.where.values())

    assert len(BANK.where) >= 80
    assert kinds["generated"] * 3 >= len(BANK.where)
    assert set(kinds) == {"choice", "several", "numeric", "text", "match", "order", "generated"}
    assert all(len(quiz.questions) >= 10 for quiz in BANK.quizzes.values())


def test_twenty_thousand_variants():
    """The right answer is the oracle's, there are four different options, and the right one stands anywhere."""
    places = Counter()
    for name in DRAWN:
        oracle = getattr(oracles, BANK.where[name][1].generator)
        for variant in range(VARIANTS):
            asking = BANK.ask(name, variant)
            assert asking.question.right == str(oracle(**asking.parameters)), (name, asking.parameters)
            assert len(set(asking.options)) == 4, (name, variant)
            places[asking.options.index(asking.question.right)] += 1

    total = places.total()
    assert total >= 20_000
    assert all(0.24 <= count / total <= 0.26 for count in places.values()), places


@pytest.mark.parametrize("name", DRAWN)
def test_a_variant_is_the_same_each_time(name):
    assert BANK.ask(name, 7) == BANK.ask(name, 7)
    assert len({BANK.ask(name, variant).question.ask for variant in range(40)}) >= 5


@pytest.mark.parametrize("name", BANK.where)
def test_the_right_answer_is_right_and_others_are_explained(name):
    asking = BANK.ask(name, 3)
    question = asking.question
    if isinstance(question, Choice):
        for number, option in enumerate(asking.options, 1):
            judged = judge(asking, str(number))
            assert judged.right == (option == question.right)
            assert judged.right or judged.why
    elif isinstance(question, Several):
        right = [str(asking.options.index(one.answer) + 1) for one in question.options if one.right]
        assert judge(asking, " ".join(right)).right
        assert not judge(asking, right[0]).right or len(right) == 1
    elif isinstance(question, Numeric):
        assert judge(asking, str(question.right)).right
        for one in question.wrong:
            assert judge(asking, str(one.answer)).why == one.because
    elif isinstance(question, Short):
        assert all(judge(asking, text.upper() + ".").right for text in question.right)
        assert not judge(asking, "something else").right
    else:
        wanted = list(question.pairs.values()) if isinstance(question, Match) else list(question.steps)
        right = [str(asking.options.index(text) + 1) for text in wanted]
        assert judge(asking, " ".join(right)).right
        assert not judge(asking, " ".join(right[::-1])).right
        assert isinstance(question, Match | Order)


@pytest.mark.parametrize(
    ("name", "typed"),
    [("conv-depth", ""), ("conv-depth", "5"), ("conv-depth", "x1"), ("conv-28", "many"), ("conv-28", "1/0"),
     ("conv-order", "1 2 3"), ("conv-order", "1 1 1 1 1"), ("conv-match", "4 5 6"), ("conv-zeros", "7")],
)  # fmt: skip
def test_what_is_no_answer_is_asked_again(name, typed):
    with pytest.raises(UnreadableError) as caught:
        judge(BANK.ask(name, 0), typed)

    assert str(caught.value)


def test_a_wrong_number_names_its_misconception():
    judged = judge(BANK.ask("why-million", 0), "31 000")

    assert judged.misconceptions == ("why.dense-adds",)
    assert judge(BANK.ask("why-million", 0), "3 x 10^7").right
    assert number_in("\N{MINUS SIGN}0,5") == -0.5


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "topic: t\ntitle: T\nquestions:\n  - {id: a, kind: choice, ask: x, right: y, because: z, wrong: []}\n",
            "wrong",
        ),
        ("topic: t\ntitle: T\nquestions:\n  - {id: a, kind: riddle, ask: x}\n", "riddle"),
        ("topic: t\ntitle: T\nquestions:\n  - {id: A b, kind: text, ask: x, right: [y], because: z}\n", "id"),
    ],
)
def test_a_faulty_quiz_names_what_is_wrong(text, message, tmp_path):
    folder = tmp_path / "exercises" / "01_x"
    folder.mkdir(parents=True)
    (folder / "quiz.yaml").write_text(text)

    with pytest.raises(CourseError) as caught:
        QuestionBank(tmp_path)

    assert message in str(caught.value)
    assert "quiz.yaml" in str(caught.value)
