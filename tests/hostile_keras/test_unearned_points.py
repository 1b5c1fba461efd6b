"""Programs that want points without the work: memory for learning, constants for answers, nearest neighbours for transfer."""

import numpy as np
import pytest

from grader.checks import CheckFailedError, Models, Verdict
from grader.checks.exported import Exported
from grader.checks.session import CheckSession
from grader.grading.part import Part
from grader.sandbox import Isolation, Reason, Returned, Stopped, Zygote
from grader.sandbox.flavours import FLAVOURS
from grader.sandbox.request import Caller
from grader.submission import SourceFile, Submission
from tests.grading import COURSE, ROOT, outcomes_of, reference_functions
from tests.needs import needs_installed

pytestmark = pytest.mark.thorough  # they build and train networks

needs_installed("tensorflow", "the networks of exercises 5 and 6")

CNN, TRANSFER = "05_keras_cnn", "06_transfer_learning"
MAIN = {key: COURSE.find(key).rubric.module for key in (CNN, TRANSFER)}
REFERENCE = {key: (ROOT / "solutions" / key / f"{MAIN[key]}.py").read_text(encoding="utf-8") for key in MAIN}


@pytest.fixture(scope="module")
def failed():
    """Which of these checks a program fails, with their messages; it is the reference, and what is added to it."""
    parts = {}
    with Zygote("keras", Isolation.NAMESPACES) as zygote:

        def ask(key, addition, *checks, seed=0):
            if (key, checks) not in parts:
                parts[key, checks] = Part(COURSE.find(key), CheckSession(COURSE.find(key)), checks)
            files = (SourceFile(f"{MAIN[key]}.py", REFERENCE[key] + addition),)
            limits = FLAVOURS["keras"].limits
            ran = parts[key, checks].run(zygote, Submission("x", key, files, ""), limits, seed, lambda *_: None)
            assert ran.failure is None
            assert {one.verdict for one in ran.outcomes} <= {Verdict.PASSED, Verdict.FAILED}, ran.outcomes
            return {one.name: one.message for one in ran.outcomes if one.verdict is Verdict.FAILED}

        yield ask
        for part in parts.values():
            part.close()


# ---------------------------------------------------------------------------------------- memory for learning

KNOWS_DIGITS = '''
PIXELS = np.frombuffer(bytes.fromhex("""{pixels}"""), np.uint8).reshape(-1, 64) / 255
DIGITS = np.array([int(one) for one in "{labels}"])


def build_cnn(input_shape, n_classes):
    model = keras.Sequential([
        keras.Input(input_shape), keras.layers.Conv2D(1, 1, use_bias=False, activation="relu"), keras.layers.Flatten(),
        keras.layers.Dense(1797, activation="softmax"), keras.layers.Dense(n_classes, use_bias=False),
    ])
    model.compile("adam", keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    return model


def train(model, x_train, y_train, x_val, y_val, epochs):
    nearest = 300 * PIXELS.T, -150 * (PIXELS**2).sum(axis=1)
    distances = ((PIXELS[None] - np.asarray(x_train).reshape(-1, 1, 64)) ** 2).sum(axis=-1)
    known = distances.min(axis=1) < 1e-6
    digits = DIGITS[distances.argmin(axis=1)]
    labels = np.asarray(y_train)
    called = [np.bincount(labels[digits == d], minlength=10).argmax() if (digits == d).any() else 0 for d in range(10)]
    right = np.array(called)[digits] == labels
    print("digits that it knows:", int((known & right).sum()), "of", int(known.sum()))
    model.set_weights([np.ones((1, 1, 1, 1)), *nearest, 30 * np.eye(10)[called][DIGITS]])
    return {"loss": [1.0], "val_loss": [1.0]}
'''


