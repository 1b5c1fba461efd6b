"""Wrong programs with unknown mistakes: all lose points, and no misconception may be named."""

import numpy as np

from tests.grading import reference_functions


def ours(key, function):
    return reference_functions(key)[function]


def conv(*arguments, **named):
    return ours("01_convolution", "conv2d")(*arguments, **named)


def conv_step(patch, w, b):
    return ours("01_convolution", "conv2d_step")(patch, w, b)


def conv_back(*arguments, **named):
    return ours("01_convolution", "conv2d_backward")(*arguments, **named)


def max_pool(*arguments, **named):
    return ours("02_pooling", "max_pool2d")(*arguments, **named)


def avg_pool(*arguments, **named):
    return ours("02_pooling", "avg_pool2d")(*arguments, **named)


def dropped(*arguments, **named):
    return ours("03_dropout", "dropout")(*arguments, **named)


def bn_train(*arguments, **named):
    return ours("04_batch_norm", "batch_norm_train")(*arguments, **named)


def conv_large(x, *rest, **named):
    """Be right for up to sixty rows."""
    y = conv(x, *rest, **named)
    y[:, 60:] = 0
    return y


def max_pool_large(x, *rest, **named):
    y = max_pool(x, *rest, **named)
    y[:, 30:] = 0
    return y


def shift_large(x, dy, dx):
    y = shifted(x, dy, dx)
    return y if max(y.shape) < 40 else np.zeros_like(y)


def bn_large(x, *rest, **named):
    """Use only the first hundred rows."""
    _, mean, var = bn_train(x[:100], *rest, **named)
    return bn_train(x, *rest, **named)[0], mean, var


def bn_infer(*arguments, **named):
    return ours("04_batch_norm", "batch_norm_infer")(*arguments, **named)


def bn_back(*arguments, **named):
    return ours("04_batch_norm", "batch_norm_backward")(*arguments, **named)


def shifted(*arguments, **named):
    return ours("00_why_cnns", "shift2d")(*arguments, **named)


# --------------------------------------------------------------- wrong for some inputs, and right for the rest


def conv_third_channel(x, w, b, *rest, **named):
    """Ignore the third channel."""
    w = w.copy()
    w[:, :, 2:3] = 0
    return conv(x, w, b, *rest, **named)


def conv_last_filter(x, w, b, *rest, **named):
    """Add no bias to the last of several filters."""
    b = np.where(np.arange(len(b)) == max(len(b) - 1, 1), 0, b)
    return conv(x, w, b, *rest, **named)


def conv_memory_order(x, w, b, *rest, **named):
    """Read numbers in memory order, which is right for arrays in C order."""
    return conv(x.ravel(order="K").reshape(x.shape), w, b, *rest, **named)


def max_pool_memory_order(x, *rest, **named):
    return max_pool(x.ravel(order="K").reshape(x.shape), *rest, **named)


def bn_memory_order(x, *rest, **named):
    return bn_infer(x.ravel(order="K").reshape(x.shape), *rest, **named)


def conv_second_image(x, *rest, **named):
    y = conv(x, *rest, **named)
    y[1:2] *= 1.01
    return y


def conv_wide_stride(x, w, b, stride=1, padding="valid"):
    """Be wrong if the stride is larger than the height of the kernel."""
    y = conv(x, w, b, stride, padding)
    return y + (np.max(stride) > w.shape[0])


def conv_small_numbers(x, *rest, **named):
    """Treat small numbers as zero."""
    return conv(np.where(np.abs(x) < 0.3, 0, x), *rest, **named)


def bn_small_batch(x, *rest, **named):
    if x.shape[0] == 1:
        raise ZeroDivisionError("a batch of one has no variance")
    return bn_infer(x, *rest, **named)


# ------------------------------------------------------------------------------------ state across calls


class Remembers:
    """Repeats its first answer for the same shapes."""

    def __init__(self, function):
        self.function = function
        self.seen = {}

    def __call__(self, *arguments, **named):
        shapes = repr([np.shape(one) if isinstance(one, np.ndarray) else one for one in arguments]) + repr(named)
        if shapes not in self.seen:
            self.seen[shapes] = self.function(*arguments, **named)
        return self.seen[shapes]


class Drifts:
    """Adds a larger error with every call."""

    def __init__(self, function):
        self.function = function
        self.calls = 0

    def __call__(self, *arguments, **named):
        self.calls += 1
        return self.function(*arguments, **named) + 0.01 * (self.calls - 1)


# ------------------------------------------------------------------------------------------------ precision


def conv_half(x, w, b, *rest, **named):
    return conv(x.astype(np.float16), w, b, *rest, **named).astype(float)


def bn_half_sums(x, *rest, **named):
    """Sum in half precision."""
    axes = tuple(range(x.ndim - 1))
    y, _, var = bn_train(x, *rest, **named)
    return y, bn_train(x, *rest, **named)[1] + x.mean(axis=axes) - x.mean(axis=axes, dtype=np.float16), var


def avg_pool_half(x, *rest, **named):
    return avg_pool(x.astype(np.float16).astype(float), *rest, **named)


# ------------------------------------------------------------------------------------------------ formulas


def back_dw_larger(*arguments, **named):
    dx, dw, db = conv_back(*arguments, **named)
    return dx, dw * 1.1, db


def back_two_results(*arguments, **named):
    return conv_back(*arguments, **named)[:2]


# ------------------------------------------------------------------------------------------------- chance


