"""Measure the limits of the hidden tests: the reference and two weaker networks, over several seeds.

    python solutions/05_keras_cnn/calibrate.py           accuracy of the networks, 20 seeds
    python solutions/05_keras_cnn/calibrate.py leak      learning from the validation images, 200 seeds

The first command prints the lowest and the mean accuracy on held-out images, after the epochs of the test, and on the
symbols that the network must memorise. The second prints the share of random validation labels that the reference
knows, without and with training on them. Both take their images from the hidden tests.
"""

import importlib.util
import sys
from pathlib import Path

SEEDS, LEAK_SEEDS = 20, 200
HIDDEN = Path(__file__).parents[2] / "tests" / "hidden" / "05_keras_cnn" / "test_keras_cnn.py"


def hidden_tests():
    """Return the module of the hidden tests."""
    spec = importlib.util.spec_from_file_location("hidden_tests", HIDDEN)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def trained(build, seed, images, labels, validation, epochs):
    """Train a network and return it as a function from images to classes."""
    import keras
    from keras_cnn import train

    keras.backend.clear_session()
    keras.utils.set_random_seed(seed)
    model = build(images.shape[1:], 10)
    train(model, images, labels, *validation, epochs)
    return lambda x: model(x).numpy().argmax(axis=1)


def main():
    """Measure accuracies and print them."""
    import keras
    import numpy as np
    from keras_cnn import build_cnn

    hidden = hidden_tests()

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

    for name, build in (("reference", build_cnn), ("no non-linearity", linear), ("softmax on the pixels", pixels)):
        held_out, by_heart = [], []
        for seed in range(SEEDS):
            rng = np.random.default_rng(seed)
            (x, y), validation, (x_new, y_new), _ = hidden.split(rng)
            held_out.append((trained(build, seed, x, y, validation, hidden.EPOCHS)(x_new) == y_new).mean())
            (x, y), validation = hidden.few_symbols(rng)
            by_heart.append((trained(build, seed, x, y, validation, hidden.FEW_EPOCHS)(x) == y).mean())
        figures = (min(held_out), np.mean(held_out), min(by_heart), np.mean(by_heart))
        print(
            f"{name}: held out {figures[0]:.3f} {figures[1]:.3f}, by heart {figures[2]:.3f} {figures[3]:.3f}",
            flush=True,
        )


def repeated(rate, batch_size):
    """Return a function that trains the reference network from new weights, without compiling it each time."""
    import keras
    from keras_cnn import build_cnn

    model = build_cnn((8, 8, 1), 10)
    model.compile(keras.optimizers.Adam(rate), "sparse_categorical_crossentropy")
    model.optimizer.build(model.trainable_variables)
    began = [variable.numpy() for variable in model.optimizer.variables]

    def train(rng, x, y, epochs):
        model.set_weights(keras.models.clone_model(model).get_weights())
        for variable, value in zip(model.optimizer.variables, began, strict=True):
            variable.assign(value)
        for _ in range(epochs):
            order = rng.permutation(len(y))
            for first in range(0, len(y), batch_size):
                rows = order[first : first + batch_size]
                model.train_on_batch(x[rows], y[rows])
        return lambda images: model(images).numpy().argmax(axis=1)

    return train


def leak():
    """Print the share of random labels that the network knows, with and without training on them."""
    import keras
    import numpy as np

    hidden = hidden_tests()
    for name, rate, batch_size in (("batches of 128, rate 0.001", 1e-3, 128), ("reference", 2e-3, 32)):
        train = repeated(rate, batch_size)
        known = {"trains on them too": [], "validates on them": []}
        for seed in range(LEAK_SEEDS):
            keras.utils.set_random_seed(seed)
            rng = np.random.default_rng(seed)
            (x, y), _ = hidden.few_symbols(rng)
            noise, guessed = hidden.noise_with_random_labels(rng)
            more_x, more_y = hidden.copies_of(noise, guessed)
            both = np.concatenate([x, more_x]), np.concatenate([y, more_y])
            for who, (images, labels) in zip(known, (both, (x, y)), strict=True):
                answer = train(rng, images, labels, hidden.FEW_EPOCHS)
                known[who].append((answer(noise) == guessed).mean())
            if seed % 20 == 19:
                shares = (f"{who}: {min(all_):.3f} to {max(all_):.3f}" for who, all_ in known.items())
                print(f"{name}, {seed + 1} seeds, {', '.join(shares)}", flush=True)


if __name__ == "__main__":
    leak() if sys.argv[1:] == ["leak"] else main()
