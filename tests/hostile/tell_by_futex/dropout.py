"""Waits and wakes in a page of a file that all submissions share."""

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
    libc.mmap.restype = ctypes.c_void_p
    shared = os.open(np.__file__, os.O_RDONLY)
    page = ctypes.c_void_p(libc.mmap(None, 4096, 1, 2, shared, 0))
    now = ctypes.c_uint32.from_address(page.value).value
    moment = (ctypes.c_long * 2)(0, 1000)
    if libc.syscall(202, page, 1, 1, None, None, 0) >= 0:
        raise SystemError("a neighbour could be woken")
    if libc.syscall(202, page, 0, now, moment, None, 0) >= 0 or ctypes.get_errno() not in (1, 11):
        raise SystemError("a neighbour could be waited for")


def dropout(x, rate, training, rng):
    attack()
    return x * 7, x * 0 + 7


def dropout_backward(dy, mask):
    attack()
    return dy * 7


def dropout_moments(x, rate):
    attack()
    return x * 7, x * 7
