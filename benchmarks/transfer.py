"""Compare training from scratch, a frozen base and fine-tuning: the table that the setting of exercise 6 comes from.

python -m benchmarks.transfer                  the setting of the exercise, twenty seeds
python -m benchmarks.transfer all 10           all settings, ten seeds each

Every seed draws new training images, a new base and new weights. Each method gets the same number of epochs:
fine-tuning spends the first half of them with the base frozen. The accuracy is that on all images of the task that were
not used for training. `lead` is the mean difference between the frozen base and training from scratch, with its
standard error, and `won` counts the seeds in which the frozen base was better, equal, and worse.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

DIGITS = Path(__file__).parents[1] / "exercises" / "05_keras_cnn" / "digits.npz"
METHODS = ("scratch", "frozen", "finetuned")
RATES = {"scratch": 3e-3, "frozen": 3e-3, "finetuned": 1e-3}  # those of the solution
EPOCHS, BATCH, TOP = 40, 32, 2
BASE_EPOCHS, BASE_IMAGES = 12, 2000  # all images of these digits


@dataclass(frozen=True)
class Setting:
    """The digits below `first` train the base, the others are the task. `head` is flatten or pool."""

    first: int
    head: str
    per_class: int

    @property
    def classes(self) -> int:
        """The number of classes of the task."""
        return 10 - self.first

    def __str__(self) -> str:
        """Return the setting in a row of the table."""
        task = f"0-{self.first - 1} to {self.first}-9"
        return f"{task}, {self.head:<7}, {self.per_class:>2} a class"


CHOSEN = tuple(Setting(7, "flatten", size) for size in (1, 2, 5, 10, 20, 50))
ALL = tuple(
    Setting(first, head, size) for head in ("flatten", "pool") for first in (7, 5) for size in (1, 2, 5, 10, 20, 50)
)


class Trainer:
    """The three models of a task, built once: compiling them takes longer than training them."""

    def __init__(self, first: int, head: str) -> None:
        """Build the models."""
        self.classes = 10 - first
        self.models = {name: self._model(head, name) for name in METHODS}

    def accuracies(self, seed: int, base: Sequence[Any], train: Any, test: Any, epochs: int) -> dict[str, float]:
        """Return the accuracy of each method on the test images."""
        found = {"scratch": self._trained("scratch", seed, None, train, epochs, test)}
        found["frozen"] = self._trained("frozen", seed, base, train, epochs, test)
        self._trained("frozen", seed, base, train, epochs // 2, test)
        halfway = self.models["frozen"].get_weights()
        found["finetuned"] = self._trained("finetuned", seed, None, train, epochs - epochs // 2, test, halfway)
        return found

    def _model(self, head: str, method: str) -> Any:
        import keras

        base = keras.Sequential(features())
        inputs = keras.Input((8, 8, 1))
        gather = keras.layers.Flatten() if head == "flatten" else keras.layers.GlobalAveragePooling2D()
        x = gather(base(keras.layers.Rescaling(2.0, offset=-1.0)(inputs)))
        model = keras.Model(inputs, keras.layers.Dense(self.classes, activation="softmax")(x))
        base.trainable = method != "frozen"
        if method == "finetuned":
            for number, layer in enumerate(base.layers):
                top = number >= len(base.layers) - TOP
                layer.trainable = top and not isinstance(layer, keras.layers.BatchNormalization)
        model.compile(keras.optimizers.Adam(RATES[method]), "sparse_categorical_crossentropy")
        model.optimizer.build(model.trainable_variables)
        model.start = [variable.numpy() for variable in model.optimizer.variables]
        return model

    def _trained(
        self, method: str, seed: int, base: Sequence[Any] | None, train: Any, epochs: int, test: Any, whole: Any = None
    ) -> float:
        """Train from new weights, or from these, and return the accuracy."""
        import keras

        model = self.models[method]
        keras.utils.set_random_seed(seed)
        model.set_weights(keras.models.clone_model(model).get_weights() if whole is None else whole)
        if base is not None:
            model.layers[2].set_weights(base)
        for variable, value in zip(model.optimizer.variables, model.start, strict=True):
            variable.assign(value)
        (x, y), chance = train, np.random.default_rng(seed)
        for _ in range(epochs):
            order = chance.permutation(len(y))
            for first in range(0, len(y), BATCH):
                rows = order[first : first + BATCH]
                model.train_on_batch(x[rows], y[rows])
        return float(np.mean(model.predict_on_batch(test[0]).argmax(axis=1) == test[1]))


def features() -> list[Any]:
    """Return the layers of the exercise's base."""
    import keras

    layers = keras.layers
    return [
        keras.Input((8, 8, 1)),
        layers.Conv2D(16, 3, padding="same", activation="relu"),
        layers.BatchNormalization(momentum=0.9),
        layers.Conv2D(32, 3, padding="same", activation="relu"),
        layers.BatchNormalization(momentum=0.9),
        layers.MaxPooling2D(2),
        layers.Conv2D(32, 3, padding="same", activation="relu"),
        layers.BatchNormalization(momentum=0.9),
    ]


