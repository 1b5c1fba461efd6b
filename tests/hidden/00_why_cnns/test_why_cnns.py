"""Hidden checks of exercise 0.

Each check starts from the plainest case of its own matter and varies nothing else: weights are judged whatever happens
to the biases, strides on square pictures, and the pixels that stay whatever comes in at the border. Cases in which
everything varies have their own criterion.
"""

import math

import numpy as np
import pytest

from grader.checks import CheckFailedError, assert_close, assert_inputs_unchanged, assert_shape, assert_that
from grader.sandbox.inside.functions import FUNCTIONS

PICTURE = np.array([[1, 2], [3, 4.0]])


def several(rng, low, high, count):
    """Return Python integers from low to high - 1."""
    return [int(n) for n in rng.integers(low, high, size=count)]


def shown(number):
    """Return a number as a message shows it."""
    return int(number) if float(number).is_integer() else float(number)


def is_right(function, right, case):
    """Return True if the answer to a call is right. Then a harder call is judged alone."""
    try:
        assert_close(function(*case), right(*case))
    except CheckFailedError:
        return False
    return True


def assert_weights(function, cases, weights, biases):
    """Fail unless the counts without biases are `weights`, or those with biases are right.

    A count with the wrong biases must not fail here, so a program that never adds them, or always, is right about the
    weights. `cases` are arguments without `bias`.
    """
    counts = list(function.map([(*case, flag) for case in cases for flag in (False, True)]))
    for case, without, with_biases in zip(cases, counts[::2], counts[1::2], strict=True):
        wanted = weights(*case)
        right = without == wanted or with_biases == wanted + biases(*case)
        because = BY_HAND.get((function.name, *case), "")
        assert_that(right, without, f"{shown(without)} is not the number of weights", "", because)


def assert_biases(function, cases, biases, each):
    """Fail unless `bias=True` adds one bias for `each` unit or map."""
    counts = list(function.map([(*case, flag) for case in cases for flag in (False, True)]))
    defaults = list(function.map(cases))
    for case, without, with_biases, default in zip(cases, counts[::2], counts[1::2], defaults, strict=True):
        added, wanted = float(with_biases) - float(without), biases(*case)
        expected = f"{wanted}: one per {each}"
        right = math.isclose(added, wanted, rel_tol=1e-9)  # the difference of large counts with fractions is rounded
        assert_that(right, with_biases, f"bias=True adds {shown(added)} to the count", expected)
        same = default == with_biases
        assert_that(
            same,
            default,
            f"the count is {shown(default)} without `bias` and {shown(with_biases)} with bias=True",
            "the same count",
        )


BY_HAND = {
    ("dense_params", 4, 3): "12 = 4 * 3 lines from 4 inputs to 3 units",
    ("dense_params", 30_000, 1_000): "100 x 100 pixels in colour are 30,000 inputs",
    ("conv_params", 3, 3, 1): "one filter sees 3 x 3 pixels of 3 channels each",
    ("conv_params", (1, 5), 1, 1): "a kernel of 1 x 5 covers 5 pixels",
}


def assert_shapes(submission, reference, cases, because="", alone=None):
    """Fail unless rows and columns are right in every case. `because` explains the first one.

    `alone` returns two calls in which nothing else varies: for the rows and for the columns. A case is also right if it
    agrees with the learner's own answers to these, because their mistakes belong to other criteria.
    """
    answers = list(submission.conv_output_shape.map(cases))
    for case, got in zip(cases, answers, strict=True):
        expected = reference.conv_output_shape(*case)
        if tuple(got) == expected:
            continue
        if alone is not None:
            first, second = alone(*case)
            larger = (tuple(n + 12 for n in first[0]), *first[1:])
            (rows, _), (_, columns), (more, _) = submission.conv_output_shape.map([first, second, larger])
            if tuple(got) == (rows, columns) and rows != more:  # a constant agrees with itself
                continue
        for one, wanted in zip(got, expected, strict=True):
            seen = f"the number of {one.name} is {shown(one)}, which is wrong"
            assert_that(one == wanted, one, seen, "", because if case is cases[0] else "")


def pair(value):
    return value if isinstance(value, tuple) else (value, value)