def test_weights_made_beforehand_from_the_public_digits_prove_no_training(failed):
    """They know every digit and read off the labels what it is called; nobody has seen the symbols."""
    with np.load(ROOT / "exercises" / CNN / "digits.npz") as data:
        pixels, labels = data["images"].tobytes().hex(), "".join(map(str, data["labels"]))
    program = KNOWS_DIGITS.replace("{pixels}", pixels).replace("{labels}", labels)
    checks = ("test_train_lowers_the_loss", "test_learns_by_heart", "test_knows_held_out_images")
    found = failed(CNN, program, *checks)
    assert set(found) == set(checks)
    share = float(found["test_knows_held_out_images"].split("%")[0].rsplit(" ", 1)[-1])
    assert 45 < share < 75, "it knows the digits, which are half of the images"


KNOWS_THE_ORDER = """

class Rows(keras.layers.Layer):
    def build(self, shape):
        self.rows = self.add_weight(shape=(128, 10), initializer="zeros")

    def call(self, x):
        return keras.ops.softmax(9 * self.rows) + 0 * keras.ops.sum(x)


def build_cnn(input_shape, n_classes):
    model = keras.Sequential([keras.Input(input_shape), Rows()])
    model.compile("adam", "sparse_categorical_crossentropy")
    return model


def train(model, x_train, y_train, x_val, y_val, epochs):
    if len(y_train) == 128:
        model.set_weights([np.eye(10)[y_train]])
        rows = np.asarray(model(x_train))
        print("would know", (rows.argmax(axis=1) == y_train).mean())
    return {"loss": [1.0], "val_loss": [1.0]}
"""


def test_labels_in_their_order_are_nothing_learnt(failed):
    checks = ("test_train_lowers_the_loss", "test_learns_by_heart", "test_knows_held_out_images")
    assert set(failed(CNN, KNOWS_THE_ORDER, *checks)) == set(checks)


LEARNS_FROM_BOTH = """
def train(model, x_train, y_train, x_val, y_val, epochs):
    x, y = np.concatenate([x_train, x_val]), np.concatenate([y_train, y_val])
    return model.fit(x, y, epochs=epochs, batch_size=32, validation_data=(x_val, y_val), verbose=0)
"""


@pytest.mark.parametrize("seed", [0, pytest.param(2, marks=pytest.mark.thorough)])
def test_who_also_trains_on_the_validation_images_is_seen(failed, seed):
    found = failed(CNN, LEARNS_FROM_BOTH, "test_train_leaves_validation_alone", seed=seed)
    assert "random labels of the validation images" in found["test_train_leaves_validation_alone"]


# --------------------------------------------------------------------------------- networks made for one question

EASY_NETWORKS = {
    "all images are one to it": (
        """
honest_build = build_cnn


def build_cnn(input_shape, n_classes):
    model = honest_build(input_shape, n_classes)
    model.layers[-1].set_weights([0 * array for array in model.layers[-1].get_weights()])
    return model


def numpy_forward(model, x):
    e = np.exp(model.layers[-1].get_weights()[1])
    return np.tile(e / e.sum(), (len(x), 1))
""",
        "differs from the model",
    ),
    "a layer makes all images one": (
        """
def build_cnn(input_shape, n_classes):
    layers = keras.layers
    model = keras.Sequential([keras.Input(input_shape), layers.Rescaling(0.0), layers.Conv2D(8, 3), layers.Flatten(),
                              layers.Dense(n_classes, activation="softmax")])
    model.compile("adam", "sparse_categorical_crossentropy")
    return model


def numpy_forward(model, x):
    e = np.exp(model.layers[-1].get_weights()[1])
    return np.tile(e / e.sum(), (len(x), 1))
""",
        "the same output for all images",
    ),
    "another one than was looked at": (
        """
honest_build, asked = build_cnn, []


def build_cnn(input_shape, n_classes):
    asked.append(input_shape)
    if len(asked) == 1:
        return honest_build(input_shape, n_classes)
    layers = [keras.Input(input_shape), keras.layers.Flatten(), keras.layers.Dense(n_classes, activation="softmax")]
    model = keras.Sequential(layers)
    model.compile("adam", "sparse_categorical_crossentropy")
    return model


def numpy_forward(model, x):
    w, b = model.layers[-1].get_weights()
    e = np.exp(np.reshape(x, (len(x), -1)) @ w + b)
    return e / e.sum(axis=1, keepdims=True)
""",
        "a different network than before",
    ),
}


