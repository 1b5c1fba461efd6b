"""Every number in lessons, cards and fixed questions, computed by the references or by counting."""

import math
import re

import numpy as np
import pytest

from grader.course import builtin_course_root
from grader.study.cards import read_decks
from grader.study.lessons import read_lessons
from grader.study.question_bank import QuestionBank
from grader.study.questions import Choice, Match, Numeric
from tests.grading import reference_functions
from tests.needs import needs
from tests.study.oracles import windows

LESSONS = read_lessons(builtin_course_root())
CARDS = read_decks(builtin_course_root())
BANK = QuestionBank(builtin_course_root())
WHY, POOL = reference_functions("00_why_cnns"), reference_functions("02_pooling")
CONV = reference_functions("01_convolution")
BN, DROP = reference_functions("04_batch_norm"), reference_functions("03_dropout")


def asked(name):
    """Return the numbers in a question's text, so that an oracle answers what is asked."""
    return numbers_in_text(BANK.where[name][1].ask)


def numbers_in_text(text):
    return [float(found) if "." in found else int(found) for found in re.findall(r"(?<![\w.])-?\d+(?:\.\d+)?", text)]


def maps_of_a_colour_image(filters):
    x, w = np.ones((1, 5, 5, 3)), np.ones((3, 3, 3, filters))
    return CONV["conv2d"](x, w, np.zeros(filters)).shape[-1]


def moved_into_range(low, high, value, start, end):
    return np.interp(value, (start, end), (low, high))


def shape_for_keras(count):
    needs("keras", "the reference that adds the axis of channels")
    images = np.zeros((count, 8, 8), np.uint8)
    return str(reference_functions("05_keras_cnn")["prepare"](images, np.zeros(count))[0].shape)


NUMBERS = {
    "conv-28": lambda: WHY["conv_output_shape"](asked("conv-28")[2:4], asked("conv-28")[:2], asked("conv-28")[4])[0],
    "conv-maps": lambda: maps_of_a_colour_image(*asked("conv-maps")),
    "pool-share": lambda: POOL["max_pool2d"](np.ones((1, 8, 8, 1))).size / 64,
    "drop-scale": lambda: np.max(DROP["dropout"](np.ones((50, 50)), 0.75, True, np.random.default_rng(0))[0]),
    "drop-networks": lambda: len(np.indices((2,) * 10).reshape(10, -1).T),
    "bn-zero": lambda: normalised_constant(),
    "bn-variance": lambda: np.array([1, 3, 5, 7]).var(),
    "keras-sum": lambda: (np.exp(np.arange(10.0)) / np.exp(np.arange(10.0)).sum()).sum(),
    "keras-white": lambda: np.iinfo(np.uint8).max / 255,
    "tl-weights": lambda: WHY["dense_params"](512, 2),
    "tl-range": lambda: moved_into_range(*asked("tl-range")),
}


def normalised_constant():
    one, nought = np.ones(1), np.zeros(1)
    y = BN["batch_norm_train"](np.full((6, 1), 7.0), one, np.full(1, 2.0), nought, one, 0.9, 1e-3)[0]
    return float(np.unique(y).item())


@pytest.mark.parametrize("name", [name for name, (_, one) in BANK.where.items() if isinstance(one, Numeric)])
def test_every_typed_number(name):
    question = BANK.where[name][1]

    assert NUMBERS[name]() == pytest.approx(question.right, rel=1e-9, abs=1e-9)


FACTS = {
    "keras-shape": lambda: (shape_for_keras(numbers_in_text(CARDS["keras-shape"].front)[0]),),
}


@pytest.mark.parametrize("name", FACTS)
def test_every_number_on_a_card(name):
    for number in FACTS[name]():
        assert number in CARDS[name].back


def test_no_card_has_a_number_that_is_not_computed():
    """Formulas, and numbers that the question of a card states, are not results."""
    stated = {
        "keras-scale", "bn-inference", "bn-term", "bn-variance", "bn-momentum", "conv-valid-size", "conv-size", "conv-odd-zero",
        "drop-count", "drop-scale", "drop-variance", "tl-range", "bn-gamma-beta-count",
    }  # fmt: skip
    with_numbers = {card.id for card in CARDS.values() if any(sign.isdigit() for sign in card.back)}

    assert with_numbers - stated <= set(FACTS)


def value_of(formula, **values):
    """Return the value of a formula in the notation of cards: x² is a square, and a space or nothing multiplies."""
    python = re.sub(r"(?<=[\w)²]) (?=[\w(])|(?<=\d)(?=[a-z])", "*", formula.replace("²", "**2"))
    return eval(python, {"floor": math.floor}, values)


def test_the_variance_on_a_card_is_that_of_the_reference():
    for x, rate in ((3.0, 0.25), (-2.0, 0.5), (1.0, 0.9)):
        _, variance = DROP["dropout_moments"](np.array([x]), rate)

        assert value_of(CARDS["drop-variance"].back, x=x, p=rate) == pytest.approx(float(variance[0]))


