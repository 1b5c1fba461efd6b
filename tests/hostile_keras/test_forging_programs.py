"""Strangers' programs that want points of Keras exercises without the work: none gets one, and none harms the next."""

import numpy as np
import pytest

from grader.grading.worker import Worker
from grader.sandbox import Isolation, Raised, Returned, Sandboxed, Zygote
from grader.sandbox.flavours import FLAVOURS
from grader.sandbox.inside.protocol import ModelOperation
from grader.submission import SourceFile, Submission
from tests.grading import COURSE, ROOT
from tests.needs import needs_installed

pytestmark = pytest.mark.thorough  # they build and train networks

needs_installed("tensorflow", "the networks of exercises 5 and 6")

KEY = "05_keras_cnn"
REFERENCE = (ROOT / "solutions" / KEY / "keras_cnn.py").read_text(encoding="utf-8")
COMPANIONS = {
    f"{name}.py": next((ROOT / "solutions").glob(f"*/{name}.py")).read_text(encoding="utf-8")
    for name in ("convolution", "pooling", "batch_norm")
}
IMAGES = np.linspace(0, 1, 4 * 64).reshape(4, 8, 8, 1)
UNTRAINED = "\n\ndef train(*_):\n    raise NotImplementedError\n"


@pytest.fixture(scope="module")
def worker():
    with Worker(COURSE.find(KEY), Isolation.NAMESPACES) as worker:
        yield worker


def graded(worker, addition, files=COMPANIONS):
    texts = {"keras_cnn.py": REFERENCE + addition, **files}
    submission = Submission.of("x", KEY, {name: text.encode() for name, text in texts.items()}, texts)
    report = worker.grade(submission, 0)
    assert (report.grader_faults, report.problems) == ((), ())
    return report


def earned(report):
    return {one.id: one.earned for one in report.criteria}


# ------------------------------------------------------------------------ numpy_forward by somebody else's layers

BY_OTHERS = {
    "the model": "return np.asarray(model(x))",
    "predict": "return model.predict(x, verbose=0)",
    "what predict had compiled": "return np.asarray(model.predict_function([(tf.constant(x, 'float32'),)]))",
    "predict on a batch": "return model.predict_on_batch(x)",
    "another model": "return keras.Model(model.inputs, model.outputs).predict(x, verbose=0)",
    "a copied model": "other = keras.models.clone_model(model); other.set_weights(model.get_weights()); return other.predict(x)",
    "a function of its call": "return np.asarray(tf.function(lambda z: model.call(z))(tf.constant(x, 'float32')))",
    "its call": "return np.asarray(model.call(tf.constant(x, 'float32'), training=False))",
    "the calls of its layers": (
        "x = tf.constant(x, 'float32')\n"
        "    for layer in model.layers:\n"
        "        x = layer.call(x)\n"
        "    return np.asarray(x)"
    ),
    "a class's own call": "return np.asarray(CALLED(model, tf.constant(x, 'float32')))",
    "a thread": (
        "out = []\n"
        "    def later():\n"
        "        try:\n"
        "            out.append(model.predict(x, verbose=0))\n"
        "        except RuntimeError as error:\n"
        "            out.append(error)\n"
        "    one = random._os.sys.modules['threading'].Thread(target=later)\n"
        "    one.start()\n"
        "    one.join()\n"
        "    if isinstance(out[0], RuntimeError):\n"
        "        raise out[0]\n"
        "    return out[0]"
    ),
    "a session": (
        "weights = [layer.get_weights() for layer in model.layers]\n"
        "    with tf.Graph().as_default(), tf.compat.v1.Session() as session:\n"
        "        return session.run(by_ops(tf.nn.conv2d, tf.nn.max_pool2d, model, tf.constant(x, 'float32'), weights))"
    ),
    "operations of Keras": "return np.asarray(by_ops(keras.ops.conv, keras.ops.max_pool, model, x.astype('float32')))",
    "operations of TensorFlow": "return np.asarray(by_ops(tf.nn.conv2d, tf.nn.max_pool2d, model, x.astype('float32')))",
    "raw operations": (
        "return np.asarray(by_ops(lambda a, w, s, p: tf.raw_ops.Conv2D(input=a, filter=w, strides=[1, 1, 1, 1], padding=p),\n"
        "                            tf.nn.max_pool2d, model, x.astype('float32')))"
    ),
    "a convolution backwards": (
        "return np.asarray(by_ops(lambda a, w, s, p: tf.nn.conv2d_transpose(a, np.flip(w, (0, 1)).swapaxes(2, 3),\n"
        "                            (*a.shape[:3], w.shape[-1]), s, p), tf.nn.max_pool2d, model, x.astype('float32')))"
    ),
}
WITH_OTHERS = """
import random
import tensorflow as tf

CALLED = keras.layers.Layer.__call__


def by_ops(conv, pool, model, x, weights=None):
    for number, layer in enumerate(model.layers):
        arrays = weights[number] if weights else layer.get_weights()
        if "conv" in layer.name:
            x = tf.nn.relu(conv(x, arrays[0], 1, "SAME") + arrays[1])
        elif "pool" in layer.name:
            x = pool(x, 2, 2, "VALID")
        elif "dense" in layer.name:
            x = tf.nn.softmax(tf.matmul(tf.reshape(x, (-1, arrays[0].shape[0])), arrays[0]) + arrays[1])
    return x


honest_build = build_cnn


def build_cnn(input_shape, n_classes):
    model = honest_build(input_shape, n_classes)
    model.predict(np.zeros((2, *input_shape)), verbose=0)
    return model
"""


