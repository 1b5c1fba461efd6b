"""Exercise 6: transfer learning.

A hospital has two hundred X-rays and no more. A network with millions of weights cannot learn from two hundred
pictures; but another one has seen a million photos of dogs and cups, and its first layers know edges, corners and
textures, which X-rays have too. So take its features, put a new head on them, and train that. Later, let its topmost
layers adapt as well, in small steps.

Here the base has learnt the digits 0 to 4, and you use it for 5 to 9. It takes images of 8 x 8 with values in [-1, 1],
and gives maps (N, 4, 4, 32). Mostly its old classifier has been cut off, as `include_top=False` does for the networks
of keras.applications, which your functions would take as well; where it is still there, leave it out.

To try your functions, load the base as `load_base` below does, and take the digits 5 to 9 from exercise 5.

What is looked at is what moves. Each weight is noted before and after some training: exactly those that should move do.

Traps that others fell into
    - Set `trainable` after compiling, and nothing changes until you compile again.
    - Batch normalisation in the base must keep its statistics. Calling base(x, training=False) does not hold them
      while fit runs; the layer's own `trainable = False` does.
    - Setting `trainable` on the base sets it on all its layers. Begin with the base, then go on to its layers.
    - "The last layers" are the last of base.layers, of all kinds.
    - A large learning rate destroys in one epoch what the base has learnt.
    - On so few digits transfer may win by little or not at all. Report what you find.

Grade it with:  grade exercise 6
"""

import keras
import numpy as np


def load_base(path="base.weights.h5"):
    """The base as it was trained: given, there is nothing to write here."""
    layers = keras.layers
    base = keras.Sequential(
        [
            keras.Input((8, 8, 1)),
            layers.Conv2D(16, 3, padding="same", activation="relu", name="conv1"),
            layers.BatchNormalization(momentum=0.9, name="norm1"),
            layers.Conv2D(32, 3, padding="same", activation="relu", name="conv2"),
            layers.BatchNormalization(momentum=0.9, name="norm2"),
            layers.MaxPooling2D(2, name="pool"),
            layers.Conv2D(32, 3, padding="same", activation="relu", name="conv3"),
            layers.BatchNormalization(momentum=0.9, name="norm3"),
        ],
        name="digit_features",
    )
    base.load_weights(path)
    return base


def add_head(base, n_classes):
    """A compiled model for images in [0, 1]: the frozen base, fed with what it expects, and a new head.

    All weights of the base stay as they are, the statistics of its batch normalisation too. A base that gives rows of
    numbers (N, classes) instead of maps (N, h, w, C) still has its old classifier: put the head on its last maps.
    """
    # TODO: an Input, a layer that brings [0, 1] to [-1, 1], the frozen base, pooling, a Dense layer. Then compile.
    raise NotImplementedError("Task 1: write add_head")


def unfreeze_top(model, base, n_layers, learning_rate):
    """The same model, compiled anew with this learning rate, with the last n_layers of base.layers unfrozen.

    Batch normalisation among them stays frozen. The head goes on learning.
    """
    # TODO: which flag counts, the base's or the layer's? And when does it count?
    raise NotImplementedError("Task 2: write unfreeze_top")


def compare(base, x_train, y_train, x_test, y_test, n_classes, epochs=3):
    """The accuracy on the test images of three models, trained on the training images for so many epochs each.

    Returns dict(scratch=..., frozen=..., finetuned=...): the same network with fresh weights, all of it trained; your
    model of add_head; and that one after unfreeze_top and as many epochs again.
    """
    # TODO: keras.models.clone_model gives the same layers with fresh weights.
    raise NotImplementedError("Task 3: write compare")
