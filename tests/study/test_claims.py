"""What lessons, cards and questions claim about images, layers and training, computed."""

import itertools
import random
import re

import numpy as np
import pytest

from grader.course import builtin_course_root
from grader.study.cards import read_decks
from grader.study.lessons import read_lessons
from grader.study.question_bank import QuestionBank
from tests.grading import reference_functions
from tests.needs import needs
from tests.study.oracles import windows

ROOT = builtin_course_root()
LESSONS, CARDS, BANK = read_lessons(ROOT), read_decks(ROOT), QuestionBank(ROOT)
POOL, CONV = reference_functions("02_pooling"), reference_functions("01_convolution")
WHY = reference_functions("00_why_cnns")


def text_of(topic):
    return " ".join((ROOT / "exercises" / LESSONS[topic].exercise / "lesson.md").read_text(encoding="utf-8").split())


def digits():
    with np.load(ROOT / "exercises" / "05_keras_cnn" / "digits.npz") as data:
        return data["images"].astype(float)[..., None]


def framed(images, down=0, right=0):
    """Return the images in a frame of zeros of four pixels, moved in it, so that nothing leaves the picture."""
    return np.pad(images, ((0, 0), (4 + down, 4 - down), (4 + right, 4 - right), (0, 0)))


def change(before, after):
    """Return the norm of each difference, divided by the norm of the image."""
    distance = np.sqrt(((before - after) ** 2).sum(axis=(1, 2, 3)))
    return distance / np.sqrt((before**2).sum(axis=(1, 2, 3)))


def change_after(layer):
    """Return the mean change when digits move by one pixel to the right, over all places of the windows."""
    images = digits()
    places = itertools.product(range(-2, 2), range(-2, 2))
    return np.mean([change(layer(framed(images, *p)), layer(framed(images, p[0], p[1] + 1))) for p in places])


def pooled(size):
    return lambda x: POOL["max_pool2d"](x, size)


def test_a_shift_changes_a_pooled_map_less_than_the_image():
    percents = [
        round(100 * change_after(layer))
        for layer in (lambda x: x, pooled(2), pooled(4), lambda x: POOL["global_avg_pool2d"](x)[:, None, None])
    ]

    assert percents == [82, 58, 40, 0]
    said = "The raw image changes by {} percent (the norm of the difference, divided by the norm of the image). After 2 by 2 max pooling it is {} percent, after 4 by 4 it is {}, after global average pooling {}."
    assert said.format(*percents) in text_of("pooling")
    assert "the image by {} percent and the pooled map by {} percent".format(*percents) in (
        BANK.where["why-pooling-forgives"][1].because
    )
    assert (
        "the image changes by {} percent and the pooled map by {} percent".format(*percents)
        in CARDS["pool-forgives"].why
    )


def test_no_digit_keeps_its_pooled_map():
    images = digits()
    before = pooled(2)(framed(images))

    assert not (before == pooled(2)(framed(images, 0, 1))).all(axis=(1, 2, 3)).any()
    assert "Not one digit gives the same 2 by 2 map." in text_of("pooling")


def test_half_of_the_windows_change_although_their_largest_pixel_stays():
    """8,651 windows of the digits have one largest pixel, in their left column: a step to the right keeps it inside."""
    x = digits()[..., 0]
    blocks = x.reshape(len(x), 4, 2, 4, 2).transpose(0, 1, 3, 2, 4).reshape(-1, 2, 2)
    moved = np.pad(x, ((0, 0), (0, 0), (1, 0)))[:, :, :-1]
    after = moved.reshape(len(x), 4, 2, 4, 2).max(axis=(2, 4)).ravel()
    most = blocks.max(axis=(1, 2))
    stays = ((blocks == most[:, None, None]).sum(axis=(1, 2)) == 1) & (blocks[:, :, 0].max(axis=1) == most)

    assert stays.sum() == 8651
    assert np.mean(after[stays] != most[stays]) == pytest.approx(0.5, abs=0.01)
    assert "In half of the windows whose largest pixel stays inside, the maximum still changes" in text_of("pooling")


def test_a_larger_number_enters_from_next_door():
    row = [1.0, 3, 9, 2, 0, 0]
    moved = [*row[1:], 1.0]

    def maxima(numbers):
        return POOL["max_pool2d"](np.array(numbers).reshape(1, 1, 6, 1), (1, 2)).ravel().tolist()

    assert (maxima(row), maxima(moved)) == ([3, 9, 0], [9, 2, 1])
    assert "Its maxima are 3, 9 and 0." in text_of("pooling")
    assert "Now they are 9, 2 and 1. The 3 is still in its block" in text_of("pooling")


