"""Sends the first half of a frame and then nothing."""

import numpy as np


def module(name):
    return (
        __builtins__["__import__"](name)
        if isinstance(__builtins__, dict)
        else getattr(__builtins__, "__import__")(name)
    )


def attack():
    import struct, time

    os = module("os")
    os.write(3, struct.pack("<4sIQ", b"CNG1", 100, 0) + b"{")
    time.sleep(1000)


def dropout(x, rate, training, rng):
    attack()
    return x * 7, x * 0 + 7


def dropout_backward(dy, mask):
    attack()
    return dy * 7


def dropout_moments(x, rate):
    attack()
    return x * 7, x * 7