def axes_apart(hw, kernel, stride=1, padding="valid"):
    """Return a call with the sizes of the rows on both axes, and one with those of the columns."""
    return [((n, n), k, s, padding) for n, k, s in zip(hw, pair(kernel), pair(stride), strict=True)]


def padded_before(hw, kernel, stride, padding):
    """Return two equal calls on a picture that already has its zeros."""
    return [(tuple(n + 2 * padding for n in hw), kernel, stride)] * 2


# ---------------------------------------------------------------------------------------------- dense_params


@pytest.mark.criterion("dense-weights")
def test_dense_weights(submission, rng):
    """Counts one weight for each pair of input and unit."""
    cases = [(4, 3), (30_000, 1_000), *(tuple(several(rng, 2, 5_000, 2)) for _ in range(3))]
    assert_weights(submission.dense_params, cases, lambda n_in, n_out: n_in * n_out, lambda n_in, n_out: n_out)


@pytest.mark.criterion("dense-biases")
def test_dense_biases(submission, rng):
    """Adds one bias per unit, and none if bias is False."""
    cases = [(4, 3), (1, 7), (7, 1), *(tuple(several(rng, 2, 500, 2)) for _ in range(2))]
    assert_biases(submission.dense_params, cases, lambda n_in, n_out: n_out, "unit")


# ----------------------------------------------------------------------------------------------- conv_params


def weights_of(kernel, c_in, c_out):
    rows, columns = kernel if isinstance(kernel, tuple) else (kernel, kernel)
    return rows * columns * c_in * c_out


def biases_of(kernel, c_in, c_out):
    return c_out


@pytest.mark.criterion("conv-weights")
def test_conv_weights(submission, rng):
    """Counts the weights of filters that cover all channels."""
    drawn = [(k, c_in, c_in + c_out) for k, c_in, c_out in (several(rng, 2, 12, 3) for _ in range(4))]
    assert_weights(submission.conv_params, [(3, 3, 1), *drawn], weights_of, biases_of)


@pytest.mark.criterion("conv-kernel-pairs")
def test_conv_kernel_pairs(submission, rng):
    """Counts the weights of kernels that are not square."""
    drawn = (int(rng.integers(2, 9)), int(rng.integers(9, 16)))
    cases = [(kernel, 1, 1) for kernel in ((1, 5), (5, 1), (2, 3), drawn)]
    assert_weights(submission.conv_params, cases, weights_of, biases_of)


@pytest.mark.criterion("conv-kernel-pairs")
def test_conv_kernel_pairs_like_squares(submission, rng):
    """Counts channels, maps and biases of kernels that are not square as it does for square ones."""
    c_in, c_out = (int(n) for n in rng.integers(2, 9, size=2))
    kernels = 3, (2, 4)
    cases = [(kernel, c_in, maps, flag) for maps in (1, c_out) for flag in (False, True) for kernel in kernels]
    answers = list(submission.conv_params.map(cases))
    for number, (case, count) in enumerate(zip(cases, answers, strict=True)):
        kernel, channels, maps, flag = case
        wanted = weights_of(kernel, channels, maps) + (biases_of(kernel, channels, maps) if flag else 0)
        if count == wanted:
            continue
        square = answers[number - 1] if kernel == (2, 4) else None  # a wrong count of a square has its own criterion
        like = square == wanted + channels * maps  # 3 * 3 = 2 * 4 + 1 pixels
        because = (
            "The count for a 3 x 3 kernel is right. A 2 x 4 kernel covers one pixel less, and nothing else differs."
        )
        assert_that(not like, count, f"{shown(count)} is not the number of parameters", "", because)
    finite = np.isfinite([float(count) for count in answers]).all()
    assert_that(finite, answers[0], "a count is not a finite number", "the number of parameters")
    different = len({float(count) for count in answers}) > 1
    assert_that(different, answers[0], "the count is the same for all layers", "one that depends on the layer")


@pytest.mark.criterion("conv-biases")
def test_conv_biases(submission, rng):
    """Adds one bias per feature map, and none if bias is False."""
    cases = [(3, 3, 32), (1, 1, 2), (5, 8, 16), (*several(rng, 2, 12, 2), *several(rng, 40, 400, 1))]
    assert_biases(submission.conv_params, cases, biases_of, "feature map")


# ----------------------------------------------------------------------------------------- conv_output_shape


