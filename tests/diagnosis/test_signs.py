"""Programs that build and train models: with unknown mistakes they lose points and get no name."""

import functools

import numpy as np
import pytest

from grader.checks import CheckOutcome, Verdict
from grader.course import Misconception
from grader.diagnosis import by_signs
from grader.sandbox.inside.keras_models import begin_again
from tests.grading import COURSE, outcomes_of, reference_functions
from tests.needs import needs

keras = needs("keras", "the networks of exercises 5 and 6")
CNN, TRANSFER = "05_keras_cnn", "06_transfer_learning"
# They train for seconds, and these programs fail before that.
TRAININGS = {
    "test_train_gives_a_history", "test_train_leaves_validation_alone", "test_learns_by_heart",
    "test_knows_held_out_images", "test_compare_has_learnt", "test_compare_uses_the_base",
}  # fmt: skip


def ours(key, name):
    return reference_functions(key)[name]


def network(*stack, loss="sparse_categorical_crossentropy"):
    def build_cnn(input_shape, n_classes):
        layers = [layer(n_classes) if callable(layer) and not hasattr(layer, "name") else layer for layer in stack]
        copies = [type(layer).from_config(layer.get_config()) for layer in layers]
        model = keras.Sequential([keras.Input(input_shape), *copies])
        model.compile("adam", loss)
        return model

    return build_cnn


L = keras.layers
CONV, POOL, FLAT, DROP = L.Conv2D(8, 3, activation="relu"), L.MaxPooling2D(), L.Flatten(), L.Dropout(0.2)


def softmax(n):
    return L.Dense(n, activation="softmax")


def forward(change):
    """Run the forward pass of the reference on layers with changed settings."""

    def numpy_forward(model, x):
        return ours(CNN, "numpy_forward")(_Model([change(layer) for layer in model.layers]), x)

    return numpy_forward


class _Model:
    def __init__(self, layers):
        self.layers = layers


class _Layer:
    def __init__(self, layer, arrays):
        self._layer, self._arrays = layer, arrays
        self.__class__ = type(type(layer).__name__, (_Layer,), {})

    def get_weights(self):
        return self._arrays

    def get_config(self):
        return self._layer.get_config()


def changed_weights(kind, change):
    return forward(lambda one: _Layer(one, change(*one.get_weights())) if type(one).__name__ == kind else one)


def unfrozen(chosen, rate=1.0):
    def unfreeze_top(model, base, n_layers, learning_rate):
        base.trainable = True
        for number, layer in enumerate(base.layers):
            norm = isinstance(layer, keras.layers.BatchNormalization)
            layer.trainable = chosen(number, len(base.layers), n_layers) and not norm
        model.compile(keras.optimizers.Adam(learning_rate * rate), "sparse_categorical_crossentropy")
        return model

    return unfreeze_top


def half_frozen(base, n_classes):
    model = ours(TRANSFER, "add_head")(base, n_classes)
    for layer in base.layers[4:]:
        layer.trainable = not isinstance(layer, keras.layers.BatchNormalization)
    model.compile(keras.optimizers.Adam(1e-2), "sparse_categorical_crossentropy")
    return model


def halved_range(base, n_classes):
    base.trainable = False
    inputs = keras.Input(base.input_shape[1:])
    x = keras.layers.GlobalAveragePooling2D()(base(keras.layers.Rescaling(1.0, offset=-0.5)(inputs)))
    model = keras.Model(inputs, keras.layers.Dense(n_classes, activation="softmax")(x))
    model.compile(keras.optimizers.Adam(1e-2), "sparse_categorical_crossentropy")
    return model


def percent(*arguments, **named):
    return {name: 100 * value for name, value in ours(TRANSFER, "compare")(*arguments, **named).items()}


