"""Compare convolution and pooling, forward and gradients, with TensorFlow in float64."""

import numpy as np
import pytest

from tests.grading import COURSE
from tests.oracles.grid import CONVOLUTIONS, POOLINGS, pair

CONVOLUTION = COURSE.find("convolution").reference()
POOLING = COURSE.find("pooling").reference()


def test_the_grid_is_large():
    assert len(CONVOLUTIONS) + len(POOLINGS) >= 500


def padded(tf, x, padding, value):
    """Return the input for TensorFlow, already padded if the padding is an integer."""
    if isinstance(padding, str):
        return x, padding.upper()
    pads = [[0, 0], [padding, padding], [padding, padding], [0, 0]]
    return tf.pad(x, pads, constant_values=value), "VALID"


def assert_agree(case, name, ours, theirs):
    assert ours.shape == tuple(theirs.shape), f"{name} of {case}"
    np.testing.assert_allclose(ours, theirs.numpy(), atol=1e-10, err_msg=f"{name} of {case}")


@pytest.mark.parametrize("padding", ["valid", "same", 0, 1, 2])
def test_convolution(tf, padding):
    rng = np.random.default_rng(1)
    for case in (case for case in CONVOLUTIONS if case.padding == padding):
        x = rng.normal(size=(case.batch, *case.image, case.channels))
        w, b = rng.normal(size=(*case.kernel, case.channels, 4)), rng.normal(size=4)
        xt, wt, bt = tf.constant(x), tf.constant(w), tf.constant(b)
        with tf.GradientTape() as tape:
            tape.watch([xt, wt, bt])
            image, mode = padded(tf, xt, case.padding, 0.0)
            y = tf.nn.conv2d(image, wt, [1, *pair(case.stride), 1], mode) + bt
            dy = rng.normal(size=y.shape)
            loss = tf.reduce_sum(y * dy)
        assert_agree(case, "y", CONVOLUTION.conv2d(x, w, b, case.stride, case.padding), y)
        assert_agree(case, "fast y", CONVOLUTION.conv2d_fast(x, w, b, case.stride, case.padding), y)
        ours = CONVOLUTION.conv2d_backward(dy, x, w, case.stride, case.padding)
        for name, one, other in zip(("dx", "dw", "db"), ours, tape.gradient(loss, [xt, wt, bt]), strict=True):
            assert_agree(case, name, one, other)


@pytest.mark.parametrize("kind", ["max", "avg"])
def test_pooling(tf, kind):
    rng = np.random.default_rng(2)
    for case in POOLINGS:
        x = rng.normal(size=(case.batch, *case.image, case.channels))
        xt = tf.constant(x)
        size, strides = [1, *case.kernel, 1], [1, *pair(case.stride), 1]
        with tf.GradientTape() as tape:
            tape.watch(xt)
            if kind == "max":
                image, mode = padded(tf, xt, case.padding, -np.inf)
                y = tf.nn.max_pool2d(image, size, strides, mode)
            else:
                image, mode = padded(tf, xt, case.padding, 0.0)
                real, _ = padded(tf, tf.ones_like(xt), case.padding, 0.0)
                # Divide sums of pixels by sums of ones, so that integer padding is not part of the mean.
                y = tf.nn.avg_pool2d(image, size, strides, mode) / tf.nn.avg_pool2d(real, size, strides, mode)
            dy = rng.normal(size=y.shape)
            loss = tf.reduce_sum(y * dy)
        geometry = (case.kernel, case.stride, case.padding)
        assert_agree(case, f"{kind} y", getattr(POOLING, f"{kind}_pool2d")(x, *geometry), y)
        dx = getattr(POOLING, f"{kind}_pool2d_backward")(dy, x, *geometry)
        assert_agree(case, f"{kind} dx", dx, tape.gradient(loss, xt))


def test_same_average_is_tensorflows_own(tf):
    x = np.random.default_rng(3).normal(size=(2, 7, 5, 3))
    ours = POOLING.avg_pool2d(x, (3, 2), 2, "same")
    assert_agree("same", "y", ours, tf.nn.avg_pool2d(x, [3, 2], [2, 2], "SAME"))


def test_global_average(keras):
    x = np.random.default_rng(4).normal(size=(2, 7, 5, 3))
    theirs = keras.layers.GlobalAveragePooling2D(dtype="float64")(x)
    np.testing.assert_allclose(POOLING.global_avg_pool2d(x), theirs, atol=1e-12)


@pytest.mark.parametrize("dilation", [1, 2, 3])
@pytest.mark.parametrize("padding", ["valid", "same"])
def test_dilation(tf, dilation, padding):
    rng = np.random.default_rng(5)
    x, w, b = rng.normal(size=(2, 9, 8, 2)), rng.normal(size=(3, 2, 2, 3)), rng.normal(size=3)
    theirs = tf.nn.conv2d(x, w, 1, padding.upper(), dilations=dilation) + b
    assert_agree(dilation, "y", CONVOLUTION.conv2d_dilated(x, w, b, 1, padding, dilation), theirs)


def test_depthwise_is_as_many_groups_as_channels(tf):
    rng = np.random.default_rng(6)
    x, w = rng.normal(size=(2, 6, 5, 4)), rng.normal(size=(3, 2, 4, 2))
    theirs = tf.nn.depthwise_conv2d(x, w, [1, 1, 1, 1], "VALID")
    ours = CONVOLUTION.conv2d_grouped(x, w.reshape(3, 2, 1, 8), np.zeros(8), groups=4)
    assert_agree("depthwise", "y", ours, theirs)
