"""Questions for exercise 4, generated from a seed: each wrong answer is what one misconception computes."""


def normalised(draw):
    """Ask for one number, normalised by hand."""
    mean, deviation = draw.randint(-4, 9), draw.choice([2, 3, 4])
    steps, gamma, beta = draw.choice([-2, -1, 2, 3]), draw.choice([2, 3, 5]), draw.choice([-3, -1, 1, 4])
    x = mean + steps * deviation
    right = steps * gamma + beta
    return {
        "parameters": {"x": x, "mean": mean, "variance": deviation**2, "gamma": gamma, "beta": beta},
        "ask": f"A feature has mean {mean} and variance {deviation**2} in the batch. Gamma is {gamma}, beta is {beta}, and "
        f"epsilon is negligible. What does batch normalisation turn {x} into?",
        "right": f"{right:g}",
        "because": f"({x} - {mean}) / {deviation} = {steps}; times {gamma} plus {beta} is {right}.",
        "wrong": [
            {"answer": f"{steps / deviation * gamma + beta:.6g}", "misconception": "bn.divides-by-variance", "because": f"Divide by the standard deviation, {deviation}, not by the variance."},
            {"answer": f"{steps:g}", "misconception": "bn.gamma-beta-ignored", "because": "Apply gamma and beta as well."},
            {"answer": f"{steps * gamma:g}", "misconception": "bn.beta-forgotten", "because": "Add beta as well."},
            {"answer": f"{steps * beta + gamma:g}", "misconception": "bn.gamma-beta-swapped", "because": "Gamma scales, beta shifts."},
            {"answer": f"{(steps + beta) * gamma:g}", "misconception": "bn.beta-inside-scale", "because": "Beta is added after the scaling."},
        ],
    }  # fmt: skip


def moving_mean(draw):
    """Ask for the moving mean after one batch."""
    old, batch, momentum = draw.randint(-5, 10), draw.randint(-5, 10), draw.choice([0.5, 0.8, 0.9, 0.75])
    if old == batch:
        return None
    right = round(momentum * old + (1 - momentum) * batch, 9) + 0.0
    return {
        "parameters": {"old": old, "batch": batch, "momentum": momentum},
        "ask": f"The moving mean is {old}, a batch has mean {batch}, and the momentum, as defined in Keras, is {momentum:g}. What is the new moving mean?",
        "right": f"{right:.6g}",
        "because": f"{momentum:g} x {old} + {1 - momentum:g} x {batch} = {right:.6g}: momentum is the share of the old value.",
        "wrong": [
            {"answer": f"{(1 - momentum) * old + momentum * batch:.6g}", "misconception": "bn.momentum-swapped", "because": "This is the convention of PyTorch. In Keras, momentum is the share of the old value."},
            {"answer": f"{old:g}", "misconception": "bn.running-never-updated", "because": "Each training batch changes it."},
            {"answer": f"{batch:g}", "misconception": "bn.running-replaced", "because": "It moves only part of the way."},
            {"answer": f"{momentum * old + batch:.6g}", "misconception": "bn.running-shares-do-not-sum", "because": "The shares of old and new must add up to 1; here the batch counts in full."},
        ],
    }  # fmt: skip


def parameters(draw):
    """Ask for the trainable parameters of batch normalisation."""
    side, channels = draw.choice([8, 14, 28, 32]), draw.choice([8, 16, 24, 32, 64])
    return {
        "parameters": {"side": side, "channels": channels},
        "ask": f"Batch normalisation follows a convolution with maps of {side} x {side} x {channels}. How many of its parameters does gradient descent train?",
        "right": 2 * channels,
        "because": f"Each of the {channels} channels has a gamma and a beta. The moving mean and variance are not trained.",
        "wrong": [
            {"answer": 4 * channels, "misconception": "bn.statistics-are-trained", "because": "This counts the moving mean and variance, which no gradient reaches."},
            {"answer": channels, "misconception": "bn.beta-forgotten", "because": "Each channel has a gamma and a beta."},
            {"answer": 2 * side * side * channels, "misconception": "bn.normalises-batch-axis-only", "because": "All positions of a map share their statistics, gamma and beta."},
            {"answer": 3 * channels, "misconception": "bn.epsilon-is-trained", "because": "Epsilon is a fixed number, the same for all channels."},
            {"answer": 2, "misconception": "bn.one-gamma-for-all", "because": "Every channel has its own pair."},
        ],
    }  # fmt: skip