def dropout_squared(x, rate, training, rng):
    """Drop another share, rightly scaled."""
    return dropped(x, rate**2 if 0 <= rate < 1 else rate, training, rng)


def dropout_in_pairs(x, rate, training, rng):
    """Drop neighbours together."""
    _, mask = dropped(x, rate, training, rng)
    if training and rate:
        mask = np.repeat(mask.reshape(-1)[: (mask.size + 1) // 2], 2)[: mask.size].reshape(mask.shape)
    return x * mask, mask


def dropout_tired(x, rate, training, rng):
    y, mask = dropped(x, rate, training, rng)
    return (y, mask) if training else (0.9 * x, mask)


UNKNOWN = {
    "many rows": ("01_convolution", "conv2d", lambda: conv_large),
    "many rows in pooling": ("02_pooling", "max_pool2d", lambda: max_pool_large),
    "a large picture": ("00_why_cnns", "shift2d", lambda: shift_large),
    "many examples": ("04_batch_norm", "batch_norm_train", lambda: bn_large),
    "one channel is not heard": ("01_convolution", "conv2d", lambda: conv_third_channel),
    "one filter has no bias": ("01_convolution", "conv2d", lambda: conv_last_filter),
    "memory order": ("01_convolution", "conv2d", lambda: conv_memory_order),
    "memory order in pooling": ("02_pooling", "max_pool2d", lambda: max_pool_memory_order),
    "memory order in batch norm": ("04_batch_norm", "batch_norm_infer", lambda: bn_memory_order),
    "second image": ("01_convolution", "conv2d", lambda: conv_second_image),
    "wide stride": ("01_convolution", "conv2d", lambda: conv_wide_stride),
    "small numbers": ("01_convolution", "conv2d", lambda: conv_small_numbers),
    "a batch of one": ("04_batch_norm", "batch_norm_infer", lambda: bn_small_batch),
    "first answer again": ("01_convolution", "conv2d", lambda: Remembers(conv)),
    "first answer again in pooling": ("02_pooling", "avg_pool2d", lambda: Remembers(avg_pool)),
    "first answer again in batch norm": ("04_batch_norm", "batch_norm_backward", lambda: Remembers(bn_back)),
    "drift": ("02_pooling", "max_pool2d", lambda: Drifts(max_pool)),
    "half precision": ("01_convolution", "conv2d", lambda: conv_half),
    "sums in half precision": ("04_batch_norm", "batch_norm_train", lambda: bn_half_sums),
    "half precision in pooling": ("02_pooling", "avg_pool2d", lambda: avg_pool_half),
    "one gradient larger": ("01_convolution", "conv2d_backward", lambda: back_dw_larger),
    "two results of three": ("01_convolution", "conv2d_backward", lambda: back_two_results),
    "another share": ("03_dropout", "dropout", lambda: dropout_squared),
    "coins for two": ("03_dropout", "dropout", lambda: dropout_in_pairs),
    "tired at inference": ("03_dropout", "dropout", lambda: dropout_tired),
    "one channel twice": ("01_convolution", "conv2d",
                          lambda: lambda x, w, b, *a, **k: conv(x[..., [0] * x.shape[-1]], w, b, *a, **k) + 0.5),
    "last column": ("01_convolution", "conv2d",
                    lambda: lambda *a, **k: np.concatenate([(y := conv(*a, **k))[:, :, :-1], y[:, :, -1:] + 1], 2)),
    "a constant": ("01_convolution", "conv2d", lambda: lambda *a, **k: conv(*a, **k) * 0 + 1),
    "twice": ("01_convolution", "conv2d", lambda: lambda *a, **k: 2 * conv(*a, **k)),
    "square": ("01_convolution", "conv2d_step", lambda: lambda p, w, b: conv_step(p, w, b) ** 2),
    "minus": ("01_convolution", "conv2d_step", lambda: lambda p, w, b: -conv_step(p, w, b)),
    "first image": ("01_convolution", "conv2d",
                    lambda: lambda x, *a, **k: conv(np.repeat(x[:1] * 1.01, len(x), 0), *a, **k)),
    "second largest": ("02_pooling", "max_pool2d", lambda: lambda x, *a, **k: max_pool(x, *a, **k) - 0.37),
    "root mean square": ("02_pooling", "avg_pool2d", lambda: lambda x, *a, **k: np.sqrt(avg_pool(x**2, *a, **k))),
    "twos back": ("02_pooling", "avg_pool2d_backward", lambda: lambda dy, x, *a, **k: np.full_like(x, 2.0)),
    "nothing left": ("00_why_cnns", "shift2d", lambda: lambda x, dy, dx: np.zeros_like(x)),
    "one more": ("00_why_cnns", "dense_params", lambda: lambda a, b, bias=True: a * b + b + 1),
    "pi": ("00_why_cnns", "conv_params", lambda: lambda *a, **k: 3.14159),
    "text": ("00_why_cnns", "conv_params", lambda: lambda *a, **k: "many"),
    "crash": ("00_why_cnns", "shift2d", lambda: lambda *a: [][1]),
    "half": ("04_batch_norm", "batch_norm_infer", lambda: lambda x, *a: x / 2),
    "zeros": ("04_batch_norm", "batch_norm_infer", lambda: lambda x, *a: x * 0),
    "mask added": ("03_dropout", "dropout_backward", lambda: lambda dy, mask: dy + 0.1 * mask),
}  # fmt: skip
"""By what is wrong: the exercise, the function, and what makes the program: some remember what they were asked."""
