"""Dropout for the game "which layer made this map?"."""

import numpy as np

from grader.study.pictures import Transformation

from .dropout import dropout


def thinned(rows, draw):
    """Drop about half of the pixels, as during training."""
    dropped, _ = dropout(np.array(rows), 0.5, training=True, rng=np.random.default_rng(draw.getrandbits(64)))
    return dropped


TRANSFORMATIONS = (
    Transformation(
        "dropout with rate 0.5",
        "The size is the same, and about half of the pixels, chosen at random, are gone.",
        thinned,
    ),
)