def square(rng):
    """Return the size of a square picture."""
    (n,) = several(rng, 20, 300, 1)
    return n, n


@pytest.mark.criterion("shape-valid")
def test_shape_by_hand(submission, reference, rng):
    """Counts the positions where a window can start."""
    cases = [((5, 5), 3), ((100, 100), 3), ((7, 7), 7), (square(rng), *several(rng, 2, 9, 1))]
    assert_shapes(submission, reference, cases, "on 5 pixels a window of 3 starts at 0, 1 and 2")


@pytest.mark.criterion("shape-stride")
def test_shape_strides(submission, reference, rng):
    """Moves the window by the stride, and leaves out windows that do not fit entirely."""
    drawn = [(square(rng), k, s) for k, s in ((5, 4), (3, 2))]
    cases = [((7, 7), 3, 2), ((6, 6), 3, 2), ((8, 8), 3, 3), ((9, 9), 2, 3), ((10, 10), 3, 3), ((4, 4), 2, 5), *drawn]
    assert_shapes(submission, reference, cases, "on 7 pixels a window of 3 with stride 2 starts at 0, 2 and 4")


@pytest.mark.criterion("shape-axes")
def test_shape_of_images(submission, reference, rng):
    """Counts rows and columns of images that are not square, and returns rows first."""
    high, wide = several(rng, 20, 60, 1)[0], several(rng, 60, 300, 1)[0]
    cases = [((3, 9), 1), ((5, 7), 3), ((high, wide), 4)]
    assert_shapes(submission, reference, cases, "rows come first: the picture has 3 rows and 9 columns", axes_apart)


@pytest.mark.criterion("shape-axes")
def test_shape_of_kernels(submission, reference, rng):
    """Takes the first number of a kernel for rows and the second for columns."""
    cases = [((5, 5), (3, 1)), ((5, 5), (1, 3)), (square(rng), (4, 7))]
    assert_shapes(submission, reference, cases, "a kernel of (3, 1) is 3 rows high", axes_apart)


@pytest.mark.criterion("shape-axes")
def test_shape_of_strides(submission, reference, rng):
    """Takes the first number of a stride for rows and the second for columns."""
    cases = [((9, 9), 3, (2, 1)), ((9, 9), 3, (1, 2)), (square(rng), 4, (3, 2))]
    assert_shapes(submission, reference, cases, "a stride of (2, 1) leaves out every second row", axes_apart)


@pytest.mark.criterion("shape-same")
def test_shape_same_at_stride_1(submission, reference, rng):
    """Keeps the size with padding "same" and stride 1."""
    cases = [((5, 5), 3, 1, "same"), ((6, 6), 4, 1, "same"), (square(rng), 5, 1, "same")]
    assert_shapes(submission, reference, cases, "on 5 pixels with stride 1, a window starts at each pixel")


@pytest.mark.criterion("shape-same")
def test_shape_same(submission, reference, rng):
    """Counts one window per stride step with padding "same"."""
    drawn = [(square(rng), k, s, "same") for k, s in ((3, 2), (4, 3))]
    cases = [((5, 5), 3, 2, "same"), ((6, 6), 3, 2, "same"), ((7, 7), 2, 3, "same"), ((6, 6), 2, 3, "same"), *drawn]
    cases += [((3, 3), 5, 1, "same"), ((3, 3), 2, 4, "same")]  # a kernel and a stride larger than the picture
    assert_shapes(submission, reference, cases, "on 5 pixels with stride 2, windows start at 0, 2 and 4")


@pytest.mark.criterion("shape-integer")
def test_shape_integer_padding(submission, reference, rng):
    """Counts the zeros of an integer padding on both sides."""
    cases = [((5, 5), 3, 1, 1), ((8, 8), 5, 1, 2), ((5, 5), 3, 1, 0), (square(rng), 4, 1, 3)]
    # A kernel that fits only with the zeros, a smaller one, and one of a single pixel.
    cases += [((3, 3), 5, 1, 1), ((4, 4), 2, 1, 3), ((8, 8), 1, 1, 2)]
    assert_shapes(submission, reference, cases, "one zero on each side turns 5 pixels into 7", padded_before)


