"""Compare batch normalisation and dropout with the layers of Keras."""

import numpy as np
import pytest

from tests.grading import COURSE

BATCH_NORM = COURSE.find("batch_norm").reference()
DROPOUT = COURSE.find("dropout").reference()
SHAPES = [(5, 3), (2, 1), (2, 4, 3, 5), (1, 2, 6, 1)]


def layer_with(keras, x, momentum, eps, numbers):
    layer = keras.layers.BatchNormalization(momentum=momentum, epsilon=eps, dtype="float64")
    layer.build(x.shape)
    layer.set_weights(numbers)
    return layer


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize(("momentum", "eps"), [(0.99, 1e-3), (0.9, 1e-2), (0.0, 1.0)])
def test_batch_norm(keras, tf, shape, momentum, eps):
    rng = np.random.default_rng(1)
    c = shape[-1]
    x = rng.normal(size=shape) * 3 + 2
    gamma, beta, mean, variance = rng.normal(size=c), rng.normal(size=c), rng.normal(size=c), rng.random(c) + 0.5
    layer = layer_with(keras, x, momentum, eps, [gamma, beta, mean, variance])
    infer = BATCH_NORM.batch_norm_infer(x, gamma, beta, mean, variance, eps)
    np.testing.assert_allclose(infer, layer(x, training=False), atol=1e-10)
    xt = tf.constant(x)
    with tf.GradientTape() as tape:
        tape.watch(xt)
        y = layer(xt, training=True)
        dy = rng.normal(size=shape)
        loss = tf.reduce_sum(y * dy)
    ours = BATCH_NORM.batch_norm_train(x, gamma, beta, mean, variance, momentum, eps)
    for one, other in zip(ours, (y, layer.moving_mean, layer.moving_variance), strict=True):
        np.testing.assert_allclose(one, np.asarray(other), atol=1e-10)
    gradients = tape.gradient(loss, [xt, layer.gamma.value, layer.beta.value])
    for one, other in zip(BATCH_NORM.batch_norm_backward(dy, x, gamma, eps), gradients, strict=True):
        np.testing.assert_allclose(one, other, atol=1e-9)


def test_folding_gives_what_keras_gives_with_both_layers(keras):
    rng = np.random.default_rng(2)
    x = rng.normal(size=(2, 6, 5, 3))
    w, b = rng.normal(size=(3, 2, 3, 4)), rng.normal(size=4)
    numbers = rng.normal(size=4), rng.normal(size=4), rng.normal(size=4), rng.random(4) + 0.5
    convolution = keras.layers.Conv2D(4, (3, 2), dtype="float64")
    convolution.build(x.shape)
    convolution.set_weights([w, b])
    both = layer_with(keras, np.zeros((1, 4, 4, 4)), 0.9, 1e-3, numbers)(convolution(x), training=False)
    convolution.set_weights(BATCH_NORM.fold_bn_into_conv(w, b, *numbers))
    np.testing.assert_allclose(convolution(x), both, atol=1e-9)


@pytest.mark.parametrize("rate", [0.1, 0.3, 0.8])
def test_dropout_moments(keras, rate):
    x = np.array([2.0, -1.0, 6.0])
    drawn = np.asarray(keras.layers.Dropout(rate, seed=1, dtype="float64")(np.tile(x, (200_000, 1)), training=True))
    mean, variance = DROPOUT.dropout_moments(x, rate)
    np.testing.assert_allclose(drawn.mean(axis=0), mean, rtol=0.05)
    np.testing.assert_allclose(drawn.var(axis=0), variance, rtol=0.05)
    assert sorted(set(drawn[:, 0].round(9))) == [0.0, round(2 / (1 - rate), 9)]
