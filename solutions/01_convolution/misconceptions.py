"""What learners believe of convolution, each as a switch of one wrong implementation a function.

A belief often shows twice: NumPy cuts a window short at the edge of the image without a word, and then multiplying it
by the kernel raises. Such a program is another form of the same belief.
"""

from functools import partial

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from grader.course import Misconception


def _pair(value):
    return tuple(value) if isinstance(value, (tuple, list)) else (value, value)


def _pads(n, k, s, padding, same):
    """Zeros before and after one axis, and the number of windows, as a belief about "same" has them."""
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
    """With zeros around, or with what a belief finds there."""
    if outside != "zeros":
        return np.pad(x, ((0, 0), *pads, (0, 0)), mode=outside)
    (top, bottom), (left, right) = pads
    N, H, W, C = x.shape
    padded = np.zeros((N, top + H + bottom, left + W + right, C))
    padded[:, top : top + H, left : left + W] = x
    return padded


def _all_fit(xp, w, counts, steps):
    """Whether every window lies within the image."""
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
    """`conv2d` with a switch for each belief; with none of them it is right.

    kernel    as-is | flipped | transposed | reshaped
    bias      filter | element | forgotten | summed | first | channel
    channels  all | first | averaged
    step      right | only-in-shape | only-in-index | ignored | swapped | columns-first
    same      keras | input-size | input-size-floor | input-size-ceil | one-too-many | half-kernel | extra-first |
              ignores-stride | border-zero
    outside   zeros | edge | reflect;  count: floor | ceil | one-less
    ragged    cut | raises | multiplies, which raises now and then: where what is cut out has not the kernel's size
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
    """`conv2d_backward` with a switch for each belief; with none of them it is right.

    crop   right | minus (a[p:-p]) | kept | corner;  step: right | mixed-up | ignored
    crops  always | numbers (only where the padding is one) | not-same: where the crop is so
    into   new | x (assigned to an array like x, which raises where the shape is another)
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
    """`same_padding` with the beliefs of `wrong_conv2d`."""
    return _pads(n, k, s, "same", same)[:2]


def wrong_pad2d(x, pads, *, outside="constant", axes="right"):
    """`pad2d`; outside: constant | edge; axes: right | swapped."""
    rows, columns = pads[::-1] if axes == "swapped" else pads
    return np.pad(x, ((0, 0), rows, columns, (0, 0)), mode=outside)


def wrong_step(patch, w, b, *, bias="filter", channels="all"):
    """`conv2d_step`; bias: filter | element | forgotten; channels: all | first."""
    products = patch[..., None] * w
    if bias == "element":
        return (products + b).sum(axis=(0, 1, 2))
    total = products[:, :, :1].sum(axis=(0, 1, 2)) if channels == "first" else products.sum(axis=(0, 1, 2))
    return total if bias == "forgotten" else total + b


def wrong_dilated(x, w, b, stride=1, padding="valid", dilation=1, *, holes="between"):
    """`conv2d_dilated`; holes: between | none."""
    DH, DW = _pair(dilation) if holes == "between" else (1, 1)
    spread = np.zeros(((w.shape[0] - 1) * DH + 1, (w.shape[1] - 1) * DW + 1, *w.shape[2:]))
    spread[::DH, ::DW] = w
    return wrong_conv2d(x, spread, b, stride, padding)


def wrong_grouped(x, w, b, stride=1, padding="valid", groups=1, *, order="right"):
    """`conv2d_grouped`; order: right | interleaved (channel c belongs to group c modulo groups)."""
    size = x.shape[3] // groups
    channels = [
        range(g, x.shape[3], groups) if order == "interleaved" else range(g * size, (g + 1) * size)
        for g in range(groups)
    ]
    parts = zip(channels, np.split(w, groups, axis=3), np.split(b, groups), strict=True)
    return np.concatenate([wrong_conv2d(x[..., list(c)], v, a, stride, padding) for c, v, a in parts], axis=3)


