"""What learners believe of pooling, each as a switch of one wrong implementation a function."""

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
    """Window, stride, pads and counts, as the switches have them."""
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
    """Either pooling with a switch for each belief; with `keep` alone it is right.

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
    """`global_avg_pool2d`; axes: those of the mean; total: the sum."""
    return x.sum(axis=axes) if total else x.mean(axis=axes)


def wrong_pool_backward(
    dy, x, size=2, stride=None, padding="valid", *, keep="max", assign=False, share="right", to="winner", ties="first"
):
    """Either backward pass with a switch for each belief; with `keep` alone it is right.

    assign    the gradient is assigned where it should be added
    share     right | whole (not divided) | sqrt | window (by its size, also over the edge)
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
    """`also` names the functions that share the belief, `backward` the switches of the mean's gradient that do.

    With `raises` there is a form that does so where a window lies outside the image.
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
_ROW = "The row 0 1 2 3 4 5 in an image of one row, size (1, 3), stride 2. What does each window see?"

MISCONCEPTIONS = (
    _pool("stride-default-1", "max_pool2d", "Without a stride, the window moves by one.",
          "How far apart are windows if nobody says?", "The row 0 1 2 3 4 5, size (1, 3), no stride. How many windows?",
          "The default stride is the size.", also=_AVG, default_stride="one"),
    _pool("max-pads-with-zero", "max_pool2d", "Padding is made of zeros, here as everywhere.",
          "All pixels are negative. Where does your 0 come from?",
          'One pixel of -5, size 2, stride 1, padding "same". What comes out?', "Padding must never win a maximum.",
          start="zero-padding"),
    _pool("max-starts-at-zero", "max_pool2d", "The search for the largest number starts at 0.",
          "All pixels are negative. Where does your 0 come from?",
          "A 2 x 2 image of -4, -3, -2, -1. Which is the largest?", "The search starts with a number of the window.",
          start="zero"),
    _pool("avg-counts-padding", "avg_pool2d", "The mean is the sum divided by the size of the window, always.",
          "At the border, the mean of which numbers? Of those that exist, or of the padding too?",
          'A 3 x 3 image of sixes, size 2, padding "same". What is the mean of the last window?',
          "The divisor is the number of real pixels.", backward={"share": "window"}, counts="all"),
    _pool("avg-is-sum", "avg_pool2d", "Averaging is adding up.", "What becomes of a constant image?",
          "Four sevens, size 2. What comes out?", "The sum is not divided.", keep="sum"),
    _pool("avg-is-median", "avg_pool2d", "The middle number is the mean.",
          "What is the mean of 0, 0, 0, 8? And the number in the middle?", "Work out the mean of 0, 0, 0, 8.",
          "A median in place of a mean.", keep="median"),
    _pool("max-of-absolute", "max_pool2d", "The strongest response counts, whatever its sign.",
          "What is the largest of -9 and 2?", "A window of -9, 1, 1, 2. What comes out?",
          "The maximum of the absolute values.", keep="absolute"),
    _pool("mode-ignored-max", "max_pool2d", "One function serves for both kinds of pooling, and it averages.",
          "Your maximum and your mean gave the same. Can that be?",
          "A window of 1, 3, 5, 7. What is its maximum, what its mean?", "The mean where the maximum is asked for.",
          keep="avg"),
    _pool("mode-ignored-avg", "avg_pool2d", "One function serves for both kinds of pooling, and it takes the maximum.",
          "Your mean and your maximum gave the same. Can that be?",
          "A window of 1, 3, 5, 7. What is its maximum, what its mean?", "The maximum where the mean is asked for.",
          keep="max"),
    _pool("across-channels", "max_pool2d", "Pooling takes the channels together.", "Do 3 channels become 1?",
          "One pixel with the channels 1, 5, 3, size 1. How many numbers come out?", "Channels are pooled one by one.",
          also=_AVG, channels="together"),
    _pool("keeps-partial-windows", "max_pool2d", "A window that fits partly counts too.",
          "Which windows lie inside the image entirely?", "7 rows, windows of 2: how many?",
          'With padding "valid" only whole windows count.', also=_AVG, raises=True, ceil=True),
    _pool("window-is-stride", "max_pool2d", "The window is the block from one stride to the next.",
          "Stride 1, window 3: how many numbers did you look at?", _ROW, "Size and stride are two things.",
          also=_AVG, window="stride"),
    _pool("width-from-height", "max_pool2d", "The output is as wide as it is high.",
          "How many columns has your output for a 7 x 9 image, and from which number do they come?",
          "A 2 x 6 image, size 2: which shape?", "Width is counted from the height.", also=_AVG, raises=True,
          plan="width-from-height"),
    _pool("window-transposed", "max_pool2d", "The first number of the size is the width.",
          "3 high and 2 wide: which way does your window lie?", "A 6 x 2 image, size (3, 2). Which shape comes out?",
          "Rows come first in every pair.", also=_AVG, raises=True, plan="window-transposed"),
    _pool("slice-transposed", "max_pool2d", "Height and width may be exchanged when the window is cut out.",
          "3 high and 2 wide: which numbers did you cut out?", "A 3 x 2 image, size (3, 2): one window with all of it.",
          "The slice takes the width for rows.", also=_AVG, raises=True, slice_transposed=True),
    _pool("assumes-2x2", "max_pool2d", "A pooling window is 2 x 2.",
          "With a window of 3, how many numbers do you look at?", "The row 0 1 2 3 4 5, size (1, 3). What comes out?",
          "The size is fixed in the code.", also=_AVG, plan="assumes-2x2"),
    _pool("stride-only-in-shape", "max_pool2d", "The stride makes the output smaller; the window still moves by one.",
          "Where must the second window start?", _ROW, "The stride is missing where the window is cut out.",
          also=_AVG, plan="stride-only-in-shape"),
    _pool("stride-ignored", "max_pool2d", "Every pixel starts a window.",
          "At stride 2, where does the second window start?", _ROW, "The stride is not used.", also=_AVG,
          plan="stride-ignored"),
    _pool("mutates-input", "max_pool2d", "The image is no longer needed.", "Is x still what the caller gave you?",
          "Print x before the call and after it.", "Writes into its argument.", also=_AVG, writes=True),
    Misconception("pool.global-over-channels", "global_avg_pool2d", "The mean runs over everything but the batch.",
                  "How many numbers does an image with 3 channels become?",
                  "Two pixels of two channels, (1, 10) and (3, 30). Which two numbers come out?",
                  "Channels are averaged too.", partial(wrong_global, axes=(1, 2, 3))),
    Misconception("pool.global-is-sum", "global_avg_pool2d", "The map is added up.", "What becomes of a constant map?",
                  "Two pixels of two channels, (1, 10) and (3, 30). Which two numbers come out?",
                  "The sum is not divided.", partial(wrong_global, total=True)),
    _back("max-overwrites", "max_pool2d_backward", "Each pixel belongs to one window.",
          "A pixel wins in two windows. How much gradient does it get?",
          "The row 1 9 2, size (1, 2), stride 1, gradients 10 and 1. What does the 9 get?",
          "Assigned, not accumulated.", assign=True),
    _back("assign-not-accumulate", "avg_pool2d_backward", "Windows never overlap.",
          "How many windows saw the middle pixel?",
          "A row of three, size (1, 2), stride 1, gradients 10 and 4. What does the middle get?",
          "Assigned, not accumulated.", assign=True),
    _back("ties-all-full-gradient", "max_pool2d_backward", "Every maximum gets the gradient.",
          "Two equal maxima, nudge one: how much does the maximum rise?", "A window of 7, 7, 1, 1 and the gradient 10.",
          "Another convention for ties: here the first one takes it all.", severity="convention", ties="all"),
    _back("avg-not-divided", "avg_pool2d_backward", "Every pixel gets the whole gradient.",
          "Is the sum of dx the sum of dy?", "A 2 x 2 window and the gradient 10. What does each pixel get?",
          "Not divided by the count.", share="whole"),
    _back("avg-sqrt-divided", "avg_pool2d_backward", "The gradient is divided by the side of the window.",
          "Is the sum of dx the sum of dy?", "A 2 x 2 window and the gradient 10. What does each pixel get?",
          "Divided by the root of the count.", share="sqrt"),
    _back("max-gradient-times-value", "max_pool2d_backward", "The winner's gradient is multiplied by its value.",
          "Nudge the winner by a little. By how much does the output move?",
          "A window of 1, 3, 5, 7 and the gradient 10. Who gets what?",
          "The derivative of a maximum by its winner is 1.", to="times-value"),
    _back("max-gradient-to-everyone", "max_pool2d_backward", "All pixels of a window get the gradient.",
          "Nudge a pixel that did not win. Does the output move?",
          "A window of 1, 3, 5, 7 and the gradient 10. Who gets what?", "Only the winner has a gradient.",
          to="everyone"),
)  # fmt: skip
