"""Exercise 4: batch normalisation.

Batch norm brings every channel to mean 0 and standard deviation 1, batch by batch. Then the network chooses its own
mean and scale: `beta` and `gamma`. Training becomes faster, and larger steps are safe. Why? Its authors said: each
layer learns from numbers that the earlier layers keep changing (internal covariate shift). Santurkar and others found
that it helps as much if the numbers change more, and that it makes the loss smoother.

    x: 5 examples, 2 features                     y, for gamma = (6, 10), beta = (1, 7), eps = 1
    +---+-----+                                   +----+----+
    | 1 |  92 |                                   | -7 | -9 |
    | 3 |  98 |   every COLUMN is                 | -3 |  3 |
    | 5 | 100 |   normalised separately           |  1 |  7 |
    | 7 | 104 |                                   |  5 | 15 |
    | 9 | 106 |                                   |  9 | 19 |
    +---+-----+                                   +----+----+

By hand, for the first column:

    mean      5  = (1 + 3 + 5 + 7 + 9) / 5
    variance  8  = (16 + 4 + 0 + 4 + 16) / 5            divided by 5, not by 4
    divisor   3  = sqrt(8 + 1)                          eps is under the root
    y[0, 0]  -7  = 6 * (1 - 5) / 3 + 1

The layer also updates its moving statistics. If they were mean 15 and variance 18, with momentum 0.9:

    new_mean 14  = 0.9 * 15 + 0.1 * 5
    new_var  17  = 0.9 * 18 + 0.1 * 8                   the momentum is the share of the OLD value

Two shapes, one rule: the last axis is the channels, and each channel has one mean.

    x (N, C)          one mean from N numbers
    x (N, H, W, C)    one mean from N * H * W numbers: every pixel of every image counts as an example

    gamma, beta, moving_mean, moving_var, dgamma, dbeta      all have shape (C,)
    y and dx                                                 the shape of x

The momentum is between 0 and 1. eps is 0 or more; if it is 0, no variance is 0.

Common traps
  - Training uses the statistics of the batch; inference uses the moving statistics. Never mix the two.
  - At inference, a batch may have a single example. It must get the same output as in a larger batch.
  - A column may be constant if eps is not 0. Nothing may become infinite.
  - Height in cm and weight in kg can be two columns of the same table. They share no statistics.
  - Do not modify the arguments: return NEW moving statistics, do not write into the old ones.

Why does momentum 0.99 ruin short runs?
  The moving statistics start as mean 0 and variance 1, whatever the data. After t batches, they still contain the share
  momentum**t of these start values. Eight epochs of 12 batches are 96 steps:

      0.99**96 = 0.38       more than a third of what inference uses was never measured
      0.90**96 = 0.00004    the start values are forgotten

  Training does not notice, because it uses the statistics of the batch: the loss falls as it should. Only inference
  goes wrong, and so does the validation score. On a small set of handwritten digits, a network reached an accuracy of
  0.75 in 8 epochs with 0.99, and 0.99 with 0.9. The default in Keras is 0.99, which suits runs of many thousand steps.
  It is the default here too, so that your functions agree with the layer. For the short runs of this course, use 0.9.

References:
  Ioffe and Szegedy, "Batch Normalization: Accelerating Deep Network Training by Reducing Internal Covariate Shift",
  2015: algorithm 1 (training), algorithm 2 (inference), section 3 (the gradients).
  Santurkar, Tsipras, Ilyas, Madry, "How Does Batch Normalization Help Optimization?", 2018.
  Keras documentation, `BatchNormalization`.

You need only NumPy (and the standard library's mathematics).
"""

import numpy as np


def batch_norm_train(x, gamma, beta, moving_mean, moving_var, momentum=0.99, eps=1e-3):
    """Normalise each channel by the statistics of this batch, then scale it by `gamma` and shift it by `beta`.

    x            (N, C) or (N, H, W, C)
    gamma, beta  (C,)
    moving_mean, moving_var  (C,): moving statistics of the earlier batches; y does not depend on them
    momentum     the share of the old moving values that is kept
    eps          added to the variance, under the root

    Return y, new_mean, new_var: y has the shape of x, the other two have shape (C,).

    Keras keeps a moving average of the variance that normalises y, the one with N in the denominator. (PyTorch keeps
    the one with N - 1. The grader accepts that, with a remark.)

    By hand: x = [[1], [9]] with eps=9 has mean 5 and variance 16; sqrt(16 + 9) = 5, so x becomes -0.8 and 0.8.
    """
    # TODO 1: which axes does the mean run over? Find one way to write it for two axes and for four.
    raise NotImplementedError("Task 1: write batch_norm_train")


def batch_norm_infer(x, gamma, beta, moving_mean, moving_var, eps=1e-3):
    """Normalise each channel by the moving statistics, then scale and shift it.

    x            (N, C) or (N, H, W, C); N may be 1
    gamma, beta, moving_mean, moving_var  (C,)

    Return y, with the shape of x.

    By hand: x = [[8, 100]], moving mean (2, 90), moving variance (8, 24), gamma = (3, 10), beta = (1, 7), eps=1
    gives [[7, 27]]: 7 = 3 * (8 - 2) / 3 + 1.
    """
    # TODO 2: to normalise one number of x, which other numbers of x may you use?
    raise NotImplementedError("Task 2: write batch_norm_infer")


def batch_norm_backward(dy, x, gamma, eps=1e-3):
    """Return the gradients of the loss with respect to x, gamma and beta, for batch norm in training.

    dy     the gradient with respect to y, with the shape of x
    x      (N, C) or (N, H, W, C): the input of the forward pass
    gamma  (C,)
    eps    the same as in the forward pass

    Return dx, dgamma, dbeta: dx has the shape of x, the other two have shape (C,).

    A number in x reaches the loss on three paths:

                 directly
        x[m] --------------------> (x[m] - mean) / std ------> y[m]
          |                              ^         ^
          +----> mean of the batch ------+         |           and from there to every
          +----> variance of the batch ------------+           other y of the channel

    By hand: x = 3, 3, 7, 7 in one column, dy = 1, 2, 3, 6, gamma = 4, eps=0.
    dbeta = 12, dgamma = 6 = -1 - 2 + 3 + 6, dx = -1, 1, -3, 3.
    Add 1 to every x: y does not change. What does that tell you about the sum of dx?

    To check your result another way, move one x by 1e-5 up and down, and see how much sum(y * dy) changes.
    """
    # TODO 3: start with dbeta and dgamma, then write down each path and add them up.
    raise NotImplementedError("Task 3: write batch_norm_backward")


def fold_bn_into_conv(w, b, gamma, beta, moving_mean, moving_var, eps=1e-3):
    """Bonus: replace a convolution and the batch norm after it by one convolution, for inference.

        x --> conv (w, b) --> batch norm --> y
        x --> conv (new_w, new_b) ---------> y      the same y

    w  (KH, KW, C_in, C_out): the last axis is the filters, which are the channels that batch norm sees
    b, gamma, beta, moving_mean, moving_var  (C_out,)

    Return new_w, new_b, with the shapes of w and b.

    At inference, batch norm only multiplies each channel by a fixed number and adds another. That is why networks on
    phones run without any batch norm (Jacob et al., 2018).

    By hand: one weight 3, bias 4, gamma = 10, beta = 7, moving mean 1, moving variance 16, eps=9
    gives the weight 6 and the bias 13.
    """
    # TODO 4 (bonus): overall, what is a pixel multiplied by, and what is added?
    raise NotImplementedError("Task 4: write fold_bn_into_conv")
