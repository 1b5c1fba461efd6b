"""The smallest input for which a wrong function fails: the plainest call of its family, or a smaller call of a check."""

import pytest

from grader.checks import DirectCaller
from grader.diagnosis import in_words, smallest_failing
from tests.diagnosis.judging import asked, calls_of, diagnostician
from tests.grading import COURSE, reference_functions

CONV, POOL = "01_convolution", "02_pooling"


def found(key, function, wrong):
    """Return the item with the smallest input; None if nothing is wrong."""
    calls, _ = calls_of(key, function, wrong)
    diagnosis = diagnostician(key).diagnose(function, calls, asked(function, wrong))
    if diagnosis is None:
        return None
    return smallest_failing(
        diagnosis.items,
        reference_functions(key)[function],
        lambda arguments, named: DirectCaller({function: wrong}).call(function, arguments, named),
        COURSE.find(key).calls()[function].valid,
    )


def words_of(key, function, item):
    results = [one.name for one in COURSE.find(key).rubric.functions[function]]
    return in_words(function, results, reference_functions(key)[function], item)


def second_filter(x, w, b, stride=1, padding="valid"):
    y = reference_functions(CONV)["conv2d"](x, w, b, stride, padding)
    y[..., 1:2] += x.shape[1] > 2
    return y


def memory_order(x, size=2, stride=None, padding="valid"):
    """Read numbers in memory order, which is right for the calls of the family."""
    return reference_functions(POOL)["max_pool2d"](x.ravel(order="K").reshape(x.shape), size, stride, padding)


def one_image(x, size=2, stride=None, padding="valid"):
    if x.shape[0] > 1:
        raise IndexError("only one image")
    return reference_functions(POOL)["avg_pool2d"](x, size, stride, padding)


def test_an_input_of_numbers_alone_is_not_called_the_smallest():
    """The check may have failed for smaller numbers already."""
    smallest = found(CONV, "same_padding", lambda n, k, s: (0, 0))

    assert words_of(CONV, "same_padding", smallest).startswith("Another input on which it fails: same_padding with n=")


def test_a_result_that_is_missing_is_not_called_an_array():
    """The results of same_padding are two numbers."""
    smallest = found(CONV, "same_padding", lambda n, k, s: None)

    assert words_of(CONV, "same_padding", smallest).endswith("it returned None; expected 2 results: before, after.")


def test_a_mistake_in_the_second_filter_is_shown_with_the_filters_of_the_plainest_call_that_fails():
    smallest = found(CONV, "conv2d", second_filter)
    x, w, *_ = smallest.call.arguments

    assert x.shape == (1, 3, 3, 1)
    assert w.shape == (2, 2, 1, 3)
    assert [one.words for one in smallest.aspects] == ["there are several filters"]
    words = words_of(CONV, "conv2d", smallest)
    assert words.startswith("The smallest input found on which it fails: conv2d with x = ")
    assert "\nFor this input, y is " in words


def test_a_function_that_raises():
    smallest = found(POOL, "avg_pool2d", one_image)

    assert smallest.call.arguments[0].shape == (2, 2, 2, 1)
    words = words_of(POOL, "avg_pool2d", smallest)
    assert words.endswith("For this input, it raises IndexError: only one image.")


def test_a_call_of_a_check_is_made_smaller_if_the_family_shows_nothing():
    smallest = found(POOL, "max_pool2d", memory_order)
    x, *rest = smallest.call.arguments

    assert smallest.aspects == ()
    assert x.size < 20
    assert not x.flags.c_contiguous
    assert COURSE.find(POOL).calls()["max_pool2d"].valid(x, *rest)


def test_the_message_is_the_same_each_time():
    first, second = (words_of(CONV, "conv2d", found(CONV, "conv2d", second_filter)) for _ in range(2))

    assert first == second


@pytest.mark.parametrize("key", [CONV, POOL, "04_batch_norm"])
def test_a_right_function_has_no_smallest_input(key):
    for name, function in reference_functions(key).items():
        assert found(key, name, function) is None
