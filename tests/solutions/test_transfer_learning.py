"""Exercise 6: the reference, other right answers, the misconceptions, and the given base."""

import hashlib
import json

import numpy as np
import pytest

from grader.authoring.course_check import examine
from tests.grading import COURSE, ROOT
from tests.needs import needs

keras, h5py = needs("keras", "the networks of exercises 5 and 6"), needs("h5py", "reads the weights of the base")
KEY = "06_transfer_learning"
BASE = ROOT / "exercises" / KEY / "base.weights.h5"
BASE_SHA256 = (
    "97100f842d3e9e5066ada451289c972aae0a71f8ca5d29bbb30302d4febd93f5"  # of the weights, by their places in the file
)


@pytest.mark.thorough
def test_the_assessment_is_sound():
    """Right answers earn all points; each misconception costs its points and is diagnosed as itself alone."""
    longest = {"test_compare_has_learnt", "test_compare_uses_the_base"}  # `grade course check --thorough` tries it too
    checkup = examine(COURSE.find(KEY), seeds=(1,), thorough=True, left_out=longest)
    assert [str(fault) for fault in checkup.faults] == []
    assert checkup.matrix.killed == checkup.matrix.named == len(checkup.matrix.mistakes) == 23


def test_the_base_is_the_one_that_was_trained():
    digest = hashlib.sha256()
    with h5py.File(BASE, "r") as file:
        file.visititems(
            lambda name, part: digest.update(name.encode() + part[()].tobytes() if hasattr(part, "shape") else b"")
        )
        known = json.loads(file.attrs["made_by"])
    assert digest.hexdigest() == BASE_SHA256
    assert known["seed"] == 4


def test_the_base_knows_its_own_digits():
    """The network in the file is as good on unseen digits as the file says."""
    with h5py.File(BASE, "r") as file:
        model = keras.Sequential.from_config(json.loads(file.attrs["classifier"])["config"])
        known = json.loads(file.attrs["made_by"])
    model.load_weights(BASE)
    with np.load(ROOT / "exercises" / "05_keras_cnn" / "digits.npz") as data:
        images, labels = data["images"], data["labels"].astype(int)
    x, y = images[labels < 7] / 127.5 - 1, labels[labels < 7]
    held_out = np.random.default_rng(known["seed"]).permutation(len(y))[-known["held_out"] :]
    rows = np.asarray(model(x[held_out][..., None].astype("float32")))
    assert abs((rows.argmax(axis=1) == y[held_out]).mean() - known["accuracy"]) < 1e-3


def test_the_stub_loads_the_base():
    stub = COURSE.find(KEY).stub
    namespace = {}
    exec(compile(stub.read_text(encoding="utf-8"), str(stub), "exec"), namespace)
    with h5py.File(BASE, "r") as file:
        ours = keras.Sequential.from_config(json.loads(file.attrs["base"])["config"])
    ours.load_weights(BASE)
    x = np.linspace(-1, 1, 64, dtype="float32").reshape(1, 8, 8, 1)
    np.testing.assert_array_equal(np.asarray(namespace["load_base"](BASE)(x)), np.asarray(ours(x)))


def test_any_base_of_keras_works():
    """The reference adds its head to a network of keras.applications, with and without its old classifier."""
    reference = COURSE.find(KEY).reference()
    for top in (False, True):
        base = keras.applications.MobileNetV2((32, 32, 3), alpha=0.35, include_top=top, weights=None, classes=7)
        model = reference.add_head(base, 4)
        assert model.output_shape == (None, 4)
        assert "predictions" not in {layer.name for inner in model.layers for layer in getattr(inner, "layers", [])}
        assert len(model.trainable_weights) == 2
    base = keras.applications.MobileNetV2((32, 32, 3), alpha=0.35, include_top=False, weights=None)
    model = reference.unfreeze_top(reference.add_head(base, 4), base, 4, 1e-5)
    learning = [layer.name for layer in base.layers if layer.trainable_weights]
    assert learning == ["Conv_1"]
