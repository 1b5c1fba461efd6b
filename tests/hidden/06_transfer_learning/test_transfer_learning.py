"""Hidden checks of exercise 6: they compare every weight before and after training.

A model is trained twice: in the learner's process as it was compiled, and rebuilt in a clean process. Frozen weights
must not change in either, trainable weights must change in both, so that a forgotten compile and a false report are both found.
"""

import functools
import json
from collections import Counter
from dataclasses import replace
from itertools import chain
from pathlib import Path

import numpy as np
import pytest

from grader.checks import assert_that, fail
from grader.checks.exported import Exported, Weight
from grader.checks.proxy import describe_value

EXERCISES = Path(__file__).parents[3] / "exercises"
CLASSES, SHAPE = 5, (8, 8, 1)
STATISTICS = ("moving_mean", "moving_variance")
LAYERS = ("conv1", "norm1", "conv2", "norm2", "pool", "conv3", "norm3")
CONVOLUTIONS = {"conv1", "conv2", "conv3"}
IN_FILE = {"Conv2D": "conv2d", "BatchNormalization": "batch_normalization", "Dense": "dense"}  # as Keras calls them


@functools.cache
def base_data(name="base"):
    """Return the base in base.weights.h5, or with "classifier" the network that it was a part of."""
    import h5py

    weights, seen = [], Counter()
    with h5py.File(EXERCISES / "06_transfer_learning" / "base.weights.h5", "r") as file:
        config = str(file.attrs[name])
        for layer in json.loads(config)["config"]["layers"]:
            kind = IN_FILE.get(layer["class_name"])
            if kind is not None:
                number = f"_{seen[kind]}" if seen[kind] else ""
                seen[kind] += 1
                arrays = file[f"layers/{kind}{number}/vars"]
                weights += [arrays[str(place)][()] for place in range(len(arrays))]
    return Exported(config, tuple(Weight(str(n), array, True) for n, array in enumerate(weights)))


@functools.cache
def digits():
    """Return images in [0, 1] of the digits 5 to 9, with labels 0 to 4."""
    with np.load(EXERCISES / "05_keras_cnn" / "digits.npz") as data:
        images, labels = data["images"], data["labels"].astype(int)
    return (images[labels >= 5] / 255).astype("float32")[..., np.newaxis], labels[labels >= 5] - 5


def some(rng, count):
    x, y = digits()
    chosen = rng.permutation(len(y))[:count]
    return x[chosen], y[chosen]


def labels_for(exported, y):
    """Return labels in the form that the compiled loss takes."""
    name = exported.loss.name if exported.loss else ""
    return y if "sparse" in name or "categorical" not in name else np.eye(CLASSES)[y]


def compiled(models, model, sign=""):
    """Return the learner's model, verified; fail unless it is compiled."""
    exported = models.export(model, SHAPE)
    if exported.data.loss is None:
        fail(None, "the model is not compiled", "model.compile(optimizer, loss)", sign=sign)
    return exported


def shapes(found):
    """Return shapes as model.summary() shows them."""
    return " and ".join(str(list(shape)) for shape in found) or "nothing"


def moved(before, after):
    """Return the paths of the weights that have changed."""
    return [path for path, value in after.items() if path not in before or not np.array_equal(before[path], value)]


def moved_again(model, rng):
    """Return the paths of the weights that change when the clean model is trained, without the learner's code."""
    x, y = some(rng, 64)
    return model.clean.moved_by(x, y, epochs=1, batch_size=32, from_logits=model.data.loss.from_logits)


def layer_of(path):
    """Return the layer of the base that a weight belongs to; None for weights of the head."""
    return next((part for part in path.split("/") if part in LAYERS), None)


def is_statistic(path):
    return path.rsplit("/", 1)[-1] in STATISTICS


def is_fresh(path, before):
    """Return True for a weight that began as zeros or ones and has no name of the base: a layer of the head."""
    return layer_of(path) is None and path in before and not np.ptp(before[path])


def assert_has_statistics(paths):
    """Fail unless a model with these weights has statistics of batch normalisation."""
    held = any(is_statistic(path) for path in paths)
    assert_that(held, None, "the model has no statistics of batch normalisation", "those of the base")


