"""Misconceptions about dropout, each as the lines of a right program that a learner would have written differently.

The right programs are in `tastes/`: `vector` draws all numbers at once, `steps` decides which units are off, then multiplies.

`drop.on-output-layer` misuses a correct layer and has no program here: it belongs to the exercise on a whole network.
"""

from grader.course import Misconception, patch

_DIVISION = ("* on / keep", "* on")
_IDENTITY = "x * 1.0, np.ones(x.shape)"
_FACTOR = "1 / (1 - rate)"
_DRAW = "rng.random(x.shape)"


def _infers(y, mask):
    """Return a patch of inference."""
    return patch("vector", _IDENTITY, f"{y}, {mask}")


def _drop(name, criterion, belief, question, probe, step, variant, *forms):
    """Return a misconception about `dropout`, charged to one criterion."""
    return Misconception(
        f"drop.{name}", "dropout", belief, question, probe, step, variant, forms=forms,
        criteria={"dropout": criterion},
        overwrites=criterion == "unchanged",
    )  # fmt: skip


def _back(name, belief, question, probe, step, variant, *forms):
    return Misconception(
        f"drop.{name}", "dropout_backward", belief, question, probe, step, variant, forms=forms,
        criteria={"dropout_backward": "backward"},
    )  # fmt: skip


def _moments(name, criterion, belief, question, probe, step, variant, *forms):
    return Misconception(
        f"drop.{name}", "dropout_moments", belief, question, probe, step, variant, forms=forms,
        criteria={"dropout_moments": criterion},
    )  # fmt: skip


