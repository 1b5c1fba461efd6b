# add_head: gives the base images in [0, 1]
import keras
import numpy as np
from keras import layers


class Head:
    """Builds the model around a base."""

    def __init__(self, base, n_classes):
        self.base, self.n_classes = base, n_classes

    def maps(self):
        if len(self.base.output_shape) == 4:
            return self.base
        layer = [one for one in self.base.layers if len(one.output.shape) == 4][-1]
        return keras.Model(self.base.inputs, layer.output)

    def build(self):
        inputs = layers.Input(shape=self.base.input_shape[1:])
        x = self.maps()(inputs, training=False)
        x = layers.GlobalAveragePooling2D()(x)
        return keras.Model(inputs, layers.Dense(self.n_classes, activation="softmax")(x))


def add_head(base, n_classes):
    base.trainable = False
    model = Head(base, n_classes).build()
    model.compile(keras.optimizers.SGD(0.1, momentum=0.9), "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


def unfreeze_top(model, base, n_layers, learning_rate):
    base.trainable = True
    top = base.layers[-n_layers:] if n_layers else []
    for layer in base.layers:
        if layer not in top or isinstance(layer, layers.BatchNormalization):
            layer.trainable = False
    model.compile(keras.optimizers.SGD(learning_rate, momentum=0.9), "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


def compare(base, x_train, y_train, x_test, y_test, n_classes, epochs=3):
    def measure(model):
        return model.evaluate(x_test, y_test, verbose=0)[1]

    fresh = type(base).from_config(base.get_config())
    fresh.trainable = True
    scratch = Head(fresh, n_classes).build()
    scratch.compile(keras.optimizers.SGD(0.1, momentum=0.9), "sparse_categorical_crossentropy", metrics=["accuracy"])
    scratch.fit(x_train, y_train, epochs=epochs, batch_size=16, verbose=0)
    frozen = add_head(base, n_classes)
    frozen.fit(x_train, y_train, epochs=epochs, batch_size=16, verbose=0)
    frozen_acc = measure(frozen)
    tuned = add_head(base, n_classes)
    tuned.fit(x_train, y_train, epochs=epochs // 2, batch_size=16, verbose=0)
    tuned = unfreeze_top(tuned, base, 3, 1e-3)
    tuned.fit(x_train, y_train, epochs=epochs - epochs // 2, batch_size=16, verbose=0)
    return {"scratch": measure(scratch), "frozen": frozen_acc, "finetuned": measure(tuned)}
