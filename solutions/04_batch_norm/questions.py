"""Questions of exercise 4, drawn from a seed: each distractor is what one named misunderstanding computes."""


def normalised(draw):
    """One number normalised by hand."""
    mean, deviation = draw.randint(-4, 9), draw.choice([2, 3, 4])
    steps, gamma, beta = draw.choice([-2, -1, 2, 3]), draw.choice([2, 3, 5]), draw.choice([-3, -1, 1, 4])
    x = mean + steps * deviation
    right = steps * gamma + beta
    return {
        "parameters": {"x": x, "mean": mean, "variance": deviation**2, "gamma": gamma, "beta": beta},
        "ask": f"A feature has mean {mean} and variance {deviation**2} in the batch, gamma = {gamma}, beta = {beta}, and "
        f"epsilon is as good as 0. What does batch normalisation make of {x}?",
        "right": f"{right:g}",
        "because": f"({x} - {mean}) / {deviation} = {steps}; times {gamma} plus {beta} is {right}.",
        "wrong": [
            {"answer": f"{steps / deviation * gamma + beta:.6g}", "misconception": "bn.divides-by-variance", "because": f"Divide by the standard deviation, {deviation}, not by the variance."},
            {"answer": f"{steps:g}", "misconception": "bn.gamma-beta-ignored", "because": "Gamma and beta are still to come."},
            {"answer": f"{steps * gamma:g}", "misconception": "bn.beta-forgotten", "because": "Beta is still to be added."},
            {"answer": f"{steps * beta + gamma:g}", "misconception": "bn.gamma-beta-swapped", "because": "Gamma scales, beta shifts."},
            {"answer": f"{(steps + beta) * gamma:g}", "misconception": "bn.beta-inside-scale", "because": "Beta is added after the scaling."},
        ],
    }  # fmt: skip


def moving_mean(draw):
    """The moving mean after one batch."""
    old, batch, momentum = draw.randint(-5, 10), draw.randint(-5, 10), draw.choice([0.5, 0.8, 0.9, 0.75])
    if old == batch:
        return None
    right = round(momentum * old + (1 - momentum) * batch, 9) + 0.0
    return {
        "parameters": {"old": old, "batch": batch, "momentum": momentum},
        "ask": f"The moving mean is {old}, a batch has mean {batch}, and momentum is {momentum:g} as in Keras. What is the moving mean now?",
        "right": f"{right:.6g}",
        "because": f"{momentum:g} x {old} + {1 - momentum:g} x {batch} = {right:.6g}: momentum is the share of the old value.",
        "wrong": [
            {"answer": f"{(1 - momentum) * old + momentum * batch:.6g}", "misconception": "bn.momentum-swapped", "because": "So PyTorch counts; in Keras momentum belongs to the old value."},
            {"answer": f"{old:g}", "misconception": "bn.running-never-updated", "because": "Each batch in training moves it."},
            {"answer": f"{batch:g}", "misconception": "bn.running-replaced", "because": "It only goes a part of the way."},
            {"answer": f"{momentum * old + batch:.6g}", "misconception": "bn.momentum-of-the-optimiser", "because": "The shares of old and new add up to 1; here the batch counts in full."},
        ],
    }  # fmt: skip


def parameters(draw):
    """The trained and the kept numbers of a batch normalisation."""
    side, channels = draw.choice([8, 14, 28, 32]), draw.choice([8, 16, 24, 32, 64])
    return {
        "parameters": {"side": side, "channels": channels},
        "ask": f"Batch normalisation behind a convolution, on maps of {side} x {side} x {channels}: how many parameters does gradient descent train in it?",
        "right": 2 * channels,
        "because": f"A gamma and a beta for each of {channels} channels. The moving mean and variance are kept, not trained.",
        "wrong": [
            {"answer": 4 * channels, "misconception": "bn.statistics-are-trained", "because": "This counts the moving mean and variance, which no gradient reaches."},
            {"answer": channels, "misconception": "bn.beta-forgotten", "because": "Each channel has a gamma and a beta."},
            {"answer": 2 * side * side * channels, "misconception": "bn.normalises-batch-axis-only", "because": "All places of a map share their statistics, gamma and beta."},
            {"answer": 2, "misconception": "bn.normalises-globally", "because": "Every channel has its own."},
        ],
    }  # fmt: skip


def statistics_axes(draw):
    """How many numbers go into one mean."""
    batch, side, channels = draw.choice([4, 8, 16, 32]), draw.choice([4, 7, 8, 14]), draw.choice([3, 6, 12, 24])
    return {
        "parameters": {"batch": batch, "side": side, "channels": channels},
        "ask": f"A batch of {batch} maps of {side} x {side} x {channels}: over how many numbers does batch normalisation take the mean of one channel?",
        "right": batch * side * side,
        "because": f"Over all images and all places: {batch} x {side} x {side}.",
        "wrong": [
            {"answer": batch, "misconception": "bn.normalises-batch-axis-only", "because": "The places of a map are taken together, as one filter made them all."},
            {"answer": side * side, "misconception": "bn.normalises-per-sample", "because": "That is instance normalisation: each image by itself."},
            {"answer": batch * side * side * channels, "misconception": "bn.normalises-globally", "because": "Channels are kept apart."},
            {"answer": channels, "misconception": "bn.mean-of-a-place", "because": "This is how many means there are, not how many numbers go into one."},
        ],
    }  # fmt: skip


def after_batches(draw):
    """The moving mean after some batches that are all alike."""
    momentum, batches, mean = draw.choice([0.5, 0.8, 0.9]), draw.choice([2, 3]), draw.choice([2, 4, 10, 20, 100])

    def told(value):
        return f"{round(value, 9):.6g}"

    return {
        "parameters": {"momentum": momentum, "batches": batches, "mean": mean},
        "ask": f"The moving mean begins at 0, momentum is {momentum:g} as in Keras, and each batch has mean {mean}. What is the moving mean after {batches} batches?",
        "right": told(mean * (1 - momentum**batches)),
        "because": f"The first value keeps the share {momentum:g} to the power of {batches}, {momentum**batches:.6g}; the rest is {mean}.",
        "wrong": [
            {"answer": told(mean * (1 - (1 - momentum) ** batches)), "misconception": "bn.momentum-swapped", "because": "Momentum is the share of the old value."},
            {"answer": told(mean), "misconception": "bn.running-replaced", "because": "It only goes a part of the way each time."},
            {"answer": "0", "misconception": "bn.running-never-updated", "because": "Each batch in training moves it."},
            {"answer": told(mean * (1 - momentum)), "misconception": "bn.alike-batches-count-once", "because": "This is the moving mean after one batch; the others move it on."},
        ],
    }  # fmt: skip
