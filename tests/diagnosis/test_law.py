"""Misconceptions of dropout are recognised by their distribution, however the numbers are drawn."""

import numpy as np
import pytest

from tests.diagnosis.judging import diagnosis_of, names_of

RATE_SEED = 12345


def below_keep(rng, shape, keep):
    return rng.random(shape) < keep


def at_least_rate(rng, shape, keep):
    return ~(rng.random(size=shape) >= keep)


def above_rate(rng, shape, keep):
    return rng.uniform(0, 1, shape) > 1 - keep


def binomial(rng, shape, keep):
    return rng.binomial(1, keep, size=shape)


def choice(rng, shape, keep):
    return rng.choice([0, 1], size=shape, p=[1 - keep, keep])


def thousand_sides(rng, shape, keep):
    return rng.integers(1000, size=shape) < round(keep * 1000)


def single(rng, shape, keep):
    return rng.random(shape, dtype=np.float32) < np.float32(keep)


def one_by_one(rng, shape, keep):
    return np.array([rng.random() > 1 - keep for _ in range(int(np.prod(shape)))]).reshape(shape)


WAYS = (below_keep, at_least_rate, above_rate, binomial, choice, thousand_sides, single, one_by_one)


def program(
    draw, *, keeps="the rest", factor="inverse", infers=lambda x, rate, y, mask: (x, np.ones_like(x)), rng_of=None
):
    """Return a dropout written in another way than ours; `draw` returns the kept units."""

    def dropout(x, rate, training, rng):
        if rate < 0 or rate >= 1:
            raise ValueError("a rate is at least 0 and below 1")
        if rng_of is not None:
            rng = rng_of()
        if rate == 0:
            return x.copy(), np.ones(x.shape)
        keep = rate if keeps == "rate" else 1 - rate
        on = np.asarray(draw(rng, x.shape, keep), dtype=float)
        mask = np.ones(x.shape) * on * {"inverse": 1 / keep, "none": 1, "other": 1 / (1 - keep), "times": keep}[factor]
        y = x * mask
        return (y, mask) if training else infers(x, rate, y, mask)

    return dropout


def scaled(x, rate, y, mask):
    return (1 - rate) * x, np.ones(x.shape) - rate


def active(x, rate, y, mask):
    return y, mask


def shared_by_examples(draw):
    return lambda rng, shape, keep: np.repeat(np.asarray(draw(rng, shape[1:], keep))[None], shape[0], axis=0)


def shared_by_features(draw):
    return lambda rng, shape, keep: draw(rng, shape[-1], keep)


def by_way(draw):
    return {
        "drop.rate-is-keep": program(draw, keeps="rate"),
        "drop.no-rescale": program(draw, factor="none"),
        "drop.scaled-by-other-prob": program(draw, factor="other"),
        "drop.multiplies-keep": program(draw, factor="times"),
        "drop.scale-at-test": program(draw, factor="none", infers=scaled),
        "drop.scale-at-both": program(draw, infers=scaled),
        "drop.active-at-inference": program(draw, infers=active),
        "drop.mask-shared-across-batch": program(shared_by_examples(draw)),
        "drop.fixed-seed": program(draw, rng_of=lambda: np.random.default_rng(RATE_SEED)),
    }


@pytest.mark.thorough
@pytest.mark.parametrize("draw", WAYS, ids=lambda one: one.__name__)
@pytest.mark.parametrize("misconception", by_way(None))
def test_a_misconception_is_named_however_its_numbers_are_drawn(draw, misconception):
    assert names_of(diagnosis_of("03_dropout", "dropout", by_way(draw)[misconception])) == [misconception]


def fewer(rng, shape, keep):
    """Choose without replacement, so that the number is always the same."""
    size = int(np.prod(shape))
    on = np.ones(size)
    on[rng.choice(size, size=round((1 - keep) * size), replace=False)] = 0
    return on.reshape(shape)


def shuffled(rng, shape, keep):
    size = int(np.prod(shape))
    on = np.arange(size) >= int((1 - keep) * size)
    rng.shuffle(on)
    return on.reshape(shape)


def smallest_go(rng, shape, keep):
    order = rng.random(shape).ravel().argsort().argsort()
    return (order >= round((1 - keep) * order.size)).reshape(shape)