def statistics_axes(draw):
    """Ask how many numbers go into one mean."""
    batch, side, channels = draw.choice([4, 8, 16, 32]), draw.choice([4, 7, 8, 14]), draw.choice([3, 6, 12, 24])
    return {
        "parameters": {"batch": batch, "side": side, "channels": channels},
        "ask": f"A batch has {batch} maps of {side} x {side} x {channels}. How many numbers go into the mean of one channel in batch normalisation?",
        "right": batch * side * side,
        "because": f"The mean is taken over all images and all positions: {batch} x {side} x {side}.",
        "wrong": [
            {"answer": batch, "misconception": "bn.normalises-batch-axis-only", "because": "All positions of a map count together, because one filter made them all."},
            {"answer": side * side, "misconception": "bn.normalises-per-sample", "because": "That is instance normalisation, which treats each image separately."},
            {"answer": batch * side * side * channels, "misconception": "bn.normalises-globally", "because": "Each channel has its own mean."},
            {"answer": batch * side * side * 2, "misconception": "bn.mean-and-variance-need-two", "because": "The mean and the variance are computed from the same numbers."},
            {"answer": batch * side * channels, "misconception": "bn.mean-over-a-row", "because": "The mean of a channel is taken over images, rows and columns, not over the other channels."},
            {"answer": channels, "misconception": "bn.mean-of-a-place", "because": "That is a mean over the channels at one position. Each channel has its own mean, over images and positions."},
        ],
    }  # fmt: skip


def after_batches(draw):
    """Ask for the moving mean after several equal batches."""
    momentum, batches, mean = draw.choice([0.5, 0.8, 0.9]), draw.choice([2, 3]), draw.choice([2, 4, 10, 20, 100])

    def told(value):
        return f"{round(value, 9):.6g}"

    return {
        "parameters": {"momentum": momentum, "batches": batches, "mean": mean},
        "ask": f"The moving mean starts at 0, the momentum, as defined in Keras, is {momentum:g}, and each batch has mean {mean}. What is the moving mean after {batches} batches?",
        "right": told(mean * (1 - momentum**batches)),
        "because": f"From batch to batch it is {', '.join(told(mean * (1 - momentum**t)) for t in range(batches + 1))}: each time it moves by {1 - momentum:.6g} of what is left to {mean}.",
        "wrong": [
            {"answer": told(mean * (1 - (1 - momentum) ** batches)), "misconception": "bn.momentum-swapped", "because": "Momentum is the share of the old value."},
            {"answer": told(mean), "misconception": "bn.running-replaced", "because": "It moves only part of the way each time."},
            {"answer": "0", "misconception": "bn.running-never-updated", "because": "Each training batch changes it."},
            {"answer": told(batches * mean * (1 - momentum)), "misconception": "bn.momentum-subtracts", "because": "Each batch takes a share of what is left, not of the whole way."},
            {"answer": told(mean * momentum**batches), "misconception": "bn.share-is-the-value", "because": "That is the part that is still missing."},
            {"answer": told(mean * (1 - momentum)), "misconception": "bn.alike-batches-count-once", "because": "This is the moving mean after one batch. Each later batch changes it again."},
        ],
    }  # fmt: skip


def share_of_start(draw):
    """Ask how much of a moving mean is still its start value."""
    momentum, batches = draw.choice([0.5, 0.8, 0.9, 0.95, 0.99]), draw.choice([2, 3, 10, 50, 100])
    share = momentum**batches
    if share < 0.005:
        return None
    return {
        "parameters": {"momentum": momentum, "batches": batches},
        "ask": f"The momentum, as defined in Keras, is {momentum:g}. What share of the moving mean is still the start value after {batches} batches?",
        "right": f"{share:.6g}",
        "because": f"Each batch leaves the share {momentum:g} of it: {momentum:g} to the power of {batches} is {share:.6g}.",
        "wrong": [
            {"answer": f"{(1 - momentum) ** batches:.6g}", "misconception": "bn.momentum-swapped", "because": "In Keras, momentum is the share of the old value."},
            {"answer": f"{momentum:g}", "misconception": "bn.alike-batches-count-once", "because": "That is the share after one batch."},
            {"answer": f"{max(0, 1 - batches * (1 - momentum)):.6g}", "misconception": "bn.momentum-subtracts", "because": "Each batch takes a share of what is left, not of the start."},
            {"answer": "0", "misconception": "bn.running-replaced", "because": "It moves only part of the way each time."},
            {"answer": f"{1 - share:.6g}", "misconception": "bn.share-of-the-rest", "because": "That is the share of all batches together, not that of the start value."},
            {"answer": f"{momentum ** (batches - 1):.6g}", "misconception": "bn.first-batch-does-not-count", "because": "The first batch changes the moving mean too."},
        ],
    }  # fmt: skip
