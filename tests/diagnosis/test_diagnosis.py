"""Each variant is diagnosed as itself and nothing else. Unknown mistakes and right answers get no name."""

import functools
import itertools
import random

import numpy as np
import pytest

from grader.checks import DirectCaller
from grader.checks.session import RunContext
from grader.course import Patch, PatchError
from grader.course.misconception import together
from grader.diagnosis import Diagnostician, Recorder
from grader.diagnosis.answers import answer_of, same
from tests.diagnosis.judging import (
    COURSE,
    KEYS,
    TIMED,
    asked_all,
    calls_of,
    diagnosis_of,
    diagnostician,
    mistakes,
    names_of,
    written,
)
from tests.diagnosis.unknown import UNKNOWN
from tests.grading import ROOT, functions_in, reference_functions, session_of

PAIRS = 45  # of each exercise are tried here; `python -m benchmarks.diagnosis` tries all


@pytest.mark.parametrize("key", KEYS)
def test_every_program_of_a_misconception_is_diagnosed_as_that_misconception(key):
    """The variant, its other forms and its programs for other functions all lose points and are named."""
    for one in mistakes(key):
        for function in COURSE.find(key).rubric.functions:
            for program in one.programs(function):
                assert names_of(diagnosis_of(key, function, program)) == [one.id], program


@pytest.mark.parametrize("key", KEYS)
def test_a_new_worker_gives_the_same_diagnosis(key):
    for one in random.Random(3).sample(mistakes(key), 6):
        calls, _ = calls_of(key, one.function, one.variant, seed=7)

        asked = functools.partial(
            asked_all, DirectCaller({one.function: written(key, one.function, one.variant)}), one.function
        )
        assert names_of(Diagnostician(COURSE.find(key)).diagnose(one.function, calls, ask_all=asked)) == [one.id]


def both(first, second):
    return together(first.variant, second.variant)


def compatible(key):
    return [
        (first, second)
        for first, second in itertools.combinations(mistakes(key), 2)
        if first.function == second.function and both(first, second) is not None and applies(key, first, second)
    ]


def applies(key, first, second):
    """Return True unless both are patches of the same text."""
    try:
        written(key, first.function, both(first, second))
    except PatchError:
        return False
    return True


@pytest.mark.parametrize("key", KEYS)
def test_two_misconceptions_at_once(key):
    """Both are named, or others with the same answers, but never a wrong one."""
    pairs = compatible(key)
    random.Random(1).shuffle(pairs)
    tried = pairs[:PAIRS]
    named = 0
    for first, second in tried:
        function, program = first.function, both(first, second)
        calls, failed = calls_of(key, function, program)
        found = diagnosis_of(key, function, program) if failed else None
        names = set(names_of(found))
        if not failed or names == {first.id, second.id} or (found and answers_as(found.misconceptions, calls, program)):
            named += 1  # some pairs undo each other
        else:
            assert names <= {first.id, second.id}
    assert named >= 0.9 * len(tried)


def answers_as(misconceptions, calls, program):
    """Return True if no call separates these misconceptions from a program."""
    other = both(*misconceptions) if len(misconceptions) == 2 else misconceptions[0].variant if misconceptions else None
    if other is None or isinstance(program, Patch):
        return False
    return all(same(answer_of(other, call), answer_of(program, call)) for call in calls)


@pytest.mark.parametrize("key", KEYS)
def test_right_answers_get_no_name(key):
    styles = sorted((ROOT / "tests" / "right_answers" / key).glob("*.py"))
    assert styles
    for path in styles:
        functions = functions_in(path, key)
        recorder = Recorder(DirectCaller({**reference_functions(key), **functions}))
        only = {name for one in COURSE.find(key).rubric.criteria for name in one.checks} - TIMED
        session_of(key).run(RunContext(recorder, 0, DirectCaller(reference_functions(key)), only=only))
        for function in functions:
            assert recorder.calls[function], "a function that was never called has no diagnosis anyway"
            assert diagnostician(key).diagnose(function, recorder.calls[function]) is None


@pytest.mark.parametrize("name", UNKNOWN)
def test_an_unknown_mistake_loses_points_and_gets_no_name(name):
    key, function, program = UNKNOWN[name]

    assert diagnosis_of(key, function, program()) is None


def test_an_unwritten_function_gets_no_name():
    def stub(*_, **__):
        raise NotImplementedError("Task 1")

    assert diagnosis_of("02_pooling", "max_pool2d", stub) is None


def test_a_missing_function_gets_no_name():
    recorder = Recorder(DirectCaller({}))
    session_of("02_pooling").run(RunContext(recorder, 0, DirectCaller(reference_functions("02_pooling"))))

    assert recorder.calls["max_pool2d"]
    assert diagnostician("02_pooling").diagnose("max_pool2d", recorder.calls["max_pool2d"]) is None


def test_a_convention_is_never_named_but_does_not_hide_a_mistake():
    """Gradients for all maxima of a tie and PyTorch's variance cost no points, and do not hide another mistake."""
    key = "04_batch_norm"
    misconceptions = {one.id: one for one in COURSE.find(key).misconceptions()}
    convention, mistake = misconceptions["bn.running-var-unbiased"], misconceptions["bn.eps-outside-sqrt"]

    assert names_of(diagnosis_of(key, mistake.function, both(mistake, convention))) == [mistake.id]


def test_a_further_call_separates_two_that_no_call_of_the_checks_separates():
    """Half a kernel of 3 is one pixel: only another kernel separates it from a padding that is always 1."""
    key, function = "01_convolution", "conv2d_fast"
    half = next(one for one in mistakes(key) if one.id == "conv.same-half-kernel-both-sides")

    assert names_of(diagnosis_of(key, function, half.programs(function)[0])) == [half.id]


def test_without_a_further_call_the_separating_question_replaces_the_name():
    key, function = "01_convolution", "conv2d_fast"
    half = next(one for one in mistakes(key) if one.id == "conv.same-half-kernel-both-sides")
    calls, _ = calls_of(key, function, half.programs(function)[0])

    found = Diagnostician(COURSE.find(key)).diagnose(function, calls)

    assert found is not None
    assert found.misconceptions == ()
    assert found.question == found.separating
    assert found.separating.startswith("More than one known misunderstanding fits. What should come out of conv2d_fast")


def test_an_answer_of_one_submission_is_not_used_for_another():
    """A call that raised has no arguments after the call; the same call that returned has them."""
    key, function = "01_convolution", "conv2d"
    whole = next(one for one in mistakes(key) if one.id == "conv.integer-output")
    doctor = Diagnostician(COURSE.find(key))

    def raises(x, w, b, stride=1, padding="valid"):
        raise TypeError("an integer is required")

    for program, names in ((raises, []), (whole.variant, [whole.id])):
        calls, _ = calls_of(key, function, program)
        assert names_of(doctor.diagnose(function, calls)) == names


def test_an_answer_is_the_same_up_to_the_order_of_summation():
    x = np.random.default_rng(0).normal(size=1000)

    assert same((x.sum(),), (x[::-1].sum(),)) or same((np.asarray(x.sum()),), (np.asarray(x[::-1].sum()),))
    assert not same((np.asarray(1.0),), (np.asarray(1.0 + 1e-5),))
    assert same((np.asarray([np.nan, np.inf]),), (np.asarray([np.nan, np.inf]),))
    assert not same((np.asarray([np.nan, np.inf]),), (np.asarray([np.nan, -np.inf]),))