def begun(submission, models, rng):
    """Return a base and the learner's model on it, untrained, and the same model verified."""
    base = models.send(base_data())
    model = submission.add_head(base, CLASSES)
    return base, model, compiled(models, model)


def trained_head(submission, models, rng):
    """Return the same after some training, with the weights before and those that changed in each process."""

    def make():
        base, model, exported = begun(submission, models, rng)
        before = models.weights(model)
        x, y = some(rng, 160)
        models.fit(model, x, labels_for(exported.data, y), 2, 32)
        moves = moved(before, models.weights(model)), moved_again(exported, rng)
        return base, model, exported.data, before, moves

    return models.once("trained head", make)


def frozen(submission, models, rng):
    """Return the learner's model with its new head, its weights before training, and those that changed in each process."""
    _, _, exported, before, moves = trained_head(submission, models, rng)
    return exported, before, *moves


def unfrozen(submission, models, rng, n_layers):
    """Return the model before and after some layers were unfrozen, and the weights that then changed in each process.

    Two layers are unfrozen in the model with a trained head, other numbers in a fresh model: training takes a second.
    """

    def make():
        if n_layers == 2:
            base, model, exported, *_ = trained_head(submission, models, rng)
        else:
            base, model, fresh = begun(submission, models, rng)
            exported = fresh.data
        model = submission.unfreeze_top(model, base, n_layers, 1e-4)
        tuned = compiled(models, model)
        before = models.weights(model)
        x, y = some(rng, 96)
        models.fit(model, x, labels_for(tuned.data, y), 1, 32)
        return exported, tuned.data, moved(before, models.weights(model)), moved_again(tuned, rng)

    return models.once(f"unfrozen {n_layers}", make)


# -------------------------------------------------------------------------------------------------- add_head


@pytest.mark.criterion("head")
def test_head_takes_images_and_gives_classes(submission, models):
    """Takes the images of the base and returns one number per class."""
    for classes in (CLASSES, 3):
        model = compiled(models, submission.add_head(models.send(base_data()), classes), "tl.not-compiled").data
        assert_that(
            model.inputs == ((None, *SHAPE),), None, f"the model takes {shapes(model.inputs)}", "images (8, 8, 1)"
        )
        assert_that(
            model.outputs == ((None, classes),), None, f"the model returns {shapes(model.outputs)}", f"{classes} numbers per image",
            sign="tl.wrong-units" if classes == 3 and model.outputs == ((None, CLASSES),) else "",
        )  # fmt: skip


@pytest.mark.criterion("head")
def test_head_learns(submission, models, rng):
    """Adds a head that learns."""
    _, _, *both = frozen(submission, models, rng)
    learns = all(any(layer_of(path) is None for path in changed) for changed in both)
    sign = "" if any(both) else "tl.whole-model-frozen"
    assert_that(learns, None, "no weight of the head changed in two epochs", "a head that learns", sign=sign)


@pytest.mark.criterion("old-top")
def test_old_top_is_gone(submission, models, rng):
    """Leaves out the old classifier if the base still has one."""
    classifier = base_data("classifier")
    model = compiled(models, submission.add_head(models.send(classifier), 3)).data
    assert_that(
        model.outputs == ((None, 3),), None, f"for a base with its old classifier the model returns {shapes(model.outputs)}",
        "3 numbers per image: add_head was called with 3 classes",
    )  # fmt: skip
    old = [kind for kind, name, _ in model.layers if name == "old_scores"]
    assert_that(
        not old, None, "the old classifier old_scores is still in the model", "a new head directly on the feature maps",
        "Only seven probabilities of other digits pass the old classifier.", sign="tl.top-kept",
    )  # fmt: skip
    held = [one.value for one in model.weights]
    kept = [any(np.array_equal(one.value, value) for value in held) for one in base_data().weights]
    assert_that(
        all(kept), None, f"the model has {sum(kept)} of the {len(kept)} weights below the old classifier", "all of them"
    )


