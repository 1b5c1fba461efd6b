"""Pictures of a learner's conv2d: the edges that it finds in a digit."""

import numpy as np

from grader.checks.seen import Map, Maps
from grader.checks.sight import Sight, Told

SEVEN = np.array(
    [
        [0, 0, 112, 128, 207, 255, 239, 16],
        [0, 0, 112, 112, 64, 175, 191, 0],
        [0, 0, 0, 0, 128, 207, 16, 0],
        [0, 64, 128, 128, 239, 239, 96, 0],
        [0, 32, 175, 239, 239, 64, 0, 0],
        [0, 0, 0, 255, 80, 0, 0, 0],
        [0, 0, 143, 239, 16, 0, 0, 0],
        [0, 0, 207, 80, 0, 0, 0, 0],
    ]
)
"""A seven from the digits of exercise 5. It is here too, because a class may get this exercise alone."""
LEFT_TO_RIGHT = np.array([[-1.0, 0.0, 1.0]])
SIDE = 8


def edges(submission):
    """Return the digit and what the filter for vertical edges, and the one for horizontal edges, finds in it."""
    image = SEVEN.reshape(1, SIDE, SIDE, 1) / 255
    found = [
        submission.conv2d(image, kernel[:, :, np.newaxis, np.newaxis], np.zeros(1), 1, "same")[0, :, :, 0]
        for kernel in (LEFT_TO_RIGHT, LEFT_TO_RIGHT.T)
    ]
    captions = ("a seven", "changes from left to right", "changes from top to bottom")
    maps = tuple(
        Map(caption=caption, rows=np.asarray(rows))
        for caption, rows in zip(captions, (image[0, :, :, 0], *found), strict=True)
    )
    return Told("Your conv2d with the kernel [[-1, 0, 1]], and with the same kernel turned.", Maps(maps=maps))


SIGHTS = (Sight("Your conv2d on a digit", edges, "kernel"),)
