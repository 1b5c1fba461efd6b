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
    """Compute `dense_params`; biases and joined are the keys of the two tables."""
    weights = {"all": n_in * n_out, "neighbours": n_in + n_out, "inputs": n_in, "units": n_out, "square": n_in**2}[
        joined
    ]
    counts = {"unit": n_out, "none": 0, "input": n_in, "one": 1, "both": n_in + n_out, "weight": n_in * n_out}
    if biases in ("always", "inverted"):
        return weights + (n_out if biases == "always" or not bias else 0)
    return weights + counts[biases] * bool(bias)


def wrong_conv(kernel_size, c_in, c_out, bias=True, *, sees="patch", biases="map", square=False):
    """Compute `conv_params`; sees and biases are the keys of the two tables; square: False | first | last | power | times.

    place: one weight per output position, on the 100 x 100 photo of the exercise text.
    """
    if square in ("power", "times"):  # a pair raises TypeError
        KH, KW = (kernel_size**2 if square == "power" else kernel_size * kernel_size), 1
    else:
        KH, KW = _pair(kernel_size)
    if square in ("first", "last"):
        KH = KW = KW if square == "last" else KH
    weights = (
        c_out
        * {
            "patch": KH * KW * c_in,
            "one-channel": KH * KW,
            "place": (101 - KH) * (101 - KW),
            "sum": KH * KW + c_in,
            "one-filter": KH * KW * c_in / c_out,
            "side": KH * c_in,
            "sides": (KH + KW) * c_in,
            "added-maps": KH * KW * (c_in + c_out) / c_out,
            "separable": KH * KW * c_in / c_out + c_in,
            "squared": (KH * KW) ** 2 * c_in,
            "channels": c_in,
        }[sees]
    )
    counts = {"map": c_out, "none": 0, "weight": weights, "channel": c_in * c_out, "one": 1, "always": c_out}
    counts |= {"input": c_in, "pixel": KH * KW, "inverted": c_out, "both": c_in + c_out}
    added = not bias if biases == "inverted" else bias or biases == "always"
    return weights + (counts[biases] if added else 0)