@pytest.mark.criterion("shape-together")
def test_shape_together(submission, reference, rng):
    """Counts rows and columns with every kind of padding, pairs of sizes and pairs of strides."""
    height = 2 * several(rng, 60, 150, 1)[0]  # even, so that the width of the kernel gives as many rows
    hw = height, several(rng, 20, 90, 1)[0]
    paddings = ("valid", "same", several(rng, 1, 3, 1)[0])
    cases = [((9, 12), (2, 3), (3, 2), "valid"), ((5, 7), 3, 2)]
    cases += [(hw, (4, 3), (2, 3), padding) for padding in paddings]
    cases += [((17, 7), (2, 3), (2, 1), padding) for padding in paddings]
    assert_shapes(submission, reference, cases, alone=axes_apart)
    together = [
        (((9, 12), 3, 2, 1), [((9, 12), 3, 2), ((9, 12), 3, 1, 1)]),
        (((9, 12), (2, 3), 2), [((9, 12), 3, 2), ((9, 12), (2, 3))]),
        (((9, 12), (2, 3), 2, "same"), [((9, 12), 3, 2, "same"), ((9, 12), (2, 3), 1, "same")]),
    ]
    for case, parts in together:
        if all(is_right(submission.conv_output_shape, reference.conv_output_shape, part) for part in parts):
            assert_shapes(submission, reference, [case], "Right for each of these two alone.")


# --------------------------------------------------------------------------------------------------- shift2d


def among(y, numbers):
    """Return which numbers of y are one of these, even in float32."""
    return np.isclose(np.asarray(y)[..., None], numbers, rtol=1e-5).any(axis=-1)


def stays(shape, dy, dx):
    """Return the part of a picture (H, W) that holds pixels of the picture after a shift."""
    (height, width), part = shape, np.zeros(shape, bool)
    part[max(dy, 0) : max(height + min(dy, 0), 0), max(dx, 0) : max(width + min(dx, 0), 0)] = True
    return part


@pytest.mark.criterion("shift")
def test_shift_moves(submission, reference, rng):
    """Moves the pixels that stay in the picture, in every direction."""
    x = rng.normal(size=(6, 6)) + 9
    cases = [(PICTURE, 1, 0), (PICTURE, 0, 1), (x, -1, 0), (x, 0, -2), (x, 2, 3), (x, -2, 1), (x, 0, 0)]
    cases += [(rng.normal(size=(5, 9)) + 9, 2, -4), (rng.normal(size=(40, 50)) + 9, 1, 7)]
    cases.append((PICTURE.astype(int), 1, 0))  # as in the stub
    words = {0: "down by one: the upper row comes to the lower one", 1: "right by one: the left column comes right"}
    for number, (case, y) in enumerate(zip(cases, submission.shift2d.map(cases), strict=True)):
        x, dy, dx = case
        assert_shape(y, x.shape)
        inside = stays(x.shape, dy, dx)
        wanted = np.where(inside, reference.shift2d(*case), np.asarray(y))
        assert_that(np.isfinite(np.asarray(y)).all(), y, "y contains numbers that are not finite", "finite numbers")
        assert_close(y, wanted, because=words.get(number, ""))


@pytest.mark.criterion("shift-zeros")
def test_shift_zeros(submission, rng):
    """Fills with zeros what the picture leaves behind, and with nothing else."""
    x = rng.normal(size=(6, 6)) + 9
    cases = [(PICTURE, 1, 0), (x, 0, 1), (x, -2, 0), (x, 2, 2), (x, -1, 3)]
    for (x, dy, dx), y in zip(cases, submission.shift2d.map(cases), strict=True):
        assert_shape(y, x.shape)
        empty, wanted = int((np.asarray(y) == 0).sum()), int((~stays(x.shape, dy, dx)).sum())
        assert_that(
            empty == wanted, y, f"y has {empty} zeros", f"{wanted}: one for each pixel that left", "x has no zeros."
        )
        seen = "y contains numbers that are not in x"
        assert_that(among(y, [0, *x.flat]).all(), y, seen, "pixels of x, and zeros")


