"""Misconceptions about pooling, each as a switch of one wrong implementation per function."""

from functools import partial

import numpy as np

from grader.course import Misconception


def _pair(value):
    return tuple(value) if isinstance(value, (tuple, list)) else (value, value)


def _along(n, k, s, padding, ceil):
    if padding == "valid":
        before = after = 0
    elif padding == "same":
        total = max((-(-n // s) - 1) * s + k - n, 0)
        before, after = total // 2, total - total // 2
    else:
        before = after = padding
    room = n + before + after - k
    return before, after, max(0, (-(-room // s) if ceil else room // s) + 1)


def _geometry(x, size, stride, padding, *, default_stride, plan, ceil):
    """Return window, stride, pads and counts for the given switches."""
    KH, KW = _pair(size)
    if plan == "assumes-2x2":
        KH = KW = 2
    if plan == "window-transposed":
        KH, KW = KW, KH
    SH, SW = _pair(stride if stride is not None else (1 if default_stride == "one" else (KH, KW)))
    if plan == "stride-ignored":
        SH = SW = 1
    top, bottom, OH = _along(x.shape[1], KH, SH, padding, ceil)
    left, right, OW = _along(x.shape[2], KW, SW, padding, ceil)
    if plan == "width-from-height":
        OW = max(0, (x.shape[1] + left + right - KW) // SW + 1)
    step = (1, 1) if plan == "stride-only-in-shape" else (SH, SW)
    return (KH, KW), step, ((top, bottom), (left, right)), (OH, OW)


def wrong_pool(
    x,
    size=2,
    stride=None,
    padding="valid",
    *,
    keep="max",
    start="window",
    default_stride="size",
    plan="right",
    window="size",
    slice_transposed=False,
    channels="each",
    ceil=False,
    counts="real",
    empty="skipped",
    writes=False,
):
    """Compute either pooling with a switch for each misconception; `keep` alone is correct.

    keep      max | avg | sum | median | absolute
    start     window | zero (the search for the maximum) | zero-padding (padding may win)
    plan      right | stride-ignored | stride-only-in-shape | width-from-height | window-transposed | assumes-2x2
    counts    real | all (the divisor of the mean)
    empty     skipped | raises (a window without a pixel)
    """
    (KH, KW), (SH, SW), pads, (OH, OW) = _geometry(
        x, size, stride, padding, default_stride=default_stride, plan=plan, ceil=ceil
    )
    N, H, W, C = x.shape
    (top, _), (left, _) = pads
    y = np.zeros((N, OH, OW, C))
    if start == "zero-padding":
        x, top, left, (H, W) = np.pad(x, ((0, 0), *pads, (0, 0))), 0, 0, (H + sum(pads[0]), W + sum(pads[1]))
    for i in range(OH):
        for j in range(OW):
            h, w = (SH, SW) if window == "stride" else (KH, KW)
            if slice_transposed:
                h, w = w, h
            first_row, first_column = i * SH - top, j * SW - left
            cut = x[:, max(0, first_row) : max(0, first_row + h), max(0, first_column) : max(0, first_column + w)]
            if cut.shape[1] == 0 or cut.shape[2] == 0:
                if empty == "raises":
                    raise ValueError("zero-size array to reduction operation")
                continue
            if keep in ("max", "absolute"):
                best = (np.abs(cut) if keep == "absolute" else cut).max(axis=(1, 2))
                y[:, i, j] = np.maximum(best, 0) if start == "zero" else best
            elif keep == "median":
                y[:, i, j] = np.median(cut, axis=(1, 2))
            else:
                y[:, i, j] = cut.sum(axis=(1, 2))
                if keep == "avg":
                    y[:, i, j] /= h * w if counts == "all" else cut.shape[1] * cut.shape[2]
    if channels == "together":
        y = y.max(axis=-1, keepdims=True) if keep == "max" else y.mean(axis=-1, keepdims=True)
    if writes:
        x[...] = 0
    return y


def wrong_global(x, *, axes=(1, 2), total=False):
    """Compute `global_avg_pool2d`; axes: the axes of the mean; total: return the sum."""
    return x.sum(axis=axes) if total else x.mean(axis=axes)


def wrong_pool_backward(
    dy, x, size=2, stride=None, padding="valid", *, keep="max", assign=False, share="right", to="winner", ties="first"
):
    """Compute either backward pass with a switch for each misconception; `keep` alone is correct.

    assign    the gradient is assigned, not added
    share     right | whole (not divided) | sqrt | window (divided by its size, even at the edge)
    to        winner | everyone | times-value;  ties: first | all (a convention)
    """
    (KH, KW), (SH, SW), pads, (OH, OW) = _geometry(
        x, size, stride, padding, default_stride="size", plan="right", ceil=False
    )
    (top, _), (left, _) = pads
    dx = np.zeros(x.shape)
    for n, i, j, c in np.ndindex(len(x), OH, OW, x.shape[-1]):
        rows = slice(max(0, i * SH - top), max(0, i * SH - top + KH))
        columns = slice(max(0, j * SW - left), max(0, j * SW - left + KW))
        cut, gradient = x[n, rows, columns, c], dy[n, i, j, c]
        if keep == "avg":
            count = {"right": cut.size, "whole": 1, "sqrt": np.sqrt(cut.size), "window": KH * KW}[share]
            part = np.full(cut.shape, gradient / count)
        elif to == "everyone":
            part = np.full(cut.shape, gradient)
        else:
            winners = cut == cut.max()
            if ties == "first":
                winners = np.arange(cut.size).reshape(cut.shape) == cut.argmax()
            part = winners * gradient * (cut if to == "times-value" else 1)
        if assign:
            dx[n, rows, columns, c] = np.where(part != 0, part, dx[n, rows, columns, c]) if keep == "max" else part
        else:
            dx[n, rows, columns, c] += part
    return dx


def _pool(name, function, belief, question, probe, step, also=(), raises=False, backward=None, **switches):
    """Return a misconception about pooling.

    `also` names the other functions that can show it, and `backward` the switches of `avg_pool2d_backward` that do.
    `raises` adds a form that raises if a window is outside the image.
    """
    programs = {}
    for one in (function, *also):
        keep = {"keep": "avg"} if one == "avg_pool2d" and "keep" not in switches else {}
        forms = [{}, {"empty": "raises"}] if raises else [{}]
        programs[one] = tuple(partial(wrong_pool, **keep, **switches, **form) for form in forms)
    variant, *forms = programs.pop(function)
    if backward:
        programs["avg_pool2d_backward"] = (partial(wrong_pool_backward, keep="avg", **backward),)
    return Misconception(f"pool.{name}", function, belief, question, probe, step, variant,
                         forms=tuple(forms), elsewhere=programs)  # fmt: skip


def _back(name, function, belief, question, probe, step, severity="mistake", **switches):
    keep = {"keep": "avg"} if function == "avg_pool2d_backward" else {}
    variant = partial(wrong_pool_backward, **keep, **switches)
    return Misconception(f"poolb.{name}", function, belief, question, probe, step, variant, severity)


_AVG = ("avg_pool2d",)
_ROW = "Take an image with the single row 0 1 2 3 4 5, size (1, 3) and stride 2. What does each window see?"

MISCONCEPTIONS = (
    _pool("stride-default-1", "max_pool2d", "By default, the window moves by one.",
          "How far apart are windows by default?",
          "Take the row 0 1 2 3 4 5 and size (1, 3), without a stride. How many windows are there?",
          "The default stride is the size.", also=_AVG, default_stride="one"),
    _pool("max-pads-with-zero", "max_pool2d", "Padding is always made of zeros.",
          "All pixels are negative. Where does your 0 come from?",
          'Take the single pixel -5, size 2, stride 1 and padding "same". What comes out?',
          "Padding must never win a maximum.",
          start="zero-padding"),
    _pool("max-starts-at-zero", "max_pool2d", "The search for the largest number starts at 0.",
          "All pixels are negative. Where does your 0 come from?",
          "Take a 2 x 2 image of -4, -3, -2, -1. Which number is the largest?",
          "Start the search with a number of the window.",
          start="zero"),
    _pool("avg-counts-padding", "avg_pool2d", "The mean is always the sum divided by the size of the window.",
          "At the border, which numbers belong to the mean? Only real pixels, or padding too?",
          'Take a 3 x 3 image of sixes, size 2 and padding "same". What is the mean of the last window?',
          "Divide by the number of real pixels.", backward={"share": "window"}, counts="all"),
    _pool("avg-is-sum", "avg_pool2d", "An average is a sum.", "What does a constant image become?",
          "Take four sevens with size 2. What comes out?", "The sum is not divided.", keep="sum"),
    _pool("avg-is-median", "avg_pool2d", "The mean is the number in the middle.",
          "What is the mean of 0, 0, 0, 8? And the number in the middle?", "Compute the mean of 0, 0, 0, 8.",
          "This is the median, not the mean.", keep="median"),
    _pool("max-of-absolute", "max_pool2d", "The strongest response counts, whatever its sign.",
          "Which is larger, -9 or 2?", "Take a window of -9, 1, 1, 2. What comes out?",
          "This is the maximum of the absolute values.", keep="absolute"),
    _pool("mode-ignored-max", "max_pool2d", "One function does both kinds of pooling, and it takes the mean.",
          "Your maximum and your mean are the same. Can that be right?",
          "Take a window of 1, 3, 5, 7. What is the maximum, and what is the mean?",
          "The function returns the mean; it must return the maximum.",
          keep="avg"),
    _pool("mode-ignored-avg", "avg_pool2d", "One function does both kinds of pooling, and it takes the maximum.",
          "Your mean and your maximum are the same. Can that be right?",
          "Take a window of 1, 3, 5, 7. What is the maximum, and what is the mean?",
          "The function returns the maximum; it must return the mean.",
          keep="max"),
    _pool("across-channels", "max_pool2d", "Pooling combines the channels.", "Do 3 channels become 1?",
          "Take one pixel with the channels 1, 5, 3 and size 1. How many numbers come out?",
          "Pool each channel separately.",
          also=_AVG, channels="together"),
    _pool("keeps-partial-windows", "max_pool2d", "A window that fits only partly counts too.",
          "Which windows are completely inside the image?", "7 rows, windows of 2. How many are there?",
          'With padding "valid", only whole windows count.', also=_AVG, raises=True, ceil=True),
    _pool("window-is-stride", "max_pool2d", "The window reaches from one start to the next.",
          "With stride 1 and a window of 3, how many numbers do you look at?", _ROW,
          "Size and stride are different things.",
          also=_AVG, window="stride"),
    _pool("width-from-height", "max_pool2d", "The output is as wide as it is high.",
          "How many columns does your output have for a 7 x 9 image, and which number are they computed from?",
          "Take a 2 x 6 image and size 2. Which shape comes out?", "The width is computed from the height.", also=_AVG,
          raises=True, plan="width-from-height"),
    _pool("window-transposed", "max_pool2d", "The first number of the size is the width.",
          "Is a (3, 2) window 3 high or 3 wide?", "Take a 6 x 2 image and size (3, 2). Which shape comes out?",
          "Rows come first in every pair.", also=_AVG, raises=True, plan="window-transposed"),
    _pool("slice-transposed", "max_pool2d", "The slice may swap height and width of the window.",
          "A window is 3 high and 2 wide. Which numbers did you slice?",
          "Take a 3 x 2 image and size (3, 2): one window with the whole image.",
          "The slice uses the width for rows.", also=_AVG, raises=True, slice_transposed=True),
    _pool("assumes-2x2", "max_pool2d", "A pooling window is always 2 x 2.",
          "With a window of 3, how many numbers do you look at?",
          "Take the row 0 1 2 3 4 5 and size (1, 3). What comes out?",
          "The size is fixed in the code.", also=_AVG, plan="assumes-2x2"),
    _pool("stride-only-in-shape", "max_pool2d",
          "The stride makes the output smaller, but the window still moves by one.",
          "Where must the second window start?", _ROW, "The stride is missing in the position of the window.",
          also=_AVG, plan="stride-only-in-shape"),
    _pool("stride-ignored", "max_pool2d", "A window starts at every pixel.",
          "At stride 2, where does the second window start?", _ROW, "The stride is not used.", also=_AVG,
          plan="stride-ignored"),
    _pool("mutates-input", "max_pool2d", "The image is no longer needed.", "Does x still hold what the caller passed?",
          "Print x before and after the call.", "The function writes into its argument.", also=_AVG, writes=True),
    Misconception("pool.global-over-channels", "global_avg_pool2d", "The mean runs over everything but the batch.",
                  "How many numbers come out for an image with 3 channels?",
                  "Take two pixels with two channels each, (1, 10) and (3, 30). Which two numbers come out?",
                  "The channels are averaged too.", partial(wrong_global, axes=(1, 2, 3))),
    Misconception("pool.global-is-sum", "global_avg_pool2d", "Global pooling is a sum.",
                  "What does a constant map become?",
                  "Take two pixels with two channels each, (1, 10) and (3, 30). Which two numbers come out?",
                  "The sum is not divided.", partial(wrong_global, total=True)),
    _back("max-overwrites", "max_pool2d_backward", "Each pixel belongs to one window.",
          "A pixel wins in two windows. How much gradient does it get?",
          "Take the row 1 9 2, size (1, 2), stride 1 and the gradients 10 and 1. What does the 9 get?",
          "The gradient is assigned; it must be added.", assign=True),
    _back("assign-not-accumulate", "avg_pool2d_backward", "Windows never overlap.",
          "How many windows see the middle pixel?",
          "Take a row of three, size (1, 2), stride 1 and the gradients 10 and 4. What does the middle pixel get?",
          "The gradient is assigned; it must be added.", assign=True),
    _back("ties-all-full-gradient", "max_pool2d_backward", "Every maximum gets the gradient.",
          "Two maxima are equal and you nudge one. How much does the maximum rise?",
          "Take a window of 7, 7, 1, 1 and the gradient 10. Which pixel gets what?",
          "This is a different convention for ties; here the first maximum gets the whole gradient.",
          severity="convention", ties="all"),
    _back("avg-not-divided", "avg_pool2d_backward", "Every pixel gets the whole gradient.",
          "Is the sum of dx the sum of dy?", "Take a 2 x 2 window and the gradient 10. What does each pixel get?",
          "The gradient is not divided by the number of pixels.", share="whole"),
    _back("avg-sqrt-divided", "avg_pool2d_backward", "The gradient is divided by the side of the window.",
          "Is the sum of dx the sum of dy?", "Take a 2 x 2 window and the gradient 10. What does each pixel get?",
          "The gradient is divided by the square root of the number of pixels.", share="sqrt"),
    _back("max-gradient-times-value", "max_pool2d_backward", "The winner's gradient is multiplied by its value.",
          "Nudge the winner a little. By how much does the output change?",
          "Take a window of 1, 3, 5, 7 and the gradient 10. Which pixel gets what?",
          "The derivative of a maximum with respect to its winner is 1.", to="times-value"),
    _back("max-gradient-to-everyone", "max_pool2d_backward", "All pixels of a window get the gradient.",
          "Nudge a pixel that did not win. Does the output change?",
          "Take a window of 1, 3, 5, 7 and the gradient 10. Which pixel gets what?", "Only the winner gets a gradient.",
          to="everyone"),
)  # fmt: skip
