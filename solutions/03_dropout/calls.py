"""The calls with which the functions of this exercise are explored."""

import numpy as np

from grader.course.call_family import Aspect, CallFamily


def dropout_call(rng, rate=0.3, training=True, shape=None, value=4.0):
    """Return a call on a constant array, or on powers of 2 if `value` is None: y / x is exact then.

    A call that drops nothing needs fewer units, and a program in plain loops waits for each of them.
    """
    if shape is None:
        shape = (20, 50) if training and rate else (12, 17)
    x = np.full(shape, value) if value is not None else 2.0 ** rng.integers(8, size=shape)
    return x, rate, training, np.random.default_rng(rng.integers(2**32))


def backward_call(rng, shape=(4,), factor=2.0, on=None, least=1):
    """Return a gradient of distinct integers and a mask whose first unit is on and whose second one is off."""
    size = int(np.prod(shape))
    mask = np.zeros(size)
    more = (size // 2 if on is None else on) - 1
    mask[[0, *(2 + rng.permutation(size - 2)[:more])]] = factor
    return rng.permutation(size).reshape(shape) + float(least), mask.reshape(shape)


def moments_call(rng, rate=0.25, shape=(3,), least=1):
    """Return distinct integers, at a rate for which both moments are easy to compute."""
    return rng.permutation(int(np.prod(shape))).reshape(shape) + float(least), rate


def is_valid_dropout(x, rate, training, rng):
    return x.ndim >= 1 and x.size > 0 and x.dtype.kind == "f" and (not training or 0 <= rate < 1)


def is_valid_backward(dy, mask):
    return dy.shape == mask.shape and dy.ndim >= 1 and dy.size > 0 and bool((mask >= 0).all())


def is_valid_moments(x, rate):
    return x.ndim >= 1 and x.size > 0 and 0 <= rate < 1


CALLS = {
    "dropout": CallFamily(
        dropout_call,
        (
            Aspect("the rate is 0.1", {"rate": 0.1}),
            Aspect("the rate is 0.8", {"rate": 0.8}),
            Aspect("the rate is 0.37", {"rate": 0.37}),
            Aspect("training is off", {"training": False}),
            Aspect("the rate is 0", {"rate": 0.0}),
            Aspect("x has one axis", {"shape": (400,)}),
            Aspect("x has four axes", {"shape": (5, 9, 9, 3)}),
            Aspect("the rate is 1", {"rate": 1.0}),
            Aspect("the rate is above 1", {"rate": 1.5}),
            Aspect("the rate is negative", {"rate": -0.2}),
            Aspect("the numbers of x differ", {"value": None}),
        ),
        is_valid_dropout,
    ),
    "dropout_backward": CallFamily(
        backward_call,
        (
            Aspect("there are two axes", {"shape": (3, 2)}),
            Aspect("there are four axes", {"shape": (2, 3, 2, 2)}),
            Aspect("the mask contains fractions", {"factor": 1.25}),
            Aspect("the mask contains only ones", {"factor": 1.0}),
            Aspect("most units are on", {"on": 3}),
            Aspect("dy contains negative numbers", {"least": -2}),
        ),
        is_valid_backward,
    ),
    "dropout_moments": CallFamily(
        moments_call,
        (
            Aspect("the rate is 0.5", {"rate": 0.5}),
            Aspect("the rate is 0.8", {"rate": 0.8}),
            Aspect("the rate is 0", {"rate": 0.0}),
            Aspect("x has two axes", {"shape": (2, 3)}),
            Aspect("x has four axes", {"shape": (2, 2, 2, 3)}),
            Aspect("x contains negative numbers", {"least": -1}),
        ),
        is_valid_moments,
    ),
}
