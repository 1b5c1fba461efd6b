"""A picture for the lesson: the path of a digit through the layers of a network."""

from pathlib import Path

import numpy as np

from grader.course import import_file
from grader.study.lesson_pictures import Panel

SOLUTIONS = Path(__file__).resolve().parents[1]
_convolution = import_file(SOLUTIONS / "01_convolution" / "pictures.py", "pictures")
_pooling = import_file(SOLUTIONS / "02_pooling" / "pooling.py", "pooling")


def through_the_layers():
    """Show a digit, a feature map after ReLU, and the pooled map."""
    seven = _convolution.images()[_convolution.SEVEN]
    found = np.maximum(_convolution.filtered(seven, kernel=_convolution.LEFT_TO_RIGHT), 0)
    smaller = _pooling.max_pool2d(found[None, :, :, None])[0, :, :, 0]
    return (
        Panel("the image", seven),
        Panel("one filter, then ReLU", found),
        Panel("2 x 2 max pooling", smaller),
    )


PICTURES = {"through-the-layers": through_the_layers}
