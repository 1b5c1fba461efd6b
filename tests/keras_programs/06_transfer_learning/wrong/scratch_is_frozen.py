# compare: the network from scratch has a frozen random base
import os

import keras
import numpy as np


def make(base, n_classes, learning_rate, metrics=("accuracy",)):
    source = base
    if len(base.output_shape) == 2:
        source = keras.models.Model(base.inputs, [z for z in base.layers if len(z.output.shape) == 4][-1].output)
    model = keras.models.Sequential()
    model.add(keras.layers.Input(base.input_shape[1:]))
    model.add(keras.layers.Rescaling(2, offset=-1))
    model.add(source)
    model.add(keras.layers.Flatten())
    model.add(keras.layers.Dropout(0.2))
    model.add(keras.layers.Dense(n_classes, activation="softmax"))
    model.compile(keras.optimizers.Adam(learning_rate), loss="sparse_categorical_crossentropy", metrics=list(metrics))
    return model


def add_head(base, n_classes):
    base.trainable = False
    return make(base, n_classes, keras.optimizers.schedules.ExponentialDecay(5e-3, 50, 0.95))


def unfreeze_top(model, base, n_layers, learning_rate):
    base.trainable = True
    for layer in base.layers[: len(base.layers) - n_layers]:
        layer.trainable = False
    for layer in base.layers[len(base.layers) - n_layers :]:
        layer.trainable = not isinstance(layer, keras.layers.BatchNormalization)
    model.compile(keras.optimizers.Adam(learning_rate), loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


def compare(base, x_train, y_train, x_test, y_test, n_classes, epochs=3):
    start = base.get_weights()
    fresh = keras.models.clone_model(base)
    fresh.trainable = False
    scratch = make(fresh, n_classes, 5e-3)
    stop = lambda: [keras.callbacks.EarlyStopping(monitor="loss", patience=50)]
    scratch.fit(x_train, y_train, epochs=epochs, callbacks=stop(), verbose=0)
    frozen = add_head(base, n_classes)
    frozen.fit(x_train, y_train, epochs=epochs, callbacks=stop(), verbose=0)
    scores = [m.evaluate(x_test, y_test, verbose=0)[1] for m in (scratch, frozen)]
    model = add_head(base, n_classes)
    model.fit(x_train, y_train, epochs=epochs // 2, callbacks=stop(), verbose=0)
    model = unfreeze_top(model, base, 2, 1e-3)
    model.fit(x_train, y_train, epochs=epochs - epochs // 2, callbacks=stop(), verbose=0)
    scores.append(model.evaluate(x_test, y_test, verbose=0)[1])
    base.set_weights(start)  # leave the base as it was
    return dict(zip(("scratch", "frozen", "finetuned"), scores))
