"""Misconceptions about dropout, each as a switch of one wrong implementation per function.

`drop.on-output-layer` misuses a correct layer and has no variant here: it belongs to the exercise on a whole network.
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
    """Compute `dropout` with a switch for each misconception; the defaults are correct.

    coins         uniform | keep (rate is the share kept) | gaussian | gaussian-below | binomial-count | exact-count |
                  exact-count-a-row
    flips         per unit, with binomial-count
    scale         inverted | none | other (1 / rate) | keep (times 1 - rate)
    at_inference  identity | scaled (times 1 - rate) | active
    at_zero       identity | formula | raises | silent: the result for rate 0 if the formula divides by it
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
    """Compute `dropout_backward`; through: mask | new (other units) | nothing | unscaled."""
    if through == "new":
        return dy * np.roll(mask, 1)
    if through == "nothing":
        return dy * 1.0
    if through == "unscaled":
        return dy * (mask != 0)
    return dy * mask


def wrong_moments(x, rate, *, mean="x", spread="dropout"):
    """Compute `dropout_moments`; mean: x | kept (x * (1 - rate)).

    spread: dropout | bernoulli | keep (rate is the share kept) | keep-raises (raises if that divides by 0).
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
    """Return a misconception about `dropout`; `forms` are the switches of its other programs."""
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
        "Take 20,000 ones at rate 0.3. How many zeros do you expect, and how many are there?",
        "The rate is the probability of dropping, not of keeping.",
        forms=tuple({"at_zero": at_zero} for at_zero in ("silent", "formula", "raises")),
        coins="keep",
    ),
    _drop(
        "no-rescale",
        "Dropout only drops units; the rest stay as they are.",
        "The mean of your input is 5. What is the mean of your output? Which will the next layer see at inference?",
        "Take a unit of value 6 at rate 0.25. What must the survivors be, so that the mean stays 6?",
        "The survivors are not scaled.",
        scale="none",
    ),
    _drop(
        "scaled-by-other-prob",
        "The survivors are divided by the probability of dropping.",
        "Which factor restores the mean?",
        "Take a layer of fives at rate 0.3. What is the mean of your output?",
        "Divide by the probability of keeping.",
        forms=tuple({"at_zero": at_zero} for at_zero in ("formula", "raises")),
        scale="other",
    ),
    _drop(
        "multiplies-keep",
        "The survivors are multiplied by the probability of keeping.",
        "When units fall silent, does the layer get louder or quieter? What does your factor do?",
        "Take a layer of fives at rate 0.3. What is the mean of your output?",
        "Divide, do not multiply.",
        scale="keep",
    ),
    _drop(
        "scale-at-test",
        "Nothing is scaled in training; at inference, everything is multiplied by the probability of keeping.",
        "This is the method of 2012, and it works. But what should this function return at inference?",
        "Take four units of value 2 at rate 0.3 with training off. What should come out?",
        "It scales at test time (vanilla dropout); scale during training instead (inverted dropout).",
        scale="none",
        at_inference="scaled",
    ),
    _drop(
        "scale-at-both",
        "The survivors are scaled in training, and everything is scaled again at inference.",
        "The survivors were already scaled up in training. What is left to do at inference?",
        "Take four units of value 2 at rate 0.3 with training off. What should come out?",
        "The units are scaled during training and again at inference.",
        at_inference="scaled",
    ),
    _drop(
        "active-at-inference",
        "Dropout is also active at inference.",
        "Ask the finished network twice about the same picture. Does it give the same answer?",
        "Call it twice with training off and compare.",
        "Units are dropped at inference.",
        at_inference="active",
    ),
    _drop(
        "gaussian-mask",
        "Any random number can be compared with the rate.",
        "Draw a histogram of your random numbers. What share of them is below the rate?",
        "Take 20,000 ones at rate 0.3. How many zeros do you expect, and how many are there?",
        "The random numbers are normal; they must be uniform.",
        forms=({"coins": "gaussian-below"},),
        coins="gaussian",
    ),
    _drop(
        "binomial-count",
        "The first argument of a binomial draw is the number of units.",
        "How many coin flips does one unit need?",
        "Print the different numbers in your mask. How many should there be?",
        "Each unit gets several coin flips, and the mask counts the heads.",
        forms=tuple({"flips": flips} for flips in (2, 4, 5, 10)),
        coins="binomial-count",
    ),
    _drop(
        "mask-shared-across-batch",
        "All examples of a batch lose the same units.",
        "Do all pictures lose the same units?",
        "Compare the first two rows of a mask. Are they the same?",
        "The whole batch shares one mask.",
        shared=True,
    ),
    _drop(
        "exact-count",
        "Exactly rate times n units are dropped in every draw.",
        "Is each unit dropped independently of the others?",
        "Count the zeros in ten draws of 200 units. Is it the same number each time?",
        "The number of zeros is fixed.",
        forms=({"coins": "exact-count-a-row"},),
        coins="exact-count",
    ),
    _drop(
        "fixed-seed",
        "A seed inside the function makes it reproducible.",
        "Do two calls with different generators drop the same units?",
        "Call it with default_rng(1) and with default_rng(2), and compare the masks.",
        "Every call gives the same mask.",
        seed=0,
    ),
    _drop(
        "mutates-input",
        "The input may be overwritten with the output.",
        "Does x still hold what the caller passed?",
        "Print x before and after the call.",
        "The function writes into its argument.",
        writes=True,
    ),
    _back(
        "backward-new-mask",
        "The backward pass draws its own mask.",
        "Which units were on in the forward pass?",
        "Take dy = [3, 5] and mask = [0, 2]. What does each unit get?",
        "The mask is not the one of the forward pass.",
        through="new",
    ),
    _back(
        "backward-no-mask",
        "The gradient passes dropout unchanged.",
        "Which units were on?",
        "Take dy = [3, 5] and mask = [0, 2]. Nudge the first x. Does y change?",
        "The mask is missing.",
        through="nothing",
    ),
    _back(
        "backward-no-scale",
        "Units that were on pass the gradient without the factor.",
        "What was a surviving unit multiplied by in the forward pass?",
        "Take dy = [3, 5] and mask = [0, 2]. Nudge the second x a little. By how much does y change?",
        "The scaling is missing.",
        through="unscaled",
    ),
    _moments(
        "moments-mean-kept",
        "Dropout makes the mean smaller by the share that is dropped.",
        "What is the scaling for?",
        "At rate 0.25, x = 6 becomes 0, 8, 8 or 8. What is the mean of these numbers?",
        "The mean does not include the scaling.",
        mean="kept",
    ),
    _moments(
        "moments-rate-is-keep",
        "The rate is the probability of keeping.",
        "At rate 0, nothing is dropped. What is the variance then?",
        "Take x = 6 at rate 0. What is the variance?",
        "Dropping and keeping are swapped in the variance.",
        forms=({"spread": "keep-raises"},),
        spread="keep",
    ),
    _moments(
        "moments-unscaled-variance",
        "The variance is the variance of a coin times x squared.",
        "A coin that shows 0 or 1 has the variance p (1 - p). What value does a unit have when it is on?",
        "At rate 0.25, x = 6 becomes 0, 8, 8 or 8. What is the variance of these numbers?",
        "The scaling is missing in the variance.",
        spread="bernoulli",
    ),
)
