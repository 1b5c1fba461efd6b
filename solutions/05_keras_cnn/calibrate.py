"""Where the limits of the hidden tests lie: the reference and two weaker networks, over some seeds.

    python solutions/05_keras_cnn/calibrate.py

Prints the least and the mean accuracy on held-out digits after the epochs of the test, and on the digits that are to be
learnt by heart.
"""

from pathlib import Path

SEEDS = 20
TRAIN, VALIDATION, EPOCHS = 1100, 247, 12
FEW, FEW_EPOCHS = 128, 25


def main():
    """Measure and print."""
    import keras
    import numpy as np
    from keras_cnn import build_cnn, prepare, train

    def linear(input_shape, n_classes):
        layers = keras.layers
        parts = [layers.Conv2D(16, 3, padding="same"), layers.MaxPooling2D(2), layers.Flatten()]
        model = keras.Sequential([keras.Input(input_shape), *parts, layers.Dense(n_classes, activation="softmax")])
        model.compile(keras.optimizers.Adam(2e-3), "sparse_categorical_crossentropy")
        return model

    def pixels(input_shape, n_classes):
        model = keras.Sequential([keras.Input(input_shape), keras.layers.Flatten(),
                                  keras.layers.Dense(n_classes, activation="softmax")])  # fmt: skip
        model.compile(keras.optimizers.Adam(2e-3), "sparse_categorical_crossentropy")
        return model

    with np.load(Path(__file__).parents[2] / "exercises" / "05_keras_cnn" / "digits.npz") as data:
        x, y = prepare(data["images"], data["labels"])
    for name, build in (("reference", build_cnn), ("no non-linearity", linear), ("softmax on the pixels", pixels)):
        held_out, by_heart = [], []
        for seed in range(SEEDS):
            keras.utils.set_random_seed(seed)
            order = np.random.default_rng(seed).permutation(len(y))
            a, b = order[:TRAIN], order[TRAIN : TRAIN + VALIDATION]
            rest = order[TRAIN + VALIDATION :]
            model = build(x.shape[1:], 10)
            train(model, x[a], y[a], x[b], y[b], EPOCHS)
            held_out.append((model(x[rest]).numpy().argmax(1) == y[rest]).mean())
            model, few = build(x.shape[1:], 10), order[:FEW]
            train(model, x[few], y[few], x[b[:64]], y[b[:64]], FEW_EPOCHS)
            by_heart.append((model(x[few]).numpy().argmax(1) == y[few]).mean())
        figures = (min(held_out), np.mean(held_out), min(by_heart), np.mean(by_heart))
        print(
            f"{name}: held out {figures[0]:.3f} {figures[1]:.3f}, by heart {figures[2]:.3f} {figures[3]:.3f}",
            flush=True,
        )


if __name__ == "__main__":
    main()
