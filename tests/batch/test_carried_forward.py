"""A function that calls a wrong one is checked a second time, with a right one in its place."""

import pytest

from grader.checks import Verdict
from grader.course import CourseError, load_course
from grader.grading import Worker
from grader.report import render_terminal
from grader.sandbox import Isolation, IsolationError
from grader.submission import read_submission

REFERENCE = """
def inner(x):
    return 2 * x + 1

def outer(x):
    return 3 * inner(x)

def alone(x):
    return inner(x) - 2
"""
CHECKS = """
import pytest

from grader.checks import assert_close


@pytest.mark.criterion("inner")
def test_inner(submission, reference, rng):
    '''Is right.'''
    x = rng.normal(size=3)
    assert_close(submission.inner(x), reference.inner(x))


@pytest.mark.criterion("outer")
def test_outer(submission, reference, rng):
    '''Is three times as large.'''
    cases = [(rng.normal(size=3),) for _ in range(3)]
    for got, case in zip(submission.outer.map(cases), cases):
        assert_close(got, reference.outer(*case))


@pytest.mark.criterion("outer")
def test_outer_of_a_number(submission, reference, rng):
    '''Takes a number too.'''
    x = float(rng.normal())
    assert_close(submission.outer(x), reference.outer(x))


@pytest.mark.criterion("alone")
def test_alone(submission, reference, rng):
    '''Is two less.'''
    x = rng.normal(size=3)
    assert_close(submission.alone(x), reference.alone(x))
"""
RUBRIC = """
exercise: 01_toy
title: Toy
module: toy
functions: {inner: [y], outer: [y], alone: [y]}
may_call: {outer: [inner]}
criteria:
"""
CRITERION = """
  - id: NAME
    title: About NAME
    function: NAME
    points: 2
    checks: [CHECKS]
    hints: {question: Why?, probe: Try 1., name: reason}
"""
WRONG = REFERENCE.replace("2 * x + 1", "2 * x")
OUTER_TOO = WRONG.replace("3 * inner(x)", "4 * inner(x)")


def course_in(folder, rubric=RUBRIC):
    for name, checks in (
        ("inner", "test_inner"),
        ("outer", "test_outer, test_outer_of_a_number"),
        ("alone", "test_alone"),
    ):
        rubric += CRITERION.replace("NAME", name).replace("CHECKS", checks)
    for path, text in {
        "rubrics/01_toy.yaml": rubric,
        "solutions/01_toy/toy.py": REFERENCE,
        "exercises/01_toy/toy.py": REFERENCE,
        "tests/hidden/01_toy/test_toy.py": CHECKS,
    }.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)
    return load_course(folder).find("1")


@pytest.fixture(scope="module")
def worker(tmp_path_factory):
    try:
        with Worker(course_in(tmp_path_factory.mktemp("course")), Isolation.NAMESPACES) as worker:
            yield worker
    except IsolationError as error:
        pytest.skip(f"this machine has no namespaces: {error}")


@pytest.fixture
def grade(worker, tmp_path):
    def _grade(source, by=None):
        path = tmp_path / "toy.py"
        path.write_text(source)
        return (by or worker).grade(read_submission(path, "01_toy", "toy"), seed=0)

    return _grade


def points(report):
    assert report.grader_faults == ()
    return {one.id: one.earned for one in report.criteria}


def checked_with(report):
    return {check.name: check.checked_with for one in report.criteria for check in one.checks if check.checked_with}


def test_a_right_caller_of_a_wrong_function_has_its_points(grade):
    report = grade(WRONG)

    assert points(report) == {"inner": 0, "outer": 2, "alone": 0}
    assert checked_with(report) == {"test_outer": ("inner",), "test_outer_of_a_number": ("inner",)}
    assert {check.verdict for check in report.criteria[1].checks} == {Verdict.PASSED}
    shown = render_terminal(report, width=100, colour=False)
    assert "About outer" in shown
    assert ": Checked with a right inner, because yours is wrong.\n" in shown


