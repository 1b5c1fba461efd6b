"""Dropout for the game "which layer made this map?": of single pixels, as in the exercise, and of larger pieces."""

from functools import partial

import numpy as np

from grader.study.pictures import Transformation

from .dropout import dropout

RATE = 0.5


def thinned(rows, draw, *, height, width):
    """Drop about half of the picture in pieces of this size, as during training."""
    image = np.array(rows)
    pieces = np.ones((image.shape[0] // height, image.shape[1] // width))
    _, mask = dropout(pieces, RATE, training=True, rng=np.random.default_rng(draw.getrandbits(64)))
    return image * np.kron(mask, np.ones((height, width)))


def _of(name, because, height, width):
    return Transformation(
        f"dropout of {name}, with rate {RATE}",
        because,
        partial(thinned, height=height, width=width),
        family="dropout",
    )


TRANSFORMATIONS = (
    _of("single pixels", "Each pixel is kept or dropped independently. This is the ordinary kind.", 1, 1),
    _of("whole rows", "A row is complete or gone.", 1, 8),
    _of("whole columns", "A column is complete or gone.", 8, 1),
    _of("2 x 2 blocks", "A block of four pixels is complete or gone.", 2, 2),
)
