"""Looks for the grader, its checks or pytest among the modules."""

import numpy as np


def module(name):
    return (
        __builtins__["__import__"](name)
        if isinstance(__builtins__, dict)
        else getattr(__builtins__, "__import__")(name)
    )


def attack():
    sys = module("sys")
    found = [
        name for name in sys.modules if name.startswith(("grader", "pytest", "_pytest", "cnn_grader", "solutions"))
    ]
    if found:
        raise SystemError(f"found {found}")


def dropout(x, rate, training, rng):
    attack()
    return x * 7, x * 0 + 7


def dropout_backward(dy, mask):
    attack()
    return dy * 7


def dropout_moments(x, rate):
    attack()
    return x * 7, x * 7
