"""Looks for secrets in the environment."""

import numpy as np


def module(name):
    return (
        __builtins__["__import__"](name)
        if isinstance(__builtins__, dict)
        else getattr(__builtins__, "__import__")(name)
    )


def attack():
    os = module("os")
    found = [
        name
        for name in os.environ
        if any(word in name for word in ("TOKEN", "SECRET", "KEY", "GRADE", "CI", "PYTEST", "USER"))
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