@pytest.mark.criterion("shift-out")
def test_shift_out_of_the_picture(submission, reference, rng):
    """Returns zeros if the whole picture has moved out, and only then."""
    x = rng.normal(size=(3, 3)) + 9
    cases = [(x, 3, 0), (x, 0, -3), (x, 5, 5), (x, 2, 0), (x, -2, 2)]
    # By n, n + 1, 2 n and more, on one axis: the end of a slice may become negative and mean another pixel.
    cases += [(x, dy, 0) for dy in (-3, 4, -4, 6, -6, 7, -7)] + [(x, 0, dx) for dx in (3, 4, -4, 6, -6, 8, -8)]
    photo = rng.normal(size=(3, 3, 3)) + 9
    if is_right(submission.shift2d, reference.shift2d, (photo, 1, 1)):  # its axes have their own criterion
        cases += [(photo, 4, 0), (photo, 0, -5)]
    for shape in ((2, 5), (5, 2), (1, 4)):  # rows and columns have their own criterion
        x = rng.normal(size=shape) + 9
        if all(is_right(submission.shift2d, reference.shift2d, (x, *by)) for by in ((0, 1), (int(shape[0] > 1), 0))):
            cases += [(x, 3, 0), (x, -3, 0), (x, 0, 3), (x, 0, -3), (x, 1, 0)]
    for (x, dy, dx), y in zip(cases, submission.shift2d.map(cases), strict=True):
        assert_shape(y, x.shape)
        assert_that(among(y, [0, *x.flat]).all(), y, "y contains numbers that are not in x", "pixels of x, and zeros")
        kept, wanted = int((np.asarray(y) != 0).sum()), int(stays(x.shape[:2], dy, dx).sum())
        expected = f"{wanted or 'none'} of {x.size} pixels"
        assert_that(
            kept <= wanted or wanted,
            y,
            f"{kept} pixels are left in the picture",
            expected,
            "The whole picture has moved out.",
        )
        assert_that(kept or not wanted, y, "the whole picture is gone", expected, "The last row or column is still in.")


@pytest.mark.criterion("shift-axes")
def test_shift_channels(submission, reference, rng):
    """Moves all channels of a photo together."""
    x, two = rng.normal(size=(5, 6, 3)) + 9, rng.normal(size=(4, 3, 2)) + 9
    cases = [(x, 1, 0), (x, 0, -1), (two, 1, 0)]
    assert_moved(submission, reference, cases, "The axes of the picture are the two before the channels.")
    assert_moved_anywhere(submission, reference, [(x, -2, 3), (two, -1, 1)])


@pytest.mark.criterion("shift-axes")
def test_shift_batch(submission, reference, rng):
    """Moves each picture of a batch separately."""
    x = rng.normal(size=(3, 5, 4, 2)) + 9
    because = "No pixel moves from one picture into the next."
    assert_moved(submission, reference, [(x, 1, 0), (x, 0, 2), (x[:1], 1, 0)], because)
    assert_moved_anywhere(submission, reference, [(x, -2, -1)])


def assert_moved_anywhere(submission, reference, cases):
    """Fail if photos move wrongly in a direction in which a picture (H, W) moves as it should."""
    for x, dy, dx in cases:
        grey = x.reshape(-1, *x.shape[-3:])[0, ..., 0]
        if is_right(submission.shift2d, reference.shift2d, (grey, dy, dx)):
            because = "The picture (H, W) moves as it should by the same numbers."
            assert_moved(submission, reference, [(x, dy, dx)], because)


def assert_moved(submission, reference, cases, because):
    """Fail unless the pixels that stay are where they belong, or where a picture (H, W) moves to as well.

    The directions and the zeros at the border have their own criteria: what counts here is that a photo moves as
    its channels do alone.
    """
    grey = [(x.reshape(-1, *x.shape[-3:])[0, ..., 0], dy, dx) for x, dy, dx in cases]
    answers = list(submission.shift2d.map([*cases, *grey]))
    for (x, dy, dx), (first_of_x, *_), y, plain in zip(cases, grey, answers, answers[len(cases) :], strict=False):
        assert_shape(y, x.shape)
        right = reference.shift2d(x, dy, dx)
        if np.allclose(np.asarray(y), right, rtol=1e-5):
            continue
        first = np.asarray(y).reshape(-1, *y.shape[-3:])[0, ..., 0]
        alike = np.shape(plain) == first.shape and np.allclose(first, np.asarray(plain), rtol=1e-5)
        alone = alike and not np.allclose(np.asarray(plain), first_of_x) and moved_alike(np.asarray(y), x)
        if not alone:
            assert_close(y, right, because=because)


