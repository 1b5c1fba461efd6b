"""A command that is suggested works on the course that was in use when it was suggested."""

import pytest

from tests.grading import ROOT

ELSEWHERE = {
    ("hint", "1"): "Begin with: grade exercise 1 --course toy",
    ("solution", "1"): "Begin with: grade exercise 1 --course toy",
    ("next",): "The lesson is here: grade lesson 1 --course toy",
    ("study", "stats"): "Begin with: grade flashcards --course toy",
    ("progress",): "grade lesson 1 --course toy, then grade start 1 --course toy",
}


@pytest.mark.parametrize("command", ELSEWHERE, ids=" ".join)
def test_another_course_is_named(command, toy, run):
    result = run(*command, "--course", toy)

    assert ELSEWHERE[command] in " ".join((result.stdout + result.stderr).split())


def test_the_usual_course_is_not_named(here, run):
    assert run("hint", "3", "--course", ROOT).stderr.endswith("Begin with: grade exercise 3\n")
    assert run("hint", "3").stderr.endswith("Begin with: grade exercise 3\n")
