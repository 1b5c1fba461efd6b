"""Questions for exercise 3, generated from a seed: each wrong answer is what one misconception computes."""

from math import comb, factorial

RATES = (0.1, 0.2, 0.25, 0.4, 0.5, 0.6, 0.75, 0.8)


def survivor(draw):
    """Ask for the value of a unit that survives dropout."""
    rate, value = draw.choice(RATES), draw.choice([2, 3, 4, 5, 6, 8, 10, 12])
    keep = 1 - rate
    return {
        "parameters": {"rate": rate, "value": value},
        "ask": f"In training, inverted dropout has the rate {rate:g}. A unit with the value {value} survives. What value does it get?",
        "right": f"{value / keep:.6g}",
        "because": f"It is divided by the probability of being kept: {value} / {keep:g} = {value / keep:.6g}.",
        "wrong": [
            {"answer": f"{value:g}", "misconception": "drop.no-rescale", "because": "Without scaling, the sums would be smaller in training than at inference."},
            {"answer": f"{value / rate:.6g}", "misconception": "drop.scaled-by-other-prob", "because": "The rate is the share that is dropped. Divide by the share that is kept."},
            {"answer": f"{value * keep:.6g}", "misconception": "drop.multiplies-keep", "because": "That makes the survivors even smaller."},
            {"answer": f"{value / keep**2:.6g}", "misconception": "drop.scaled-twice", "because": "A survivor is divided once, in training."},
            {"answer": f"{value * rate:.6g}", "misconception": "drop.scaled-by-rate", "because": "Values are not multiplied by the rate. The rate is the share of units that is dropped."},
        ],
    }  # fmt: skip


def expected_survivors(draw):
    """Ask how many units survive on average."""
    rate, units = draw.choice(RATES), draw.choice([40, 100, 200, 400, 1000])
    right = round(units * (1 - rate))
    return {
        "parameters": {"rate": rate, "units": units},
        "ask": f"Dropout with rate {rate:g} acts on {units} units. How many survive on average?",
        "right": right,
        "because": f"Each is kept with probability {1 - rate:g}: {units} x {1 - rate:g} = {right}. A single draw gives a few more or fewer.",
        "wrong": [
            {"answer": round(units * rate), "misconception": "drop.rate-is-keep", "because": "That many are dropped on average. The rate is the share that is dropped."},
            {"answer": units, "misconception": "drop.only-shrinks", "because": "That many are on at inference. In training, units are silenced, not only made smaller."},
            {"answer": units // 2, "misconception": "drop.rate-ignored", "because": "Half of them survive on average only at rate 0.5."},
            {"answer": round(units * (1 - rate) ** 2), "misconception": "drop.drawn-twice", "because": "Each unit is drawn once in a training step, not twice."},
        ],
    }  # fmt: skip


def at_inference(draw):
    """Ask what dropout does at inference."""
    rate, value = draw.choice(RATES), draw.choice([2, 3, 4, 6, 8, 10, 14, 20])
    keep = 1 - rate
    return {
        "parameters": {"rate": rate, "value": value},
        "ask": f"At inference, inverted dropout with rate {rate:g} gets a unit with the value {value}. What value comes out?",
        "right": f"{value:g}",
        "because": "At inference, inverted dropout does nothing: the scaling was done during training.",
        "wrong": [
            {"answer": f"{value * keep:.6g}", "misconception": "drop.scale-at-test", "because": "The first paper did this; inverted dropout scales during training instead."},
            {"answer": f"{value / keep:.6g}", "misconception": "drop.divides-at-inference", "because": "Survivors are scaled only during training."},
            {"answer": f"0 or {value / keep:.6g}, at random", "misconception": "drop.active-at-inference", "because": "At inference, nothing is random: the same image gives the same answer."},
        ],
    }  # fmt: skip


def variance(draw):
    """Ask for the variance that dropout adds."""
    rate, value = draw.choice([0.2, 0.5, 0.75, 0.8]), draw.choice([1, 2, 3, 4])
    keep = 1 - rate
    right = value * value * rate / keep
    return {
        "parameters": {"rate": rate, "value": value},
        "ask": f"A unit has the value {value}. What is the variance of its value after inverted dropout with rate {rate:g}?",
        "right": f"{right:.6g}",
        "because": f"It is {value / keep:.6g} with probability {keep:g}, else 0. The mean of the squares is {value * value / keep:.6g}; subtract the square of the mean, {value * value}.",
        "wrong": [
            {"answer": f"{value * value * keep * rate:.6g}", "misconception": "drop.moments-unscaled-variance", "because": "That is the variance without the division by the share that is kept."},
            {"answer": f"{value * value * keep / rate:.6g}", "misconception": "drop.moments-rate-is-keep", "because": "The rate is the share that is dropped."},
            {"answer": f"{(value / keep) ** 2:.6g}", "misconception": "drop.moments-one-over-keep", "because": "That is the square of a survivor; not every unit survives."},
            {"answer": "0", "misconception": "drop.moments-variance-zero", "because": "The mean stays the same, but the value is random."},
            {"answer": f"{value * value / keep:.6g}", "misconception": "drop.moments-mean-square", "because": "This is the mean of the squares. Subtract the square of the mean."},
        ],
    }  # fmt: skip


def thinned(draw):
    """Ask how many thinned layers there are."""
    units = draw.randint(3, 10)
    return {
        "parameters": {"units": units},
        "ask": f"A layer has {units} units. How many different thinned layers can dropout draw from it?",
        "right": 2**units,
        "because": f"Each unit is either on or off: 2 to the power of {units} = {2**units}.",
        "wrong": [
            {"answer": 2 * units, "misconception": "drop.choices-add", "because": "Each unit doubles the number of choices: they multiply, they do not add."},
            {"answer": units**2, "misconception": "drop.choices-squared", "because": f"This would be 2 units of {units} states each. There are {units} units of 2 states."},
            {"answer": 3**units, "misconception": "drop.three-states", "because": "A unit that is kept is always scaled: there are two states, not three."},
            {"answer": factorial(units), "misconception": "drop.order-matters", "because": "Only the set of dropped units counts, not their order."},
            {"answer": comb(units, units // 2), "misconception": "drop.exact-count", "because": f"That is the number of layers with exactly {units // 2} units. The number of dropped units is random too."},
        ],
    }  # fmt: skip
