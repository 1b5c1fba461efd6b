"""The right answer of every generated question, found in another way: by counting, by enumeration or by NumPy."""

import itertools
import math
from fractions import Fraction

import numpy as np

from tests.grading import reference_functions

DROP = reference_functions("03_dropout")


def windows(n, k, s):
    """Count the windows of k, one every s, that lie inside n places."""
    return sum(1 for start in range(n) if start % s == 0 and start + k <= n)


def told(values):
    return ", ".join(f"{int(v)}" for v in values)


def rows_told(rows):
    return " / ".join(" ".join(f"{v:g}" for v in row) for row in rows)


def blocks(rows, how):
    array = np.array(rows)
    h, w = array.shape
    return how(array.reshape(h // 2, 2, w // 2, 2).transpose(0, 2, 1, 3).reshape(h // 2, w // 2, 4), axis=-1)


def output_size(n, k, s, p):
    return windows(len([0] * p + [1] * n + [0] * p), k, s)


def same_size(n, k, s):
    return len(range(0, n, s))


def same_zeros(n, k, s):
    count = len(range(0, n, s))
    total = next(t for t in range(1000) if windows(n + t, k, s) >= count)
    return f"{total // 2} before and {total - total // 2} after"


def by_hand(x, w, b):
    return told(np.correlate(x, w, mode="valid") + b)


def multiplications(n, k, c_in, c_out):
    return windows(n, k, 1) ** 2 * np.ones((k, k, c_in, c_out)).size


def dense_weights(side, channels, units):
    return np.zeros((side * side * channels, units)).size + np.zeros(units).size


def conv_weights(k, c_in, c_out):
    return np.zeros((k, k, c_in, c_out)).size + np.zeros(c_out).size


def receptive_field(kernels):
    seen = {0}
    for k in kernels:
        seen = {at + step for at in seen for step in range(k)}
    return len(seen)


def max_by_hand(rows):
    return rows_told(blocks(rows, np.max))


def average_by_hand(rows):
    return rows_told(blocks(rows, np.mean))


def pooled_size(n, size, channels):
    side = windows(n, size, size)
    return f"{side} x {side} x {channels}"


def gradient_of_max(block, dy):
    step = 1e-3
    slopes = []
    for i in range(4):
        moved = [v + step * (i == j) for j, v in enumerate(block)]
        slopes.append(dy * (max(moved) - max(block)) / step)
    return " ".join(f"{round(v):g}" for v in slopes)


def survivor(rate, value):
    return f"{float(Fraction(value) / (1 - Fraction(str(rate)))):.6g}"


def expected_survivors(rate, units):
    return int(units - Fraction(str(rate)) * units)


def at_inference(rate, value):
    y, _ = DROP["dropout"](np.array([float(value)]), rate, False, np.random.default_rng(0))
    return f"{y.item():g}"


def variance(rate, value):
    keep = 1 - Fraction(str(rate))
    outcomes = ((Fraction(value) / keep, keep), (Fraction(0), 1 - keep))
    mean = sum(v * p for v, p in outcomes)
    return f"{float(sum(p * (v - mean) ** 2 for v, p in outcomes)):.6g}"


def normalised(x, mean, variance, gamma, beta):
    return f"{round((x - mean) / math.sqrt(variance) * gamma + beta):g}"


def moving_mean(old, batch, momentum):
    return f"{float(old + (1 - Fraction(str(momentum))) * (batch - old)):.6g}"


def parameters(side, channels):
    return len([(channel, name) for channel in range(channels) for name in ("gamma", "beta")])


def statistics_axes(batch, side, channels):
    return np.zeros((batch, side, side, channels))[..., 0].size


def flattened(n, k, filters):
    return windows(windows(n, k, 1), 2, 2) ** 2 * filters


def steps(images, batch, epochs):
    return epochs * len(range(0, images, batch))


def loss_of(classes, softmax, one_hot):
    table = {
        (True, True): "CategoricalCrossentropy()",
        (True, False): "SparseCategoricalCrossentropy()",
        (False, True): "CategoricalCrossentropy(from_logits=True)",
        (False, False): "SparseCategoricalCrossentropy(from_logits=True)",
    }
    return table[softmax, one_hot]


def scaled(pixel, brightest):
    return f"{float(Fraction(pixel, 255)):.4g}"


def trained_parameters(base, features, classes):
    return sum(1 for _ in itertools.product(range(features), range(classes))) + classes


def moving_layers(n):
    layers = ["conv1", "norm1", "conv2", "norm2", "pool", "conv3", "norm3"]
    return ", ".join(name for place, name in enumerate(layers) if place >= 7 - n and "conv" in name) or "none"


def brought_into_range(tenths):
    return f"{float(Fraction(tenths - 10 + tenths, 10)):.4g}"


def shifted(row, column, dy, dx):
    image = np.zeros((40, 40))
    image[row, column] = 1
    i, j = np.argwhere(np.roll(image, (dy, dx), axis=(0, 1)))[0]
    return f"row {i}, column {j}"


def pooled_twice(n):
    return windows(windows(n, 2, 2), 2, 2)


def thinned(units):
    return sum(math.comb(units, kept) for kept in range(units + 1))


def after_batches(momentum, batches, mean):
    value = Fraction(0)
    for _ in range(batches):
        value = Fraction(str(momentum)) * value + (1 - Fraction(str(momentum))) * mean
    return f"{float(value):.6g}"


def model_parameters(n, filters, classes):
    side = windows(windows(n, 3, 1), 2, 2)
    shapes = [(3, 3, 1, filters), (filters,), (side * side * filters, classes), (classes,)]
    return sum(np.zeros(shape).size for shape in shapes)


def inputs_of_image(rows, columns, channels):
    return np.zeros((rows, columns, channels)).size


def weights_of_dense(side, channels, units):
    return np.zeros((side, side, channels)).size * np.zeros(units).size


def average_of_window(window):
    return int(np.mean(window))


def rows_of_pooled(n, size):
    return windows(n, size, size)


def global_average(side, channels):
    return np.zeros((side, side, channels)).mean(axis=(0, 1)).size


def share_of_start(momentum, batches):
    value = Fraction(1)
    for _ in range(batches):
        value *= Fraction(str(momentum))
    return f"{float(value):.6g}"
