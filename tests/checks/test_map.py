"""`submission.f.map(cases)`: many cases at once, judged one after another."""

import pytest

from grader.checks import CheckFailedError, direct
from grader.course import Rubric

RUBRIC = Rubric.model_validate(
    {
        "exercise": "09_t",
        "title": "T",
        "module": "t",
        "functions": {"halve": ["y"]},
        "criteria": [
            {
                "id": "a",
                "title": "A",
                "points": 1,
                "checks": ["test_a"],
                "function": "halve",
                "hints": {"question": "?", "probe": "?", "name": "?"},
            }
        ],
    }
)


class Reference:
    @staticmethod
    def halve(x):
        return x / 2


def submission(asked, *, fails_at=None):
    def halve(x):
        asked.append(x)
        if x == fails_at:
            raise ValueError("no")
        return x / 2

    return direct(RUBRIC, {"halve": halve}, Reference)


def test_the_answers_come_in_the_order_of_the_cases():
    assert [float(y) for y in submission([]).halve.map([(2.0,), (6.0,)])] == [1.0, 3.0]


def test_a_failure_comes_after_the_answers_before_it_and_names_its_input():
    answers = submission([], fails_at=6.0).halve.map([(2.0,), (6.0,), (8.0,)])
    assert float(next(answers)) == 1.0
    with pytest.raises(CheckFailedError) as caught:
        next(answers)
    assert "for halve with x=6" in str(caught.value)


def test_all_cases_are_asked_even_after_a_failure():
    asked = []
    next(submission(asked, fails_at=6.0).halve.map((float(x),) for x in (2, 6, 8)))
    assert asked == [2.0, 6.0, 8.0]
