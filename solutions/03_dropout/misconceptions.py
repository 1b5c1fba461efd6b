"""What learners believe of dropout, each as a switch of one wrong implementation a function.

`drop.on-output-layer` is a misuse of a right layer and has no variant here: the exercise on a whole network holds it.
"""

from functools import partial

import numpy as np

from grader.course import Misconception


def wrong_dropout(
    x,
    rate,
    training,
    rng,
    *,
    coins="uniform",
    scale="inverted",
    at_inference="identity",
    at_zero="identity",
    flips=3,
    shared=False,
    seed=None,
    writes=False,
):
    """`dropout` with a switch for each belief; with none of them it is right.

    coins         uniform | keep (rate is what is kept) | gaussian | gaussian-below | binomial-count | exact-count |
                  exact-count-a-row
    flips         for a unit, with binomial-count
    scale         inverted | none | other (1 / rate) | keep (times 1 - rate)
    at_inference  identity | scaled (times 1 - rate) | active
    at_zero       identity | formula | raises | silent: what the formula makes of rate 0, where it divides by it
    """
    if not 0 <= rate < 1:
        raise ValueError(f"rate is {rate}")
    if seed is not None:
        rng = np.random.default_rng(seed)
    if not training and at_inference != "active":
        factor = 1 - rate if at_inference == "scaled" else 1.0
        return x * factor, np.full_like(x, factor)
    if rate == 0:
        if at_zero == "raises":
            raise ZeroDivisionError("float division by zero")
        if at_zero == "silent":
            return x * 0.0, np.zeros_like(x)
        if at_zero == "identity":
            return x * 1.0, np.ones_like(x)
    shape = (1, *x.shape[1:]) if shared else x.shape
    share = rate if coins == "keep" else 1 - rate  # of the units that stay on
    if coins == "gaussian":
        on = (rng.normal(size=shape) >= rate).astype(float)
    elif coins == "gaussian-below":
        on = (rng.normal(size=shape) < share).astype(float)
    elif coins == "binomial-count":
        on = rng.binomial(flips, share, size=shape).astype(float)
    elif coins == "exact-count-a-row":
        on = np.ones(shape)
        on[..., : round(rate * shape[-1])] = 0
        on = rng.permuted(on, axis=-1)
    elif coins == "exact-count":
        on = np.ones(int(np.prod(shape)))
        on[: round(rate * on.size)] = 0
        on = rng.permutation(on).reshape(shape)
    else:
        on = (rng.random(shape) < share).astype(float)
    divisor = {"inverted": share, "none": 1.0, "other": rate, "keep": 1 / (1 - rate)}[scale]
    with np.errstate(all="ignore"):
        mask = np.broadcast_to(on / divisor, x.shape).copy()
    if writes:
        x *= mask
        return x, mask
    return x * mask, mask


def wrong_backward(dy, mask, *, through="mask"):
    """`dropout_backward`; through: mask | new (other units) | nothing | unscaled."""
    if through == "new":
        return dy * np.roll(mask, 1)
    if through == "nothing":
        return dy * 1.0
    if through == "unscaled":
        return dy * (mask != 0)
    return dy * mask


def wrong_moments(x, rate, *, mean="x", spread="dropout"):
    """`dropout_moments`; mean: x | kept (x * (1 - rate)).

    spread: dropout | bernoulli | keep (rate is what is kept), keep-raises where that divides by 0.
    """
    if not 0 <= rate < 1:
        raise ValueError(f"rate is {rate}")
    means = x * (1 - rate) if mean == "kept" else x * 1.0
    if spread == "keep-raises" and rate == 0:
        raise ZeroDivisionError("float division by zero")
    if spread in ("keep", "keep-raises"):
        with np.errstate(all="ignore"):
            return means, x**2 * (1 - rate) / np.float64(rate)
    if spread == "bernoulli":
        return means, x**2 * rate * (1 - rate)
    return means, x**2 * rate / (1 - rate)


def _drop(name, belief, question, probe, step, forms=(), **switches):
    """`forms` are the switches of other programs of the same belief."""
    return Misconception(
        f"drop.{name}", "dropout", belief, question, probe, step, partial(wrong_dropout, **switches),
        forms=tuple(partial(wrong_dropout, **{**switches, **form}) for form in forms),
    )  # fmt: skip


def _back(name, belief, question, probe, step, **switches):
    return Misconception(
        f"drop.{name}", "dropout_backward", belief, question, probe, step, partial(wrong_backward, **switches)
    )


def _moments(name, belief, question, probe, step, forms=(), **switches):
    return Misconception(
        f"drop.{name}", "dropout_moments", belief, question, probe, step, partial(wrong_moments, **switches),
        forms=tuple(partial(wrong_moments, **{**switches, **form}) for form in forms),
    )  # fmt: skip