_PLAINEST = (
    _drop(
        "rate-is-keep",
        "drops-at-rate",
        "The rate is the share of units that stay on.",
        "With rate 0.1, how many of 100 units should go silent?",
        "Take 20,000 ones at rate 0.3. How many zeros do you expect, and how many are there?",
        "The rate is the probability of dropping, not of keeping.",
        patch("vector", "keep = 1 - rate", "keep = rate"),
        patch("vector", "u < keep", "u >= keep"),
        patch("steps", ("x.shape) < rate", "x.shape) > rate"), (_FACTOR, "1 / rate")),
        patch("steps", "x.shape) < rate", "x.shape) > rate"),
        patch("steps", ("x.shape) < rate", "x.shape) > rate"), (_FACTOR, "1 / (rate or 1)")),
        patch(
            "vector",
            ("keep = 1 - rate", "keep = rate"),
            (_IDENTITY, "x * 1.0, np.ones(x.shape)\n    if rate == 0:\n        return x * 1.0, np.ones(x.shape)"),
        ),
        patch("vector", ("keep = 1 - rate", "keep = rate\n    inverse = 1 / rate"), ("/ keep", "* inverse")),
    ),
    _drop(
        "rate-ignored",
        "drops-at-rate",
        "Half of the units are dropped, whatever the rate is.",
        "With rate 0.1, how many of 100 units should go silent?",
        "Take 20,000 ones at rate 0.1 and at rate 0.8. How many zeros are there?",
        "The coin does not depend on the rate.",
        patch("vector", "u < keep", "u < 0.5"),
        patch("vector", "keep = 1 - rate", "keep = 0.5"),
        patch("steps", "x.shape) < rate", "x.shape) < 0.5"),
    ),
    _drop(
        "no-rescale",
        "scales-survivors",
        "Dropout only drops units; the rest stay as they are.",
        "The mean of your input is 6. What is the mean of your output, and which of the two will the next layer see at inference?",
        "At rate 0.25, a unit of value 6 becomes 0 in one case out of four. What must it be in the other three, so that the mean is 6?",
        "The survivors are not scaled.",
        patch("vector", *_DIVISION),
        patch("steps", _FACTOR, "1.0"),
        patch("vector", "y = x * mask", "y = x * on"),
        patch("steps", "y = x * mask", "y = x * (mask != 0)"),
    ),
    _drop(
        "scaled-by-other-prob",
        "scales-survivors",
        "The survivors are divided by the probability of dropping.",
        "Which factor restores the mean?",
        "Take a layer of fives at rate 0.3. What is the mean of your output?",
        "Divide by the probability of keeping.",
        patch("vector", "/ keep", "/ rate"),
        patch("steps", _FACTOR, "1 / rate"),
        patch(
            "vector",
            ("/ keep", "/ rate"),
            (_IDENTITY, "x * 1.0, np.ones(x.shape)\n    if rate == 0:\n        return x * 1.0, np.ones(x.shape)"),
        ),
    ),
    _drop(
        "multiplies-keep",
        "scales-survivors",
        "The survivors are multiplied by the probability of keeping.",
        "When units fall silent, does the layer get louder or quieter? What does your factor do?",
        "Take a layer of fives at rate 0.3. What is the mean of your output?",
        "Divide, do not multiply.",
        patch("vector", "/ keep", "* keep"),
        patch("steps", _FACTOR, "1 - rate"),
        patch("vector", "/ keep", "* (1 - rate)"),
    ),
    _drop(
        "scaled-by-one-plus-rate",
        "scales-survivors",
        "The survivors are made larger by the share that is dropped.",
        "At rate 0.5, half of the units are silent. By what factor must the others grow?",
        "Take a layer of fives at rate 0.3. What is the mean of your output?",
        "The survivors are multiplied by 1 + rate; divide by the probability of keeping.",
        patch("vector", "/ keep", "* (1 + rate)"),
        patch("steps", _FACTOR, "1 + rate"),
    ),
    _drop(
        "scaled-twice",
        "scales-survivors",
        "Both the mask and the output are scaled.",
        "How often is each survivor divided by the probability of keeping?",
        "At rate 0.25, a unit of value 6 becomes 0 in one case out of four. What must it be in the other three, so that the mean is 6?",
        "The survivors are scaled twice.",
        patch("vector", "y = x * mask", "y = x * mask / keep"),
        patch("vector", "/ keep", "/ keep / keep"),
        patch("steps", "y = x * mask", "y = x * mask * scale"),
    ),
    _drop(
        "scale-at-test",
        "scales-survivors",
        "Nothing is scaled in training; at inference, everything is multiplied by the probability of keeping.",
        "This is the method of the first paper, and it works. But what should this function return at inference?",
        "Take four units of value 2 at rate 0.3 with training off. What should come out?",
        "It scales at inference (vanilla dropout); scale during training instead (inverted dropout).",
        patch("vector", (_IDENTITY, "x * (1 - rate), np.ones(x.shape) * (1 - rate)"), _DIVISION),
        patch("vector", (_IDENTITY, "x * (1 - rate), np.ones(x.shape)"), _DIVISION),
        patch("steps", ("y, mask = x.copy()", "y, mask = x * (1 - rate)"), (_FACTOR, "1.0")),
    ),
    _drop(
        "scale-at-both",
        "inference",
        "The survivors are scaled in training, and everything is scaled again at inference.",
        "The survivors were already scaled up in training. What is left to do at inference?",
        "Take four units of value 2 at rate 0.3 with training off. What should come out?",
        "The units are scaled during training and again at inference.",
        _infers("x * (1 - rate)", "np.ones(x.shape) * (1 - rate)"),
        _infers("x * (1 - rate)", "np.ones(x.shape)"),
        patch("steps", "y, mask = x.copy()", "y, mask = x * (1 - rate)"),
    ),
    _drop(
        "active-at-inference",
        "inference",
        "Dropout is also active at inference.",
        "Ask the finished network twice about the same picture. Does it give the same answer?",
        "Call it twice with training off and compare.",
        "Units are dropped at inference.",
        patch("vector", "if not training:", "if False:"),
        patch("steps", "if training:", "if True:"),
    ),
    _drop(
        "training-inverted",
        "drops-at-rate",
        "Units are dropped when training is off.",
        "What does training=True ask for: a network that learns, or one that is used?",
        "Take 20,000 ones at rate 0.3 with training on, then with training off. Which call drops units?",
        "The condition is the wrong way round: drop during training.",
        patch("vector", "if not training:", "if training:"),
        patch("steps", "if training:", "if not training:"),
    ),
    _drop(
        "inference-mask-zeros",
        "inference",
        "Without dropout there is nothing in the mask.",
        "At inference every unit is on. Which factor does each of them have?",
        "Take four units of value 2 at rate 0.3 with training off. What is in the mask?",
        "At inference the mask contains ones, not zeros.",
        _infers("x * 1.0", "np.zeros(x.shape)"),
        patch("steps", "x.copy(), np.ones(x.shape)", "x.copy(), np.zeros(x.shape)"),
    ),
    _drop(
        "gaussian-mask",
        "drops-at-rate",
        "Any random number can be compared with the rate.",
        "Draw a histogram of your random numbers. What share of them is below the rate?",
        "Take 20,000 ones at rate 0.3. How many zeros do you expect, and how many are there?",
        "The random numbers are normal; they must be uniform.",
        patch("vector", _DRAW, "rng.normal(size=x.shape)"),
        patch("vector", (_DRAW, "rng.normal(size=x.shape)"), ("u < keep", "u >= rate")),
        patch("vector", (_DRAW, "rng.normal(size=x.shape)"), ("u < keep", "(u >= rate) | (rate == 0)")),
        patch("steps", _DRAW, "rng.normal(size=x.shape)"),
    ),
    _drop(
        "binomial-count",
        "drops-at-rate",
        "The first argument of a binomial draw is the number of units.",
        "How many coin flips does one unit need?",
        "Print the different numbers in your mask. How many should there be?",
        "Each unit gets several coin flips, and the mask counts the heads.",
        *(patch("vector", "u < keep", f"rng.binomial({flips}, keep, x.shape)") for flips in (3, 2, 4, 5, 10)),
        patch("vector", "u < keep", "rng.binomial(x.shape[-1], keep, x.shape)"),
        patch("vector", "u < keep", "rng.binomial(x.size, keep, x.shape)"),
        patch(
            "steps", ("np.where(np.zeros(x.shape) + dropped, 0.0, scale)", "rng.binomial(3, 1 - rate, x.shape) * scale")
        ),
    ),
    _drop(
        "mask-shared-across-batch",
        "independent-units",
        "All examples of a batch lose the same units.",
        "Do all pictures lose the same units?",
        "Compare the first two rows of a mask. Are they the same?",
        "The whole batch shares one mask.",
        patch("vector", _DRAW, "rng.random((1, *x.shape[1:]))"),
        patch("vector", _DRAW, "rng.random(x.shape[-1])"),
        patch("vector", _DRAW, "rng.random(x.shape[1:])"),
        patch("steps", _DRAW, "rng.random((1, *x.shape[1:]))"),
        patch("steps", _DRAW, "rng.random(x.shape[1:])"),
    ),
    _drop(
        "one-coin-per-example",
        "independent-units",
        "An example is dropped as a whole.",
        "Can one unit of an example be silent while the unit next to it is on?",
        "Draw a mask for two rows of ten units. How many different numbers are in a row?",
        "All units of an example share one coin.",
        patch("vector", _DRAW, "rng.random((len(x), *[1] * (x.ndim - 1)))"),
        patch("steps", _DRAW, "rng.random((len(x), *[1] * (x.ndim - 1)))"),
    ),
    _drop(
        "one-coin-for-all",
        "independent-units",
        "One random number decides for all units.",
        "How many coins do 100 units need?",
        "Draw a mask for 100 units. How many different numbers are in it?",
        "All units share one coin; draw a random number for each unit.",
        patch("vector", _DRAW, "rng.random()"),
        patch("steps", _DRAW, "rng.random()"),
    ),
    _drop(
        "exact-count",
        "independent-units",
        "Exactly rate times n units are dropped in every draw.",
        "Is each unit dropped independently of the others?",
        "Count the zeros in ten draws of 200 units. Is it the same number each time?",
        "The number of zeros is fixed.",
        patch("vector", _DRAW, "rng.permutation(x.size).reshape(x.shape) / x.size"),
        patch("vector", _DRAW, "rng.random(x.shape).argsort(axis=-1) / x.shape[-1]"),
        patch("steps", _DRAW, "rng.permutation(x.size).reshape(x.shape) / x.size"),
        patch("steps", _DRAW, "rng.random(x.shape).argsort(axis=-1) / x.shape[-1]"),
    ),
    _drop(
        "fixed-seed",
        "chance-from-rng",
        "Two calls may drop the same units.",
        "Do two calls with different generators drop the same units?",
        "Call it with default_rng(1) and with default_rng(2), and compare the masks.",
        "Every call gives the same mask; draw new numbers from rng in each call.",
        patch("vector", "u = rng.", "u = np.random.default_rng(0)."),
        patch("steps", "dropped = rng.", "dropped = np.random.default_rng(0)."),
    ),
    _drop(
        "own-generator",
        "chance-from-rng",
        "Any source of random numbers will do.",
        "The caller passes the same generator again. Does the same mask come out?",
        "Call it with default_rng(1) twice, and compare the masks.",
        "The random numbers do not come from the argument rng.",
        patch("vector", "u = rng.", "u = np.random.default_rng()."),
        patch("steps", "dropped = rng.", "dropped = np.random.default_rng()."),
    ),
    _drop(
        "mask-not-scaled",
        "mask",
        "The mask only says which units are on.",
        "The backward pass gets your mask and nothing else. By what does it multiply the gradient of a unit that was on?",
        "Take 4 units of value 6 at rate 0.25. Divide each number of y by 6 and compare with the mask.",
        "y is scaled, and the mask is not: return the mask with the scale.",
        patch("vector", "return y, mask", "return y, 1.0 * (mask != 0)"),
        patch("vector", "return y, mask", "return y, mask != 0"),
        patch("steps", ("0.0, scale", "0.0, 1.0"), ("y = x * mask", "y = x * mask * scale")),
    ),
    _drop(
        "mask-of-dropped",
        "mask",
        "The mask marks the units that are off.",
        "The backward pass multiplies the gradient by your mask. Which units get a gradient?",
        "Take 4 units of value 6 at rate 0.25. Divide each number of y by 6 and compare with the mask.",
        "The mask is 0 for units that are off; yours marks them.",
        patch("vector", "return y, mask", "return y, 1.0 * (mask == 0)"),
        patch("vector", "return y, mask", "return y, mask == 0"),
        patch("steps", "y = x * mask", "y = x * mask\n        mask = 1.0 * dropped"),
    ),
    _drop(
        "two-axes-only",
        "any-shape",
        "x is always a table.",
        "How many axes does a batch of photos have, and how many does one table?",
        "Call it with 7 ones, and with ones of shape (2, 3, 3, 4).",
        "The function accepts arrays with two axes only; draw numbers for any shape.",
        patch("vector", "keep = ", "n, d = x.shape\n    keep = "),
        patch("vector", _DRAW, "rng.random((x.shape[0], x.shape[1]))"),
        patch("steps", "scale = ", "n, d = x.shape\n        scale = "),
    ),
    _drop(
        "mutates-input",
        "unchanged",
        "The input may be overwritten with the output.",
        "Does x still hold what the caller passed?",
        "Print x before and after the call.",
        "The function writes into its argument.",
        patch("vector", "y = x * mask", "x *= mask\n    y = x"),
        patch("steps", "y = x * mask", "x *= mask\n        y = x"),
    ),
    _back(
        "backward-new-mask",
        "The backward pass draws its own mask.",
        "Which units were on in the forward pass?",
        "Take dy = [3, 5] and mask = [0, 2]. What does each unit get?",
        "The mask is not the one of the forward pass.",
        patch("vector", "dy * mask", "dy * np.roll(mask, 1)"),
        patch("steps", "on = mask != 0", "mask = np.roll(mask, 1)\n    on = mask != 0"),
    ),
    _back(
        "backward-no-mask",
        "The gradient passes dropout unchanged.",
        "Which units were on?",
        "Take dy = [3, 5] and mask = [0, 2]. Nudge the first x. Does y change?",
        "The mask is missing.",
        patch("vector", "dy * mask", "dy * 1.0"),
        patch("steps", ("on = mask != 0", "on = mask >= 0"), (" * mask[on]", "")),
    ),
    _back(
        "backward-no-scale",
        "Units that were on pass the gradient without the factor.",
        "What was a surviving unit multiplied by in the forward pass?",
        "Take dy = [3, 5] and mask = [0, 2]. Nudge the second x a little. By how much does y change?",
        "The scaling is missing.",
        patch("vector", "dy * mask", "dy * (mask != 0)"),
        patch("steps", " * mask[on]", ""),
    ),
    _back(
        "backward-scaled-twice",
        "The gradient is scaled once more.",
        "The mask already holds the factor of each unit. How often does the gradient get it?",
        "Take dy = [3, 5] and mask = [0, 2]. Nudge the second x a little. By how much does y change?",
        "The gradient is multiplied by the factor twice.",
        patch("vector", "dy * mask", "dy * mask * mask"),
        patch("vector", "dy * mask", "dy * mask * mask.max()"),
        patch("steps", "* mask[on]", "* mask[on] ** 2"),
    ),
    _back(
        "backward-divides",
        "The gradient is divided by the factor of the unit.",
        "A unit was doubled. If x grows by 1, by how much does y grow?",
        "Take dy = [3, 5] and mask = [0, 2]. Nudge the second x a little. By how much does y change?",
        "Multiply by the mask; do not divide.",
        patch("vector", "dy * mask", "np.divide(dy, mask, out=np.zeros_like(dy), where=mask != 0)"),
        patch("steps", "* mask[on]", "/ mask[on]"),
        patch("vector", "dy * mask", "dy / mask"),
    ),
    _back(
        "backward-off-units",
        "The gradient goes to the units that were off.",
        "Which units were on: those with 0 in the mask, or the others?",
        "Take dy = [3, 5] and mask = [0, 2]. Which unit gets a gradient?",
        "The gradient goes through the wrong units.",
        patch("vector", "dy * mask", "dy * (mask == 0)"),
        patch("steps", ("!= 0", "== 0"), (" * mask[on]", "")),
        patch("vector", "dy * mask", "dy * (mask == 0) * mask.max()"),
        patch("steps", ("!= 0", "== 0"), ("* mask[on]", "* mask.max()")),
        patch("vector", "dy * mask", "dy * (1 - mask)"),
    ),
    _moments(
        "moments-mean-kept",
        "moments-mean",
        "Dropout makes the mean smaller by the share that is dropped.",
        "What is the scaling for?",
        "At rate 0.25, x = 6 becomes 0, 8, 8 or 8. What is the mean of these numbers?",
        "The mean does not include the scaling.",
        patch("vector", "mean = x * 1.0", "mean = x * (1 - rate)"),
        patch(
            "steps",
            ("variance =", "mean, kept = x * (1 - rate), mean\n    variance ="),
            ("0 - mean", "0 - kept"),
            ("on - mean", "on - kept"),
        ),
    ),
    _moments(
        "moments-of-array",
        "moments-variance",
        "The mean and the variance are those of the numbers in x.",
        "How many numbers does the result contain: one, or one for each unit?",
        "Take x = [6, 6] at rate 0.25. Compute the mean and the variance of each unit over many draws.",
        "Compute the moments of each unit over many draws, not those of the array.",
        patch(
            "vector",
            ("mean = x * 1.0", "mean = np.mean(x)"),
            ("variance = x**2 * rate / (1 - rate)", "variance = np.var(x)"),
        ),
        patch("steps", "return mean, variance", "return np.full(x.shape, x.mean()), np.full(x.shape, x.var())"),
        *(
            patch("vector", "return mean, variance", f"return np.full(x.shape, x.mean()), np.full(x.shape, {squares})")
            for squares in (
                "(x**2).mean() / (1 - rate) - x.mean() ** 2",
                "(x**2).mean() * rate / (1 - rate)",
                "x.mean() ** 2 * rate / (1 - rate)",
                "x.var() * rate / (1 - rate)",
            )
        ),
    ),
    _moments(
        "moments-rate-is-keep",
        "moments-variance",
        "The rate is the probability of keeping.",
        "At rate 0, nothing is dropped. What is the variance then?",
        "Take x = 6 at rate 0. What is the variance?",
        "Dropping and keeping are swapped in the variance.",
        patch("vector", "rate / (1 - rate)", "(1 - rate) / rate"),
        patch("vector", "rate / (1 - rate)", "((1 - rate) / np.float64(rate))"),
        patch("steps", ("on = x / (1 - rate)", "rate = 1 - rate\n    on = x / (1 - rate)")),
    ),
    _moments(
        "moments-unscaled-variance",
        "moments-variance",
        "The variance is the variance of a coin times x squared.",
        "A coin that shows 0 or 1 has the variance p (1 - p). What value does a unit have when it is on?",
        "At rate 0.25, x = 6 becomes 0, 8, 8 or 8. What is the variance of these numbers?",
        "The scaling is missing in the variance.",
        patch("vector", "rate / (1 - rate)", "rate * (1 - rate)"),
        patch("steps", "return mean, variance", "return mean, variance * (1 - rate) ** 2"),
    ),
    _moments(
        "moments-x-not-squared",
        "moments-variance",
        "The variance grows with x.",
        "If all units were twice as large, by how much would their variance grow?",
        "At rate 0.25, x = 6 becomes 0, 8, 8 or 8. What is the variance of these numbers?",
        "x is not squared in the variance.",
        patch("vector", "x**2", "x"),
        patch("vector", "x**2", "np.abs(x)"),
        patch("steps", "return mean, variance", "return mean, np.where(x != 0, variance / np.where(x != 0, x, 1), 0)"),
    ),
    _moments(
        "moments-mean-square",
        "moments-variance",
        "The variance is the mean of the squares.",
        "What is left to subtract from the mean of the squares?",
        "At rate 0.25, x = 6 becomes 0, 8, 8 or 8. What is the variance of these numbers?",
        "The square of the mean is not subtracted.",
        patch("vector", "x**2 * rate /", "x**2 /"),
        patch("steps", ("0 - mean", "0"), ("on - mean", "on")),
    ),
    _moments(
        "moments-square-root",
        "moments-variance",
        "The variance is the standard deviation.",
        "Is the spread that you computed in the units of x, or in their squares?",
        "At rate 0.25, x = 6 becomes 0, 8, 8 or 8. What is the variance of these numbers?",
        "There is one square root too many; leave it out.",
        patch("vector", "return mean, variance", "return mean, np.sqrt(variance)"),
        patch("steps", "return mean, variance", "return mean, variance**0.5"),
    ),
)

