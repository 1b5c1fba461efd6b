"""Looks through all objects for a function named dropout that is not its own."""

import numpy as np


def module(name):
    return (
        __builtins__["__import__"](name)
        if isinstance(__builtins__, dict)
        else getattr(__builtins__, "__import__")(name)
    )


def attack():
    gc = module("gc")
    for thing in gc.get_objects():
        if (
            callable(thing)
            and getattr(thing, "__name__", "") == "dropout"
            and getattr(thing, "__module__", "") != __name__
        ):
            raise SystemError("found another dropout")


def dropout(x, rate, training, rng):
    attack()
    return x * 7, x * 0 + 7


def dropout_backward(dy, mask):
    attack()
    return dy * 7


def dropout_moments(x, rate):
    attack()
    return x * 7, x * 7
