import keras
import numpy as np
from keras import layers

LOSS = "sparse_categorical_crossentropy"


class Head:
    def __init__(self, units):
        self.parts = [layers.Flatten(), layers.Dense(units, activation="softmax", kernel_initializer="zeros")]

    def __call__(self, x):
        for part in self.parts:
            x = part(x)
        return x


def add_head(base, n_classes):
    y = base.outputs[0]
    for layer in base.layers[::-1]:
        if len(y.shape) == 4:
            break
        y = layer.input
    base = base if y is base.outputs[0] else keras.models.Model(base.inputs, y)
    base.trainable = False
    x = i = layers.Input(shape=tuple(base.input_shape[1:]))
    x = layers.Normalization(mean=0.5, variance=0.25)(x)
    m = keras.models.Model(inputs=i, outputs=Head(n_classes)(base(x)))
    m.compile(loss=LOSS, optimizer=keras.optimizers.Adam(learning_rate=0.003), metrics=["acc"])
    return m


def unfreeze_top(model, base, n_layers, learning_rate):
    chosen = set(range(len(base.layers)))
    chosen = {i for i in chosen if i >= len(base.layers) - n_layers}
    base.trainable = bool(chosen)
    for i, layer in enumerate(base.layers):
        if i not in chosen or type(layer) is layers.BatchNormalization:
            layer.trainable = False
    model.compile(loss=LOSS, optimizer=keras.optimizers.Adam(learning_rate=learning_rate), metrics=["acc"])
    return model


def compare(base, x_train, y_train, x_test, y_test, n_classes, epochs=3):
    out, start = {}, [w.copy() for w in base.get_weights()]
    for name in ("scratch", "frozen", "finetuned"):
        one = keras.models.clone_model(base)
        if name != "scratch":
            one.set_weights(start)
        model = add_head(one, n_classes)
        if name == "scratch":
            one.trainable = True
            model.compile(loss=LOSS, optimizer=keras.optimizers.Adam(0.003))
        first = epochs - epochs // 2 if name == "finetuned" else epochs
        for _ in range(first):
            model.fit(x_train, y_train, batch_size=20, verbose=0)
        if name == "finetuned":
            unfreeze_top(model, one, 4, 0.0005)
            for _ in range(epochs - first):
                model.fit(x_train, y_train, batch_size=20, verbose=0)
        out[name] = float((model.predict(x_test, verbose=0).argmax(1) == y_test).sum() / len(y_test))
    return out