@pytest.mark.parametrize(("stride", "moves_along"), [(1, True), (2, False)])
def test_a_convolution_is_equivariant_at_stride_1(stride, moves_along):
    rng = np.random.default_rng(0)
    image, w = np.zeros((1, 15, 15, 1)), rng.normal(size=(3, 3, 1, 1))
    image[0, 5:10, 5:10] = rng.normal(size=(5, 5, 1))
    moved = np.roll(image, 1, axis=2)
    maps = [CONV["conv2d"](x, w, np.zeros(1), stride)[0, :, :, 0] for x in (image, moved)]

    assert any(np.allclose(np.roll(maps[0], step, axis=1), maps[1]) for step in range(3)) == moves_along
    assert "Equivariance follows, at stride 1." in text_of("why-cnns")
    assert "at stride 1" in CARDS["why-equivariance"].why
    assert "stride 1" in BANK.where["why-equivariance"][1].ask


def test_two_convolutions_with_nothing_between_are_one():
    rng = np.random.default_rng(1)
    x, first, second = rng.normal(size=(1, 9, 9, 2)), rng.normal(size=(3, 3, 2, 4)), rng.normal(size=(3, 3, 4, 3))

    def applied(images, w):
        return CONV["conv2d"](images, w, np.zeros(w.shape[-1]))

    one = np.zeros((5, 5, 2, 3))  # what the two do to each single pixel
    for a, b, c, d in itertools.product(range(3), repeat=4):
        one[a + c, b + d] += first[a, b] @ second[c, d]

    np.testing.assert_allclose(applied(applied(x, first), second), applied(x, one), atol=1e-12)
    assert CARDS["keras-structure-bend"].back == "Nothing: together they are one convolution with a larger kernel."


def test_max_pooling_bends():
    """It is not linear, so a stack with max pooling is more than one linear map."""
    a, b = np.zeros((1, 2, 2, 1)), np.zeros((1, 2, 2, 1))
    a[0, 0, 0], b[0, 1, 1] = 1.0, 1.0

    assert POOL["max_pool2d"](a + b).item() != POOL["max_pool2d"](a).item() + POOL["max_pool2d"](b).item()
    assert "any number of layers" not in text_of("keras-cnn")


def test_a_convolution_saves_weights_and_not_numbers():
    before, after = 28 * 28 * 3, windows(28, 5, 1) ** 2 * 16
    said = f"an image of 28 x 28 x 3 has {before:,} numbers and its maps 24 x 24 x 16 have {after:,}"
    parameters = WHY["conv_params"](5, 3, 16)

    assert after > before
    assert said in text_of("convolution")
    assert before * after // 10**6 == 21
    assert f"more than 21 million weights; the filters have {parameters:,} parameters" in text_of("convolution")


