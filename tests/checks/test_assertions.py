"""A failed check says what was seen, what was expected and for which input. It shows no number of the reference."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.checks import (
    CheckFailedError,
    assert_close,
    assert_fraction,
    assert_inputs_unchanged,
    assert_raises,
    assert_shape,
    assert_that,
    direct,
)
from grader.checks.call import Call, Result
from grader.checks.remarks import collected_remarks
from grader.checks.tolerance import tolerance
from grader.course import Rubric

RUBRIC = Rubric.model_validate(
    {
        "exercise": "01_toy",
        "title": "Toy",
        "module": "toy",
        "functions": {"double": ["y"], "pair": ["a", "b"], "count": ["n:number"], "make": ["model:any"]},
        "criteria": [
            {
                "id": "doubles",
                "title": "Doubles",
                "function": "double",
                "points": 1,
                "checks": ["test_double"],
                "hints": {"question": "?", "probe": "?", "name": "?"},
            }
        ],
    }
)


class Reference:
    @staticmethod
    def double(x, times=2):
        return x * times

    @staticmethod
    def pair(x):
        return x, x

    @staticmethod
    def count(x):
        return len(x)

    @staticmethod
    def make():
        return None


def submission(**functions):
    return direct(RUBRIC, functions, Reference)


def message_of(check, *arguments, **named):
    with pytest.raises(CheckFailedError) as caught:
        check(*arguments, **named)
    return str(caught.value)


def result(values, **arguments):
    return Result.of(np.asarray(values), Call("double", arguments), "y")


def test_another_shape():
    got = result(np.zeros((2, 5)), x=np.zeros((9, 9)), times=2)
    assert (
        message_of(assert_close, got, np.zeros((2, 3)))
        == "y has shape (2, 5), expected (2, 3)\nfor double with x (9, 9), times=2"
    )


def test_the_first_wrong_element_and_how_many():
    got = result([[1.0, 2.0], [3.0, 5.0]], x=np.array([1.0, 2.0]))
    message = message_of(assert_close, got, [[1.0, 2.0], [3.0, 4.0]], because="4 = 2 * 2")
    assert message == "y[1, 1] is 5; 1 of 4 elements is wrong\nfor double with x = [1, 2]\n4 = 2 * 2"


def test_the_references_numbers_are_never_shown():
    rng = np.random.default_rng(0)
    for expected in rng.normal(size=20) * 1e3:
        message = message_of(assert_close, result([0.0, 0.0]), [expected, expected])
        assert f"{expected:.3g}" not in message
        assert f"{abs(expected):.3g}" not in message


@pytest.mark.parametrize(
    ("index", "part"),
    [
        (np.s_[:, 1], "y[:, 1]"),
        (np.s_[0], "y[0]"),
        (np.s_[:, :, 2:], "y[:, :, 2:]"),
        (np.s_[1:, :3], "y[1:, :3]"),
        (np.s_[:, 1:3, 1], "y[:, 1:3, 1]"),
    ],
)
def test_where_the_wrong_elements_are(index, part):
    y = np.zeros((3, 4, 5))
    y[index] = 1
    assert message_of(assert_close, result(y), np.zeros((3, 4, 5))).partition("\n")[0].endswith(f"wrong, all in {part}")


def test_a_message_names_no_part_if_wrong_elements_are_all_over():
    y = np.eye(4)
    assert message_of(assert_close, result(y), np.zeros((4, 4))).startswith(
        "y[0, 0] is 1; 4 of 16 elements are wrong\n"
    )


def test_only_what_can_be_worked_by_hand_is_shown_whole():
    by_hand, random = np.array([1.0, -2.5]).reshape(1, 2, 1), np.array([[0.123456, 1.0]])
    assert str(Call("f", {"x": by_hand})) == "f with x = [1, -2.5] of shape (1, 2, 1)"
    assert str(Call("f", {"x": random})) == "f with x (1, 2)"
    assert str(Call("f", {"x": random}, exact=True)) == "f with x = [0.123456, 1] of shape (1, 2)"
    assert (
        str(Call("f", {"x": np.full((1, 1), 5.0), "rng": np.random.default_rng(0)})) == "f with x = 5 of shape (1, 1)"
    )


def test_all_wrong_one_number_and_not_finite():
    assert "; all 2 elements are wrong" in message_of(assert_close, result([1.0, 2.0]), [3.0, 4.0])
    assert message_of(assert_close, result(1.0), 2.0).startswith("y is 1, which is wrong\n")
    assert message_of(assert_close, result([np.nan]), [2.0]).startswith("y[0] is nan, expected a finite number")
    assert message_of(assert_close, result([1j]), [2.0]).startswith("y contains complex numbers, expected real numbers")


def test_rounding_is_accepted_and_a_misconception_is_not():
    x = np.random.default_rng(0).normal(size=1000)
    assert_close(result(x.sum()), x[::-1].sum(), terms=1000)
    assert "which is wrong" in message_of(assert_close, result(x.sum()), x.sum() + 1e-9, terms=1000)


def test_single_precision_is_accepted_with_a_remark():
    x = np.linspace(0, 1, 7)
    with collected_remarks() as remarks:
        assert_close(result(x.astype(np.float32)), x)
    assert remarks == ["y is float32; the inputs were float64. Accepted, with float32 precision."]


@pytest.mark.parametrize("dtype", [np.float16, np.int64, np.int8, np.uint8, bool])
def test_no_coarser_type_widens_the_tolerance(dtype):
    expected = np.random.default_rng(0).normal(size=64)
    message = message_of(assert_close, result(expected.astype(dtype)), expected, terms=4096)
    assert f"y is {np.dtype(dtype)}, which is too coarse for these numbers: use float64 or float32." in message
    message_of(assert_close, result(np.zeros(64, dtype)), expected, terms=4096)


@pytest.mark.parametrize("dtype", [np.float16, np.int64, bool])
def test_a_coarse_type_is_accepted_for_numbers_that_it_can_hold(dtype):
    assert_close(result(np.array([0, 1, 1], dtype)), [0.0, 1.0, 1.0])


@pytest.mark.parametrize("scale", [1e-9, 1e-3, 1.0, 1e6])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_tolerance_follows_the_scale_of_the_expected_numbers(scale, dtype):
    expected = np.random.default_rng(0).normal(size=64) * scale
    assert_close(result(expected.astype(dtype)), expected)
    for wrong in (0 * expected, expected * 1.01, np.full(64, expected.mean())):
        message_of(assert_close, result(wrong.astype(dtype)), expected)


@settings(deadline=None)
@given(
    st.integers(1, 10**9),
    st.booleans(),
    st.lists(st.floats(-1e200, 1e200).filter(lambda one: abs(one) > 1e-200), min_size=1),
)
def test_the_tolerance_is_never_more_than_a_thousandth_of_the_scale(terms, single, expected):
    assert 0 < tolerance(np.array(expected), terms, single) <= 1e-3 * np.abs(expected).max()


def test_zeros_are_compared_as_sums_of_numbers_near_1():
    assert_close(result([1e-13, 0.0]), [0.0, 0.0])
    message_of(assert_close, result([1e-9, 0.0]), [0.0, 0.0])


def test_a_number_that_is_not_finite_is_right_only_if_it_is_expected():
    assert_close(result([np.nan, np.inf, -np.inf]), [np.nan, np.inf, -np.inf])
    for value in (np.nan, np.inf, -np.inf):
        message_of(assert_close, result([value]), [1.0])
    for value, other in ((np.inf, -np.inf), (1.0, np.inf), (np.nan, np.inf), (1.0, np.nan)):
        message_of(assert_close, result([value]), [other])


def test_integers_of_different_types_do_not_wrap_around():
    message_of(assert_close, result(np.array([255], np.uint8)), [-1.0])
    message_of(assert_close, result(np.array([2**63], np.uint64)), np.array([-(2**63)]))
    assert_close(result(np.array([200], np.uint8)), np.array([200], np.int64))


@pytest.mark.parametrize(("got", "expected"), [(np.zeros(()), [0.0]), ([0.0], 0.0), ([[0.0] * 3], [0.0] * 3)])
def test_nothing_is_broadcast(got, expected):
    assert "has shape" in message_of(assert_close, result(got), expected)


@pytest.mark.parametrize("value", [[[1], [1, 2]], ["a"], [None], {"y": 1}, None, "text", object()])
def test_an_answer_without_numbers_fails_the_check_with_a_message(value):
    """Results of the kind "any" reach an assertion unchanged."""
    assert "expected an array of numbers" in message_of(assert_close, value, [1.0])
    assert "expected an array of numbers" in message_of(assert_shape, value, (1,))


def test_a_row_is_accepted_with_a_remark_if_the_check_allows_it():
    with collected_remarks() as remarks:
        assert_close(result([[1.0, 2.0]]), [1.0, 2.0], row_accepted=True)
    assert remarks == ["y has shape (1, 2); the contract says (2,). Accepted."]
    assert "has shape (1, 2), expected (2,)" in message_of(assert_close, result([[1.0, 2.0]]), [1.0, 2.0])


def test_integers_are_accepted_for_whole_numbers():
    assert_close(result([2, 4]), [2.0, 4.0])


def test_shapes_and_conditions():
    assert_shape(result([1.0]), (1,))
    assert message_of(assert_shape, result([1.0]), (2,)) == "y has shape (1,), expected (2,)\nfor double()"
    assert_that(True, result([1.0]), "seen", "wanted")
    assert (
        message_of(assert_that, np.bool_(False), result([1.0], x=3), "seen", "wanted", "why")
        == "seen, expected wanted\nfor double with x=3\nwhy"
    )


def test_fractions_are_tested_by_their_distribution():
    assert_fraction(3_010, 10_000, 0.3, result([1.0]), "the units are zero")
    assert message_of(assert_fraction, 7_000, 10_000, 0.3, result([1.0]), "the units are zero").startswith(
        "70.0% of the units are zero, expected about 30%"
    )


def test_a_changed_input():
    def spoil(x, times=2):
        x *= times
        return x

    assert_inputs_unchanged(submission(double=Reference.double).double, np.ones(3))
    message = message_of(assert_inputs_unchanged, submission(double=spoil).double, np.ones(3))
    assert message == (
        "double changed its argument x, expected an unchanged argument\nfor double with x = [1, 1, 1]\n"
        "The caller still needs it: work on a copy."
    )


def test_a_required_exception():
    def strict(x, times=2):
        raise ValueError("no")

    def other(x, times=2):
        raise KeyError("no")

    assert_raises(submission(double=strict).double, ValueError, np.ones(1))
    assert message_of(assert_raises, submission(double=Reference.double).double, ValueError, 3).startswith(
        "double accepted its arguments; it must raise ValueError\nfor double with x=3"
    )
    assert message_of(assert_raises, submission(double=other).double, ValueError, 3).startswith(
        "double raised KeyError: 'no', expected ValueError\nfor double with x=3"
    )


@pytest.mark.parametrize(
    ("value", "seen"),
    [
        (None, "double returned None for y (is there a `return`?), expected an array"),
        ("text", "double returned the text 'text' for y, expected an array"),
        ({}, "double returned a dict for y, expected an array"),
        ([[1], [1, 2]], "y is a ragged list, expected an array"),
        (np.array([None]), "double returned an array of shape (1,) and dtype object for y, expected an array"),
    ],
)
def test_an_answer_of_another_form_than_the_rubric_says(value, seen):
    message = message_of(submission(double=lambda x: value).double, np.ones(2))
    assert message == f"{seen}\nfor double with x = [1, 1]"


def test_several_results():
    one = submission(pair=lambda x: x)
    assert (
        message_of(one.pair, np.ones(3))
        == "pair returned an array of shape (3,), expected 2 results: a, b\nfor pair with x = [1, 1, 1]"
    )
    three = submission(pair=lambda x: (x, x, x))
    assert "pair returned 3 values, expected 2 results: a, b" in message_of(three.pair, np.ones(3))
    first, second = submission(pair=lambda x: [x, 2 * x]).pair(np.ones(3))
    assert (first.name, second.name) == ("a", "b")
    assert second.tolist() == [2, 2, 2]


def test_numbers():
    assert submission(count=len).count([1, 2]) == 2
    with collected_remarks() as remarks:
        assert submission(count=lambda x: np.array([3])).count([1]) == 3
    assert remarks == ["count returned an array of shape (1,) for n, not a number. Accepted."]
    assert "expected a number" in message_of(submission(count=lambda x: "3").count, [1])


@pytest.mark.parametrize(
    ("value", "remarks"),
    [
        (np.int64(3), ["count returned a NumPy int64 for n, not a Python number. Accepted."]),
        (np.array(3), ["count returned a NumPy int64 for n, not a Python number. Accepted."]),
        (np.float64(3), []),
        (np.float32(3), []),
    ],
)
def test_numbers_of_numpy_are_accepted(value, remarks):
    with collected_remarks() as seen:
        assert submission(count=lambda x: value).count([1]) == 3
    assert seen == remarks


def test_a_number_in_single_precision_is_judged_as_such():
    third = submission(count=lambda x: np.float32(1 / 3)).count([1])
    with collected_remarks() as seen:
        assert_close(third, 1 / 3)
    assert seen == ["n is float32; the inputs were float64. Accepted, with float32 precision."]
    message_of(assert_close, submission(count=lambda x: np.float16(1 / 3)).count([1]), 1 / 3)


@pytest.mark.parametrize(
    ("value", "seen"),
    [
        (10**400, "count returned an integer beyond 64 bits for n, expected a number"),
        ([3], "count returned a list of length 1 for n, expected a number"),
        (3j, "count returned the number 3j for n, expected a number"),
        (np.array([]), "count returned an array of shape (0,) for n, expected a number"),
    ],
)
def test_an_answer_that_is_not_a_number(value, seen):
    assert message_of(submission(count=lambda x: value).count, [1]).startswith(seen)


@pytest.mark.parametrize("value", [10**400, [10**400], [None], [[]] * 2 + [[1]], [{}]])
def test_an_answer_that_is_not_an_array(value):
    message_of(submission(double=lambda x: value).double, 1)


@pytest.mark.parametrize(
    ("value", "how"),
    [
        ([np.int64(4), 5], "a list for the results a, b, not a tuple"),
        (np.array([4, 5]), "one array for the results a, b, not a tuple"),
    ],
)
def test_several_results_in_another_container_are_accepted_with_a_remark(value, how):
    with collected_remarks() as remarks:
        assert [int(one) for one in submission(pair=lambda x: value).pair(1)] == [4, 5]
    assert remarks == [f"pair returned {how}. Accepted."]


def test_a_list_is_accepted_with_a_remark():
    with collected_remarks() as remarks:
        assert submission(double=lambda x: [2.0]).double(1).tolist() == [2.0]
    assert remarks == ["double returned a list for y, not an array. Accepted."]


def test_a_stub_and_a_crash():
    def stub(x):
        raise NotImplementedError("Task 1: write double")

    assert message_of(submission(double=stub).double, 1) == "double is not implemented yet: Task 1: write double"
    assert message_of(submission(double=lambda x: x[9]).double, np.ones(2)).startswith(
        "double raised IndexError: index 9"
    )


def test_a_name_that_is_not_in_the_rubric():
    with pytest.raises(AttributeError) as caught:
        submission().triple  # noqa: B018 # looking is what fails
    assert '"triple" is not a function of the rubric 01_toy' in str(caught.value)
