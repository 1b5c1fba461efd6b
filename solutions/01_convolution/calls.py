"""The calls with which the functions of exercise 1 are explored: the plainest one, and what may vary from there.

All numbers are small distinct integers. The size of the image follows from the kernel, the stride and the padding, so
that there are at least two windows along each axis, and no row is left over unless an aspect asks for it.
"""

import numpy as np

from grader.course import Aspect, CallFamily


def _distinct(rng, *shape):
    """Return an array of distinct small integers. None is 1, so that no weight leaves a pixel as it is."""
    size = int(np.prod(shape))
    return rng.permutation(np.arange(2.0, size + 6))[:size].reshape(shape)


def _gradient(rng, *shape):
    """Return distinct small integers, every other one negative: a gradient has both signs."""
    numbers = _distinct(rng, *shape)
    numbers.flat[::2] *= -1
    return numbers


def _numbers(rng, kind, image_shape, kernel_shape):
    """Return image and kernels; `kind` says how their numbers differ from small positive integers."""
    x, w = _distinct(rng, *image_shape), _distinct(rng, *kernel_shape)
    if kind == "fractions":
        return x / 2, w / 2
    if kind == "negative":
        return x, -w
    return (np.asfortranarray(x), w) if kind == "other order" else (x, w)


def _pair(value):
    return value if isinstance(value, tuple) else (value, value)


def _size(spans, strides, padding, left_over):
    """Return the smallest number of rows and columns of a square image for kernels that span so many pixels."""
    if padding == "same":
        return max(3, *(2 * s for s in strides), *spans) + left_over
    zeros = 2 * padding if isinstance(padding, int) else 0

    def steps_well(size):
        rests = [(size + zeros - span) % s for span, s in zip(spans, strides, strict=True)]
        return all(rests) if left_over else not any(rests)

    least = max(
        3 if left_over or max(strides) == 1 else 2, *(k + s - zeros for k, s in zip(spans, strides, strict=True))
    )
    fitting = [size for size in range(least, least + 2 * max(strides)) if steps_well(size)]
    return fitting[0] if fitting else least