@pytest.mark.criterion("base-kept")
def test_base_is_the_one_given(submission, models, rng):
    """Uses the given base with its weights, and does not build a new one."""
    _, before, *_ = frozen(submission, models, rng)
    kept = [value for path, value in before.items() if layer_of(path) is not None]
    given = [weight.value for weight in base_data().weights]
    same = sum(any(a.shape == b.shape and np.array_equal(a, b) for b in kept) for a in given)
    rebuilt = same == 0 and sorted(map(np.shape, kept)) == sorted(map(np.shape, given))
    assert_that(
        same == len(given), None, f"the model has {same} of the {len(given)} weights of the base", "all of them, unchanged",
        sign="tl.base-weights-random" if rebuilt else "",
    )  # fmt: skip


@pytest.mark.criterion("base-kept")
def test_base_stays(submission, models, rng):
    """Does not change any weight of the base while the head learns."""
    _, _, *both = frozen(submission, models, rng)
    wrong = sorted({layer_of(path) for path in chain(*both) if layer_of(path) and not is_statistic(path)})
    sign = "tl.base-not-frozen" if set(wrong) >= CONVOLUTIONS else ""
    seen = f"weights of {', '.join(wrong)} changed while the head was trained"
    assert_that(not wrong, None, seen, "no change in the base", sign=sign)


@pytest.mark.criterion("statistics-kept")
def test_statistics_stay(submission, models, rng):
    """Does not change the statistics of batch normalisation."""
    _, before, *both = frozen(submission, models, rng)
    assert_has_statistics(before)
    moves = {path for path in chain(*both) if is_statistic(path) and not is_fresh(path, before)}
    wrong = sorted({layer_of(path) or "a copied layer" for path in moves})
    held = not any((layer_of(path) or "").startswith("conv") for path in chain(*both))
    seen = f"the statistics of {', '.join(wrong)} changed while the head was trained"
    assert_that(not wrong, None, seen, "no change", sign="tl.bn-statistics-move" if held else "")


@pytest.mark.criterion("range")
def test_range_of_the_base(submission, models, rng):
    """Scales images from [0, 1] to [-1, 1] before the base."""
    exported, *_ = frozen(submission, models, rng)
    x, _ = some(rng, 8)
    fed = models.rebuild(exported).fed("conv1", "digit_features", x)
    forms = {"": 2 * x - 1, "tl.wrong-preprocessing": x, "tl.scaled-as-bytes": x / 127.5 - 1}
    alike = [sign for sign, form in forms.items() if fed.shape == x.shape and np.allclose(fed, form, atol=1e-5)]
    assert_that(
        "" in alike, None,
        f"the base gets numbers from {fed.min(initial=np.inf):.3g} to {fed.max(initial=-np.inf):.3g}",
        "-1 for black to 1 for white",
        sign=alike[0] if alike else "",
    )  # fmt: skip


# ---------------------------------------------------------------------------------------------- unfreeze_top


def moving(submission, models, rng, n_layers):
    """Return the layers that change after some were unfrozen, in each process; None stands for the head."""
    _, _, *both = unfrozen(submission, models, rng, n_layers)
    return [{layer_of(path) for path in changed if not is_statistic(path)} for changed in both]


def convolutions_of(layers):
    return {name for name in layers if name in CONVOLUTIONS}


def misreading(submission, models, rng):
    """Return the misconception of "the last layers" that explains which layers changed, for every number; or ""."""
    seen = {n: set().union(*moving(submission, models, rng, n)) - {None} for n in (2, 4)}
    norms = {name for name in LAYERS if name.startswith("norm")}
    readings = {
        "tl.parent-false-child-true-order": lambda n: CONVOLUTIONS | norms,
        "tl.head-and-base-together": lambda n: CONVOLUTIONS,
        "tl.unfroze-first-layers": lambda n: convolutions_of(LAYERS[:n]),
        "tl.counts-some-layers": lambda n: convolutions_of([name for name in LAYERS if name != "pool"][-n:]),
    }
    return next((sign for sign, reads in readings.items() if all(seen[n] == reads(n) for n in seen)), "")


