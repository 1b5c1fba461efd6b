"""For the game "which layer made this map?": what dropout makes of a picture."""

import numpy as np

from grader.study.pictures import Transformation

from .dropout import dropout


def thinned(rows, draw):
    """A picture in training, about half of whose pixels survive."""
    dropped, _ = dropout(np.array(rows), 0.5, training=True, rng=np.random.default_rng(draw.getrandbits(64)))
    return dropped


TRANSFORMATIONS = (
    Transformation(
        "dropout with rate 0.5", "The size is the same, and about half of the pixels are gone by lot.", thinned
    ),
)
