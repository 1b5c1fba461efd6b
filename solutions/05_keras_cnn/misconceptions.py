"""Misconceptions about Keras, each as a switch of one wrong implementation per function.

Keras is imported only when a variant runs, so that reading the names of misconceptions does not load it.
"""

from functools import partial

import numpy as np

from grader.course import Misconception


def wrong_prepare(images_uint8, labels, *, scale="255", axis="last", one_hot=False):
    """Compute `prepare`; scale: 255 | none | largest | integers | standard; axis: last | first | none."""
    images = np.asarray(images_uint8).astype("float32")
    divisor = {"none": 1, "largest": max(float(images.max()), 1.0)}.get(scale, 255)
    x = images / divisor
    if scale == "integers":
        x = np.floor(x)
    if scale == "standard":
        x = (x - x.mean()) / (x.std() + 1e-7)
    if axis == "last" and x.ndim == 3:
        x = x[..., np.newaxis]
    if axis == "first":
        x = x[:, np.newaxis] if x.ndim == 3 else x.transpose(0, 3, 1, 2)
    y = np.asarray(labels).astype("int64")
    return x, np.eye(int(y.max()) + 1)[y] if one_hot else y


def wrong_build(
    input_shape,
    n_classes,
    *,
    activation="relu",
    flatten=True,
    answer="softmax",
    loss="sparse_categorical_crossentropy",
    units=None,
    more=0,
    behind=None,
    momentum=None,
    over="classes",
    shape=None,
    pooling=True,
    regulariser=True,
    dense=0,
    compiled=True,
):
    """Compute `build_cnn` with a switch for each misconception; the defaults are correct."""
    import keras

    layers = keras.layers
    stack = [keras.Input(shape or input_shape), layers.Conv2D(16, 3, padding="same", activation=activation)]
    if momentum is not None:
        stack.append(layers.BatchNormalization(momentum=momentum))
    stack.append(layers.Conv2D(32, 3, padding="same", activation=activation))
    if pooling:
        stack.append(layers.MaxPooling2D(2))
    if flatten:
        stack.append(layers.Flatten())
    if dense:
        stack.append(layers.Dense(dense, activation=activation))
    if regulariser:
        stack.append(layers.Dropout(0.3))
    stack.append(layers.Dense((units or n_classes) + more, activation=answer))
    if over == "images":
        stack.append(layers.Softmax(axis=0))
    if behind:
        stack.append(layers.Dropout(behind))
    model = keras.Sequential(stack)
    if compiled:
        chosen = keras.losses.SparseCategoricalCrossentropy(from_logits=True) if loss == "from-logits" else loss
        model.compile(keras.optimizers.Adam(2e-3), chosen)
    return model


def wrong_train(
    model, x_train, y_train, x_val, y_val, epochs, *, learns="train", watches=True, ignores=0, gives="history",
    stops=False, optimizer=None, rate=None, watches_own=0.0, again=False,
):  # fmt: skip
    """Compute `train`; learns: train | both | one-hot | validation; gives: history | model | nothing; ignores: epochs."""
    import keras

    if learns == "both":
        x_train, y_train = np.concatenate([x_train, x_val]), np.concatenate([y_train, y_val])
    if learns == "validation":
        x_train, y_train, x_val, y_val = x_val, y_val, x_train, y_train
    if learns == "one-hot":
        y_train, y_val = np.eye(10)[y_train], np.eye(10)[y_val]
    validation = (x_val, y_val) if watches and not watches_own else None
    if optimizer:
        model.compile(optimizer, model.loss)
    if rate:
        model.compile(keras.optimizers.Adam(rate), model.loss)
    early = [keras.callbacks.EarlyStopping("loss", min_delta=10.0)] if stops else []
    for asked in [1] * epochs if again else [ignores or epochs]:
        history = model.fit(
            x_train, y_train, epochs=asked, batch_size=32, validation_data=validation, validation_split=watches_own,
            verbose=0, callbacks=early,
        )  # fmt: skip
    return {"history": history, "model": model, "nothing": None}[gives]