def moved_alike(y, x):
    """Return True if all pictures and channels of y moved alike: each pixel comes from the same place in x."""
    y, x = y.astype(float).reshape(-1, *y.shape[-3:]), x.reshape(-1, *x.shape[-3:])

    def places(n, c):
        picture = x[n, :, :, c].ravel().round(6)
        return [np.flatnonzero(picture == value).tolist() for value in y[n, :, :, c].ravel().round(6)]

    first = places(0, 0)
    return any(first) and all(places(n, c) == first for n in range(len(x)) for c in range(x.shape[-1]))


@pytest.mark.criterion("shift-unchanged")
def test_shift_inputs_unchanged(submission, rng):
    """Does not change the image."""
    x = rng.normal(size=(4, 5)) + 9
    assert_inputs_unchanged(submission.shift2d, x, 1, 1)
    for dy, dx in ((-1, 0), (0, 2)):
        if submission.shift2d.raised_by(x, dy, dx) is None:  # the directions have their own criterion
            assert_inputs_unchanged(submission.shift2d, x, dy, dx)
    y = submission.shift2d(x, 1, 1)
    assert_shape(y, x.shape)
    moved = among(y, x.ravel()).any() and not np.allclose(np.asarray(y), x)
    assert_that(moved, y, "y is not a moved picture", "the pixels of x in other places")


# ------------------------------------------------------------------------------------------ equivariance_gap


def spots(rng, *shape):
    """Return bright pixels far from the border, so that no pixel leaves and no zero comes in."""
    x = np.zeros(shape)
    x[3:5, 4:6] = rng.uniform(1, 3, size=(2, 2, *shape[2:]))
    return x


def draw_until(holds, draw):
    """Return the first picture for which `holds` is true: 6% of those in `shows_what_left`, else at least 40%."""
    return next(x for x in (draw() for _ in range(2000)) if holds(x))


def moved(x, dy, dx):
    """Return x of shape (H, W) or (H, W, C) shifted. Not by the reference: a kit has only some of its answers."""
    stay = stays(x.shape[:2], dy, dx)
    return np.where(stay if x.ndim == 2 else stay[..., None], np.roll(x, (dy, dx), axis=(0, 1)), 0)


def dense_gaps(x, dy, dx):
    """Return the gap of a dense layer with and without the pixels at the border."""
    f = FUNCTIONS["dense"]
    differences = np.abs(f(moved(x, dy, dx)) - moved(f(x), dy, dx))
    rows, columns = max(abs(dy), 1), max(abs(dx), 1)
    return differences.max(), differences[rows:-rows, columns:-columns].max()


def is_far_from_the_border(x, dy, dx):
    """Return True if a program that leaves out the border finds the same gap. The border has its own criterion."""
    gap, without_border = dense_gaps(x, dy, dx)
    return gap == without_border


def shows_what_left(x):
    """Return True if a program that shifts f(shifted x) back and compares it with f(x) finds a larger gap.

    The picture moves by (1, 1). This program compares f(x) with zeros where pixels left.
    """
    gap, without_border = dense_gaps(x, 1, 1)
    lost = np.abs(FUNCTIONS["dense"](x))[~stays(x.shape, -1, -1)].max()
    return gap == without_border and lost > gap


def assert_gaps(submission, reference, cases, because):
    for case, got in zip(cases, submission.equivariance_gap.map(cases), strict=True):
        assert_close(got, reference.equivariance_gap(*case), terms=4096, because=because)


@pytest.mark.criterion("gap")
def test_gap_of_what_moves_along(submission, reference, rng):
    """Finds no gap for a convolution and for a function of single pixels, but a gap for a dense layer."""
    cases = [
        (FUNCTIONS[name], spots(rng, 9, 10), dy, dx) for name in ("square", "blur") for dy, dx in ((1, 0), (-1, 2))
    ]
    assert_gaps(submission, reference, cases, "a shift before or after the function gives the same picture")
    x = draw_until(lambda x: is_far_from_the_border(x, 1, 0), lambda: spots(rng, 9, 10))
    cases = [(FUNCTIONS["dense"], sign * x, 1, 0) for sign in (1, -1)]
    assert_gaps(submission, reference, cases, "a dense layer has different weights for each pixel")
    assert_gaps(submission, reference, [(*cases[0][:2], 0, 0)], "without a shift, both pictures are the same")


