"""Exercise 0: why convolutional networks?

Before you build one, count. A grey photo of 100 x 100 pixels has 10,000 numbers; in colour it has 30,000. A dense
layer of 1,000 units on the colour photo has 30,000 x 1,000 weights: thirty million, in the first layer alone. A
convolution with 32 filters of 3 x 3 on the same photo has 896 parameters, and 896 on a photo of any other size.

Then look at what moves. Push a cat two pixels to the right: a convolution finds it two pixels to the right. A dense
layer finds something else altogether.

    dense                            convolution

    every unit sees every pixel,     every unit sees a small patch, and all units
    with its own weights             share the same weights: one set per filter

Shapes
    an image is (H, W, C), a batch is (N, H, W, C); a grey image may be (H, W)

    padding "valid"      OH = (H - KH) // SH + 1         only windows that fit completely
    padding "same"       OH = ceil(H / SH)
    padding p (an int)   OH = (H + 2 * p - KH) // SH + 1

    kernel_size and stride are an int or a pair (rows, columns).

Common traps
    - One filter looks at all channels of a patch, not at one.
    - A feature map has one bias, not one per weight or one per pixel.
    - "same" does not mean "as large as the input": at stride 2 the output has half as many rows.
    - shift2d must not write into x: return a new array.

Read more
    LeCun, Bottou, Bengio, Haffner, "Gradient-Based Learning Applied to Document Recognition", 1998.

Grade it with:  grade exercise 0
"""

import numpy as np


def dense_params(n_in, n_out, bias=True):
    """Return the number of parameters that a dense layer learns.

    By hand: 4 inputs and 3 units need 12 weights and 3 biases, 15 in total.
    """
    # TODO: which input is connected to which unit?
    raise NotImplementedError("Task 1: write dense_params")


def conv_params(kernel_size, c_in, c_out, bias=True):
    """Return the number of parameters that a convolution learns.

    By hand: one filter of 3 x 3 on an RGB image has 27 weights and a bias, 28 in total.
    """
    # TODO: how many numbers does one filter see at one position? How many filters are there?
    raise NotImplementedError("Task 2: write conv_params")


def conv_output_shape(hw, kernel_size, stride=1, padding="valid"):
    """Return the size (OH, OW) of the output for an image of size hw = (H, W).

    By hand: (5, 7) with a kernel of 3 gives (3, 5); with stride 2 it gives (2, 3). The kernel is never larger than the
    image with its padding.
    """
    # TODO: where can a window of 3 start on 5 pixels?
    raise NotImplementedError("Task 3: write conv_output_shape")


def shift2d(x, dy, dx):
    """Move the image dy rows down and dx columns to the right. Pixels that leave are lost, and zeros come in.

    x is an array, never a list. Move both axes of (H, W), and the two axes before the channels of (H, W, C) and
    (N, H, W, C). Negative numbers move up and left, and a shift may be larger than the image.

    By hand: for x = np.array([[1, 2], [3, 4]]), shift2d(x, 1, 0) is [[0, 0], [1, 2]].
    """
    # TODO: start with an array of zeros. Which part of x goes where?
    raise NotImplementedError("Task 4: write shift2d")


def equivariance_gap(f, x, dy, dx):
    """Return the largest absolute difference between f(shifted x) and shifted f(x).

    A gap of 0 means that you can shift before or after f and get the same result. f is a function from image to image.

    By hand: f flips [[1, 2], [3, 4]] upside down, and the image moves down by one.

        f(shifted x)   [[1, 2], [0, 0]]
        shifted f(x)   [[0, 0], [3, 4]]      differences 1, 2, -3, -4: the gap is 4

    Every pixel counts, even those at the border where zeros came in. If f adds 1 to each pixel of the same image:

        f(shifted x)   [[1, 1], [2, 3]]
        shifted f(x)   [[0, 0], [2, 3]]      differences 1, 1, 0, 0: the gap is 1
    """
    # TODO: use shift2d twice.
    raise NotImplementedError("Task 5: write equivariance_gap")