def wrong_labels(model, x, *, gives="place", axis=1, divisor=1):
    """Compute `predict_labels`; gives: place | number | value | rows."""
    rows = model.predict(x / np.float32(divisor), verbose=0)
    place = rows.argmax(axis=axis)
    return {"place": place, "number": place + 1, "value": rows.max(axis=1), "rows": rows}[gives]


class _Altered:
    """Wrap a layer and report different weights or settings."""

    def __init__(self, layer, arrays=None, **settings):
        self._layer, self._arrays, self._settings = layer, arrays, settings
        self.__class__ = type(type(layer).__name__, (_Altered,), {})

    def get_weights(self):
        return self._layer.get_weights() if self._arrays is None else self._arrays

    def get_config(self):
        return {**self._layer.get_config(), **self._settings}


class _Stack:
    def __init__(self, layers):
        self.layers = layers


def wrong_forward(model, x, *, forgets=None, flatten="rows", dropout="nothing"):
    """Compute `numpy_forward`.

    forgets   activation | bias | padding;  flatten: rows | channels-first;  dropout: nothing | scales
    """
    from .keras_cnn import numpy_forward

    layers = []
    for layer in model.layers:
        kind, arrays = type(layer).__name__, layer.get_weights()
        if forgets == "activation" and kind == "Conv2D":
            layer = _Altered(layer, activation="linear")
        if forgets == "bias" and len(arrays) == 2:
            layer = _Altered(layer, [arrays[0], 0 * arrays[1]])
        if forgets == "padding" and kind == "Conv2D":
            layer = _Altered(layer, padding="valid")
        if dropout == "scales" and kind == "Dense":
            layer = _Altered(layer, [arrays[0] * 0.7, arrays[1]])
        if flatten == "channels-first" and kind == "Dense":
            w = arrays[0].reshape(-1, 4, 4, arrays[0].shape[1]).transpose(1, 2, 0, 3).reshape(arrays[0].shape)
            layer = _Altered(layer, [w, arrays[1]])
        layers.append(layer)
    return numpy_forward(_Stack(layers), x)


_SUMMARY = "Read model.summary() line by line."
_ROW = "Print model.predict(x[:1]).sum()."

