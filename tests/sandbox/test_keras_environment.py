"""What Keras itself uses is there: SciPy and Pillow if they are installed, /tmp, and callbacks that write logs."""

from importlib.util import find_spec

import pytest

from grader.sandbox import Isolation, Raised, Returned, Sandboxed, Zygote
from grader.sandbox.flavours import FLAVOURS
from grader.submission import SourceFile, Submission, screen
from tests.grading import COURSE
from tests.needs import needs_installed

needs_installed("tensorflow", "the networks of exercises 5 and 6")
with_scipy = pytest.mark.skipif(find_spec("scipy") is None, reason="SciPy is not installed")
with_pillow = pytest.mark.skipif(find_spec("PIL") is None, reason="Pillow is not installed")

PROGRAM = """
import os
import time
import keras
import numpy as np
import tensorflow as tf
import matplotlib.pyplot as plt
from scipy.ndimage import correlate

IMAGE = tf.keras.preprocessing.image


def writes(callback):
    model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(2)])
    model.compile("adam", "mse")
    x = np.linspace(0, 1, 128).reshape(32, 4)
    model.fit(x, x[:, :2], validation_data=(x, x[:, :2]), epochs=1, verbose=0, callbacks=[callback])
    return sorted(os.listdir("."))


def keeps_the_best():
    return writes(keras.callbacks.ModelCheckpoint("/tmp/best/a.keras"))


def logs():
    return writes(tf.keras.callbacks.TensorBoard(log_dir="logs/" + time.strftime("%H"), histogram_freq=1))


def rotates():
    turned = IMAGE.ImageDataGenerator(rotation_range=5).flow(np.ones((4, 8, 8, 1)), np.arange(4))
    return np.shape(next(turned)[0])


def makes_a_picture():
    return keras.utils.array_to_img(np.ones((8, 8, 1))).size


def uses_scipy():
    return correlate(np.ones((4, 4)), np.ones((3, 3)))


def uses_scipy_by_another_way(model, x):
    return IMAGE.ImageDataGenerator and FILTERS.correlate(x, np.ones((3, 3)))


def finds_scipy():
    global FILTERS
    rotates()
    FILTERS = __import__("sys").modules["scipy.ndimage"]
    return FILTERS.correlate(np.ones((4, 4)), np.ones((3, 3)))
"""


@pytest.fixture(scope="module")
def call():
    forbidden = COURSE.find("05_keras_cnn").rubric.forbidden_imports
    screened = screen(PROGRAM, "keras_cnn.py", FLAVOURS["keras"].packages, forbidden)
    names = [line.split("(")[0][4:] for line in PROGRAM.splitlines() if line.startswith("def ")]
    submission = Submission("x", "05_keras_cnn", (SourceFile("keras_cnn.py", PROGRAM, screened),), "")
    with (
        Zygote("keras", Isolation.NAMESPACES) as zygote,
        Sandboxed(zygote, submission, "keras_cnn", names, FLAVOURS["keras"].limits, 0) as sandboxed,
    ):
        assert sandboxed.load() is None
        yield lambda name, *arguments, **settings: sandboxed.call(name, arguments, {}, **settings)


def value(answer):
    assert isinstance(answer, Returned), answer
    return answer.value


def test_a_callback_may_write_below_tmp(call):
    assert "best" in value(call("keeps_the_best"))


def test_a_callback_for_tensorboard_costs_nothing(call):
    value(call("logs"))


@with_scipy
def test_keras_rotates_images_with_scipy(call):
    assert value(call("rotates")) == (4, 8, 8, 1)


@with_pillow
def test_keras_makes_pictures_with_pillow(call):
    assert value(call("makes_a_picture")) == (8, 8)


def test_a_learner_computes_without_scipy(call):
    answer = call("uses_scipy")
    assert isinstance(answer, Raised)
    assert answer.message.startswith("scipy.ndimage.correlate (line 39), which")


@with_scipy
def test_scipy_computes_no_layer_in_numpy_forward_either(call):
    """It can be found among the modules that Keras has loaded."""
    value(call("finds_scipy"))
    answer = call("uses_scipy_by_another_way", None, value(call("finds_scipy")), silently=True)
    assert isinstance(answer, Raised)
    assert "compute it with your own NumPy layers" in answer.message