def test_a_wrong_caller_has_only_its_own_mistake_left(grade):
    report = grade(OUTER_TOO)

    assert points(report) == {"inner": 0, "outer": 0, "alone": 0}
    assert checked_with(report) == {}


@pytest.mark.parametrize(
    "inner",
    [
        "raise NotImplementedError('TODO')",
        "while True: pass",
        "import os; os._exit(0)",
        "return None",
        "raise KeyError(x)",
    ],
)
def test_a_function_that_does_not_answer_costs_only_its_own_points(grade, inner):
    report = grade(REFERENCE.replace("return 2 * x + 1", inner))

    assert points(report) == {"inner": 0, "outer": 2, "alone": 0}


def test_a_function_that_is_missing_costs_only_its_own_points(grade):
    assert points(grade(REFERENCE.replace("def inner", "def nothing"))) == {"inner": 0, "outer": 2, "alone": 0}


def test_a_right_function_is_never_replaced(grade):
    report = grade(REFERENCE.replace("3 * inner(x)", "4 * inner(x)"))

    assert points(report) == {"inner": 2, "outer": 0, "alone": 2}


def test_a_file_that_does_not_call_by_name_is_judged_as_it_is(grade):
    source = WRONG.replace("def outer", "mine = inner\n\ndef outer").replace("3 * inner(x)", "3 * mine(x)")

    assert points(grade(source)) == {"inner": 0, "outer": 0, "alone": 0}


def test_a_program_that_asks_for_nothing_has_no_second_try(grade):
    """It sees the stub, and answers rightly only then."""
    source = WRONG.replace("return 3 * inner(x)", "return 0 if inner.__qualname__ == 'mine' else 3 * (2 * x + 1)")

    assert points(grade(f"{source}\ninner.__qualname__ = 'mine'\n")) == {"inner": 0, "outer": 0, "alone": 0}


def test_the_answers_of_ours_do_not_reach_other_checks(grade):
    """A table of what was asked is gone with its child: the checks of `inner` have run, and run in another one."""
    source = WRONG.replace("return 2 * x", "return known.get(str(x), 2 * x)").replace(
        "return 3 * inner(x)", "known[str(x)] = inner(x)\n    return 3 * known[str(x)]"
    )

    assert points(grade(f"known = {{}}\n{source}")) == {"inner": 0, "outer": 2, "alone": 0}


def test_nothing_that_the_second_run_prints_is_in_the_report(grade):
    report = grade(WRONG.replace("return 3 * inner(x)", "y = inner(1)\n    print('it is', y)\n    return 3 * inner(x)"))

    assert points(report)["outer"] == 2
    assert "it is 2" in report.output.stdout
    assert "it is 3" not in report.output.stdout


def test_the_same_report_twice(grade):
    assert grade(WRONG).sha256 == grade(WRONG).sha256


def test_a_rubric_can_switch_it_off(grade, tmp_path, worker):
    rubric = RUBRIC.replace("criteria:", "carry_forward: {substitutes: false}\ncriteria:")
    with Worker(course_in(tmp_path / "strict", rubric), worker.isolation) as strict:
        assert points(grade(WRONG, strict)) == {"inner": 0, "outer": 0, "alone": 0}


@pytest.mark.parametrize(
    ("calls", "message"),
    [
        ("{outer: [outer]}", '`may_call` lets "outer" call itself, directly or through another function'),
        (
            "{outer: [alone], alone: [outer]}",
            '`may_call` lets "outer" call itself, directly or through another function',
        ),
        ("{outer: [iner]}", '`may_call` names "iner", which is not in `functions`. Did you mean "inner"?'),
    ],
)
def test_functions_that_would_be_answered_for_each_other_are_refused(tmp_path, calls, message):
    exercise = course_in(tmp_path, RUBRIC.replace("{outer: [inner]}", calls))
    with pytest.raises(CourseError) as caught:
        exercise.rubric  # noqa: B018  # it is read when it is first asked for
    assert message in str(caught.value)
