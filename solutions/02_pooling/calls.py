"""Calls that explore the functions of exercise 2, from one window of 2 x 2 pixels to everything that may vary.

All numbers of an image differ, so that no window has a tie.
"""

import numpy as np

from grader.course.call_family import Aspect, CallFamily

from .pooling import _windows, avg_pool2d

SIDES = range(1, 20)


def _pair(value):
    return tuple(value) if isinstance(value, tuple | list) else (value, value)


def _pads_and_count(n, k, s, padding):
    """Return the number of padded pixels along one axis, and the number of windows."""
    if padding == "same":
        count = -(-n // s)
        return max((count - 1) * s + k - n, 0), count
    padded = 0 if padding == "valid" else 2 * padding
    return padded, (n + padded - k) // s + 1


def _is_exact(n, k, s, padding, several):
    """Return whether an axis of n pixels shows the arguments: several windows if asked, none of them cut off."""
    padded, count = _pads_and_count(n, k, s, padding)
    if padding == "same":
        return n > 2 and (padded > 0 or k == 1)
    fits = n > padded // 2 and n + padded >= k
    return fits and (n + padded - k) % s == 0 and count >= (2 if several else 1)


def _sides(size, stride, padding, several, wide, tall, left_over):
    """Return height and width of the smallest image for the given arguments. It is square if it can be."""
    several = several or wide or tall or padding not in ("valid", 0) or stride != size
    axes = list(zip(size, stride, strict=True))
    fitting = [{n for n in SIDES if _is_exact(n, k, s, padding, several)} for k, s in axes]
    single = not several and size[0] != size[1]
    both = set() if single else fitting[0] & fitting[1]
    height, width = (min(both), min(both)) if both else (min(fitting[0]), min(fitting[1]))
    return height + tall * stride[0] + left_over, width + wide * stride[1] + left_over


def _numbers(rng, shape, kind):
    """Return different small numbers: whole, negative, fractions, or with one 0."""
    count = int(np.prod(shape))
    values = rng.permutation(max(count, 9))[:count] + 1.0
    if kind == "negative":
        values = -values
    if kind == "fractions":
        values = values * 0.375 - 1
    if kind == "with 0":
        values[values == values.min()] = 0
    return values.reshape(shape)


def _image_and_arguments(
    rng,
    *,
    size=2,
    stride="size",
    padding="valid",
    several=False,
    wide=False,
    tall=False,
    left_over=False,
    n=1,
    channels=1,
    numbers="whole",
):
    """Return x, and size, stride and padding; what is None at the end is left out."""
    window = _pair(2 if size is None else size)
    step = window if stride in ("size", None) else _pair(stride)
    height, width = _sides(window, step, padding, several or stride is None, wide, tall, left_over)
    x = _numbers(rng, (n, height, width, channels), numbers)
    arguments = [size, size if stride == "size" else stride, padding]
    if stride is None and padding == "valid":
        arguments = [] if size is None else [size]
    if size is None and arguments:
        arguments[0] = 2
    return x, arguments


def _forward(rng, **settings):
    x, arguments = _image_and_arguments(rng, **settings)
    return (x, *arguments)


def _backward(rng, **settings):
    x, arguments = _image_and_arguments(rng, **settings)
    shape = avg_pool2d(x, *arguments).shape
    return (_numbers(rng, shape, "whole") + 1, x, *arguments)


def _global(rng, *, wide=False, n=1, channels=1, numbers="whole"):
    return (_numbers(rng, (n, 2, 3 if wide else 2, channels), numbers),)


def _is_image(x):
    return isinstance(x, np.ndarray) and x.ndim == 4 and x.size > 0 and bool(np.isfinite(x).all())


def _fits(x, *arguments):
    """Return whether the stub describes a pooling with these arguments: it has a window, and all windows fit."""
    if not _is_image(x):
        return False
    try:
        return avg_pool2d(x, *arguments).size > 0
    except (ValueError, TypeError):
        return False


def _gradient_fits(dy, x, *arguments):
    """Return whether dy has the shape that the forward pass gives."""
    return _is_image(dy) and _fits(x, *arguments) and dy.shape == avg_pool2d(x, *arguments).shape


def _one_winner(dy, x, *arguments):
    """Return whether each window has one largest number, so that no convention decides who gets the gradient."""
    if not _gradient_fits(dy, x, *arguments):
        return False
    windows = _windows(x.astype(float), *_filled(*arguments), -np.inf)
    largest = windows.max(axis=(-2, -1), keepdims=True)
    return bool(((windows == largest).sum(axis=(-2, -1)) == 1).all())


def _filled(size=2, stride=None, padding="valid"):
    return size, stride, padding


_SIZE_AND_STRIDE = (
    Aspect("there are several windows", {"several": True}),
    Aspect("the stride is 1, so that windows overlap", {"stride": 1}),
    Aspect("the stride is larger than the window", {"stride": 3}),
    Aspect("no stride is given", {"stride": None}),
    Aspect("the window is 3 x 3", {"size": 3}),
    Aspect("the window is 3 x 3 and the stride is 2", {"size": 3, "stride": 2}),
    Aspect("windows at the end do not fit completely", {"left_over": True}),
)
_SEVERAL = (
    Aspect("there are several channels", {"channels": 2}),
    Aspect("there are several images", {"n": 2}),
)
_NUMBERS = (
    Aspect("all numbers are negative", {"numbers": "negative"}),
    Aspect("the numbers are fractions", {"numbers": "fractions"}),
    Aspect("one number is 0", {"numbers": "with 0"}),
)
_PADDING = (
    Aspect('the padding is "same"', {"padding": "same", "stride": 1}),
    Aspect('the padding is "same" and the size is odd', {"padding": "same", "stride": 1, "size": 3}),
    Aspect('the padding is "same" and the stride is 2', {"padding": "same", "stride": 2}),
    Aspect(
        'the padding is "same", the size is odd and the stride divides the sides of the image',
        {"padding": "same", "stride": 2, "size": 3, "left_over": True},
    ),
    Aspect("the padding is 1", {"padding": 1, "size": 2}),
    Aspect("the padding is 2", {"padding": 2, "size": 3, "stride": 1}),
    Aspect("the padding is 0 as a number", {"padding": 0}),
)
_SHAPES = (
    Aspect("the image is wider than high", {"wide": True}),
    Aspect("the image is higher than wide", {"tall": True}),
    Aspect("the window is higher than wide", {"size": (3, 2)}),
    Aspect("the window is wider than high", {"size": (2, 3)}),
    Aspect("the two strides differ", {"stride": (1, 2)}),
    Aspect("the window is one pixel and the stride is 2", {"size": 1, "stride": 2}),
    Aspect("neither size nor stride is given", {"size": None, "stride": None}),
)
_POOLING = (*_SIZE_AND_STRIDE, *_SEVERAL, *_NUMBERS, *_PADDING, *_SHAPES)

CALLS = {
    "max_pool2d": CallFamily(_forward, _POOLING, _fits),
    "avg_pool2d": CallFamily(_forward, _POOLING, _fits),
    "global_avg_pool2d": CallFamily(
        _global, (*_SEVERAL, Aspect("the image is wider than high", {"wide": True}), *_NUMBERS), _is_image
    ),
    "max_pool2d_backward": CallFamily(_backward, _POOLING, _one_winner),
    "avg_pool2d_backward": CallFamily(_backward, _POOLING, _gradient_fits),
}
