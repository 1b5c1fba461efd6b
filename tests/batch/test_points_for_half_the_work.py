"""Programs that are right in common cases only: each loses the criteria that it violates."""

import copy

import numpy as np
import pytest

from grader.checks import Verdict
from tests.grading import COURSE, not_passed, reference_functions

OURS = {key: reference_functions(key) for key in ("01_convolution", "03_dropout", "04_batch_norm")}
TAPE = np.random.default_rng(99).random(1_000_003)
REMEMBERED = {}
TIMED = {"test_fast_is_fast"}


def dropped_by(coins):
    """Return the reference with other random numbers: a unit is dropped if its number is below the rate."""

    def dropout(x, rate, training, rng):
        if not training or not 0 < rate < 1:
            return OURS["03_dropout"]["dropout"](x, rate, training, rng)
        mask = (coins(x.shape, rate, rng) >= rate) / (1 - rate)
        return x * mask, mask

    return dropout


def always_30(shape, rate, rng):
    return np.where(rng.random(shape) < 0.3, 0, 1)


def remembered(shape, rate, rng):
    return REMEMBERED.setdefault((str(rng.bit_generator.state), shape), np.random.random(shape))


def rolled(shape, rate, rng):
    one = rng.random(shape[1:])
    return np.stack([np.roll(one, n, 0) for n in range(shape[0])])


def halves(shape, rate, rng):
    coins = rng.random(-(-int(np.prod(shape)) // 2))
    return np.concatenate([coins, np.roll(coins, 7)])[: np.prod(shape)].reshape(shape)


def from_a_tape(shape, rate, rng):
    start = int(rng.integers(64)) * 11_111
    return TAPE[start : start + int(np.prod(shape))].reshape(shape)


def counted_with_a_jitter(shape, rate, rng):
    coins = np.ones(int(np.prod(shape)))
    coins[: round(coins.size * rate) + int(rng.integers(-5, 6))] = 0
    return rng.permutation(coins).reshape(shape)


def two_apart(shape, rate, rng):
    coins = rng.random(shape)
    whole = shape[-1] // 4 * 4
    quartets = coins[..., :whole].reshape(*shape[:-1], whole // 4, 4)
    quartets[..., 2:] = quartets[..., :2]
    return coins


def one_for_all_channels(shape, rate, rng):
    return np.broadcast_to(rng.random(shape[1:3])[None, :, :, None], shape) if len(shape) == 4 else rng.random(shape)


def writes_into_large_ones(x, rate, training, rng):
    y, mask = OURS["03_dropout"]["dropout"](x, rate, training, rng)
    if x.size > 90:
        x *= mask
    return y, mask


def scaled_for_30(x, rate, training, rng):
    y, mask = OURS["03_dropout"]["dropout"](x, rate, training, rng)
    return (x * (mask != 0) / 0.7, (mask != 0) / 0.7) if training and rate else (y, mask)


def moments_by_heart(x, rate):
    return x * 1.0, x**2 * {0.0: 0, 0.1: 1 / 9, 0.25: 1 / 3, 0.3: 3 / 7, 0.8: 4}.get(rate, 0)


def infer_by_the_batch(x, gamma, beta, moving_mean, moving_var, eps=1e-3):
    rows = x.reshape(-1, x.shape[-1])
    if len(rows) > 40:
        moving_mean, moving_var = rows.mean(axis=0), rows.var(axis=0)
    return OURS["04_batch_norm"]["batch_norm_infer"](x, gamma, beta, moving_mean, moving_var, eps)


def three_images(x, w, b, stride=1, padding="valid"):
    y = OURS["01_convolution"]["conv2d"](x, w, b, stride, padding)
    y[3:] = 0
    return y


PROGRAMS = {
    "always 30 %": ({"dropout": dropped_by(always_30)}, {"drops-at-rate"}),
    "always scaled for 30 %": ({"dropout": scaled_for_30}, {"scales-survivors"}),
    "moments by heart": ({"dropout_moments": moments_by_heart}, {"moments-variance"}),
    "a copy of the generator": (
        {"dropout": dropped_by(lambda shape, rate, rng: copy.deepcopy(rng).random(shape))},
        {"chance-from-rng"},
    ),
    "chance of its own": ({"dropout": dropped_by(remembered)}, {"chance-from-rng"}),
    "one mask, rolled": ({"dropout": dropped_by(rolled)}, {"independent-units"}),
    "half of the coins": ({"dropout": dropped_by(halves)}, {"independent-units"}),
    "64 masks": ({"dropout": dropped_by(from_a_tape)}, {"independent-units"}),
    "a count with a jitter": ({"dropout": dropped_by(counted_with_a_jitter)}, {"independent-units"}),
    "pairs two apart": ({"dropout": dropped_by(two_apart)}, {"independent-units"}),
    "all channels alike": ({"dropout": dropped_by(one_for_all_channels)}, {"any-shape"}),
    "writes into large arrays": ({"dropout": writes_into_large_ones}, {"unchanged"}),
    "a large batch by itself": ({"batch_norm_infer": infer_by_the_batch}, {"inference"}),
    "three images": ({"conv2d": three_images}, {"kernel"}),
}


@pytest.mark.parametrize("name", PROGRAMS)
def test_a_program_that_is_right_only_in_common_cases_loses_points(name):
    functions, broken = PROGRAMS[name]
    key = next(key for key, ours in OURS.items() if functions.keys() <= ours.keys())
    rubric = COURSE.find(key).rubric
    for seed in range(5):
        outcomes = not_passed(key, {**OURS[key], **functions}, seed, but=TIMED)
        assert {outcome.verdict for outcome in outcomes.values()} == {Verdict.FAILED}
        assert broken <= {rubric.criterion_of(check).id for check in outcomes}, f"seed {seed}"
