"""Train the base of exercise 6 on the digits 0 to 6, and write it next to the exercise.

    python solutions/06_transfer_learning/make_base.py

base.weights.h5 contains the weights of the base and of the classifier that it was trained with, in the Keras format.
Its attributes are the configurations of both, the seed, and the accuracy on held-out digits. The base takes images in
[-1, 1] and returns maps (N, 4, 4, 32). One thread and deterministic operations make the same seed give the same weights
on the same machine; other processors round differently.
"""

import json
import os
from pathlib import Path

SEED, EPOCHS, TRAIN = 4, 12, 1000
EXERCISES = Path(__file__).parents[2] / "exercises"
FEATURES = 7  # layers; the rest is the old classifier


def main():
    """Train the base and write its file."""
    os.environ |= {"TF_NUM_INTRAOP_THREADS": "1", "TF_NUM_INTEROP_THREADS": "1"}  # two threads give different weights
    import h5py
    import keras
    import numpy as np
    import tensorflow

    keras.utils.set_random_seed(SEED)
    tensorflow.config.experimental.enable_op_determinism()
    with np.load(EXERCISES / "05_keras_cnn" / "digits.npz") as data:
        images, labels = data["images"], data["labels"].astype("int64")
    x = (images[labels < 7] / 127.5 - 1).astype("float32")[..., np.newaxis]
    y = labels[labels < 7]
    order = np.random.default_rng(SEED).permutation(len(y))
    x, y = x[order], y[order]
    layers = keras.layers
    classifier = keras.Sequential(
        [
            keras.Input((8, 8, 1), name="images"),
            layers.Conv2D(16, 3, padding="same", activation="relu", name="conv1"),
            layers.BatchNormalization(momentum=0.9, name="norm1"),
            layers.Conv2D(32, 3, padding="same", activation="relu", name="conv2"),
            layers.BatchNormalization(momentum=0.9, name="norm2"),
            layers.MaxPooling2D(2, name="pool"),
            layers.Conv2D(32, 3, padding="same", activation="relu", name="conv3"),
            layers.BatchNormalization(momentum=0.9, name="norm3"),
            layers.Flatten(name="old_row"),
            layers.Dense(7, activation="softmax", name="old_scores"),
        ],
        name="digit_classifier",
    )
    classifier.compile(keras.optimizers.Adam(3e-3), "sparse_categorical_crossentropy", metrics=["accuracy"])
    classifier.fit(x[:TRAIN], y[:TRAIN], epochs=EPOCHS, batch_size=32, verbose=0)
    accuracy = float(classifier.evaluate(x[TRAIN:], y[TRAIN:], verbose=0)[1])
    parts = [keras.Input((8, 8, 1), name="images"), *classifier.layers]  # not compiled: without the optimiser's state
    whole = keras.Sequential(parts, name="digit_classifier")
    base = keras.Sequential(parts[: 1 + FEATURES], name="digit_features")
    known = {"seed": SEED, "accuracy": round(accuracy, 4), "held_out": len(y) - TRAIN, "keras": keras.__version__}
    path = EXERCISES / "06_transfer_learning" / "base.weights.h5"
    whole.save_weights(path)
    with h5py.File(path, "a") as file:
        for name, model in (("base", base), ("classifier", whole)):
            tree = {"class_name": "Sequential", "config": model.get_config()}
            file.attrs[name] = json.dumps(tree, default=str)
        file.attrs["made_by"] = json.dumps(known)
    print(known)


if __name__ == "__main__":
    main()
