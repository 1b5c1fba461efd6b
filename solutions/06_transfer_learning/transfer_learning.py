"""Transfer learning: use the features of one task for another.

    x in [0, 1] -> rescaling to [-1, 1] -> base (frozen) -> flatten -> dense, softmax

First, only the head learns. Its gradients are large while its weights are random, and they would ruin the features of
the base. Then the top layers of the base may learn too, with a learning rate that changes them only a little.

References: Yosinski, Clune, Bengio, Lipson, "How transferable are features in deep neural networks?", 2014; Keras 3,
"Transfer learning & fine-tuning".
"""

import keras


def features_of(base):
    """Return the layers of a base up to its last maps, without the classifier of its old task."""
    if len(base.output_shape) == 4:
        return base
    last = [layer for layer in base.layers if len(layer.output.shape) == 4][-1]
    return keras.Model(base.inputs, last.output)


def add_head(base, n_classes):
    """Put a new head on the frozen base, and compile."""
    base = features_of(base)
    base.trainable = False  # freezes all its layers, including the statistics of batch normalisation
    inputs = keras.Input(base.input_shape[1:])
    x = keras.layers.Rescaling(2.0, offset=-1.0)(inputs)
    x = keras.layers.Flatten()(base(x))  # keeps where a feature was found, which tells 7 from 9
    outputs = keras.layers.Dense(n_classes, activation="softmax")(x)
    model = keras.Model(inputs, outputs)
    model.compile(keras.optimizers.Adam(3e-3), "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


def unfreeze_top(model, base, n_layers, learning_rate):
    """Unfreeze the last layers of the base, except batch normalisation, and compile again so that it takes effect."""
    base.trainable = True  # before the layers, because this sets every layer
    first = len(base.layers) - n_layers
    for number, layer in enumerate(base.layers):
        layer.trainable = number >= first and not isinstance(layer, keras.layers.BatchNormalization)
    model.compile(keras.optimizers.Adam(learning_rate), "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


def compare(base, x_train, y_train, x_test, y_test, n_classes, epochs=3):
    """Measure scratch, frozen and fine-tuned on the same test images, after the same number of epochs."""
    kept = base.get_weights()

    def fit(model, epochs=epochs):
        model.fit(x_train, y_train, epochs=epochs, batch_size=32, verbose=0)

    def accuracy(model):
        return float(model.evaluate(x_test, y_test, verbose=0)[1])

    fresh = keras.models.clone_model(base)
    scratch = add_head(fresh, n_classes)
    fresh.trainable = True
    scratch.compile(keras.optimizers.Adam(3e-3), "sparse_categorical_crossentropy", metrics=["accuracy"])
    fit(scratch)
    model = add_head(base, n_classes)
    fit(model)
    found = {"scratch": accuracy(scratch), "frozen": accuracy(model)}
    model = add_head(base, n_classes)
    fit(model, epochs // 2)
    fit(unfreeze_top(model, base, 2, 1e-3), epochs - epochs // 2)
    found["finetuned"] = accuracy(model)
    base.set_weights(kept)  # the caller gets the base back unchanged
    return found