MISCONCEPTIONS = (
    _drop(
        "rate-is-keep",
        "The rate is the share of units that stay on.",
        "With rate 0.1, how many of 100 units should go silent?",
        "20,000 ones at rate 0.3. How many zeros do you expect, and how many are there?",
        "The rate is the probability to drop, not to keep.",
        forms=tuple({"at_zero": at_zero} for at_zero in ("silent", "formula", "raises")),
        coins="keep",
    ),
    _drop(
        "no-rescale",
        "Dropping units is all there is to it; the rest stays as it is.",
        "The mean of your input is 5. And of your output? Which will the next layer meet at inference?",
        "A single unit of value 6 at rate 0.25: what must the survivors be for the mean to stay 6?",
        "The survivors are not scaled.",
        scale="none",
    ),
    _drop(
        "scaled-by-other-prob",
        "The survivors are divided by the probability to drop.",
        "What multiple makes the mean right again?",
        "A layer of fives at rate 0.3: what is the mean of your output?",
        "The divisor is the probability to keep.",
        forms=tuple({"at_zero": at_zero} for at_zero in ("formula", "raises")),
        scale="other",
    ),
    _drop(
        "multiplies-keep",
        "The survivors are multiplied by the probability to keep.",
        "Does the layer become louder or quieter when units fall silent? And which way does your factor push?",
        "A layer of fives at rate 0.3: what is the mean of your output?",
        "Multiplied where one has to divide.",
        scale="keep",
    ),
    _drop(
        "scale-at-test",
        "Nothing is scaled in training; at inference everything is multiplied by the probability to keep.",
        "This is the recipe of 2012, and it works. But what does the task promise at inference?",
        "Four units of value 2 at rate 0.3 with training off. What should come out?",
        "Scaling at test time (vanilla dropout) instead of while training (inverted dropout).",
        scale="none",
        at_inference="scaled",
    ),
    _drop(
        "scale-at-both",
        "The survivors are scaled in training, and everything once more at inference.",
        "In training the survivors were scaled up already. What is left to make up for at inference?",
        "Four units of value 2 at rate 0.3 with training off. What should come out?",
        "Scaled while training and again at inference.",
        at_inference="scaled",
    ),
    _drop(
        "active-at-inference",
        "Dropout goes on at inference.",
        "Ask the finished network twice about the same picture. The same answer?",
        "Call it twice with training off and compare.",
        "Dropping at inference.",
        at_inference="active",
    ),
    _drop(
        "gaussian-mask",
        "Any random number will do to compare with the rate.",
        "Draw a histogram of your random numbers. Which share of them lies below the rate?",
        "20,000 ones at rate 0.3. How many zeros do you expect, and how many are there?",
        "Normal random numbers where uniform ones are needed.",
        forms=({"coins": "gaussian-below"},),
        coins="gaussian",
    ),
    _drop(
        "binomial-count",
        "The first argument of a binomial draw is the number of units.",
        "How many coin flips does one unit need?",
        "Print the different numbers in your mask. How many should there be?",
        "Several flips for each unit: the mask counts heads.",
        forms=tuple({"flips": flips} for flips in (2, 4, 5, 10)),
        coins="binomial-count",
    ),
    _drop(
        "mask-shared-across-batch",
        "All examples of a batch lose the same units.",
        "Do all pictures lose the same units?",
        "Compare the first two rows of a mask. Are they the same?",
        "One mask for the whole batch.",
        shared=True,
    ),
    _drop(
        "exact-count",
        "Exactly rate times n units are dropped in every draw.",
        "Is each unit's fate independent of the others?",
        "Count the zeros of ten draws of 200 units. Is it the same number each time?",
        "A fixed number of zeros.",
        forms=({"coins": "exact-count-a-row"},),
        coins="exact-count",
    ),
    _drop(
        "fixed-seed",
        "A seed inside the function makes it reproducible.",
        "Two calls with two generators: do they drop the same units?",
        "Call it with default_rng(1) and with default_rng(2), and compare the masks.",
        "The same mask in every call.",
        seed=0,
    ),
    _drop(
        "mutates-input",
        "The input may be overwritten with the output.",
        "Is x still what the caller gave you?",
        "Print x before the call and after it.",
        "Writes into its argument.",
        writes=True,
    ),
    _back(
        "backward-new-mask",
        "The backward pass draws its own units to silence.",
        "Which units were on in the forward pass?",
        "dy = [3, 5] and mask = [0, 2]. What does each unit get?",
        "Another mask than that of the forward pass.",
        through="new",
    ),
    _back(
        "backward-no-mask",
        "The gradient passes dropout unchanged.",
        "Which units were on?",
        "dy = [3, 5] and mask = [0, 2]: nudge the first x. Does y move?",
        "The mask is missing.",
        through="nothing",
    ),
    _back(
        "backward-no-scale",
        "The gradient passes where units were on, without the factor.",
        "By how much was a surviving unit multiplied on the way forward?",
        "dy = [3, 5] and mask = [0, 2]: nudge the second x by a little. How far does y move?",
        "The scaling is missing.",
        through="unscaled",
    ),
    _moments(
        "moments-mean-kept",
        "Dropout makes the mean smaller by the share that is dropped.",
        "What was the scaling for?",
        "x = 6 at rate 0.25 is 0, 8, 8 or 8. What is their mean?",
        "The survivors' scaling is forgotten in the mean.",
        mean="kept",
    ),
    _moments(
        "moments-rate-is-keep",
        "The rate is the probability to keep.",
        "At rate 0 nothing is dropped. What is the variance then?",
        "x = 6 at rate 0. What is the variance?",
        "Drop and keep are exchanged in the variance.",
        forms=({"spread": "keep-raises"},),
        spread="keep",
    ),
    _moments(
        "moments-unscaled-variance",
        "The variance is that of a coin times x squared.",
        "A coin that shows 0 or 1 has the variance p (1 - p). What does a unit show when it is on?",
        "x = 6 at rate 0.25 is 0, 8, 8 or 8. What is their variance?",
        "The scaling is missing in the variance.",
        spread="bernoulli",
    ),
)
