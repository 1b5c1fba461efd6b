"""Hidden checks of exercise 5. Points depend on a model that is built again in a process without the learner's code."""

import contextlib
import functools
import json
import re
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest

from grader.checks import CheckFailedError, assert_close, assert_inputs_unchanged, assert_shape, assert_that, fail
from grader.checks.exported import Exported, Optimizer, Weight
from grader.checks.models import CleanModel, VerifiedModel
from grader.checks.proxy import describe_value
from grader.sandbox.answer import Foreign, Raised, Returned
from grader.sandbox.reason import Reason

DIGITS = Path(__file__).parents[3] / "exercises" / "05_keras_cnn" / "digits.npz"
SHAPE, CLASSES, EPOCHS = (8, 8, 1), 10, 12
FEW, FEW_EPOCHS = 128, 25  # symbols to memorise, and for how long
TRAIN, VALIDATION = 1100, 130  # of 1,680; the other 450 are held out
FAMILIAR, EACH = 5, 840  # classes of digits among the ten, and the number of images of digits, and of symbols

# A program could bring weights that know the digits, so half of the images are other symbols. NEARBY and ASTRAY are the
# pixels by which a symbol is shifted: little for symbols to memorise, more for symbols to recognise in new images.
NEARBY, ASTRAY = 0.2, 0.8
# Accuracy on 450 held-out images after 12 epochs on 1,100, over 8 seeds each (least, mean): two of our right programs .964,
# .980 and .964, .977, the weakest .936, .965; softmax on the pixels .853, .874, at most .896. Weights made beforehand from
# all digits know about half. A program below the limit is trained again, on other images. Without a non-linearity (.940 at
# seed 0) a program passes here and fails the check of its structure.
FLOOR = 0.92
# Symbols of 128 that must be memorised in 25 epochs. Batches of 32 make 100 steps, larger ones fewer; a program below the
# limit is trained again, on so many copies of the symbols that it makes STEPS steps, whatever its batch size. Known of 128
# over 3 seeds: batches of 64, 200 steps: all; of 128, 25 steps: 47, 84, 86, 100 steps: all.
BY_HEART, STEPS, MOST_COPIES = 116, 200, 16
# Log 10 = 2.3 is the loss of random guessing. Weights made beforehand stay far above it, right programs come near 0.
LEAST_FALL = 0.5
# Share of random labels of validation noise that a program knows, over 200 seeds each.
#   does not train on them: the reference 0 to .312. Each is right with probability 0.1, so 14 of 32 are right in 8e-7 of
#     the runs, and in 2e-5 for a program that keeps the best of 25 epochs (binomial).
#   trains on them too: the reference 1; a slow program, with batches of 128, .75 to 1, mean .944, standard deviation .053.
#     The limit is nine standard deviations below.
NOISE, COPIES, KNOWN_BY_CHANCE = 32, 6, 0.43
GAINS = (1.0, 2.0, 4.0, 8.0)  # of random kernels, tried until the outputs are apart
LEAST_APART = 1e-3  # between outputs for different images: ten times the tolerance of numpy_forward
# val_loss on this noise in the same training. To stay below the limit by luck, a model that has not learnt the labels must
# give them .15 in the geometric mean; at most 3e-6 of the runs do in an epoch (Markov: (0.1 / 0.15) ** 32).
KNOWN_LOSS, PLAIN_LOSSES = 1.9, ("sparse_categorical_crossentropy", "categorical_crossentropy")
FAST = {"sgd": 2.0, "adadelta": 20.0, "adagrad": 1.0, "ftrl": 5.0}  # rates from which a training usually fails
SLOW = {"sgd": 0.01, "adadelta": 0.1, "adagrad": 0.01, "ftrl": 0.01}  # rates up to which these move too little
BENDING = (
    "elu", "tanh", "sigmoid", "silu", "swish", "mish", "softplus", "softsign", "glu", "absolute", "clip", "maximum",
    "minimum", "square", "where",
)  # fmt: skip
"""Parts of the names of layers and operations that are not linear. keras.ops.relu(x) is an operation, too."""
RANKS = ("must have rank", "same rank", "same shape")  # in the error of a loss for labels in the other form
PARAMETERS = 100_000
TRAINED = 10 * PARAMETERS  # a larger model is not trained at all: that takes minutes


@functools.cache
def digits():
    with np.load(DIGITS) as data:
        return data["images"], data["labels"].astype(int)


def scaled(images):
    return (images.astype("float32") / 255)[..., np.newaxis]


def some_digits(rng, count):
    """Return some digits as images in [0, 1]."""
    images, _ = digits()
    return scaled(images[rng.permutation(len(images))[:count]])


def split(rng):
    """Return images in [0, 1] and labels for training, for validation, and held out: of these a learner has no labels.

    The last result holds the names of the classes, by label.
    Five classes are digits, five are symbols. The digits are public, so a program could bring weights that know them;
    the symbols are new. The label of each class is random as well.
    """
    images, labels = digits()
    kept = rng.permutation(10)[:FAMILIAR]
    chosen = rng.permutation(np.flatnonzero(np.isin(labels, kept)))[:EACH]
    x_symbols, y_symbols = symbols(rng, CLASSES - FAMILIAR, EACH, ASTRAY)
    x = np.concatenate([scaled(images[chosen]), x_symbols])
    y = np.concatenate([np.searchsorted(np.sort(kept), labels[chosen]), y_symbols + FAMILIAR])
    order = rng.permutation(len(y))
    label_of = rng.permutation(CLASSES)
    x, y = x[order], label_of[y[order]]
    names = np.array([*map(str, np.sort(kept)), *"ABCDE"])[label_of.argsort()]
    return (
        (x[:TRAIN], y[:TRAIN]),
        (x[TRAIN : TRAIN + VALIDATION], y[TRAIN : TRAIN + VALIDATION]),
        (x[TRAIN + VALIDATION :], y[TRAIN + VALIDATION :]),
        tuple(names.tolist()),
    )


