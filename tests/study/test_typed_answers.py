"""Words and numbers that are typed, and what follows from a wrong one."""

import pytest

from grader.course import builtin_course_root
from grader.study.judging import judge
from grader.study.learning_record import LearningRecord
from grader.study.question_bank import QuestionBank
from grader.study.questions import Choice, Generated, Numeric, Short
from grader.study.quiz_session import GAP, QuizSession
from grader.study.record_entry import AGAIN, GOOD
from tests.study.right_answers import right_answer

BANK = QuestionBank(builtin_course_root())
DRAWN = [name for name, (_, question) in BANK.where.items() if isinstance(question, Generated)]


@pytest.fixture
def record(state):
    with LearningRecord(state / "study.db") as record:
        yield record


@pytest.mark.parametrize(
    ("name", "words"),
    [
        (
            "pool-term",
            "largest maximum max biggest greatest highest winner largest_value max_value the_maximum largest_number",
        ),
        ("tl-term", "fine-tuning finetuning fine-tune finetune fine_tuned finetuned"),
        ("drop-term", "overfitting over-fitting overfit overfitted overfits over_fit"),
        ("why-cortex", "visual_cortex the_visual_cortex V1 v1 primary_visual_cortex striate_cortex"),
        ("conv-term", "feature_map feature_maps the_feature_map activation_map"),
        ("keras-compile", "compile model.compile compile() model.compile() compiling"),
    ],
)
def test_words_are_compared_by_their_stems(name, words):
    for word in words.split():
        assert judge(BANK.ask(name, 0), word.replace("_", " ")).right, word


@pytest.mark.parametrize(
    ("name", "word"),
    [("pool-term", "minimum"), ("pool-term", "average"), ("drop-term", "underfitting"), ("drop-term", "dropout"),
     ("tl-term", "training"), ("why-cortex", "retina"), ("keras-compile", "fit")],
)  # fmt: skip
def test_another_word_is_unknown_and_not_wrong_at_once(name, word):
    judged = judge(BANK.ask(name, 0), word)

    assert not judged.right
    assert judged.unknown


def test_every_question_for_a_word_accepts_four_forms():
    for _, question in BANK.where.values():
        if isinstance(question, Short):
            assert len(question.right) >= 4


def test_the_learner_decides_about_unknown_words(record):
    session = QuizSession(record, BANK, topics=["pooling"])
    for meant, rating in ((True, GOOD), (False, AGAIN)):
        session.answer(BANK.ask("pool-term", 0), "the strongest", "sure", meant)
        assert record.reviews("quiz:pool-term")[-1].rating == rating


def test_numbers_are_typed():
    """Of the questions that a function draws, those whose answer is a number have no options."""
    kinds = {name: BANK.ask(name, 5, typed=True).question for name in DRAWN}
    numeric = [name for name, question in kinds.items() if isinstance(question, Numeric)]

    assert len(numeric) >= 23
    assert all(isinstance(question, Choice) for name, question in kinds.items() if name not in numeric)


@pytest.mark.parametrize("name", DRAWN)
def test_a_typed_number_is_right_or_names_its_misconception(name):
    for variant in range(25):
        asking, choice = BANK.ask(name, variant, typed=True), BANK.ask(name, variant)
        question = asking.question
        if isinstance(question, Choice):
            return
        assert (question.ask, asking.parameters) == (choice.question.ask, choice.parameters)
        assert judge(asking, f"{question.right:,}").right
        assert judge(asking, f"{question.right:.15g}").right
        for one in question.wrong:
            judged = judge(asking, f"{one.answer}")
            assert not judged.right, (question.ask, one.answer)
            assert judged.misconceptions
            assert judged.why


def test_a_rounded_number_is_right_and_the_misconception_beside_it_is_not():
    """51 / 255 is 0.2, and 51 / 256, the misconception, is 0.1992."""
    third = next(a for v in range(200) if (a := BANK.ask("drop-survivor", v, typed=True)).question.right == 6.66667)
    pixel = next(a for v in range(200) if (a := BANK.ask("keras-scaled", v, typed=True)).parameters["pixel"] == 51)

    assert all(judge(third, text).right for text in ("6.67", "6.6667", "20/3"))
    assert not judge(third, "6.6").right
    assert judge(pixel, "0.2").right
    assert judge(pixel, "0.1992").misconceptions == ("keras.white-is-256",)


def test_options_come_after_a_wrong_number_or_if_asked_for(record):
    session = QuizSession(record, BANK, topics=["convolution"])
    asking = session.ask("conv-multiplications")
    choice = session.with_options(asking)

    assert asking.options == ()
    assert len(choice.options) == 4
    assert choice.question.ask == asking.question.ask
    assert QuizSession(record, BANK, topics=["convolution"], choices=True).ask("conv-multiplications").options


def is_numeric(name):
    return isinstance(BANK.ask(name, 0, typed=True).question, Numeric)


def wrong_once(session, name):
    """Answer a question with one of its known wrong numbers; return the misconception."""
    asking = session.ask(name)
    return session.answer(asking, str(asking.question.wrong[0].answer), "unsure").misconceptions[0]


def test_after_an_error_the_same_misconception_comes_again_a_few_questions_later(record):
    session = QuizSession(record, BANK, topics=["convolution"], count=12)
    place = 2  # chance decides where the questions stand; there must be room after this one
    name = next(one for one in DRAWN if one in session.plan and is_numeric(one))
    session.plan.remove(name)
    session.plan.insert(place, name)
    for earlier in session.plan[:place]:
        asking = session.ask(earlier)
        session.answer(asking, right_answer(asking), "unsure")
    before = len(session.plan)
    missed = wrong_once(session, name)
    again = session.plan[place + 1 + GAP]

    assert missed in BANK.misconceptions_of(again)
    assert len(session.plan) == before
    assert session.because(again) == "once more, because you missed this a moment ago"
    assert session.ask(again).question.ask != BANK.ask(name, 0, typed=True).question.ask


def test_a_misconception_comes_again_once(record):
    session = QuizSession(record, BANK, topics=["convolution"], count=14)
    wrong_once(session, "conv-28")
    after_one = list(session.plan)
    wrong_once(session, "conv-28")

    assert session.plan == after_one


def test_a_session_with_a_seed_does_not_adapt(record):
    session = QuizSession(record, BANK, seed=3, count=14)
    before = list(session.plan)
    wrong_once(session, "conv-28")

    assert session.plan == before


def topics_of(session):
    return {BANK.topic_of(one) for one in session.plan}


def test_new_questions_come_only_from_topics_begun(record):
    assert topics_of(QuizSession(record, BANK)) == {"why-cnns"}
    record.add_event("read", "pooling")
    assert topics_of(QuizSession(record, BANK)) == {"pooling"}
    record.add_review("drop-rate", GOOD, now_ms=1)
    record.add_event("graded", "01_convolution", '{"earned": 1, "possible": 2}')
    record.add_event("heard", "batch-norm/0")
    assert topics_of(QuizSession(record, BANK, count=40)) == {"pooling", "dropout", "convolution", "batch-norm"}
    assert topics_of(QuizSession(record, BANK, topics=["keras-cnn"])) == {"keras-cnn"}


def test_the_first_questions_differ_between_learners(tmp_path):
    plans = set()
    for number in range(6):
        with LearningRecord(tmp_path / f"{number}.db") as record:
            plans.add(tuple(QuizSession(record, BANK).plan))

    assert len(plans) > 1