@pytest.mark.criterion("gap")
def test_gap_of_a_dense_layer(submission, reference, rng):
    """Finds the largest absolute difference for a dense layer, and in a batch."""
    pictures = [(draw_until(shows_what_left, lambda: rng.normal(size=(6, 5))), 1, 1)]
    for shape, *by in (((5, 6, 2), 0, -1), ((6, 6), -2, 1)):
        x = draw_until(lambda x, by=by: is_far_from_the_border(x, *by), lambda shape=shape: rng.normal(size=shape))
        pictures.append((x, *by))
    cases = [(FUNCTIONS["dense"], sign * x, dy, dx) for x, dy, dx in pictures for sign in (1, -1)]
    assert_gaps(submission, reference, cases, "one weight per pixel: the output does not move with the picture")
    x = rng.normal(size=(2, 4, 5, 1))
    gap, right = submission.equivariance_gap, reference.equivariance_gap
    alone = [is_right(gap, right, (FUNCTIONS["blur"], image, 1, 0)) for image in (x[:1], x[1:])]
    if all(alone):  # the border has its own criterion
        batches = [(FUNCTIONS["blur"], np.concatenate([part * x[:1], x[1:]]), 1, 0) for part in (0, 1)]
        assert_gaps(submission, reference, batches, "the largest difference in all pictures of the batch")


@pytest.mark.criterion("gap")
def test_gap_of_blocks(submission, reference, rng):
    """Finds a gap for the maximum of each 2 x 2 block if the shift is not a whole block."""
    x = np.roll(spots(rng, 22, 24), 8, axis=(0, 1))  # far from the border of the map, too
    cases = [(FUNCTIONS["halve"], x, dy, dx) for dy, dx in ((1, 0), (1, 1), (2, 0), (0, -2))]
    x = x.copy()
    x[11:13] = x[12:10:-1]  # with the brighter row below, if it was above
    cases.append((FUNCTIONS["halve"], x, 1, 0))
    assert_gaps(submission, reference, cases, "compare pixel by pixel: halve returns a picture of half the size")


@pytest.mark.criterion("gap-border")
def test_gap_at_the_border(submission, reference, rng):
    """Counts the pixels at the border, where zeros come in."""
    grey = float(rng.uniform(1, 3))
    shifts = ((1, 0), (0, -1), (-2, 1))
    cases = [(FUNCTIONS["blur"], np.full((5, 6), value), *shift) for shift in shifts for value in (grey, 2 * grey)]
    gaps = list(submission.equivariance_gap.map(cases))
    for gap in gaps:
        assert_shape(gap, ())
    wanted = [reference.equivariance_gap(*case) for case in cases]
    because = "Far from the border a blur moves along. At the border it sees the zeros that came in."
    if np.allclose(gaps, wanted, rtol=1e-2):
        for got, right in zip(gaps, wanted, strict=True):
            assert_close(got, right, terms=4096, because=because)
    else:  # the way of measuring has its own criterion
        seen = f"the gap is {gaps[0]:.4g}, although f sees other pixels at the border"
        assert_that(np.isfinite(gaps).all() and min(gaps) > 1e-9, gaps[0], seen, "a gap above 0", because)
        seen = "the gap does not change if the picture is twice as bright"
        assert_that(not np.isclose(*gaps[:2]), gaps[1], seen, "another gap", because)
    assert_zeros_count(submission, rng)


def assert_zeros_count(submission, rng):
    """Fail if a gap that exists only where zeros came in is not found: f adds 1 to each pixel, or takes 1 away.

    One of the two must be found, of whatever size: the sign and the way of measuring have their own criterion.
    """
    x = rng.integers(2, 90, size=(4, 5))  # whole numbers, as in the stub
    cases = [(FUNCTIONS[name], x, *by) for by in ((1, 0), (0, -2), (-2, 1), (0, 6)) for name in ("add_one", "less_one")]
    gaps = list(submission.equivariance_gap.map(cases))
    because = "f changes the zeros that came in before it. They are 0 if they come in after it. All other pixels agree."
    for first, second in zip(gaps[::2], gaps[1::2], strict=True):
        found = np.isfinite([first, second]).all() and max(first, second) > 1e-9
        assert_that(found, first, f"the gap is {first:.4g}", "a gap above 0", because)