IN_NO_CATALOGUE = {
    "divided by 128": (CNN, "prepare", lambda i, y: (np.float32(i.reshape(*i.shape[:3], -1)) / 128, y)),
    "ink and paper swapped": (CNN, "prepare", lambda i, y: (1 - np.float32(i.reshape(*i.shape[:3], -1)) / 255, y)),
    "mean 0": (CNN, "prepare", lambda i, y: (np.float32(i.reshape(*i.shape[:3], -1)) / 127.5 - 1, y)),
    "flat pictures": (CNN, "prepare", lambda i, y: (np.float32(i.reshape(len(i), -1)) / 255, y)),
    "turned pictures": (CNN, "prepare", lambda i, y: (np.float32(i).swapaxes(1, 2).reshape(*i.shape[:3], -1) / 255, y)),
    "labels from 1": (CNN, "prepare", lambda i, y: (ours(CNN, "prepare")(i, y)[0], np.int64(y) + 1)),
    "labels as text": (CNN, "prepare", lambda i, y: (ours(CNN, "prepare")(i, y)[0], [str(one) for one in y])),
    "no image": (CNN, "prepare", lambda i, y: None),
    "maps of scores": (CNN, "build_cnn", network(CONV, POOL, DROP, lambda n: L.Conv2D(n, 1, activation="softmax"))),
    "no convolution": (CNN, "build_cnn", network(FLAT, L.Dense(20, activation="relu"), DROP, softmax)),
    "normalised answer": (CNN, "build_cnn", network(CONV, POOL, FLAT, softmax, L.BatchNormalization())),
    "many filters": (CNN, "build_cnn", network(L.Conv2D(150, 3, activation="relu"), L.Conv2D(150, 3, activation="relu"), POOL, FLAT, DROP, softmax)),
    "a list of layers": (CNN, "build_cnn", lambda shape, n: [CONV, POOL]),
    "the least": (CNN, "predict_labels", lambda model, x: model.predict(x, verbose=0).argmin(axis=1)),
    "always 3": (CNN, "predict_labels", lambda model, x: np.full(len(x), 3)),
    "a column": (CNN, "predict_labels", lambda model, x: model.predict(x, verbose=0).argmax(axis=1)[:, None]),
    "kernels turned": (CNN, "numpy_forward", changed_weights("Conv2D", lambda w, b: [w[::-1, ::-1], b])),
    "half the weights": (CNN, "numpy_forward", changed_weights("Dense", lambda w, b: [w / 2, b])),
    "biases doubled": (CNN, "numpy_forward", changed_weights("Conv2D", lambda w, b: [w, 2 * b])),
    "logits": (CNN, "numpy_forward", lambda model, x: np.log(ours(CNN, "numpy_forward")(model, x))),
    "half of the base frozen": (TRANSFER, "add_head", half_frozen),
    "half the range": (TRANSFER, "add_head", halved_range),
    "one layer too many": (TRANSFER, "unfreeze_top", unfrozen(lambda i, count, n: i >= count - n - 3)),
    "every other layer": (TRANSFER, "unfreeze_top", unfrozen(lambda i, count, n: i % 4 == 0)),
    "twice the rate": (TRANSFER, "unfreeze_top", unfrozen(lambda i, count, n: i >= count - n, rate=2.0)),
    "percent": (TRANSFER, "compare", percent),
}  # fmt: skip


@pytest.mark.thorough
@pytest.mark.parametrize("name", IN_NO_CATALOGUE)
def test_an_unknown_mistake_gets_no_name(name):
    key, function, program = IN_NO_CATALOGUE[name]
    begin_again(0)
    outcomes = outcomes_of(key, {**reference_functions(key), function: program}, of={function}, but=TRAININGS)
    assert [one.name for one in outcomes if one.verdict is Verdict.FAILED]
    assert by_signs(COURSE.find(key).misconceptions(), outcomes) == []


def misconception(name, function):
    return Misconception(name, function, "", "", "", "", functools.partial(print))


def outcome(sign, verdict=Verdict.FAILED):
    return CheckOutcome(f"test_{sign}", "", verdict, "", (), sign)


def test_each_function_gets_the_names_of_its_signs():
    catalogue = [misconception("a", "f"), misconception("b", "f"), misconception("c", "g"), misconception("d", "h")]
    seen = [outcome("c"), outcome("b"), outcome("a"), outcome("unknown"), outcome(""), outcome("d", Verdict.PASSED)]
    found = by_signs(catalogue, seen)
    assert [(one.function, [this.id for this in one.misconceptions]) for one in found] == [
        ("f", ["a", "b"]),
        ("g", ["c"]),
    ]
