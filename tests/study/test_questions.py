"""Questions: generated ones against independent oracles, fixed ones by their form, and answers as people type them."""

from collections import Counter

import pytest

from grader.course import CourseError, builtin_course_root
from grader.study.judging import judge
from grader.study.number import UnreadableError, numbers_in
from grader.study.question_bank import QuestionBank
from grader.study.questions import Choice, Generated, Match, Numeric, Order, Several, Short
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
    """The right answer is that of the oracle, the four options differ, and the place of the right one is random."""
    places = Counter()
    for name in DRAWN:
        oracle = getattr(oracles, BANK.where[name][1].generator)
        for variant in range(VARIANTS):
            asking = BANK.ask(name, variant)
            right = oracle(**asking.parameters)
            shown = f"{right:,}" if isinstance(right, int) else str(right)
            assert asking.question.right == shown, (name, asking.parameters)
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
def test_an_answer_that_cannot_be_parsed_is_asked_again(name, typed):
    with pytest.raises(UnreadableError) as caught:
        judge(BANK.ask(name, 0), typed)

    assert str(caught.value)


def test_a_wrong_number_names_its_misconception():
    judged = judge(BANK.ask("conv-28", 0), "23")

    assert judged.misconceptions == ("conv.output-off-by-one",)


@pytest.mark.parametrize(
    ("typed", "value"),
    [("1,000", 1000), ("1 000", 1000), ("1.000", 1000), ("1,000", 1), ("1.000", 1), ("1_000", 1000), ("1'000", 1000),
     ("3/4", 0.75), ("1,5/2", 0.75), ("50%", 0.5), ("50 %", 50), ("1e3", 1000), ("1E3", 1000), ("0,5", 0.5),
     ("0,250", 0.25), (",5", 0.5), ("30.000.000", 3e7), ("30,000,000", 3e7), ("3 x 10^7", 3e7), ("30 million", 3e7),
     ("1.234,5", 1234.5), ("1,234.5", 1234.5), ("2^10", 1024), ("2**10", 1024), ("\N{MINUS SIGN}0,5", -0.5), ("24.", 24)],
)  # fmt: skip
def test_a_number_is_read_as_people_type_it(typed, value):
    assert value in numbers_in(typed)


@pytest.mark.parametrize("typed", ["", "x", "1 1/2", "1,2,3", "(-1)^0.5", "1..2", "nan", "12 34"])
def test_what_is_not_a_number_is_asked_again(typed):
    with pytest.raises(UnreadableError) as caught:
        numbers_in(typed)

    assert str(caught.value) == f'"{typed}" is not a number. Type one such as 24, 0.5 or 1/4.'


@pytest.mark.parametrize("typed", ["1/0", "0^-1", "2^1e9"])
def test_a_number_without_a_value_is_asked_again(typed):
    with pytest.raises(UnreadableError) as caught:
        numbers_in(typed)

    assert str(caught.value) == f'"{typed}" has no value: it divides by 0 or is too large.'


def test_a_typing_mistake_is_accepted_and_another_word_is_not():
    cortex, term = BANK.ask("why-cortex", 0), BANK.ask("drop-term", 0)

    assert judge(cortex, "the visual cortx").right
    assert judge(term, "Overfiting!").right
    assert not judge(term, "underfitting").right
    assert not judge(BANK.ask("pool-term", 0), "minimum").right


def test_the_judgement_names_what_was_matched_or_ordered_wrongly():
    match, order = BANK.ask("pool-match", 0), BANK.ask("tl-order", 0)
    pairs, steps = list(match.question.pairs.values()), list(order.question.steps)

    def typed(asking, answers):
        return " ".join(str(asking.options.index(one) + 1) for one in answers)

    said = judge(match, typed(match, [pairs[1], pairs[0], pairs[2]])).why
    assert said == "Look again at max pooling and at average pooling."
    said = judge(order, typed(order, [steps[0], steps[2], steps[1], *steps[3:]])).why
    assert said == f"After {steps[0]} comes {steps[1]}, not {steps[2]}."
    said = judge(BANK.ask("conv-zeros", 0), "1 2 3 4").why
    assert '"The edge pixels are repeated" is not right. It adds zeros.' in said


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
