"""Misconceptions about layer sizes and shifts, each as a switch of one wrong implementation.

`why.pool-has-params` and `why.bn-two-not-four` have no variant here: no function of this exercise counts the parameters
of pooling or batch normalisation. Neither has `why.pool-fully-invariant`: a program that compares only the largest values
shows another mistake, `why.gap-of-maxima`.
"""

from functools import partial

import numpy as np

from grader.course import Misconception


def _pair(value):
    return tuple(value) if isinstance(value, (tuple, list)) else (value, value)


def wrong_dense(n_in, n_out, bias=True, *, biases="unit", joined="all"):
    """Compute `dense_params`; biases: unit | none | input | always; joined: all | neighbours."""
    weights = n_in * n_out if joined == "all" else n_in + n_out
    counts = {"unit": n_out * bool(bias), "none": 0, "input": n_in * bool(bias), "always": n_out}
    return weights + counts[biases]


def wrong_conv(kernel_size, c_in, c_out, bias=True, *, sees="patch", biases="map", square=False):
    """Compute `conv_params`; sees: patch | one-channel | place | sum | one-filter; biases: map | none | weight | channel | one | always.

    place: one weight per output position, on the 100 x 100 photo of the exercise text.
    """
    KH, KW = _pair(kernel_size)
    if square:
        KW = KH
    weights = (
        c_out
        * {
            "patch": KH * KW * c_in,
            "one-channel": KH * KW,
            "place": (101 - KH) * (101 - KW),
            "sum": KH * KW + c_in,
            "one-filter": KH * KW * c_in / c_out,
        }[sees]
    )
    counts = {"map": c_out, "none": 0, "weight": weights, "channel": c_in * c_out, "one": 1, "always": c_out}
    return weights + (counts[biases] if bias or biases == "always" else 0)


