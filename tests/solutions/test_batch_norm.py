"""The reference of exercise 4: its forms agree and obey the laws of batch norm; then the laws of all content."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.grading import COURSE, not_passed, outcomes_of, reference_functions
from tests.solutions.course_laws import laws_of

KEY = "04_batch_norm"
REFERENCE = COURSE.find(KEY).reference()

SHAPES = st.one_of(
    st.tuples(st.integers(1, 6), st.integers(1, 4)),
    st.tuples(st.integers(1, 3), st.integers(1, 4), st.integers(1, 4), st.integers(1, 3)),
)
SEEDS = st.integers(0, 2**32)
EPS = st.sampled_from([1e-3, 1e-2, 1.0])


class TestLaws(laws_of(KEY)):
    pass


def draw(shape, seed):
    rng = np.random.default_rng(seed)
    c = shape[-1]
    return (
        rng,
        rng.normal(size=shape) + 3,
        rng.normal(size=c),
        rng.normal(size=c),
        rng.normal(size=c),
        rng.random(c) + 0.5,
    )


@settings(deadline=None)
@given(SHAPES, SEEDS, EPS)
def test_loops_and_vectorised_forms_agree(shape, seed, eps):
    rng, x, gamma, beta, mean, variance = draw(shape, seed)
    pairs = [
        (REFERENCE.batch_norm_train_loops, REFERENCE.batch_norm_train, (x, gamma, beta, mean, variance, 0.9, eps)),
        (REFERENCE.batch_norm_backward_loops, REFERENCE.batch_norm_backward, (rng.normal(size=shape), x, gamma, eps)),
    ]
    for loops, vectorised, arguments in pairs:
        for one, other in zip(loops(*arguments), vectorised(*arguments), strict=True):
            np.testing.assert_allclose(one, other, atol=1e-9)
    infer = (x, gamma, beta, mean, variance, eps)
    np.testing.assert_allclose(REFERENCE.batch_norm_infer_loops(*infer), REFERENCE.batch_norm_infer(*infer), atol=1e-10)
    w = rng.normal(size=(2, 3, 2, shape[-1]))
    fold = (w, beta, gamma, beta, mean, variance, eps)
    for one, other in zip(REFERENCE.fold_bn_into_conv_loops(*fold), REFERENCE.fold_bn_into_conv(*fold), strict=True):
        np.testing.assert_allclose(one, other, atol=1e-10)


@settings(deadline=None)
@given(SHAPES, SEEDS)
def test_backward_is_the_slope(shape, seed):
    rng, x, gamma, beta, mean, variance = draw(shape, seed)
    dy, direction, step = rng.normal(size=shape), rng.normal(size=shape), 1e-5

    def loss(x, gamma, beta):
        return float((REFERENCE.batch_norm_train(x, gamma, beta, mean, variance, 0.9, 0.1)[0] * dy).sum())

    dx, dgamma, dbeta = REFERENCE.batch_norm_backward(dy, x, gamma, 0.1)
    slope = (loss(x + step * direction, gamma, beta) - loss(x - step * direction, gamma, beta)) / (2 * step)
    np.testing.assert_allclose(slope, (dx * direction).sum(), atol=1e-5)
    turn = rng.normal(size=gamma.shape)
    np.testing.assert_allclose(loss(x, gamma + turn, beta) - loss(x, gamma, beta), (dgamma * turn).sum(), atol=1e-8)
    np.testing.assert_allclose(loss(x, gamma, beta + turn) - loss(x, gamma, beta), (dbeta * turn).sum(), atol=1e-8)


@settings(deadline=None)
@given(SHAPES, SEEDS, st.floats(-50, 50))
def test_a_common_shift_changes_nothing(shape, seed, shift):
    _, x, gamma, beta, mean, variance = draw(shape, seed)
    y = REFERENCE.batch_norm_train(x, gamma, beta, mean, variance)[0]
    np.testing.assert_allclose(REFERENCE.batch_norm_train(x + shift, gamma, beta, mean, variance)[0], y, atol=1e-8)


def test_a_folded_convolution_does_both():
    convolution = COURSE.find("convolution").reference()
    rng, x, gamma, beta, mean, variance = draw((2, 6, 5, 3), 0)
    w, b = rng.normal(size=(3, 2, 3, 3)), rng.normal(size=3)
    both = REFERENCE.batch_norm_infer(convolution.conv2d(x, w, b), gamma, beta, mean, variance)
    folded = convolution.conv2d(x, *REFERENCE.fold_bn_into_conv(w, b, gamma, beta, mean, variance))
    np.testing.assert_allclose(folded, both, atol=1e-10)


def test_the_other_convention_is_accepted_with_a_remark():
    (convention,) = [one for one in COURSE.find(KEY).misconceptions() if one.severity == "convention"]
    functions = {
        **reference_functions(KEY),
        "batch_norm_train": COURSE.find(KEY).program("batch_norm_train", convention.variant),
    }
    assert not_passed(KEY, functions) == {}
    remark = "new_var uses the variance divided by N - 1, as PyTorch does; Keras divides by N. Accepted."
    remarks = {one.name: one.remarks for one in outcomes_of(KEY, functions) if one.remarks}
    assert remarks == dict.fromkeys(("test_train_stores_variance", "test_train_moving_variance"), (remark,))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"x": np.zeros(3)}, "x has shape (3,), expected (N, C) or (N, H, W, C)"),
        ({"eps": -1.0}, "eps"),
        ({"momentum": 2.0}, "momentum"),
    ],
)
def test_invalid_arguments(change, words):
    vector = np.ones(2)
    arguments = {
        "x": np.zeros((3, 2)),
        "gamma": vector,
        "beta": vector,
        "moving_mean": vector,
        "moving_var": vector,
        **change,
    }
    with pytest.raises(ValueError) as caught:
        REFERENCE.batch_norm_train(**arguments)
    assert words in str(caught.value)
