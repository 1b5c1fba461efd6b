"""Pictures for the game "which layer made this map?": simple shapes, and three filters to apply to them."""

from functools import partial

import numpy as np

from grader.study.pictures import Transformation

from .convolution import conv2d

SIDE = 8
QUESTION = "Which layer?"


def shape(draw):
    """Draw a horizontal bar, a vertical bar, a cross or a box, with uneven brightness."""
    kind, at = draw.choice(("row", "column", "box", "cross")), draw.randint(2, SIDE - 3)

    def lit(i, j):
        if kind == "box":
            return 1 < i < SIDE - 2 and 1 < j < SIDE - 2
        return (kind in ("row", "cross") and i in (at, at + 1)) or (kind in ("column", "cross") and j in (at, at + 1))

    return [[float(lit(i, j)) * draw.choice((0.75, 1.0)) for j in range(SIDE)] for i in range(SIDE)]


def filtered(rows, draw, *, kernel):
    """Return the map of one filter over a grey image, without padding."""
    image = np.array(rows)[None, :, :, None]
    weights = np.array(kernel)[:, :, None, None]
    return conv2d(image, weights, np.zeros(1))[0, :, :, 0]


IMAGES = (shape,)
TRANSFORMATIONS = (
    Transformation(
        "a filter for changes from left to right",
        "Only vertical edges are left: equal neighbours cancel out.",
        partial(filtered, kernel=[[-1.0, 1.0]]),
    ),
    Transformation(
        "a filter for changes from top to bottom",
        "Only horizontal edges are left: equal neighbours cancel out.",
        partial(filtered, kernel=[[-1.0], [1.0]]),
    ),
    Transformation(
        "a 3 x 3 blurring filter",
        "Every pixel is mixed with its neighbours, and the outermost pixels are lost.",
        partial(filtered, kernel=[[1 / 9] * 3] * 3),
    ),
)
