"""However a learner writes a network, its graph of built-in layers and operations computes the same."""

import functools
import json

import numpy as np
import pytest

from grader.checks.built_in import refusal
from tests.needs import needs

keras = needs("keras", "the networks of exercises 5 and 6")
tf = needs("tensorflow", "the networks of exercises 5 and 6")

from grader.sandbox.inside import keras_models  # noqa: E402  # only with Keras
from grader.sandbox.inside.keras_graphs import UnreadableError  # noqa: E402  # only with Keras

layers, ops = keras.layers, keras.ops
SHAPE = (8, 8, 1)


def end():
    return [
        layers.Conv2D(8, 3, activation="relu", padding="same"), layers.MaxPooling2D(), layers.Flatten(),
        layers.Dropout(0.3), layers.Dense(10, activation="softmax"),
    ]  # fmt: skip


def stack(*parts):
    return keras.Sequential([keras.Input(SHAPE), *parts])


class Block(layers.Layer):
    def __init__(self, width):
        super().__init__()
        self.conv = layers.Conv2D(width, 3, padding="same", name="conv")
        self.norm = layers.BatchNormalization(momentum=0.9, name="norm")

    def call(self, x, training=None):
        return tf.nn.relu(self.norm(self.conv(x), training=training))


class Twice(layers.Layer):
    def __init__(self):
        super().__init__()
        self.blocks = [Block(8), Block(8)]

    def call(self, x):
        for block in self.blocks:
            x = block(x) + x
        return x


class Linear(layers.Layer):
    def build(self, shape):
        self.w = self.add_weight(shape=(shape[-1], 10), initializer="glorot_uniform", name="w")
        self.b = self.add_weight(shape=(10,), initializer="zeros", name="b")

    def call(self, x):
        return tf.matmul(x, self.w) + self.b


class OwnConvolution(layers.Layer):
    def build(self, shape):
        self.w = self.add_weight(shape=(3, 3, shape[-1], 8), name="w")

    def call(self, x):
        return tf.nn.relu(tf.nn.conv2d(x, self.w, strides=1, padding="SAME"))


class Noise(layers.Layer):
    def call(self, x, training=None):
        return x + tf.random.normal(tf.shape(x), stddev=0.1) if training else x


class Net(keras.Model):
    def __init__(self):
        super().__init__()
        self.conv = layers.Conv2D(8, 3, strides=2)
        self.scores = layers.Dense(10)

    def call(self, x, training=None):
        x = tf.nn.relu(self.conv(x))
        x = tf.nn.max_pool2d(x, 2, 1, "VALID")
        x = tf.reshape(x, (tf.shape(x)[0], -1))
        if training:
            x = tf.nn.dropout(x, 0.3)
        return tf.nn.softmax(self.scores(x))


class Compiled(keras.Model):
    def __init__(self):
        super().__init__()
        self.inner = stack(*end())

    @tf.function
    def call(self, x):
        return self.inner(x)


class OfSequential(keras.Sequential):
    def __init__(self, shape=None):
        super().__init__(([keras.Input(shape)] if shape else []) + end())


class OfFunctional(keras.Model):
    def __init__(self):
        inputs = keras.Input(SHAPE)
        super().__init__(inputs, functools.reduce(lambda x, layer: layer(x), end(), inputs))

    def train_step(self, data):
        return super().train_step(data)


class Squeeze(layers.Layer):
    def __init__(self):
        super().__init__()
        self.mean = layers.GlobalAveragePooling2D(keepdims=True)
        self.gate = layers.Dense(8, activation="sigmoid")

    def call(self, x):
        return tf.concat([x, x * self.gate(self.mean(x))], axis=-1)


class OwnStart(keras.initializers.Initializer):
    def __call__(self, shape, dtype=None):
        return 0.1 * ops.ones(shape)


def swish(x):
    return x * tf.sigmoid(x)