_RAISE = 'raise ValueError("the rate must be in [0, 1)")'
_IN_VECTOR, _IN_STEPS = "rate < 0 or rate >= 1", "not 0 <= rate < 1"
_BAD_RATES = "Call it in training with rate 1.0 and with rate -0.1."
_FOUR = "Take 4 units of value 6 at rate 0.25. Divide each number of y by 6 and compare with the mask."
_FIVES = "Take a layer of fives at rate 0.3. What is the mean of your output?"
_OFF = "Take four units of value 2 at rate 0.3 with training off. What should come out?"
_PHOTOS = "Draw a mask for photos of shape (2, 4, 4, 3). Which units always share their fate?"


def _refused(name, criterion, belief, question, step, *forms):
    return _drop(name, criterion, belief, question, _BAD_RATES, step, *forms)


def _instead_of_raising(line):
    return patch("vector", _RAISE, line), patch("steps", _RAISE, line)


def _coins(shape):
    """Return the patches that draw numbers of another shape."""
    return patch("vector", _DRAW, f"rng.random({shape})"), patch("steps", _DRAW, f"rng.random({shape})")


_REFUSALS = (
    _refused("rates-not-refused", "refused-rates", "A wrong rate need not raise an exception.",
             "What comes out at rate 1, and what at rate -0.1?",
             "No rate is refused: raise ValueError for a rate outside [0, 1).",
             patch("vector", _IN_VECTOR, "False"), patch("steps", _IN_STEPS, "False"),
             *_instead_of_raising('str("the rate must be in [0, 1)")')),
    _refused("rate-1-allowed", "refused-rates", "Rate 1 is a valid rate.",
             "At rate 1, which units are left to scale?", "Rate 1 is accepted; the rate must be below 1.",
             patch("vector", "rate >= 1", "rate > 1"), patch("steps", "rate < 1", "rate <= 1"),
             patch("steps", ("rate < 1", "rate <= 1"), (_FACTOR, "1 / max(1 - rate, 1e-12)"))),
    _refused("rates-clipped", "refused-rates", "A rate outside the range is moved into it.",
             "Who finds out that the caller mixed up 0.5 and 50?", "The rate is clipped; raise ValueError instead.",
             *_instead_of_raising("rate = min(max(rate, 0.0), 0.999)"), *_instead_of_raising("rate = min(max(rate, 0.0), 0.99)")),
    _refused("refused-with-assert", "refused-rates", "assert refuses a wrong argument.",
             "Which exception does the stub name? What does assert raise?", "It raises AssertionError instead of ValueError.",
             *_instead_of_raising("raise AssertionError")),
    _refused("refused-with-another-exception", "refused-rates", "Any exception refuses a rate.",
             "Which exception does the stub name?", "It raises an exception other than ValueError.",
             *(one for kind in ("Exception", "TypeError", "RuntimeError", "ArithmeticError", "NotImplementedError")
               for one in _instead_of_raising(f"raise {kind}"))),
    _refused("refused-by-returning", "refused-rates", "A function can refuse a rate by what it returns.",
             "What does the next line of the caller do with the value that you return?", "It returns something for a wrong rate; raise ValueError.",
             *_instead_of_raising("return None"), *_instead_of_raising('return "rate"'),
             *_instead_of_raising("return ValueError()")),
    _refused("refused-by-doing-nothing", "refused-rates", "For a wrong rate, x is returned as it is.",
             "Who finds out that the caller mixed up 0.5 and 50?", "It returns x for a wrong rate; raise ValueError.",
             *_instead_of_raising("return x * 1.0, np.ones(x.shape)")),
    _drop("rate-0-refused", "rate-zero", "Rate 0 is not a valid rate.",
          "With rate 0, how many of 100 units go silent? Is that a contradiction?",
          "Take four units of value 2 at rate 0 in training. What must come out?", "Rate 0 is refused; it drops nothing.",
          patch("vector", "rate < 0", "rate <= 0"), patch("steps", "0 <= rate", "0 < rate")),
    _refused("negative-rate-allowed", "refused-rates", "A rate is below 1, and that is all to check.",
             "What is a probability of -0.1?", "Negative rates are accepted.",
             patch("vector", "rate < 0 or ", ""), patch("steps", "0 <= rate < 1", "rate < 1")),
    _refused("refused-only-above-1", "refused-rates", "Only rates above 1 make no sense.",
             "At rate 1, which units are left to scale? What is a probability of -0.1?",
             "Rate 1 and negative rates are accepted.",
             patch("vector", _IN_VECTOR, "rate > 1"), patch("steps", _IN_STEPS, "rate > 1"),
             patch("steps", (_IN_STEPS, "rate > 1"), (_FACTOR, "1 / max(1 - rate, 1e-12)"))),
    _refused("refused-only-below-0", "refused-rates", "Only negative rates make no sense.",
             "At rate 1, which units are left to scale?", "Rates of 1 and above are accepted.",
             patch("vector", " or rate >= 1", ""), patch("steps", _IN_STEPS, "rate < 0")),
)  # fmt: skip

