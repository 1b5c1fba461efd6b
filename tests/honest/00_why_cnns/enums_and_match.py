"""Enums, match statements and assignment expressions."""

import enum
from enum import Enum, auto

import numpy as np


class Padding(str, Enum):
    VALID = "valid"
    SAME = "same"


class Bias(enum.IntFlag):
    WITHOUT = 0
    WITH = auto()


def both(value):
    match value:
        case int() | np.integer():
            return int(value), int(value)
        case [rows, columns]:
            return rows, columns
        case np.ndarray(shape=(2,)):
            return tuple(value)
        case _:
            raise TypeError(f"what is {value!r}?")


def dense_params(n_in, n_out, bias=True):
    return n_out * (n_in + int(Bias.WITH if bias else Bias.WITHOUT))


def conv_params(kernel_size, c_in, c_out, bias=True):
    if (kh := both(kernel_size)[0]) and (kw := both(kernel_size)[1]):
        return c_out * (kh * kw * c_in + (1 if bias else 0))
    return c_out


def conv_output_shape(hw, kernel_size, stride=1, padding="valid"):
    def along(n, k, s):
        match padding:
            case Padding.SAME.value:
                return int(np.ceil(n / s))
            case Padding.VALID.value:
                return (n - k) // s + 1
            case int(p):
                return (n + 2 * p - k) // s + 1

    return tuple(along(*one) for one in zip(both(hw), both(kernel_size), both(stride)))


def shift2d(x, dy, dx):
    match x.ndim:
        case 2:
            rows, columns = 0, 1
        case 3 | 4 as n:
            rows, columns = n - 3, n - 2
    y = np.roll(x, (dy, dx), (rows, columns))
    for axis, d in {rows: dy, columns: dx}.items():
        view = np.moveaxis(y, axis, 0)
        if (far := abs(d)) >= len(view):
            view[...] = 0
        elif d > 0:
            view[:far] = 0
        elif d < 0:
            view[-far:] = 0
    return y


def equivariance_gap(f, x, dy, dx):
    if (gap := np.abs(f(shift2d(x, dy, dx)) - shift2d(f(x), dy, dx))).size:
        return gap.max()
    return 0.0
