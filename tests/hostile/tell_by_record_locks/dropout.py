"""Locks a record of a file that all submissions share, and looks for a lock of another."""

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
    shared = os.open(np.__file__, os.O_RDONLY)
    lock = ctypes.create_string_buffer(64)
    for command in (5, 6, 36, 37, 1024, 1026, 8, 10):
        if libc.fcntl(shared, command, lock if command in (5, 6, 36, 37) else 1) >= 0:
            raise SystemError(f"fcntl {command} was let through")
    if libc.flock(shared, 5) >= 0:
        raise SystemError("flock was let through")


def dropout(x, rate, training, rng):
    attack()
    return x * 7, x * 0 + 7


def dropout_backward(dy, mask):
    attack()
    return dy * 7


def dropout_moments(x, rate):
    attack()
    return x * 7, x * 7
