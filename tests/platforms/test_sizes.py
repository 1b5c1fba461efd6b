"""The files that platforms read stay below 1 MB, whatever a program writes into its messages."""

import pytest

from grader.report.exports import Standing
from grader.report.exports.platform_result import Graded
from grader.report.exports.platforms import PLATFORMS
from grader.sandbox import Wall
from tests.grading import COURSE

MEGABYTE = 1_000_000
LONGEST = {"emoji": "😀" * 4000, "backslashes": "\\" * 4000, "backticks": "`" * 4000, "lines": "\n" * 4000}


def report(text):
    """The report of an exercise with as many criteria as our longest, in which each check says this text."""
    most = max(COURSE, key=lambda one: len(one.rubric.criteria)).rubric
    criteria = [
        {
            "id": one.id, "title": one.title, "earned": 0, "possible": one.points, "bonus": one.bonus, "hint": text[:500],
            "same_cause_as": None, "carried_forward": [],
            "checks": [{"title": name, "message": text, "verdict": "failed"} for name in one.checks],
        }
        for one in most.criteria
    ]  # fmt: skip
    return {
        "title": most.title, "problems": [], "criteria": criteria, "remarks": [text[:500]] * 5, "sha256": "0" * 64,
        "score": {"earned": 0, "possible": most.possible, "earned_bonus": 0}, "isolation": "process",
        "course": {"hash": "1" * 64, "seed": 7}, "output": {"stdout": text * 16, "stderr": text * 16}, "grader_faults": [],
    }  # fmt: skip


@pytest.mark.parametrize("text", LONGEST.values(), ids=LONGEST)
@pytest.mark.parametrize("name", ["prairielearn", "github"])
def test_the_longest_messages_fit(name, text):
    results = PLATFORMS[name].graded(Graded(report(text), Standing(), (Wall.RLIMITS,), 1.0))

    assert len(results.file.encode()) < MEGABYTE
