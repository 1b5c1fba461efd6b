"""Cases of convolution and pooling for which the references must agree with TensorFlow: at least 500."""

from itertools import product
from typing import NamedTuple

STRIDES = (1, 2, 3, (2, 1))
PADDINGS = ("valid", "same", 0, 1, 2)


class Case(NamedTuple):
    """One geometry; images are not square and have one to three channels."""

    image: tuple[int, int]
    kernel: tuple[int, int]
    stride: int | tuple[int, int]
    padding: str | int
    batch: int
    channels: int


def _cases(images, kernels, paddings_of):
    numbers = enumerate(product(images, kernels, STRIDES))
    return [
        Case(image, kernel, stride, padding, batch=1 + number % 2, channels=1 + number % 3)
        for number, (image, kernel, stride) in numbers
        for padding in paddings_of(kernel)
    ]


IMAGES = ((7, 5), (6, 8), (5, 5))
CONVOLUTIONS = _cases(IMAGES, ((3, 3), (2, 2), (3, 2), (1, 4), (5, 1)), lambda _: PADDINGS)
POOLINGS = _cases(
    IMAGES,
    ((2, 2), (3, 3), (3, 2), (1, 3), (4, 2)),
    lambda kernel: ["valid", "same", *range(min(2, min(kernel) - 1) + 1)],
)


def pair(value):
    """Return the numbers for rows and columns."""
    return value if isinstance(value, tuple) else (value, value)
