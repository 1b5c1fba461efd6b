"""Exercise 5: what the checks of training ask for and say. Each test says what its models know; nothing is trained."""

import importlib.util
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import pytest

from grader.checks import CheckFailedError
from grader.checks.exported import Exported, Loss, Optimizer, Weight
from grader.checks.models import VerifiedModel

HIDDEN = Path(__file__).parents[1] / "hidden" / "05_keras_cnn" / "test_keras_cnn.py"
SPEC = importlib.util.spec_from_file_location("hidden_keras_checks", HIDDEN)
checks = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(checks)

NORMALISED = '{"config": {"layers": [{"class_name": "BatchNormalization", "config": {"momentum": 0.99}}]}}'


@dataclass
class Program:
    """A learner's program and its models: after `steps` steps a model knows the share `knows(steps)` of all images."""

    knows: object
    batch_size: int = 32
    epochs: int | None = None
    obeys: bool = True
    losses: tuple = (1.0,)
    val_losses: tuple = (3.0,)
    optimizer: str = "adam"
    parameters: int = 1000
    config: str = '{"config": {"layers": []}}'
    trained_on: list = field(default_factory=list)
    kept: dict = field(default_factory=dict)
    unseen: tuple = (np.zeros(0), np.zeros(0))

    def build_cnn(self, shape, classes):
        return {"steps": 0}

    def train(self, model, x, y, x_val, y_val, epochs):
        self.trained_on.append(len(x))
        ran = min(self.epochs or epochs, epochs) if self.obeys else self.epochs
        model["steps"] = ran * -(-len(x) // self.batch_size)
        return {"loss": list(self.losses) * ran, "val_loss": list(self.val_losses)}

    def once(self, name, make):
        if name not in self.kept:
            self.kept[name] = make()
        return self.kept[name]

    def keep(self, name, value):
        self.kept[name] = value

    keep_history = keep

    def export(self, model, shape):
        data = Exported(
            self.config,
            (Weight("w", np.zeros(self.parameters), True),),
            outputs=((None, 10),),
            loss=Loss(name="sparse_categorical_crossentropy", from_logits=False),
            optimizer=Optimizer(name=self.optimizer, learning_rate=1e-3, weight_decay=0, iterations=model["steps"]),
        )
        return VerifiedModel(data, Knows(self.knows(model["steps"]), self.unseen))

    def history(self, found):
        return found


@dataclass
class Knows:
    """A model that knows a share of all images. It sees which are the unseen ones, and their labels.

    A negative share stands for a model that is sure of wrong labels.
    """

    share: float
    unseen: tuple

    def accuracy(self, x, y):
        return self.share

    def predict(self, x):
        rows = np.full((len(x), 10), max(self.share, 0.1) if self.share >= 0 else 0.001)
        images, labels = self.unseen
        if np.array_equal(x, images):
            known = np.arange(len(x)) < round(self.share * len(x))
            rows[np.arange(len(x)), np.where(known, labels, (labels + 1) % 10)] += 1
        return rows


def outcome(check, program):
    """The failure of a check; None if it passed."""

    def split(rng):
        found = real_split(rng)
        program.unseen = found[2]
        return found

    real_split = checks.split
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(checks, "split", split)
        try:
            getattr(checks, check)(program, program, np.random.default_rng(0))
        except CheckFailedError as error:
            return error
    return None


def after(needed):
    return lambda steps: float(steps >= needed)


@pytest.mark.parametrize("batch_size", [8, 32, 64, 128, 256, 512])
def test_no_batch_is_too_large_to_memorise_or_to_lower_the_loss(batch_size):
    for check in ("test_learns_by_heart", "test_train_lowers_the_loss", "test_knows_held_out_images"):
        assert outcome(check, Program(after(100), batch_size)) is None


def test_a_program_with_batches_of_32_trains_on_the_symbols_alone():
    program = Program(after(100))
    assert outcome("test_learns_by_heart", program) is None
    assert program.trained_on == [128]


def test_large_batches_get_copies_until_they_make_200_steps():
    program = Program(after(100), batch_size=64)
    assert outcome("test_learns_by_heart", program) is None
    assert program.trained_on == [128, 4 * 128]


def test_a_batch_of_all_symbols_may_be_larger_than_they_are():
    program = Program(after(100), batch_size=512)
    assert outcome("test_learns_by_heart", program) is None
    assert program.trained_on == [128, 16 * 128]


@pytest.mark.parametrize("epochs", [1, 3])
def test_a_program_that_stops_early_gets_no_more_copies_than_its_batches_need(epochs):
    program = Program(after(100), epochs=epochs)
    assert outcome("test_learns_by_heart", program) is not None
    assert program.trained_on[:2] == [128, 2 * 128]


def test_a_failure_after_two_trainings_names_what_was_counted():
    program = Program(lambda steps: 115 / 128)
    failure = outcome("test_learns_by_heart", program)
    assert failure.seen == "at inference the model knows 115 of its 128 training images"
    assert failure.expected == "at least 116"
    assert failure.because == "The loss on them went from 0.11 to 0.11 in 100 steps. Did it have time to fall?"
    assert len(program.trained_on) == 2


def test_only_a_model_with_batch_normalisation_is_asked_about_its_momentum():
    because = outcome("test_learns_by_heart", Program(lambda steps: 0.0, config=NORMALISED)).because
    assert "momentum 0.99" in because


def test_an_accuracy_below_the_floor_is_shown_with_the_floor():
    failure = outcome("test_knows_held_out_images", Program(lambda steps: 0.9))
    assert (failure.seen, failure.expected.split(",")[0]) == (
        "the model knows 90.0% of 450 new digits and symbols", "at least 92%",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("program", "sign"),
    [
        (Program(lambda steps: 0.0, epochs=1), "keras.epochs-ignored"),
        (Program(lambda steps: 0.0, epochs=3), "keras.stops-early"),
        (Program(lambda steps: 0.0, epochs=3, obeys=False), "keras.epochs-ignored"),
        (Program(lambda steps: 0.0, optimizer="adadelta"), "keras.small-steps"),
        (Program(lambda steps: 0.0, optimizer="SGD"), "keras.small-steps"),
        (Program(lambda steps: 0.0), ""),
    ],
)
@pytest.mark.parametrize("check", ["test_learns_by_heart", "test_train_lowers_the_loss"])
def test_little_training_is_named(check, program, sign):
    assert outcome(check, program).sign == sign


@pytest.mark.parametrize(
    "check",
    ["test_train_lowers_the_loss", "test_learns_by_heart", "test_knows_held_out_images", "test_train_gives_a_history"],
)
def test_a_model_far_above_the_budget_is_not_trained(check):
    program = Program(after(0), parameters=1_000_001)
    assert "the model has 1,000,001 parameters, so it was not trained" in outcome(check, program).seen
    assert program.trained_on == []


def test_a_model_a_little_above_the_budget_is_trained():
    assert outcome("test_learns_by_heart", Program(after(100), parameters=900_000)) is None


def test_known_labels_of_noise_are_a_fault():
    assert outcome("test_train_leaves_validation_alone", Program(after(100))).sign == "keras.test-set-as-validation"
    assert outcome("test_train_leaves_validation_alone", Program(lambda steps: 0.1)) is None


def test_a_model_that_knows_the_validation_images_and_not_its_own_has_swapped_them():
    class OnlyNoise(Knows):
        def accuracy(self, x, y):
            return 1.0 if len(x) == checks.NOISE else 0.1

    program = Program(after(0))
    program.export = lambda model, shape: replace(
        exported := Program.export(program, model, shape), clean=OnlyNoise(1.0, exported.clean.unseen)
    )
    failure = outcome("test_train_leaves_validation_alone", program)
    assert failure.sign == "keras.sets-swapped"
    assert failure.seen == (
        "the model knows 100% of the random labels of the validation images, but only 13 of its 128 training images"
    )


@pytest.mark.parametrize("epochs", [2, 24, 25])
def test_a_history_of_all_epochs_or_of_fewer_passes(epochs):
    assert outcome("test_train_gives_a_history", Program(after(100), epochs=epochs)) is None


@pytest.mark.parametrize(
    ("program", "sign", "seen"),
    [
        (Program(after(0), epochs=1), "keras.fit-in-a-loop",
         "the History has 1 epoch, and train was called with epochs=25"),
        (Program(after(100), epochs=1), "keras.epochs-ignored",
         "the History has 1 epoch, and train was called with epochs=25"),
        (Program(after(0), epochs=5, obeys=False), "keras.epochs-ignored",
         "train was called with epochs=25 and with epochs=1; the Histories have 5 and 5 epochs"),
    ],
)  # fmt: skip
def test_a_history_of_other_epochs_fails(program, sign, seen):
    failure = outcome("test_train_gives_a_history", program)
    assert (failure.sign, failure.seen) == (sign, seen)


def test_val_loss_cannot_be_small_on_random_labels():
    split = Program(lambda steps: 0.1, val_losses=(2.3, 0.4))
    failure = outcome("test_train_gives_a_history", split)
    assert failure.sign == "keras.validation-split"
    assert failure.seen == "val_loss fell to 0.40, and the validation images were noise with random labels"
    assert outcome("test_train_gives_a_history", Program(lambda steps: 0.1, val_losses=(3.1,))) is None


def test_a_program_that_trains_on_the_validation_images_is_charged_for_that_alone():
    assert outcome("test_train_gives_a_history", Program(after(0), val_losses=(0.1,))) is None


class Prepares:
    """A program whose `prepare` turns pixels into numbers in some way."""

    def __init__(self, scale):
        self._scale = scale

    def prepare(self, images, labels):
        return self._scale(images), labels


@pytest.mark.parametrize(
    ("scale", "seen", "sign"),
    [
        (lambda x: x.astype(float), "51", "keras.unscaled-input"),
        (lambda x: x // 255, "0", "keras.integer-division"),
        (lambda x: (x - x.mean()) / (x.std() + 1e-7), "0", "keras.standardised"),
        (lambda x: x / 200, "0.255", ""),
    ],
)
def test_the_number_of_a_pixel_names_the_scale(scale, seen, sign):
    for seed in range(5):
        with pytest.raises(CheckFailedError) as caught:
            checks.test_prepare_by_hand(Prepares(scale), np.random.default_rng(seed))
        assert caught.value.seen == f"prepare turned the pixel 51 into {seen}"
        assert caught.value.sign == sign


@dataclass
class Model:
    """A model whose outputs for an image are its first pixels, and a bias."""

    bias: np.ndarray

    def predict(self, x):
        return x.reshape(len(x), -1)[:, : len(self.bias)] + self.bias


@pytest.mark.parametrize(
    ("labels", "sign"),
    [
        (lambda model, x: model.predict(x).argmax(axis=1) + 1, "keras.labels-from-one"),
        (lambda model, x: model.predict(x / 255).argmax(axis=1), "keras.scaled-twice"),
        (lambda model, x: model.predict(x).argmin(axis=1), ""),
    ],
)
def test_wrong_labels_name_what_was_done(labels, sign):
    rng = np.random.default_rng(0)
    model, x = Model(rng.normal(0, 0.2, size=10)), rng.uniform(size=(40, 8, 8, 1))
    assert checks.sign_of_labels(model, x, labels(model, x)) == sign


def outputs_of(network, x):
    """Compute our network, which is linear, up to its softmax."""
    kernel, dense, bias = (one.value.astype(float) for one in network.weights)
    view = np.lib.stride_tricks.sliding_window_view(x[..., 0], (3, 3), axis=(1, 2))
    return np.einsum("nijab,abf->nijf", view, kernel[:, :, 0]).reshape(len(x), -1) @ dense + bias


def test_images_that_are_scaled_again_get_other_labels():
    for seed in range(100):
        rng = np.random.default_rng(seed)
        network, x = checks.our_network(rng), rng.uniform(size=(40, 8, 8, 1))
        labels, again = (outputs_of(network, scaled).argmax(axis=1) for scaled in (x, x / 255))
        assert (labels != again).mean() > 0.2
        assert np.bincount(labels).max() < 35  # and no class is the label of nearly all of them


@dataclass(frozen=True)
class Deep:
    """A network of kernels that each sum over fewer numbers than their shape says: a signal fades layer by layer."""

    weights: tuple

    def rebuild(self, other):
        return other

    def predict(self, x):
        scale = np.prod([np.abs(one.value).mean() for one in self.weights])
        return x.reshape(len(x), -1)[:, :3] * scale


@pytest.mark.parametrize(("depth", "apart"), [(1, True), (3, True), (40, False)])
def test_other_weights_grow_until_the_outputs_differ(depth, apart):
    network = Deep(tuple(Weight(f"layer{i}/kernel", np.zeros((3, 3, 32, 1), "float32"), True) for i in range(depth)))
    x = np.random.default_rng(0).uniform(size=(4, 8, 8, 1))

    other, expected = checks.telling_weights(network, network, np.random.default_rng(1), x)

    assert len(other.weights) == depth
    assert bool(np.ptp(expected, axis=0).max() > checks.LEAST_APART) is apart
