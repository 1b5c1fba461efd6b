"""Returns object arrays, which only a pickle could carry."""

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
    return np.array([attack, attack], dtype=object), np.array([None], dtype=object)


def dropout_backward(dy, mask):
    return np.array([{}], dtype=object)


def dropout_moments(x, rate):
    return np.array([[]], dtype=object), np.array([module], dtype=object)
