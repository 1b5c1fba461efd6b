"""Keras uses files and threads under the filter without an error or a warning."""

import os
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from grader.sandbox import Isolation, Returned, Zygote
from grader.sandbox.flavours import FLAVOURS
from tests.needs import needs_installed

LIMITS = replace(FLAVOURS["keras"].limits, call_seconds=60.0)

PROGRAM = """
def train():
    import os
    import keras, numpy as np
    import tensorflow as tf
    model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(2)])
    model.compile("adam", "mse")
    callbacks = [
        keras.callbacks.ModelCheckpoint("best.keras", save_best_only=True),
        keras.callbacks.ModelCheckpoint("best.weights.h5", save_weights_only=True),
        keras.callbacks.CSVLogger("log.csv"),
        keras.callbacks.BackupAndRestore("backup"),
    ]
    x = np.linspace(0, 1, 128).reshape(32, 4)
    model.fit(x, x[:, :2], validation_split=0.25, epochs=2, verbose=0, callbacks=callbacks)
    keras.models.load_model("best.keras")
    tf.train.Checkpoint(v=tf.Variable(1.0)).save("checkpoint/a")
    batches = tf.data.Dataset.from_tensor_slices((x, x[:, :2])).batch(8).prefetch(2)
    model.fit(batches, epochs=1, verbose=0)
    return sorted(os.listdir("."))
"""


def others_cannot_read_python():
    """Return whether a plain process that is no longer root cannot read this interpreter, as below /root."""
    return os.getuid() == 0 and not all(one.stat().st_mode & 0o001 for one in Path(sys.base_prefix).resolve().parents)


@pytest.mark.parametrize("isolation", list(Isolation))
def test_a_model_is_trained_saved_and_read(run, isolation):
    if isolation is Isolation.PROCESS and others_cannot_read_python():
        pytest.skip("Python is in a folder that only root may read")
    needs_installed("tensorflow", "writes the files")
    with Zygote("keras", isolation) as zygote:
        sandboxed = run(zygote, PROGRAM, LIMITS)
        answer = sandboxed.call("train", (), {})
        sandboxed.close()

    assert isinstance(answer, Returned), answer
    assert answer.value == ["best.keras", "best.weights.h5", "checkpoint", "log.csv", "toy.py"]
    assert "failed" not in sandboxed.captured.stderr.replace("passing copy=False failed", "")