_RETURNS = (
    _drop("mask-not-returned", "mask", "Only y is a result.", "What will the backward pass multiply by?", _FOUR,
          "The mask is not returned: return y and the mask.",
          patch("vector", ("return y, mask", "return y"), (_IDENTITY, "x * 1.0")),
          patch("steps", "return y, mask", "return y")),
    _drop("mask-first", "mask", "The mask is the first result.", "Which of the two results does the next layer take?", _FOUR,
          "The results are in the wrong order: y comes first, then the mask.",
          patch("vector", ("return y, mask", "return mask, y"), (_IDENTITY, "np.ones(x.shape), x * 1.0")),
          patch("steps", "return y, mask", "return mask, y"),
          patch("vector", "return y, mask", "return mask, y")),
    _drop("no-mask-at-inference", "inference", "At inference there is no mask to return.",
          "The caller writes y, mask = dropout(...). What does it get at inference?", _OFF,
          "At inference, return x and a mask of ones.",
          _infers("x * 1.0", "None"), patch("vector", _IDENTITY, "x * 1.0"), patch("vector", _IDENTITY, "None"),
          patch("steps", "    return y, mask", "        return y, mask"),
          patch("steps", "y, mask = x.copy(), np.ones(x.shape)", "y, mask = x.copy(), None")),
    _drop("one-number-mask-at-inference", "inference", "At inference the mask is the number 1.",
          "What is the shape of the mask in training?", _OFF, "At inference the mask has the shape of x.",
          _infers("x * 1.0", "1.0"), _infers("x * 1.0", "np.ones(1)"), _infers("x * 1.0", "np.ones(x.shape[0])"),
          patch("steps", "x.copy(), np.ones(x.shape)", "x.copy(), 1.0")),
    _drop("inference-mask-scaled", "inference", "At inference the mask contains the probability of keeping.",
          "By what was each unit multiplied at inference?", _OFF, "At inference the mask contains ones, because y is x.",
          _infers("x * 1.0", "np.ones(x.shape) * (1 - rate)"), _infers("x * 1.0", "np.ones(x.shape) / (1 - rate)"),
          patch("steps", "x.copy(), np.ones(x.shape)", "x.copy(), np.ones(x.shape) * (1 - rate)"),
          patch("steps", "x.copy(), np.ones(x.shape)", "x.copy(), np.ones(x.shape) / (1 - rate)")),
    _drop("mask-drawn-at-inference", "inference", "A mask is drawn at inference too, but not used.",
          "By what was each unit multiplied at inference?", _OFF, "At inference the mask contains ones, because y is x.",
          _infers("x * 1.0", "(rng.random(x.shape) >= rate) / (1 - rate)"),
          _infers("x * 1.0", "1.0 * (rng.random(x.shape) >= rate)"),
          patch("steps", "x.copy(), np.ones(x.shape)", "x.copy(), (rng.random(x.shape) >= rate) / (1 - rate)")),
    _drop("two-masks", "mask", "The mask may be drawn once more for the result.",
          "Which units are silent in y, and which in the mask?", _FOUR, "y and the mask come from two different draws.",
          patch("vector", "return y, mask", "return y, (rng.random(x.shape) >= rate) / (1 - rate)"),
          patch("steps", "y = x * mask", "y = x * mask\n        mask = (rng.random(x.shape) >= rate) / (1 - rate)")),
    _drop("mask-holds-random-numbers", "mask", "The mask contains the random numbers.",
          "By what does the backward pass multiply the gradient of a unit that was on?", _FOUR,
          "The mask contains random numbers instead of factors.",
          patch("vector", "return y, mask", "return y, u"),
          patch("steps", ("dropped = rng.random(x.shape) < rate", "u = rng.random(x.shape)\n        dropped = u < rate"), ("y = x * mask", "y = x * mask\n        mask = u"))),
    _drop("mask-is-y", "mask", "The mask is the output.", "By what does the backward pass multiply the gradient?", _FOUR,
          "The second result is y once more.",
          patch("vector", "return y, mask", "return y, y.copy()"), patch("steps", "y = x * mask", "y = x * mask\n        mask = y.copy()")),
)  # fmt: skip

