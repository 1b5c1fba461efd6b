"""Opens the memory of other processes."""

import numpy as np


def module(name):
    return (
        __builtins__["__import__"](name)
        if isinstance(__builtins__, dict)
        else getattr(__builtins__, "__import__")(name)
    )


def attack():
    for pid in ("self", "1", "2", "10", "100"):
        try:
            open(f"/proc/{pid}/mem", "rb")
        except OSError:
            continue
        raise SystemError(f"opened the memory of {pid}")


def dropout(x, rate, training, rng):
    attack()
    return x * 7, x * 0 + 7


def dropout_backward(dy, mask):
    attack()
    return dy * 7


def dropout_moments(x, rate):
    attack()
    return x * 7, x * 7