def _conv(name, belief, question, probe, step_name, raises=False, **switches):
    """A belief about `conv2d`, which `conv2d_fast` shares; `raises` where windows lie over the edge."""
    programs = [partial(wrong_conv2d, **switches)]
    if raises:
        programs += [partial(wrong_conv2d, **switches, ragged=how) for how in ("multiplies", "raises")]
    return Misconception(f"conv.{name}", "conv2d", belief, question, probe, step_name, programs[0],
                         forms=tuple(programs[1:]), elsewhere={"conv2d_fast": tuple(programs)})  # fmt: skip


def _back(name, belief, question, probe, step_name, forms=(), **switches):
    """`forms` are the switches of other programs of the same belief."""
    variant = partial(wrong_backward, **switches)
    others = tuple(partial(wrong_backward, **{**switches, **form}) for form in forms)
    return Misconception(f"convb.{name}", "conv2d_backward", belief, question, probe, step_name, variant, forms=others)


def _other(name, function, wrong, belief, question, probe, step_name, also="", **switches):
    """`also` is another function that the belief is found in."""
    variant = partial(wrong, **switches)
    elsewhere = {also: (variant,)} if also else {}
    return Misconception(f"conv.{name}", function, belief, question, probe, step_name, variant, elsewhere=elsewhere)


_IMPULSE = "A 3 x 5 image with a single 1 in its middle, and the kernel 1 2 3 / 4 5 6. What is the first output?"
_ZEROS = "An image of zeros and the biases 1, 10, 100. Which three numbers come out?"
_ONES = 'A 3 x 3 image of ones, a 3 x 3 kernel of ones, padding "same". What is in the corner, what in the centre?'
_RAMP = "The row 0 1 2 3 4 5, a kernel of one 1, stride 2. Which numbers come out?"
_EVEN = 'The row 1 2, the kernel 10 1, padding "same". Two numbers come out. Which?'
_DRAW = "Draw the windows on 6 pixels, kernel 3, stride 2. How many are there, and where does the last one end?"
_PICTURE = "The 3 x 3 image 0 to 8 with the kernel 0 1 / 2 3 and a gradient of ones. What does the centre get?"

