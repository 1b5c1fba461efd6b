"""Each program of a misconception is diagnosed as that one. Unknown mistakes and right answers get no name."""

import itertools
import random

import numpy as np
import pytest

from grader.checks import DirectCaller
from grader.checks.session import RunContext
from grader.course import PatchError
from grader.course.misconception import together
from grader.diagnosis import Diagnostician, Recorder
from grader.diagnosis.answers import Failed, same
from tests.diagnosis.judging import (
    COURSE,
    KEYS,
    TIMED,
    asked,
    calls_of,
    diagnosis_of,
    diagnostician,
    mistakes,
    names_of,
    program_of,
)
from tests.diagnosis.unknown import UNKNOWN
from tests.grading import ROOT, functions_in, reference_functions, session_of

SINGLE, PAIRS, MANY = 12, 8, 80  # programs of each exercise that are tried
NAMED_SHARE = 0.5  # of pairs that must be named as a whole; of the others, a part may be


def misconception(key, name):
    return next(one for one in COURSE.find(key).misconceptions() if one.id == name)


def wrong_programs(key):
    """Return each program of each misconception, with the misconception and its function."""
    return [
        (one, function, form)
        for one in mistakes(key)
        for function in COURSE.find(key).rubric.functions
        for form in dict.fromkeys(one.programs(function))
    ]


def misnamed(key, programs):
    """Return what is not diagnosed as the misconception that it follows from.

    A program that is right or raises has no name if another misconception raises the same.
    """
    exercise, wrong = COURSE.find(key), []
    for one, function, form in programs:
        found = diagnosis_of(key, function, exercise.program(function, form))
        raises_only = found is not None and all(
            isinstance(item.theirs, Failed) for item in found.items if item.is_wrong
        )
        if names_of(found) != [one.id] and not (raises_only and names_of(found) == []):
            wrong.append((one.id, form, names_of(found)))
    return wrong


@pytest.mark.parametrize("key", KEYS)
def test_a_program_of_a_misconception_loses_points_and_is_diagnosed_as_that_misconception(key):
    assert misnamed(key, random.Random(5).sample(wrong_programs(key), SINGLE)) == []


@pytest.mark.thorough
@pytest.mark.parametrize("key", KEYS)
def test_a_program_of_a_misconception_is_not_diagnosed_as_another_one(key):
    """Some of the hundreds of forms show too little for a name. None of them may get the name of another belief."""
    wrong = unnamed = 0
    tried = random.Random(6).sample(wrong_programs(key), min(MANY, len(wrong_programs(key))))
    for one, function, form in tried:
        program = COURSE.find(key).program(function, form)
        calls, failed = calls_of(key, function, program)
        found = diagnostician(key).diagnose(function, calls, asked(function, program)) if failed else None
        wrong += bool(set(names_of(found)) - {one.id})
        unnamed += not names_of(found)
    assert wrong <= 0.02 * len(tried)
    assert unnamed <= 0.15 * len(tried)  # 9 of 80 in exercise 1, most of which only raise


@pytest.mark.thorough
@pytest.mark.parametrize("key", KEYS)
def test_a_new_worker_gives_the_same_diagnosis(key):
    for one in random.Random(3).sample(mistakes(key), 3):
        program = program_of(key, one)
        calls, _ = calls_of(key, one.function, program, seed=7)
        new, old = (
            doctor.diagnose(one.function, calls, asked(one.function, program))
            for doctor in (Diagnostician(COURSE.find(key)), diagnostician(key))
        )

        assert names_of(new) == [one.id]
        assert new == old


LARGE = ("01_convolution", "02_pooling")  # many pairs of many misconceptions


def pairs_of(key):
    """Yield pairs of misconceptions that one program can have, the function, and that program; in a random order."""
    exercise = COURSE.find(key)
    pairs = [
        (first, second, function)
        for first, second in itertools.combinations(mistakes(key), 2)
        for function in exercise.rubric.functions
        if first.programs(function) and second.programs(function)
    ]
    random.Random(1).shuffle(pairs)
    for first, second, function in pairs:
        for one, other in itertools.product(first.programs(function), second.programs(function)):
            try:
                if both := together(one, other):
                    yield {first.id, second.id}, function, exercise.program(function, both)
                    break
            except PatchError:  # both change one text
                continue


@pytest.mark.parametrize(
    "key", [pytest.param(key, marks=pytest.mark.thorough) if key in LARGE else key for key in KEYS]
)
def test_two_misconceptions_at_once(key):
    """Both are named; or one is, if the other shows too little; or none. A wrong name is one that explains less."""
    whole = tried = 0
    for pair, function, program in itertools.islice(pairs_of(key), PAIRS):
        calls, failed = calls_of(key, function, program)
        if not failed:
            continue  # some pairs undo each other
        found = diagnostician(key).diagnose(function, calls, asked(function, program))
        names = set(names_of(found))
        tried += 1
        whole += names == pair or (found is not None and found.complete)

        assert names <= pair or found.complete, (pair, names)
    assert whole >= NAMED_SHARE * tried


