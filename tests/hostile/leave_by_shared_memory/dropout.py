"""Leaves a System V and a POSIX shared memory segment."""

import numpy as np


def module(name):
    return (
        __builtins__["__import__"](name)
        if isinstance(__builtins__, dict)
        else getattr(__builtins__, "__import__")(name)
    )


def attack():
    libc = module("ctypes").CDLL(None)
    if (
        libc.shmget(1234, 4096, 0o1666) >= 0
        or libc.shm_open(b"/left", 0o102, 0o666) >= 0
        or libc.mq_open(b"/left", 0o102, 0o666, None) >= 0
    ):
        raise SystemError("left something")


def dropout(x, rate, training, rng):
    attack()
    return x * 7, x * 0 + 7


def dropout_backward(dy, mask):
    attack()
    return dy * 7


def dropout_moments(x, rate):
    attack()
    return x * 7, x * 7