def symbols(rng, classes, count, shift):
    """Return images like the digits, but of random symbols, and their labels.

    A symbol is a line through four corners. Of many random ones, those that differ most are used. Each image moves the
    corners a little, shifts the symbol by about `shift` pixels, and has its own brightness and some noise.
    """
    outlines = rng.uniform(1.3, 5.7, size=(300, 4, 2))
    candidates = strokes(outlines).reshape(len(outlines), -1)
    chosen = [0]
    for _ in range(classes - 1):
        distances = ((candidates[:, np.newaxis] - candidates[chosen]) ** 2).sum(axis=-1)
        chosen.append(int(distances.min(axis=1).argmax()))
    labels = rng.integers(0, classes, size=count)
    corners = outlines[chosen][labels] + rng.normal(0, 0.25, size=(count, 4, 2))
    images = strokes(corners + rng.normal(0, shift, size=(count, 1, 2))) * rng.uniform(0.7, 1, size=(count, 1, 1))
    noisy = np.clip(images + rng.normal(0, 0.05, size=images.shape), 0, 1)
    return noisy.astype("float32")[..., np.newaxis], labels


def strokes(corners):
    """Return lines through corners (N, K, 2) as images (N, 8, 8) in [0, 1], brightest on the line."""
    pixels = np.stack(np.meshgrid(np.arange(8.0), np.arange(8.0), indexing="ij"), axis=-1).reshape(-1, 2)
    begins, along = corners[:, :-1, np.newaxis], np.diff(corners, axis=1)[:, :, np.newaxis]
    away = pixels - begins
    part = np.clip((away * along).sum(axis=-1) / np.maximum((along**2).sum(axis=-1), 1e-9), 0, 1)
    distances = np.linalg.norm(away - part[..., np.newaxis] * along, axis=-1).min(axis=1)
    return np.clip(1.4 - distances, 0, 1).reshape(-1, 8, 8)


def verified(submission, models):
    """Return the learner's untrained model for digits."""
    return models.once("built", lambda: models.export(submission.build_cnn(SHAPE, CLASSES), SHAPE))


def built(submission, models):
    """Return the data of the learner's untrained model for digits."""
    return verified(submission, models).data


def answers(submission, models, rng):
    """Return the outputs of the untrained model for some digits."""
    return verified(submission, models).clean.predict(some_digits(rng, 32))


def probabilities(exported, outputs):
    """Return outputs as probabilities: unchanged, or their softmax if the loss takes logits."""
    if exported.loss and exported.loss.from_logits:
        outputs = np.exp(outputs - outputs.max(axis=-1, keepdims=True))
        return outputs / outputs.sum(axis=-1, keepdims=True)
    return outputs


@contextlib.contextmanager
def sign_if_keras_says(sign, *words):
    """Treat an exception from Keras with one of these words as a sign of that misconception."""
    try:
        yield
    except CheckFailedError as error:
        if error.raised is not None and any(word in error.raised.message for word in words):
            error.sign = sign
        raise


@dataclass(frozen=True)
class Trained:
    """A model after training on few symbols: its History, these symbols, and the losses on them before and after.

    `optimizer` is the one that it claims to have been trained with. `noise` holds the validation images, if they were
    noise.
    """

    history: object
    model: CleanModel
    few: tuple[np.ndarray, np.ndarray]
    losses: tuple[float, float]
    optimizer: Optimizer | None
    noise: tuple[np.ndarray, np.ndarray] | None = None

    @property
    def fell(self):
        """Return how far the loss fell below that of random guessing, or below that before training."""
        before, after = self.losses
        return min(before, np.log(CLASSES)) - after

    @property
    def steps(self):
        """Return how many steps the training took; 0 if the model does not say."""
        return self.optimizer.iterations if self.optimizer else 0

    @property
    def known(self):
        """Return how many of the symbols the model knows."""
        return round(self.model.accuracy(*self.few) * len(self.few[1]))

    @property
    def known_of_noise(self):
        """Return the share of the random labels of the validation noise that the model knows."""
        return self.model.accuracy(*self.noise)


def small_enough(submission, models):
    """Return the data of the untrained model. Fail before a training that would take minutes."""
    seen = built(submission, models)
    assert_that(
        seen.parameters <= TRAINED, None, f"the model has {seen.parameters:,} parameters, so it was not trained",
        f"at most {PARAMETERS:,}",
    )  # fmt: skip
    return seen


def trained_on_few(submission, models, rng, few, validation, copies=1):
    """Train on `few` symbols, each of them several times in an epoch if there are copies.

    The model is then asked for them in a new order: it could hold the labels in their order, without looking at an image.
    """
    x, y = few
    seen = small_enough(submission, models)
    fits = seen.loss is not None and "categorical" in seen.loss.name and seen.outputs == ((None, CLASSES),)
    model = submission.build_cnn(SHAPE, CLASSES)
    untrained = models.export(model, SHAPE)
    before = cross_entropy(probabilities(untrained.data, untrained.clean.predict(x)), y)
    with sign_if_keras_says("keras.sparse-vs-onehot", *(RANKS if fits else ())):
        history = submission.train(
            model, np.concatenate([x] * copies), np.concatenate([y] * copies), *validation, FEW_EPOCHS
        )
    trained = models.export(model, SHAPE)
    order = rng.permutation(len(y))
    x, y = x[order], y[order]
    after = cross_entropy(probabilities(trained.data, trained.clean.predict(x)), y)
    return Trained(history, trained.clean, (x, y), (before, after), trained.data.optimizer)


def cross_entropy(rows, labels):
    """Return the mean loss of rows of probabilities."""
    assert_that(
        rows.shape[1] >= CLASSES,
        None,
        f"the model returns {rows.shape[1]} numbers per image",
        f"{CLASSES}, one per class",
    )
    return float(-np.log(np.clip(rows[np.arange(len(labels)), labels], 1e-7, 1)).mean())


def few_symbols(rng):
    """Return symbols of ten classes to memorise, and others of the same classes for validation."""
    x, y = symbols(rng, CLASSES, FEW + VALIDATION, NEARBY)
    return (x[:FEW], y[:FEW]), (x[FEW:], y[FEW:])


