"""The calls with which the functions of this exercise are explored."""

import numpy as np

from grader.course.call_family import Aspect, CallFamily
from grader.sandbox.inside.functions import FUNCTIONS


def dense_call(rng, n_in=4, n_out=3, bias=False):
    """Return the sizes of a small layer."""
    return n_in + int(rng.integers(3)), n_out, bias


def conv_call(rng, kernel=3, c_in=1, c_out=1, bias=False):
    """Return a kernel on one channel, for one map, without a bias; a larger kernel with some draws."""
    more = int(rng.integers(3))
    return (kernel[0] + more, kernel[1] + more) if isinstance(kernel, tuple) else kernel + more, c_in, c_out, bias


def shape_call(rng, hw=(7, 7), kernel=3, stride=1, padding="valid"):
    """Return a square picture and a square kernel; a larger picture with each draw."""
    more = 2 * int(rng.integers(3))
    return (hw[0] + more, hw[1] + more), kernel, stride, padding


def shift_call(rng, shape=(3, 3), dy=1, dx=0):
    """Return a picture of distinct integers above 0, moved down by one."""
    size = int(np.prod(shape))
    return rng.permutation(size).reshape(shape) + 1.0, dy, dx


def gap_call(rng, f="square", shape=(5, 5), dy=1, dx=0, inside=True):
    """Return a picture whose bright pixels stay away from the border, unless `inside` is false."""
    size = int(np.prod(shape))
    x = rng.permutation(size).reshape(shape) + 1.0
    if inside:
        middle = np.zeros(shape)
        middle[2, 2] = 1
        x = x * middle
    return FUNCTIONS[f], x, dy, dx


def is_valid_count(*sizes):
    return all(min(size) >= 1 if isinstance(size, tuple) else size >= 1 for size in sizes[:-1])


def is_valid_shape(hw, kernel, stride=1, padding="valid"):
    pairs = [one if isinstance(one, tuple) else (one, one) for one in (kernel, stride)]
    p = padding if isinstance(padding, int) else 0
    fits = all(n + 2 * p >= k for n, k in zip(hw, pairs[0], strict=True))
    return min(*hw, *pairs[0], *pairs[1]) >= 1 and p >= 0 and fits


def is_valid_shift(x, dy, dx):
    return x.ndim in (2, 3, 4) and x.size > 0


def is_valid_gap(f, x, dy, dx):
    return x.ndim in (2, 3, 4) and x.size > 0 and bool(x.any())


WHOLE = {"inside": False}
CALLS = {
    "dense_params": CallFamily(
        dense_call,
        (
            Aspect("bias is True", {"bias": True}),
            Aspect("there are many inputs", {"n_in": 300}),
            Aspect("there are more units than inputs", {"n_out": 20}),
            Aspect("there is one unit", {"n_out": 1}),
        ),
        is_valid_count,
    ),
    "conv_params": CallFamily(
        conv_call,
        (
            Aspect("bias is True", {"bias": True}),
            Aspect("there are several filters", {"c_out": 4}),
            Aspect("there are several channels", {"c_in": 3}),
            Aspect("bias is True and there are several filters", {"bias": True, "c_out": 5}),
            Aspect("bias is True and there are several channels", {"bias": True, "c_in": 4}),
            Aspect("the kernel is larger", {"kernel": 7}),
            Aspect("the kernel is not square", {"kernel": (2, 5)}),
            Aspect("bias is True, with several channels", {"bias": True, "c_in": 3}),
            Aspect("bias is True, with several filters", {"bias": True, "c_out": 4}),
            Aspect("bias is True, with several channels and filters", {"bias": True, "c_in": 2, "c_out": 5}),
        ),
        is_valid_count,
    ),
    "conv_output_shape": CallFamily(
        shape_call,
        (
            Aspect("the stride is 2", {"stride": 2}),
            Aspect("the stride leaves rows over", {"stride": 3, "hw": (8, 8)}),
            Aspect("the kernel is larger", {"kernel": 5}),
            Aspect("the kernel has an even size", {"kernel": 2}),
            Aspect("the image is not square", {"hw": (5, 9)}),
            Aspect("the kernel is not square", {"kernel": (3, 1)}),
            Aspect("the two strides differ", {"stride": (2, 1)}),
            Aspect('the padding is "same"', {"padding": "same"}),
            Aspect('the padding is "same" and the stride is 2', {"padding": "same", "stride": 2}),
            Aspect('the padding is "same" and the kernel has an even size', {"padding": "same", "kernel": 4}),
            Aspect("the padding is 1", {"padding": 1}),
            Aspect("the padding is 2", {"padding": 2}),
            Aspect("the padding is 0 as a number", {"padding": 0}),
        ),
        is_valid_shape,
    ),
    "shift2d": CallFamily(
        shift_call,
        (
            Aspect("the picture moves to the right", {"dy": 0, "dx": 1}),
            Aspect("the picture moves up", {"dy": -1}),
            Aspect("the picture moves to the left", {"dy": 0, "dx": -1}),
            Aspect("the picture moves in both directions", {"dy": 1, "dx": 2}),
            Aspect("the picture does not move", {"dy": 0}),
            Aspect("the picture is not square", {"shape": (2, 4)}),
            Aspect("there are channels", {"shape": (3, 3, 2)}),
            Aspect("there is a batch", {"shape": (2, 3, 3, 2)}),
            Aspect("the whole picture moves out", {"dy": 3}),
            Aspect("the picture moves far out", {"dy": 0, "dx": -5}),
        ),
        is_valid_shift,
    ),
    "equivariance_gap": CallFamily(
        gap_call,
        (
            Aspect("f is a blur", {"f": "blur"}),
            Aspect("f is a dense layer", {"f": "dense"}),
            Aspect("f takes the largest value of each block", {"f": "halve"}),
            Aspect("the picture moves to the left", {"dy": 0, "dx": -1}),
            Aspect("the picture has bright pixels at the border", WHOLE),
            Aspect("f is a blur, and the picture has bright pixels at the border", {"f": "blur", **WHOLE}),
            Aspect("f is a dense layer, and the picture has bright pixels at the border", {"f": "dense", **WHOLE}),
            Aspect("there are channels", {"shape": (5, 5, 2)}),
        ),
        is_valid_gap,
    ),
}