def _outputs(n, span, s, padding):
    """Return the number of windows along an axis."""
    if padding == "same":
        return -(-n // s)
    return (n + (2 * padding if isinstance(padding, int) else 0) - span) // s + 1


def _geometry(kernel, stride, padding, wide, high, left_over, dilation=1):
    """Return the sizes of the image and of the output, each as (rows, columns)."""
    strides = _pair(stride or 1)
    spans = [(k - 1) * d + 1 for k, d in zip(kernel, _pair(dilation), strict=True)]
    size = _size(spans, strides, padding, left_over)
    image = (size + 2 * strides[0] * high, size + 2 * strides[1] * wide)
    return image, tuple(_outputs(n, span, s, padding) for n, span, s in zip(image, spans, strides, strict=True))


def _given(stride, padding):
    """Return the arguments stride and padding; None leaves one out."""
    return () if stride is None else (stride, padding)


def conv2d(
    rng, *, images=1, channels=1, filters=1, bias=False, kernel=(2, 2), stride=1, padding="valid", wide=False,
    high=False, left_over=False, numbers="integers",
):  # fmt: skip
    """Return x, w, b, stride and padding."""
    (rows, columns), _ = _geometry(kernel, stride, padding, wide, high, left_over)
    x, w = _numbers(rng, numbers, (images, rows, columns, channels), (*kernel, channels, filters))
    b = 10 * _distinct(rng, filters) if bias else np.zeros(filters)
    return x, w, b, *_given(stride, padding)


def conv2d_backward(
    rng, *, images=1, channels=1, filters=1, kernel=(2, 2), stride=1, padding="valid", wide=False, high=False,
    left_over=False, numbers="integers",
):  # fmt: skip
    """Return dy, x, w, stride and padding; dy has the shape of the output."""
    (rows, columns), outputs = _geometry(kernel, stride, padding, wide, high, left_over)
    x, w = _numbers(rng, numbers, (images, rows, columns, channels), (*kernel, channels, filters))
    return _gradient(rng, images, *outputs, filters), x, w, *_given(stride, padding)


def conv2d_dilated(rng, *, dilation=1, filters=1, channels=1, kernel=(2, 2), stride=1, padding="valid", bias=False):
    """Return x, w, b, stride, padding and dilation."""
    (rows, columns), _ = _geometry(kernel, stride, padding, False, False, False, dilation)
    x, w = _distinct(rng, 1, rows, columns, channels), _distinct(rng, *kernel, channels, filters)
    return x, w, 10 * _distinct(rng, filters) if bias else np.zeros(filters), stride, padding, dilation


def conv2d_grouped(rng, *, groups=1, channels=1, filters=1, kernel=(2, 2), stride=1, padding="valid", bias=False):
    """Return x, w, b, stride, padding and groups; `channels` and `filters` are those of one group."""
    (rows, columns), _ = _geometry(kernel, stride, padding, False, False, False)
    x, w = _distinct(rng, 1, rows, columns, channels * groups), _distinct(rng, *kernel, channels, filters * groups)
    b = 10 * _distinct(rng, filters * groups) if bias else np.zeros(filters * groups)
    return x, w, b, stride, padding, groups


def conv2d_step(rng, *, channels=1, filters=1, bias=False, kernel=(2, 2), numbers="integers"):
    """Return patch, w and b."""
    patch, w = _numbers(rng, numbers, (*kernel, channels), (*kernel, channels, filters))
    return patch, w, 10 * _distinct(rng, filters) if bias else np.zeros(filters)


def pad2d(rng, *, images=1, channels=1, rows=(1, 1), columns=(1, 1), wide=False, high=False):
    """Return x and pads."""
    return _distinct(rng, images, 2 + high, 2 + wide, channels), (rows, columns)


def same_padding(rng, *, k=3, s=1, rest=0):
    """Return n, k and s; n is a multiple of s, plus the rest."""
    return s * int(rng.integers(2, 4) if s > 1 else rng.integers(4, 8)) + rest, k, s


def _fits(x, w, stride=1, padding="valid", dilation=1):
    """Return whether the stub describes this convolution: the sizes are at least 1, and the kernel fits."""
    if x.ndim != 4 or w.ndim != 4 or 0 in (*x.shape, *w.shape):
        return False
    strides, holes = _pair(stride), _pair(dilation)
    if min(*strides, *holes) < 1 or (padding not in ("valid", "same") and padding < 0):
        return False
    axes = zip(x.shape[1:3], w.shape[:2], strides, holes, strict=True)
    return all(_outputs(n, (k - 1) * d + 1, s, padding) > 0 for n, k, s, d in axes)


def _valid_conv2d(x, w, b, stride=1, padding="valid", dilation=1):
    return _fits(x, w, stride, padding, dilation) and x.shape[3] == w.shape[2] and b.shape == w.shape[3:]


def _valid_backward(dy, x, w, stride=1, padding="valid"):
    if not _fits(x, w, stride, padding) or x.shape[3] != w.shape[2]:
        return False
    axes = zip(x.shape[1:3], w.shape[:2], _pair(stride), strict=True)
    outputs = [_outputs(n, k, s, padding) for n, k, s in axes]
    return dy.shape == (len(x), *outputs, w.shape[3])


def _valid_grouped(x, w, b, stride=1, padding="valid", groups=1):
    if not _fits(x, w, stride, padding) or groups < 1 or b.shape != w.shape[3:]:
        return False
    return x.shape[3] == w.shape[2] * groups and w.shape[3] % groups == 0


def _valid_step(patch, w, b):
    return patch.ndim == 3 and w.ndim == 4 and patch.size > 0 and w.shape[:3] == patch.shape and b.shape == w.shape[3:]


def _valid_pad(x, pads):
    return x.ndim == 4 and x.size > 0 and min(*pads[0], *pads[1]) >= 0


def _valid_same_padding(n, k, s):
    return min(n, k, s) >= 1


BIAS = Aspect("the bias is not 0", {"bias": True})
FILTERS = Aspect("there are several filters", {"filters": 3})
CHANNELS = Aspect("there are several channels", {"channels": 2})
IMAGES = Aspect("there are several images", {"images": 2})
STRIDE = Aspect("the stride is larger than 1", {"stride": 2})
STRIDES = (
    STRIDE,
    Aspect("the stride is a pair", {"stride": (1, 1)}),
    Aspect("the stride is larger for rows than for columns", {"stride": (2, 1)}),
    Aspect("the stride is larger for columns than for rows", {"stride": (1, 2)}),
)
LEFT_OVER = Aspect("the stride leaves a row and a column over", {"stride": 2, "left_over": True})
KERNELS = (
    Aspect("the kernel is 3 x 3", {"kernel": (3, 3)}),
    Aspect("the kernel is 1 x 1", {"kernel": (1, 1)}),
    Aspect("the kernel is wider than high", {"kernel": (1, 3)}),
    Aspect("the kernel is higher than wide", {"kernel": (3, 1)}),
)
SHAPES = (
    Aspect("the image is wider than high", {"wide": True}),
    Aspect("the image is higher than wide", {"high": True}),
)
SAME = (
    Aspect('the padding is "same"', {"padding": "same", "kernel": (3, 3)}),
    Aspect('the padding is "same" and the kernel has an even size', {"padding": "same", "kernel": (2, 2)}),
    Aspect('the padding is "same" and the stride is larger than 1', {"padding": "same", "kernel": (3, 3), "stride": 3}),
    Aspect('the padding is "same" and the kernel is not square', {"padding": "same", "kernel": (1, 3)}),
    Aspect(
        'the padding is "same" and the pixels are not a multiple of the stride',
        {"padding": "same", "kernel": (3, 3), "stride": 2, "left_over": True},
    ),
    Aspect(
        'the padding is "same" and the stride is larger than the kernel',
        {"padding": "same", "kernel": (2, 2), "stride": 3},
    ),
)
PADDINGS = (
    Aspect("the padding is the number 0", {"padding": 0}),
    Aspect("the padding is 1", {"padding": 1}),
    Aspect("the padding is 2", {"padding": 2}),
    *SAME,
)
DEFAULTS = Aspect("stride and padding are left out", {"stride": None, "padding": "valid"})
NUMBERS = (
    Aspect("the weights are negative", {"numbers": "negative"}),
    Aspect("the numbers are fractions", {"numbers": "fractions"}),
)
ORDER = Aspect("the image is stored in Fortran order", {"numbers": "other order"})

GEOMETRY = (*STRIDES, LEFT_OVER, *PADDINGS, *SHAPES, *KERNELS, DEFAULTS, *NUMBERS, ORDER)
PLAIN_ASPECTS = (BIAS, CHANNELS, FILTERS)
CHANNELS_AND_BIAS = Aspect("there are several channels and the bias is not 0", {"channels": 2, "bias": True})
DILATIONS = (
    Aspect("the dilation is larger than 1", {"dilation": 2}),
    Aspect("the dilation is larger for rows than for columns", {"dilation": (2, 1)}),
    Aspect("the dilation is larger for columns than for rows", {"dilation": (1, 2)}),
)
GROUPS = (
    Aspect("there are several groups", {"groups": 2}),
    Aspect("there are several groups of several channels", {"groups": 2, "channels": 2}),
    Aspect("there are several groups of several filters", {"groups": 2, "filters": 2}),
)
WITH_STRIDE_OR_PADDING = (STRIDE, *PADDINGS[1:4])

CALLS = {
    "same_padding": CallFamily(
        same_padding,
        (
            Aspect("the kernel is 5", {"k": 5}),
            Aspect("the kernel is 1", {"k": 1}),
            Aspect("the kernel has an even size", {"k": 2}),
            Aspect("the kernel has an even size above 2", {"k": 4}),
            Aspect("the stride is 2", {"s": 2}),
            Aspect("the stride is 3", {"s": 3}),
            Aspect("the pixels are not a multiple of the stride", {"s": 2, "rest": 1}),
            Aspect("the stride is larger than the kernel", {"s": 3, "k": 1}),
        ),
        _valid_same_padding,
    ),
    "pad2d": CallFamily(
        pad2d,
        (
            CHANNELS,
            IMAGES,
            Aspect("there are more zeros above and below than on the left and right", {"rows": (2, 2)}),
            Aspect("there are more zeros at the bottom than at the top", {"rows": (1, 2)}),
            Aspect("there are more zeros on the right than on the left", {"columns": (1, 2)}),
            Aspect("the top gets no zeros", {"rows": (0, 1)}),
            Aspect("the right side gets no zeros", {"columns": (1, 0)}),
            Aspect("there are no zeros on any side", {"rows": (0, 0), "columns": (0, 0)}),
            *SHAPES,
        ),
        _valid_pad,
    ),
    "conv2d_step": CallFamily(conv2d_step, (*PLAIN_ASPECTS, CHANNELS_AND_BIAS, *KERNELS, *NUMBERS), _valid_step),
    "conv2d": CallFamily(conv2d, (*PLAIN_ASPECTS, IMAGES, *GEOMETRY), _valid_conv2d),
    "conv2d_backward": CallFamily(conv2d_backward, (CHANNELS, FILTERS, IMAGES, *GEOMETRY), _valid_backward),
    "conv2d_fast": CallFamily(conv2d, (*PLAIN_ASPECTS, IMAGES, *GEOMETRY), _valid_conv2d),
    "conv2d_dilated": CallFamily(conv2d_dilated, (*DILATIONS, *PLAIN_ASPECTS, *WITH_STRIDE_OR_PADDING), _valid_conv2d),
    "conv2d_grouped": CallFamily(
        conv2d_grouped, (*GROUPS, BIAS, FILTERS, CHANNELS, *WITH_STRIDE_OR_PADDING), _valid_grouped
    ),
}
