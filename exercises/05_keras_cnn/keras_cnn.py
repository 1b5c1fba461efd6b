"""Exercise 5: a convolutional network in Keras, and the same network in your own NumPy.

You have built the parts. Now let Keras put them together and find the weights: 1,797 handwritten digits of 8 x 8
pixels, in digits.npz beside this file (arrays `images`, uint8, and `labels`; from the UCI repository, "Optical
Recognition of Handwritten Digits", Alpaydin and Kaynak 1998).

    images (N, 8, 8) uint8  --prepare-->  x (N, 8, 8, 1) float in [0, 1]  --model-->  (N, 10): one number a class

What is looked at is what your network does, not how it is written: Sequential or functional, any optimiser, softmax
at the end or logits, as long as the loss knows which. It is trained on these digits and on small symbols that are drawn
at random.

Traps that others fell into
    - A convolution wants a channel axis, also where there is one channel.
    - A pixel of 255 is 1.0, in whichever batch it comes.
    - Without a non-linearity ten convolutions are one.
    - The loss must fit what comes out: probabilities or logits, labels as integers or as rows of 0 and 1.
    - Batch normalisation with momentum 0.99 needs some hundred steps before it knows its mean; use 0.9 here.
    - What you validate on, you do not train on.

Train it yourself:
    data = np.load("digits.npz")
    x, y = prepare(data["images"], data["labels"])
    model = build_cnn(x.shape[1:], 10)
    train(model, x[:1400], y[:1400], x[1400:], y[1400:], epochs=12)

Grade it with:  grade exercise 5
"""

import keras
import numpy as np


def prepare(images_uint8, labels):
    """Images (N, H, W) or (N, H, W, C) of uint8 to x (N, H, W, C) of float in [0, 1]; the labels stay integers.

    Returns x, y. By hand: a pixel of 51 becomes 0.2.
    """
    # TODO: scale, and make sure that there is a channel axis.
    raise NotImplementedError("Task 1: write prepare")


def build_cnn(input_shape, n_classes):
    """A compiled model for images of input_shape = (H, W, C), with one output for each class.

    It holds a convolution, a non-linearity, pooling, something against overfitting, and at most 100,000 parameters
    for the digits.
    """
    # TODO: keras.Sequential([keras.Input(input_shape), ...]), then compile it.
    raise NotImplementedError("Task 2: write build_cnn")


def train(model, x_train, y_train, x_val, y_val, epochs):
    """Train for so many epochs, watching the validation images, and return the History of fit."""
    # TODO: model.fit(...). Which images may it learn from?
    raise NotImplementedError("Task 3: write train")


def predict_labels(model, x):
    """The class of each image, as integers (N,)."""
    # TODO: model.predict gives a row of numbers an image.
    raise NotImplementedError("Task 4: write predict_labels")


def numpy_forward(model, x):
    """What the model gives for x at inference, computed with your own layers of exercises 1 to 4.

    Import them from your convolution.py, pooling.py and batch_norm.py, and hand these in beside this file. The layers
    are in model.layers, in order; layer.get_weights() gives their arrays and layer.get_config() their settings.
    """
    # TODO: which kind of layer is it, and which of your functions does the same? Some do nothing at inference.
    raise NotImplementedError("Task 5: write numpy_forward")
