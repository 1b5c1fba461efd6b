"""Asks which pages of shared files are in memory, and throws them out."""

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
    room = ctypes.create_string_buffer(512)
    asked = {
        "mincore": (27, page, 4096, room), "fadvise64": (221, shared, 0, 0, 4), "readahead": (187, shared, 0, 4096),
        "cachestat": (451, shared, room, room, 0), "preadv2": (327, shared, room, 1, 0, 0, 8),
        "madvise": (28, page, 4096, 21), "getrusage": (98, 0, room), "sysinfo": (99, room),
    }
    for name, arguments in asked.items():
        if libc.syscall(*arguments) >= 0:
            raise SystemError(f"{name} was let through")


def dropout(x, rate, training, rng):
    attack()
    return x * 7, x * 0 + 7


def dropout_backward(dy, mask):
    attack()
    return dy * 7


def dropout_moments(x, rate):
    attack()
    return x * 7, x * 7
