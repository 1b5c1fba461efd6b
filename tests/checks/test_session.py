"""Checks are collected once and run for many submissions. The four endings are never confused."""

import os
import shutil
from pathlib import Path

import numpy as np
import pytest

from grader.checks import DirectCaller, Verdict
from grader.checks.session import CheckSession, RunContext
from grader.course import CourseError, load_course

CHECKS = '''
import pytest

from grader.checks import assert_close


@pytest.mark.criterion("doubles")
def test_double(submission, reference, rng):
    """Doubles every number.

    More that no learner reads.
    """
    x = rng.normal(size=3)
    assert_close(submission.double(x), reference.double(x))


@pytest.mark.criterion("doubles")
def test_needs_another(submission):
    """Needs something else first."""
    pytest.skip("write double first")


@pytest.mark.criterion("doubles")
def test_broken(submission):
    """Breaks by itself."""
    raise KeyError("ours")
'''
RUBRIC = """
exercise: 01_toy
title: Toy
module: toy
functions: {double: [y]}
criteria:
  - id: doubles
    title: Doubles
    function: double
    points: 1
    checks: [test_double, test_needs_another, test_broken]
    hints: {question: What?, probe: Which?, name: That.}
"""


@pytest.fixture
def exercise(tmp_path):
    for folder, name, text in (
        ("rubrics", "01_toy.yaml", RUBRIC),
        ("solutions/01_toy", "toy.py", "def double(x):\n    return x * 2\n"),
        ("tests/hidden/01_toy", "test_toy.py", CHECKS),
    ):
        (tmp_path / folder).mkdir(parents=True)
        (tmp_path / folder / name).write_text(text)
    return load_course(tmp_path).find("toy")


def double(x):
    return x * 2


PRINTABLE = "".join(map(chr, range(32, 127))).replace("/", "")


@pytest.mark.parametrize(
    "name",
    [PRINTABLE, "a::b", "x[1]", "$HOME", "${HOME}", "~", "--rootdir=x", "@args", "Übung 数学 🎓", "caf\udce9", "a\nb"],
)
def test_the_folder_of_the_checks_may_have_any_name(exercise, tmp_path, name):
    shutil.copytree(tmp_path, tmp_path / name / "course")
    moved = load_course(tmp_path / name / "course").find("toy")
    environment = dict(os.environ)

    there, usual = CheckSession(moved), CheckSession(exercise)
    context = RunContext(DirectCaller({"double": double}), 0)
    assert there.checks == usual.checks
    assert there.run(context) == usual.run(context)
    assert os.environ == environment


def test_four_endings(exercise):
    session = CheckSession(exercise)
    right, not_run, ours = session.run(RunContext(DirectCaller({"double": double}), 0))
    assert (right.verdict, right.title) == (Verdict.PASSED, "Doubles every number.")
    assert (not_run.verdict, not_run.message) == (Verdict.NOT_RUN, "write double first")
    assert ours.verdict is Verdict.GRADER_FAULT
    assert ours.message.startswith("KeyError: 'ours' (test_toy.py:")
    wrong, *_ = session.run(RunContext(DirectCaller({"double": lambda x: x}), 0))
    assert wrong.verdict is Verdict.FAILED
    assert wrong.message.startswith("y[0] is ")
    again, *_ = session.run(RunContext(DirectCaller({"double": double}), 0))
    assert again == right


def test_a_check_that_sends_what_cannot_be_sent_is_our_fault(exercise):
    exercise.checks_path.write_text("def test_large(submission):\n    submission.double(2**63)\n")
    session = CheckSession(exercise)
    (large,) = session.run(RunContext(DirectCaller({"double": double}), 0))
    assert large.verdict is Verdict.GRADER_FAULT
    assert large.message.startswith("UnsendableError: Cannot send an integer beyond 64 bits to a submission. Send ")


INDEXES = '''
import pytest

from grader.checks import assert_that

runs = []


@pytest.mark.criterion("doubles")
def test_double(submission, rng):
    """Doubles the last of three numbers."""
    runs.append(1)
    assert_that(submission.double(rng.normal(size=3))[2] != 0, None, "0", "another number")


@pytest.mark.criterion("doubles")
def test_broken(submission, rng):
    """Breaks by itself."""
    submission.double(rng.normal(size=3))[3]


@pytest.mark.criterion("doubles")
def test_disk(submission):
    """Meets a full disk."""
    raise OSError(28, "No space left on device")
'''


