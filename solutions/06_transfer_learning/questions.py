"""Questions of exercise 6, drawn from a seed: each distractor is what one named misunderstanding computes."""

LAYERS = ("conv1", "norm1", "conv2", "norm2", "pool", "conv3", "norm3")


def trained_parameters(draw):
    """How many parameters a new head trains."""
    base, features, classes = (
        draw.choice([14_000, 120_000, 2_300_000, 23_500_000]),
        draw.choice([32, 64, 512, 1280, 2048]),
        draw.choice([2, 3, 5, 10]),
    )
    head = features * classes + classes
    return {
        "parameters": {"base": base, "features": features, "classes": classes},
        "ask": f"A frozen base of {base:,} parameters gives {features} features behind a global pooling; the new head is Dense({classes}) with biases. How many parameters are trained?",
        "right": head,
        "because": f"Only the head: {features} x {classes} weights and {classes} biases.",
        "wrong": [
            {"answer": base + head, "misconception": "tl.base-not-frozen", "because": "The base is frozen."},
            {"answer": features * classes, "misconception": "why.dense-bias-forgotten", "because": "Each class has a bias."},
            {"answer": base, "misconception": "tl.base-learns-head-stays", "because": "So many parameters are frozen. What learns is the head."},
            {"answer": 0, "misconception": "tl.whole-model-frozen", "because": "The head is new and has to learn."},
        ],
    }  # fmt: skip


def moving_layers(draw):
    """Which layers learn after the top is unfrozen."""
    n = draw.randint(2, 6)
    last = LAYERS[-n:]

    def told(names):
        return ", ".join(names) or "none"

    convolutions = [name for name in last if name.startswith("conv")]
    first = [name for name in LAYERS[:n] if name.startswith("conv")]
    everything = [name for name in LAYERS if name.startswith("conv")]
    return {
        "parameters": {"n": n},
        "ask": f"A base has the layers {', '.join(LAYERS)}. The last {n} are unfrozen for fine-tuning as they should be. The weights of which of them move?",
        "right": told(convolutions),
        "because": f"Among {', '.join(last)} only convolutions have weights that should move: pooling has none, and batch normalisation stays frozen.",
        "wrong": [
            {"answer": told([name for name in last if name != "pool"]), "misconception": "tl.bn-unfrozen", "because": "Batch normalisation stays frozen: few images would spoil its statistics."},
            {"answer": told(first), "misconception": "tl.unfroze-first-layers", "because": "These are the first ones; the first see edges, which every image has."},
            {"answer": told(everything), "misconception": "tl.head-and-base-together", "because": "Only the last ones were asked for."},
            {"answer": "none", "misconception": "tl.changed-trainable-without-recompile", "because": "So it is only where the model is not compiled again."},
        ],
    }  # fmt: skip


def brought_into_range(draw):
    """Pixels for a base that expects -1 to 1."""
    tenths = draw.randint(0, 9)
    x = tenths / 10
    return {
        "parameters": {"tenths": tenths},
        "ask": f"Images come in [0, 1]; the base was trained on [-1, 1]. What should a pixel of {x:g} become?",
        "right": f"{2 * x - 1:.4g}",
        "because": f"2 x {x:g} - 1 = {2 * x - 1:.4g}.",
        "wrong": [
            {"answer": f"{x:.4g}", "misconception": "tl.wrong-preprocessing", "because": "The base has only ever seen the other range."},
            {"answer": f"{x - 1:.4g}", "misconception": "tl.lower-end-is-enough", "because": "So white would become 0: the range is -1 to 0, half as wide as the base knows it."},
            {"answer": f"{x - 0.5:.4g}", "misconception": "tl.centre-is-enough", "because": "That is the range -0.5 to 0.5, half as wide as the base knows it."},
            {"answer": f"{x / 127.5 - 1:.4g}", "misconception": "tl.images-are-bytes", "because": "The division is for bytes, and these are in [0, 1] already."},
        ],
    }  # fmt: skip