def check_moved(submission, models, rng, n_layers):
    here, again = moving(submission, models, rng, n_layers)
    expected = convolutions_of(LAYERS[len(LAYERS) - n_layers :])
    still, too_many = expected - (here & again), (here | again) - expected - {None}
    asked = f"with n_layers={n_layers} (the layers are {', '.join(LAYERS)}), "
    if too_many:
        seen, sign = f"{asked}{', '.join(sorted(too_many))} changed", misreading(submission, models, rng)
        fail(None, seen, "changes only in the last n_layers, and in no batch normalisation", sign=sign)
    if still:
        seen = f"{asked}{', '.join(sorted(still))} did not change"
        # Compiled again in the clean process, it changes: the flags are right, but the learner's model was not recompiled.
        sign = "tl.changed-trainable-without-recompile" if still <= again and not still & here else ""
        fail(None, seen, "layers that learn", "Was the model compiled again?", sign)
    assert_that(None in here & again, None, f"{asked}the head does not learn any more", "a head that still learns")


@pytest.mark.criterion("top-moves")
def test_last_layers_move(submission, models, rng):
    """Trains the weights of the last layers, and no others."""
    for n_layers in (2, 4):
        check_moved(submission, models, rng, n_layers)


@pytest.mark.criterion("top-moves")
def test_none_at_all(submission, models, rng):
    """Keeps all of the base frozen if n_layers is 0."""
    check_moved(submission, models, rng, 0)


@pytest.mark.criterion("top-statistics")
def test_statistics_stay_when_the_top_learns(submission, models, rng):
    """Keeps batch normalisation frozen among the layers that learn."""
    _, tuned, *both = unfrozen(submission, models, rng, 4)
    assert_has_statistics(one.path for one in tuned.weights)
    wrong = sorted({layer_of(path) for path in chain(*both) if (layer_of(path) or "").startswith("norm")})
    others = {layer_of(path) for path in chain(*both)} - {None, *wrong}
    sign = "tl.bn-unfrozen" if set(wrong) <= {"norm2", "norm3"} and others <= {"conv3"} else ""
    seen = f"weights of {', '.join(wrong)} changed"
    assert_that(not wrong, None, seen, "no change in batch normalisation", sign=sign)


@pytest.mark.criterion("small-steps")
def test_learning_rate(submission, models, rng):
    """Continues with the given learning rate, which is smaller than that of the head."""
    head, tuned, here, again = unfrozen(submission, models, rng, 2)
    rate = tuned.optimizer.learning_rate if tuned.optimizer else 0.0
    first = head.optimizer.learning_rate if head.optimizer else 0.0
    recompiled = {layer_of(path) for path in again} <= {layer_of(path) for path in here}
    large = head.optimizer is not None and rate > 2e-4 and (recompiled or rate != first)
    assert_that(
        abs(rate - 1e-4) <= 1e-8, None, f"the learning rate is {rate:g}", "0.0001, as given",
        sign="tl.high-learning-rate" if large else "",
    )  # fmt: skip
    assert_that(
        first > 1e-4,
        None,
        f"the learning rate of the head was {first:g}",
        "more than 0.0001: the head starts with random weights",
    )


# --------------------------------------------------------------------------------------------------- compare


NAMES = {"scratch", "frozen", "finetuned"}
TRAINED_ON, MEASURED_ON, EPOCHS = (
    300,
    100,
    4,
)  # the same for all checks, so that a program cannot recognise a check by them
# Accuracy on 100 test images of five classes.
#   labels that nobody can know: 37 or more are right with probability 6e-5 for each of three models, 2e-4 for all (binomial).
#     Measured over ten runs of five right programs: at most .25.
#   true labels: the same ten runs at least .57. The weakest right program that was found is `scratch` with global pooling and
#     Adam at 0.001: .51 to .94 over 24 seeds, mean .775, standard deviation .129 (in a copy of the network in NumPy). By the
#     normal law it is below the limit in 9e-4 of the runs, and below .46, the limit before, in 7e-3. It is compared again,
#     so it loses its points in 1e-6.
#   labels that nobody can know, in doubt: above .28, 25 images are shown four times each. A model that has trained on them
#     knows most of them by heart; 16 or more of 25 are right by chance with probability 2e-6.
# No number passes both: a comparison that measures nothing returns the same for both.
MOST_AT_RANDOM, LEAST_LEARNT, MOST_LOST = 0.36, 0.37, 0.15
MOST_WITHOUT_DOUBT, MOST_OF_FEW, FEW = 0.28, 0.6, 25


