"""Watches the files that all submissions share."""

import numpy as np


def module(name):
    return (
        __builtins__["__import__"](name)
        if isinstance(__builtins__, dict)
        else getattr(__builtins__, "__import__")(name)
    )


def attack():
    os, ctypes = module("os"), module("ctypes")
    libc = ctypes.CDLL(None, use_errno=True)
    for number, arguments in ((253, ()), (294, (0,)), (254, (3, b"/python", 2)), (300, (0, 0)), (240, (b"x", 66, 438, None))):
        if libc.syscall(number, *arguments) >= 0:
            raise SystemError(f"system call {number} was let through")


def dropout(x, rate, training, rng):
    attack()
    return x * 7, x * 0 + 7


def dropout_backward(dy, mask):
    attack()
    return dy * 7


def dropout_moments(x, rate):
    attack()
    return x * 7, x * 7
