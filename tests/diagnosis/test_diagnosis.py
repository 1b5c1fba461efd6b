"""Each named variant is diagnosed as itself and nothing else; what is in no catalogue, and what is right, gets no name."""

import itertools
import random
from functools import cache

import numpy as np
import pytest

from grader.checks import DirectCaller, Verdict
from grader.course import both
from grader.diagnosis import Diagnostician, Recorder
from tests.grading import COURSE, ROOT, functions_in, reference_functions, session_of

KEYS = ("00_why_cnns", "01_convolution", "02_pooling", "03_dropout", "04_batch_norm")
TIMED = {"test_fast_within_three_times", "test_fast_within_ten_times"}


@cache
def diagnostician(key):
    return Diagnostician(COURSE.find(key))


@cache
def mistakes(key):
    return [one for one in COURSE.find(key).misconceptions() if one.severity == "mistake"]


def diagnosed(key, functions, function):
    """The ids that a function's answers are given; None where all its checks passed."""
    recorder = Recorder(DirectCaller(functions))
    criteria = COURSE.find(key).rubric.criteria
    only = {name for one in criteria if one.function == function for name in one.checks} - TIMED
    outcomes = session_of(key).run(recorder, 0, DirectCaller(reference_functions(key)), only=only)
    if all(outcome.verdict is Verdict.PASSED for outcome in outcomes):
        return None
    found = diagnostician(key).diagnose(function, recorder.calls[function])
    return [] if found is None else [one.id for one in found.misconceptions]


@pytest.mark.parametrize("key", KEYS)
def test_every_variant_is_diagnosed_as_itself(key):
    for one in mistakes(key):
        found = diagnosed(key, {**reference_functions(key), one.function: one.variant}, one.function)
        assert found == [one.id]


@pytest.mark.parametrize("key", KEYS)
def test_two_beliefs_at_once(key):
    """Both are named, or one whose answers alone are the same; nothing else ever."""
    pairs = [
        (first, second)
        for first, second in itertools.combinations(mistakes(key), 2)
        if first.function == second.function and both(first, second) is not None
    ]
    random.Random(1).shuffle(pairs)
    named = 0
    for first, second in pairs[:40]:
        function = first.function
        found = diagnosed(key, {**reference_functions(key), function: both(first, second)}, function)
        if found is None:
            continue
        named += bool(found)
        if len(found) == 1 and found[0] not in (first.id, second.id):
            alone = next(one for one in mistakes(key) if one.id == found[0])
            assert_same_answers(key, alone.variant, both(first, second), function)
        elif len(found) == 2:
            assert set(found) == {first.id, second.id}
    assert named >= 0.8 * min(len(pairs), 40)


def assert_same_answers(key, one, other, function):
    """Nothing that the checks ask tells the two programs apart."""
    recorder = Recorder(DirectCaller({**reference_functions(key), function: one}))
    criteria = COURSE.find(key).rubric.criteria
    only = {name for each in criteria if each.function == function for name in each.checks} - TIMED
    session_of(key).run(recorder, 0, DirectCaller(reference_functions(key)), only=only)
    second = Recorder(DirectCaller({**reference_functions(key), function: other}))
    session_of(key).run(second, 0, DirectCaller(reference_functions(key)), only=only)
    for a, b in zip(recorder.calls[function], second.calls[function], strict=True):
        assert type(a.answer) is type(b.answer)


@pytest.mark.parametrize("key", KEYS)
def test_right_answers_get_no_name(key):
    for path in sorted((ROOT / "tests" / "right_answers" / key).glob("*.py")):
        functions = functions_in(path, key)
        for function in functions:
            assert not diagnosed(key, {**reference_functions(key), **functions}, function)


def conv(name="conv2d"):
    return reference_functions("01_convolution")[name]


def pool(name):
    return reference_functions("02_pooling")[name]


IN_NO_CATALOGUE = {
    "one channel twice": ("01_convolution", "conv2d", lambda x, w, b, *a, **k: conv()(x[..., [0] * x.shape[-1]], w, b, *a, **k) + 0.5),
    "half precision": ("01_convolution", "conv2d", lambda x, w, b, *a, **k: conv()(x.astype(np.float16), w, b, *a, **k).astype(float)),
    "last column": ("01_convolution", "conv2d", lambda *a, **k: np.concatenate([(y := conv()(*a, **k))[:, :, :-1], y[:, :, -1:] + 1], 2)),
    "a constant": ("01_convolution", "conv2d", lambda *a, **k: conv()(*a, **k) * 0 + 1),
    "twice": ("01_convolution", "conv2d", lambda *a, **k: 2 * conv()(*a, **k)),
    "square": ("01_convolution", "conv2d_step", lambda p, w, b: conv("conv2d_step")(p, w, b) ** 2),
    "minus": ("01_convolution", "conv2d_step", lambda p, w, b: -conv("conv2d_step")(p, w, b)),
    "first image": ("01_convolution", "conv2d", lambda x, *a, **k: conv()(np.repeat(x[:1] * 1.01, len(x), 0), *a, **k)),
    "minimum": ("02_pooling", "max_pool2d", lambda x, *a, **k: -pool("max_pool2d")(-x, *a, **k)),
    "second largest": ("02_pooling", "max_pool2d", lambda x, *a, **k: pool("max_pool2d")(x, *a, **k) - 0.37),
    "rounded": ("02_pooling", "avg_pool2d", lambda *a, **k: np.round(pool("avg_pool2d")(*a, **k))),
    "root mean square": ("02_pooling", "avg_pool2d", lambda x, *a, **k: np.sqrt(pool("avg_pool2d")(x**2, *a, **k))),
    "nothing back": ("02_pooling", "max_pool2d_backward", lambda dy, x, *a, **k: np.zeros_like(x)),
    "ones back": ("02_pooling", "avg_pool2d_backward", lambda dy, x, *a, **k: np.ones_like(x)),
    "transposed": ("00_why_cnns", "shift2d", lambda x, dy, dx: np.zeros_like(x)),
    "one more": ("00_why_cnns", "dense_params", lambda a, b, bias=True: a * b + b + 1),
    "pi": ("00_why_cnns", "conv_params", lambda *a, **k: 3.14159),
    "text": ("00_why_cnns", "conv_params", lambda *a, **k: "many"),
    "crash": ("00_why_cnns", "shift2d", lambda *a: [][1]),
    "half": ("04_batch_norm", "batch_norm_infer", lambda x, *a: x / 2),
    "zeros": ("04_batch_norm", "batch_norm_infer", lambda x, *a: x * 0),
    "three": ("03_dropout", "dropout_moments", lambda x, rate: (x, x**2)),
    "swapped": ("03_dropout", "dropout_moments", lambda x, rate: (x**2 * rate / (1 - rate), x)),
    "identity": ("03_dropout", "dropout_backward", lambda dy, mask: dy + 0.1 * mask),
}  # fmt: skip


@pytest.mark.parametrize("name", IN_NO_CATALOGUE)
def test_what_is_in_no_catalogue_gets_no_name(name):
    key, function, program = IN_NO_CATALOGUE[name]
    assert diagnosed(key, {**reference_functions(key), function: program}, function) == []


def test_an_unwritten_function_gets_no_name():
    def stub(*_, **__):
        raise NotImplementedError("Task 1")

    assert diagnosed("02_pooling", {**reference_functions("02_pooling"), "max_pool2d": stub}, "max_pool2d") == []
