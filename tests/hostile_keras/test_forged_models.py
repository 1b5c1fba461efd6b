"""Configurations and weights that no right program exports: refused, or harmless to the process that builds them."""

import json
from dataclasses import replace

import numpy as np
import pytest

from grader.checks import CheckFailedError
from grader.checks.models import Models
from grader.sandbox import Isolation, Returned, Sandboxed, Zygote
from grader.sandbox.flavours import FLAVOURS
from grader.sandbox.request import Caller
from grader.submission import SourceFile, Submission
from tests.needs import needs_installed

needs_installed("tensorflow", "the networks of exercises 5 and 6")

LIMITS = replace(FLAVOURS["keras"].limits, call_seconds=20.0)
DIGITS = np.linspace(0, 1, 4 * 64, dtype="float32").reshape(4, 8, 8, 1)


class Claims(Caller):
    """A learner's process that says this of its model, whatever it is asked."""

    def __init__(self, claim):
        self._claim = claim

    def ask(self, request):
        return Returned(self._claim)


@pytest.fixture(scope="module")
def zygote():
    with Zygote("keras", Isolation.NAMESPACES) as zygote:
        yield zygote


@pytest.fixture(scope="module")
def clean(zygote):
    """A clean process that serves one forged model after another, as it serves one submission after another."""
    clean = Clean(zygote)
    yield clean
    clean.close()


class Clean(Caller):
    def __init__(self, zygote):
        self._zygote = zygote
        self._sandboxed = None

    def ask(self, request):
        if self._sandboxed is None:
            empty = Submission("reference", "05_keras_cnn", (SourceFile("keras_cnn.py", ""),), "")
            self._sandboxed = Sandboxed(self._zygote, empty, "keras_cnn", [], LIMITS, 0)
        answer = self._sandboxed.ask(request)
        if not isinstance(answer, Returned):
            self.close()
        return answer

    def forget(self):
        if self._sandboxed is not None:
            self._sandboxed.begin_again()

    def close(self):
        if self._sandboxed is not None:
            self._sandboxed.close()
        self._sandboxed = None


def layer(kind, module="keras.layers", **settings):
    return {"module": module, "class_name": kind, "config": settings, "registered_name": None}


def claim_of(*layers, weights=(), **of_model):
    first = layer("InputLayer", batch_shape=[None, 8, 8, 1], dtype="float32", name="x")
    tree = {"class_name": "Sequential", "config": {"name": "m", "layers": [first, *layers], **of_model}}
    return claim_from(json.dumps(tree), weights)


def claim_from(text, weights=()):
    return {
        "config": np.frombuffer(text.encode(), np.uint8),
        "weights": [[str(number), weight, True] for number, weight in enumerate(weights)],
        "built": True,
        "loss": {"name": "sparse_categorical_crossentropy", "from_logits": False},
        "optimizer": None,
    }


FLAT, ANSWER = layer("Flatten"), layer("Dense", units=10, activation="softmax")
KERNEL, BIAS = np.ones((64, 10), "float32") / 64, np.zeros(10, "float32")
RIGHT = claim_of(FLAT, ANSWER, weights=(KERNEL, BIAS))


def rows(claim, clean):
    models = Models(Claims(claim), clean)
    return models.export(None, (8, 8, 1)).clean.predict(DIGITS)


def nested(depth):
    inside = FLAT
    for number in range(depth):
        inside = {**layer("Sequential", "keras", name=f"m{number}", layers=[inside])}
    return inside


def activated(**activation):
    return claim_of(FLAT, layer("Dense", units=10, activation=activation), weights=(KERNEL, BIAS))


def started(**initializer):
    return claim_of(FLAT, layer("Dense", units=10, kernel_initializer=initializer), weights=(KERNEL, BIAS))


def parameter(*shape, module="inside.keras_parameter", kind="Parameter", registered="grader>Parameter"):
    """Our own layer, which holds a weight."""
    return {**layer(kind, module, name="w", shape=list(shape)), "registered_name": registered}