def test_the_sizes_on_cards_are_those_of_the_reference():
    for n, k, p, s in ((5, 3, 0, 1), (28, 5, 2, 1), (7, 2, 1, 3), (64, 7, 3, 4)):
        size = WHY["conv_output_shape"]((n, n), k, s, p)[0]
        assert value_of(CARDS["conv-size"].back, n=n, k=k, p=p, s=s) == size
        assert value_of(CARDS["conv-valid-size"].back, n=n, k=k) == WHY["conv_output_shape"]((n, n), k)[0]


def test_the_divisor_on_a_card_scales_as_the_reference_does():
    divisor = re.match(r"By (.+)\.", CARDS["drop-scale"].back)[1]
    y, _ = DROP["dropout"](np.ones((50, 50)), 0.75, True, np.random.default_rng(0))

    assert np.max(y) == pytest.approx(1 / value_of(divisor, rate=0.75))


def test_the_range_on_a_card_is_that_of_the_question():
    formula = CARDS["tl-range"].back.partition(",")[0]

    assert [value_of(formula, x=x) for x in (0.0, 0.5, 1.0)] == [-1, moved_into_range(*asked("tl-range")), 1]


CHOSEN = {
    "conv-depth": lambda: f"{WHY['conv_params'](3, 3, 1, bias=False)}",
    "pool-depth": lambda: " x ".join(map(str, POOL["max_pool2d"](np.ones((1, 8, 8, 32))).shape[1:])),
    "pool-negative": lambda: f"{pooled('max_pool2d', [-3, -1, -7, -2]):g}",
    "keras-shape": lambda: shape_for_keras(asked("keras-shape")[0]),
}


def pooled(name, window):
    return POOL[name](np.array(window, float).reshape(1, 2, 2, 1)).item()


def test_every_number_in_a_choice():
    rights = {name: one.right for name, (_, one) in BANK.where.items() if isinstance(one, Choice)}

    assert {name: right for name, right in rights.items() if re.fullmatch(r"[-\d(][-\d(), x]*", right)} == {
        name: value() for name, value in CHOSEN.items()
    }


def test_every_number_in_a_match():
    numbers = {
        name: one.pairs for name, (_, one) in BANK.where.items() if isinstance(one, Match) and "6" in one.pairs.values()
    }
    window = [1, 2, 3, 6]

    assert numbers == {
        "pool-match": {
            "max pooling": f"{pooled('max_pool2d', window):g}", "average pooling": f"{pooled('avg_pool2d', window):g}",
            "a sum": str(sum(window)),
        }
    }  # fmt: skip


def shape_of(name, *arguments):
    return POOL[name](*arguments).shape