def as_many_in_each_row(rng, shape, keep):
    on = np.ones((int(np.prod(shape[:-1])), shape[-1]))
    for row in on:
        row[rng.choice(len(row), size=round((1 - keep) * len(row)), replace=False)] = 0
    return on.reshape(shape)


@pytest.mark.parametrize(
    ("misconception", "draw"),
    [
        ("drop.gaussian-mask", lambda rng, shape, keep: rng.standard_normal(shape) > 1 - keep),
        ("drop.gaussian-mask", lambda rng, shape, keep: rng.normal(0, 1, shape) >= 1 - keep),
        ("drop.gaussian-mask", lambda rng, shape, keep: rng.standard_normal(shape) < keep),
        *(
            ("drop.binomial-count", lambda rng, shape, keep, n=n: (rng.random((n, *shape)) < keep).sum(axis=0))
            for n in (2, 3, 4, 5, 10)
        ),
        ("drop.exact-count", fewer),
        ("drop.exact-count", shuffled),
        ("drop.exact-count", smallest_go),
        ("drop.exact-count", as_many_in_each_row),
        ("drop.mask-shared-across-batch", shared_by_features(below_keep)),
        ("drop.mask-shared-across-batch", shared_by_features(choice)),
    ],
)
def test_a_misconception_of_the_drawing_itself(misconception, draw):
    assert names_of(diagnosis_of("03_dropout", "dropout", program(draw))) == [misconception]


@pytest.mark.parametrize("seeded", [np.random.RandomState, np.random.default_rng])
def test_a_fixed_seed(seeded):
    def rand(rng, shape, keep):
        return seeded(42).uniform(size=shape) < keep

    assert names_of(diagnosis_of("03_dropout", "dropout", program(rand))) == ["drop.fixed-seed"]


@pytest.mark.parametrize("draw", [below_keep, binomial, choice, thousand_sides], ids=lambda one: one.__name__)
@pytest.mark.parametrize(
    ("misconceptions", "switches"),
    [
        (["drop.rate-is-keep", "drop.active-at-inference"], {"keeps": "rate", "infers": active}),
        (["drop.rate-is-keep", "drop.no-rescale"], {"keeps": "rate", "factor": "none"}),
        (["drop.no-rescale", "drop.active-at-inference"], {"factor": "none", "infers": active}),
    ],
)
def test_two_misconceptions_by_distribution(draw, misconceptions, switches):
    assert names_of(diagnosis_of("03_dropout", "dropout", program(draw, **switches))) == misconceptions


def half_at_inference(x, rate, y, mask):
    return x / 2, mask * 0 + 0.5


@pytest.mark.parametrize("draw", WAYS[:5], ids=lambda one: one.__name__)
@pytest.mark.parametrize(
    "switches",
    [
        {"infers": half_at_inference},
        {"infers": lambda x, rate, y, mask: (x, np.full_like(x, 2.0))},
    ],
)
def test_an_unknown_distribution_gets_no_name(draw, switches):
    assert names_of(diagnosis_of("03_dropout", "dropout", program(draw, **switches))) == []


@pytest.mark.parametrize("share", [0.33, 0.36, 0.45])
def test_an_unknown_share_gets_no_name(share):
    drop = program(lambda rng, shape, keep: rng.random(shape) >= share)

    assert names_of(diagnosis_of("03_dropout", "dropout", drop)) == []


@pytest.mark.parametrize("draw", WAYS[:5], ids=lambda one: one.__name__)
@pytest.mark.parametrize("at_zero", ["nothing is on", "not a number", "it raises"])
def test_a_division_by_zero_at_rate_0_does_not_hide_the_misconception(draw, at_zero):
    drop = program(draw, keeps="rate")

    def dropout(x, rate, training, rng):
        if rate == 0 and training:
            if at_zero == "it raises":
                raise ZeroDivisionError("float division by zero")
            mask = np.zeros_like(x) if at_zero == "nothing is on" else np.full_like(x, np.nan)
            return x * mask, mask
        return drop(x, rate, training, rng)

    assert names_of(diagnosis_of("03_dropout", "dropout", dropout)) == ["drop.rate-is-keep"]
