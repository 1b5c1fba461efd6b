"""Reads the home folders."""

import numpy as np


def module(name):
    return (
        __builtins__["__import__"](name)
        if isinstance(__builtins__, dict)
        else getattr(__builtins__, "__import__")(name)
    )


def attack():
    os = module("os")
    for folder in ("/root", "/home", "/etc/passwd", "/etc/shadow", "/var", "/work"):
        if os.path.exists(folder):
            raise SystemError(f"found {folder}")
    if os.path.realpath("/tmp") != "/scratch":
        raise SystemError("found the temporary folder of the machine")


def dropout(x, rate, training, rng):
    attack()
    return x * 7, x * 0 + 7


def dropout_backward(dy, mask):
    attack()
    return dy * 7


def dropout_moments(x, rate):
    attack()
    return x * 7, x * 7
