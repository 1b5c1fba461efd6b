"""Recorded answers: everything that a caller can see comes back, without pickle, and nothing else does."""

import builtins
import contextlib
import io
import zipfile

import numpy as np
import pytest

from grader.course import CourseError, UnknownQuestionError
from grader.course.fault import built_in_name
from grader.course.recorded_answers import RecordedAnswers, Recording
from grader.course.recorded_values import Pool, Unrecorded, question_key, value_in
from grader.sandbox.inside.functions import FUNCTIONS


@pytest.fixture
def again(tmp_path):
    """`again(function, *questions)` records the answers and returns the function that gives them again."""

    def _again(function, *questions):
        recording = Recording()
        listening = recording.listening(function, "f")
        for arguments in questions:
            with contextlib.suppress(Exception):  # it is recorded too
                listening(*arguments)
        path = tmp_path / "answers.npz"
        path.write_bytes(recording.content())
        return RecordedAnswers(path).function("f")

    return _again


@pytest.mark.parametrize(
    "value",
    [
        None, True, 3, -2.5, float("inf"), "same", 1 + 2j, (1, 2.0), [1, (2, "x")], {"a": (1,)},
        np.arange(6.0).reshape(2, 3), np.zeros((0, 3)), np.float64(2.5), np.int32(3), np.array(5),
        np.array([1, 2], np.int8), np.array([True, False]), np.array([1j]), np.arange(300.0).reshape(3, 100),
        np.where(np.arange(2000) % 3, 0.0, 1.25), np.arange(500) % 7, (np.eye(20), np.eye(20)), np.full(100, np.nan),
        np.asfortranarray(np.arange(200.0).reshape(20, 10)),
    ],
    ids=lambda value: type(value).__name__,
)  # fmt: skip
def test_a_value_comes_back_as_it_was(value):
    pool = Pool()
    found = value_in(pool.text_of(value), bytes(pool.content))
    assert type(found) is type(value)
    np.testing.assert_equal(found, value)
    if isinstance(value, np.ndarray | np.generic):
        assert found.dtype == value.dtype


def test_fractions_that_need_not_be_exact_keep_ten_digits_and_whole_numbers_all_of_them():
    pool = Pool()
    fractions = np.random.default_rng(0).normal(size=(40, 3)) * 10.0 ** np.arange(3)
    special = np.array([2.0**32 + 1, -7, 0, np.inf, np.nan])
    found, kept = value_in(pool.text_of((fractions, special), exact=False), bytes(pool.content))
    assert 0 < np.abs(found / fractions - 1).max() < 2e-10
    np.testing.assert_equal(kept, special)


def test_a_generator_and_a_function_with_a_name_come_back():
    pool, rng = Pool(), np.random.default_rng(3)
    rng.random()
    generator, function = value_in(pool.text_of((rng, FUNCTIONS["blur"])), b"")
    assert generator.random() == rng.random()
    assert function is FUNCTIONS["blur"]


def test_what_is_no_data_comes_back_as_no_answer():
    value = value_in(Pool().text_of((1, ValueError("returned"))), b"")
    assert value[0] == 1
    assert isinstance(value[1], Unrecorded)


def test_a_mask_takes_one_bit_for_each_element():
    pool = Pool()
    pool.text_of(np.where(np.random.default_rng(0).random(8000) < 0.3, 0, 1 / 0.7))
    assert len(pool.content) <= 8000 / 8 + 16


def test_a_rough_array_keeps_its_zeros_and_its_distribution():
    pool, rng = Pool(), np.random.default_rng(1)
    drawn = np.where(rng.random(5000) < 0.3, 0.0, rng.normal(5, 2, 5000))
    found = value_in(pool.text_of(drawn, rough=True), bytes(pool.content))
    assert ((found == 0) == (drawn == 0)).all()
    assert abs(found - drawn).max() <= np.ptp(drawn) / 250
    assert len(pool.content) == 5000
    exact = value_in(pool.text_of(drawn), bytes(pool.content))
    assert (exact == drawn).all()


