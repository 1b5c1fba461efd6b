"""Questions for exercise 6, generated from a seed: each wrong answer is what one misconception computes."""

LAYERS = ("conv1", "norm1", "conv2", "norm2", "pool", "conv3", "norm3")


def trained_parameters(draw):
    """Ask how many parameters of a new head are trained."""
    base, features, classes = (
        draw.choice([14_000, 120_000, 2_300_000, 23_500_000]),
        draw.choice([32, 64, 512, 1280, 2048]),
        draw.choice([2, 3, 5, 10]),
    )
    head = features * classes + classes
    return {
        "parameters": {"base": base, "features": features, "classes": classes},
        "ask": f"A frozen base has {base:,} parameters and returns {features} features after global pooling. The new head is Dense({classes}) with biases. How many parameters are trained?",
        "right": head,
        "because": f"Only the head is trained: {features} x {classes} weights and {classes} biases.",
        "wrong": [
            {"answer": base + head, "misconception": "tl.base-not-frozen", "because": "The base is frozen."},
            {"answer": features * classes, "misconception": "why.dense-bias-forgotten", "because": "Each class has a bias."},
            {"answer": head + features, "misconception": "why.dense-bias-per-input", "because": "A bias belongs to a class, not to a feature."},
            {"answer": base, "misconception": "tl.base-learns-head-stays", "because": "These parameters are frozen. Only the head learns."},
            {"answer": 0, "misconception": "tl.whole-model-frozen", "because": "The head is new and must learn."},
        ],
    }  # fmt: skip


def moving_layers(draw):
    """Ask which layers learn after the top is unfrozen."""
    n = draw.randint(2, 6)
    last = LAYERS[-n:]

    def told(names):
        return ", ".join(names) or "none"

    convolutions = [name for name in last if name.startswith("conv")]
    first = [name for name in LAYERS[:n] if name.startswith("conv")]
    everything = [name for name in LAYERS if name.startswith("conv")]
    return {
        "parameters": {"n": n},
        "ask": f"A base has the layers {', '.join(LAYERS)}. You correctly unfreeze the last {n} for fine-tuning. Which layers of the base change their weights?",
        "right": told(convolutions),
        "because": f"The last {n} layers are {', '.join(last)}. Only the convolutions change: pooling has no weights, and batch normalisation stays frozen.",
        "wrong": [
            {"answer": told([name for name in last if name != "pool"]), "misconception": "tl.bn-unfrozen", "because": "Batch normalisation stays frozen: few images would spoil its statistics."},
            {"answer": told(first), "misconception": "tl.unfroze-first-layers", "because": "These are among the first layers. The first layers see edges, which every image has."},
            {"answer": told(everything), "misconception": "tl.head-and-base-together", "because": "Only the last layers are unfrozen."},
            {"answer": "none", "misconception": "tl.changed-trainable-without-recompile", "because": "That happens only if the model is not compiled again."},
        ],
    }  # fmt: skip


def brought_into_range(draw):
    """Ask for a pixel in the range of a base that expects -1 to 1."""
    tenths = draw.randint(0, 9)
    x = tenths / 10
    return {
        "parameters": {"tenths": tenths},
        "ask": f"Your images are in [0, 1], but the base was trained on [-1, 1]. What should a pixel of {x:g} become?",
        "right": f"{2 * x - 1:.4g}",
        "because": f"2 x {x:g} - 1 = {2 * x - 1:.4g}.",
        "wrong": [
            {"answer": f"{x:.4g}", "misconception": "tl.wrong-preprocessing", "because": "The base was trained on the other range."},
            {"answer": f"{x - 1:.4g}", "misconception": "tl.lower-end-is-enough", "because": "Then white would become 0. The range -1 to 0 is half as wide as the range of the base."},
            {"answer": f"{1 - 2 * x:.4g}", "misconception": "tl.range-turned", "because": "Black must become -1 and white 1, not the other way round."},
            {"answer": f"{2 * x - 2:.4g}", "misconception": "tl.shift-doubled", "because": "Subtract 1 after doubling, not before."},
            {"answer": f"{x - 0.5:.4g}", "misconception": "tl.centre-is-enough", "because": "The range -0.5 to 0.5 is half as wide as the range of the base."},
            {"answer": f"{x / 127.5 - 1:.4g}", "misconception": "tl.scaled-as-bytes", "because": "The division is for bytes, but these pixels are already in [0, 1]."},
        ],
    }  # fmt: skip
