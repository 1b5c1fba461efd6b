"""Exercise 6: transfer learning.

A hospital has only two hundred X-rays. A network with millions of weights cannot learn from two hundred images. But
another network has seen a million photos of dogs and cups, and its first layers know edges, corners and textures, which
X-rays have too. So take its features, put a new head on them, and train the head. Later, fine-tune its top layers with
small steps.

Here the base has learnt the digits 0 to 6, and you use it for 7 to 9. It takes images of 8 x 8 with values in [-1, 1]
and returns maps (N, 4, 4, 32). Usually its old classifier has been removed, as `include_top=False` does for the
networks of keras.applications, which your functions could use as well. If a base still has its classifier, leave that
out.

To try your functions, load the base with `load_base` below, take the digits 7 to 9 from exercise 5, subtract 7 from
the labels, and compare with one training image per class, then with two, five and ten, for forty epochs each. Repeat it
with other images: with so few, one comparison says little.

The grader looks at which weights change. It compares each weight before and after some training: exactly the weights
that should change must change. It reads Lambda layers and your own layers as operations, so let them compute with
Keras or TensorFlow, not with NumPy: layers.Rescaling(2, -1) or a Lambda of x * 2 - 1.

It calls compare with 300 training images of five classes, 100 test images and 4 epochs. Each of the three models must
know at least 37 of the 100, because random guessing knows about 20 and hardly ever more than 36. Fine-tuning may lose
at most 15 of them. A comparison below that is made again, on other images.

Common traps
    - If you set `trainable` after compiling, nothing changes until you compile again.
    - Batch normalisation in the base must keep its statistics. base(x, training=False) does not keep them during fit;
      `trainable = False` on the layer itself does.
    - Setting `trainable` on the base sets it on all its layers. Set the base first, then its layers.
    - "The last layers" are the last ones of base.layers, of any kind.
    - A large learning rate destroys the knowledge of the base in one epoch.
    - Give each method the same number of epochs, or the comparison says nothing.
    - With one or two digits per class the frozen base is often ahead, with ten it is not. Report what you find.

Grade it with:  grade exercise 6
"""

import keras
import numpy as np


def load_base(path="base.weights.h5"):
    """Return the trained base. This function is complete; you do not need to change it."""
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
    """Return a compiled model for images in [0, 1]: the frozen base, with inputs in its own range, and a new head.

    Neither the weights of the base nor the statistics of its batch normalisation may change. If a base returns rows of
    numbers (N, classes) instead of maps (N, h, w, C), it still has its old classifier: put the head on its last maps.
    """
    # TODO: an Input, a layer that maps [0, 1] to [-1, 1], the frozen base, Flatten or pooling, a Dense layer. Compile.
    raise NotImplementedError("Task 1: write add_head")


def unfreeze_top(model, base, n_layers, learning_rate):
    """Unfreeze the last n_layers of base.layers, compile again with this learning rate, and return the model.

    Batch normalisation layers among them stay frozen. The head keeps learning.
    """
    # TODO: which flag counts, that of the base or that of the layer? When does it take effect?
    raise NotImplementedError("Task 2: write unfreeze_top")


def compare(base, x_train, y_train, x_test, y_test, n_classes, epochs=3):
    """Train three models on the training images and return their accuracies on the test images.

    Return dict(scratch=..., frozen=..., finetuned=...). Each model is trained for `epochs` epochs in all. scratch is
    the same network with fresh weights, and all its layers learn. frozen is your model from add_head. finetuned is such
    a model too: it spends the first half of its epochs with the base frozen, and the others after unfreeze_top.
    """
    # TODO: keras.models.clone_model returns the same layers with fresh weights.
    raise NotImplementedError("Task 3: write compare")