MISCONCEPTIONS = (
    _conv("true-convolution", "A convolution turns the kernel round first.",
          "Put a single 1 into the image: does the kernel come out as you wrote it, or turned?", _IMPULSE,
          "The kernel is flipped; networks do not flip it.", kernel="flipped"),
    _conv("bias-per-element", "The bias belongs to each product.",
          "With an image of zeros, what should one output be? And what is it?", _ZEROS,
          "The bias is added once for each product.", bias="element"),
    _conv("bias-forgotten", "A filter is its weights.", "What does an image of zeros give?", _ZEROS,
          "The bias is missing.", bias="forgotten"),
    _conv("bias-summed-over-filters", "There is one bias, the sum of all.",
          "How many biases has a layer of F filters?", _ZEROS, "All biases are added to every filter.", bias="summed"),
    _conv("bias-first-only", "There is one bias for the layer.", "How many biases has a layer of F filters?", _ZEROS,
          "Every filter gets the first bias.", bias="first"),
    _conv("bias-per-channel", "Each input channel brings the bias along.",
          "How often does one output add its bias?", _ZEROS, "Each channel adds the bias again.", bias="channel"),
    _conv("channels-first-only", "A filter looks at one channel.", "Does the filter see red only?",
          "One pixel with the channels 2 and 3, weights 10 and 100. Which number comes out?",
          "Only the first channel is used.", channels="first"),
    _conv("channels-averaged", "The channels are averaged.", "Do two channels weigh half as much each?",
          "One pixel with the channels 2 and 3, weights 10 and 100. Which number comes out?",
          "The sum is divided by the number of channels.", channels="averaged"),
    _conv("stride-only-in-shape", "The stride makes the output smaller; the window still moves by one.",
          "Where must the second window start?", _RAMP, "The stride is missing where the window is cut out.",
          step="only-in-shape"),
    _conv("stride-only-in-index", "The window moves by the stride; the output keeps its size.",
          "How many windows fit on 6 pixels at stride 2?", _RAMP, "The stride is missing in the output's size.",
          raises=True, step="only-in-index"),
    _conv("stride-ignored", "Every pixel starts a window.",
          "At stride 2, where does the second window start, and how many are there?", _RAMP, "The stride is not used.",
          step="ignored"),
    _conv("stride-axes-swapped", "The first number of the stride is for columns.",
          "Which number of the pair is for rows?",
          "A 6 x 2 image, a kernel of one 1, stride (2, 1). Which shape comes out?",
          "Row and column stride are exchanged.", step="swapped"),
    _conv("size-uses-filter-count", "The number of filters is the size of the kernel.",
          "Which of the four sizes of w says how tall a filter is?",
          "A 3 x 3 image, a 2 x 2 kernel, one filter. Which shape comes out?",
          "The output's size is worked out with the number of filters.", raises=True, size_from="filters"),
    _conv("output-axes-swapped", "The width comes first.", "Feed an image of 3 x 9: which way does your result lie?",
          "A 2 x 5 image and a kernel of one 1. What comes out?", "Rows and columns of the output are exchanged.",
          raises=True, output_axes="swapped"),
    _conv("kernel-transposed", "The kernel's first axis is x.",
          "A kernel that finds horizontal edges: which edges does yours find?", _IMPULSE,
          "Rows and columns of the kernel are exchanged.", raises=True, kernel="transposed"),
    _conv("rows-columns-swapped", "The first index of an image is x.", "Which pixel is x[0, 2, 1]?",
          "A 2 x 5 image and a kernel of one 1. What comes out?", "Rows and columns of the image are exchanged.",
          raises=True, step="columns-first"),
    _other("kernel-reshaped-not-transposed", "conv2d_fast", wrong_conv2d, "A reshape moves axes.",
           "After the reshape, is number [0, 0, 1, 0] still the same weight?",
           "Number the weights of a kernel of shape (1, 1, 3, 2) from 0 to 5 and reshape them. Where is number 1?",
           "The kernels are reshaped where they should be transposed.", also="conv2d", kernel="reshaped"),
    _conv("pad-hardcoded-1", "Padding means one pixel.",
          "Ask for padding 0, then for 2. What changes in your padded image?",
          "A 3 x 3 image with padding 2. How many rows has the padded one?", "The padding is fixed at 1.", pad_fixed=1),
    _conv("same-means-input-size", '"same" keeps the input\'s size at any stride.',
          'At stride 2, does the picture shrink? What should "same" be the same as?', _DRAW,
          '"same" gives ceil(H / stride) rows.', same="input-size"),
    _conv("same-means-input-size-floor", '"same" keeps the input\'s size at any stride, rounded down.',
          'At stride 2, does the picture shrink? What should "same" be the same as?', _DRAW,
          '"same" gives ceil(H / stride) rows.', same="input-size-floor"),
    _conv("same-means-input-size-ceil", '"same" keeps the input\'s size at any stride, rounded up.',
          'At stride 2, does the picture shrink? What should "same" be the same as?', _DRAW,
          '"same" gives ceil(H / stride) rows.', same="input-size-ceil"),
    _conv("same-one-too-many", 'Half of what is missing, and one more to be safe.',
          "For a kernel of 3, how many zeros on each side keep the size? Count what you add.", _ONES,
          "One zero too many on every side.", same="one-too-many"),
    _conv("same-half-kernel-both-sides", '"same" pads half the kernel on each side.',
          "For a kernel of 2, how many zeros are missing in all?", _EVEN,
          "An even kernel lacks an odd number of zeros.", same="half-kernel"),
    _conv("same-extra-pad-first", "The odd zero goes to the top and left.",
          "If one side must get one more, which one does Keras choose?", _EVEN, "The odd zero stands at the end.",
          same="extra-first"),
    _conv("same-ignores-stride", 'The zeros for "same" do not depend on the stride.',
          "At stride 2, how far does the last window reach, and how many zeros does it need?", _DRAW,
          "The zeros are those of stride 1.", same="ignores-stride"),
    _conv("same-leaves-border-zero", '"same" is the valid result in a frame of zeros.',
          "Should a corner of the output be 0 if the corner pixel is 9?", _ONES, "The border is left at 0.",
          raises=True, same="border-zero"),
    _conv("pad-replicates-edge", "Outside, the edge goes on.", "What is outside the picture?", _ONES,
          "The edge is repeated where zeros should stand.", outside="edge"),
    _conv("pad-reflects", "Outside, the picture is mirrored.", "What is outside the picture?", _ONES,
          "The picture is mirrored where zeros should stand.", outside="reflect"),
    _conv("output-ceil", "A window that fits partly counts too.", "How many rulers of 2 fit on 5, side by side?",
          "8 rows, kernel 3, stride 2. Write down every start.", "Partial windows are counted.", raises=True,
          count="ceil"),
    _conv("output-off-by-one", "There are H - K windows.", "How many places can a ruler of 3 start on 5?",
          "3 rows, a kernel of 2. Write down every start.", "The last window is missing.", count="one-less"),
    _conv("activation-baked-in", "A convolution layer ends with a ReLU.", "Can your function return a negative number?",
          "One pixel of 1 and a weight of -1. Which number comes out?", "Negative outputs are cut off.",
          activation=True),
    _conv("integer-output", "The output holds integers.", "What becomes of a half in your output?",
          "One pixel of 1 and a weight of 0.5. Which number comes out?", "Fractions are cut off.", integer=True),
    _conv("mutates-input", "The image may be overwritten.", "Is x still what the caller gave you?",
          "Print x before the call and after it.", "Writes into its argument.", writes=True),
    _conv("batch-loop-first-only", "The batch has one image.",
          "What does your function give for the second picture of a batch?",
          "Two equal images. Compare the two outputs.", "Only the first example is computed.", batch="first-only"),
    _other("same-padding-half-kernel", "same_padding", wrong_same_padding, "Half the kernel on each side.",
           "For a kernel of 2, how many zeros are missing in all?", "n = 2, k = 2, s = 1. Draw both windows.",
           "An even kernel lacks an odd number of zeros.", same="half-kernel"),
    _other("same-padding-extra-first", "same_padding", wrong_same_padding, "The odd zero goes before.",
           "Which side does Keras choose?", "n = 2, k = 2, s = 1. Draw both windows.",
           "The odd zero stands at the end.", same="extra-first"),
    _other("same-padding-ignores-stride", "same_padding", wrong_same_padding, "The stride does not matter.",
           "At stride 2, how far does the last window reach, and how many zeros does it need?", _DRAW,
           "The zeros are those of stride 1.", same="ignores-stride"),
    _other("same-padding-input-size", "same_padding", wrong_same_padding, "The output is as large as the input.",
           'What should "same" be the same AS, at stride 2?', _DRAW, "There are ceil(n / s) windows.",
           same="input-size"),
    _other("pad2d-replicates-edge", "pad2d", wrong_pad2d, "Outside, the edge goes on.", "What is outside the picture?",
           "Pad one pixel of 5 by one on each side. Which nine numbers?",
           "The edge is repeated where zeros should stand.", outside="edge"),
    _other("pad2d-axes-swapped", "pad2d", wrong_pad2d, "The first pair is for columns.",
           "Which pair is top and bottom?", "Pad one pixel with one row above, ((1, 0), (0, 0)). Which shape?",
           "Rows and columns are exchanged.", axes="swapped"),
    _other("step-bias-per-element", "conv2d_step", wrong_step, "The bias belongs to each product.",
           "With a patch of zeros, what should each output be?",
           "A patch of zeros, two filters, biases 10 and 100. Which two numbers?",
           "The bias is added once for each product.", bias="element"),
    _other("step-bias-forgotten", "conv2d_step", wrong_step, "A filter is its weights.",
           "With a patch of zeros, what should each output be?",
           "A patch of zeros, two filters, biases 10 and 100. Which two numbers?", "The bias is missing.",
           bias="forgotten"),
    _other("step-channels-first-only", "conv2d_step", wrong_step, "A filter looks at one channel.",
           "Does the filter see red only?",
           "One pixel with the channels 2 and 3, weights 10 and 100. Which number comes out?",
           "Only the first channel is used.", channels="first"),
    _other("dilation-ignored", "conv2d_dilated", wrong_dilated, "The taps stand side by side.",
           "How many pixels does a kernel of 3 with dilation 2 reach?",
           "A 3 x 3 image, a 2 x 2 kernel, dilation 2. Which four pixels count?", "The dilation is not used.",
           holes="none"),
    _other("groups-interleaved", "conv2d_grouped", wrong_grouped, "The groups take turns at the channels.",
           "Which channels does the second group see?", "Four channels in two groups: which two go together?",
           "A group's channels stand side by side.", order="interleaved"),
    _back("dx-crop-empty-when-pad-0", "[p:-p] cuts p pixels off each side, for any p.", "What is a[0:-0]?",
          "Padding 0. Print the shape of dx before and after the padding is cut off.",
          "An empty slice where there is no padding.", crop="minus",
          forms=[{"crops": where, "into": into} for where in ("always", "numbers", "not-same")
                 for into in ("new", "x")]),
    _back("assign-not-accumulate", "Each pixel belongs to one window.", "How many windows saw the centre pixel?",
          _PICTURE, "Assigned where it should be added.", assign=True),
    _back("pad-hardcoded-1", "Padding means one pixel.",
          "With padding 2, how many rows of the padded gradient belong to no pixel?",
          "A 3 x 3 image with padding 2. Which shape has dx?", "The padding is fixed at 1.", pad_fixed=1),
    _back("dx-padding-kept", "The gradient has the shape of the padded image.",
          "Which rows of the gradient belong to real pixels?",
          "A 3 x 3 image with padding 1. Which rows and columns of the padded gradient are the picture's?",
          "The padding is not cut off.", crop="kept", forms=[{"into": "x"}]),
    _back("dx-cropped-from-corner", "The first H rows are the picture's.",
          "Which rows of the gradient belong to real pixels?",
          "A 3 x 3 image with padding 1. Which rows and columns of the padded gradient are the picture's?",
          "Cut from the corner, not from where the picture begins.", crop="corner"),
    _back("same-one-too-many", 'Half of what is missing, and one more to be safe.',
          "Which zeros did the forward pass add?", _ONES, "One zero too many on every side.", same="one-too-many"),
    _back("stride-axis-mixed-up", "Both axes move by the column stride.", "Which number of the pair is for rows?",
          "Stride (2, 1) on a 4 x 2 image, a kernel of one 1: which rows get a gradient?",
          "The row index is multiplied by the column stride.", step="mixed-up"),
    _back("dx-kernel-flipped", "Backward, the kernel is turned round, also in the loop over windows.",
          "If output (0, 0) used the weight (0, 0) on pixel (0, 0), which weight carries its gradient back?", _PICTURE,
          "The kernel is flipped on the way back.", dx_kernel="flipped"),
    _back("dw-flipped", "The kernel's gradient is turned round.", "Which pixels met the weight (0, 0)?", _PICTURE,
          "The gradient of the kernel is flipped.", dw="flipped"),
    _back("grads-averaged-over-batch", "Gradients are means over the batch.",
          "Nudge b by a little: by how much does the sum of y * dy move?",
          "One example, then the same one three times. How much larger is db?",
          "Divided by the size of the batch; the loss has done that already.", averaged=True),
    _back("db-mean-all", "The bias' gradient is a mean.",
          "Nudge b by a little: by how much does the sum of y * dy move?",
          "Three examples, outputs of 2 x 2, a gradient of ones. What does each bias get?",
          "A mean where a sum is due.", db="mean"),
    _back("db-first-example", "The bias' gradient comes from one example.",
          "Three equal examples. How much of the gradient comes from each?",
          "Three examples, outputs of 2 x 2, a gradient of ones. What does each bias get?",
          "Only the first example counts.", db="first-example"),
    _back("db-over-batch-only", "The bias' gradient is a sum over the batch.",
          "How many biases are there? And how many numbers did you return?",
          "Three examples, outputs of 2 x 2, a gradient of ones. What does each bias get?",
          "Rows and columns are not summed over.", db="over-batch"),
    _back("stride-ignored", "The windows stand side by side.", "Where did window i start on the way forward?",
          "A row of four pixels, stride 2, gradients 1 and 10. Which pixels get nothing?", "The stride is not used.",
          step="ignored"),
)  # fmt: skip