def test_half_a_kernel_is_sometimes_right_at_other_strides():
    """Five rows, a kernel of three and stride 2 need one zero on each side, half the kernel."""
    assert reference_functions("00_why_cnns")["conv_output_shape"]((5, 5), 3, 2, 1) == (3, 3)
    assert CONV["same_padding"](5, 3, 2) == (1, 1) == (3 // 2, 3 // 2)
    source = (ROOT / "solutions" / "01_convolution" / "questions.py").read_text(encoding="utf-8")
    assert "only for odd kernels" not in source


def test_keras_leaves_padding_out_of_a_mean():
    edge = POOL["avg_pool2d"](np.ones((1, 3, 3, 1)), 2, 2, "same")

    assert (edge == 1).all()
    assert "Keras" in CARDS["pool-count-padding"].front
    assert "In Keras, padding is not part of the image" in text_of("pooling")


def test_a_head_may_be_frozen_before_or_after_it_is_added():
    """Both orders train the same weights, so the question about the order has them in one step."""
    keras = needs("keras", "builds two models")

    def trained(frozen_first):
        base = keras.Sequential([keras.Input((8, 8, 1)), keras.layers.Conv2D(2, 3), keras.layers.BatchNormalization()])
        if frozen_first:
            base.trainable = False
        model = keras.Sequential([keras.Input((8, 8, 1)), base, keras.layers.Flatten(), keras.layers.Dense(3)])
        base.trainable = False
        return [weight.shape for weight in model.trainable_weights]

    assert trained(True) == trained(False)
    steps = BANK.where["tl-order"][1].steps
    assert sum("freeze" in step.split() for step in steps) == 1
    assert "freeze it and put a new head on it" in steps
    compiled = [place for place, step in enumerate(steps) if "compile" in step]
    trains = [place for place, step in enumerate(steps) if "train the head" in step or "continue training" in step]
    assert all(before <= after for before, after in zip(compiled, trains, strict=True))


def test_a_question_without_a_backward_pass_names_no_misconception_about_one():
    for name in ("drop-expected", "drop-survivor", "drop-thinned", "drop-inference"):
        assert not any("backward" in one for one in BANK.misconceptions_of(name))


@pytest.mark.parametrize("variant", range(20))
def test_explanations_compute_the_answer(variant):
    after = BANK.ask("bn-after-batches", variant)
    momentum, batches, mean = (after.parameters[name] for name in ("momentum", "batches", "mean"))
    values = [0.0]
    for _ in range(batches):
        values.append(momentum * values[-1] + (1 - momentum) * mean)
    assert f"it is {', '.join(f'{round(v, 9):.6g}' for v in values)}:" in after.question.because

    hand = BANK.ask("conv-by-hand", variant)
    x, w, b = (hand.parameters[name] for name in ("x", "w", "b"))
    sums = re.findall(
        r"(-?\d+) x \(?(-?\d+)\)? \+ (-?\d+) x \(?(-?\d+)\)? \+ \(?(-?\d+)\)? = (-?\d+)", hand.question.because
    )
    assert [int(one[-1]) for one in sums] == [x[i] * w[0] + x[i + 1] * w[1] + b for i in range(3)]
    assert all(int(p) * int(q) + int(r) * int(s) + int(t) == int(u) for p, q, r, s, t, u in sums)
    assert "*" not in hand.question.because

    moved = BANK.ask("why-shifted", variant)
    row, dy = moved.parameters["row"], moved.parameters["dy"]
    assert f"{row} {'+' if dy > 0 else '-'} {abs(dy)} = {row + dy}" in moved.question.because


def test_no_text_says_a_rgb():
    asked = [BANK.ask("why-dense-weights", variant).question.ask for variant in range(40)]

    assert any(text.startswith("An RGB image") for text in asked)
    assert not any("A RGB" in text for text in asked)


@pytest.mark.thorough
def test_the_lab_does_worse_on_writers_that_it_has_not_seen():
    """About 98 out of 100 on a random split, about 94 out of 100 on the last 397 images, which other people wrote."""
    keras = needs("keras", "trains the network of the lab twice")
    reference = reference_functions("05_keras_cnn")
    with np.load(ROOT / "exercises" / "05_keras_cnn" / "digits.npz") as data:
        x, y = reference["prepare"](data["images"], data["labels"])
    shuffled = np.random.default_rng(0).permutation(len(x))
    shares = {}
    for name, order in (("writers", np.arange(len(x))), ("random", shuffled)):
        keras.utils.set_random_seed(1)
        model = reference["build_cnn"]((8, 8, 1), 10)
        train, new = order[:1400], order[1400:]
        reference["train"](model, x[train], y[train], x[new], y[new], 12)
        shares[name] = np.mean(np.argmax(model.predict(x[new], verbose=0), axis=-1) == y[new])

    assert len(x) - 1400 == 397
    assert 0.925 < shares["writers"] < 0.96
    assert 0.97 < shares["random"] < 0.998
    assert "right for only about 94 out of 100" in text_of("keras-cnn")


def test_both_reasons_for_batch_normalisation_stand_side_by_side():
    for text in (text_of("batch-norm"), (ROOT / "exercises" / "04_batch_norm" / "batch_norm.py").read_text()):
        assert "internal covariate shift" in text
        assert "Santurkar" in text


def test_every_answer_of_a_generated_card_is_that_of_an_oracle():
    from grader.study.question_functions import draws, questions_file
    from tests.study import oracles

    generated = [card for card in CARDS.values() if card.kind == "generated"]

    assert len(generated) == 9
    for card in generated:
        drawn = draws(questions_file(ROOT, card.exercise), card.front, random.Random(1))
        for draw in itertools.islice(drawn, 100):
            assert draw.right == getattr(oracles, card.front)(**draw.parameters), card.id