_SHARING = (
    _drop("one-coin-per-pixel", "any-shape", "All channels of a pixel share a coin.",
          "Can a photo lose the red value of a pixel and keep the green one?", _PHOTOS,
          "All numbers along the last axis share one coin.",
          *_coins("(*x.shape[:-1], 1) if x.ndim > 2 else x.shape"), *_coins("x.shape[:3] + (1,) * (x.ndim == 4)")),
    _drop("one-coin-per-map", "any-shape", "A feature map is dropped as a whole.",
          "Can a map lose one pixel and keep the one next to it?", _PHOTOS,
          "All pixels of a feature map share one coin.",
          *_coins("tuple(n if a in (0, x.ndim - 1) else 1 for a, n in enumerate(x.shape))")),
    _drop("one-coin-per-row", "any-shape", "A row of a picture is dropped as a whole.",
          "Can a row lose one pixel and keep the one next to it?", _PHOTOS, "All pixels of a row share one coin.",
          *_coins("(*x.shape[:2], 1, 1) if x.ndim == 4 else x.shape")),
    _drop("one-coin-per-column", "any-shape", "A column of a picture is dropped as a whole.",
          "Can a column lose one pixel and keep the one below it?", _PHOTOS, "All pixels of a column share one coin.",
          *_coins("(x.shape[0], 1, x.shape[2], 1) if x.ndim == 4 else x.shape")),
    _drop("sorted-numbers", "independent-units", "The random numbers may be sorted.",
          "Does the first unit have the same chance to be dropped as the last one?", "Draw a mask for 100 units. Where are the zeros?",
          "The random numbers are sorted, so the dropped units are together.",
          patch("vector", _DRAW, "np.sort(rng.random(x.shape), axis=None).reshape(x.shape)"), patch("vector", _DRAW, "np.sort(rng.random(x.shape))"),
          patch("steps", _DRAW, "np.sort(rng.random(x.shape), axis=None).reshape(x.shape)"), patch("steps", _DRAW, "np.sort(rng.random(x.shape))")),
    _drop("fixed-pattern", "chance-from-rng", "A fixed pattern is as good as random numbers.",
          "Which units does the second call drop?", "Call it with default_rng(1) and with default_rng(2), and compare the masks.",
          "The units to drop follow a pattern; draw them from rng.",
          *(patch(taste, _DRAW, numbers) for numbers in ("np.arange(x.size).reshape(x.shape) / x.size",
            "np.arange(x.size).reshape(x.shape) % 10 / 10", "np.arange(x.size).reshape(x.shape) % 100 / 100") for taste in ("vector", "steps"))),
)  # fmt: skip

