"""Pictures of a learner's pooling: a digit, and what is left of it."""

from pathlib import Path

import numpy as np

from grader.checks.seen import Map, Maps
from grader.checks.sight import Sight, Told
from grader.course import import_file

_convolution = import_file(Path(__file__).resolve().parents[1] / "01_convolution" / "sights.py", "sights")
SIDE = _convolution.SIDE


def pooled(submission):
    """Return the digit, and the digit after 2 x 2 pooling of both kinds."""
    image = _convolution.SEVEN.reshape(1, SIDE, SIDE, 1) / 255
    shown = (
        ("a seven", image),
        ("2 x 2 max pooling", submission.max_pool2d(image, 2)),
        ("2 x 2 average pooling", submission.avg_pool2d(image, 2)),
    )
    maps = tuple(Map(caption=caption, rows=np.asarray(found)[0, :, :, 0]) for caption, found in shown)
    return Told("Your functions keep one number of each four: the largest, or the mean.", Maps(maps=maps))


SIGHTS = (Sight("Your pooling on a digit", pooled, "max-windows"),)
