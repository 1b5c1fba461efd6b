"""Attacks on the grader, one folder each, named for what it tries.

Each must end within its limits, earn nothing that it did not compute, leave no process and no file, and harm nobody: the
honest submission that is graded right after it in the same worker gets its full score.

Every attack answers wrongly beside what it tries, as `plain_wrong` does without trying anything: more than that file earns,
no attack may earn. An attack that finds what it looks for raises SystemError, which stands in the report.
"""

import json
import os
import re
import tempfile
import time
from pathlib import Path

import pytest

from grader.diagnosis.deadline import ASKING_SECONDS
from grader.grading import Worker
from grader.report import render_terminal, to_json
from grader.report.exports.formats.gradescope_results import to_gradescope
from grader.report.exports.formats.junit import to_junit_suite
from grader.report.pages import learner_page
from grader.sandbox import Isolation, IsolationError, Limits
from grader.submission import read_submission
from tests.grading import COURSE
from tests.sandbox.conftest import descendants

HERE = Path(__file__).parent
LONG = {  # they use up the time of a whole submission, or stall for seconds as others do that are not here
    "forge_slow_frame", "look_for_other_submissions", "look_for_the_course", "stall_by_destructor", "stall_by_errors",
    "stall_by_full_scratch", "stall_by_inline_threads", "stall_by_memory", "stall_by_output", "stall_by_power",
    "stall_by_recursion", "stall_by_regex", "stall_by_sleep", "stall_by_stand_ins", "stall_just_below_the_limit",
}  # fmt: skip
ATTACKS = sorted(path.parent.name for path in HERE.glob("*/dropout.py"))
LIMITS = Limits(
    call_seconds=1.0, load_seconds=1.0, submission_seconds=8.0, cpu_seconds=10, memory_bytes=192 * 2**20,
    stops_per_function=1,  # each costs a second of waiting
)  # fmt: skip
EXERCISE = COURSE.find("dropout")
PLACES = ("/", "/tmp", "/dev", "/dev/shm", "/var/tmp", "/etc", "/autograder/results", Path.home(), Path.cwd())
NAMES = ("left_behind", "forged", "results.json", "junit.xml", "report.json")


@pytest.fixture(scope="module")
def folder():
    """A temporary folder of this module alone: tests that run beside it leave theirs in the common one."""
    with pytest.MonkeyPatch.context() as patch, tempfile.TemporaryDirectory(prefix="hostile") as folder:
        patch.setenv("TMPDIR", folder)
        patch.setattr(tempfile, "tempdir", folder)
        os.chmod(folder, 0o1777)
        yield Path(folder)


@pytest.fixture(scope="module")
def worker(folder):
    try:
        with Worker(EXERCISE, Isolation.NAMESPACES, LIMITS) as worker:
            yield worker
    except IsolationError as error:
        if os.environ.get("CI"):
            raise
        pytest.skip(f"this machine has no namespaces: {error}")


def grade(worker, path):
    return worker.grade(read_submission(path, EXERCISE.key, "dropout"), seed=1)


@pytest.fixture(scope="module")
def floor(worker):
    """What wrong answers earn by themselves."""
    return grade(worker, HERE / "plain_wrong" / "dropout.py").score.earned


def test_the_corpus_is_large():
    assert len(ATTACKS) >= 60


def left_behind(folder):
    """What lies in this module's own temporary folder, and what attacks write elsewhere if nothing stops them."""
    elsewhere = (Path(place, name) for place in PLACES for name in NAMES)
    return {*folder.iterdir(), *(path for path in elsewhere if path.exists())}


@pytest.mark.parametrize(
    "attack", [pytest.param(one, marks=pytest.mark.thorough) if one in LONG else one for one in ATTACKS]
)
def test_an_attack(worker, floor, folder, attack):
    before = set(descendants(os.getpid()))
    files_before = left_behind(folder)
    started = time.monotonic()

    report = grade(worker, HERE / attack / "dropout.py")

    assert time.monotonic() - started < LIMITS.submission_seconds + ASKING_SECONDS + 5 * LIMITS.call_seconds
    assert report.score.earned <= floor
    assert report.grader_faults == ()
    told = [check.message for criterion in report.criteria for check in criterion.checks]
    assert not [message for message in told if "SystemError" in message]
    honest = grade(worker, EXERCISE.reference_path)
    assert honest.score.earned == honest.score.possible
    deadline = time.monotonic() + 5
    while set(descendants(os.getpid())) - before and time.monotonic() < deadline:
        time.sleep(0.01)
    assert not set(descendants(os.getpid())) - before
    assert left_behind(folder) <= files_before


def test_no_forged_line_looks_like_one_of_the_report(worker):
    """Not in a terminal of any width, and not in a file that another program shows."""
    report = grade(worker, HERE / "forge_report_lines" / "dropout.py")
    content = json.loads(to_json(report))

    texts = [render_terminal(report, width=width, colour=False, verbose=True) for width in (24, 40, 80, 100)]
    gradescope = json.loads(to_gradescope(content))
    texts += [gradescope["output"], *(test["output"] for test in gradescope["tests"])]
    texts += [to_junit_suite("a", content), learner_page(content)]
    held = [criterion.title for criterion in report.criteria if criterion.earned]
    for text in texts:
        for line in text.splitlines():
            ours = any(title.startswith(line.split("PASS", 1)[-1].strip()[:12]) for title in held)
            assert not re.match(r"\s*PASS\b", line) or ours, line
        assert not re.search("[\x1b\r\u2028\u202e]", text)