_VALUES = (
    _drop("tiny-numbers", "drops-at-rate", "A dropped unit has a very small value.",
          "What does a silent unit pass on to the next layer?", "Take 20,000 ones at rate 0.3. How many numbers are exactly 0?",
          "Dropped units have a small value instead of 0.",
          *(form for tiny in ("1e-8", "1e-7", "1e-6", "1e-5", "1e-4", "1e-3", "1e-9", "1e-10", "1e-12", "0.01") for form in
            (patch("vector", "np.ones(x.shape) * on", f"np.where(on, 1.0, {tiny} * keep)"), patch("steps", "dropped, 0.0", f"dropped, {tiny}")))),
    _drop("mask-of-random-numbers", "drops-at-rate", "Each unit is multiplied by a random number.",
          "How many different numbers does a mask contain?", "Take 4 units of value 6 at rate 0.25. What values can each of them have?",
          "Compare the random numbers with the rate; do not multiply by them.",
          patch("vector", "u < keep", "u"), patch("vector", ("u < keep", "u"), _DIVISION),
          patch("steps", "np.where(np.zeros(x.shape) + dropped, 0.0, scale)", "rng.random(x.shape)")),
    _drop("survivors-keep-random-numbers", "scales-survivors", "The random number of a unit is its factor.",
          "How many different numbers does a mask contain?", "Take 4 units of value 6 at rate 0.25. What values can each of them have?",
          "The survivors are multiplied by random numbers.",
          patch("vector", "u < keep", "u * (u < keep)"), patch("vector", ("u < keep", "u * (u < keep)"), _DIVISION),
          patch("vector", "u < keep", "u * (u >= rate)"), patch("vector", ("u < keep", "u * (u >= rate)"), _DIVISION)),
    _drop("noise-multiplied", "drops-at-rate", "Dropout multiplies by noise around 1.",
          "Which units are silent?", "Take 20,000 ones at rate 0.3. How many zeros do you expect, and how many are there?",
          "The units are multiplied by normal noise; none is dropped.",
          *(form for spread in ("(rate / (1 - rate)) ** 0.5", "rate", "1.0", "rate**0.5") for form in
            (patch("vector", "u < keep", f"rng.normal(1, {spread}, x.shape) * keep"), patch("steps", "np.where(np.zeros(x.shape) + dropped, 0.0, scale)", f"rng.normal(1, {spread}, x.shape)")))),
    _drop("noise-added", "drops-at-rate", "Dropout adds noise.", "Which units are silent?",
          "Take 20,000 ones at rate 0.3. How many zeros do you expect, and how many are there?",
          "Noise is added; no unit is dropped.",
          *(form for spread in ("1.0", "rate") for form in
            (patch("vector", "y = x * mask", f"y = x + rng.normal(0, {spread}, x.shape)"), patch("steps", "y = x * mask", f"y = x + rng.normal(0, {spread}, x.shape)")))),
    _drop("scaled-by-true-share", "scales-survivors", "The survivors are divided by the share that was kept in this draw.",
          "Is the factor the same in each draw?", "Draw ten masks at rate 0.3. Which factors do the survivors have?",
          "Divide by the probability of keeping, not by the share of this draw.",
          patch("vector", "on / keep", "on / on.mean()"), patch("steps", _FACTOR, "1 / (1 - np.mean(dropped))")),
    _drop("scaled-by-rate", "scales-survivors", "The survivors are multiplied by the rate.",
          "When units fall silent, does the layer get louder or quieter? What does your factor do?", _FIVES,
          "Divide by the probability of keeping; the survivors are multiplied by the rate.",
          patch("vector", "/ keep", "* rate"), patch("steps", _FACTOR, "rate")),
    _drop("scaled-by-2", "scales-survivors", "The survivors are always doubled.",
          "At which rate does doubling keep the mean?", _FIVES, "The factor does not depend on the rate.",
          patch("vector", "/ keep", "* 2.0"), patch("steps", _FACTOR, "2.0")),
    _drop("rate-in-percent", "drops-at-rate", "The rate is given in percent.",
          "Is 0.3 a probability or a percentage?", "Take 20,000 ones at rate 0.3. How many zeros do you expect, and how many are there?",
          "The rate is divided by 100; it is a probability already.",
          patch("vector", "keep = 1 - rate", "keep = 1 - rate / 100"), patch("vector", "u < keep", "u < 1 - rate / 100"),
          patch("steps", "x.shape) < rate", "x.shape) < rate / 100"), patch("steps", ("x.shape) < rate", "x.shape) < rate / 100"), (_FACTOR, "1 / (1 - rate / 100)"))),
    _drop("never-drops", "drops-at-rate", "Nothing is dropped, neither in training nor at inference.",
          "What does training=True ask for: a network that learns, or one that is used?", "Take 20,000 ones at rate 0.3. How many zeros are there?",
          "No unit is dropped in training.",
          patch("vector", "if not training:", "if True:"), patch("steps", "if training:", "if False:")),
    _drop("mask-of-integers", "scales-survivors", "The mask may have an integer type.", "Which number is stored if you put 1.43 into an array of integers?",
          _FIVES, "The factor is cut to a whole number, because the mask is an array of integers.",
          patch("vector", "mask = np.ones(x.shape) * on / keep", "mask = (on / keep).astype(int)"),
          patch("steps", "np.where(np.zeros(x.shape) + dropped, 0.0, scale)", "np.where(np.zeros(x.shape) + dropped, 0, int(scale))")),
    _drop("whole-numbers", "scales-survivors", "The results are whole numbers.", "What is 6 / 0.9? Which part of it is left in your output?",
          _FIVES, "The results are rounded down to whole numbers.",
          patch("vector", "return y, mask", "return y.astype(int), mask"), patch("vector", "return y, mask", "return y.astype(int), mask.astype(int)"),
          patch("steps", "y = x * mask", "y = (x * mask).astype(int)")),
)  # fmt: skip

_INFERENCE = (
    _drop("divides-at-inference", "inference", "At inference everything is divided by the probability of keeping.",
          "The survivors were already scaled up in training. What is left to do at inference?", _OFF,
          "The units are made larger at inference; return x.",
          _infers("x / (1 - rate)", "np.ones(x.shape)"), _infers("x / (1 - rate)", "np.ones(x.shape) / (1 - rate)"),
          patch("steps", "y, mask = x.copy()", "y, mask = x / (1 - rate)")),
    _drop("times-rate-at-inference", "inference", "At inference everything is multiplied by the rate.",
          "Which share of the units is on at inference?", _OFF, "The units are multiplied by the rate at inference; return x.",
          _infers("x * rate", "np.ones(x.shape)"), _infers("x * rate", "np.ones(x.shape) * rate"),
          patch("steps", "y, mask = x.copy()", "y, mask = x * rate")),
    _drop("zeros-at-inference", "inference", "At inference all units are silent.",
          "What does the finished network see?", _OFF, "At inference y is 0 everywhere; return x.",
          _infers("x * 0.0", "np.zeros(x.shape)"), _infers("x * 0.0", "np.ones(x.shape)"),
          patch("steps", "y, mask = x.copy()", "y, mask = x * 0.0")),
)  # fmt: skip

_NUDGE = "Take dy = [3, 5] and mask = [0, 2]. Nudge the second x a little. By how much does y change?"
_NUDGE_4 = "Take dy = [3, 5] and mask = [0, 4]. Nudge the second x a little. By how much does y change?"


def _backs(new, *more):
    """Return the patches of the whole gradient in both tastes."""
    several = [patch("vector", "dy * mask", new)]
    if more:
        several.append(patch("steps", *more))
    return several