@pytest.fixture(scope="module")
def forwards():
    """All of BY_OTHERS as functions of one program, in one process, and a model that it has built there."""
    names = {by: f"forward_{number}" for number, by in enumerate(BY_OTHERS)}
    bodies = [f"\n\ndef {names[by]}(model, x):\n    {body}\n" for by, body in BY_OTHERS.items()]
    program = REFERENCE + WITH_OTHERS + "".join(bodies)
    submission = Submission("x", KEY, (SourceFile("keras_cnn.py", program),), "")
    flavour = FLAVOURS["keras"]
    with (
        Zygote("keras", Isolation.NAMESPACES) as zygote,
        Sandboxed(zygote, submission, "keras_cnn", ["build_cnn", *names.values()], flavour.limits, 0) as sandboxed,
    ):
        assert sandboxed.load() is None
        model = sandboxed.call("build_cnn", ((8, 8, 1), 10), {}).value
        yield lambda by, silently: sandboxed.call(names[by], (model, IMAGES), {}, silently=silently), model, sandboxed


@pytest.mark.parametrize("by", BY_OTHERS)
def test_layers_of_others_do_not_answer(forwards, by):
    ask, model, sandboxed = forwards
    right = sandboxed.call(ModelOperation.PREDICT, (model, IMAGES)).value
    honest = ask(by, silently=False)
    assert isinstance(honest, Returned), honest
    assert np.allclose(honest.value, right, atol=1e-5), "it would be right if they did"
    refused = ask(by, silently=True)
    assert isinstance(refused, Raised)
    assert "with your own NumPy layers" in refused.message
    assert np.allclose(ask(by, silently=False).value, right, atol=1e-5), "and all is as it was"


@pytest.mark.parametrize("body", ["model.predict(x, verbose=0)", "np.asarray(model(x))"])
def test_what_does_not_answer_earns_nothing(worker, body):
    forward = f"\n\ndef numpy_forward(model, x):\n    try:\n        return {body}\n    except RuntimeError:\n        return 0.1 + 0 * x[:, 0, :10]\n"
    report = graded(worker, UNTRAINED + forward, files={})
    assert (earned(report)["numpy"], earned(report)["contract"]) == (0, 1.5)


def test_numpy_forward_may_use_what_is_no_layer(worker):
    activated = """
import tensorflow as tf


def _activation(name, x):
    return np.asarray({"relu": tf.nn.relu, "softmax": keras.activations.softmax}.get(name, np.asarray)(x))
"""
    assert earned(graded(worker, UNTRAINED + activated))["numpy"] == 2.5


# ---------------------------------------------------------------------------------- Keras and NumPy turned around