def wrong_shape(hw, kernel_size, stride=1, padding="valid", *, plan="right"):
    """Compute `conv_output_shape`; each plan is named after what it does."""
    if padding not in ("valid", "same") and not isinstance(padding, (int, np.integer)):
        raise ValueError(f"padding is {padding!r}")
    k, s = _pair(kernel_size), _pair(stride)
    if plan == "kernel-transposed":
        k = k[::-1]
    if plan == "stride-swapped":
        s = s[::-1]
    if plan == "square-image":
        hw = hw[0], hw[0]
    if plan == "square-kernel":
        k = k[0], k[0]
    if plan == "square-stride":
        s = s[0], s[0]
    sizes = []
    for n, kn, sn in zip(hw, k, s, strict=True):
        if plan == "stride-ignored":
            sn = 1
        if padding == "same":
            floor = n // sn
            sizes.append(
                {"same-input": n, "same-floor": floor, "same-by-kernel": -(-(n - kn + 1) // sn)}.get(plan, -(-n // sn))
            )
            continue
        p = 0 if padding == "valid" else padding
        total = p if plan == "pads-once" else 2 * p
        room = n + total - kn
        count = {
            "fraction": room / sn + 1,
            "round": round(room / sn + 1),
            "ceil": -(-room // sn) + 1,
            "one-too-few": room // sn,
            "one-too-many": room // sn + 2,
        }.get(plan, room // sn + 1)
        sizes.append(max(0, count))
    if plan == "width-first":
        sizes.reverse()
    return tuple(sizes)


def wrong_shift(x, dy, dx, *, comes_in="zeros", axes="positions", turned=False, swapped=False, writes=False):
    """Compute `shift2d`; comes_in: zeros | wraps | edge; axes: positions | last | first."""
    if turned:
        dy, dx = -dy, -dx
    if swapped:
        dy, dx = dx, dy
    rows = 0 if x.ndim == 2 else x.ndim - 3
    rows = {"positions": rows, "last": x.ndim - 2, "first": 0}[axes]
    y = np.roll(x, (dy, dx), (rows, rows + 1))
    for axis, by in ((rows, dy), (rows + 1, dx)):
        if comes_in == "wraps" or not by:
            continue
        n = x.shape[axis]
        new = np.arange(min(by, n)) if by > 0 else np.arange(max(n + by, 0), n)
        place = [slice(None)] * x.ndim
        place[axis] = new
        if comes_in == "edge" and len(new) < n:
            edge = y.take([min(by, n - 1)] if by > 0 else [max(n + by - 1, 0)], axis)
            y[tuple(place)] = edge
        else:
            y[tuple(place)] = 0
    if writes:
        x[...] = y
    return y


def wrong_gap(f, x, dy, dx, *, compares="moved", takes="largest", crop=False):
    """Compute `equivariance_gap`.

    compares: moved | unmoved | back | nothing | answers; takes: largest | mean | sum | signed | squared.
    """
    after = f(wrong_shift(x, dy, dx))
    if compares == "nothing":
        return 0.0
    if compares == "answers":
        return float(abs(after.max() - f(x).max()))
    if compares == "back":
        difference = wrong_shift(after, -dy, -dx) - f(x)
    else:
        difference = after - (f(x) if compares == "unmoved" else wrong_shift(f(x), dy, dx))
    if crop:
        rows, columns = max(abs(dy), 1), max(abs(dx), 1)
        axis = 0 if difference.ndim == 2 else difference.ndim - 3
        inner = (slice(None),) * axis + (slice(rows, -rows), slice(columns, -columns))
        difference = difference[inner] if difference[inner].size else difference
    if takes == "sum":
        return float(np.abs(difference).sum())
    if takes == "signed":
        return float(difference.max())
    if takes == "squared":
        return float((difference**2).max())
    return float(np.abs(difference).mean() if takes == "mean" else np.abs(difference).max())


_LAYER = "Take 4 inputs and 3 units. Draw every line, then what each unit adds. How many numbers is that?"
_RGB = "Take one 3 x 3 filter on an RGB image. How many numbers does it learn?"
_RULER = "Where can a window of 3 start on 5 pixels?"
_PICTURE = "Move the picture [[1, 2], [3, 4]] down by one. Draw the result."


def _why(name, function, criterion, belief, question, probe, step, variant, *forms):
    """Return a misconception, charged to one criterion of its function."""
    return Misconception(
        f"why.{name}", function, belief, question, probe, step, variant, forms=forms, criteria={function: criterion}
    )


MISCONCEPTIONS = (
    _why("dense-bias-forgotten", "dense_params", "dense-biases", "A dense layer learns weights only.",
                  "For an image of zeros, can a unit give anything other than 0?", _LAYER,
                  "Each unit has a bias.", partial(wrong_dense, biases="none")),
    _why("dense-bias-per-input", "dense_params", "dense-biases", "Each input has a bias.",
                  "What adds the bias: the input or the unit?", _LAYER, "There is one bias per unit.",
                  partial(wrong_dense, biases="input")),
    _why("dense-bias-always", "dense_params", "dense-biases", "There is always a bias.", "What does bias=False mean?",
                  "Count the same layer with bias=True and with bias=False. The counts must differ.",
                  "The argument bias is not used.", partial(wrong_dense, biases="always")),
    _why("dense-adds", "dense_params", "dense-weights", "A dense layer has one weight per input plus one per unit.",
                  "How many lines connect 4 points to 3?", _LAYER, "Multiply inputs and units; do not add them.",
                  partial(wrong_dense, joined="neighbours")),
    _why("channels-ignored", "conv_params", "conv-weights", "A filter of 3 x 3 has nine weights.",
                  "How many numbers does one filter see at one position of an RGB image?", _RGB,
                  "A filter spans all input channels.", partial(wrong_conv, sees="one-channel")),
    _why("params-scale-with-image", "conv_params", "conv-weights", "A larger photo needs more weights.",
                  "If the photo were twice as wide, which weights would be new?",
                  "Count the weights of a 3 x 3 filter on a 100 x 100 photo, then on a 200 x 100 photo.",
                  "Do not count output positions: a filter uses the same weights at every position.",
                  partial(wrong_conv, sees="place")),
    _why("bias-forgotten", "conv_params", "conv-biases", "A convolution learns weights only.",
                  "Which parameter raises or lowers all values of a feature map?", _RGB, "Each map has a bias.",
                  partial(wrong_conv, biases="none")),
    _why("bias-per-weight", "conv_params", "conv-biases", "Each weight has a bias.",
                  "How many biases does one feature map get?", _RGB, "There is one bias per map.",
                  partial(wrong_conv, biases="weight")),
    _why("bias-per-channel", "conv_params", "conv-biases", "A filter has one bias per input channel.",
                  "How many biases does one feature map get?", _RGB, "There is one bias per map.",
                  partial(wrong_conv, biases="channel")),
    _why("bias-one-for-all", "conv_params", "conv-biases", "A layer has one bias.", "How many feature maps are there?",
                  "Take two filters on a grey image. Which bias does each map get?", "There is one bias per map.",
                  partial(wrong_conv, biases="one")),
    _why("conv-bias-always", "conv_params", "conv-biases", "There is always a bias.", "What does bias=False mean?",
                  "Count the same layer with bias=True and with bias=False. The counts must differ.",
                  "The argument bias is not used.", partial(wrong_conv, biases="always")),
    _why("kernel-is-square", "conv_params", "conv-kernel-pairs", "A kernel is as wide as it is high.",
                  "How many pixels does a (1, 5) kernel cover?",
                  "Take one (1, 5) kernel on a grey image, without a bias. Count its weights.",
                  "The second number of the pair is not used.", partial(wrong_conv, square=True)),
    _why("one-too-few", "conv_output_shape", "shape-valid",
                  "The last position does not count.", _RULER, "5 pixels, kernel 3. Write down every start.",
                  "The first window counts too.", partial(wrong_shape, plan="one-too-few")),
    _why("one-too-many", "conv_output_shape", "shape-valid",
                  "A window may hang over the edge.", _RULER, "5 pixels, kernel 3. Write down every start.",
                  "There is one window too many: the last one hangs over the edge.",
                  partial(wrong_shape, plan="one-too-many")),
    _why("output-ceil", "conv_output_shape", "shape-stride", "A window that fits only partly counts too.",
                  "With stride 2 and kernel 3 on 6 pixels, what does the last window see?",
                  "6 pixels, kernel 3, stride 2. Write down every start.",
                  "Round down, not up.", partial(wrong_shape, plan="ceil")),
    _why("same-means-input-size", "conv_output_shape", "shape-same", 'Padding "same" keeps the size at any stride.',
                  'At stride 2, does the picture shrink? What should "same" be the same as?',
                  '6 pixels, stride 2, "same". Write down every start.',
                  'The stride matters for "same" too.', partial(wrong_shape, plan="same-input")),
    _why("same-floor", "conv_output_shape", "shape-same", 'Padding "same" rounds down.',
                  "5 pixels, stride 2: does the last pixel get a window?",
                  '5 pixels, stride 2, "same". Write down every start.', "There are ceil(n / s) windows.",
                  partial(wrong_shape, plan="same-floor")),
    _why("same-is-valid", "conv_output_shape", "shape-same", 'Padding "same" adds no zeros.',
                  'At stride 1, how large is the output with "same", and how large with "valid"?',
                  '5 pixels, kernel 3, stride 1, "same". How many windows are there?',
                  'With "same", the size of the kernel does not shrink the output.',
                  partial(wrong_shape, plan="same-by-kernel")),
    _why("pads-once", "conv_output_shape", "shape-integer", "Padding is added on one side.",
                  "With padding 1, how many zeros does each row of the picture get in total?",
                  "5 pixels, kernel 3, padding 1. How long is the padded row?", "Add zeros on both sides.",
                  partial(wrong_shape, plan="pads-once")),
    _why("stride-ignored", "conv_output_shape", "shape-stride", "A window starts at every pixel.",
                  "Where can a kernel of 3 start on 6 pixels at stride 2?",
                  "6 pixels, kernel 3, stride 2. Write down every start.", "The stride is not used.",
                  partial(wrong_shape, plan="stride-ignored")),
    _why("stride-axes-swapped", "conv_output_shape", "shape-axes", "The first stride is for columns.",
                  "Which number of the pair is for rows?",
                  "9 x 9 pixels, kernel 3, stride (2, 1). Which side is halved?", "Rows come first in a pair.",
                  partial(wrong_shape, plan="stride-swapped")),
    _why("kernel-transposed", "conv_output_shape", "shape-axes", "The first size of a kernel is its width.",
                  "Is a (3, 1) kernel 3 high or 3 wide?",
                  "5 x 5 pixels, kernel (3, 1). Which side gets shorter?", "Rows come first in a pair.",
                  partial(wrong_shape, plan="kernel-transposed")),
    _why("width-first", "conv_output_shape", "shape-axes", "The width comes first.",
                  "A picture is 3 high and 9 wide. Is your output high or wide?",
                  "3 x 9 pixels, kernel 1. Which number comes first?", "Rows come first in a pair.",
                  partial(wrong_shape, plan="width-first")),
    _why("shift-wraps", "shift2d", "shift-zeros", "Pixels that leave on one side come in on the other.",
                  "A cat walks out of the picture. Where is it now?", _PICTURE,
                  "The image is rolled; fill with zeros instead.",
                  partial(wrong_shift, comes_in="wraps")),
    _why("shift-repeats-edge", "shift2d", "shift-zeros", "The border is repeated.", "What is outside the picture?",
                  _PICTURE, "The edge is repeated; fill with zeros instead.", partial(wrong_shift, comes_in="edge")),
    _why("shift-turned", "shift2d", "shift", "+1 moves up and left.", "Row 0 is at the top. Where is row 1?",
                  _PICTURE, "The signs are swapped.", partial(wrong_shift, turned=True)),
    _why("shift-axes-swapped", "shift2d", "shift", "dy is for columns.", "y counts rows. Which axis is that?",
                  _PICTURE, "Rows and columns are swapped.", partial(wrong_shift, swapped=True)),
    _why("shift-last-axes", "shift2d", "shift-axes", "The last two axes are rows and columns.",
                  "Which axis of a colour photo holds the channels?",
                  "Move a photo of shape (2, 2, 3) down by one. What happens to its red channel?",
                  "The channels were moved.",
                  partial(wrong_shift, axes="last")),
    _why("shift-first-axes", "shift2d", "shift-axes", "The first two axes are rows and columns.",
                  "What is the first axis of a batch?",
                  "Move two photos of shape (2, 2, 2, 1) down by one. Is any part of the first in the second?",
                  "One picture was moved into the next.", partial(wrong_shift, axes="first")),
    _why("shift-writes", "shift2d", "shift-unchanged", "The image is no longer needed.",
                  "Does x still hold what the caller passed?", "Print x before and after the call.",
                  "The function writes into its argument.", partial(wrong_shift, writes=True)),
    _why("conv-is-invariant", "equivariance_gap", "gap", "A convolution gives the same map wherever the cat is.",
                  "Shift the cat: does the feature map stay, or does it move?",
                  "Move a single bright pixel by one. Where is it in f(shifted x)?",
                  "f(x) must be shifted before you compare.", partial(wrong_gap, compares="unmoved")),
    _why("flatten-keeps-neighbours", "equivariance_gap", "gap", "Every layer moves with the image.",
                  "A dense layer has different weights for each pixel. When the cat moves, does its output move too?",
                  "Take f = dense, and move a picture by one. Is the gap 0?", "The function returns 0 for every f.",
                  partial(wrong_gap, compares="nothing")),
    _why("gap-of-maxima", "equivariance_gap", "gap", "Two pictures with the same largest value are the same.",
                  "A bright pixel moves by one. Does the largest value of the picture change? Does the picture?",
                  "Take f = halve and move a single bright pixel by two. Compare the two pictures pixel by pixel.",
                  "Compare the values at each position, not only the largest value.",
                  partial(wrong_gap, compares="answers")),
    _why("gap-is-mean", "equivariance_gap", "gap", "The gap is the mean difference.",
                  "One pixel of a thousand differs by 5. How large is the largest difference?",
                  "Compare 1 2 3 with 1 2 9. How large is the gap?", "Take the largest difference, not the mean.",
                  partial(wrong_gap, takes="mean")),
    _why("gap-signed", "equivariance_gap", "gap", "A negative difference is small.",
                  "Which is further from 0, -5 or 1?",
                  "Compare 1 2 9 with 1 2 3, then swap them. Does the gap change?",
                  "Ignore the sign of the difference.",
                  partial(wrong_gap, takes="signed")),
    _why("gap-squared", "equivariance_gap", "gap", "The gap is squared.",
                  "Two pictures differ by 3 in one pixel. How large is the gap?",
                  "Compare 1 2 3 with 1 2 9. How large is the gap?",
                  "Return the difference itself, not its square.",
                  partial(wrong_gap, takes="squared")),
    _why("gap-crops-border", "equivariance_gap", "gap-border", "The border does not count.",
         "Zeros come in at the border. Does f see them before the shift, or after?",
         "Let f add 1 to every pixel, and move [[1, 2], [3, 4]] down by one. Where do the two pictures differ?",
         "Pixels at the border are left out.", partial(wrong_gap, crop=True)),
    _why("gap-sums", "equivariance_gap", "gap", "The gap is the sum of all differences.",
         "One pixel of a thousand differs by 5, another by 3. How large is the largest difference?",
         "Compare 1 2 3 with 1 5 9. How large is the gap?", "Take the largest difference, not the sum.",
         partial(wrong_gap, takes="sum")),
    _why("gap-shifts-back", "equivariance_gap", "gap", "Shifting the picture back undoes the shift of its map.",
         "Which pixels are lost when the picture moves and comes back?",
         "Let f keep the picture, and move [[1, 2], [3, 4]] down by one and back up. What is left?",
         "Shift f(x) in the same direction; do not shift the result back.", partial(wrong_gap, compares="back")),
    _why("counts-channels-once", "conv_params", "conv-weights", "A filter adds its channels to its size.",
         "How many numbers does one filter see at one position of an RGB image?", _RGB,
         "Multiply height, width and channels; do not add.", partial(wrong_conv, sees="sum")),
    _why("filters-ignored", "conv_params", "conv-weights", "All feature maps share one filter.",
         "How many filters does a layer with 32 feature maps have?",
         "Count the weights from 1 channel to 2 maps with kernel 3, without a bias.",
         "Each feature map has a filter of its own.", partial(wrong_conv, sees="one-filter")),
    _why("size-is-a-fraction", "conv_output_shape", "shape-stride", "A size may be a fraction.",
         "Can an image have two and a half rows?", "6 pixels, kernel 3, stride 2. Write down every start.",
         "Divide without a remainder.", partial(wrong_shape, plan="fraction")),
    _why("rounds", "conv_output_shape", "shape-stride", "The number of windows is rounded.",
         "With stride 2 and kernel 3 on 6 pixels, what does the last window see?",
         "6 pixels, kernel 3, stride 2. Write down every start.", "Round down; a part of a window does not count.",
         partial(wrong_shape, plan="round")),
    _why("width-from-height", "conv_output_shape", "shape-axes", "The output is as wide as it is high.",
         "A picture is 3 high and 9 wide. How wide is the output?", "3 x 9 pixels, kernel 1. How many columns are there?",
         "The number of columns is computed from the rows.", partial(wrong_shape, plan="square-image")),
    _why("one-size-for-both", "conv_output_shape", "shape-axes", "The first number of the kernel serves both axes.",
         "Is a (3, 1) kernel 3 high or 3 wide?", "5 x 5 pixels, kernel (3, 1). Which side gets shorter?",
         "The second number of the kernel is not used.", partial(wrong_shape, plan="square-kernel")),
    _why("one-stride-for-both", "conv_output_shape", "shape-axes", "The first number of the stride serves both axes.",
         "Which number of the pair is for rows?", "9 x 9 pixels, kernel 3, stride (2, 1). Which side is halved?",
         "The second number of the stride is not used.", partial(wrong_shape, plan="square-stride")),
)  # fmt: skip