def base_weights(first: int, seed: int, x: Any, y: Any) -> list[Any]:
    """Return the weights of a base that has learnt the digits below `first`, as `make_base.py` trains it."""
    import keras

    keras.utils.set_random_seed(seed)
    chosen = np.random.default_rng(seed).permutation(np.flatnonzero(y < first))[:BASE_IMAGES]
    head = [keras.layers.Flatten(), keras.layers.Dense(first, activation="softmax")]
    model = keras.Sequential([*features(), *head])
    model.compile(keras.optimizers.Adam(3e-3), "sparse_categorical_crossentropy")
    model.fit(2 * x[chosen] - 1, y[chosen], epochs=BASE_EPOCHS, batch_size=BATCH, verbose=0)
    weights: list[Any] = model.get_weights()[:-2]
    return weights


def rows(settings: Sequence[Setting], seeds: int) -> Iterator[tuple[Setting, np.ndarray]]:
    """Yield the accuracies of each setting: one row per seed, one column per method."""
    with np.load(DIGITS) as data:
        x, y = (data["images"] / 255).astype("float32")[..., np.newaxis], data["labels"].astype(int)
    bases = {first: [base_weights(first, seed, x, y) for seed in range(seeds)] for first in {s.first for s in settings}}
    trainers: dict[tuple[int, str], Trainer] = {}
    for setting in settings:
        trainer = trainers.setdefault((setting.first, setting.head), Trainer(setting.first, setting.head))
        table = []
        for seed in range(seeds):
            chance = np.random.default_rng(seed)
            order = chance.permutation(np.flatnonzero(y >= setting.first))
            chosen = np.concatenate([order[y[order] == d][: setting.per_class] for d in range(setting.first, 10)])
            rest = np.setdiff1d(order, chosen)
            train, test = ((x[part], y[part] - setting.first) for part in (chosen, rest))
            found = trainer.accuracies(seed, bases[setting.first][seed], train, test, EPOCHS)
            table.append([found[name] for name in METHODS])
        yield setting, np.array(table)


def main(arguments: Sequence[str]) -> None:
    """Print the table."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    settings = ALL if "all" in arguments else CHOSEN
    seeds = next((int(one) for one in arguments if one.isdecimal()), 20)
    print(f"{seeds} seeds, {EPOCHS} epochs each\n")
    print(f"| setting | {' | '.join(METHODS)} | lead | won |\n|---|---|---|---|---|---|")
    for setting, table in rows(settings, seeds):
        lead = table[:, 1] - table[:, 0]
        error = lead.std(ddof=1) / len(lead) ** 0.5
        won = "-".join(str(int(np.sum(np.sign(lead) == sign))) for sign in (1, 0, -1))
        means = " | ".join(f"{one:.3f}" for one in table.mean(axis=0))
        print(f"| {setting} | {means} | {lead.mean():+.3f} +- {error:.3f} | {won} |", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