def test_equal_arrays_are_kept_once():
    pool = Pool()
    pool.text_of([np.arange(50.0), np.arange(50.0)])
    assert len(pool.content) == 50 * 8


def test_the_answer_to_a_question_is_its_own(again):
    f = again(lambda x, k=1: x * k, (np.ones(3),), (np.ones(3), 2))
    assert f(np.ones(3)).tolist() == [1, 1, 1]
    assert f(np.ones(3), 2).tolist() == [2, 2, 2]


def test_an_unknown_question_raises_an_exception_of_its_own(again):
    f = again(lambda x: x, (np.ones(3),))
    assert f.knows(np.ones(3))
    assert not f.knows(np.zeros(3))
    with pytest.raises(UnknownQuestionError):
        f(np.zeros(3))


def test_the_last_bits_of_a_question_do_not_matter(again):
    x = np.random.default_rng(0).normal(size=50)
    f = again(lambda x: x.sum(), (x,))
    assert f.knows(np.nextafter(x, 9))
    assert not f.knows(x + 1e-3)


@pytest.mark.parametrize(
    "error", [ValueError("no"), KeyError("key"), IndexError("a\nb"), np.exceptions.AxisError("ax")]
)
def test_an_exception_has_its_name_and_its_words(again, error):
    def fail(x):
        raise error

    f = again(fail, (1,))
    try:
        f(1)
        said = None
    except Exception as caught:
        said = caught
    assert (type(said).__name__, str(said)) == (type(error).__name__, str(error))
    assert isinstance(said, type(error)) or not hasattr(builtins, type(error).__name__)
    assert built_in_name(said) == built_in_name(error)


def test_a_change_of_an_argument_is_repeated(again):
    def double(x):
        x *= 2

    f = again(double, (np.ones(3),))
    x = np.ones(3)
    assert f(x) is None
    assert x.tolist() == [2, 2, 2]


def test_a_generator_is_left_as_the_function_left_it(again):
    f = again(lambda rng: rng.random(4), (np.random.default_rng(5),))
    used, ours = np.random.default_rng(5), np.random.default_rng(5)
    np.testing.assert_array_equal(f(used), ours.random(4))
    assert used.random() == ours.random()


def test_a_caller_cannot_change_a_recorded_answer(again):
    f = again(lambda n: np.zeros(n), (3,))
    f(3)[:] = 7
    assert f(3).tolist() == [0, 0, 0]


def test_the_order_of_an_array_is_no_part_of_a_question():
    x = np.arange(6.0).reshape(2, 3)
    assert question_key((x,), {}) == question_key((np.asfortranarray(x),), {})


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ((1, 11), (11, 1)),
        ((1,), (1.0,)),
        ((np.ones((2, 3)),), (np.ones((3, 2)),)),
        (((1, 2), 3), (1, 2, 3)),
        (("1",), (1,)),
    ],
)
def test_different_questions_have_different_keys(one, other):
    assert question_key(one, {}) != question_key(other, {})


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 torn", b"no archive at all"], ids=["empty", "torn", "other"])
def test_a_damaged_file_is_a_fault_of_the_kit(tmp_path, content):
    path = tmp_path / "reference.npz"
    path.write_bytes(content)
    with pytest.raises(CourseError, match="unpack the kit again"):
        RecordedAnswers(path)


def test_an_array_of_objects_is_not_read(tmp_path):
    path = tmp_path / "reference.npz"
    held = {
        name: np.array([{}], dtype=object)
        for name in ("questions", "programs", "counts", "asked", "rows", "lengths", "texts", "pool")
    }
    np.savez(path, allow_pickle=True, **held)
    with pytest.raises(CourseError, match="holds no recorded answers"):
        RecordedAnswers(path)


def test_the_same_answers_give_the_same_bytes():
    def content():
        recording = Recording()
        for n in (3, 1, 2):
            recording.listening(lambda n: np.arange(float(n)), "f")(n)
        with zipfile.ZipFile(io.BytesIO(recording.content())) as archive:
            return {name: archive.read(name) for name in archive.namelist()}

    assert content() == content()
