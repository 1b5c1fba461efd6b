"""Exercise 2: pooling.

Look at an image through small windows and keep one number per window: the largest or the mean. Pooling has no weights
to learn. It makes maps smaller and cheaper, and less sensitive to the exact position of a feature.

    x (4, 4), size 2, stride 2

    +---+---+---+---+
    | 1 | 3 | 2 | 0 |        max              average
    +---+---+---+---+        +---+---+        +-----+-----+
    | 5 | 7 | 8 | 2 |        | 7 | 8 |        |  4  |  3  |
    +---+---+---+---+        +---+---+        +-----+-----+
    | 4 | 0 | 6 | 3 |        | 9 | 6 |        |  4  | 4.5 |
    +---+---+---+---+        +---+---+        +-----+-----+
    | 9 | 3 | 5 | 4 |
    +---+---+---+---+        7 = max(1, 3, 5, 7)       4 = (1 + 3 + 5 + 7) / 4

Shapes
    x (N, H, W, C)  ->  y (N, OH, OW, C); each channel is pooled separately

    padding "valid"      OH = (H - KH) // SH + 1         only windows that fit completely
    padding "same"       OH = ceil(H / SH)               total padding max((OH - 1) * SH + KH - H, 0),
                                                         half of it at the top, the odd row at the bottom
    padding p (an int)   OH = (H + 2 * p - KH) // SH + 1

    size and stride are an int or a pair (rows, columns); the default stride is the size.
    An int padding pads rows and columns alike. It is smaller than the window, so that each window sees a real pixel.
    The window always fits into the padded image: y is never empty.

Common traps
    - All pixels may be negative. Where would a 0 come from?
    - Padding is not part of the picture: it never wins a maximum and never counts in a mean.
    - Windows may overlap (stride below size): a pixel that wins twice gets two gradients.
    - Windows may have gaps between them (stride above size).
    - Do not write into x or dy.

Read more
    Lin, Chen, Yan, "Network in Network", 2013. Keras: MaxPooling2D, AveragePooling2D, GlobalAveragePooling2D.

Grade it with:  grade exercise 2
"""

import numpy as np


def max_pool2d(x, size=2, stride=None, padding="valid"):
    """Return the largest number of each window: (N, H, W, C) -> (N, OH, OW, C).

    By hand: size 3 and stride 1 on the picture above give [[8, 8], [9, 8]].
    """
    # TODO: two loops over the windows are a good start.
    raise NotImplementedError("Task 1: write max_pool2d")


def avg_pool2d(x, size=2, stride=None, padding="valid"):
    """Return the mean of the real pixels in each window: (N, H, W, C) -> (N, OH, OW, C).

    By hand: a 3 x 3 image of sixes with size 2 and padding "same" gives four sixes.
    """
    # TODO: how many pixels of a window are real?
    raise NotImplementedError("Task 2: write avg_pool2d")


def global_avg_pool2d(x):
    """Return the mean of each whole map: (N, H, W, C) -> (N, C)."""
    # TODO: over which axes?
    raise NotImplementedError("Task 3: write global_avg_pool2d")


def max_pool2d_backward(dy, x, size=2, stride=None, padding="valid"):
    """Return the gradient with respect to x, shape (N, H, W, C), given dy with the shape of the output.

    By hand: the window [[1, 3], [5, 7]] and dy = 10 give [[0, 0], [0, 10]]. In a tie, the first maximum gets
    the gradient. The grader does not check ties.
    """
    # TODO: which pixel won? What if the same pixel wins again?
    raise NotImplementedError("Task 4: write max_pool2d_backward")


def avg_pool2d_backward(dy, x, size=2, stride=None, padding="valid"):
    """Return the gradient with respect to x, shape (N, H, W, C). Only the shape of x matters.

    By hand: a 2 x 2 window and dy = 10 give four times 2.5. The sum of dx is the sum of dy.
    """
    # TODO: each pixel of a window has the same weight in the mean.
    raise NotImplementedError("Task 5: write avg_pool2d_backward")