def told_in_lessons():
    """Yield the topics and texts of all numbers in lessons, computed."""
    inputs, images = 100 * 100 * 3, -(-1100 // 32)
    row, pool = windows(5, 3, 1), POOL["max_pool2d"](np.ones((1, 7, 7, 1)))
    survivor = np.max(DROP["dropout"](np.full((50, 50), 3.0), 0.25, True, np.random.default_rng(0))[0])
    mean, variance = DROP["dropout_moments"](np.array([3.0]), 0.25)
    first = BN["batch_norm_train"](
        np.array([[1.0], [3], [5], [7]]), *np.ones((2, 1)), np.zeros(1), np.ones(1), 0.9, 0.0
    )
    lag = 0.99**100
    after = WHY["conv_output_shape"]((8, 8), 3)
    half = shape_of("max_pool2d", np.ones((1, *after, 16)))[1:]
    yield "why-cnns", f"10,000 inputs; a colour image has {inputs:,}"
    yield "why-cnns", f"{WHY['dense_params'](inputs, 1000, bias=False) // 10**6} million"
    yield "why-cnns", f"... {inputs + 1000:,}?"
    fields = [next(n for n in range(99) if windows(windows(n, 3, 1), 3, 1) == 1)]
    fields.append(next(n for n in range(99) if windows(windows(windows(n, 3, 1), 3, 1), 3, 1) == 1))
    yield "why-cnns", "two layers of 3 by 3 see {0} by {0}, three see {1} by {1}".format(*fields)
    yield "why-cnns", f"on a colour image have {WHY['conv_params'](3, 3, 8)} parameters"
    yield "convolution", f"On a colour image it has {WHY['conv_params'](3, 3, 1, bias=False)} weights"
    yield "convolution", f"5 minus 3 is {5 - 3}, but that makes {row} positions"
    yield "convolution", f"turns 28 rows into {WHY['conv_output_shape']((28, 28), 5)[0]}"
    yield "pooling", "8 by 8 by 32 becomes {} by {} by {}.".format(*shape_of("max_pool2d", np.ones((1, 8, 8, 32)))[1:])
    yield "pooling", f"On 7 rows, {pool.shape[1]} windows fit"
    yield "dropout", f"ten units have {2**10:,} of them"
    yield "dropout", f"divide the survivors by the share that is kept, here {1 - 0.2:g}"
    yield (
        "dropout",
        f"3 / {1 - 0.25:g} = {survivor:g}. The variance is {mean[0] ** 2:g} times 0.25 / 0.75 = {variance[0]:g}",
    )
    yield "batch-norm", f"After 100 batches, the start value still has a share of {100 * lag:.0f} percent"
    yield "batch-norm", f"0.99 to the power of 100 is about {lag:.2f}"
    yield "batch-norm", f"(9 + 1 + 1 + 9) / 4 = {(first[2].item() - 0.9) * 10:g}"
    yield "batch-norm", f"moves a tenth of the way from 0 to {first[1].item() * 10:g}"
    yield "keras-cnn", "16 filters turns (8, 8, 1) into ({}, {}, 16)".format(*after)
    yield "keras-cnn", f"pooling turns it into {half}, and Flatten into {np.zeros(half).size} numbers"
    yield "keras-cnn", f"{images} steps per epoch: {1100 // 32} full batches"
    yield (
        "keras-cnn",
        f"has {WHY['conv_params'](3, 1, 16)} parameters, and the dense layer after it has {WHY['dense_params'](144, 10):,}",
    )
    yield "transfer-learning", f"trains {WHY['dense_params'](512, 2):,} parameters"
    yield (
        "transfer-learning",
        f"A pixel of 51 is {51 / 255:g} in the range from 0 to 1, and {2 * 51 / 255 - 1:g} in the range",
    )


TOLD = list(told_in_lessons())


@pytest.mark.parametrize(("topic", "said"), TOLD)
def test_the_numbers_in_a_lesson_are_computed(topic, said):
    assert said in " ".join(whole_text(topic).split())


GIVEN = {  # sizes, rates and ranges that examples begin with, places of a row, and terms of formulas
    "why-cnns": "1 2 100 3 1,000",
    "convolution": "0 1 2 3 4 5 16 28 2,352 9,216 1,216 21",  # the last four: test_claims.py;  # 4: the brighter pixel of the worked example
    "pooling": "0 1 2 5 7 8 9 16 32 40 58 82",  # the percentages: test_claims.py;  # 16: the wrong answer of the student
    "dropout": "0 0.2 0.25 0.75 0.8 1 3 2012",
    "batch-norm": "0 0.9 0.99 1 4 9 99 100 2015 2018",  # 99: the wrong answer of the student
    "keras-cnn": "0 0.97 1 2 4 8 13 16 32 3 94 98 100 255 397 1,100 1,400 1797",  # 98 of 100: the test below; 13 writers, by the data set's notes
    "transfer-learning": "0 1 3.15 4 5 6 7 9 51 71 79 81 84 100 200 512",  # the accuracies: benchmarks/transfer.md
}


@pytest.mark.parametrize("topic", LESSONS)
def test_no_lesson_has_a_number_that_is_not_computed(topic):
    number = re.compile(r"\d[\d,]*(?:\.\d+)?")

    def numbers_of(text):
        return {found[0].rstrip(",") for found in number.finditer(text)}

    computed = set().union(*(numbers_of(said) for where, said in TOLD if where == topic))
    assert numbers_of(whole_text(topic)) - computed <= set(GIVEN[topic].split())


def whole_text(topic):
    path = builtin_course_root() / "exercises" / LESSONS[topic].exercise / "lesson.md"
    return re.sub(r"```.*?```", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)


@pytest.mark.thorough
def test_the_accuracies_that_the_lab_states():
    """About nine out of ten and about 98 out of 100 new digits after twelve epochs on 1,100."""
    keras = needs("keras", "trains the network of the lab")
    reference = reference_functions("05_keras_cnn")
    with np.load(builtin_course_root() / "exercises" / "05_keras_cnn" / "digits.npz") as data:
        x, y = reference["prepare"](data["images"], data["labels"])
    keras.utils.set_random_seed(1)
    train, new = np.split(np.random.default_rng(1).permutation(len(x)), [1100])

    model = reference["build_cnn"]((8, 8, 1), 10)
    reference["train"](model, x[train], y[train], x[new], y[new], 12)

    assert 0.85 < softmax_share(x.reshape(len(x), 64), y, train, new) < 0.94
    assert 0.965 < np.mean(np.argmax(model.predict(x[new], verbose=0), axis=-1) == y[new]) < 0.995


def softmax_share(x, y, train, new):
    """Return the accuracy of a softmax on the pixels of new images, trained by Adam for twelve epochs of batches of 32."""
    chance = np.random.default_rng(2)
    w, m, v, step = chance.normal(size=(65, 10)) * 0.1, 0.0, 0.0, 0
    x = np.column_stack([x, np.ones(len(x))])
    for _ in range(12):
        for batch in np.array_split(chance.permutation(train), -(-len(train) // 32)):
            p = np.exp(x[batch] @ w)
            p /= p.sum(axis=1, keepdims=True)
            gradient = x[batch].T @ (p - np.eye(10)[y[batch]]) / len(batch)
            step += 1
            m, v = 0.9 * m + 0.1 * gradient, 0.999 * v + 0.001 * gradient**2
            w -= 0.001 * (m / (1 - 0.9**step)) / (np.sqrt(v / (1 - 0.999**step)) + 1e-7)
    return np.mean(np.argmax(x[new] @ w, axis=1) == y[new])
