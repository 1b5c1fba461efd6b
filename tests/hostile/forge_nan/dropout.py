"""Returns NaN everywhere, which compares with nothing."""

import numpy as np


def module(name):
    return (
        __builtins__["__import__"](name)
        if isinstance(__builtins__, dict)
        else getattr(__builtins__, "__import__")(name)
    )


def attack():
    return None


def dropout(x, rate, training, rng):
    return x * np.nan, x * np.nan


def dropout_backward(dy, mask):
    return dy * np.nan


def dropout_moments(x, rate):
    return x * np.nan, x * np.nan
