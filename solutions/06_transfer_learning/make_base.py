"""Trains the base that exercise 6 starts from, on the digits 0 to 4, and writes it beside the exercise.

    python solutions/06_transfer_learning/make_base.py

The file holds the configuration of the model as JSON, its weights in order, the seed, and the accuracy on digits that
it has not seen. It takes images in [-1, 1] and gives maps (N, 4, 4, 32): the classifier that it was trained with is cut
off. The same seed gives the same weights on one machine; other processors round otherwise.
"""

import json
from pathlib import Path

SEED, EPOCHS, TRAIN = 4, 12, 700
EXERCISES = Path(__file__).parents[2] / "exercises"


def main():
    """Train and write."""
    import keras
    import numpy as np

    keras.utils.set_random_seed(SEED)
    with np.load(EXERCISES / "05_keras_cnn" / "digits.npz") as data:
        images, labels = data["images"], data["labels"].astype("int64")
    x = (images[labels < 5] / 127.5 - 1).astype("float32")[..., np.newaxis]
    y = labels[labels < 5]
    order = np.random.default_rng(SEED).permutation(len(y))
    x, y = x[order], y[order]
    layers = keras.layers
    base = keras.Sequential(
        [
            keras.Input((8, 8, 1), name="images"),
            layers.Conv2D(16, 3, padding="same", activation="relu", name="conv1"),
            layers.BatchNormalization(momentum=0.9, name="norm1"),
            layers.Conv2D(32, 3, padding="same", activation="relu", name="conv2"),
            layers.BatchNormalization(momentum=0.9, name="norm2"),
            layers.MaxPooling2D(2, name="pool"),
            layers.Conv2D(32, 3, padding="same", activation="relu", name="conv3"),
            layers.BatchNormalization(momentum=0.9, name="norm3"),
        ],
        name="digit_features",
    )
    inputs = keras.Input((8, 8, 1))
    outputs = layers.Dense(5, activation="softmax")(layers.GlobalAveragePooling2D()(base(inputs)))
    model = keras.Model(inputs, outputs)
    model.compile(keras.optimizers.Adam(3e-3), "sparse_categorical_crossentropy", metrics=["accuracy"])
    model.fit(x[:TRAIN], y[:TRAIN], epochs=EPOCHS, batch_size=32, verbose=0)
    accuracy = float(model.evaluate(x[TRAIN:], y[TRAIN:], verbose=0)[1])
    arrays = {f"w{number:02d}": array for number, array in enumerate(base.get_weights())}
    config = json.dumps({"class_name": "Sequential", "config": base.get_config()}, default=str)
    known = json.dumps({"seed": SEED, "accuracy": round(accuracy, 4), "keras": keras.__version__})
    np.savez_compressed(EXERCISES / "06_transfer_learning" / "base.npz", config=config, made_by=known, **arrays)
    print(known)


if __name__ == "__main__":
    main()
