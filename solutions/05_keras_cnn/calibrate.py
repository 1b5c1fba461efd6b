"""Where the limits of the hidden tests lie: the reference and two weaker networks, over some seeds.

    python solutions/05_keras_cnn/calibrate.py           what the networks reach, 20 seeds
    python solutions/05_keras_cnn/calibrate.py leak      who learns from the validation images, 200 seeds

The first prints the least and the mean accuracy on held-out images after the epochs of the test, and on the symbols
that are to be learnt by heart. The second prints how many random labels of the validation images the reference knows,
and how many it knows when it also trains on them. Both take their images from the hidden tests.
"""

import importlib.util
import sys
from pathlib import Path

SEEDS, LEAK_SEEDS = 20, 200
HIDDEN = Path(__file__).parents[2] / "tests" / "hidden" / "05_keras_cnn" / "test_keras_cnn.py"


def hidden_tests():
    """The module of the hidden tests."""
    spec = importlib.util.spec_from_file_location("hidden_tests", HIDDEN)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def trained(build, seed, images, labels, validation, epochs):
    """A network as a function from images to classes."""
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
            (x, y), validation, (x_new, y_new) = hidden.split(rng)
            held_out.append((trained(build, seed, x, y, validation, hidden.EPOCHS)(x_new) == y_new).mean())
            (x, y), validation = hidden.few_symbols(rng)
            by_heart.append((trained(build, seed, x, y, validation, hidden.FEW_EPOCHS)(x) == y).mean())
        figures = (min(held_out), np.mean(held_out), min(by_heart), np.mean(by_heart))
        print(
            f"{name}: held out {figures[0]:.3f} {figures[1]:.3f}, by heart {figures[2]:.3f} {figures[3]:.3f}",
            flush=True,
        )


def leak():
    """Measure which share of the random labels is known, with and without training on them, and print it."""
    import numpy as np
    from keras_cnn import build_cnn

    hidden = hidden_tests()
    known = {"validates on them": [], "trains on them too": []}
    for seed in range(LEAK_SEEDS):
        rng = np.random.default_rng(seed)
        (x, y), _ = hidden.few_symbols(rng)
        noise, guessed = hidden.noise_with_random_labels(rng)
        validation = hidden.copies_of(noise, guessed)
        both = np.concatenate([x, validation[0]]), np.concatenate([y, validation[1]])
        for name, (images, labels) in zip(known, ((x, y), both), strict=True):
            answer = trained(build_cnn, seed, images, labels, validation, hidden.FEW_EPOCHS)
            known[name].append((answer(noise) == guessed).mean())
    for name, shares in known.items():
        print(f"{name}: least {min(shares):.3f}, mean {np.mean(shares):.3f}, most {max(shares):.3f}", flush=True)


if __name__ == "__main__":
    leak() if sys.argv[1:] == ["leak"] else main()