def of_layers_thrice(depth):
    """Models in one another, each of which calls the inner one three times."""
    import keras

    inputs = keras.Input((8, 8, 1))
    model = keras.Model(inputs, keras.layers.Activation("relu")(inputs))
    for _ in range(depth):
        inputs = keras.Input((8, 8, 1))
        model = keras.Model(inputs, model(model(model(inputs))))
    config = keras.saving.serialize_keras_object(model)["config"]
    return claim_from(json.dumps({"class_name": "Functional", "config": config}))


REFUSED = {
    "our layer from another module": claim_of(parameter(3, module="os")),
    "our layer without a name": claim_of(parameter(3, registered=None)),
    "a layer of Keras with the name of our own layer": claim_of(parameter(3, kind="Lambda")),
    "a name that is a list": claim_of(parameter(3, registered=["grader>Parameter"])),
    "our own layer with a weight larger than memory": claim_of(parameter(10**6, 10**6)),
    "our own layer with a negative size": claim_of(parameter(-3)),
    "a weight of ours with words for sizes": claim_of(parameter("os", "system")),
    "a weight of ours without an axis for images": claim_of(parameter(3, 10), weights=(np.ones((3, 10), "float32"),)),
    "layers called twenty thousand times": of_layers_thrice(9),
    "a function that fetches": activated(**layer("get_file", "keras.utils", fname="x", origin="file:///etc/passwd")),
    "a function that loads": claim_of(layer("load_model", "keras.saving", filepath="/scratch/x.keras")),
    "a function that switches": activated(**layer("set_floatx", "keras.config")),
    "a switch as an initialiser": started(**layer("set_floatx", "keras.backend")),
    "a policy for all": started(**layer("set_dtype_policy", "keras.config")),
    "a seed for all": activated(**layer("set_random_seed", "keras.utils")),
    "a builtin": activated(**layer("eval", "builtins")),
    "a function of its own": activated(**{**layer("function", "builtins"), "config": "mine"}),
    "code": activated(class_name="__lambda__", config={"value": ["4wEAAAA=", None, None]}),
    "code without a class": activated(value=["4wEAAAA=", None, None]),
    "a lambda layer": claim_of(layer("Lambda", function={"class_name": "__lambda__", "config": {}})),
    "a lambda layer of old": claim_of({"class_name": "Lambda", "config": {"function": ["4wEAAAA=", None, None]}}),
    "a layer without a module": claim_of({"class_name": "Flatten", "config": {}}),
    "a lambda layer by another name": claim_of({**layer("Flatten"), "registered_name": "keras>Lambda"}),
    "a lambda layer by its file": claim_of(layer("Lambda", "keras.src.layers.core.lambda_layer")),
    "a saved model": claim_of(layer("TFSMLayer", filepath="/scratch")),
    "a type": claim_of({**layer("__typespec__"), "spec_name": "TensorSpec", "config": [[1], "float32"]}),
    "a class of the machinery": claim_of(layer("SafeModeScope", "keras.src.saving.serialization_lib", safe_mode=False)),
    "an operation that takes code": claim_of(layer("Map", "keras.src.ops.core", f="x")),
    "a module from elsewhere": claim_of(layer("Popen", "subprocess", args=["true"])),
    "a module up and away": claim_of(layer("Flatten", "keras.src.ops...saving")),
    "a name that is no name": claim_of(layer("Dense\0", units=10)),
    "a name of a megabyte": claim_of(layer("D" * 900_000, units=10)),
    "a class that is a list": claim_of({**layer("Flatten"), "class_name": ["Lambda"]}),
    "a module that is a list": claim_of({**layer("Flatten"), "module": ["keras.layers"]}),
    "a file of words": claim_of(layer("StringLookup", vocabulary="/etc/passwd")),
    "two hundred models in one another": claim_of(nested(200), ANSWER, weights=(KERNEL, BIAS)),
    "twenty models in one another": claim_of(nested(20), ANSWER, weights=(KERNEL, BIAS)),
    "deep where nobody looks": claim_of({**FLAT, "build_config": json.loads("[" * 400 + "]" * 400)}, ANSWER),
    "lists in lists": claim_from("[" * 100_000),
    "five thousand layers": claim_of(*(layer("Flatten", name=f"f{n}") for n in range(5000)), ANSWER),
    "a million maps": claim_of(layer("UpSampling2D", size=[4000, 4000]), layer("GlobalMaxPooling2D")),
    "maps that double": claim_of(*(layer("UpSampling2D", size=[2, 2], name=f"u{n}") for n in range(40))),
    "margins without end": claim_of(layer("ZeroPadding2D", padding=[10**6, 10**6]), layer("GlobalMaxPooling2D")),
    "a picture of a city": claim_of(layer("Resizing", height=10**5, width=10**5), layer("GlobalMaxPooling2D")),
    "repeated for ever": claim_of(FLAT, layer("RepeatVector", n=10**9)),
    "a kernel beyond memory": claim_of(FLAT, layer("Dense", units=10**9)),
    "filters beyond memory": claim_of(layer("Conv2D", filters=10**12, kernel_size=[3, 3])),
    "a kernel wider than the sea": claim_of(layer("Conv2D", filters=1, kernel_size=[10**5, 10**5], padding="same")),
    "strides beyond numbers": claim_of(layer("Conv2D", filters=1, kernel_size=[3, 3], strides=[10**30, 10**30])),
    "sizes below nothing": claim_of(layer("Conv2D", filters=-3, kernel_size=[-1, -1])),
    "no layers": claim_from('{"class_name": "Sequential", "config": {"name": "m", "layers": []}}'),
    "layers that are themselves": claim_from('{"class_name": "Model", "config": {"name": "m", "layers": [7]}}'),
    "a name with a folder": claim_of({**layer("Flatten", name="../../x")}, ANSWER, weights=(KERNEL, BIAS)),
    "weights of another shape": claim_of(FLAT, ANSWER, weights=(KERNEL.T, BIAS)),
    "weights that are missing": claim_of(FLAT, ANSWER, weights=(KERNEL,)),
    "complex weights": claim_of(FLAT, ANSWER, weights=(KERNEL * 1j, BIAS)),
    "weights that are words": claim_of(FLAT, ANSWER, weights=(np.array([["a"] * 10] * 64), BIAS)),
    "more weights than there is room": claim_of(FLAT, ANSWER, weights=(np.zeros(4_000_001, "float32"), BIAS)),
}  # fmt: skip


