"""Misconceptions about convolution, each as a switch of one wrong implementation per function.

The same misconception can give two programs: NumPy silently cuts a window short at the edge of the image, and the
multiplication by the kernel then raises. Such a program is another form of the same misconception.
"""

from functools import partial

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from grader.course import Misconception


def _pair(value):
    return tuple(value) if isinstance(value, (tuple, list)) else (value, value)


def _pads(n, k, s, padding, same):
    """Return the zeros before and after one axis, and the number of windows, for a misconception about "same"."""
    if padding == "valid":
        return 0, 0, None
    if padding != "same":
        return padding, padding, None
    out = -(-n // s)
    total = max((out - 1) * s + k - n, 0)
    if same == "one-too-many":
        each = ((n - 1) * s + k - n) // 2 + 1
        return each, each, None
    if same == "input-size":
        total = (n - 1) * s + k - n
        return total // 2, total - total // 2, n
    if same == "input-size-floor":
        each = ((n - 1) * s + k - n) // 2
        return each, each, None
    if same == "input-size-ceil":
        each = -(-((n - 1) * s + k - n) // 2)
        return each, each, None
    if same == "half-kernel":
        return k // 2, k // 2, None
    if same == "extra-first":
        return total - total // 2, total // 2, None
    if same == "ignores-stride":
        return (k - 1) // 2, k - 1 - (k - 1) // 2, None
    return total // 2, total - total // 2, None


def _padded(x, pads, outside="zeros"):
    """Pad with zeros, or with the values of a misconception."""
    if outside != "zeros":
        return np.pad(x, ((0, 0), *pads, (0, 0)), mode=outside)
    (top, bottom), (left, right) = pads
    N, H, W, C = x.shape
    padded = np.zeros((N, top + H + bottom, left + W + right, C))
    padded[:, top : top + H, left : left + W] = x
    return padded


def _all_fit(xp, w, counts, steps):
    """Return whether every window is inside the image."""
    rooms = zip(counts, steps, w.shape[:2], xp.shape[1:3], strict=True)
    return all(n > 0 and (n - 1) * s + k <= room for n, s, k, room in rooms)


def wrong_conv2d(
    x,
    w,
    b,
    stride=1,
    padding="valid",
    *,
    kernel="as-is",
    bias="filter",
    channels="all",
    step="right",
    size_from="kernel",
    output_axes="right",
    same="keras",
    outside="zeros",
    pad_fixed=None,
    count="floor",
    activation=False,
    integer=False,
    writes=False,
    batch="all",
    ragged="cut",
):
    """Compute `conv2d` with a switch for each misconception; the defaults are correct.

    kernel    as-is | flipped | transposed | reshaped
    bias      filter | element | forgotten | summed | first | channel
    channels  all | first | averaged
    step      right | only-in-shape | only-in-index | ignored | swapped | columns-first
    same      keras | input-size | input-size-floor | input-size-ceil | one-too-many | half-kernel | extra-first |
              ignores-stride | border-zero
    outside   zeros | edge | reflect;  count: floor | ceil | one-less
    ragged    cut | raises | multiplies (raises if the window and the kernel have different sizes)
    """
    given = x
    N, H, W, C = x.shape
    KH, KW, _, F = w.shape
    SH, SW = _pair(stride)
    if step == "swapped":
        SH, SW = SW, SH
    if pad_fixed is not None and padding != "valid":
        padding = pad_fixed
    inner = same == "border-zero" and padding == "same"
    top, bottom, rows = _pads(H, KH, SH, "valid" if inner else padding, same)
    left, right, columns = _pads(W, KW, SW, "valid" if inner else padding, same)
    xp = _padded(x, ((top, bottom), (left, right)), outside)
    kh, kw = (F, F) if size_from == "filters" else (KH, KW)
    sh, sw = (1, 1) if step in ("ignored", "only-in-index") else (SH, SW)

    def windows(room, s):
        if count == "ceil":
            return max(0, -(-room // s) + 1)
        if count == "one-less":
            return max(0, room // s)
        return max(0, room // s + 1)

    OH = rows if rows is not None else windows(xp.shape[1] - kh, sh)
    OW = columns if columns is not None else windows(xp.shape[2] - kw, sw)
    if kernel == "flipped":
        w = w[::-1, ::-1]
    elif kernel == "transposed":
        w = w.transpose(1, 0, 2, 3)
    elif kernel == "reshaped":
        w = w.reshape(F, C, KH, KW).transpose(2, 3, 1, 0)
    if channels == "first":
        w = np.concatenate([w[:, :, :1], np.zeros_like(w[:, :, 1:])], axis=2)
    elif channels == "averaged":
        w = w / C
    added = {
        "filter": b,
        "element": b * KH * KW * C,
        "forgotten": 0 * b,
        "summed": 0 * b + b.sum(),
        "first": 0 * b + b[0],
        "channel": b * C,
    }[bias]
    if output_axes == "swapped":
        OH, OW = OW, OH
    y = np.zeros((N, OH, OW, F), dtype=np.int64 if integer else np.float64)
    sh, sw = (1, 1) if step in ("only-in-shape", "ignored") else (SH, SW)
    turned = step == "columns-first" or output_axes == "swapped"
    if _all_fit(xp, w, (OW, OH) if turned else (OH, OW), (sh, sw)) and ragged == "cut":
        seen = sliding_window_view(xp, w.shape[:2], axis=(1, 2))[:, ::sh, ::sw]
        seen = seen.swapaxes(1, 2) if turned else seen
        y[...] = np.tensordot(seen[:, :OH, :OW], w, axes=((4, 5, 3), (0, 1, 2))) + added
    else:
        for i, j in np.ndindex(OH, OW):
            r, c = (j, i) if turned else (i, j)
            patch = xp[:, r * sh : r * sh + w.shape[0], c * sw : c * sw + w.shape[1]]
            if ragged == "multiplies":
                whole = xp[:, r * sh : r * sh + KH, c * sw : c * sw + KW, :, None]
                y[:, i, j] = (whole * w).sum(axis=(1, 2, 3)) + added
                continue
            taps = w[: patch.shape[1], : patch.shape[2]]
            if ragged == "raises" and not patch.shape[1:3] == w.shape[:2] == (KH, KW) == (kh, kw):
                raise ValueError("operands could not be broadcast together")
            y[:, i, j] = np.tensordot(patch, taps, axes=3) + added
    if batch == "first-only":
        y[1:] = 0
    if activation:
        y = np.maximum(y, 0)
    if inner:
        framed = np.zeros((N, -(-H // SH), -(-W // SW), F))
        inside = (framed.shape[1] - 2, framed.shape[2] - 2)
        if ragged == "raises" and inside != (OH, OW):
            raise ValueError("could not broadcast input array into the frame")
        first_row, first_column = (framed.shape[1] - OH) // 2, (framed.shape[2] - OW) // 2
        framed[:, first_row : first_row + OH, first_column : first_column + OW] = y
        y = framed
    if writes:
        given[...] = 0
    return y


def wrong_backward(
    dy,
    x,
    w,
    stride=1,
    padding="valid",
    *,
    crop="right",
    crops="always",
    into="new",
    assign=False,
    pad_fixed=None,
    same="keras",
    step="right",
    dx_kernel="as-is",
    dw="as-is",
    db="right",
    averaged=False,
):
    """Compute `conv2d_backward` with a switch for each misconception; the defaults are correct.

    crop   right | minus (a[p:-p]) | kept | corner;  step: right | mixed-up | ignored
    crops  always | numbers (only if the padding is a number) | not-same: when the crop is applied
    into   new | x (assigned to an array like x, which raises if the shape differs)
    db     right | mean | first-example | over-batch
    """
    N, H, W, _ = x.shape
    KH, KW = w.shape[:2]
    SH, SW = _pair(stride)
    if pad_fixed is not None and padding != "valid":
        padding = pad_fixed
    top, bottom, _ = _pads(H, KH, SH, padding, same)
    left, right, _ = _pads(W, KW, SW, padding, same)
    xp = _padded(x, ((top, bottom), (left, right)))
    d_padded, d_w = np.zeros(xp.shape), np.zeros(w.shape)
    sh, sw = {"right": (SH, SW), "mixed-up": (SW, SW), "ignored": (1, 1)}[step]
    back = w[::-1, ::-1] if dx_kernel == "flipped" else w
    if not assign and _all_fit(xp, w, dy.shape[1:3], (sh, sw)):
        for ki, kj in np.ndindex(KH, KW):
            place = np.s_[:, ki : ki + sh * dy.shape[1] : sh, kj : kj + sw * dy.shape[2] : sw]
            d_padded[place] += dy @ back[ki, kj].T
            d_w[ki, kj] = np.tensordot(xp[place], dy, axes=((0, 1, 2), (0, 1, 2)))
    else:
        for i, j in np.ndindex(dy.shape[1:3]):
            place = np.s_[:, i * sh : i * sh + KH, j * sw : j * sw + KW]
            rows, columns = d_padded[place].shape[1:3]
            part = np.tensordot(dy[:, i, j], back[:rows, :columns], axes=((1,), (3,)))
            d_padded[place] = part if assign else d_padded[place] + part
            d_w[:rows, :columns] += np.tensordot(xp[place], dy[:, i, j], axes=((0,), (0,)))
    if {"always": False, "numbers": padding in ("valid", "same"), "not-same": padding == "same"}[crops]:
        crop = "right"
    if crop == "minus":
        dx = d_padded[:, top:-bottom, left:-right]
    elif crop == "kept":
        dx = d_padded
    elif crop == "corner":
        dx = d_padded[:, :H, :W]
    else:
        dx = d_padded[:, top : top + H, left : left + W]
    if into == "x" and dx.shape != x.shape:
        raise ValueError("could not broadcast input array into the shape of x")
    if dw == "flipped":
        d_w = d_w[::-1, ::-1]
    d_b = {
        "right": dy.sum(axis=(0, 1, 2)),
        "mean": dy.mean(axis=(0, 1, 2)),
        "first-example": dy[0].sum(axis=(0, 1)),
        "over-batch": dy.sum(axis=0),
    }[db]
    return (dx, d_w / N, d_b / N) if averaged else (dx, d_w, d_b)


def wrong_same_padding(n, k, s, *, same="keras"):
    """Compute `same_padding` with the misconceptions of `wrong_conv2d`."""
    return _pads(n, k, s, "same", same)[:2]


def wrong_pad2d(x, pads, *, outside="constant", axes="right"):
    """Compute `pad2d`; outside: constant | edge; axes: right | swapped."""
    rows, columns = pads[::-1] if axes == "swapped" else pads
    return np.pad(x, ((0, 0), rows, columns, (0, 0)), mode=outside)


def wrong_step(patch, w, b, *, bias="filter", channels="all"):
    """Compute `conv2d_step`; bias: filter | element | forgotten; channels: all | first."""
    products = patch[..., None] * w
    if bias == "element":
        return (products + b).sum(axis=(0, 1, 2))
    total = products[:, :, :1].sum(axis=(0, 1, 2)) if channels == "first" else products.sum(axis=(0, 1, 2))
    return total if bias == "forgotten" else total + b


def wrong_dilated(x, w, b, stride=1, padding="valid", dilation=1, *, holes="between"):
    """Compute `conv2d_dilated`; holes: between | none."""
    DH, DW = _pair(dilation) if holes == "between" else (1, 1)
    spread = np.zeros(((w.shape[0] - 1) * DH + 1, (w.shape[1] - 1) * DW + 1, *w.shape[2:]))
    spread[::DH, ::DW] = w
    return wrong_conv2d(x, spread, b, stride, padding)


def wrong_grouped(x, w, b, stride=1, padding="valid", groups=1, *, order="right"):
    """Compute `conv2d_grouped`; order: right | interleaved (channel c belongs to group c modulo groups)."""
    size = x.shape[3] // groups
    channels = [
        range(g, x.shape[3], groups) if order == "interleaved" else range(g * size, (g + 1) * size)
        for g in range(groups)
    ]
    parts = zip(channels, np.split(w, groups, axis=3), np.split(b, groups), strict=True)
    return np.concatenate([wrong_conv2d(x[..., list(c)], v, a, stride, padding) for c, v, a in parts], axis=3)


def _conv(name, belief, question, probe, step_name, raises=False, **switches):
    """Return a misconception about `conv2d` and `conv2d_fast`; `raises` adds forms that raise at the edge."""
    programs = [partial(wrong_conv2d, **switches)]
    if raises:
        programs += [partial(wrong_conv2d, **switches, ragged=how) for how in ("multiplies", "raises")]
    return Misconception(f"conv.{name}", "conv2d", belief, question, probe, step_name, programs[0],
                         forms=tuple(programs[1:]), elsewhere={"conv2d_fast": tuple(programs)})  # fmt: skip


def _back(name, belief, question, probe, step_name, forms=(), **switches):
    """Return a misconception about `conv2d_backward`; `forms` are the switches of its other programs."""
    variant = partial(wrong_backward, **switches)
    others = tuple(partial(wrong_backward, **{**switches, **form}) for form in forms)
    return Misconception(f"convb.{name}", "conv2d_backward", belief, question, probe, step_name, variant, forms=others)


def _other(name, function, wrong, belief, question, probe, step_name, also="", **switches):
    """Return a misconception about `function`; `also` is another function that can show it."""
    variant = partial(wrong, **switches)
    elsewhere = {also: (variant,)} if also else {}
    return Misconception(f"conv.{name}", function, belief, question, probe, step_name, variant, elsewhere=elsewhere)


_IMPULSE = "Take a 3 x 5 image with a single 1 in the middle, and the kernel 1 2 3 / 4 5 6. What is the first output?"
_ZEROS = "Take an image of zeros and the biases 1, 10, 100. Which three numbers come out?"
_ONES = 'Take a 3 x 3 image of ones, a 3 x 3 kernel of ones, padding "same". Which values are in the corner and centre?'
_RAMP = "Take the row 0 1 2 3 4 5, the 1 x 1 kernel [1] and stride 2. Which numbers come out?"
_EVEN = 'Take the row 1 2, the kernel 10 1 and padding "same". Which two numbers come out?'
_DRAW = "Draw the windows on 6 pixels, kernel 3, stride 2. How many are there, and where does the last one end?"
_PICTURE = "Take the 3 x 3 image 0 to 8, the kernel 0 1 / 2 3 and a gradient of ones. What does the centre get?"

MISCONCEPTIONS = (
    _conv("true-convolution", "A convolution flips the kernel first.",
          "Put a single 1 into the image: does the kernel come out as you wrote it, or flipped?", _IMPULSE,
          "The kernel is flipped; networks do not flip it.", kernel="flipped"),
    _conv("bias-per-element", "The bias belongs to each product.",
          "For an image of zeros, what should one output be? What is it in your code?", _ZEROS,
          "The bias is added once per product.", bias="element"),
    _conv("bias-forgotten", "A filter has only weights.", "What does an image of zeros give?", _ZEROS,
          "The bias is missing.", bias="forgotten"),
    _conv("bias-summed-over-filters", "There is one bias, the sum of all biases.",
          "How many biases does a layer with F filters have?", _ZEROS, "All biases are added to every filter.",
          bias="summed"),
    _conv("bias-first-only", "The layer has one bias.", "How many biases does a layer with F filters have?", _ZEROS,
          "Every filter gets the first bias.", bias="first"),
    _conv("bias-per-channel", "Each input channel adds the bias.",
          "How many times is the bias added to one output?", _ZEROS, "Each channel adds the bias again.",
          bias="channel"),
    _conv("channels-first-only", "A filter looks at one channel.", "Does the filter see only red?",
          "Take one pixel with the channels 2 and 3, and the weights 10 and 100. Which number comes out?",
          "Only the first channel is used.", channels="first"),
    _conv("channels-averaged", "The channels are averaged.", "With two channels, does each one count only half?",
          "Take one pixel with the channels 2 and 3, and the weights 10 and 100. Which number comes out?",
          "The sum is divided by the number of channels.", channels="averaged"),
    _conv("stride-only-in-shape", "The stride makes the output smaller, but the window still moves by one.",
          "Where must the second window start?", _RAMP, "The stride is missing in the position of the window.",
          step="only-in-shape"),
    _conv("stride-only-in-index", "The window moves by the stride, but the output keeps its size.",
          "How many windows fit on 6 pixels at stride 2?", _RAMP, "The stride is missing in the output's size.",
          raises=True, step="only-in-index"),
    _conv("stride-ignored", "A window starts at every pixel.",
          "At stride 2, where does the second window start, and how many are there?", _RAMP, "The stride is not used.",
          step="ignored"),
    _conv("stride-axes-swapped", "The first number of the stride is for columns.",
          "Which number of the pair is for rows?",
          "Take a 6 x 2 image, the 1 x 1 kernel [1] and stride (2, 1). Which shape comes out?",
          "The row stride and the column stride are swapped.", step="swapped"),
    _conv("size-uses-filter-count", "The number of filters is the size of the kernel.",
          "Which of the four sizes of w is the height of a filter?",
          "Take a 3 x 3 image and one 2 x 2 filter. Which shape comes out?",
          "The output size is computed from the number of filters.", raises=True, size_from="filters"),
    _conv("output-axes-swapped", "The width comes first.", "For a 3 x 9 image, is your output high or wide?",
          "Take a 2 x 5 image and the 1 x 1 kernel [1]. What comes out?", "Rows and columns of the output are swapped.",
          raises=True, output_axes="swapped"),
    _conv("kernel-transposed", "The kernel's first axis is x.",
          "A kernel should find horizontal edges. Which edges does yours find?", _IMPULSE,
          "Rows and columns of the kernel are swapped.", raises=True, kernel="transposed"),
    _conv("rows-columns-swapped", "The first index of an image is x.", "Which pixel is x[0, 2, 1]?",
          "Take a 2 x 5 image and the 1 x 1 kernel [1]. What comes out?", "Rows and columns of the image are swapped.",
          raises=True, step="columns-first"),
    _other("kernel-reshaped-not-transposed", "conv2d_fast", wrong_conv2d, "A reshape moves axes.",
           "After the reshape, is element [0, 0, 1, 0] still the same weight?",
           "Number the weights of a kernel of shape (1, 1, 3, 2) from 0 to 5 and reshape them. Where is number 1?",
           "The kernels are reshaped; they must be transposed.", also="conv2d", kernel="reshaped"),
    _conv("pad-hardcoded-1", "Padding means one pixel.",
          "Use padding 0, then padding 2. What changes in your padded image?",
          "Take a 3 x 3 image with padding 2. How many rows does the padded image have?", "The padding is fixed at 1.",
          pad_fixed=1),
    _conv("same-means-input-size", '"same" keeps the input\'s size at any stride.',
          'At stride 2, does the picture shrink? What should "same" be the same as?', _DRAW,
          '"same" gives ceil(H / stride) rows.', same="input-size"),
    _conv("same-means-input-size-floor", '"same" keeps the input\'s size at any stride, rounded down.',
          'At stride 2, does the picture shrink? What should "same" be the same as?', _DRAW,
          '"same" gives ceil(H / stride) rows.', same="input-size-floor"),
    _conv("same-means-input-size-ceil", '"same" keeps the input\'s size at any stride, rounded up.',
          'At stride 2, does the picture shrink? What should "same" be the same as?', _DRAW,
          '"same" gives ceil(H / stride) rows.', same="input-size-ceil"),
    _conv("same-one-too-many", '"same" pads half the missing zeros on each side, plus one more.',
          "For a kernel of 3, how many zeros on each side keep the size? Count the zeros you add.", _ONES,
          "There is one zero too many on every side.", same="one-too-many"),
    _conv("same-half-kernel-both-sides", '"same" pads half the kernel on each side.',
          "For a kernel of 2, how many zeros are needed in total?", _EVEN,
          "An even kernel needs an odd number of zeros.", same="half-kernel"),
    _conv("same-extra-pad-first", "The odd zero goes at the top and left.",
          "If one side must get one more zero, which side does Keras choose?", _EVEN, "The odd zero goes at the end.",
          same="extra-first"),
    _conv("same-ignores-stride", 'The zeros for "same" do not depend on the stride.',
          "At stride 2, how far does the last window reach, and how many zeros does it need?", _DRAW,
          "The zeros are computed for stride 1.", same="ignores-stride"),
    _conv("same-leaves-border-zero", '"same" is the valid result in a frame of zeros.',
          "Should a corner of the output be 0 if the corner pixel is 9?", _ONES, "The border is left at 0.",
          raises=True, same="border-zero"),
    _conv("pad-replicates-edge", "Padding repeats the edge of the picture.", "What is outside the picture?", _ONES,
          "The edge is repeated; pad with zeros instead.", outside="edge"),
    _conv("pad-reflects", "Padding mirrors the picture.", "What is outside the picture?", _ONES,
          "The picture is mirrored; pad with zeros instead.", outside="reflect"),
    _conv("output-ceil", "A window that fits only partly counts too.",
          "How many windows of 2 fit on 5 pixels, side by side?",
          "8 rows, kernel 3, stride 2. Write down every start.", "Partial windows are counted.", raises=True,
          count="ceil"),
    _conv("output-off-by-one", "There are H - K windows.", "At how many positions can a window of 3 start on 5 pixels?",
          "3 rows, kernel 2. Write down every start.", "The last window is missing.", count="one-less"),
    _conv("activation-baked-in", "A convolution layer ends with a ReLU.", "Can your function return a negative number?",
          "Take one pixel of 1 and a weight of -1. Which number comes out?", "Negative outputs are clipped to 0.",
          activation=True),
    _conv("integer-output", "The output holds integers.", "What happens to 0.5 in your output?",
          "Take one pixel of 1 and a weight of 0.5. Which number comes out?", "Fractions are cut off.", integer=True),
    _conv("mutates-input", "The image may be overwritten.", "Does x still hold what the caller passed?",
          "Print x before and after the call.", "The function writes into its argument.", writes=True),
    _conv("batch-loop-first-only", "The batch has one image.",
          "What does your function return for the second image of a batch?",
          "Take two equal images. Compare the two outputs.", "Only the first example is computed.", batch="first-only"),
    _other("same-padding-half-kernel", "same_padding", wrong_same_padding, '"same" pads half the kernel on each side.',
           "For a kernel of 2, how many zeros are needed in total?", "n = 2, k = 2, s = 1. Draw both windows.",
           "An even kernel needs an odd number of zeros.", same="half-kernel"),
    _other("same-padding-extra-first", "same_padding", wrong_same_padding, "The odd zero goes before.",
           "Which side does Keras choose?", "n = 2, k = 2, s = 1. Draw both windows.",
           "The odd zero goes at the end.", same="extra-first"),
    _other("same-padding-ignores-stride", "same_padding", wrong_same_padding, "The stride does not matter.",
           "At stride 2, how far does the last window reach, and how many zeros does it need?", _DRAW,
           "The zeros are computed for stride 1.", same="ignores-stride"),
    _other("same-padding-input-size", "same_padding", wrong_same_padding, "The output is as large as the input.",
           'What should "same" be the same AS, at stride 2?', _DRAW, "There are ceil(n / s) windows.",
           same="input-size"),
    _other("pad2d-replicates-edge", "pad2d", wrong_pad2d, "Padding repeats the edge of the picture.",
           "What is outside the picture?",
           "Pad a single pixel 5 by one on each side. Which nine numbers do you get?",
           "The edge is repeated; pad with zeros instead.", outside="edge"),
    _other("pad2d-axes-swapped", "pad2d", wrong_pad2d, "The first pair is for columns.",
           "Which pair is top and bottom?",
           "Pad one pixel with ((1, 0), (0, 0)), one row above. Which shape do you get?",
           "Rows and columns are swapped.", axes="swapped"),
    _other("step-bias-per-element", "conv2d_step", wrong_step, "The bias belongs to each product.",
           "For a patch of zeros, what should each output be?",
           "Take a patch of zeros and two filters with the biases 10 and 100. Which two numbers come out?",
           "The bias is added once per product.", bias="element"),
    _other("step-bias-forgotten", "conv2d_step", wrong_step, "A filter has only weights.",
           "For a patch of zeros, what should each output be?",
           "Take a patch of zeros and two filters with the biases 10 and 100. Which two numbers come out?",
           "The bias is missing.", bias="forgotten"),
    _other("step-channels-first-only", "conv2d_step", wrong_step, "A filter looks at one channel.",
           "Does the filter see only red?",
           "Take one pixel with the channels 2 and 3, and the weights 10 and 100. Which number comes out?",
           "Only the first channel is used.", channels="first"),
    _other("dilation-ignored", "conv2d_dilated", wrong_dilated, "The weights of a kernel are always side by side.",
           "How many pixels does a kernel of 3 with dilation 2 span?",
           "Take a 3 x 3 image, a 2 x 2 kernel and dilation 2. Which four pixels count?", "The dilation is not used.",
           holes="none"),
    _other("groups-interleaved", "conv2d_grouped", wrong_grouped, "The groups take the channels in turns.",
           "Which channels does the second group see?", "Take four channels in two groups. Which two go together?",
           "The channels of a group are next to each other.", order="interleaved"),
    _back("dx-crop-empty-when-pad-0", "[p:-p] cuts p pixels off each side, for any p.", "What is a[0:-0]?",
          "Use padding 0. Print the shape of dx before and after you crop the padding.",
          "The slice is empty if there is no padding.", crop="minus",
          forms=[{"crops": where, "into": into} for where in ("always", "numbers", "not-same")
                 for into in ("new", "x")]),
    _back("assign-not-accumulate", "Each pixel belongs to one window.", "How many windows see the centre pixel?",
          _PICTURE, "The gradient is assigned; it must be added.", assign=True),
    _back("pad-hardcoded-1", "Padding means one pixel.",
          "With padding 2, how many rows of the padded gradient belong to no pixel?",
          "Take a 3 x 3 image with padding 2. Which shape does dx have?", "The padding is fixed at 1.", pad_fixed=1),
    _back("dx-padding-kept", "The gradient has the shape of the padded image.",
          "Which rows of the gradient belong to real pixels?",
          "Take a 3 x 3 image with padding 1. Which rows and columns of the padded gradient belong to the picture?",
          "The padding is not cropped.", crop="kept", forms=[{"into": "x"}]),
    _back("dx-cropped-from-corner", "The first H rows belong to the picture.",
          "Which rows of the gradient belong to real pixels?",
          "Take a 3 x 3 image with padding 1. Which rows and columns of the padded gradient belong to the picture?",
          "The crop starts at the corner; it must start where the picture starts.", crop="corner"),
    _back("same-one-too-many", '"same" pads half the missing zeros on each side, plus one more.',
          "Which zeros did the forward pass add?", _ONES, "There is one zero too many on every side.",
          same="one-too-many"),
    _back("stride-axis-mixed-up", "Both axes move by the column stride.", "Which number of the pair is for rows?",
          "Take stride (2, 1) on a 4 x 2 image and the 1 x 1 kernel [1]. Which rows get a gradient?",
          "The row index is multiplied by the column stride.", step="mixed-up"),
    _back("dx-kernel-flipped", "The backward pass flips the kernel, even in the loop over windows.",
          "If output (0, 0) used weight (0, 0) on pixel (0, 0), which weight carries the gradient back?", _PICTURE,
          "The kernel is flipped in the backward pass.", dx_kernel="flipped"),
    _back("dw-flipped", "The kernel's gradient is flipped.", "Which pixels were multiplied by weight (0, 0)?", _PICTURE,
          "The gradient of the kernel is flipped.", dw="flipped"),
    _back("grads-averaged-over-batch", "Gradients are means over the batch.",
          "Nudge b a little. By how much does the sum of y * dy change?",
          "Take one example, then the same one three times. How much larger is db?",
          "The gradient is divided by the batch size; the loss has already done that.", averaged=True),
    _back("db-mean-all", "The bias gradient is a mean.",
          "Nudge b a little. By how much does the sum of y * dy change?",
          "Take three examples, 2 x 2 outputs and a gradient of ones. What does each bias get?",
          "Take the sum, not the mean.", db="mean"),
    _back("db-first-example", "The bias gradient comes from one example.",
          "Take three equal examples. How much of the gradient comes from each one?",
          "Take three examples, 2 x 2 outputs and a gradient of ones. What does each bias get?",
          "Only the first example counts.", db="first-example"),
    _back("db-over-batch-only", "The bias gradient is a sum over the batch.",
          "How many biases are there? How many numbers did you return?",
          "Take three examples, 2 x 2 outputs and a gradient of ones. What does each bias get?",
          "Sum over rows and columns too.", db="over-batch"),
    _back("stride-ignored", "Windows always move by one pixel.", "Where did window i start in the forward pass?",
          "Take a row of four pixels, stride 2, and gradients 1 and 10. Which pixels get nothing?",
          "The stride is not used.",
          step="ignored"),
)  # fmt: skip