def noise_with_random_labels(rng):
    """Return validation images with random labels, which only training on them can teach."""
    return rng.integers(0, 2, size=(NOISE, *SHAPE)).astype("float32"), rng.integers(0, CLASSES, size=NOISE)


def copies_of(images, labels):
    """Repeat each image, so that a program that trains on them surely learns them."""
    return np.repeat(images, COPIES, axis=0), np.repeat(labels, COPIES)


def small(submission, models, rng):
    """Train on 128 symbols and validate on noise with random labels, which only training on the noise can teach."""

    def make():
        few, _ = few_symbols(rng)
        noise = noise_with_random_labels(rng)
        return replace(trained_on_few(submission, models, rng, few, copies_of(*noise)), noise=noise)

    return models.once("small", make)


def watched(submission, models, rng):
    """Do the same with symbols for validation, and with enough steps.

    On noise, a program with early stopping would stop at once. Large batches make few steps of 128 symbols.
    """

    def make():
        run = small(submission, models, rng)
        copies = copies_for(STEPS / FEW_EPOCHS, run.steps, epochs_of(models, run.history, FEW_EPOCHS))
        few, validation = few_symbols(rng)
        return trained_on_few(submission, models, rng, few, validation, copies)

    return models.once("watched", make)


def epochs_of(models, history, asked):
    """Return how many epochs a History holds; as many as were asked for if it cannot be read."""
    with contextlib.suppress(CheckFailedError):  # another check tests this
        return len(models.history(history).get("loss", ())) or asked
    return asked


def copies_for(wanted, steps, epochs):
    """Return how often to repeat the images so that each epoch makes the wanted number of steps.

    A program may train with its own optimiser, so that its model has counted no step. If an epoch was one step,
    its batches may be larger still than all images.
    """
    if steps <= epochs:
        return MOST_COPIES if steps > 0 else 2
    return int(np.clip(np.ceil(wanted * epochs / steps), 1, MOST_COPIES))


def sign_of_little_training(submission, models, rng, run):
    """Return the sign for a training that did too little.

    It ended early, or its steps are too small or too large.
    """
    epochs, optimizer = epochs_of(models, run.history, FEW_EPOCHS), run.optimizer
    if epochs < FEW_EPOCHS:
        obeys = epochs > 1 and epochs_of_one(submission, models, rng) == 1
        return "keras.stops-early" if obeys else "keras.epochs-ignored"
    rate, name = (optimizer.learning_rate, optimizer.name.lower()) if optimizer else (0.0, "")
    if optimizer and rate <= SLOW.get(name, 1e-4):
        return "keras.small-steps"
    if optimizer and rate >= FAST.get(name, 0.1):
        return "keras.large-steps"
    return ""


def pixels_of(submission, images, labels):
    """Return the prepared images as floats. Fail early if they hold another number of elements."""
    x = submission.prepare(images, labels)[0]
    assert_that(x.size == images.size, x, f"x contains {x.size:,} numbers", f"{images.size:,}, one per pixel")
    return x * 1.0


@pytest.mark.criterion("prepare-scale")
def test_prepare_by_hand(submission, rng):
    """Turns a pixel of 51 into 0.2."""
    steps = rng.integers(0, 5, size=(2, 3, 4))
    for fifths in (np.ones_like(steps), steps):
        images = (51 * fifths).astype(np.uint8)
        x = pixels_of(submission, images, np.array([1, 2])).reshape(images.shape)
        off = ~np.isclose(x, fifths / 5, atol=2e-3)
        if off.any():
            pixel, number = images[off][0], x[off][0]
            fail(
                x, f"prepare turned the pixel {pixel} into {number:.6g}", f"{pixel / 255:g}",
                f"255 is white in every batch, so {pixel} becomes {pixel} / 255.",
                sign_of_scale(submission, (51 * steps).astype(np.uint8)),
            )  # fmt: skip