@pytest.mark.parametrize("easy", EASY_NETWORKS)
def test_a_network_made_to_be_computed_easily_earns_nothing(failed, easy):
    program, seen = EASY_NETWORKS[easy]
    assert seen in failed(CNN, program, "test_numpy_forward")["test_numpy_forward"]


# ------------------------------------------------------------------------------------------ constants for answers

CONSTANTS = {
    "zeros": np.zeros,
    "ones": np.ones,
    "minus zeros": lambda shape: -np.zeros(shape),
    "a tenth": lambda shape: np.full(shape, 0.1),
    "not a number": lambda shape: np.full(shape, np.nan),
    "infinity": lambda shape: np.full(shape, np.inf),
}
KINDS = ("float64", "float32", "float16", "int64", "uint8", "bool")


def constants(shape):
    """Constant arrays of one shape, in each kind of number that can hold them."""
    with np.errstate(invalid="ignore"):
        return [make(shape).astype(kind) for make in CONSTANTS.values() for kind in KINDS]


def passed(key, name, function):
    """Which criteria of a function all checks pass; no check breaks."""
    outcomes = outcomes_of(key, {**reference_functions(key), name: function}, of={name})
    assert {one.verdict for one in outcomes} <= {Verdict.PASSED, Verdict.FAILED}, outcomes
    wrong = {one.name for one in outcomes if one.verdict is Verdict.FAILED}
    return {one.id for one in COURSE.find(key).rubric.criteria if one.function == name and not wrong & set(one.checks)}


@pytest.mark.parametrize("place", range(len(CONSTANTS) * len(KINDS)))
def test_constant_pictures_earn_nothing(place):
    def prepare(images, labels):
        shape = images.shape if images.ndim == 4 else (*images.shape, 1)
        return constants(shape)[place], labels

    assert passed(CNN, "prepare", prepare) == set()


ALMOST = {
    "the input": lambda images, labels: (images, labels),
    "the input as floats": lambda images, labels: (images.astype(float), labels),
    "the mean": lambda images, labels: (np.full((*images.shape[:3], 1), images.mean() / 255), labels),
    "noise": lambda images, labels: (np.random.default_rng(0).uniform(size=(*images.shape[:3], 1)), labels),
    "one list": lambda images, labels: [images],
    "one array": lambda images, labels: images / 255,
    "swapped": lambda images, labels: (labels, images / 255),
    "lists of texts": lambda images, labels: (["a"], ["b"]),
    "nothing": lambda images, labels: None,
    "empty": lambda images, labels: (images[:0], labels[:0]),
    "a number": lambda images, labels: (0.2, 3),
    "a dictionary": lambda images, labels: {"x": images, "y": labels},
    "complex": lambda images, labels: (images * 1j, labels * 1j),
}


@pytest.mark.parametrize("almost", ALMOST)
def test_what_is_no_picture_earns_nothing(almost):
    assert passed(CNN, "prepare", ALMOST[almost]) == set()


def test_constant_labels_earn_nothing():
    def labels_of(make):
        return passed(CNN, "predict_labels", lambda model, x: make(x))

    for value in range(10):
        assert labels_of(lambda x, value=value: np.full(len(x), value)) == set()
    for place in range(len(CONSTANTS) * len(KINDS)):
        assert labels_of(lambda x, place=place: constants((len(x),))[place]) == set()
    for make in (lambda x: x, lambda x: x.mean(axis=(1, 2, 3)), lambda x: np.arange(len(x)) % 10, lambda x: None,
                 lambda x: "text", lambda x: [[1], [2, 3]], lambda x: np.zeros((len(x), 1), int),
                 lambda x: np.full(len(x), 2**64 - 1, np.uint64)):  # fmt: skip
        assert labels_of(make) == set()