PATCHES = {
    "answers": (
        "keras.Model.predict = lambda self, x, **_: np.eye(10)[np.zeros(len(x), int)]\n"
        "keras.layers.Layer.__call__ = lambda self, *_, **__: keras.ops.ones((4, 10)) / 10",
        {"numpy", "learns", "generalises"},
    ),
    "training": (
        "keras.Model.fit = lambda self, *_, **__: {'loss': [1.0, 0.1], 'val_loss': [1.0, 0.1]}\n"
        "keras.Model.evaluate = lambda *_, **__: [0.0, 1.0]",
        {"trains", "learns", "generalises"},
    ),
    "serialising": (
        "honest = keras.saving.serialize_keras_object\n"
        "keras.saving.serialize_keras_object = lambda one: {'config': {**honest(one)['config'], 'layers': []}}",
        {"contract", "loss", "structure", "trains", "learns", "generalises", "numpy"},
    ),
    "weights": (
        "keras.Model.get_weights = keras.layers.Layer.get_weights = lambda self: [np.full((3, 3), np.nan)] * 9\n"
        "keras.Model.weights = property(lambda self: [])",
        {"learns", "generalises", "numpy"},
    ),
    "configuration": (
        "keras.Sequential.get_config = lambda self: {'name': 'm', 'layers': []}",
        {"contract", "loss", "structure", "learns", "generalises"},
    ),
    "JSON": (
        "json = random._os.sys.modules['json']\njson.dumps = lambda *_, **__: '[' * 100_000",
        {"contract", "loss", "structure", "learns", "generalises"},
    ),
    "everything that compares": (
        "np.array_equal = np.allclose = lambda *_, **__: True\nnp.argmax = lambda *_, **__: np.zeros(1, int)",
        {"labels"},
    ),
}  # fmt: skip


@pytest.mark.parametrize("patched", PATCHES)
def test_a_patched_library_helps_nobody(worker, patched):
    text, lost = PATCHES[patched]
    untrained = "" if patched == "training" else UNTRAINED
    points = earned(graded(worker, f"\nimport random\n{text}\n{untrained}"))
    assert {name: points[name] for name in lost} == dict.fromkeys(lost, 0)


# -------------------------------------------------------------------------------------------- looking, staying on

LOOKS = """
import random

os, sys = random._os, random._os.sys


def train(model, x_train, y_train, x_val, y_val, epochs):
    def tried(what):
        try:
            return what()
        except BaseException as error:
            return type(error).__name__

    frames, frame = [], sys._getframe()
    while frame is not None:
        frames.append(frame.f_code.co_name)
        frame = frame.f_back
    print("frames", frames)
    print("proc", tried(lambda: sorted(os.listdir("/proc"))), tried(lambda: open("/proc/1/environ").read()))
    print("shared", tried(lambda: os.listdir("/dev/shm")), tried(lambda: os.listdir("/dev")))
    print("fork", tried(os.fork), "exec", tried(lambda: os.execv(sys.executable, ["python"])))
    print("kill", tried(lambda: os.kill(os.getppid(), 9)))
    print("descriptors", tried(lambda: [n for n in range(200) if tried(lambda: os.fstat(n)) != "OSError"]))
    print("files", [name for _, _, names in os.walk("/") for name in names if "digits" in name or "hidden" in name])
    return {"loss": [1.0], "val_loss": [1.0]}
"""


def test_what_can_be_seen_from_inside(worker):
    report = graded(worker, LOOKS)
    seen = dict(line.split(" ", 1) for line in report.output.stdout.splitlines() if " " in line)
    assert "test_" not in seen["frames"]
    assert seen["proc"].startswith("['self'] ")
    assert seen["fork"].startswith("PermissionError exec PermissionError")
    assert seen["kill"] == "PermissionError"
    assert seen["files"] == "[]"
    assert {earned(report)[name] for name in ("trains", "learns", "generalises")} == {0}


STAYS = """
import random

threading, time = random._os.sys.modules["threading"], random._os.sys.modules["time"]


def train(model, x_train, y_train, x_val, y_val, epochs):
    def meddle():
        while True:
            for frame in random._os.sys._current_frames().values():
                if "arguments" in frame.f_locals and frame.f_code.co_name == "_call":
                    frame.f_locals["arguments"][:] = []
            random._os.write(3, b"CNG1" + bytes(12))
            time.sleep(0.01)

    started = 0
    for number in range(2000):
        try:
            threading.Thread(target=meddle if number == 0 else time.sleep, args=() if number == 0 else (9,), daemon=True).start()
        except RuntimeError:
            break
        started += 1
    print("started", started)
    return {"loss": [1.0], "val_loss": [1.0]}
"""


def test_threads_that_go_on_harm_their_own_program_only(worker):
    report = graded(worker, STAYS)
    assert {earned(report)[name] for name in ("trains", "learns", "generalises")} == {0}


@pytest.mark.thorough
def test_an_honest_program_after_all_of_them_earns_everything(worker):
    assert graded(worker, "").score.earned == 17
