"""`grade learn` as steps: where a lesson stops, what each part practises, how an example is run."""

import re
from itertools import pairwise
from pathlib import Path

import pytest

from grader.course import builtin_course_root
from grader.study.cards import read_decks
from grader.study.guided_lesson import Guess, Practice, Predict, Read, steps_of
from grader.study.learning_record import LearningRecord
from grader.study.lessons import parse_lesson, read_lessons
from grader.study.reading_place import begin_again, left_of
from grader.study.worked_example import modules_used, run_example, same_result, split_example

LESSONS = read_lessons(builtin_course_root())
CARDS = read_decks(builtin_course_root())
each_lesson = pytest.mark.parametrize("lesson", LESSONS.values(), ids=lambda lesson: lesson.topic)


def steps(lesson):
    return steps_of(lesson, [card.id for card in CARDS.values() if card.topic == lesson.topic])


def with_dialogue(*turns):
    text = (builtin_course_root() / "exercises" / "02_pooling" / "lesson.md").read_text(encoding="utf-8")
    dialogue = "\n\n".join(f"**{'Teacher' if turn[0] == 'T' else 'Student'}:** {turn[3:]}" for turn in turns)
    return parse_lesson(
        re.sub(r"(?<=## Dialogue\n).*?(?=\n## )", dialogue + "\n", text, flags=re.DOTALL), Path("x/lesson.md")
    )


def stops(*turns):
    return [step.question.split("** ")[1] for step in steps_of(with_dialogue(*turns), ()) if isinstance(step, Guess)]


@each_lesson
def test_every_question_of_the_teacher_that_the_student_answers_is_a_stop(lesson):
    turns = lesson.sections["Dialogue"].split("\n\n")
    asked = [
        turn
        for turn, following in pairwise(turns)
        if turn.startswith("**Teacher:**") and turn.endswith("?") and following.startswith("**Student:**")
    ]
    questions = [step.question for step in steps(lesson) if isinstance(step, Guess)]

    assert [one for one in questions if one.startswith("**Teacher:**")] == asked
    assert len(questions) >= 3


@each_lesson
def test_the_dialogue_is_shown_once_and_in_order(lesson):
    dialogue = [step.text for step in steps(lesson) if "/dialogue/" in step.key]

    assert "\n\n".join(dialogue) == lesson.sections["Dialogue"]


@each_lesson
def test_each_part_practises_some_cards_and_together_all(lesson):
    found = steps(lesson)
    practised = [step for step in found if isinstance(step, Practice)]

    assert [step.part for step in practised] == [1, 2, 3, 4]
    assert all(step.cards for step in practised)
    assert [card for step in practised for card in step.cards] == [
        c.id for c in CARDS.values() if c.topic == lesson.topic
    ]
    assert len({step.key for step in found}) == len(found)
    assert all(step.key.startswith(f"{lesson.topic}/") for step in found)


@each_lesson
def test_every_result_of_the_example_is_predicted(lesson):
    before, statements, after = split_example(lesson.sections["Worked example"])
    predicted = [step for step in steps(lesson) if isinstance(step, Predict)]

    assert [one for step in predicted for one in step.statements] == list(statements)
    assert [step.last for step in predicted] == [place for place, one in enumerate(statements) if one.prints]
    shown = [step.text for step in steps(lesson) if isinstance(step, Read)]
    assert any(before in text for text in shown)
    assert not after or after in shown


def test_a_students_question_is_a_stop_if_the_teacher_answers_it():
    assert stops("S: I know.", "T: Yes.", "S: Is it 5?", "T: No, 3.") == ["Is it 5?"]


@pytest.mark.parametrize(
    ("turns", "expected"),
    [
        (("S: Why?", "T: Because."), []),  # the first turn of a dialogue
        (("T: How many?", "S: Is it 5?", "T: No."), ["How many?"]),  # the student's question is a guess itself
        (("S: Well.", "T: Yes.", "S: Which loss?", "T: Which labels?", "S: Integers."), ["Which labels?"]),
        (("S: Well.", "T: Any questions?"), []),  # nobody answers
    ],
)
def test_other_questions_are_no_stops(turns, expected):
    assert stops(*turns) == expected


def test_a_new_section_is_read_in_its_place():
    text = (builtin_course_root() / "exercises" / "02_pooling" / "lesson.md").read_text(encoding="utf-8")
    lesson = parse_lesson(
        text.replace("## Summary\n", "## A story\nOnce upon a time.\n\n## Summary\n"), Path("x/lesson.md")
    )
    keys = [step.key for step in steps_of(lesson, ())]

    assert keys.index("pooling/practice/1") < keys.index("pooling/a-story") < keys.index("pooling/summary/medium")


def test_an_example_runs_with_the_functions_that_it_gets():
    statements = split_example(LESSONS["pooling"].sections["Worked example"])[1]
    functions = {name: lambda x, name=name: x for name in modules_used(statements)["pooling"]}
    outcomes = run_example(statements, {"pooling": functions})

    assert modules_used(statements)["pooling"] == ("avg_pool2d", "global_avg_pool2d", "max_pool2d")
    assert isinstance(outcomes[-1].error, ValueError)  # .item() of an array of four numbers
    assert len(outcomes) == 4


def test_a_statement_shows_what_a_python_session_shows():
    _, statements, _ = split_example(
        "```python\n>>> x = 3\n>>> x\n3\n>>> for i in range(2):\n...     print(i)\n0\n1\n\n```"
    )

    assert [one.text for one in run_example(statements, {})] == ["", "3", "0\n1"]
    assert [one.prints for one in statements] == [False, True, True]
    assert statements[2].shown == ">>> for i in range(2):\n...     print(i)"


@pytest.mark.parametrize(
    ("guess", "result", "same"),
    [
        ("7, 4", "(7.0, 4.0)", True),
        ("7 and 4", "(7.0, 4.0)", True),
        ("30,000,000", "30000000", True),
        ("true", "True", True),
        ("-1", "1", False),
        ("4", "(7.0, 4.0)", False),
        ("no idea", "(7.0, 4.0)", False),
        ("0.30000000000000004", "0.3", True),
        ("np.float64(0.5)", "0.5", True),
    ],
)
def test_results_are_compared_as_numbers(guess, result, same):
    assert same_result(guess, result) == same


def test_what_happens_in_one_millisecond_stays_in_order(tmp_path):
    with LearningRecord(tmp_path / "study.db") as record:
        for number in range(50):
            record.add_event("learnt", "a", str(number), now_ms=1_000)
        assert [int(event.detail) for event in record.events("learnt")] == list(range(50))


def test_a_place_is_kept_and_can_be_given_up(tmp_path):
    with LearningRecord(tmp_path / "study.db") as record:
        record.add_event("learnt", "a")
        assert left_of(record, "learnt", ["a", "b"]) == ["b"]
        assert left_of(record, "heard", ["a", "b"]) == ["a", "b"]
        record.add_event("learnt", "c")
        begin_again(record, "learnt", ["a", "b"])
        assert left_of(record, "learnt", ["a", "b", "c"]) == ["a", "b"]
