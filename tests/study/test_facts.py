"""Every number in cards and fixed questions, computed by the references or by counting."""

import numpy as np
import pytest

from grader.course import builtin_course_root
from grader.study.cards import read_decks
from grader.study.questions import Numeric, QuestionBank
from tests.grading import reference_functions
from tests.study.oracles import windows

CARDS = read_decks(builtin_course_root())
BANK = QuestionBank(builtin_course_root())
WHY, POOL = reference_functions("00_why_cnns"), reference_functions("02_pooling")
BN, DROP = reference_functions("04_batch_norm"), reference_functions("03_dropout")


NUMBERS = {
    "why-million": lambda: WHY["dense_params"](100 * 100 * 3, 1000, bias=False),
    "why-grey": lambda: np.zeros((100, 100)).size,
    "conv-28": lambda: WHY["conv_output_shape"]((28, 28), 5)[0],
    "conv-maps": lambda: np.zeros((3, 3, 3, 16)).shape[-1],
    "pool-global": lambda: POOL["global_avg_pool2d"](np.ones((1, 7, 7, 64))).size,
    "pool-share": lambda: 100 * POOL["max_pool2d"](np.ones((1, 8, 8, 1))).size / 64,
    "drop-scale": lambda: np.max(DROP["dropout"](np.ones((50, 50)), 0.75, True, np.random.default_rng(0))[0]),
    "drop-networks": lambda: len(np.indices((2,) * 10).reshape(10, -1).T),
    "bn-zero": lambda: normalised_constant(),
    "bn-variance": lambda: np.array([1, 3, 5, 7]).var(),
    "keras-sum": lambda: (np.exp(np.arange(10.0)) / np.exp(np.arange(10.0)).sum()).sum(),
    "keras-white": lambda: np.iinfo(np.uint8).max / 255,
    "tl-weights": lambda: WHY["dense_params"](512, 2),
    "tl-range": lambda: 2 * 0.5 - 1,
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
    "why-inputs": lambda: (f"{100 * 100:,}", f"{np.zeros((100, 100, 3)).size:,}"),
    "why-thirty-million": lambda: (f"{WHY['dense_params'](30_000, 1000, bias=False) // 10**6} million",),
    "why-conv-parameters": lambda: (str(WHY["conv_params"](3, 3, 8)),),
    "why-receptive": lambda: (str(next(n for n in range(99) if windows(windows(n, 3, 1), 3, 1) == 1)),),
    "pool-average": lambda: (f"{POOL['avg_pool2d'](np.array([1.0, 3, 5, 7]).reshape(1, 2, 2, 1)).item():g}",),
    "pool-partial": lambda: ("{1} x {2}".format(*POOL["max_pool2d"](np.ones((1, 7, 7, 1))).shape),),
    "pool-global": lambda: (str(POOL["global_avg_pool2d"](np.ones((1, 7, 7, 64))).size),),
    "bn-lag": lambda: (f"{0.99**100:.2f}",),
    "tl-parameters": lambda: (f"{WHY['dense_params'](512, 2):,}",),
    "keras-shape": lambda: (str(np.zeros((32, 8, 8, 1)).shape),),
}


@pytest.mark.parametrize("name", FACTS)
def test_every_number_on_a_card(name):
    for number in FACTS[name]():
        assert number in CARDS[name].back


def test_no_card_has_a_number_that_is_not_computed():
    """Formulas and shares that a card's own question states are no results."""
    stated = {
        "keras-scale", "bn-inference", "bn-term", "bn-variance", "bn-momentum", "conv-valid-size", "conv-size", "conv-odd-zero",
        "drop-count", "drop-scale", "drop-variance", "tl-range",
    }  # fmt: skip
    with_numbers = {card.id for card in CARDS.values() if any(sign.isdigit() for sign in card.back)}

    assert with_numbers - stated <= set(FACTS)


def test_what_cards_say_of_variance():
    _, variance = DROP["dropout_moments"](np.array([3.0]), 0.25)

    assert float(variance[0]) == pytest.approx(9 * 0.25 / 0.75)
