"""Questions of exercise 3, drawn from a seed: each distractor is what one named misunderstanding computes."""

from math import comb

RATES = (0.1, 0.2, 0.25, 0.4, 0.5, 0.6, 0.75, 0.8)


def survivor(draw):
    """What a unit that survives dropout becomes."""
    rate, value = draw.choice(RATES), draw.choice([2, 3, 4, 5, 6, 8, 10, 12])
    keep = 1 - rate
    return {
        "parameters": {"rate": rate, "value": value},
        "ask": f"Inverted dropout with rate {rate:g} in training: a unit of {value} survives. What does it become?",
        "right": f"{value / keep:.6g}",
        "because": f"It is divided by the probability to be kept: {value} / {keep:g} = {value / keep:.6g}.",
        "wrong": [
            {"answer": f"{value:g}", "misconception": "drop.no-rescale", "because": "Unscaled, the sum would shrink in training and not at inference."},
            {"answer": f"{value / rate:.6g}", "misconception": "drop.scaled-by-other-prob", "because": "The rate is the share that is dropped; divide by the share that is kept."},
            {"answer": f"{value * keep:.6g}", "misconception": "drop.multiplies-keep", "because": "That shrinks what is left even further."},
            {"answer": f"{value * rate:.6g}", "misconception": "drop.only-shrinks", "because": "Nothing is multiplied by the rate: it says how many units are dropped."},
        ],
    }  # fmt: skip


def expected_survivors(draw):
    """How many units survive on average."""
    rate, units = draw.choice(RATES), draw.choice([40, 100, 200, 400, 1000])
    right = round(units * (1 - rate))
    return {
        "parameters": {"rate": rate, "units": units},
        "ask": f"Dropout with rate {rate:g} acts on {units} units. How many survive on average?",
        "right": right,
        "because": f"Each is kept with probability {1 - rate:g}: {units} x {1 - rate:g} = {right}. A single draw gives some more or less.",
        "wrong": [
            {"answer": round(units * rate), "misconception": "drop.rate-is-keep", "because": "So many are dropped on average. The rate is the share that goes."},
            {"answer": units, "misconception": "drop.only-shrinks", "because": "So many survive at inference. In training units are silenced and not only made smaller."},
            {"answer": units // 2, "misconception": "drop.always-half", "because": "Half of them survive only at rate 0.5."},
            {"answer": round(units * (1 - rate) ** 2), "misconception": "drop.backward-new-mask", "because": "Each unit is drawn once: the backward pass takes the mask of the forward pass."},
        ],
    }  # fmt: skip


def at_inference(draw):
    """What dropout does at inference."""
    rate, value = draw.choice(RATES), draw.choice([2, 3, 4, 6, 8, 10, 14, 20])
    keep = 1 - rate
    return {
        "parameters": {"rate": rate, "value": value},
        "ask": f"Inverted dropout with rate {rate:g} at inference: what does a unit of {value} become?",
        "right": f"{value:g}",
        "because": "At inference inverted dropout does nothing: training has scaled already.",
        "wrong": [
            {"answer": f"{value * keep:.6g}", "misconception": "drop.scale-at-test", "because": "So did the first paper; inverted dropout scales in training instead."},
            {"answer": f"{value / keep:.6g}", "misconception": "drop.scale-at-both", "because": "That is for survivors in training."},
            {"answer": f"0 or {value / keep:.6g}, by lot", "misconception": "drop.active-at-inference", "because": "At inference nothing is drawn: the same image gives the same answer."},
        ],
    }  # fmt: skip


def variance(draw):
    """The variance that dropout adds."""
    rate, value = draw.choice([0.2, 0.5, 0.75, 0.8]), draw.choice([1, 2, 3, 4])
    keep = 1 - rate
    right = value * value * rate / keep
    return {
        "parameters": {"rate": rate, "value": value},
        "ask": f"A unit is {value}. What is the variance of its value behind inverted dropout with rate {rate:g}?",
        "right": f"{right:.6g}",
        "because": f"It is {value / keep:.6g} with probability {keep:g}, else 0: the mean of the squares is {value * value / keep:.6g}, less the mean squared, {value * value}.",
        "wrong": [
            {"answer": f"{value * value * keep * rate:.6g}", "misconception": "drop.moments-unscaled-variance", "because": "So it is without the division by what is kept."},
            {"answer": f"{value * value * keep / rate:.6g}", "misconception": "drop.moments-rate-is-keep", "because": "The rate is the share that is dropped."},
            {"answer": "0", "misconception": "drop.variance-unchanged", "because": "The mean stays, but the value is drawn by lot."},
            {"answer": f"{value * value / keep:.6g}", "misconception": "drop.variance-is-mean-square", "because": "This is the mean of the squares. The square of the mean is still to be subtracted."},
        ],
    }  # fmt: skip


def thinned(draw):
    """How many thinned layers there are."""
    units = draw.randint(4, 14)
    return {
        "parameters": {"units": units},
        "ask": f"A layer has {units} units. How many different thinned layers can dropout draw from it?",
        "right": 2**units,
        "because": f"Each unit is in or out: 2 to the power of {units} = {2**units}.",
        "wrong": [
            {"answer": 2 * units, "misconception": "drop.choices-add", "because": "Each unit doubles the number of choices: they multiply and do not add."},
            {"answer": units**2, "misconception": "drop.choices-squared", "because": f"This would be 2 units of {units} states each. There are {units} units of 2 states."},
            {"answer": comb(units, units // 2), "misconception": "drop.exact-count", "because": f"So many have exactly {units // 2} units. How many go is left to chance too."},
        ],
    }  # fmt: skip
