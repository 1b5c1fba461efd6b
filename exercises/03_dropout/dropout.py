"""Exercise 3: dropout.

During training, switch each unit off with probability `rate`. The other units must learn to work without it, so the
network cannot memorise the training images.

    x                 fate, rate 0.25        y
    +---+---+---+---+                        +------+-------+---+------+
    | 4 | 8 | 6 | 2 |  on  on  OFF  on  ->   | 5.33 | 10.67 | 0 | 2.67 |
    +---+---+---+---+                        +------+-------+---+------+

Why 5.33 and not 4? One unit in four is silent. The others speak up, so that the next layer hears as much as before:

    4 / (1 - 0.25) = 5.33      8 / 0.75 = 10.67      2 / 0.75 = 2.67

The survivors are scaled during TRAINING, so there is nothing to do at inference: y is x.

Common traps
    - `rate` is the share that is dropped, not the share that is kept. Try 0.1: how many of 100 units go silent?
    - Every unit of every image has its own coin. If the whole batch shares a mask, that is a different method.
    - All random numbers come from `rng`, which the caller passes: `rng.random`, `rng.binomial` or `rng.choice`.
    - Do not write into x: the caller still needs it.

Read more
    Srivastava et al., "Dropout: A Simple Way to Prevent Neural Networks from Overfitting", 2014 (the paper scales at
    test time; this exercise scales during training, as in Keras). Keras: keras.layers.Dropout.

Grade it with:  grade exercise 3
"""

import numpy as np


def dropout(x, rate, training, rng):
    """Switch units off at random during training; leave them unchanged otherwise.

    x         array of floats with one axis or more: a vector, a table (N, D), a batch of images (N, H, W, C)
    rate      probability in [0, 1) that a unit is switched off; in training, raise ValueError for 1 or more, and
              for negative rates
    training  False: return x unchanged, and a mask of ones, for each rate in [0, 1);
              the grader does not check other rates here
    rng       numpy.random.Generator, the only source of random numbers

    Return (y, mask), both with the shape of x. The mask is 0 for units that are off and 1 / (1 - rate) for units that
    are on; y = x * mask. With rate 0, nothing is dropped.
    """
    # TODO: toss a coin for each unit, then scale the survivors.
    raise NotImplementedError("Task 1: write dropout")


def dropout_backward(dy, mask):
    """Return the gradient with respect to x, given the gradient dy with respect to y and the mask of the forward pass.

    By hand: dy = [3, 5] and mask = [0, 2] give dx = [0, 10]. Which units were on?
    """
    # TODO: y = x * mask. What is the derivative of y with respect to x?
    raise NotImplementedError("Task 2: write dropout_backward")


def dropout_moments(x, rate):
    """Predict what `dropout` does to each unit of x: return (mean, variance), both with the shape of x.

    By hand, for x = 6 and rate = 0.25: y is 0 in one case out of four, and 8 in the other three.

        mean      (0 + 8 + 8 + 8) / 4 = 6
        variance  ((0 - 6)^2 + 3 * (8 - 6)^2) / 4 = 12

    Find the formula for any x and any rate in [0, 1).
    """
    # TODO: compute the mean first, then E[y^2] - mean^2.
    raise NotImplementedError("Task 3: write dropout_moments")
