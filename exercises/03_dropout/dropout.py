"""Exercise 3: dropout.

While a network learns, switch each unit off with probability `rate`. What is left must learn to do without it, and
the network stops learning by heart.

    x                 fate, rate 0.25        y
    +---+---+---+---+                        +------+-------+---+------+
    | 4 | 8 | 6 | 2 |  on  on  OFF  on  ->   | 5.33 | 10.67 | 0 | 2.67 |
    +---+---+---+---+                        +------+-------+---+------+

Why 5.33 and not 4? One unit in four is silent. For the layer behind to hear as much as before, the others speak up:

    4 / (1 - 0.25) = 5.33      8 / 0.75 = 10.67      2 / 0.75 = 2.67

Because the survivors are scaled while TRAINING, there is nothing to do at inference: y is x.

Traps that others fell into
    - `rate` is the share that is dropped, not the share that is kept. Try 0.1: how many of 100 units go silent?
    - Every unit of every picture has its own coin. A mask that is shared by the batch is another method.
    - All chance comes from `rng`, which the caller gives you: `rng.random`, `rng.binomial` or `rng.choice`.
    - Do not write into x: the caller still needs it.

Read more
    Srivastava et al., "Dropout: A Simple Way to Prevent Neural Networks from Overfitting", 2014 (its recipe scales at
    test time; ours, like Keras, while training). Keras: keras.layers.Dropout.

Grade it with:  grade exercise 3
"""

import numpy as np


def dropout(x, rate, training, rng):
    """Switch units off at random while training; leave them alone otherwise.

    x         array of any shape
    rate      probability in [0, 1) that a unit is switched off; anything else is a ValueError
    training  False: return x as it is, and a mask of ones
    rng       numpy.random.Generator, the only source of chance

    Returns (y, mask), both of the shape of x. The mask holds 0 where a unit is off and 1 / (1 - rate) where it is on;
    y = x * mask. With rate 0 nothing is dropped.
    """
    # TODO: throw a coin for each unit, scale the survivors.
    raise NotImplementedError("Task 1: write dropout")


def dropout_backward(dy, mask):
    """The gradient with respect to x, given the gradient dy with respect to y and the mask of the forward pass.

    By hand: dy = [3, 5] and mask = [0, 2] give dx = [0, 10]. Which units were on?
    """
    # TODO: y = x * mask. What is the derivative of y with respect to x?
    raise NotImplementedError("Task 2: write dropout_backward")


def dropout_moments(x, rate):
    """Predict what `dropout` does to each unit of x: return (mean, variance), both of the shape of x.

    By hand, x = 6 and rate = 0.25: y is 0 in one case of four, and 8 in the three others.

        mean      (0 + 8 + 8 + 8) / 4 = 6
        variance  ((0 - 6)^2 + 3 * (8 - 6)^2) / 4 = 12

    Find the formula for any x and any rate in [0, 1).
    """
    # TODO: the mean first, then E[y^2] - mean^2.
    raise NotImplementedError("Task 3: write dropout_moments")
