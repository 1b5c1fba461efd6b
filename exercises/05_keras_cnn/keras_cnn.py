"""Exercise 5: a convolutional network in Keras, and the same network in your own NumPy.

You have built the parts. Now let Keras put them together and find the weights. The data are 1,797 handwritten digits of
8 x 8 pixels, in digits.npz next to this file (arrays `images`, uint8, and `labels`; from the UCI repository, "Optical
Recognition of Handwritten Digits", Alpaydin and Kaynak 1998).

    images (N, 8, 8) uint8  --prepare-->  x (N, 8, 8, 1) float in [0, 1]  --model-->  (N, 10): one number per class

The grader looks at what your network does, not at how it is written: use Sequential, functional or your own class,
any optimiser, and softmax or logits at the end, as long as the loss matches. It trains your network on these digits and
on small random symbols. It reads Lambda layers and your own layers as operations, so let them compute with Keras or
TensorFlow (keras.ops.relu, tf.nn.relu), not with NumPy or with a loop over the images.

The grader trains your network twice:
    - After 25 epochs on 128 symbols, it must know at least 116 of them, and its loss must be at least 0.5 below random
      guessing (log 10 = 2.3): a network that cannot memorise a few images learns nothing from many. Large batches make
      few steps, so a network below that is trained again, with the symbols repeated so that it makes about 200 steps.
    - After 12 epochs on 1,100 images, it must know 92 out of 100 new images. Softmax on the pixels alone reaches at
      most 90, two small convolutions 93 to 98. A network below that gets a second try on other images.
It does not train a model of more than 1,000,000 parameters.

Common traps
    - A convolution needs a channel axis, even if there is only one channel.
    - A pixel of 255 is 1.0 in every batch.
    - Ten convolutions in a row with nothing between them can do no more than one: put a non-linearity after each.
    - A Sequential model knows the shape of its images only if it starts with keras.Input(input_shape).
    - The loss must match the output (probabilities or logits) and the labels (integers or one-hot rows).
    - Batch normalisation with momentum 0.99 needs several hundred steps to learn the mean; use 0.9 here.
    - Adadelta and Adagrad begin with a learning rate of 0.001 in Keras 3, which is too small here.
    - Keras 3 uses learning_rate instead of lr, metrics=["accuracy"] instead of metrics="acc", and
      predict(x).argmax(axis=-1) instead of predict_classes(x).
    - Do not train on the validation images.

Train it yourself, on a random split:
    data = np.load("digits.npz")
    x, y = prepare(data["images"], data["labels"])
    new, old = np.split(np.random.default_rng(0).permutation(len(x)), [397])
    model = build_cnn(x.shape[1:], 10)
    train(model, x[old], y[old], x[new], y[new], epochs=12)

The images are sorted by writer. Now train on the first 1,400 and validate on the last 397, which other people wrote.
Which of the two accuracies would you promise to a post office?

Grade it with:  grade exercise 5
"""

import keras
import numpy as np


def prepare(images_uint8, labels):
    """Turn uint8 images (N, H, W) or (N, H, W, C) into floats x (N, H, W, C) in [0, 1]. The labels stay integers.

    Return x, y. By hand: a pixel of 51 becomes 0.2.
    """
    # TODO: scale the pixels, and make sure that there is a channel axis.
    raise NotImplementedError("Task 1: write prepare")


def build_cnn(input_shape, n_classes):
    """Return a compiled model for images of input_shape = (H, W, C), with one output per class.

    It needs a convolution, a non-linearity after each convolution, pooling or a stride, something against overfitting
    (dropout, normalisation, random changes of the images, weight decay or a penalty), and at most 100,000 parameters
    for the digits.
    """
    # TODO: keras.Sequential([keras.Input(input_shape), ...]), then compile it.
    raise NotImplementedError("Task 2: write build_cnn")


def train(model, x_train, y_train, x_val, y_val, epochs):
    """Train for `epochs` epochs with the validation images as validation data, and return the History of fit."""
    # TODO: model.fit(...). Which images may the model learn from?
    raise NotImplementedError("Task 3: write train")


def predict_labels(model, x):
    """Return the class of each image, as integers (N,)."""
    # TODO: model.predict returns one row of numbers per image.
    raise NotImplementedError("Task 4: write predict_labels")


def numpy_forward(model, x):
    """Compute the output of the model for x at inference, with your own layers from exercises 1 to 4.

    Import them from your convolution.py, pooling.py and batch_norm.py, and hand in those files with this one. The
    layers are in model.layers, in order. layer.get_weights() returns the arrays of a layer, and layer.get_config() its
    settings.
    """
    # TODO: for each layer, which of your functions does the same? Some layers do nothing at inference.
    raise NotImplementedError("Task 5: write numpy_forward")
