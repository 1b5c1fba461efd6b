"""Pooling for the game "which layer made this map?"."""

from functools import partial

import numpy as np

from grader.study.pictures import Transformation

from .pooling import avg_pool2d, max_pool2d


def pooled(rows, draw, *, by):
    """Return the map of a grey image, pooled in 2 x 2 blocks."""
    return by(np.array(rows)[None, :, :, None])[0, :, :, 0]


TRANSFORMATIONS = (
    Transformation(
        "2 x 2 max pooling",
        "There are half as many rows and columns, and bright spots keep their brightness.",
        partial(pooled, by=max_pool2d),
    ),
    Transformation(
        "2 x 2 average pooling",
        "There are half as many rows and columns, and a block that is only partly bright gets darker.",
        partial(pooled, by=avg_pool2d),
    ),
)