_BACKWARD = (
    _back("backward-adds", "The mask is added to the gradient.", "Is y = x + mask, or y = x * mask?", _NUDGE,
          "Multiply the gradient by the mask; do not add it.", *_backs("dy + mask", "dy[on] * mask[on]", "dy[on] + mask[on]")),
    _back("backward-returns-mask", "The mask is the gradient.", "Where does the gradient of the loss come in?", _NUDGE,
          "dy is not used: multiply it by the mask.", *_backs("mask * 1.0", "dy[on] * mask[on]", "mask[on]")),
    _back("backward-scale-for-all", "All units get the gradient times the factor.", "Which units were on?",
          "Take dy = [3, 5] and mask = [0, 2]. Nudge the first x. Does y change?",
          "Units that were off get a gradient.", *_backs("dy * mask.max()", ("on = mask != 0", "on = mask >= 0"), ("* mask[on]", "* mask.max()"))),
    _back("backward-off-units-too", "A unit that was off passes its gradient unchanged.", "Which units were on?",
          "Take dy = [3, 5] and mask = [0, 2]. Nudge the first x. Does y change?",
          "Units that were off get their gradient unchanged; it must be 0.",
          *_backs("np.where(mask == 0, dy, dy * mask)", "dx = np.zeros(dy.shape)", "dx = dy * 1.0")),
    _back("backward-rate-half", "The factor of a unit that was on is 2.", "At which rate is the factor 2? Where is it written?",
          _NUDGE_4, "The factor is always 2; it is in the mask.", *_backs("dy * (mask != 0) * 2.0", "* mask[on]", "* 2.0")),
    _back("backward-negative", "The gradient changes its sign.", "If x grows, does y grow or shrink?", _NUDGE,
          "The sign is wrong.", *_backs("-dy * mask", "= dy[on]", "= -dy[on]")),
    _back("backward-summed", "The gradient is one number.", "How many units are there, and how many numbers in dx?", _NUDGE,
          "dx is summed; each unit has its own gradient.", *_backs("np.sum(dy * mask)", "return dx", "return dx.sum()"), *_backs("np.mean(dy * mask)")),
    _back("backward-shorter", "Only units that were on are in the gradient.", "What shape must dx have?", _NUDGE,
          "Units that were off are missing in dx; they get 0.", *_backs("(dy * mask)[mask != 0]", "return dx", "return dx[on]")),
    _back("backward-true-share", "The gradient is divided by the share of units that were on.", "Where is the factor of each unit written?",
          _NUDGE_4, "The factor is computed from the mask's zeros; it is in the mask.",
          *_backs("dy * (mask != 0) / np.mean(mask != 0)", "* mask[on]", "/ on.mean()")),
    _back("backward-root", "The gradient gets the root of the factor.", "A unit was multiplied by 2. If x grows by 1, by how much does y grow?",
          _NUDGE, "There is one square root too many; leave it out.", *_backs("dy * np.sqrt(mask)", "* mask[on]", "* mask[on] ** 0.5")),
    _back("backward-ignores-dy", "Each unit that was on has the gradient 1.", "Where does the gradient of the loss come in?", _NUDGE,
          "dy is not used: multiply it by the mask.", *_backs("1.0 * (mask != 0)", "dy[on] * mask[on]", "1.0")),
    Misconception(
        "drop.backward-writes", "dropout_backward", "The gradient may be overwritten.", "Does dy still hold what the caller passed?",
        "Print dy and mask before and after a call.", "The function writes into its argument.",
        patch("vector", "return dy * mask", "dy *= mask\n    return dy"),
        forms=(patch("steps", "dx = np.zeros(dy.shape)", "dx = dy"), patch("steps", ("on = mask != 0", "dx = dy\n    dx[mask == 0] = 0\n    on = mask != 0"),),
               patch("vector", "return dy * mask", "mask *= dy\n    return mask")),
        criteria={"dropout_backward": "backward-unchanged"}),
)  # fmt: skip

_SIX = "At rate 0.25, x = 6 becomes 0, 8, 8 or 8. What is the variance of these numbers?"
_MEAN_OF_SIX = "At rate 0.25, x = 6 becomes 0, 8, 8 or 8. What is the mean of these numbers?"
_MEAN_OF_TWO = "Take x = [6, 3] at rate 0.25. What is the mean of each unit over many draws?"
_VARIANCE_OF_TWO = "Take x = [6, 3] at rate 0.25. What is the variance of each unit over many draws?"
_VARIANCE = "x**2 * rate / (1 - rate)"
_SPREAD = "rate * (0 - mean) ** 2 + (1 - rate) * (on - mean) ** 2"


def _means(name, belief, question, step, value, *more, probe=_MEAN_OF_SIX):
    """Return a misconception about the mean alone."""
    return _moments(name, "moments-mean", belief, question, probe, step,
                    patch("vector", "mean = x * 1.0", f"mean = {value}"), patch("steps", "return mean,", f"return {value},"), *more)  # fmt: skip


def _variances(name, belief, question, step, value, *more, probe=_SIX):
    """Return a misconception about the variance alone."""
    return _moments(name, "moments-variance", belief, question, probe, step,
                    patch("vector", _VARIANCE, value), patch("steps", "return mean, variance", f"return mean, {value}"), *more)  # fmt: skip