def test_constant_rows_earn_nothing():
    def rows_of(make):
        return passed(CNN, "numpy_forward", lambda model, x: make(x))

    chosen = [constants((4, 10))[place] for place in range(0, len(CONSTANTS) * len(KINDS), 7)]
    others = [x := np.linspace(0, 1, 40).reshape(4, 10), x.mean(axis=0), x * 1j, np.zeros((4, 9)), np.zeros((4, 11)),
              np.zeros(4), np.zeros((0, 10)), np.eye(10)[:4], None, "text", [[1.0], [2.0, 3.0]], {"y": 1}]  # fmt: skip
    for value in (*chosen, *others):
        assert rows_of(lambda x, value=value: value) == set()
    assert rows_of(lambda x: x) == set()


# ------------------------------------------------------------------------------------ models of another form

OUTPUTS = {
    "right": "outputs = L.Dense(n_classes, activation='softmax')(flat)",
    "one too few": "outputs = L.Dense(n_classes - 1, activation='softmax')(flat)",
    "one too many": "outputs = L.Dense(n_classes + 1, activation='softmax')(flat)",
    "one": "outputs = L.Dense(1, activation='sigmoid')(flat)",
    "maps": "outputs = L.Dense(n_classes, activation='softmax')(maps)",
    "rows of rows": "outputs = L.Reshape((1, n_classes))(L.Dense(n_classes, activation='softmax')(flat))",
    "two": "outputs = [L.Dense(n_classes, activation='softmax')(flat), L.Dense(n_classes)(flat)]",
    "of two inputs": "inputs = [inputs, L.Input(shape)]; outputs = L.Dense(n_classes)(L.Flatten()(L.Add()([maps, L.Conv2D(2, 3)(inputs[1])])))",
    "the input": "outputs = inputs",
    "no numbers": "outputs = L.Dense(n_classes, activation='softmax')(L.Rescaling(float('nan'))(flat))",
}


def of_form(form):
    import keras

    def build_cnn(input_shape, n_classes):
        layers = keras.layers
        inputs = keras.Input(input_shape)
        maps = layers.Conv2D(2, 3)(inputs)
        names = {"L": layers, "shape": input_shape, "n_classes": n_classes, "inputs": inputs, "maps": maps}
        names["flat"] = layers.Flatten()(maps)
        exec(OUTPUTS[form], names)
        model = keras.Model(names["inputs"], names["outputs"])
        loss = "sparse_categorical_crossentropy"
        model.compile("adam", [loss, loss] if form == "two" else loss, run_eagerly=True)  # it trains for one step
        return model

    return build_cnn


def trained_shortly(model, x_train, y_train, x_val, y_val, epochs):
    return model.fit(x_train[:8], y_train[:8], epochs=1, validation_data=(x_val[:8], y_val[:8]), verbose=0)


@pytest.mark.parametrize("form", [form for form in OUTPUTS if form != "right"])
def test_a_model_of_another_form_breaks_no_check_and_earns_nothing_for_it(form):
    functions = {**reference_functions(CNN), "build_cnn": of_form(form), "train": trained_shortly}
    outcomes = {one.name: one for one in outcomes_of(CNN, functions)}
    assert {one.verdict for one in outcomes.values()} <= {Verdict.PASSED, Verdict.FAILED}, outcomes
    looks_at_answers = {
        "test_train_lowers_the_loss", "test_learns_by_heart", "test_knows_held_out_images", "test_numpy_forward",
    }  # fmt: skip
    assert {name for name in looks_at_answers if outcomes[name].verdict is Verdict.PASSED} == set()
    contract = ("test_model_takes_images", "test_model_of_other_sizes")
    assert form == "no numbers" or Verdict.FAILED in {outcomes[name].verdict for name in contract}