@pytest.mark.parametrize("key", KEYS)
def test_right_answers_get_no_name(key):
    styles = sorted((ROOT / "tests" / "right_answers" / key).glob("*.py"))
    assert styles
    for path in styles:
        functions = functions_in(path, key)
        recorder = Recorder(DirectCaller({**reference_functions(key), **functions}))
        only = {name for one in COURSE.find(key).rubric.criteria for name in one.checks} - TIMED
        session_of(key).run(RunContext(recorder, 0, only=only))
        for function, program in functions.items():
            calls = recorder.calls[function]
            assert calls, "a function that was never called has no diagnosis anyway"
            found = diagnostician(key).diagnose(function, calls, asked(function, program))
            assert found is None or (names_of(found), found.located) == ([], "")  # one that rounds in another way


@pytest.mark.parametrize("name", UNKNOWN)
def test_an_unknown_mistake_loses_points_and_gets_no_name(name):
    key, function, program = UNKNOWN[name]

    assert names_of(diagnosis_of(key, function, program())) == []


def test_an_unwritten_function_gets_no_diagnosis():
    def stub(*_, **__):
        raise NotImplementedError("Task 1")

    assert diagnosis_of("02_pooling", "max_pool2d", stub) is None


def test_a_function_with_an_unwritten_part_is_not_explained_as_a_whole():
    key, function = "01_convolution", "conv2d"
    right = reference_functions(key)[function]

    def half_written(x, w, b, stride=1, padding="valid"):
        if padding != "valid":
            raise NotImplementedError("padding comes later")
        return right(x, w, 0 * b, stride, padding)

    found = diagnosis_of(key, function, half_written)

    assert names_of(found) == ["conv.bias-forgotten"]
    assert not found.complete


def test_a_function_that_is_not_there_gets_no_name():
    key, function = "02_pooling", "max_pool2d"
    nothing = DirectCaller({})
    recorder = Recorder(nothing)
    session_of(key).run(RunContext(recorder, 0))
    assert recorder.calls[function]

    found = diagnostician(key).diagnose(function, recorder.calls[function], lambda several: [])

    assert names_of(found) == []


def test_a_convention_is_never_named_but_does_not_hide_a_mistake():
    """PyTorch's variance costs no points, and does not hide another mistake."""
    key, function = "04_batch_norm", "batch_norm_train"
    convention = misconception(key, "bn.running-var-unbiased")
    mistake = misconception(key, "bn.eps-outside-sqrt")
    programs = (
        together(one, other)
        for one, other in itertools.product(mistake.programs(function), convention.programs(function))
    )
    both = next(one for one in programs if one is not None)

    assert names_of(diagnosis_of(key, function, COURSE.find(key).program(function, both))) == [mistake.id]


def test_the_calls_of_the_family_separate_two_that_no_call_of_the_checks_separates():
    """Half a kernel of 3 is one pixel: only another kernel separates it from a padding that is always 1."""
    key, function = "01_convolution", "conv2d_fast"
    half = misconception(key, "conv.same-half-kernel-both-sides")
    program = COURSE.find(key).program(function, half.programs(function)[0])

    assert names_of(diagnosis_of(key, function, program)) == [half.id]


def test_an_answer_of_one_submission_is_not_used_for_another():
    """A call that raised has no arguments after the call; the same call that returned has them."""
    key, function = "01_convolution", "conv2d"
    whole = misconception(key, "conv.integer-output")
    doctor = Diagnostician(COURSE.find(key))

    def raises(x, w, b, stride=1, padding="valid"):
        raise TypeError("an integer is required")

    for program, names in ((raises, []), (program_of(key, whole), [whole.id])):
        calls, _ = calls_of(key, function, program)
        assert names_of(doctor.diagnose(function, calls, asked(function, program))) == names


def test_two_mistakes_in_different_results_do_not_hide_each_other():
    """The gradient of the bias is wrong in an unknown way for every call; that of x is cropped at the wrong corner."""
    key, function = "01_convolution", "conv2d_backward"
    corner = misconception(key, "convb.dx-cropped-from-corner")
    wrong = program_of(key, corner)

    def strange(*arguments, **named):
        dx, dw, db = wrong(*arguments, **named)
        return dx, dw, db + 0.5

    assert names_of(diagnosis_of(key, function, strange)) == [corner.id]


def test_an_answer_is_the_same_up_to_the_order_of_summation():
    x = np.random.default_rng(0).normal(size=1000)

    assert same((np.asarray(x.sum()),), (np.asarray(x[::-1].sum()),))
    assert not same((np.asarray(1.0),), (np.asarray(1.0 + 1e-5),))
    assert same((np.asarray([np.nan, np.inf]),), (np.asarray([np.nan, np.inf]),))
    assert not same((np.asarray([np.nan, np.inf]),), (np.asarray([np.nan, -np.inf]),))