def accuracies(found):
    if not isinstance(found, dict) or set(found) != NAMES:
        seen = ", ".join(map(str, found)) if isinstance(found, dict) else type(found).__name__
        listed = isinstance(found, list | tuple) and len(found) == len(NAMES)
        sign = "tl.returns-list" if listed else ""
        fail(None, f"compare returned {seen}", "a dict with scratch, frozen and finetuned", sign=sign)
    values = {}
    for name, value in found.items():
        is_number = isinstance(value, np.ndarray | float | int) and np.size(value) == 1
        if not is_number or np.asarray(value).dtype.kind not in "iuf":
            fail(None, f"{name} is {describe_value(value)}", "an accuracy")
        values[name] = np.asarray(value).item()
        assert_that(0 <= values[name] <= 1, None, f"{name} is {values[name]:.3g}", "an accuracy between 0 and 1")
    return values


def compared(submission, models, rng, labels_of=lambda x, y: (x, y), base=base_data, kept="compared"):
    """Return the accuracies on this base, and keep them; `labels_of` returns the test images and their labels."""
    x, y = some(rng, TRAINED_ON + MEASURED_ON)
    n = TRAINED_ON
    x_test, y_test = labels_of(x[n:], y[n:])
    base = models.send(base())
    returned, learning = submission.compare.trained(base, x[:n], y[:n], x_test, y_test, CLASSES, epochs=EPOCHS)
    found = accuracies(returned)
    models.keep(kept, found)
    models.keep(f"epochs of {kept}", learning)
    return found


def on_the_base(submission, models, rng):
    """Return the accuracies with true labels on the real base."""
    return models.once("compared", lambda: compared(submission, models, rng))


def blind_base():
    """Return the base with zeros as first kernel: all images look the same to it, and only `scratch` can learn.

    Its fresh weights are blind as well, because the last convolution begins with zeros, so `scratch` must train them.
    """
    base = base_data()
    first, *others = base.weights
    config = json.loads(base.config)
    last = next(layer["config"] for layer in config["config"]["layers"] if layer["config"]["name"] == "conv3")
    for part, kind, options in (("kernel", "Zeros", {}), ("bias", "Constant", {"value": 0.1})):
        made = {"module": "keras.initializers", "class_name": kind, "config": options, "registered_name": None}
        last[f"{part}_initializer"] = made
    return replace(base, config=json.dumps(config), weights=(replace(first, value=np.zeros_like(first.value)), *others))


def twice(x, y):
    """Repeat each image with another label, so that no model can know more than half of the labels."""
    half = len(y) // 2
    return np.concatenate([x[:half], x[:half]]), np.concatenate([y[:half], (y[:half] + 1) % CLASSES])


def several_times(x, rng):
    """Repeat a few images, each time with the same random label."""
    times = len(x) // FEW
    return np.tile(x[:FEW], (times, 1, 1, 1)), np.tile(rng.integers(0, CLASSES, size=FEW), times)


def check_few(found):
    """Fail if a model knows random labels of a few images that were shown several times."""
    worst, value = max(found.items(), key=lambda pair: pair[1])
    seen = f"{worst} is {value:.0%} for random labels of {FEW} test images, each repeated"
    assert_that(value <= MOST_OF_FEW, None, seen, "about 20%", sign="tl.test-set-selection")


def is_share(value, count):
    """Return True if a value is a fraction of so many images."""
    return abs(value * count - round(value * count)) < 1e-3


@pytest.mark.criterion("comparison", constants="zeros pass here, but they fail the check that something was learnt")
def test_compare_measures_the_test_images(submission, models, rng):
    """Trains as long as asked, and measures on the test images: random labels cannot be known."""
    found = compared(submission, models, rng, lambda x, y: (x, rng.integers(0, CLASSES, size=len(y))), kept="guessed")
    worst, value = max(found.items(), key=lambda pair: pair[1])
    odd = next((name for name, one in found.items() if not is_share(one, MEASURED_ON)), "")
    if not odd and value <= MOST_AT_RANDOM:
        if value > MOST_WITHOUT_DOUBT:
            check_few(compared(submission, models, rng, lambda x, y: several_times(x, rng), kept="of few"))
        check_epochs(models.kept("epochs of guessed"))
        return
    of_two = compared(submission, models, rng, twice, kept="of two")
    most = max(of_two.values())
    # Measured on the training images, all three can be 100% twice; with a blind base, `frozen` cannot.
    fixed = of_two == found and compared(submission, models, rng, base=blind_base, kept="blind again") == found
    sign = "tl.fixed-numbers" if fixed else "tl.measures-training" if most > 0.5 else ""
    if odd:
        fail(None, f"{odd} is {found[odd]:.4f}", f"a fraction of the {MEASURED_ON} test images", sign=sign)
    seen = f"{worst} is {value:.0%} for random labels of five classes"
    fail(None, seen, "about 20%", sign=sign or "tl.test-set-selection")