@pytest.mark.parametrize("forged", REFUSED)
def test_a_forged_model_is_refused_and_leaves_nothing_behind(clean, forged):
    before = rows(RIGHT, clean)
    with pytest.raises(CheckFailedError) as caught:
        rows(REFUSED[forged], clean)
    assert len(str(caught.value)) < 1500
    clean.forget()
    after = rows(RIGHT, clean)
    assert (after.dtype, after.tolist()) == (np.float32, before.tolist())


HARMLESS = {
    "a large map": claim_of(
        layer("UpSampling2D", size=[300, 300]), layer("GlobalMaxPooling2D"), ANSWER, weights=(KERNEL[:1], BIAS)
    ),
    "numbers that are none": claim_of(FLAT, ANSWER, weights=(np.full_like(KERNEL, np.nan), BIAS)),
    "numbers without end": claim_of(FLAT, ANSWER, weights=(np.full_like(KERNEL, np.inf), BIAS)),
    "a name with signs": claim_of({**layer("Flatten", name="\x1b[2J\n\u202e\U0001f408")}, ANSWER, weights=(KERNEL, BIAS)),
    "a long name": claim_of(layer("Flatten", name="n" * 500_000), ANSWER, weights=(KERNEL, BIAS)),
    "another kind of number": claim_of(FLAT, layer("Dense", units=10, dtype="float64"), weights=(KERNEL, BIAS)),
    "a seed": claim_of(layer("Dropout", rate=0.5, seed=1), FLAT, ANSWER, weights=(KERNEL, BIAS)),
    "compiled within": claim_of(
        {**layer("Sequential", "keras", name="i", layers=[FLAT]), "compile_config": {"loss": "nothing that is there"}},
        ANSWER, weights=(KERNEL, BIAS),
    ),
}  # fmt: skip


@pytest.mark.parametrize("odd", HARMLESS)
def test_an_odd_model_may_answer_and_leaves_nothing_behind(clean, odd):
    before = rows(RIGHT, clean)
    assert rows(HARMLESS[odd], clean).shape == (len(DIGITS), 10)
    clean.forget()
    assert rows(RIGHT, clean).tolist() == before.tolist()
