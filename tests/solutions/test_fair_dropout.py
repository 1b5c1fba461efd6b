"""One mistake in exercise 3 costs the criterion that is about it, and the message names what is wrong."""

import runpy

import numpy as np
import pytest

from grader.checks import Verdict
from tests.grading import COURSE, outcomes_of, reference_functions

KEY = "03_dropout"
SEEDS = 3


def mask_is_not_scaled(x, rate, training, rng):
    if rate < 0 or rate >= 1:
        raise ValueError
    flat = x.reshape(-1).tolist()
    ys, masks = [], []
    for value in flat:
        if training and rng.random() < rate:
            m = 0.0
        elif training:
            m = 1 / (1 - rate)
        else:
            m = 1.0
        ys.append(value * m)
        masks.append(1.0 if m else 0.0)
    return np.array(ys).reshape(x.shape), np.array(masks).reshape(x.shape)


def one_coin_per_feature(x, rate, training, rng):
    if not (0 <= rate < 1):
        raise ValueError("bad rate")
    if not training:
        return x.copy(), np.ones(x.shape)
    keep = rng.random(x.shape[-1]) > rate
    mask = np.broadcast_to(keep / (1 - rate), x.shape).copy()
    return x * mask, mask


def one_coin_per_example(x, rate, training, rng):
    if not (0 <= rate < 1):
        raise ValueError("bad rate")
    mask = np.ones(x.shape)
    if training:
        mask *= (rng.random((len(x), *[1] * (x.ndim - 1))) >= rate) / (1 - rate)
    return x * mask, mask


def rate_1_is_accepted(x, rate, training, rng):
    if not 0 <= rate <= 1:
        raise ValueError("bad rate")
    mask = np.ones(x.shape)
    if training and rate < 1:
        mask = (rng.random(x.shape) >= rate) / (1 - rate)
    return x * mask, mask


def tables_only(x, rate, training, rng):
    n, d = x.shape
    return reference_functions(KEY)["dropout"](x.reshape(n, d), rate, training, rng)


def without_scale_in_backward(dy, mask):
    return np.where(mask > 0, dy, 0)


def lost(function, program, seed):
    """Return the messages of the failed checks, by criterion."""
    rubric = COURSE.find(KEY).rubric
    outcomes = outcomes_of(KEY, {**reference_functions(KEY), function: program}, seed)
    failed = [one for one in outcomes if one.verdict is not Verdict.PASSED]
    return {rubric.criterion_of(one.name).id: one.message for one in failed}


@pytest.mark.parametrize(
    ("function", "program", "criterion"),
    [
        ("dropout", mask_is_not_scaled, "mask"),
        ("dropout", one_coin_per_feature, "independent-units"),
        ("dropout", one_coin_per_example, "independent-units"),
        ("dropout", rate_1_is_accepted, "refused-rates"),
        ("dropout", tables_only, "any-shape"),
        ("dropout_backward", without_scale_in_backward, "backward"),
    ],
)
def test_a_mistake_costs_its_own_criterion(function, program, criterion):
    for seed in range(SEEDS):
        assert set(lost(function, program, seed)) == {criterion}


def test_a_mask_without_the_scale_is_named_and_not_y():
    message = lost("dropout", mask_is_not_scaled, 0)["mask"]

    assert message == (
        "y[1, 17] is 1.429 times x[1, 17], and the mask has 1 there, expected 1.429 in the mask\n"
        "for dropout with x (20, 20), rate=0.3, training=True\n"
        "The backward pass multiplies by the mask, so y = x * mask."
    )


def test_shared_coins_are_named_and_not_their_rate():
    message = lost("dropout", one_coin_per_feature, 0)["independent-units"]

    assert message.splitlines()[0] == (
        "all 45 examples lost the same 49 of 135 units, expected different units in each example"
    )


def test_a_gradient_without_the_scale_is_shown_with_its_numbers():
    message = lost("dropout_backward", without_scale_in_backward, 0)["backward"]

    assert message.splitlines()[0] == "dx[0] is 3 for dy = 3 and mask = 2 there, expected 6"


@pytest.mark.parametrize("taste", sorted(path.stem for path in COURSE.find(KEY).taste_path("x").parent.glob("*.py")))
def test_the_right_programs_that_patches_change_are_right(taste):
    exercise = COURSE.find(KEY)
    namespace = runpy.run_path(str(exercise.taste_path(taste)))
    functions = {name: namespace[name] for name in exercise.rubric.functions}
    for seed in range(SEEDS):
        assert {one.verdict for one in outcomes_of(KEY, functions, seed)} == {Verdict.PASSED}
