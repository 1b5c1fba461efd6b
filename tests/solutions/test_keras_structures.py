"""Exercise 5: which networks have the parts of a convolutional network, and know their images; nothing is trained."""

import functools

import pytest

from grader.checks import DirectCaller, Verdict
from grader.checks.session import RunContext
from tests.grading import COURSE, reference_functions, session_of
from tests.needs import needs

keras = needs("keras", "the networks of exercises 5 and 6")
layers, ops = keras.layers, keras.ops
KEY = "05_keras_cnn"
CHECKS = (
    "test_model_takes_images", "test_model_of_other_sizes", "test_has_convolution", "test_has_nonlinearity",
    "test_has_pooling", "test_has_regulariser",
)  # fmt: skip
LINEAR, POOLED, REGULAR = "test_has_nonlinearity", "test_has_pooling", "test_has_regulariser"


def conv(width=8, size=3, activation="relu", **settings):
    return layers.Conv2D(width, size, padding="same", activation=activation, **settings)


def end(n):
    return [layers.Flatten(), layers.Dropout(0.3), layers.Dense(n, activation="softmax")]


def stacked(parts, optimizer="adam", starts=True):
    """A network of these layers, and an ending unless they return rows."""

    def build_cnn(shape, n):
        model = keras.Sequential([*([keras.Input(shape)] if starts else []), *parts(n)])
        model.compile(optimizer() if callable(optimizer) else optimizer, "sparse_categorical_crossentropy")
        return model

    return build_cnn


def drawn(graph):
    """A network whose maps a function draws on the input."""

    def build_cnn(shape, n):
        inputs = keras.Input(shape)
        model = keras.Model(inputs, functools.reduce(lambda x, layer: layer(x), end(n), graph(inputs)))
        model.compile("adam", "sparse_categorical_crossentropy")
        return model

    return build_cnn


def residual(x):
    x = y = layers.MaxPooling2D()(conv()(x))
    y = layers.BatchNormalization()(conv(activation=None)(y))
    return layers.ReLU()(layers.Add()([x, y]))


def preactivated(x):
    x = y = conv(activation=None)(x)
    y = conv(activation=None, strides=2)(layers.ReLU()(layers.BatchNormalization()(y)))
    return ops.relu(layers.BatchNormalization()(y + conv(size=1, activation=None, strides=2)(x)))


def bottleneck(x):
    y = layers.ReLU(6.0)(conv(16, 1, None)(conv(strides=2)(x)))
    y = layers.ReLU(6.0)(layers.DepthwiseConv2D(3, padding="same")(y))
    return conv(activation="relu")(conv(8, 1, None)(y))


def gated(x):
    x = layers.MaxPooling2D()(conv(activation=None)(x))
    gate = layers.Dense(8, activation="sigmoid")(layers.GlobalAveragePooling2D(keepdims=True)(x))
    return layers.Activation("swish")(x * gate)


def patched(x):
    x = layers.LayerNormalization()(layers.Conv2D(8, 2, strides=2)(x))
    y = layers.LayerNormalization()(layers.DepthwiseConv2D(3, padding="same")(x))
    return x + layers.Dense(8)(layers.Activation("gelu")(layers.Dense(16)(y)))