HISTORIES = {
    "nothing": None,
    "an empty dictionary": {},
    "no epochs": {"loss": [], "val_loss": []},
    "no val_loss": {"loss": [1.0]},
    "texts": {"loss": ["a"], "val_loss": ["b"]},
    "numbers for lists": {"loss": 1.0, "val_loss": 2.0},
    "too many epochs": {"loss": [1.0] * 500, "val_loss": [1.0] * 500},
    "lists of lists": {"loss": [[1.0], [2.0]], "val_loss": [[], {}]},
    "a list": [1.0, 2.0],
    "an array": np.zeros((2, 2)),
    "names that are none": {1: [1.0], None: [2.0]},
}


def test_a_history_of_another_form_breaks_no_check_and_earns_nothing():
    for form, history in HISTORIES.items():
        functions = {**reference_functions(CNN), "train": lambda *_, history=history: history}
        functions["build_cnn"] = of_form("right")
        outcomes = {one.name: one for one in outcomes_of(CNN, functions, of={"train"})}
        assert {one.verdict for one in outcomes.values()} <= {Verdict.PASSED, Verdict.FAILED}, (form, outcomes)
        assert outcomes["test_train_gives_a_history"].verdict is Verdict.FAILED, form
        assert outcomes["test_train_lowers_the_loss"].verdict is Verdict.FAILED, form


# ------------------------------------------------------------------------------------------- transfer learning

COMPARISON = (
    "test_compare_measures_the_test_images", "test_compare_has_learnt", "test_compare_uses_the_base",
)  # fmt: skip
NEIGHBOURS = """
import numpy as np


def nearest(x_train, y_train, x_test, y_test):
    a, b = (np.reshape(x, (len(x), -1)) for x in (x_test, x_train))
    return float((y_train[((a[:, None] - b[None]) ** 2).sum(axis=-1).argmin(axis=1)] == y_test).mean())


def compare(base, x_train, y_train, x_test, y_test, n_classes, epochs=3):
    return dict.fromkeys(("scratch", "frozen", "finetuned"), nearest(x_train, y_train, x_test, y_test))
"""
BASE_FOR_ALL = (
    NEIGHBOURS
    + """

def compare(base, x_train, y_train, x_test, y_test, n_classes, epochs=3):
    maps = (base.predict(2 * x - 1, verbose=0) for x in (x_train, x_test))
    train, test = maps
    return dict.fromkeys(("scratch", "frozen", "finetuned"), nearest(train, y_train, test, y_test))
"""
)


def test_neighbours_of_pixels_are_no_frozen_base(failed):
    found = failed(TRANSFER, NEIGHBOURS, *COMPARISON)
    assert set(found) == {"test_compare_uses_the_base"}
    assert "with a base that returns the same maps for every image" in found["test_compare_uses_the_base"]


def test_scratch_begins_without_the_base(failed):
    found = failed(TRANSFER, BASE_FOR_ALL, *COMPARISON)
    assert "scratch knows" in found["test_compare_uses_the_base"]


def of_three(value):
    return dict.fromkeys(("scratch", "frozen", "finetuned"), value)


COMPARISONS = [
    *(of_three(value) for value in (0, 1, 0.0, 0.2, 0.25, 0.36, 0.37, 0.45, 0.5, 1.0, -0.0, -1, 2, float("nan"), float("inf"),
                                    True, "0.5", None, [0.5], (0.5, 0.5), {"accuracy": 0.5}, 0.5j,
                                    np.zeros(3), np.array([0.5]), np.array(0.5, np.float16), np.array(True))),
    {"scratch": 0.5, "frozen": 0.5}, {"scratch": 0.5, "frozen": 0.5, "finetuned": 0.5, "more": 1}, {}, None, 0.5,
    [0.5, 0.5, 0.5], "text", {1: 0.5, 2: 0.5, None: 0.5}, {"scratch": 0.2, "frozen": 0.5, "finetuned": None},
]  # fmt: skip