def check_epochs(learning):
    """Fail if three models had more epochs of fit than asked for, or if only a head learnt in too many or too few.

    `learning` has for each epoch how many weight arrays learnt in it: all in `scratch`, fewest in `frozen`. A program's
    own loop reports no epochs, and one that stops early fewer: then nobody can say whose they were.
    """
    epochs = len(learning)
    seen = f"called with epochs={EPOCHS}, compare trained for {epochs} epochs in all"
    expected = f"at most {3 * EPOCHS}: {EPOCHS} for each of three models, and the fine-tuned one divides its own"
    assert_that(epochs <= 3 * EPOCHS, None, seen, expected, sign="tl.unequal-epochs")
    if epochs < 3 * EPOCHS:
        return
    of_heads = learning.count(min(learning))
    seen = f"in {of_heads} of {epochs} epochs only a head learnt"
    if of_heads > 2 * EPOCHS:  # more than `frozen` and fine-tuning, which may unfreeze nothing but a normalisation
        fail(None, seen, f"at most {2 * EPOCHS}: all layers of scratch learn", sign="tl.scratch-frozen")
    fewest = EPOCHS + EPOCHS // 2
    if EPOCHS <= of_heads < fewest:  # fewer if frozen trains more than a head, which has its own criterion
        expected = f"at least {fewest}: {EPOCHS} of frozen, and the first half of finetuned"
        fail(None, seen, expected, sign="tl.no-frozen-epochs")


@pytest.mark.criterion("comparison", constants="ones pass here, but they fail the check with random labels")
def test_compare_has_learnt(submission, models, rng):
    """Trains each of its three models."""
    found = on_the_base(submission, models, rng)
    lost = found["frozen"] - found["finetuned"]
    if min(found.values()) < LEAST_LEARNT or lost > MOST_LOST:  # one unlucky run costs no points
        again = compared(submission, models, rng, kept="compared again")
        lost = min(lost, again["frozen"] - again["finetuned"])
        found = {name: max(value, again[name]) for name, value in found.items()}
    for name, value in found.items():
        assert_that(
            value >= LEAST_LEARNT,
            None,
            f"{name} knows {value:.0%} of the test images",
            f"at least {LEAST_LEARNT:.0%}, more than random guessing: is it trained?",
        )
    assert_that(
        lost <= MOST_LOST, None,
        f"the accuracy is {lost:.0%} lower after fine-tuning than with the base frozen",
        f"at most {MOST_LOST:.0%} lower: small steps destroy nothing",
    )  # fmt: skip


@pytest.mark.criterion("comparison")
def test_compare_uses_the_base(submission, models, rng):
    """Uses the given base in `frozen`, and no pre-trained base in `scratch`."""
    found = compared(submission, models, rng, base=blind_base, kept="blind")
    if found["frozen"] > MOST_AT_RANDOM:
        sign = "tl.fixed-numbers" if found == on_the_base(submission, models, rng) else ""
        seen = f"frozen knows {found['frozen']:.0%} of the test images with a base that returns the same maps for every image"
        fail(None, seen, "about 20%", "What does this model use from the given base?", sign)
    scratch = found["scratch"]
    if scratch < LEAST_LEARNT:
        scratch = max(scratch, compared(submission, models, rng, base=blind_base, kept="blind again")["scratch"])
    assert_that(
        scratch >= LEAST_LEARNT, None,
        f"scratch knows {scratch:.0%} of the test images with a base that returns the same maps for every image, and whose "
        "fresh weights do so too until they have learnt",
        "as much as with any other base: it starts with its own fresh weights, and all its layers learn",
    )  # fmt: skip