RIGHT = {
    "plain": stacked(lambda n: [conv(), layers.MaxPooling2D(), conv(), *end(n)]),
    "normalised": stacked(
        lambda n: [conv(activation=None), layers.BatchNormalization(), layers.ReLU(), layers.MaxPooling2D(), *end(n)]
    ),
    "activation after the pooling": stacked(
        lambda n: [conv(activation=None), layers.MaxPooling2D(), layers.LeakyReLU(), *end(n)]
    ),
    "separable": stacked(
        lambda n: [layers.SeparableConv2D(8, 3, activation="tanh"), layers.AveragePooling2D(2), *end(n)]
    ),
    "in two parts": stacked(
        lambda n: [conv(strides=2), layers.DepthwiseConv2D(3, padding="same"), conv(8, 1), *end(n)]
    ),
    "classes from a convolution": stacked(
        lambda n: [conv(), layers.Dropout(0.2), conv(n, 3, None), layers.GlobalAveragePooling2D(), layers.Softmax()]
    ),
    "residual": drawn(residual),
    "preactivated": drawn(preactivated),
    "inverted bottleneck": drawn(bottleneck),
    "gated": drawn(gated),
    "patches": drawn(patched),
}  # fmt: skip
RIGHT |= {
    f"against overfitting: {name}": stacked(lambda n, part=part: [*part(), conv(strides=2), *end(n)[::2]], optimizer)
    for name, part, optimizer in (
        ("AdamW", list, lambda: keras.optimizers.AdamW(1e-3, weight_decay=1e-2)),
        ("Adam with decay", list, lambda: keras.optimizers.Adam(1e-3, weight_decay=1e-3)),
        ("flips", lambda: [layers.RandomFlip("horizontal")], "adam"),
        ("shifts", lambda: [layers.RandomTranslation(0.1, 0.1)], "adam"),
        ("crops", lambda: [layers.RandomCrop(8, 8)], "adam"),
        ("noise", lambda: [layers.GaussianNoise(0.1)], "adam"),
        ("penalty on biases", lambda: [conv(bias_regularizer="l2")], "adam"),
    )
}
WRONG = {
    "linear convolutions": (stacked(lambda n: [
        conv(activation=None), layers.MaxPooling2D(), conv(activation=None), layers.Flatten(), layers.Dropout(0.3),
        layers.Dense(32, activation="relu"), layers.Dense(n, activation="softmax"),
    ]), {LINEAR}),
    "the first is linear": (stacked(lambda n: [conv(activation=None), conv(strides=2), *end(n)]), {LINEAR}),
    "the last is linear": (stacked(lambda n: [conv(strides=2), conv(activation=None), *end(n)]), {LINEAR}),
    "linear in both parts": (stacked(
        lambda n: [layers.DepthwiseConv2D(3), conv(8, 1, None), conv(activation=None, strides=2), *end(n)]
    ), {LINEAR}),
    "bent in the other branch": (drawn(
        lambda x: layers.Concatenate()([conv(activation=None, strides=2)(x), conv(strides=2)(x)])
    ), {LINEAR}),
    "linear everywhere": (stacked(lambda n: [conv(activation="linear", strides=2), *end(n)]), {LINEAR}),
    "no pooling": (stacked(lambda n: [conv(), *end(n)]), {POOLED}),
    "nothing against overfitting": (stacked(lambda n: [conv(strides=2), *end(n)[::2]]), {REGULAR}),
    "no decay": (stacked(lambda n: [conv(strides=2), *end(n)[::2]], lambda: keras.optimizers.AdamW(weight_decay=0.0)), {REGULAR}),
    "without its input": (
        stacked(lambda n: [conv(), layers.MaxPooling2D(), *end(n)], starts=False), {"test_model_takes_images"}
    ),
}  # fmt: skip


SIGNS = {
    "keras.one-unit-too-many": "test_model_takes_images",
    "keras.loss-for-numbers": "test_model_is_compiled",
    "keras.sigmoid-output": "test_loss_fits_the_output",
}
"""What a check names without any training, and the check."""


def failed(build_cnn):
    learner = DirectCaller({**reference_functions(KEY), "build_cnn": build_cnn})
    outcomes = session_of(KEY).run(RunContext(learner, 0, only=(*CHECKS, *SIGNS.values())))
    assert {one.verdict for one in outcomes} <= {Verdict.PASSED, Verdict.FAILED}, outcomes
    return {one.name: one for one in outcomes if one.verdict is Verdict.FAILED}


@pytest.mark.parametrize("network", RIGHT)
def test_a_right_network_has_all_parts(network):
    assert failed(RIGHT[network]) == {}


@pytest.mark.parametrize("network", WRONG)
def test_a_network_loses_the_check_of_what_it_lacks(network):
    build_cnn, lost = WRONG[network]
    assert set(failed(build_cnn)) == lost


def test_it_says_how_many_convolutions_have_no_activation():
    messages = failed(WRONG["the first is linear"][0])
    assert messages[LINEAR].message.startswith("1 of 2 convolutions have no activation after them")


@pytest.mark.parametrize("sign", SIGNS)
def test_a_check_names_the_misconception_that_it_sees(sign):
    (variant,) = (one.variant for one in COURSE.find(KEY).misconceptions() if one.id == sign)
    found = failed(variant)
    assert found[SIGNS[sign]].sign == sign
    assert "independent probabilities" in found[SIGNS[sign]].message or sign != "keras.sigmoid-output"
