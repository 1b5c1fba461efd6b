"""For the game "which layer made this map?": what pooling makes of a picture."""

from functools import partial

import numpy as np

from grader.study.pictures import Transformation

from .pooling import avg_pool2d, max_pool2d


def pooled(rows, draw, *, by):
    """The map of a grey image, pooled in blocks of 2 x 2."""
    return by(np.array(rows)[None, :, :, None])[0, :, :, 0]


TRANSFORMATIONS = (
    Transformation(
        "max pooling of 2 x 2",
        "Half as many rows and columns, and what was bright stays as bright.",
        partial(pooled, by=max_pool2d),
    ),
    Transformation(
        "average pooling of 2 x 2",
        "Half as many rows and columns, and what is not bright all over a block is dimmed.",
        partial(pooled, by=avg_pool2d),
    ),
)