def sign_of_scale(submission, images):
    """Return the misconception that explains how `prepare` turns these pixels, which differ, into numbers; or ""."""
    x = pixels_of(submission, images, np.array([1, 2])).reshape(images.shape)
    if (x == images).all():
        return "keras.unscaled-input"
    if (x == images // 255).all() and images.any():
        return "keras.integer-division"
    standardised = np.allclose(x.mean(), 0, atol=1e-3) and np.allclose(x.std(), 1, atol=1e-2)
    return "keras.standardised" if standardised else ""


@pytest.mark.criterion("prepare-scale")
def test_prepare_scales_alike(submission, rng):
    """Scales a dark batch and a bright batch alike, to [0, 1]."""
    images = rng.integers(0, 256, size=(5, 6, 7), dtype=np.uint8)
    for batch in (images // 4, images, np.zeros_like(images)):
        x = pixels_of(submission, batch, np.arange(5)).reshape(batch.shape)
        by_largest = np.allclose(x, batch / max(int(batch.max()), 1))
        assert_that(
            np.allclose(x, batch / 255, atol=2e-3), x,
            f"prepare turned pixels up to {batch.max()} into numbers from {x.min():.3g} to {x.max():.3g}",
            f"numbers from {batch.min() / 255:.3g} to {batch.max() / 255:.3g}: each pixel divided by 255",
            sign="keras.train-test-scaled-differently" if by_largest else "",
        )  # fmt: skip


@pytest.mark.criterion("prepare-form")
def test_prepare_channel_axis(submission, rng):
    """Adds a channel axis if there is none, and only then."""
    for shape, expected in (((4, 8, 8), (4, 8, 8, 1)), ((3, 5, 7), (3, 5, 7, 1)), ((2, 6, 5, 3), (2, 6, 5, 3))):
        images = rng.integers(0, 256, size=shape, dtype=np.uint8)
        x, _ = submission.prepare(images, np.arange(shape[0]))
        first = (shape[0], 1, *shape[1:])
        signs = {shape: "keras.missing-channel-axis", first: "keras.channels-first-data"} if len(shape) == 3 else {}
        if x.shape != expected:
            fail(x, f"x has shape {x.shape}", str(expected), sign=signs.get(x.shape, ""))
        sign = "keras.integer-division" if (x == images.reshape(expected) // 255).all() else ""
        assert_that(x.dtype.kind == "f", x, f"x has dtype {x.dtype}", "numbers with a fraction: float32", sign=sign)
        assert_that(
            keeps_order(images.reshape(expected), x), x, "pixels changed their places, or different pixels became equal",
            "every pixel in its place, different numbers for different pixels", sign=sign,
        )  # fmt: skip


def keeps_order(images, x):
    """Return True if brighter pixels are always larger numbers, or always smaller: the scale does not matter."""
    pixels, numbers = (one.reshape(len(one), -1, one.shape[-1]).astype(float) for one in (images, x))
    order = np.argsort(pixels, axis=1)
    brighter = np.diff(np.take_along_axis(pixels, order, axis=1), axis=1) > 0
    with np.errstate(invalid="ignore"):  # infinity minus infinity
        steps = np.diff(np.take_along_axis(numbers, order, axis=1), axis=1)[brighter]
    return bool((steps > 0).all() or (steps < 0).all())


@pytest.mark.criterion("prepare-form")
def test_prepare_labels(submission, rng):
    """Keeps the labels integers, and does not change its inputs."""
    labels = rng.permutation(10).astype(np.uint8)
    images = rng.integers(0, 256, size=(10, 4, 4), dtype=np.uint8)
    _, y = submission.prepare(images, labels)
    one_hot = y.shape == (10, 10) and np.array_equal(y, np.eye(10)[labels])
    if y.shape != (10,):
        fail(y, f"y has shape {y.shape}", "(10,)", sign="keras.labels-one-hot" if one_hot else "")
    assert_that(y.dtype.kind in "iu", y, f"y has dtype {y.dtype}", "integers")
    assert_close(y, labels)
    assert_inputs_unchanged(submission.prepare, images, labels)


# ------------------------------------------------------------------------------------------------- build_cnn


def shapes(found):
    """Return shapes as model.summary() shows them."""
    return " and ".join(str(list(shape)) for shape in found) or "nothing"


@pytest.mark.criterion("contract")
def test_model_takes_images(submission, models):
    """Takes digits and returns one number per class."""
    model = built(submission, models)
    if not model.built and json.loads(model.config)["class_name"] == "Sequential":
        seen = "the model does not know the shape of its images, so it has no weights before its first batch"
        fail(None, seen, "a model that starts with keras.Input(input_shape)")
    assert_that(model.inputs == ((None, *SHAPE),), None, f"the model takes {shapes(model.inputs)}", "[None, 8, 8, 1]")
    flattens = model.has("Flatten", "Reshape", "GlobalAveragePooling2D", "GlobalMaxPooling2D")
    given = model.outputs[-1] if model.outputs else ()
    signs = {((None, CLASSES + 1),): "keras.one-unit-too-many"}
    unflattened = len(given) == 4 and model.layers[-1:] and model.layers[-1][0] == "Dense" and not flattens
    assert_that(
        model.outputs == ((None, CLASSES),), None, f"the model returns {shapes(model.outputs)}",
        "[None, 10]: one number per class",
        sign="keras.dense-without-flatten" if unflattened else signs.get(model.outputs, ""),
    )  # fmt: skip


@pytest.mark.criterion("contract")
def test_model_of_other_sizes(submission, models):
    """Builds models for other image sizes and numbers of classes too."""
    model = models.export(submission.build_cnn((12, 10, 3), 7), (12, 10, 3)).data
    assert_that(
        model.inputs == ((None, 12, 10, 3),),
        None,
        f"for images (12, 10, 3) the model takes {shapes(model.inputs)}",
        "[None, 12, 10, 3]",
        sign="keras.fixed-input-shape" if model.inputs == ((None, *SHAPE),) else "",
    )
    assert_that(
        model.outputs == ((None, 7),),
        None,
        f"for 7 classes the model returns {shapes(model.outputs)}",
        "[None, 7]: one number per class",
        sign="keras.wrong-units" if model.outputs == ((None, CLASSES),) else "",
    )


@pytest.mark.criterion("loss")
def test_model_is_compiled(submission, models):
    """Compiles the model with a loss for several classes."""
    model = built(submission, models)
    if model.loss is None:
        fail(None, "the model is not compiled", "model.compile(optimizer, loss)", sign="keras.not-compiled")
    name = model.loss.name
    of_numbers = any(word in name for word in ("mse", "mae", "squared", "absolute", "huber"))
    signs = {"keras.binary-loss-for-multiclass": "binary_crossentropy" in name, "keras.loss-for-numbers": of_numbers}
    assert_that(
        "categorical" in name,
        None,
        f"the loss is {name}",
        "a categorical cross-entropy: there are more than two classes",
        sign=next((sign for sign, seen in signs.items() if seen), ""),
    )


@pytest.mark.criterion("loss")
def test_loss_fits_the_output(submission, models, rng):
    """Returns probabilities, or logits with a loss that expects logits."""
    model = built(submission, models)
    rows = answers(submission, models, rng)
    softmaxed = bool(np.allclose(rows.sum(axis=-1), 1, atol=1e-3) and (rows >= 0).all())
    logits = bool(model.loss and model.loss.from_logits)
    last = ([{}, *model.settings()])[-1]
    if not softmaxed and not logits and "sigmoid" in str(last.get("activation")):
        seen = f"the model ends with {CLASSES} independent probabilities, and the first row sums to {rows.sum(axis=-1)[0]:.3g}"
        fail(None, seen, "a softmax: one of the classes is right, so a row sums to 1", sign="keras.sigmoid-output")
    if not softmaxed and not logits:
        if np.allclose(rows.sum(axis=0), 1, atol=1e-3):
            seen = "the outputs for all images sum to 1 in each class"
            fail(None, seen, "a row for each image that sums to 1", sign="keras.softmax-over-images")
        signs = {"linear": "keras.logits-without-from-logits", "relu": "keras.output-activation-relu"}
        seen = f"the rows of the output sum to {rows.sum(axis=-1)[0]:.3g}"
        sign = signs.get(str(last.get("activation")), "") if last.get("class_name") == "Dense" else ""
        fail(None, seen, "1, or from_logits=True in the loss", sign=sign)
    if softmaxed and logits:
        seen = "the model returns probabilities, and the loss expects logits"
        fail(None, seen, "the same for both", sign="keras.softmax-and-from-logits")


@pytest.mark.criterion("loss")
def test_ends_with_its_answer(submission, models):
    """Ends with its output layer, without dropout or normalisation after it."""
    kinds = [kind for kind, _, _ in built(submission, models).layers]
    last = kinds[-1] if kinds else "nothing"
    misplaced = last in ("Dropout", "SpatialDropout2D", "BatchNormalization", "GaussianNoise", "GaussianDropout")
    dropped = last in ("Dropout", "SpatialDropout2D", "GaussianDropout")
    because = "What does a dropped probability mean?" if dropped else ""
    sign = "keras.dropout-on-output" if dropped else ""
    assert_that(not misplaced, None, f"the last layer is {last}", "the output layer", because, sign)


def convolves(step):
    """Return True for a convolution of more than one pixel."""
    return "conv" in step.kind.lower() and "transpose" not in step.kind.lower() and step.window > 1


def bends(step):
    """Return True for a step that is not linear. Max pooling is not meant here: it makes maps smaller."""
    named = step.activation.lower() not in ("", "linear", "softmax", "log_softmax")
    return named or any(word in step.kind.lower() for word in BENDING)


def mixes_patches(step):
    """Return True for a convolution that sees a patch of all channels."""
    return convolves(step) and "depthwise" not in step.kind.lower()


def stays_linear(steps, number):
    """Return True if what comes out of a step reaches the next such weights without a non-linearity.

    A convolution of one pixel, or of each channel alone, may come between: such pairs are one convolution in two parts.
    A convolution at the end may return the classes.
    """
    waiting, seen = [number], {number}
    while waiting:
        step = waiting.pop()
        after = [n for n, one in enumerate(steps) if step in one.before]
        if bends(steps[step]) or not after:
            return False
        weighs = [
            n for n in after if mixes_patches(steps[n]) or (steps[n].kind in ("Dense", "Matmul") and steps[n].rank == 2)
        ]
        new = set(after) - set(weighs) - seen
        seen |= new
        waiting += new
    return True


@pytest.mark.criterion("structure", alone="dense layers alone are not a misconception, but they are not a CNN either")
def test_has_convolution(submission, models):
    """Contains a convolution."""
    found = any(map(convolves, built(submission, models).steps))
    assert_that(found, None, "no layer is a convolution of more than one pixel", "at least one")


@pytest.mark.criterion("structure")
def test_has_nonlinearity(submission, models):
    """Has a non-linearity after each of its convolutions."""
    steps = built(submission, models).steps
    bent = any(map(bends, steps))
    convolutions = [number for number, step in enumerate(steps) if mixes_patches(step)]
    linear = [number for number in convolutions if stays_linear(steps, number)]
    some = f"{len(linear)} of {len(convolutions)} convolutions have no activation after them"
    assert_that(
        bent and not linear,
        None,
        some if bent else "no layer before the output has an activation",
        "a non-linearity after each convolution, before the next layer with weights",
        "Two linear maps in a row are one linear map.",
        sign="keras.no-nonlinearity",
    )


@pytest.mark.criterion("structure")
def test_has_pooling(submission, models):
    """Makes its feature maps smaller."""
    model = built(submission, models)
    overall = model.has("GlobalAveragePooling2D", "GlobalMaxPooling2D") or any(
        step.kind in ("Mean", "Max") and step.rank == 2 and any(model.steps[n].rank == 4 for n in step.before)
        for step in model.steps
    )
    smaller = any(
        np.max(layer["strides"] or layer.get("pool_size", 1)) > 1
        or (layer["padding"] == "valid" and np.max(layer.get("pool_size", 1)) > 1)
        for layer in model.settings()
        if layer["class_name"].endswith(("Conv2D", "Pooling2D", "Conv", "Pool")) and "strides" in layer
    )
    seen = "no layer makes the feature maps smaller"
    assert_that(overall or smaller, None, seen, "pooling or a stride", sign="keras.no-pooling")


@pytest.mark.criterion("structure")
def test_has_regulariser(submission, models):
    """Has a layer or a penalty against overfitting."""
    model = built(submission, models)
    layers = model.has("BatchNormalization", "GroupNormalization", "LayerNormalization") or any(
        kind.startswith(("Rand", "AugMix", "CutMix", "MixUp")) for kind, _, _ in model.layers
    )
    decays = model.optimizer is not None and model.optimizer.weight_decay > 0
    penalties = [
        penalty
        for layer in model.settings()
        for name, penalty in layer.items()
        if name.endswith("_regularizer") and penalty
    ]
    strengths = [
        strength
        for settings in (*model.settings(), *(one["config"] for one in penalties if isinstance(one, dict)))
        for strength in (settings.get(name) for name in ("rate", "stddev", "l1", "l2", "factor"))
        if isinstance(strength, int | float)
    ]
    assert_that(
        layers
        or decays
        or any(strength > 0 for strength in strengths)
        or any(isinstance(one, str) for one in penalties),
        None,
        "the model has nothing against overfitting",
        "dropout, batch normalisation, random changes of the images, weight decay or a penalty on weights",
        sign="keras.no-regulariser",
    )


@pytest.mark.criterion("structure")
def test_has_a_budget(submission, models):
    """Has at most 100,000 parameters."""
    model = built(submission, models)
    largest = max((one.value for one in model.weights), key=np.size, default=np.zeros(0))
    dense = largest.ndim == 2 and largest.size > model.parameters / 2
    assert_that(
        model.parameters <= PARAMETERS,
        None,
        f"the model has {model.parameters:,} parameters",
        f"at most {PARAMETERS:,}",
        "Which layer has the most?",
        sign="keras.too-many-parameters" if dense else "",
    )


# ----------------------------------------------------------------------------------------------------- train


def is_model(models, returned):
    """Return True if a function returned a model."""
    if isinstance(returned, Foreign) or hasattr(returned, "layers"):
        with contextlib.suppress(CheckFailedError):
            models.weights(returned)
            return True
    return False


@pytest.mark.criterion("trains")
def test_train_gives_a_history(submission, models, rng):
    """Trains for the given number of epochs, and returns the History with val_loss."""
    history = small(submission, models, rng).history
    try:
        table = models.history(history)
    except CheckFailedError as error:
        if is_model(models, history):
            sign = "keras.returns-model"
            fail(None, f"train returned {describe_value(history)}", "the History that model.fit returns", sign=sign)
        error.sign = "keras.returns-nothing" if history is None else ""
        raise
    assert_that(
        "loss" in table and "val_loss" in table,
        None,
        f"the History contains {', '.join(table) or 'nothing'}",
        "loss and val_loss: pass the validation images to fit",
        sign="keras.validation-forgotten" if "loss" in table else "",
    )
    ran = len(table["loss"])
    assert_that(1 <= ran <= FEW_EPOCHS, None, f"the History has {ran} epochs", f"at most {FEW_EPOCHS}")
    if ran == 1:
        seen = f"the History has 1 epoch, and train was called with epochs={FEW_EPOCHS}"
        sign = "keras.fit-in-a-loop" if small(submission, models, rng).known >= BY_HEART else "keras.epochs-ignored"
        fail(None, seen, "all epochs in one History: call fit once, with epochs=epochs", sign=sign)
    if ran < FEW_EPOCHS:
        again = epochs_of_one(submission, models, rng)
        seen = (
            f"train was called with epochs={FEW_EPOCHS} and with epochs=1; the Histories have {ran} and {again} epochs"
        )
        assert_that(again == 1, None, seen, "as many epochs as asked for, or fewer", sign="keras.epochs-ignored")
    check_validation(submission, models, small(submission, models, rng), table["val_loss"])


def check_validation(submission, models, run, losses):
    """Fail if val_loss was not measured on the given validation images, which are noise with random labels."""
    plain = built(submission, models).loss
    if not losses or plain is None or plain.name not in PLAIN_LOSSES or run.known_of_noise >= KNOWN_BY_CHANCE:
        return  # other checks say so
    assert_that(
        not losses[-1] < KNOWN_LOSS,
        None,
        f"val_loss fell to {losses[-1]:.2f}, and the validation images were noise with random labels",
        "about 2.3 or more: nobody can know random labels",
        "Pass validation_data=(x_val, y_val) to fit; validation_split takes some of the training images instead.",
        "keras.validation-split",
    )


def epochs_of_one(submission, models, rng):
    """Return how many epochs the History has if only one was asked for."""

    def make():
        (x, y), _ = few_symbols(rng)
        noise = copies_of(*noise_with_random_labels(rng))
        history = submission.train(submission.build_cnn(SHAPE, CLASSES), x, y, *noise, 1)
        return epochs_of(models, history, 1)

    return models.once("epochs of one", make)


@pytest.mark.criterion("trains")
def test_train_lowers_the_loss(submission, models, rng):
    """Lowers the loss on the training images."""
    run = small(submission, models, rng)
    if run.fell < LEAST_FALL:
        run = watched(submission, models, rng)
    before, after = run.losses
    assert_that(
        run.fell >= LEAST_FALL,
        None,
        f"the loss on 128 training images went from {before:.2f} to {after:.2f}",
        f"at least {LEAST_FALL:g} below random guessing (log 10 = 2.3)",
        sign=sign_of_little_training(submission, models, rng, run),
    )


@pytest.mark.criterion("trains")
def test_train_leaves_validation_alone(submission, models, rng):
    """Does not learn from the validation images."""
    run = small(submission, models, rng)
    share, known = run.known_of_noise, run.known
    few = f", but only {known} of its {FEW} training images" if known < FEW / 4 else ""
    assert_that(
        share < KNOWN_BY_CHANCE,
        None,
        f"the model knows {share:.0%} of the random labels of the validation images{few}",
        "about 10%, by chance",
        "These labels can only be learnt by training on the validation images.",
        sign="keras.sets-swapped" if few else "keras.test-set-as-validation",
    )


@pytest.mark.criterion("learns")
def test_learns_by_heart(submission, models, rng):
    """Memorises 128 images in 25 epochs, or in 200 steps if its batches are large."""
    run = small(submission, models, rng)
    if run.known < BY_HEART:
        run = max(run, watched(submission, models, rng), key=lambda one: one.known)
    assert_that(
        run.known >= BY_HEART,
        None,
        f"at inference the model knows {run.known} of its {FEW} training images",
        f"at least {BY_HEART}",
        why_little_is_known(submission, models, run),
        sign=sign_of_little_training(submission, models, rng, run),
    )


def statistics_lag(submission, models):
    """Return True if batch normalisation needs more steps for its statistics than this training makes."""
    return any(
        layer["class_name"] == "BatchNormalization" and layer.get("momentum", 0.99) > 0.95
        for layer in built(submission, models).settings()
    )


def why_little_is_known(submission, models, run):
    """Return what to look at if a model has memorised too little."""
    if statistics_lag(submission, models):
        return "Batch normalisation with momentum 0.99 needs several hundred steps before inference computes the same; use 0.9."
    before, after = run.losses
    return f"The loss on them went from {before:.2f} to {after:.2f} in {run.steps:,} steps. Did it have time to fall?"


@dataclass(frozen=True)
class OnDigits:
    """A model after training on digits and symbols: its History, and its output for images that it has never seen.

    `labels` are those of these images, and `names` those of the classes, by label.
    """

    history: object
    model: VerifiedModel
    images: np.ndarray
    labels: np.ndarray
    rows: np.ndarray
    names: tuple[str, ...]

    @property
    def share(self):
        """Return the share of these images that the model knows."""
        return float((self.rows.argmax(axis=1) == self.labels).mean())


def trained_on_digits(submission, models, rng, copies=1):
    """Train on digits and symbols, each of them several times in an epoch if there are copies, and keep the result.

    The History is kept before the model is read: that of a model that cannot be read says why, too.
    """
    small_enough(submission, models)
    (x, y), validation, (images, labels), names = split(rng)
    model = submission.build_cnn(SHAPE, CLASSES)
    history = submission.train(model, np.concatenate([x] * copies), np.concatenate([y] * copies), *validation, EPOCHS)
    models.keep_history("the training on digits", history)
    trained = models.export(model, SHAPE)
    run = OnDigits(history, trained, images, labels, trained.clean.predict(images), names)
    models.keep("the unseen digits", run)
    return run


def copies_for_digits(models, run):
    """Return how often to repeat the images so that each epoch makes as many steps as with batches of 32."""
    optimizer = run.model.data.optimizer
    return copies_for(TRAIN // 32, optimizer.iterations if optimizer else 0, epochs_of(models, run.history, EPOCHS))


@pytest.mark.criterion("generalises")
def test_knows_held_out_images(submission, models, rng):
    """Recognises images that it has never seen."""
    run = trained_on_digits(submission, models, rng)
    if run.share < FLOOR:  # one unlucky run costs no points, and large batches get as many steps as batches of 32
        again = trained_on_digits(submission, models, rng, copies_for_digits(models, run))
        run = max(run, again, key=lambda one: one.share)
    models.keep_history("the training on digits", run.history)
    models.keep("the unseen digits", run)
    assert_that(
        run.share >= FLOOR,
        None,
        f"the model knows {run.share:.1%} of 450 new digits and symbols",
        f"at least {FLOOR:.0%}, which a small convolutional network reaches after {EPOCHS} epochs",
    )


# -------------------------------------------------------------------------------------------- predict_labels


def our_network(rng):
    """Return a small network with random weights, so that an answer depends on the tested function alone.

    It is linear and each of its kernels sums to 0, so that no class is the largest for most images. With its biases,
    images that are scaled again get other labels: nearly all of them the class with the largest bias.
    """
    layers = [
        ("InputLayer", {"batch_shape": [None, *SHAPE], "dtype": "float32", "name": "x"}),
        ("Conv2D", {"filters": 4, "kernel_size": 3, "use_bias": False, "name": "conv"}),
        ("Flatten", {"name": "flatten"}),
        ("Dense", {"units": CLASSES, "activation": "softmax", "name": "dense"}),
    ]
    config = {
        "name": "ours",
        "layers": [
            {"module": "keras.layers", "class_name": kind, "config": settings, "registered_name": None}
            for kind, settings in layers
        ],
    }
    kernels = [rng.normal(0, shape[-2] ** -0.5, size=shape) for shape in ((3, 3, 1, 4), (144, CLASSES))]
    drawn = [kernel - kernel.mean(axis=tuple(range(kernel.ndim - 1))) for kernel in kernels]
    drawn.append(rng.normal(0, 0.2, size=CLASSES))
    weights = tuple(Weight(str(number), value.astype("float32"), True) for number, value in enumerate(drawn))
    text = json.dumps({"class_name": "Sequential", "config": config})
    return Exported(text, weights)


@pytest.mark.criterion("labels")
def test_predicts_labels(submission, models, rng):
    """Returns the class of the largest output, one integer per image."""
    exported = our_network(rng)
    model, clean = models.send(exported), models.rebuild(exported)
    x = rng.uniform(size=(40, *SHAPE)).astype("float32")
    for count in (40, 1):
        labels = submission.predict_labels(model, x[:count])
        rows = clean.predict(x[:count])
        if labels.shape != (count,):
            signs = {(CLASSES,): "keras.argmax-wrong-axis", rows.shape: "keras.predicts-rows"}
            one_each = f"({count},): one label per image"
            fail(labels, f"labels has shape {labels.shape}", one_each, sign=signs.get(labels.shape, ""))
        if labels.dtype.kind not in "iu":
            largest = labels.dtype.kind == "f" and np.allclose(labels, rows.max(axis=1), atol=1e-5)
            sign = "keras.max-not-argmax" if largest else ""
            fail(labels, f"the labels have dtype {labels.dtype}", "integers", sign=sign)
        chosen = rows[np.arange(count), np.clip(labels, 0, CLASSES - 1).astype(int)]
        wrong = (chosen < rows.max(axis=1) - 1e-5) | (labels < 0) | (labels >= CLASSES)
        if wrong.any():
            first = int(wrong.argmax())
            seen = f"the label of image {first} is {labels[first]}, and {wrong.sum()} of {count} labels are wrong"
            expected = f"{rows[first].argmax()}, the position of the largest of its outputs"
            fail(labels, seen, expected, sign=sign_of_labels(clean, x[:count], labels))


def sign_of_labels(clean, x, labels):
    """Return the misconception that explains labels that are not the positions of the largest outputs; or ""."""
    places = clean.predict(x).argmax(axis=1)
    if np.array_equal(labels, places + 1):
        return "keras.labels-from-one"
    scaled_again = clean.predict(x / np.float32(255)).argmax(axis=1)
    return "keras.scaled-twice" if np.array_equal(labels, scaled_again) and (scaled_again != places).any() else ""


# --------------------------------------------------------------------------------------------- numpy_forward


def with_other_weights(exported, rng, gain=1.0):
    """Return the network with weights that differ from its initial ones: zeros and ones would hide a forgotten step.

    The kernels are random: with kernels of zeros, all images have the same output. `gain` makes them larger.
    """

    def drawn(value):
        if value.dtype.kind != "f" or value.ndim == 0:
            return value
        if value.ndim == 1:
            return value + rng.uniform(0.05, 0.3, size=value.shape)
        kernel = rng.normal(0, gain * max(1, np.prod(value.shape[:-1])) ** -0.5, size=value.shape)
        return np.abs(kernel) if (value > 0).all() else kernel  # a variance stays positive

    return replace(
        exported,
        weights=tuple(replace(one, value=drawn(one.value).astype(one.value.dtype)) for one in exported.weights),
    )


def telling_weights(models, exported, rng, x):
    """Return the network with other weights, and its outputs, which differ between images if that is possible.

    A kernel of a depthwise convolution sums over fewer numbers than its shape says, so its outputs fade layer by layer.
    """
    for gain in GAINS:
        other = with_other_weights(exported, rng, gain)
        expected = models.rebuild(other).predict(x)
        if np.ptp(expected, axis=0).max() > LEAST_APART:
            break
    return other, expected


def shape_of_network(exported):
    """Return the classes of its layers and the shapes of its weights."""
    return [kind for kind, _, _ in exported.layers], [one.value.shape for one in exported.weights]


def misread(exported):
    """Yield the network as each misconception would compute it, with the id of the misconception."""

    def edited(kinds, change):
        def layers(tree):
            if isinstance(tree, list):
                return [layers(part) for part in tree]
            if not isinstance(tree, dict):
                return tree
            tree = {name: layers(part) for name, part in tree.items()}
            return {**tree, **change(tree["config"])} if tree.get("class_name") in kinds else tree

        return replace(exported, config=json.dumps(layers(json.loads(exported.config))))

    unbiased = [replace(one, value=one.value * (not one.path.endswith("bias"))) for one in exported.weights]
    tree = json.loads(exported.config)
    permute = {"class_name": "Permute", "config": {"dims": [3, 1, 2], "name": "turned"}, "registered_name": None}
    yield "keras.numpy-forgets-activation", edited(["Conv2D"], lambda c: {"config": {**c, "activation": "linear"}})
    yield "keras.numpy-forgets-bias", replace(exported, weights=tuple(unbiased))
    yield (
        "keras.numpy-dropout-scales",
        edited(
            ["Dropout"],
            lambda c: {"class_name": "Rescaling", "config": {"name": c["name"], "scale": 1 - c["rate"], "offset": 0.0}},
        ),
    )
    yield "keras.same-for-valid", edited(["Conv2D"], lambda c: {"config": {**c, "padding": "valid"}})
    if tree["class_name"] == "Sequential":
        layers = tree["config"]["layers"]
        place = next((n for n, layer in enumerate(layers) if layer["class_name"] == "Flatten"), 0)
        tree["config"]["layers"] = [*layers[:place], {"module": "keras.layers", **permute}, *layers[place:]]
        if place:
            yield "keras.numpy-flatten-order", replace(exported, config=json.dumps(tree))


def sign_of(models, exported, x, answer):
    """Return the one misconception that explains an answer by its numbers, or by the input size in its error; or ""."""
    found = []
    for sign, other in misread(exported):
        try:
            rows = models.rebuild(other).predict(x)
        except CheckFailedError as error:
            # A dense layer got rows of another length: the learner's error names the same length.
            told = error.raised.message if error.raised is not None else ""
            lengths = re.findall(r"received input with shape \(None, (\d+)\)", told)
            if isinstance(answer, Raised) and set(lengths) & set(re.findall(r"\d+", answer.message)):
                found.append(sign)
            continue
        if not isinstance(answer, Raised) and answer.shape == rows.shape and np.abs(answer - rows).max() <= 1e-4:
            found.append(sign)
    return found[0] if len(found) == 1 else ""


@pytest.mark.criterion("numpy")
def test_numpy_forward(submission, models, rng):
    """Computes the same as Keras to four digits, with your own layers and any weights."""
    seen = built(submission, models)
    model = submission.build_cnn(SHAPE, CLASSES)
    began = models.export(model, SHAPE).data
    same = shape_of_network(began) == shape_of_network(seen)
    assert_that(same, None, "build_cnn returned a different network than before", "the same layers for the same sizes")
    x = some_digits(rng, 4)
    exported, expected = telling_weights(models, began, rng, x)
    assert_that(
        expected.shape == (4, CLASSES),
        None,
        f"the model returns {expected.shape[1]} numbers per image",
        "10, one per class",
    )
    alike = not np.ptp(expected, axis=0).max() > LEAST_APART
    assert_that(not alike, None, "the model returns the same output for all images", "outputs that depend on the image")
    models.assign(model, exported)
    answer = models.silently("numpy_forward", model, x.astype(float))
    if isinstance(answer, Raised):
        if answer.reason in (Reason.NOT_DEFINED, Reason.NOT_IMPLEMENTED):
            fail(None, "numpy_forward is not written yet", reason=answer.reason)
        if answer.reason is Reason.UNAVAILABLE or answer.kind == "ModuleNotFoundError":
            pytest.skip(
                f"submit your convolution.py, pooling.py and, if you need it, batch_norm.py with it: {answer.message}"
            )
        at = f" in line {answer.lines[-1].number}" if answer.lines else ""
        seen = f"numpy_forward raised {answer.kind}{at}: {answer.message}"
        fail(
            None,
            seen,
            "10 numbers per image",
            "Print the shape of your output after each layer, and compare it with layer.output.shape.",
            sign=sign_of(models, exported, x, answer),
            reason=answer.reason,
        )
    if not isinstance(answer, Returned):
        fail(None, f"numpy_forward did not return: {answer.detail}", reason=answer.reason)
    got = answer.value
    assert_that(isinstance(got, np.ndarray), None, f"numpy_forward returned {describe_value(got)}", "an array")
    assert_shape(got, (4, CLASSES))
    assert_that(got.dtype.kind in "biuf", None, f"numpy_forward returned an array of {got.dtype}", "real numbers")
    with np.errstate(all="ignore"):
        worst = float(np.abs(got.astype(float) - expected).max())
    if not worst <= 1e-4:
        fail(
            None,
            f"numpy_forward differs from the model by up to {worst:.3g}",
            "at most 0.0001",
            "Compare layer by layer: which layer is the first that differs?",
            sign_of(models, exported, x, got.astype(float)),
        )