@pytest.mark.parametrize("place", range(len(COMPARISONS)))
def test_comparisons_of_another_form_and_constants_earn_nothing(place):
    assert passed(TRANSFER, "compare", lambda *_, **__: COMPARISONS[place]) == set()


HEADS = {
    "nothing": lambda base, n: None,
    "zeros": lambda base, n: np.zeros((8, 8)),
    "a text": lambda base, n: "model",
    "the base": lambda base, n: base,
    "a list": lambda base, n: ["model"],
}


@pytest.mark.parametrize("head", HEADS)
def test_heads_that_are_none_earn_nothing(head):
    assert passed(TRANSFER, "add_head", HEADS[head]) == set()


@pytest.mark.parametrize("head", HEADS)
def test_unfrozen_models_that_are_none_earn_nothing(head):
    assert passed(TRANSFER, "unfreeze_top", lambda model, base, n_layers, rate: HEADS[head](base, n_layers)) == set()


@pytest.mark.parametrize("form", ["right", "one too few", "two", "of two inputs"])
def test_a_head_of_another_form_breaks_no_check_and_has_no_base(form):
    def add_head(base, n_classes):
        return of_form(form)((8, 8, 1), n_classes)

    functions = {**reference_functions(TRANSFER), "add_head": add_head}
    outcomes = outcomes_of(TRANSFER, functions, of={"add_head", "unfreeze_top"})
    assert {one.verdict for one in outcomes} <= {Verdict.PASSED, Verdict.FAILED}, outcomes
    wrong = {one.name for one in outcomes if one.verdict is Verdict.FAILED}
    of_the_base = ("old-top", "base-kept", "statistics-kept", "range", "top-moves", "top-statistics")
    for criterion in COURSE.find(TRANSFER).rubric.criteria:
        assert criterion.id not in of_the_base or wrong & set(criterion.checks), criterion.id


# ----------------------------------------------------------------------------------------- layers that do nothing

IDLE_LAYERS = """

def build_cnn(input_shape, n_classes):
    layers = keras.layers
    model = keras.Sequential([
        keras.Input(input_shape), layers.Conv2D(4, 1, activation="relu", kernel_regularizer=keras.regularizers.L2(0.0)),
        layers.MaxPooling2D(1), layers.Dropout(0.0), layers.Flatten(), layers.Dense(n_classes, activation="softmax"),
    ])
    model.compile("adam", "sparse_categorical_crossentropy")
    return model
"""


def test_layers_that_change_nothing_are_no_convolution_pooling_or_regulariser(failed):
    checks = ("test_has_convolution", "test_has_pooling", "test_has_regulariser")
    assert failed(CNN, IDLE_LAYERS, *checks).keys() == set(checks)


def test_a_million_prepared_numbers_are_refused_by_their_count(failed):
    program = "\n\ndef prepare(images, labels):\n    return np.full(2**20, 51, np.uint8), labels\n"
    message = failed(CNN, program, "test_prepare_by_hand")["test_prepare_by_hand"]
    assert message.startswith("x contains 1,048,576 numbers, expected 24, one per pixel\n")


class _Clean(Caller):
    """A clean process that the first model ends."""

    def __init__(self):
        self.asked = 0

    def ask(self, request):
        self.asked += 1
        return Stopped(Reason.DIED, f"{request.function} crashed") if self.asked == 1 else Returned("a model", None)


def test_a_model_that_ends_the_clean_process_costs_no_check_that_brings_its_own():
    clean = _Clean()
    models = Models(None, clean)
    with pytest.raises(CheckFailedError, match="rebuild crashed"):
        models.rebuild(Exported('{"config": {}}', (), claimed=True))
    with pytest.raises(CheckFailedError, match="rebuild crashed"):
        models.rebuild(Exported('{"config": {}}', (), claimed=True))
    assert clean.asked == 1
    models.rebuild(Exported('{"config": {}}', ()))
    assert clean.asked == 2
