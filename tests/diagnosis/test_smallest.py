"""The smallest input for which an unknown mistake fails."""

import time

import pytest

from grader.checks import DirectCaller
from grader.checks.session import CheckSession, RunContext
from grader.diagnosis import Recorder, in_words, smallest_failing
from tests.grading import COURSE, reference_functions


def found(key, function, wrong):
    """Return the smallest input, and the seconds that the search took."""
    exercise = COURSE.find(key)
    ours = reference_functions(key)
    recorder = Recorder(DirectCaller({**ours, function: wrong}))
    CheckSession(exercise).run(RunContext(recorder, 0, DirectCaller(ours)))
    started = time.perf_counter()
    smallest = smallest_failing(
        recorder.calls[function], ours[function], lambda a, n: DirectCaller({function: wrong}).call(function, a, n)
    )
    return smallest, time.perf_counter() - started


def second_filter(x, w, b, stride=1, padding="valid"):
    y = reference_functions("01_convolution")["conv2d"](x, w, b, stride, padding)
    y[..., 1:2] += x.shape[1] > 2
    return y


def last_row(x, size=2, stride=None, padding="valid"):
    y = reference_functions("02_pooling")["max_pool2d"](x, size, stride, padding)
    if y.shape[1] > 2:
        y[:, 2] = 0
    return y


def test_a_mistake_in_the_second_filter_needs_two_filters_and_three_rows():
    smallest, _ = found("01_convolution", "conv2d", second_filter)
    x, w, *_ = smallest.arguments

    assert x.shape[1] == 3
    assert w.shape[3] == 2
    assert x.shape[0] == x.shape[3] == 1
    words = in_words("conv2d", ["y"], reference_functions("01_convolution")["conv2d"], smallest)
    assert words.startswith(
        "The smallest input found on which it fails: conv2d with x = [1, 1, 1] of shape (1, 3, 1, 1)"
    )
    assert "\nFor this input, y[0, 0, 0, 1] is " in words


def test_a_mistake_in_the_third_row():
    smallest, _ = found("02_pooling", "max_pool2d", last_row)

    assert smallest.arguments[0].size <= 15
    assert smallest.place[1][1] == 2


def test_a_function_that_raises():
    def raises(x, size=2, stride=None, padding="valid"):
        if x.shape[0] > 1:
            raise IndexError("only one image")
        return reference_functions("02_pooling")["avg_pool2d"](x, size, stride, padding)

    smallest, _ = found("02_pooling", "avg_pool2d", raises)
    words = in_words("avg_pool2d", ["y"], reference_functions("02_pooling")["avg_pool2d"], smallest)

    assert smallest.arguments[0].shape[0] == 2
    assert words.endswith("For this input, it raises IndexError: only one image.")


def test_the_message_is_the_same_each_time():
    reference = reference_functions("01_convolution")["conv2d"]
    first, second = (found("01_convolution", "conv2d", second_filter)[0] for _ in range(2))

    assert first is not second
    assert in_words("conv2d", ["y"], reference, first) == in_words("conv2d", ["y"], reference, second)


@pytest.mark.parametrize("key", ["01_convolution", "02_pooling", "04_batch_norm"])
def test_a_right_function_has_no_smallest_input(key):
    for name, function in reference_functions(key).items():
        assert found(key, name, function)[0] is None
