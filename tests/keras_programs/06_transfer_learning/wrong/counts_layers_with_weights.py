# unfreeze_top: counts only the layers with weights
import keras
import numpy as np
from keras import layers


def load_base(path="base.weights.h5"):
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


def without_top(base):
    if len(base.output_shape) == 4:
        return base
    maps = [layer.output for layer in base.layers if len(layer.output.shape) == 4]
    return keras.Model(base.inputs, maps[-1])


def add_head(base, n_classes):
    base.trainable = False
    features = without_top(base)
    inputs = keras.Input(base.input_shape[1:])
    x = layers.Rescaling(2.0, offset=-1.0)(inputs)
    x = features(x)
    x = layers.Flatten()(x)
    outputs = layers.Dense(n_classes, activation="softmax")(x)
    model = keras.Model(inputs, outputs)
    model.compile(keras.optimizers.Adam(0.005), loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


def unfreeze_top(model, base, n_layers, learning_rate):
    base.trainable = True
    heavy = [layer for layer in base.layers if layer.weights][-n_layers:]
    for layer in base.layers:
        layer.trainable = layer in heavy and not isinstance(layer, layers.BatchNormalization)
    model.compile(keras.optimizers.Adam(learning_rate), loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


def compare(base, x_train, y_train, x_test, y_test, n_classes, epochs=3):
    fresh = keras.models.clone_model(base)
    scratch = add_head(fresh, n_classes)
    fresh.trainable = True
    scratch.compile(keras.optimizers.Adam(0.005), loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    scratch.fit(x_train, y_train, epochs=epochs, verbose=0)

    frozen = add_head(base, n_classes)
    frozen.fit(x_train, y_train, epochs=epochs, verbose=0)
    frozen_accuracy = frozen.evaluate(x_test, y_test, verbose=0)[1]

    tuned = add_head(base, n_classes)
    tuned.fit(x_train, y_train, epochs=epochs // 2, verbose=0)
    tuned = unfreeze_top(tuned, base, 3, 1e-3)
    tuned.fit(x_train, y_train, epochs=epochs - epochs // 2, verbose=0)
    return dict(
        scratch=scratch.evaluate(x_test, y_test, verbose=0)[1],
        frozen=frozen_accuracy,
        finetuned=tuned.evaluate(x_test, y_test, verbose=0)[1],
    )