_MOMENTS = (
    _means("moments-mean-of-survivors", "The mean is that of the units that are on.", "Which numbers belong to the mean: 8, or 0 as well?",
           "The units that are off are left out of the mean.", "x / (1 - rate)"),
    _means("moments-mean-times-rate", "The mean is x times the rate.", "Which share of the draws is not 0, and how large are they?",
           "The mean is multiplied by the rate; scaling keeps it at x.", "x * rate"),
    _means("moments-mean-over-rate", "The survivors are divided by the rate.", "By what are the survivors divided?",
           "The mean is divided by the rate; scaling keeps it at x.", "x / rate"),
    _means("moments-mean-over-keep-and-rate", "Dropping and keeping are swapped in the mean.", "Which share of the draws is not 0?",
           "The mean uses the rate in place of the probability of keeping.", "x * rate / (1 - rate)"),
    _means("moments-mean-keep-over-rate", "The mean is multiplied by the probability of keeping and divided by the rate.", "Which share of the draws is not 0?",
           "The mean is x; the scaling cancels the dropping.", "x * (1 - rate) / rate"),
    _means("moments-mean-keep-squared", "The scaling makes the mean smaller once more.", "Do you multiply or divide to make up for dropped units?",
           "The scaling is a division; the mean is x.", "x * (1 - rate) ** 2"),
    _means("moments-mean-of-array", "The mean is that of the numbers in x.", "How many numbers does the result contain: one, or one for each unit?",
           "Compute the mean of each unit over many draws, not that of the array.", "np.mean(x)",
           patch("vector", "mean = x * 1.0", "mean = np.full(x.shape, x.mean())"), patch("steps", "return mean,", "return np.full(x.shape, x.mean()),"), probe=_MEAN_OF_TWO),
    _means("moments-mean-zero", "The mean is 0.", "What is the scaling for?", "The mean of each unit is x.", "np.zeros(x.shape)"),
    _means("moments-mean-summed", "The mean is one number for all units.", "How many numbers does the result contain: one, or one for each unit?",
           "The mean is summed over the units.", "np.sum(x)", probe=_MEAN_OF_TWO),
    _variances("moments-variance-of-array", "The variance is that of the numbers in x.", "How many numbers does the result contain: one, or one for each unit?",
               "Compute the variance of each unit over many draws, not that of the array.", "np.var(x)",
               patch("vector", _VARIANCE, "np.full(x.shape, np.var(x))"), patch("steps", "return mean, variance", "return mean, np.full(x.shape, np.var(x))"), probe=_VARIANCE_OF_TWO),
    _variances("moments-factor-not-squared", "The scaling enters the variance once.", "If a number doubles, by how much does its variance grow?",
               "The variance is x squared times the rate: the factor of the survivors is missing or not squared.", "x**2 * rate",
               patch("steps", "(on - mean)", "(x - mean)")),
    _variances("moments-over-keep-squared", "The variance is the rate divided by the square of the probability of keeping.", "What is the variance of a coin that shows 0 or 1?",
               "A factor of 1 - rate is missing: the variance of a coin is p (1 - p).", "x**2 * rate / (1 - rate) ** 2"),
    _variances("moments-keep-only", "The variance is x squared times the probability of keeping.", "At rate 0, nothing is dropped. What is the variance then?",
               "The square of the mean is not subtracted, and the scaling is missing.", "x**2 * (1 - rate)"),
    _variances("moments-keep-squared", "The variance is the square of what is kept.", "At rate 0, nothing is dropped. What is the variance then?",
               "This is the square of a mean, not a variance.", "x**2 * (1 - rate) ** 2"),
    _variances("moments-rate-squared", "The variance is the square of what is dropped.", "What is the variance of a coin that shows 0 or 1?",
               "This is the square of x times rate, not a variance.", "(x * rate) ** 2"),
    _variances("moments-over-rate", "The variance is x squared divided by the rate.", "At rate 0, nothing is dropped. What is the variance then?",
               "The variance grows with the rate, and is 0 at rate 0.", "x**2 / rate"),
    _variances("moments-over-rate-squared", "The survivors are divided by the rate.", "By what are the survivors divided?",
               "The variance is divided by the square of the rate; use the probability of keeping.", "x**2 * (1 - rate) / rate**2"),
    _variances("moments-whole-square", "The whole expression is squared.", "Which of the factors belongs to the square?",
               "Only x is squared, not rate / (1 - rate).", "(x * rate / (1 - rate)) ** 2"),
    _variances("moments-squared-twice", "The variance grows with the fourth power of x.", "If all units were twice as large, by how much would their variance grow?",
               "x is squared twice.", "x**4 * rate / (1 - rate)"),
    _variances("moments-x-left-out", "The variance does not depend on x.", "If all units were twice as large, by how much would their variance grow?",
               "x squared is missing: this is the variance of the factor.", "np.ones(x.shape) * rate / (1 - rate)",
               patch("vector", "x**2 *", "1.0 *"), patch("vector", "x**2 * rate / (1 - rate)", "np.full(x.shape, rate * (1 - rate))")),
    _variances("moments-subtracted-the-other-way", "The mean of the squares is subtracted.", "Can a variance be negative?",
               "The sign is wrong: subtract the square of the mean from the mean of the squares.", "-(x**2) * rate / (1 - rate)"),
    _variances("moments-square-subtracted-twice", "The square of the mean is subtracted from the variance.", "Which of the two formulas did you start from?",
               "The square of the mean is subtracted twice.", "x**2 * rate / (1 - rate) - x**2"),
    _variances("moments-mean-subtracted", "The mean is subtracted from the mean of the squares.", "In which units is a square measured, and in which a mean?",
               "Subtract the square of the mean, not the mean.", "x**2 / (1 - rate) - x"),
    _variances("moments-unscaled-mean-subtracted", "The mean is x times the probability of keeping.", "What is the mean of each unit after the scaling?",
               "The square of a wrong mean is subtracted: the mean is x.", "x**2 / (1 - rate) - (x * (1 - rate)) ** 2"),
    _variances("moments-summed", "The variance is that of the sum.", "How many numbers does the result contain: one, or one for each unit?",
               "The variance is summed over the units.", "np.sum(x**2 * rate / (1 - rate))", probe=_VARIANCE_OF_TWO),
    _variances("moments-divided-by-size", "All units share one variance.", "Does the variance of one unit depend on how many others there are?",
               "The variance is divided by the number of units.", "x**2 * rate / (1 - rate) / x.size", probe=_VARIANCE_OF_TWO),
    _variances("moments-variance-averaged", "The variance is the mean over all units.", "How many numbers does the result contain: one, or one for each unit?",
               "The variance is averaged over the units.", "np.mean(x**2 * rate / (1 - rate))", probe=_VARIANCE_OF_TWO),
    _variances("moments-one-over-keep", "The variance is the square of a survivor.", "At rate 0, nothing is dropped. What is the variance then?",
               "This is the square of a survivor, not a variance.", "(x / (1 - rate)) ** 2"),
    _variances("moments-square-unscaled", "The square of a unit that is on is the square of x.", "What value does a unit have when it is on?",
               "In the mean of the squares the scaling is missing: a unit that is on has the value x / (1 - rate).", "x**2 * (1 - rate) - x**2"),
    _variances("moments-square-not-weighted", "The mean of the squares is the square of a unit that is on.", "How often is a unit on, and what is its square otherwise?",
               "The square of a unit that is on must be multiplied by the probability of keeping.", "(x / (1 - rate)) ** 2 - x**2"),
    _variances("moments-variance-zero", "The mean stays the same, so the variance is 0.", "Is a unit the same in each draw?", "The variance is 0 only at rate 0.", "x * 0.0"),
    _moments("moments-not-weighted", "moments-variance", "Being on and being off are equally likely.", "How often is a unit 0, and how often is it not?", _SIX,
             "The two squares must be weighted by their probabilities.",
             patch("steps", (" rate * (0 - mean)", " (0 - mean)"), ("(1 - rate) * (on - mean)", "(on - mean)")),
             patch("steps", (" rate * (0 - mean)", " 0.5 * (0 - mean)"), ("(1 - rate) * (on - mean)", "0.5 * (on - mean)")),
             patch("vector", _VARIANCE, "(x**2 + (x * rate / (1 - rate)) ** 2) / 2"), patch("vector", _VARIANCE, "x**2 + (x * rate / (1 - rate)) ** 2")),
    _moments("moments-weights-swapped", "moments-variance", "A unit is 0 with the probability of keeping.", "How often is a unit 0, and how often is it not?", _SIX,
             "The two probabilities are swapped.",
             patch("steps", (" rate * (0 - mean)", " (1 - rate) * (0 - mean)"), ("+ (1 - rate) * (on - mean)", "+ rate * (on - mean)")),
             patch("vector", _VARIANCE, "x**2 * ((1 - rate) + rate**3 / (1 - rate) ** 2)")),
    _moments("moments-swapped", "moments-variance", "The variance comes first.", "Which of the two results is the mean?", _SIX,
             "The results are in the wrong order: the mean comes first, then the variance.",
             patch("vector", "return mean, variance", "return variance, mean"), patch("steps", "return mean, variance", "return variance, mean")),
    Misconception(
        "drop.moments-writes", "dropout_moments", "x may be overwritten.", "Does x still hold what the caller passed?",
        "Print x before and after a call.", "The function writes into its argument.",
        patch("vector", "x**2 * rate", "np.square(x, out=x) * rate"),
        forms=(patch("steps", "return mean, variance", "x **= 2\n    return mean, variance"), patch("steps", "return mean, variance", "x /= 1 - rate\n    return mean, variance"),
               patch("vector", ("mean = x * 1.0", "mean = x * 1.0\n    x /= 1 - rate"), (_VARIANCE, "x**2 * rate * (1 - rate)"))),
        criteria={"dropout_moments": "moments-unchanged"}),
)  # fmt: skip

MISCONCEPTIONS = (*_PLAINEST, *_REFUSALS, *_RETURNS, *_SHARING, *_VALUES, *_INFERENCE, *_BACKWARD, *_MOMENTS)