FORMS = {
    "a Lambda": lambda: stack(layers.Lambda(lambda x: x * 2 - 1), *end()),
    "a Lambda of TensorFlow": lambda: stack(layers.Lambda(lambda x: tf.cast(x, tf.float32) / 0.5 - 1.0), *end()),
    "a Lambda with an argument": lambda: stack(layers.Lambda(lambda x, k: x * k, arguments={"k": 2.0}), *end()),
    "a Lambda with a constant": lambda: stack(layers.Lambda(lambda x: (x - np.float32(0.3)) / tf.constant(0.5)), *end()),
    "a Lambda that resizes": lambda: stack(layers.Lambda(lambda x: tf.image.resize(x, (16, 16))), *end()),
    "a Lambda that standardises": lambda: stack(layers.Lambda(tf.image.per_image_standardization), *end()),
    "a Lambda of AlexNet": lambda: stack(
        layers.Conv2D(8, 3), layers.Lambda(tf.nn.local_response_normalization), *end()
    ),
    "a Lambda that pools": lambda: stack(
        layers.Conv2D(10, 3, activation="relu"), layers.Lambda(lambda x: tf.reduce_mean(x, axis=[1, 2])), layers.Softmax()
    ),
    "a Lambda at the end": lambda: stack(*end()[:-1], layers.Dense(10), layers.Lambda(tf.nn.softmax)),
    "a Lambda in an inner model": lambda: stack(keras.Sequential([layers.Conv2D(8, 3), layers.Lambda(tf.nn.relu)]), *end()),
    "an activation that is a Lambda": lambda: stack(
        layers.Conv2D(8, 3, activation=lambda x: tf.nn.leaky_relu(x, alpha=0.1)), *end()
    ),
    "an activation that is a partial": lambda: stack(
        layers.Conv2D(8, 3, activation=functools.partial(tf.nn.leaky_relu, alpha=0.1)), *end()
    ),
    "an activation of one's own": lambda: stack(layers.Conv2D(8, 3), layers.Activation(swish), *end()),
    "an initialiser of one's own": lambda: stack(layers.Conv2D(8, 3, kernel_initializer=OwnStart()), *end()),
    "blocks of one's own": lambda: stack(Block(8), layers.MaxPooling2D(), Block(8), *end()),
    "blocks in blocks": lambda: stack(Twice(), *end()),
    "weights of one's own": lambda: stack(*end()[:-1], Linear(), layers.Softmax()),
    "a convolution of one's own": lambda: stack(OwnConvolution(), *end()),
    "noise in training": lambda: stack(Noise(), *end()),
    "a gate": lambda: stack(layers.Conv2D(8, 3), Squeeze(), *end()),
    "a class of Model": Net,
    "a class with a compiled call": Compiled,
    "a class of Sequential": lambda: OfSequential(SHAPE),
    "a class of Sequential without its input": OfSequential,
    "a class of Functional": OfFunctional,
    "a Sequential without its input": lambda: keras.Sequential(end()),
}  # fmt: skip


def exported(model):
    found = keras_models.export(model, SHAPE)
    return found, found["config"].tobytes().decode()


@pytest.mark.parametrize("form", FORMS)
def test_its_graph_computes_the_same_with_any_weights_from_built_in_layers(form):
    model = FORMS[form]()
    found, config = exported(model)
    assert refusal(config, 0) is None
    clean = keras_models.rebuild(found["config"], [value for _, value, _ in found["weights"]])
    x = np.random.default_rng(1).uniform(size=(5, *SHAPE)).astype("float32")
    np.testing.assert_allclose(keras_models.predict(clean, x), model(x, training=False), atol=1e-5)

    rng = np.random.default_rng(2)
    others = [rng.uniform(0.01, 0.3, size=np.shape(value)) for _, value, _ in found["weights"]]
    keras_models.assign(model, others)
    clean.set_weights(others)
    np.testing.assert_allclose(keras_models.predict(clean, x), model(x, training=False), rtol=1e-3, atol=1e-4)


@pytest.mark.parametrize("form", ["a class of Sequential", "a class of Sequential without its input"])
def test_a_class_of_sequential_is_a_sequential(form):
    assert json.loads(exported(FORMS[form]())[1])["class_name"] == "Sequential"


@pytest.mark.parametrize(("form", "built"), [("a Lambda", True), ("a Sequential without its input", False)])
def test_it_says_whether_the_model_was_built(form, built):
    assert exported(FORMS[form]())[0]["built"] is built


def test_dropout_in_training_alone_is_in_the_graph():
    assert '"Dropout"' in exported(Net())[1]


def test_a_weight_of_a_layers_own_can_be_trained_in_the_clean_process():
    found, _ = exported(FORMS["weights of one's own"]())
    clean = keras_models.rebuild(found["config"], [value for _, value, _ in found["weights"]])
    assert len(clean.trainable_weights) == len(found["weights"]) == 4


def test_a_model_is_as_before_once_it_was_read():
    model = stack(layers.Conv2D(8, 3, activation=swish, name="conv"), Block(8), Block(8), *end())
    x = np.ones((2, *SHAPE), "float32")
    before = np.asarray(model(x))
    exported(model)
    assert model.layers[0].activation is swish
    assert [block.conv.name for block in model.layers[1:3]] == ["conv", "conv"]
    np.testing.assert_array_equal(np.asarray(model(x)), before)


def test_what_tensorflow_refuses_at_home_it_refuses_here():
    exported(FORMS["a Lambda of TensorFlow"]())
    with pytest.raises(ValueError, match="KerasTensor cannot be used as input to a TensorFlow function"):
        tf.nn.relu(keras.Input(SHAPE))


UNREADABLE = {
    "NumPy in a Lambda": lambda: stack(
        layers.Lambda(lambda x: tf.numpy_function(np.sqrt, [x], tf.float32), output_shape=SHAPE), *end()
    ),
    "a loop over images": lambda: stack(
        layers.Lambda(lambda x: tf.map_fn(lambda image: image * 2, x), output_shape=SHAPE), *end()
    ),
}  # fmt: skip


@pytest.mark.parametrize("form", UNREADABLE)
def test_what_cannot_be_read_is_named_with_an_alternative(form):
    with pytest.raises(
        UnreadableError, match=r"the layer lambda\S* of class Lambda cannot be read .*layers\.Rescaling"
    ):
        exported(UNREADABLE[form]())


class Pretends(layers.Layer):
    def call(self, x):
        return x * 0 if isinstance(x, keras.KerasTensor) else x


def test_a_layer_that_computes_something_else_on_a_symbolic_tensor_is_refused():
    with pytest.raises(UnreadableError, match="compute something else"):
        exported(stack(Pretends(), *end()))
