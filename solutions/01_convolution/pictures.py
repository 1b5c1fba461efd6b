"""Pictures of convolution: real digits, filters for the game "which layer made this map?", a picture for the lesson."""

from functools import partial
from pathlib import Path

import numpy as np

from grader.study.lesson_pictures import Panel
from grader.study.pictures import Transformation

from .convolution import conv2d

QUESTION = "Which layer?"
DIGITS = Path(__file__).resolve().parents[2] / "exercises" / "05_keras_cnn" / "digits.npz"
LEFT_TO_RIGHT = [[-1.0, 0.0, 1.0]]
TOP_TO_BOTTOM = [[-1.0], [0.0], [1.0]]
SEVEN = 7  # the first image of a seven


def images():
    """Return the digits as numbers from 0 to 1."""
    with np.load(DIGITS) as file:
        return file["images"] / 255


def digit(draw):
    """Draw a digit, perhaps turned on its side: rows and columns of the game must not differ by themselves."""
    every = images()
    return np.rot90(every[draw.randrange(len(every))], draw.randrange(4))


def filtered(rows, draw=None, *, kernel):
    """Return the map of one filter over a grey image, as large as the image."""
    image = np.array(rows)[None, :, :, None]
    weights = np.array(kernel)[:, :, None, None]
    return conv2d(image, weights, np.zeros(1), padding="same")[0, :, :, 0]


def edges():
    """Show a digit and what two filters find in it."""
    seven = images()[SEVEN]
    return (
        Panel("a seven", seven),
        Panel("changes from left to right", filtered(seven, kernel=LEFT_TO_RIGHT)),
        Panel("changes from top to bottom", filtered(seven, kernel=TOP_TO_BOTTOM)),
    )


def _moves(name, because, row, column):
    """Return a filter with a single 1, which copies the picture and moves it."""
    kernel = np.zeros((3, 3))
    kernel[row, column] = 1.0
    return Transformation(
        f"a filter that moves the picture {name}",
        f"Its only weight is a 1 {because}.",
        partial(filtered, kernel=kernel),
        family="moves",
    )


def _edge(name, because, kernel):
    return Transformation(f"a filter for changes {name}", because, partial(filtered, kernel=kernel), family="edges")


def _blur(name, because, kernel):
    return Transformation(f"a filter that blurs {name}", because, partial(filtered, kernel=kernel), family="blurs")


IMAGES = (digit,)
PICTURES = {"edges-of-a-digit": edges}
TRANSFORMATIONS = (
    _edge("from left to right", "Vertical edges are brightest: above and below do not count.", LEFT_TO_RIGHT),
    _edge("from top to bottom", "Horizontal edges are brightest: left and right do not count.", TOP_TO_BOTTOM),
    _edge("towards the lower right", "Strokes that go down to the right vanish.", [[-1, 0, 0], [0, 0, 0], [0, 0, 1.0]]),
    _edge("towards the lower left", "Strokes that go down to the left vanish.", [[0, 0, -1], [0, 0, 0], [1, 0, 0.0]]),
    _blur("along the rows", "Everything is smeared to the left and right, nothing up or down.", [[1 / 3] * 3]),
    _blur("along the columns", "Everything is smeared up and down, nothing to the side.", [[1 / 3]] * 3),
    _blur("towards the lower right", "Everything is smeared along this diagonal.", np.eye(3) / 3),
    _blur("towards the lower left", "Everything is smeared along this diagonal.", np.eye(3)[::-1] / 3),
    _moves("one pixel to the left", "to the right of its centre", 1, 2),
    _moves("one pixel to the right", "to the left of its centre", 1, 0),
    _moves("one pixel up", "below its centre", 2, 1),
    _moves("one pixel down", "above its centre", 0, 1),
)
