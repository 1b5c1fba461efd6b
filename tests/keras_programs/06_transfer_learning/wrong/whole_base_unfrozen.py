# unfreeze_top: unfreezes the whole base
import keras
import numpy as np


class Transfer(keras.Model):
    def __init__(self, base, n_classes):
        super().__init__()
        self.rescale = keras.layers.Rescaling(2.0, offset=-1.0)
        self.base = base
        self.pool = keras.layers.GlobalAveragePooling2D()
        self.head = keras.layers.Dense(n_classes, activation="softmax")

    def call(self, x, training=None):
        x = self.rescale(x)
        x = self.base(x, training=training)
        return self.head(self.pool(x))


def add_head(base, n_classes):
    base.trainable = False
    if len(base.output_shape) == 2:
        maps = [layer for layer in base.layers if len(layer.output.shape) == 4]
        trunk = keras.Model(base.inputs, maps[-1].output)
    else:
        trunk = base
    model = Transfer(trunk, n_classes)
    model.build((None, *base.input_shape[1:]))
    model.compile(keras.optimizers.Adam(1e-2), "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


def unfreeze_top(model, base, n_layers, learning_rate):
    base.trainable = True
    model.base.trainable = True
    frozen = base.layers[:-n_layers] if n_layers else base.layers
    for layer in base.layers:
        if isinstance(layer, keras.layers.BatchNormalization):
            layer.trainable = False
    model.compile(keras.optimizers.Adam(learning_rate), "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


def compare(base, x_train, y_train, x_test, y_test, n_classes, epochs=3):
    fresh = keras.models.clone_model(base)
    scratch = add_head(fresh, n_classes)
    fresh.trainable = True
    scratch.compile(keras.optimizers.Adam(1e-2), "sparse_categorical_crossentropy", metrics=["accuracy"])
    scratch.fit(x_train, y_train, epochs=epochs, verbose=0)
    frozen = add_head(base, n_classes)
    frozen.fit(x_train, y_train, epochs=epochs, verbose=0)
    result = {
        "scratch": scratch.evaluate(x_test, y_test, verbose=0)[1],
        "frozen": frozen.evaluate(x_test, y_test, verbose=0)[1],
    }
    tuned = add_head(base, n_classes)
    tuned.fit(x_train, y_train, epochs=epochs // 2, verbose=0)
    unfreeze_top(tuned, base, 4, 1e-3)
    tuned.fit(x_train, y_train, epochs=epochs - epochs // 2, verbose=0)
    result["finetuned"] = tuned.evaluate(x_test, y_test, verbose=0)[1]
    return result
