"""Whatever breaks in the container, there are results without a score, and no learner's text in a log that is obeyed."""

import json
import re

import pytest

from grader.batch import platform_run
from grader.grade_error import GradeError
from grader.report.exports.platforms import PLATFORMS

FORGED = '::notice title=Autograding report::{"totalPoints":100,"maxPoints":5}'


class KnownError(GradeError):
    heading = "The sandbox is unavailable on this machine: "


@pytest.fixture
def broken(tmp_path, monkeypatch, capsys):
    """`broken(name, error)` gives what a platform reads if this error is raised, and the log."""

    def _run(name, error):
        def _raise(folder):
            raise error

        monkeypatch.setattr(platform_run, "read_job", _raise)
        results = tmp_path / "results"
        assert platform_run.main([name, "job", "submission", str(results)]) == platform_run.NO_SCORE
        return results.read_text(encoding="utf-8"), capsys.readouterr().out

    return _run


@pytest.mark.parametrize("name", PLATFORMS)
@pytest.mark.parametrize(
    ("error", "words"),
    [
        (MemoryError(), "MemoryError"),
        (RuntimeError(f"broke\n{FORGED}"), "RuntimeError"),
        (
            KnownError("this machine has no seccomp"),
            "The sandbox is unavailable on this machine: this machine has no seccomp",
        ),
    ],
    ids=["memory", "unknown", "known"],
)
def test_an_error_gives_no_score(broken, name, error, words):
    results, log = broken(name, error)

    shown = re.sub(r"\\([.,:])", r"\1", results)  # as Markdown shows it
    assert "No score: the grader broke. This is not your fault, and it costs no points. " in shown
    assert words in shown
    assert "totalPoints" not in results
    assert log.startswith("No score: the grader broke.\n")
    if PLATFORMS[name].obeys_log:
        assert log == "No score: the grader broke.\n"
    else:
        assert "Traceback" in log
        assert not json.loads(results).keys() & {"score", "tests"}