MISCONCEPTIONS = (
    Misconception("keras.unscaled-input", "prepare", "A network takes pixels as they are.",
                  "How large are the inputs, and how large are the initial weights?",
                  "Take a pixel of 51. What does it become?",
                  "The pixels are not divided by 255.", partial(wrong_prepare, scale="none")),
    Misconception("keras.train-test-scaled-differently", "prepare", "White is the brightest pixel of the batch.",
                  "What is white in a dark picture, and what in a bright one?",
                  "Take a batch in which every pixel is 51. What does it become?",
                  "The pixels are divided by the largest pixel of the batch.", partial(wrong_prepare, scale="largest")),
    Misconception("keras.integer-division", "prepare", "// is the division of numbers in an array.",
                  "How many values between 0 and 1 are integers?", "Take a pixel of 51. What does it become?",
                  "// drops the fraction, so nearly every pixel becomes 0; / keeps it.",
                  partial(wrong_prepare, scale="integers")),
    Misconception("keras.standardised", "prepare", "Images are scaled by the mean and the standard deviation of their batch.",
                  "Take the same image in a dark batch and in a bright one. Does it stay the same image?",
                  "Take a pixel of 51. What does it become in two different batches?",
                  "The mean and the standard deviation of the batch are used; the task asks for a division by 255.",
                  partial(wrong_prepare, scale="standard")),
    Misconception("keras.missing-channel-axis", "prepare", "Grey images need no channel axis.",
                  "How many axes does a convolution need?", "Take images of shape (4, 8, 8). What shape comes out?",
                  "No axis was added.",
                  partial(wrong_prepare, axis="none")),
    Misconception("keras.channels-first-data", "prepare", "Channels come before rows.",
                  "Which axes of (N, 1, 8, 8) would a kernel slide along?",
                  "Take images of shape (4, 8, 8). What shape comes out?",
                  "In Keras, the channels come last.", partial(wrong_prepare, axis="first")),
    Misconception("keras.labels-one-hot", "prepare", "Labels are rows of 0 and 1.",
                  "What does the task say about labels?", "Take the labels 3, 0 and 9. What comes out?",
                  "The labels must stay integers.",
                  partial(wrong_prepare, one_hot=True)),
    Misconception("keras.no-nonlinearity", "build_cnn", "Layers in a row are enough.",
                  "What kind of map are two linear maps in a row?", _SUMMARY,
                  "There is no activation between the layers.", partial(wrong_build, activation=None)),
    Misconception("keras.dense-without-flatten", "build_cnn", "A dense layer takes maps.",
                  "What is the shape after each layer?", _SUMMARY, "The output still has rows and columns.",
                  partial(wrong_build, flatten=False)),
    Misconception("keras.logits-without-from-logits", "build_cnn", "The loss knows whether it gets logits.",
                  "What is the sum of one row of predictions, and what does the loss expect?", _ROW,
                  "There is no softmax, and the loss does not have from_logits=True.",
                  partial(wrong_build, answer=None)),
    Misconception("keras.softmax-and-from-logits", "build_cnn", "from_logits belongs to every softmax.",
                  "How many times is the exponential taken?", _ROW, "Softmax is applied twice.",
                  partial(wrong_build, loss="from-logits")),
    Misconception("keras.output-activation-relu", "build_cnn", "The last layer is like the others.",
                  "Can a row of its numbers be probabilities?", _ROW,
                  "The last layer has a ReLU; use a softmax there, or no activation and from_logits=True.",
                  partial(wrong_build, answer="relu")),
    Misconception("keras.dropout-on-output", "build_cnn", "Dropout goes after every layer.",
                  "What would a dropped probability mean?", _SUMMARY, "Dropout is applied to the output.",
                  partial(wrong_build, behind=0.3)),
    Misconception("keras.wrong-units", "build_cnn", "There are always ten classes.",
                  "What does your model return for seven classes?",
                  "Build a model for 7 classes.", "The number of units is fixed in the code.",
                  partial(wrong_build, units=10)),
    Misconception("keras.one-unit-too-many", "build_cnn", "Counting begins at 1, so ten classes need eleven units.",
                  "Which labels do ten classes have, and how many labels are there?",
                  "Print model.output_shape for 10 classes.", "The last layer has one unit more than there are classes.",
                  partial(wrong_build, more=1)),
    Misconception("keras.sigmoid-output", "build_cnn", "Each class is a separate question.",
                  "How many of the ten classes can be right for one image, and what should a row sum to?", _ROW,
                  "The last layer has a sigmoid; one of several classes needs a softmax.",
                  partial(wrong_build, answer="sigmoid")),
    Misconception("keras.loss-for-numbers", "build_cnn", "A label is a number, so its squared error is a loss.",
                  "Is class 8 further from class 1 than class 2 is?",
                  "Print model.loss.", "The loss is for numbers; classes need a categorical cross-entropy.",
                  partial(wrong_build, loss="mse")),
    Misconception("keras.softmax-over-images", "build_cnn", "A softmax runs along the first axis.",
                  "Which numbers compete: the ten outputs of one image, or the images?", _ROW,
                  "The softmax runs along the images; it must run along the classes, axis=-1.",
                  partial(wrong_build, answer=None, over="images")),
    Misconception("keras.fixed-input-shape", "build_cnn", "All images have the shape of these digits.",
                  "What does your model take for images of shape (12, 10, 3)?",
                  "Build a model for images of shape (12, 10, 3).", "The shape of the images is fixed in the code.",
                  partial(wrong_build, shape=(8, 8, 1))),
    Misconception("keras.binary-loss-for-multiclass", "build_cnn", "All cross-entropies are the same.",
                  "How many answers can be right at once?", "Take ten classes. How many are right for one image?",
                  "The loss is for two classes.",
                  partial(wrong_build, loss="binary_crossentropy")),
    Misconception("keras.not-compiled", "build_cnn", "A model is ready when it is built.",
                  "How does the model know what to minimise?", "Print model.loss.", "compile was not called.",
                  partial(wrong_build, compiled=False)),
    Misconception("keras.no-pooling", "build_cnn", "Maps may stay as large as the image.",
                  "Which layer has the most parameters, and why?", _SUMMARY, "Nothing makes the maps smaller.",
                  partial(wrong_build, pooling=False)),
    Misconception("keras.no-regulariser", "build_cnn", "A small network needs nothing against overfitting.",
                  "How do loss and val_loss change?", _SUMMARY, "Nothing reduces overfitting.",
                  partial(wrong_build, regulariser=False)),
    Misconception("keras.too-many-parameters", "build_cnn", "A large dense layer does no harm.",
                  "Which layer has the most parameters?", _SUMMARY, "The dense layer has far too many parameters.",
                  partial(wrong_build, dense=512)),
    Misconception("keras.test-set-as-validation", "train", "More images are better.",
                  "Which images may the weights depend on?", "Validate on noise with random labels.",
                  "The model is also trained on the validation images.", partial(wrong_train, learns="both")),
    Misconception("keras.sparse-vs-onehot", "train", "The loss takes labels in either form.",
                  "Which labels did you compile for, integers or rows of 0 and 1?", "Read the first line of the error.",
                  "The labels are one-hot, but the loss is sparse.", partial(wrong_train, learns="one-hot")),
    Misconception("keras.sets-swapped", "train", "The second pair of arrays is the one to learn from.",
                  "Which images does fit learn from, and which does it only measure?",
                  "Validate on noise with random labels. Does the model know these labels afterwards?",
                  "The model learns from the validation images and is measured on the training images.",
                  partial(wrong_train, learns="validation")),
    Misconception("keras.validation-split", "train", "validation_split uses the validation images.",
                  "Which images does validation_split take?",
                  "Validate on noise with random labels. How small can val_loss become?",
                  "validation_split takes training images; pass validation_data=(x_val, y_val).",
                  partial(wrong_train, watches_own=0.2)),
    Misconception("keras.fit-in-a-loop", "train", "Each call of fit continues the History.",
                  "How many epochs does the History have?", "Print history.history['loss'].",
                  "Each call of fit returns a new History; call fit once with all epochs.",
                  partial(wrong_train, again=True)),
    Misconception("keras.validation-forgotten", "train", "fit measures validation by itself.",
                  "Where does val_loss come from?",
                  "Print history.history.", "No validation images were passed.", partial(wrong_train, watches=False)),
    Misconception("keras.epochs-ignored", "train", "The number of epochs does not matter.", "How long is the History?",
                  "Print history.history['loss'].", "The argument epochs is not used.",
                  partial(wrong_train, ignores=1), forms=(partial(wrong_train, ignores=5),)),
    Misconception("keras.small-steps", "train", "Every optimiser has a good learning rate by itself.",
                  "How far does a weight move in one step, and how many steps does the training make?",
                  "Print history.history['loss'] and model.optimizer.learning_rate.",
                  "The steps are too small: Adadelta and Adagrad start with 0.001 in Keras 3, and SGD needs more than 0.01.",
                  partial(wrong_train, optimizer="adadelta")),
    Misconception("keras.large-steps", "train", "A higher learning rate learns more.",
                  "What happens to the loss after the first step?",
                  "Print history.history['loss'] for this learning rate and for a hundredth of it.",
                  "The steps are too large: the loss jumps and does not fall.",
                  partial(wrong_train, rate=0.5)),
    Misconception("keras.stops-early", "train", "The first epoch without a better loss is the last useful one.",
                  "How many epochs does the History have, and was the loss still falling?",
                  "Print history.history['loss'] without early stopping.",
                  "Early stopping ends the training in its first epochs; it needs more patience.",
                  partial(wrong_train, stops=True)),
    Misconception("keras.returns-model", "train", "train returns the trained model.", "What should train return?",
                  "Print what train returns.", "The model is returned, not the History.",
                  partial(wrong_train, gives="model")),
    Misconception("keras.returns-nothing", "train", "The History need not be returned.",
                  "What does your function return?", "Print what train returns.", "The return statement is missing.",
                  partial(wrong_train, gives="nothing")),
    Misconception("keras.argmax-wrong-axis", "predict_labels", "argmax runs along the images.",
                  "What shape comes out for a single image?", "Predict a single image.",
                  "argmax runs along the images; it must run along the classes.",
                  partial(wrong_labels, axis=0)),
    Misconception("keras.labels-from-one", "predict_labels", "The first class is class 1.",
                  "Which position does argmax return if the first number is the largest?",
                  "Take a row whose first number is the largest. What comes out?",
                  "1 is added to the positions; the classes begin at 0.",
                  partial(wrong_labels, gives="number")),
    Misconception("keras.scaled-twice", "predict_labels", "Images are scaled before every use.",
                  "What is the range of x, and what does your function do with it?",
                  "Print x.max() at the beginning of predict_labels, and just before predict.",
                  "The images are already between 0 and 1, and they are divided by 255 again.",
                  partial(wrong_labels, divisor=255)),
    Misconception("keras.max-not-argmax", "predict_labels", "The largest number is the label.",
                  "Is the answer the number or its position?", "Take one row. What comes out?",
                  "Use argmax, not max.",
                  partial(wrong_labels, gives="value")),
    Misconception("keras.predicts-rows", "predict_labels", "predict returns labels.",
                  "What shape does predict return?", "Predict a single image.", "The rows themselves are returned.",
                  partial(wrong_labels, gives="rows")),
    Misconception("keras.numpy-forgets-activation", "numpy_forward", "The activation is always a separate layer.",
                  "Can your first layer return a negative number? Can the layer in Keras?",
                  "Cut the model off after its first layer and compare.",
                  "The activation inside a layer is missing.", partial(wrong_forward, forgets="activation")),
    Misconception("keras.numpy-forgets-bias", "numpy_forward", "A layer has only a kernel.",
                  "How many arrays does get_weights return for a layer, and where does each one go?",
                  "Take an image of zeros. What does the first layer return?",
                  "The biases are missing; they are 0 only before the first training step.",
                  partial(wrong_forward, forgets="bias")),
    Misconception("keras.same-for-valid", "numpy_forward", "One kind of padding fits every layer.",
                  "How many numbers come out of Flatten in Keras, and how many in your code?",
                  _SUMMARY, "The padding is a setting of each layer: same or valid.",
                  partial(wrong_forward, forgets="padding")),
    Misconception("keras.numpy-dropout-scales", "numpy_forward", "Dropout scales at inference.",
                  "What does inverted dropout do outside of training?", "Remove the dropout layer and compare.",
                  "The values are scaled; dropout does nothing at inference.",
                  partial(wrong_forward, dropout="scales")),
    Misconception("keras.numpy-flatten-order", "numpy_forward", "Flatten takes one channel after another.",
                  "Which number comes second after Flatten in Keras: the next pixel or the next channel?",
                  "Flatten a 2 x 2 map with two channels.", "The map is flattened channels first.",
                  partial(wrong_forward, flatten="channels-first")),
)  # fmt: skip
