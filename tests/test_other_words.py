"""The program never decides by the words of its own messages.

Every message is replaced by other words, of the same length so that lines break at the same places. All that a program
or a learner can tell from a report, words apart, must stay the same.
"""

import codecs
import json
from functools import partial

import pytest

from grader.checks import CheckFailedError
from grader.cli.commands.exercise import exit_code
from grader.course import Patch
from grader.diagnosis import Deadline, Diagnosis
from grader.diagnosis.answers import Failed
from grader.grading import Worker
from grader.grading.explainer import Explainer
from grader.report import render_terminal, to_json
from grader.sandbox import Limits, Raised, Reason, Stopped
from grader.submission import Problem, SourceFile, Submission, SubmissionError
from tests.grading import COURSE, ROOT, patched_source

LONG = ("01_convolution", "02_pooling")  # 20 seconds or more
KEYS = [
    pytest.param(key, marks=[pytest.mark.thorough] * (key in LONG), id=key)
    for key in ("00_why_cnns", "01_convolution", "02_pooling", "03_dropout", "04_batch_norm")
]
NAMED = 5
"""Misconceptions of each exercise that are graded twice."""
ODD = {
    "a syntax error": "def dropout(x:\n",
    "an import that raises": "raise RuntimeError('expected nothing')\n",
    "a missing package": "import torch\n\n\ndef dropout(x, rate, training, rng):\n    return torch.zeros(3), x\n",
    "a loop without an end": "def dropout(x, rate, training, rng):\n    while True:\n        pass\n",
    "an end of the process": "import os\n\n\ndef dropout(x, rate, training, rng):\n    os._exit(0)\n",
    "an answer of another form": "def dropout(x, rate, training, rng):\n    return None\n",
    "the words of a message": "def dropout(x, rate, training, rng):\n    raise ValueError('dropout is not implemented yet')\n",
    "a part of a stub": (
        "def dropout(x, rate, training, rng):\n    if training:\n        raise NotImplementedError\n    return x, x * 0 + 1\n"
    ),
}


def other_words(text):
    return codecs.encode(text, "rot13")


def says_the_same(ours, theirs):
    """Compare what Python said to our program with what it said to the learner's, which was reworded."""
    return ours == theirs and ours.message != "" and theirs.message in (ours.message, other_words(ours.message))


@pytest.fixture(autouse=True)
def _unhurried(monkeypatch):
    """At the deadline, a report says less."""
    monkeypatch.setattr("grader.grading.explainer.Explainer", partial(Explainer, deadline=partial(Deadline, 300.0)))


@pytest.fixture
def in_other_words(monkeypatch):
    """Return a function that replaces every message of the grader from then on."""

    def reword(kind, *fields):
        made = kind.__init__

        def init(self, *arguments, **named):
            made(self, *arguments, **named)
            for field in fields:
                object.__setattr__(self, field, other_words(getattr(self, field)))

        monkeypatch.setattr(kind, "__init__", init)

    def begin():
        plain = CheckFailedError.__str__
        monkeypatch.setattr(CheckFailedError, "__str__", lambda error: other_words(plain(error)))
        reword(Stopped, "detail")
        reword(Raised, "message")
        monkeypatch.setattr(Failed, "says_as", says_the_same)
        reword(Problem, "message")
        reword(Diagnosis, "located")
        monkeypatch.setattr("grader.grading.explainer.in_words", lambda *_: other_words("the smallest input"))
        monkeypatch.setattr(SubmissionError, "__str__", lambda error: other_words(str(error.args[0])))

    return begin


def facts_of(report):
    """Return what a report says without its words."""
    data = json.loads(to_json(report))
    for key in ("sha256", "run", "submission"):
        del data[key]
    for problem in data["problems"]:
        del problem["message"]
    for criterion in data["criteria"]:
        criterion["hint"] = criterion["hint"] is not None
        for check in criterion["checks"]:
            check["message"] = bool(check["message"])
            check["summary"] = bool(check["summary"])
            if check["example"] is not None:
                check["example"]["seen"] = bool(check["example"]["seen"])
            check["remarks"] = len(check["remarks"])
            if check["diagnosis"] is not None:
                del check["diagnosis"]["hint"]
    for entry in (*data["located"], *data["grader_faults"]):
        del entry["text" if "text" in entry else "message"]
    shown = [line[:9].strip() for line in render_terminal(report, width=400, colour=False).splitlines()]
    words = [word for word in shown if word in ("PASS", "FAIL", "SAME", "TODO", "NOT RUN", "OURS")]
    return data, words, exit_code(report)


def programs(key):
    """Return the stub, the reference, some misconceptions as files, and odd programs, by name."""
    exercise = COURSE.find(key)
    reference = exercise.reference_path.read_text(encoding="utf-8")
    stub = (ROOT / "exercises" / key / f"{exercise.rubric.module}.py").read_text(encoding="utf-8")
    found = {"the stub": stub, "the reference": reference}
    mistakes = [one for one in exercise.misconceptions() if one.severity == "mistake"]
    for one in mistakes[:: max(len(mistakes) // NAMED, 1)]:
        found[one.id] = f"{reference}\n{_written(exercise, one)}"
    return found | (ODD if key == "03_dropout" else {})


def _written(exercise, one):
    """Return the text of a misconception's program; it replaces the function of the reference."""
    if isinstance(one.variant, Patch):
        return patched_source(exercise, one.function, one.variant)
    wrong = exercise.misconceptions_path.read_text(encoding="utf-8")
    named = ", ".join(f"{name}={value!r}" for name, value in one.variant.keywords.items())
    variants = wrong.replace("from grader.course import Misconception", "def Misconception(*_, **__):\n    pass\n")
    call = f"{one.variant.func.__name__}(*given, **more, {named})"
    return f"{variants}\n\ndef {one.function}(*given, **more):\n    return {call}\n"


@pytest.mark.parametrize("key", KEYS)
def test_a_report_in_other_words_says_the_same(key, in_other_words):
    exercise = COURSE.find(key)
    limits = Limits(call_seconds=1.0)
    submissions = {
        name: Submission("ada", key, (SourceFile(f"{exercise.rubric.module}.py", text),), "a" * 64)
        for name, text in programs(key).items()
    }
    with Worker(exercise, limits=limits) as worker:
        plain = {name: facts_of(worker.grade(one, 0)) for name, one in submissions.items()}
    in_other_words()
    with Worker(exercise, limits=limits) as worker:
        other = {name: facts_of(worker.grade(one, 0)) for name, one in submissions.items()}
    assert sum(bool(data["diagnoses"]) for data, _, _ in plain.values()) >= NAMED
    for name in plain:
        assert other[name] == plain[name], name


def test_the_words_are_other_ones(in_other_words):
    """The test above would pass if nothing were replaced."""
    in_other_words()
    assert str(CheckFailedError(Reason.WRONG_VALUE, "y is 3", "4")) == "l vf 3, rkcrpgrq 4"
    assert Stopped(Reason.DIED, "it crashed").detail == "vg penfurq"
    assert Problem(1, 0, "is missing").message == "vf zvffvat"


def test_a_stub_is_work_to_do_and_no_failure_in_any_words(in_other_words):
    in_other_words()
    exercise = COURSE.find("03_dropout")
    stub = Submission("ada", exercise.key, (SourceFile("dropout.py", programs(exercise.key)["the stub"]),), "a" * 64)
    with Worker(exercise) as worker:
        _, words, code = facts_of(worker.grade(stub, 0))
    assert set(words) == {"TODO"}
    assert code == 1
