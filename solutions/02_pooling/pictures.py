"""Pictures of pooling: layers for the game "which layer made this map?", a picture for the lesson."""

from functools import partial
from pathlib import Path

import numpy as np

from grader.course import import_file
from grader.study.lesson_pictures import Panel
from grader.study.pictures import Transformation

from .pooling import avg_pool2d, max_pool2d

_convolution = import_file(Path(__file__).resolve().parents[1] / "01_convolution" / "pictures.py", "pictures")


def pooled(rows, draw=None, *, by, **settings):
    """Return the map of a grey image, pooled."""
    return by(np.array(rows)[None, :, :, None], **settings)[0, :, :, 0]


def digit_map_pooled():
    """Show a digit, its feature map, and this map after both kinds of pooling."""
    seven = _convolution.images()[_convolution.SEVEN]
    found = np.abs(_convolution.filtered(seven, kernel=_convolution.LEFT_TO_RIGHT))
    return (
        Panel("a map of vertical edges", found),
        Panel("2 x 2 max pooling", pooled(found, by=max_pool2d)),
        Panel("2 x 2 average pooling", pooled(found, by=avg_pool2d)),
    )


def _slow(size, name, because):
    """Return max pooling that moves by one pixel, so that its map is as large as the picture."""
    settings = {"size": size, "stride": 1, "padding": "same"}
    return Transformation(
        f"max pooling in windows of {name}, with stride 1",
        because,
        partial(pooled, by=max_pool2d, **settings),
        family="max pooling",
    )


PICTURES = {"map-and-pooled-maps": digit_map_pooled}
TRANSFORMATIONS = (
    _slow((1, 4), "1 x 4", "Bright spots get wider and keep their brightness, but they do not get taller."),
    _slow((4, 1), "4 x 1", "Bright spots get taller and keep their brightness, but they do not get wider."),
    _slow((2, 2), "2 x 2", "Bright spots get a little wider and a little taller, and keep their brightness."),
)
