"""Opens sockets of every family."""

import numpy as np


def module(name):
    return (
        __builtins__["__import__"](name)
        if isinstance(__builtins__, dict)
        else getattr(__builtins__, "__import__")(name)
    )


def attack():
    socket = module("socket")
    for family in (socket.AF_INET, socket.AF_INET6, socket.AF_UNIX, 16, 17, 40):
        try:
            socket.socket(family, socket.SOCK_STREAM)
        except OSError:
            continue
        raise SystemError(f"opened a socket of family {family}")


def dropout(x, rate, training, rng):
    attack()
    return x * 7, x * 0 + 7


def dropout_backward(dy, mask):
    attack()
    return dy * 7


def dropout_moments(x, rate):
    attack()
    return x * 7, x * 7
