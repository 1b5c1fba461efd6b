"""Strangers' Keras programs in one worker: what hangs, grows, dies or lies earns nothing for it and harms nobody."""

import importlib.util
from dataclasses import replace

import pytest

from grader.batch.worker import MissingPackageError, Worker
from grader.sandbox import Isolation
from grader.sandbox.flavours import FLAVOURS
from grader.submission import Submission
from tests.grading import COURSE, ROOT

KEY = "05_keras_cnn"
REFERENCE = (ROOT / "solutions" / KEY / "keras_cnn.py").read_text(encoding="utf-8")
COMPANIONS = {
    f"{name}.py": next((ROOT / "solutions").glob(f"*/{name}.py")).read_text(encoding="utf-8")
    for name in ("convolution", "pooling", "batch_norm")
}


@pytest.fixture(scope="module")
def worker():
    limits = replace(FLAVOURS["keras"].limits, call_seconds=12.0)
    with Worker(COURSE.find(KEY), Isolation.NAMESPACES, limits) as worker:
        yield worker


def graded(worker, addition="", files=COMPANIONS):
    texts = {"keras_cnn.py": REFERENCE + addition, **files}
    report = worker.grade(Submission.of("x", KEY, {name: text.encode() for name, text in texts.items()}, texts), 0)
    assert report.grader_faults == ()
    return report


def earned(report):
    return {one.id: one.earned for one in report.criteria}


def message(report, check):
    return next(one.message for criterion in report.criteria for one in criterion.checks if one.name == check)


HANGS = """
def train(model, x_train, y_train, x_val, y_val, epochs):
    while True:
        pass
"""
GROWS = """
def prepare(images_uint8, labels):
    return np.ones((30, 1024, 1024, 1024), dtype=np.uint8), labels
"""
DIES = """
def predict_labels(model, x):
    import random
    random._os._exit(0)
"""
LAMBDA = """
def build_cnn(input_shape, n_classes):
    layers = keras.layers
    model = keras.Sequential([keras.Input(input_shape), layers.Lambda(lambda x: x * 1.0), layers.Conv2D(8, 3, activation="relu"),
                              layers.MaxPooling2D(2), layers.Flatten(), layers.Dropout(0.1), layers.Dense(n_classes, activation="softmax")])
    model.compile("adam", "sparse_categorical_crossentropy")
    return model
"""
PATCHED = """
class Known(keras.Sequential):
    def call(self, x, *a, **k):
        return keras.ops.one_hot(keras.ops.zeros((keras.ops.shape(x)[0],), dtype="int32"), 10)

    def get_config(self):
        return keras.Sequential([keras.Input((8, 8, 1)), keras.layers.Flatten(), keras.layers.Dense(10)]).get_config()


def build_cnn(input_shape, n_classes):
    model = Known([keras.Input(input_shape), keras.layers.Flatten(), keras.layers.Dense(n_classes)])
    model.compile("adam", "sparse_categorical_crossentropy")
    return model


def train(model, x_train, y_train, x_val, y_val, epochs):
    model.history_of_lies = {"loss": [1.0, 0.0], "val_loss": [1.0, 0.0]}
    return model.history_of_lies


def predict_labels(model, x):
    return np.zeros(len(x), int)
"""


def test_an_honest_program_earns_everything(worker):
    assert graded(worker).score.earned == 17


def test_without_its_companions_the_numpy_part_is_not_run(worker):
    report = graded(worker, "\ndef train(*_):\n    raise NotImplementedError\n", files={})
    assert "No module named 'batch_norm': hand in your convolution.py" in message(report, "test_numpy_forward")


def test_one_that_hangs_in_fit(worker):
    report = graded(worker, HANGS)
    assert "train took longer than 12 seconds and was stopped" in message(report, "test_knows_held_out_digits") or (
        "had to be stopped" in message(report, "test_knows_held_out_digits")
    )
    assert (earned(report)["generalises"], earned(report)["contract"], earned(report)["prepare-scale"]) == (0, 1.5, 1)


@pytest.mark.parametrize(("addition", "lost"), [(GROWS, "prepare-form"), (DIES, "labels"), (LAMBDA, "generalises")])
def test_what_grows_dies_or_brings_its_own_code(worker, addition, lost):
    points = earned(
        graded(worker, addition + ("" if addition is LAMBDA else "\ndef train(*_):\n    raise NotImplementedError\n"))
    )
    assert points[lost] == 0
    assert points["prepare-scale"] == (0 if addition is GROWS else 1)


def test_a_model_that_lies_about_itself(worker):
    points = earned(graded(worker, PATCHED))
    assert {points[name] for name in ("loss", "learns", "generalises", "labels")} == {0}
    assert graded(worker).score.earned == 17


def test_without_tensorflow_one_sentence(monkeypatch):
    found = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name, *a: None if name == "tensorflow" else found(name, *a))
    with pytest.raises(MissingPackageError) as caught:
        Worker(COURSE.find(KEY))
    assert "needs tensorflow, which is not installed here. Install it with: pip install 'cnn-grader[keras]'" in str(
        caught.value
    )