def wrong_shape(hw, kernel_size, stride=1, padding="valid", *, plan="right", sides="right", same="right"):
    """Compute `conv_output_shape`; each plan is named after what it does: in general, with its sides, with "same"."""
    if padding not in ("valid", "same") and not isinstance(padding, (int, np.integer)):
        raise ValueError(f"padding is {padding!r}")
    k, s = _pair(kernel_size), _pair(stride)
    if sides == "kernel-transposed":
        k = k[::-1]
    if sides == "stride-swapped":
        s = s[::-1]
    if sides == "square-image":
        hw = hw[0], hw[0]
    if sides == "square-kernel":
        k = k[0], k[0]
    if sides == "square-stride":
        s = s[0], s[0]
    if sides == "last-of-image":
        hw = hw[1], hw[1]
    if sides == "last-of-kernel":
        k = k[1], k[1]
    if sides == "last-of-stride":
        s = s[1], s[1]
    sizes = []
    for n, kn, sn in zip(hw, k, s, strict=True):
        if plan == "stride-ignored":
            sn = 1
        if padding == "same":
            floor = n // sn
            sizes.append(
                {
                    "same-input": n,
                    "same-floor": floor,
                    "same-by-kernel": -(-(n - kn + 1) // sn),
                    "same-half": (n + 2 * (kn // 2) - kn) // sn + 1,
                    "same-half-floor": (n + 2 * ((kn - 1) // 2) - kn) // sn + 1,
                    "same-full": (n + kn - 2) // sn + 1,
                    "same-one": (n + 2 - kn) // sn + 1,
                    "same-one-more": n // sn + 1,
                }.get(same, -(-n // sn))
            )
            continue
        p = 0 if padding == "valid" else padding
        total = {"pads-once": p, "padding-ignored": 0, "padding-taken-away": -2 * p, "pads-by-1": 2 * min(p, 1)}.get(
            plan, 2 * p
        )
        room = n + total - kn
        count = {
            "fraction": room / sn + 1,
            "round": round(room / sn + 1),
            "ceil": -(-room // sn) + 1,
            "one-too-few": room // sn,
            "one-too-many": room // sn + 2,
            "plus-one-inside": (room + 1) // sn,
            "divides-first": (n + total) // sn - kn + 1,
            "stride-multiplies": room * sn + 1,
            "kernel-ignored": (n + total - 1) // sn + 1,
            "half-kernel": (n + total - kn // 2 - 1) // sn + 1,
            "stride-taken-away": room - sn + 2,
            "kernel-is-stride": (n + total) // kn,
        }.get(plan, room // sn + 1)
        sizes.append(max(0, count))
    if sides == "width-first":
        sizes.reverse()
    return tuple(sizes)


def wrong_shift(
    x, dy, dx, *, comes_in="zeros", axes="positions", turned=False, swapped=False, writes=False, by="both", cuts="zeros"
):
    """Compute `shift2d`.

    comes_in: zeros | wraps | edge | old | ones | mean | below; axes: positions | last | first; by: both | rows | columns |
    size | one; cuts: zeros | crop | pad | naive | forward | batch.
    """
    if turned:
        dy, dx = -dy, -dx
    if swapped:
        dy, dx = dx, dy
    dy, dx = {
        "both": (dy, dx),
        "rows": (dy, 0),
        "columns": (0, dx),
        "size": (abs(dy), abs(dx)),
        "one": (int(np.sign(dy)), int(np.sign(dx))),
    }[by]
    rows = 0 if x.ndim == 2 else x.ndim - 3
    rows = {"positions": rows, "last": x.ndim - 2, "first": 0}[axes]
    if cuts in ("forward", "batch"):
        return _forward(x, dy, dx, rows, cuts)
    if cuts != "zeros":
        return _cut(x, dy, dx, rows, cuts)
    if comes_in == "below":
        return _read_below(x, dy, dx, rows)
    if comes_in == "modulo":
        dy, dx = (int(np.sign(d)) * (abs(d) % x.shape[axis]) for d, axis in ((dy, rows), (dx, rows + 1)))
    y = np.roll(x, (dy, dx), (rows, rows + 1))
    for axis, step in ((rows, dy), (rows + 1, dx)):
        if comes_in == "wraps" or not step:
            continue
        n = x.shape[axis]
        new = np.arange(min(step, n)) if step > 0 else np.arange(max(n + step, 0), n)
        place = [slice(None)] * x.ndim
        place[axis] = new
        if comes_in == "edge" and len(new) < n:
            edge = y.take([min(step, n - 1)] if step > 0 else [max(n + step - 1, 0)], axis)
            y[tuple(place)] = edge
        elif comes_in == "old":
            y[tuple(place)] = x[tuple(place)]
        else:
            y[tuple(place)] = {"ones": 1, "mean": x.mean()}.get(comes_in, 0)
    if writes:
        x[...] = y
    return y


def _cut(x, dy, dx, rows, cuts):
    """Return the pixels that stay, a larger picture, or what slices with a minus sign give."""
    before = (slice(None),) * rows
    if cuts == "naive":  # a[:-0] is empty, and a negative shift counts from the other end
        y = np.zeros_like(x)
        y[(*before, slice(dy, None), slice(dx, None))] = x[(*before, slice(None, -dy), slice(None, -dx))]
        return y
    if cuts == "pad":
        widths = [(0, 0)] * rows + [(max(d, 0), max(-d, 0)) for d in (dy, dx)]
        return np.pad(x, widths + [(0, 0)] * (x.ndim - rows - 2))
    return x[(*before, *(slice(max(-d, 0), x.shape[rows + i] - max(d, 0)) for i, d in enumerate((dy, dx))))]


def _forward(x, dy, dx, rows, cuts):
    """Return what slices for a shift to the bottom right give; batch: the picture gets all four axes first."""
    if cuts == "batch":
        full = x[(None,) * (x.ndim < 4)][(..., None) if x.ndim == 2 else ...]
        return _forward(full, dy, dx, 1, "forward").reshape(x.shape)
    y, before = np.zeros_like(x), (slice(None),) * rows
    H, W = x.shape[rows : rows + 2]
    if dy < H and dx < W:
        y[(*before, slice(dy, None), slice(dx, None))] = x[(*before, slice(None, H - dy), slice(None, W - dx))]
    return y


def _read_below(x, dy, dx, rows):
    """Return the picture that is read pixel by pixel, without a check for indices below 0."""
    source = np.moveaxis(x, (rows, rows + 1), (0, 1))
    y = np.zeros_like(source)
    for i, j in np.ndindex(source.shape[:2]):
        if i - dy < source.shape[0] and j - dx < source.shape[1]:
            y[i, j] = source[i - dy, j - dx]
    return np.moveaxis(y, (0, 1), (rows, rows + 1))


def wrong_gap(f, x, dy, dx, *, compares="moved", takes="largest", crop=False):
    """Compute `equivariance_gap`.

    compares: moved | unmoved | back | nothing | answers | largest | sizes | opposite | swapped | pictures | numbers | maps;
    takes: largest | mean | sum | signed | squared | smallest | root | count | any | share | mean-square;
    crop: False | True (a border on all sides) | "new" (the rows and columns where zeros came in).
    """
    after = f(wrong_shift(x, dy, dx))
    if compares == "nothing":
        return 0.0
    if compares == "answers":
        return float(abs(after.max() - f(x).max()))
    if compares in ("largest", "sizes"):
        moved = wrong_shift(f(x), dy, dx)
        if compares == "sizes":
            after, moved = np.abs(after), np.abs(moved)
        return float(abs(after.max() - moved.max()))
    if compares == "back":
        difference = wrong_shift(after, -dy, -dx) - f(x)
    else:
        if compares == "maps":
            after = f(x)
        expected = {
            "unmoved": lambda: f(x),
            "opposite": lambda: wrong_shift(f(x), -dy, -dx),
            "swapped": lambda: wrong_shift(f(x), dx, dy),
            "pictures": lambda: wrong_shift(x, dy, dx),
        }.get(compares, lambda: wrong_shift(f(x), dy, dx))()
        if compares == "numbers":  # as far as there are two to compare
            count = min(after.size, x.size)
            after, expected = after.ravel()[:count], wrong_shift(x, dy, dx).ravel()[:count]
        difference = after - expected
    if crop:
        axis = 0 if difference.ndim == 2 else difference.ndim - 3
        rows, columns = max(abs(dy), 1), max(abs(dx), 1)
        inner = slice(rows, -rows), slice(columns, -columns)
        if crop == "new":
            inner = tuple(slice(max(by, 0), min(by, 0) or None) for by in (dy, dx))
        inner = (slice(None),) * axis + inner
        difference = difference[inner] if difference[inner].size else difference
    if takes == "sum":
        return float(np.abs(difference).sum())
    if takes == "signed":
        return float(difference.max())
    if takes == "squared":
        return float((difference**2).max())
    if takes in ("root", "mean-square"):
        return float((difference**2).sum() ** 0.5 if takes == "root" else (difference**2).mean())
    if takes in ("count", "any", "share"):
        far = np.abs(difference) > 1e-9
        return float({"count": far.sum, "any": far.any, "share": far.mean}[takes]())
    if takes == "smallest":
        return float(np.abs(difference).min())
    return float(np.abs(difference).mean() if takes == "mean" else np.abs(difference).max())


_LAYER = "Take 4 inputs and 3 units. Draw every line, then what each unit adds. How many numbers is that?"
_RGB = "Take one 3 x 3 filter on an RGB image. How many numbers does it learn?"
_RULER = "Where can a window of 3 start on 5 pixels?"
_PICTURE = "Move the picture [[1, 2], [3, 4]] down by one. Draw the result."
_TO_THE_RIGHT = "Move the picture [[1, 2], [3, 4]] to the right by one. Draw the result."
_UP = "Move the picture [[1, 2], [3, 4]] up by one. Draw the result."
_BY_TWO = "Move the picture [[1, 2], [3, 4]] down by two. Draw the result."


def _why(name, function, criterion, belief, question, probe, step, variant, *forms):
    """Return a misconception, charged to one criterion of its function."""
    return Misconception(
        f"why.{name}", function, belief, question, probe, step, variant, forms=forms, criteria={function: criterion}
    )


_PLAINEST = (
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
                  "The second number of the pair is not used.", partial(wrong_conv, square="first")),
    _why("one-too-few", "conv_output_shape", "shape-valid",
                  "There are as many windows as steps between them.", _RULER, "5 pixels, kernel 3. Write down every start.",
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
                  'The stride matters for "same" too.', partial(wrong_shape, same="same-input")),
    _why("same-floor", "conv_output_shape", "shape-same", 'Padding "same" rounds down.',
                  "5 pixels, stride 2: does the last pixel get a window?",
                  '5 pixels, stride 2, "same". Write down every start.', "There are ceil(n / s) windows.",
                  partial(wrong_shape, same="same-floor")),
    _why("same-is-valid", "conv_output_shape", "shape-same", 'Padding "same" adds no zeros.',
                  'At stride 1, how large is the output with "same", and how large with "valid"?',
                  '5 pixels, kernel 3, stride 1, "same". How many windows are there?',
                  'With "same", the size of the kernel does not shrink the output.',
                  partial(wrong_shape, same="same-by-kernel")),
    _why("pads-once", "conv_output_shape", "shape-integer", "Padding is added on one side.",
                  "With padding 1, how many zeros does each row of the picture get in total?",
                  "5 pixels, kernel 3, padding 1. How long is the padded row?", "Add zeros on both sides.",
                  partial(wrong_shape, plan="pads-once")),
    _why("stride-ignored", "conv_output_shape", "shape-stride", "A window starts at every pixel.",
                  "Where can a window of 3 start on 6 pixels at stride 2?",
                  "6 pixels, kernel 3, stride 2. Write down every start.", "The stride is not used.",
                  partial(wrong_shape, plan="stride-ignored")),
    _why("stride-axes-swapped", "conv_output_shape", "shape-axes", "The first stride is for columns.",
                  "Which number of the pair is for rows?",
                  "9 x 9 pixels, kernel 3, stride (2, 1). Which side is halved?", "Rows come first in a pair.",
                  partial(wrong_shape, sides="stride-swapped")),
    _why("kernel-transposed", "conv_output_shape", "shape-axes", "The first size of a kernel is its width.",
                  "Is a (3, 1) kernel 3 high or 3 wide?",
                  "5 x 5 pixels, kernel (3, 1). Which side gets shorter?", "Rows come first in a pair.",
                  partial(wrong_shape, sides="kernel-transposed")),
    _why("width-first", "conv_output_shape", "shape-axes", "The width comes first.",
                  "A picture is 3 high and 9 wide. Is your output high or wide?",
                  "3 x 9 pixels, kernel 1. Which number comes first?", "Rows come first in a pair.",
                  partial(wrong_shape, sides="width-first")),
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
                  "Move a batch of two photos, of shape (2, 2, 2, 1), down by one. Is any part of the first in the second?",
                  "One picture was moved into the next.", partial(wrong_shift, axes="first")),
    _why("shift-writes", "shift2d", "shift-unchanged", "The image is no longer needed.",
                  "Does x still hold what the caller passed?", "Print x before and after the call.",
                  "The function writes into its argument.", partial(wrong_shift, writes=True)),
    _why("conv-is-invariant", "equivariance_gap", "gap", "A convolution gives the same map wherever the cat is.",
                  "Shift the cat: does the feature map stay, or does it move?",
                  "Move a single bright pixel by one. Where is it in f(shifted x)?",
                  "f(x) must be shifted before you compare.", partial(wrong_gap, compares="unmoved")),
    _why("flatten-keeps-neighbours", "equivariance_gap", "gap", "A dense layer still knows which pixels are neighbours, so its output moves with the image.",
                  "A dense layer has different weights for each pixel. When the cat moves, does its output move too?",
                  "Take f = dense, and move a picture by one. Is the gap 0?", "The function returns 0 for every f.",
                  partial(wrong_gap, compares="nothing")),
    _why("gap-of-maxima", "equivariance_gap", "gap", "Two pictures with the same largest value are the same.",
                  "A bright pixel moves by one. Does the largest value of the picture change? Does the picture?",
                  "Take f = halve and move a single bright pixel by two. Compare the two pictures pixel by pixel.",
                  "Compare the values at each position, not only the largest value.",
                  partial(wrong_gap, compares="answers"), partial(wrong_gap, compares="largest"), partial(wrong_gap, compares="sizes")),
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
         "Pixels at the border are left out.", partial(wrong_gap, crop=True), partial(wrong_gap, crop="new")),
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
         "Each feature map has its own filter.", partial(wrong_conv, sees="one-filter")),
    _why("size-is-a-fraction", "conv_output_shape", "shape-stride", "A size may be a fraction.",
         "Can an image have two and a half rows?", "6 pixels, kernel 3, stride 2. Write down every start.",
         "Divide without a remainder.", partial(wrong_shape, plan="fraction")),
    _why("rounds", "conv_output_shape", "shape-stride", "The number of windows is rounded.",
         "With stride 2 and kernel 3 on 8 pixels, what does the last window see?",
         "8 pixels, kernel 3, stride 2. Write down every start.", "Round down; a part of a window does not count.",
         partial(wrong_shape, plan="round")),
    _why("width-from-height", "conv_output_shape", "shape-axes", "The output is as wide as it is high.",
         "A picture is 3 high and 9 wide. How wide is the output?", "3 x 9 pixels, kernel 1. How many columns are there?",
         "The number of columns is computed from the rows.", partial(wrong_shape, sides="square-image")),
    _why("one-size-for-both", "conv_output_shape", "shape-axes", "The first number of the kernel serves both axes.",
         "Is a (3, 1) kernel 3 high or 3 wide?", "5 x 5 pixels, kernel (3, 1). Which side gets shorter?",
         "The second number of the kernel is not used.", partial(wrong_shape, sides="square-kernel")),
    _why("one-stride-for-both", "conv_output_shape", "shape-axes", "The first number of the stride serves both axes.",
         "Which number of the pair is for rows?", "9 x 9 pixels, kernel 3, stride (2, 1). Which side is halved?",
         "The second number of the stride is not used.", partial(wrong_shape, sides="square-stride")),
)  # fmt: skip

_STARTS = "6 pixels, kernel 3, stride 2. Write down every start."
_GAP = "Compare 1 2 3 with 1 5 9. How large is the gap?"


def _dense(name, criterion, belief, question, step, **switch):
    return _why(name, "dense_params", criterion, belief, question, _LAYER, step, partial(wrong_dense, **switch))


def _conv(name, criterion, belief, question, step, **switch):
    return _why(name, "conv_params", criterion, belief, question, _RGB, step, partial(wrong_conv, **switch))


def _shape(name, criterion, belief, question, probe, step, plan):
    switch = {"shape-axes": "sides", "shape-same": "same"}.get(criterion, "plan")
    return _why(
        name, "conv_output_shape", criterion, belief, question, probe, step, partial(wrong_shape, **{switch: plan})
    )


def _shift(name, criterion, belief, question, step, *, probe=_PICTURE, **switch):
    return _why(name, "shift2d", criterion, belief, question, probe, step, partial(wrong_shift, **switch))


def _gap(name, belief, question, probe, step, **switch):
    return _why(name, "equivariance_gap", "gap", belief, question, probe, step, partial(wrong_gap, **switch))


_MORE = (
    _dense("dense-bias-one", "dense-biases", "A layer has one bias.", "How many units are there? Do they all start from the same number?",
           "There is one bias per unit, not one for the layer.", biases="one"),
    _dense("dense-bias-both", "dense-biases", "Inputs have biases, and units have them too.", "What does the bias of an input add to?",
           "Only units have a bias.", biases="both"),
    _dense("dense-bias-per-weight", "dense-biases", "Each weight has a bias.", "How many numbers does one unit add to its sum?",
           "There is one bias per unit, not one per weight.", biases="weight"),
    _dense("dense-bias-inverted", "dense-biases", "bias=True means that the biases are counted already.", "Which layer has more parameters: with bias=True, or with bias=False?",
           "The condition is the wrong way round: bias=True adds the biases.", biases="inverted"),
    _dense("dense-inputs-only", "dense-weights", "Each input has one weight.", "How many units does one input lead to?",
           "The number of units is missing: each unit has a weight for each input.", joined="inputs"),
    _dense("dense-units-only", "dense-weights", "Each unit has one weight.", "How many inputs does one unit see?",
           "The number of inputs is missing: each unit has a weight for each input.", joined="units"),
    _dense("dense-squared", "dense-weights", "All inputs are connected with each other.", "Which lines lead to a unit?",
           "The inputs are counted twice: multiply inputs and units.", joined="square"),
    _conv("conv-bias-per-input", "conv-biases", "Each input channel has a bias.", "How many biases does one feature map get?",
          "There is one bias per map, not one per input channel.", biases="input"),
    _conv("conv-bias-per-pixel", "conv-biases", "Each pixel of the kernel has a bias.", "How many biases does one feature map get?",
          "There is one bias per map, not one per pixel of the kernel.", biases="pixel"),
    _conv("conv-bias-both", "conv-biases", "Input channels and maps have biases.", "How many biases does one feature map get?",
          "There is one bias per map; input channels have none.", biases="both"),
    _conv("conv-bias-inverted", "conv-biases", "bias=True means that the biases are counted already.", "Which layer has more parameters: with bias=True, or with bias=False?",
          "The condition is the wrong way round: bias=True adds the biases.", biases="inverted"),
    _conv("kernel-is-a-line", "conv-weights", "A kernel of 3 has three weights.", "How many pixels does a kernel of size 3 cover?",
          "A kernel of size 3 covers 3 x 3 pixels.", sees="side"),
    _conv("kernel-sides-added", "conv-weights", "A kernel has as many weights as height and width together.", "How many pixels does a 3 x 3 kernel cover?",
          "Height and width are added; multiply them.", sees="sides"),
    _conv("channels-added-to-maps", "conv-weights", "Input channels and maps are added.", "How many channels does one filter see, and how many filters are there?",
          "Multiply input channels and maps; do not add them.", sees="added-maps"),
    _conv("separable", "conv-weights", "A filter is spread over space first, and over channels afterwards.", "How many weights lead from one channel to one map?",
          "This is a separable convolution: each pair of channel and map has its own kernel.", sees="separable"),
    _conv("kernel-squared-twice", "conv-weights", "The number of weights of a kernel is squared.", "How many pixels does a 3 x 3 kernel cover?",
          "The kernel is counted twice.", sees="squared"),
    _conv("kernel-left-out", "conv-weights", "A filter has one weight per channel.", "How many pixels does a 3 x 3 kernel cover?",
          "The size of the kernel is missing.", sees="channels"),
    _why("kernel-is-square-by-width", "conv_params", "conv-kernel-pairs", "A kernel is as high as it is wide.",
         "How many pixels does a (1, 5) kernel cover?", "Take one (1, 5) kernel on a grey image, without a bias. Count its weights.",
         "The first number of the pair is not used.", partial(wrong_conv, square="last")),
    _why("kernel-is-one-number", "conv_params", "conv-kernel-pairs", "kernel_size is always one number.",
         "What does your function do with the kernel size (1, 5)?", "Take one (1, 5) kernel on a grey image, without a bias. Count its weights.",
         "kernel_size may also be a pair, (rows, columns).", partial(wrong_conv, square="power"), partial(wrong_conv, square="times")),
    _shape("plus-one-inside", "shape-stride", "The first window is added before dividing by the stride.", "Where can a window of 3 start on 7 pixels at stride 2?",
           "7 pixels, kernel 3, stride 2. Write down every start.", "Divide by the stride first, then add the first window.", "plus-one-inside"),
    _shape("divides-before-kernel", "shape-stride", "The picture is divided by the stride before the kernel is subtracted.",
           "Where can a window of 3 start on 6 pixels at stride 2?", _STARTS, "Subtract the kernel first, then divide by the stride.", "divides-first"),
    _shape("stride-multiplies", "shape-stride", "A larger stride makes a larger output.", "Does a window that jumps further take more steps, or fewer?",
           _STARTS, "Divide by the stride; do not multiply.", "stride-multiplies"),
    _shape("stride-taken-away", "shape-stride", "The stride is subtracted from the size.", "Where can a window of 3 start on 6 pixels at stride 2?",
           _STARTS, "Divide by the stride; do not subtract it.", "stride-taken-away"),
    _shape("kernel-ignored", "shape-valid", "The size of the kernel does not matter.", _RULER, "5 pixels, kernel 3. Write down every start.",
           "The kernel is not subtracted: the last window must end inside the image.", "kernel-ignored"),
    _shape("half-kernel-lost", "shape-valid", "A kernel loses half of its size at the border.", _RULER, "5 pixels, kernel 3. Write down every start.",
           "Half a kernel is lost on each side, not on one.", "half-kernel"),
    _shape("kernel-is-stride", "shape-valid", "Windows do not overlap.", _RULER, "5 pixels, kernel 3, stride 1. Write down every start.",
           "The picture is divided by the kernel; windows start one stride apart.", "kernel-is-stride"),
    _shape("integer-padding-ignored", "shape-integer", "An integer padding changes nothing.", "With padding 1, how long is a row of 5 pixels?",
           "5 pixels, kernel 3, padding 1. How many windows are there?", "The padding is not added.", "padding-ignored"),
    _shape("integer-padding-taken-away", "shape-integer", "Padding makes the picture smaller.", "With padding 1, how long is a row of 5 pixels?",
           "5 pixels, kernel 3, padding 1. How many windows are there?", "Add the padding; do not subtract it.", "padding-taken-away"),
    _shape("integer-padding-is-1", "shape-integer", "Padding is one row of zeros, or none.", "With padding 2, how long is a row of 5 pixels?",
           "5 pixels, kernel 3, padding 2. How many windows are there?", "Padding 2 adds two zeros on each side.", "pads-by-1"),
    _shape("same-half-kernel-both-sides", "shape-same", 'Padding "same" adds half a kernel on both sides.', "For a kernel of 2, how many zeros are missing in total?",
           '5 pixels, kernel 2, stride 1, "same". How many windows are there?', "A kernel of even size needs an odd number of zeros in total.", "same-half"),
    _shape("same-half-rounded-down", "shape-same", 'Padding "same" adds (k - 1) // 2 zeros on both sides.', "For a kernel of 2, how many zeros are missing in total?",
           '5 pixels, kernel 2, stride 1, "same". How many windows are there?', "A kernel of even size needs one more zero on one side.", "same-half-floor"),
    _shape("same-always-1", "shape-same", 'Padding "same" is padding 1.', "How many zeros does a kernel of 5 need on each side?",
           '5 pixels, kernel 5, stride 1, "same". How many windows are there?', 'With "same", the number of zeros depends on the kernel.', "same-one"),
    _shape("same-one-too-many", "shape-same", 'Padding "same" adds one window to n / s.', 'At stride 1, how many windows are there with "same"?',
           '6 pixels, kernel 3, stride 2, "same". Write down every start.', 'With "same" there are ceil(n / s) windows.', "same-one-more"),
    _shape("height-from-width", "shape-axes", "The output is as high as it is wide.", "A picture is 3 high and 9 wide. How high is the output?",
           "3 x 9 pixels, kernel 1. How many rows are there?", "The number of rows is computed from the columns.", "last-of-image"),
    _shape("kernel-width-for-both", "shape-axes", "The last number of the kernel serves both axes.", "Is a (3, 1) kernel 3 high or 3 wide?",
           "5 x 5 pixels, kernel (3, 1). Which side gets shorter?", "The first number of the kernel is not used.", "last-of-kernel"),
    _shape("stride-of-columns-for-both", "shape-axes", "The last number of the stride serves both axes.", "Which number of the pair is for rows?",
           "9 x 9 pixels, kernel 3, stride (2, 1). Which side is halved?", "The first number of the stride is not used.", "last-of-stride"),
    _shift("shift-keeps-old", "shift-zeros", "The old pixels stay if no new ones come in.", "What is left in a row after the picture has moved away?",
           "Old pixels are left where zeros come in.", comes_in="old"),
    _shift("shift-fills-ones", "shift-zeros", "Ones come in from outside.", "What is outside the picture?", "Ones come in; fill with zeros.", comes_in="ones"),
    _shift("shift-fills-mean", "shift-zeros", "The mean of the picture comes in from outside.", "What is outside the picture?", "The mean comes in; fill with zeros.", comes_in="mean"),
    _shift("shift-modulo", "shift-out", "A shift by the height of the picture is no shift.", "A picture has 3 rows and moves down by 3. What is left of it?",
           "A shift as large as the picture leaves only zeros.", probe=_BY_TWO, comes_in="modulo"),
    _shift("shift-rows-only", "shift", "A picture moves up and down only.", "Which argument moves the picture to the right?", "dx is not used.", probe=_TO_THE_RIGHT, by="rows"),
    _shift("shift-columns-only", "shift", "A picture moves to the sides only.", "Which argument moves the picture down?", "dy is not used.", by="columns"),
    _shift("shift-ignores-sign", "shift", "A shift has a size, and no direction.", "Where does -1 move the picture?", "The sign of the shift is not used.", probe=_UP, by="size"),
    _shift("shift-by-one", "shift", "A picture moves by one pixel.", "How far does dy = 2 move the picture?", "The picture moves by one pixel only.", probe=_BY_TWO, by="one"),
    _shift("shift-reads-below-0", "shift-zeros", "An index below 0 is outside the picture.", "What is a[-1] for a list of 3 numbers?",
           "A negative index reads from the other end: check for indices below 0 too.", comes_in="below"),
    _why("shift-forward-only", "shift2d", "shift", "A picture moves down and to the right only.", "What is a[:, -1:] if the shift is -1?", _UP,
         "The slices fit shifts down and to the right only; a negative shift needs others.", partial(wrong_shift, cuts="batch"), partial(wrong_shift, cuts="forward")),
    _shift("shift-crops", "shift", "The picture gets smaller when it moves.", "What shape does the result have?", "The pixels that stay are returned without the zeros.", cuts="crop"),
    _shift("shift-grows", "shift", "The picture gets larger when it moves.", "What shape does the result have?", "Zeros are added, and nothing is cut off on the other side.", cuts="pad"),
    _shift("shift-slices-to-minus-zero", "shift", "x[:-d] leaves out d pixels, even for d = 0.", "What is a[:-0]?", "Slices with a minus sign are wrong for 0 and for negative shifts.", cuts="naive"),
    _gap("gap-shifted-the-other-way", "The map moves against the picture.", "The cat moves down. Where does its feature move?", "Move a single bright pixel down by one. Where is it in f(shifted x)?",
         "f(x) is shifted in the opposite direction.", compares="opposite"),
    _gap("gap-axes-swapped", "Rows and columns are swapped in the map.", "The cat moves down. Does its feature move down, or to the right?", "Move a single bright pixel down by one. Where is it in f(shifted x)?",
         "f(x) is shifted by dx rows and dy columns.", compares="swapped"),
    _why("gap-to-picture", "equivariance_gap", "gap", "The map is compared with the picture.", "Which two maps must be equal for an equivariant f?",
         "Let f double each pixel. Is the gap 0?", "f is applied on one side only.", partial(wrong_gap, compares="pictures"), partial(wrong_gap, compares="numbers")),
    _gap("gap-of-the-map-alone", "f sees the picture before it moves.", "Which two maps must be equal for an equivariant f?", "Take f = square, and move a single bright pixel by one. Is the gap 0?",
         "The picture is not shifted before f.", compares="maps"),
    _gap("gap-is-smallest", "The gap is the smallest difference.", "Two pictures differ in one pixel only. Is the gap 0?", _GAP, "Take the largest difference, not the smallest.", takes="smallest"),
    _gap("gap-is-length", "The gap is the length of the difference.", "One pixel differs by 3, another by 4. How large is the largest difference?", _GAP,
         "The root of the sum of squares is taken; take the largest difference.", takes="root"),
    _gap("gap-counts", "The gap is the number of pixels that differ.", "One pixel of a thousand differs by 5. How large is the largest difference?", _GAP,
         "Pixels are counted; take the largest difference.", takes="count"),
    _gap("gap-yes-or-no", "The gap says whether there is a difference.", "One pixel of a thousand differs by 5. How large is the largest difference?", _GAP,
         "The result is 0 or 1; take the largest difference.", takes="any"),
    _gap("gap-is-share", "The gap is the share of pixels that differ.", "One pixel of a thousand differs by 5. How large is the largest difference?", _GAP,
         "The share of pixels is returned; take the largest difference.", takes="share"),
    _gap("gap-mean-square", "The gap is the mean of the squares.", "One pixel of a thousand differs by 5. How large is the largest difference?", _GAP,
         "Take the largest difference, not the mean of the squares.", takes="mean-square"),
)  # fmt: skip

MISCONCEPTIONS = (*_PLAINEST, *_MORE)