class TestWhoseFaultABrokenCheckIs:
    """A check that breaks runs once more on the reference: if it breaks there too, it is our fault."""

    @pytest.fixture
    def outcomes(self, exercise):
        exercise.checks_path.write_text(INDEXES)

        session = CheckSession(exercise)

        def _outcomes(function, seed=0, trial=double):
            ours = DirectCaller({"double": trial})
            return session.run(RunContext(DirectCaller({"double": function}), seed, ours, trial=ours))

        return _outcomes

    def test_an_answer_of_another_form_is_a_failure_of_the_learner(self, outcomes):
        short, *_ = outcomes(lambda x: x[:2])

        assert short.verdict is Verdict.FAILED
        assert short.message == (
            "the check cannot use the answer: its form is not what the task asks for "
            "(IndexError: index 2 is out of bounds for axis 0 with size 2)\n"
            "Compare the number, types and shapes of your results with the docstring of the exercise."
        )

    def test_a_check_that_breaks_on_the_reference_too_is_our_fault(self, outcomes):
        for function in (double, lambda x: x[:2]):
            _, broken, _ = outcomes(function)

            assert broken.verdict is Verdict.GRADER_FAULT

    def test_a_reference_that_does_not_pass_is_our_fault(self, outcomes):
        short, *_ = outcomes(lambda x: x[:2], trial=lambda x: 0 * x)

        assert short.verdict is Verdict.GRADER_FAULT

    def test_a_failure_of_the_machine_is_our_fault(self, outcomes):
        *_, disk = outcomes(double)

        assert disk.verdict is Verdict.GRADER_FAULT

    def test_a_right_answer_costs_no_trial(self, outcomes):
        def never(x):
            raise AssertionError("asked for nothing")

        right, *_ = outcomes(double, trial=never)

        assert right.verdict is Verdict.PASSED

    def test_a_check_is_tried_once_for_each_seed(self, outcomes):
        asked = []

        def spy(x):
            asked.append(x)
            return x * 2

        for seed in (0, 0, 1):
            assert outcomes(lambda x: x[:2], seed, spy)[0].verdict is Verdict.FAILED
        assert len([x for x in asked if x.size == 3]) == 2 + 2  # two checks that break, two seeds

    def test_remarks_about_the_reference_do_not_reach_the_learner(self, outcomes):
        short, *_ = outcomes(lambda x: x[:2], trial=lambda x: (x * 2).tolist())

        assert short.verdict is Verdict.FAILED
        assert short.remarks == ()


def test_a_different_seed_gives_different_inputs(exercise):
    seen = []

    def spy(x):
        seen.append(x)
        return x * 2

    session = CheckSession(exercise)
    for seed in (0, 0, 1):
        session.run(RunContext(DirectCaller({"double": spy}), seed))
    assert np.array_equal(seen[0], seen[1])
    assert not np.array_equal(seen[0], seen[2])


def test_a_session_knows_the_criterion_title_and_line_of_a_check(exercise):
    session = CheckSession(exercise)
    assert session.checks == ("test_double", "test_needs_another", "test_broken")
    assert session.criterion_marked("test_double") == "doubles"
    assert session.title_of("test_broken") == "Breaks by itself."
    assert session.line_of("test_double") == 7


BEYOND = """
import pytest

seen = []

@pytest.fixture
def three():
    return 3.0

@pytest.fixture(name="rng", autouse=True)
def another():
    return None

class TestDouble:
    def test_in_a_class(self, submission):
        pass

def test_with_a_fixture(submission, three):
    pass

@pytest.mark.parametrize("x", [1.0, 2.0])
def test_with_a_parameter(submission, x):
    pass

def test_with_a_folder(tmp_path):
    pass

def setup_module():
    pass
"""


def test_a_check_that_needs_more_than_the_fixtures_of_the_grader_is_a_fault_of_the_course(exercise):
    """All checks are plain calls, so a check that needs pytest's own protocol is refused instead of running without it."""
    exercise.checks_path.write_text(BEYOND)
    with pytest.raises(CourseError) as caught:
        CheckSession(exercise)
    faults = {(fault.line, fault.message) for fault in caught.value.faults}
    known = "a hidden test may ask for submission, reference, models, rng"
    assert {
        (7, 'defines the fixture "three"; expected a function that checks call'),
        (11, 'defines the fixture "another"; expected a function that checks call'),
        (14, '"TestDouble" is not a function; a hidden test is a function of the module'),
        (18, f'the check "test_with_a_fixture" asks for "three"; {known}'),
        (22, f'the check "test_with_a_parameter" asks for "x"; {known}'),
        (25, f'the check "test_with_a_folder" asks for "tmp_path"; {known}'),
    } <= faults
    assert any("setup_module" in message for _, message in faults)


def test_a_check_without_fixtures_that_fails_without_words(exercise):
    exercise.checks_path.write_text("def test_nothing(limit=3):\n    assert limit == 4\n")
    (nothing,) = CheckSession(exercise).run(RunContext(DirectCaller({}), 0))
    assert (nothing.verdict, nothing.complete) == (Verdict.FAILED, False)


def test_a_stop_while_checks_are_collected_stops_the_grader(exercise):
    exercise.checks_path.write_text("raise KeyboardInterrupt\n")
    with pytest.raises(KeyboardInterrupt):
        CheckSession(exercise)


def test_collecting_prints_nothing(exercise, capfd):
    CheckSession(exercise)
    exercise.checks_path.write_text("syntax error")
    with pytest.raises(CourseError):
        CheckSession(exercise)
    assert capfd.readouterr() == ("", "")


def test_the_callers_pytest_options_do_not_reach_it(exercise, monkeypatch):
    monkeypatch.setenv("PYTEST_ADDOPTS", "--no-such-option")
    monkeypatch.setenv("PYTEST_PLUGINS", "no_such_plugin")
    session = CheckSession(exercise)
    assert len(session.checks) == 3


def test_checks_that_cannot_be_collected(exercise):
    exercise.checks_path.write_text("import no_such_module\n")
    with pytest.raises(CourseError) as caught:
        CheckSession(exercise)
    assert (
        "test_toy.py:1: its hidden tests cannot be collected: ModuleNotFoundError: No module named 'no_such_module'"
        in str(caught.value)
    )


def test_checks_that_are_missing(exercise):
    shutil.rmtree(Path(exercise.checks_path).parent)
    with pytest.raises(CourseError) as caught:
        CheckSession(exercise)
    assert str(caught.value).endswith("test_toy.py:1: is missing")
