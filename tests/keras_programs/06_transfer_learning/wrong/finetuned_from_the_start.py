# compare: head and base are trained together from the first epoch
import keras
import numpy as np


class ToBaseRange(keras.layers.Layer):
    def call(self, images):
        return images * 2 - 1


def last_maps(base):
    for layer in base.layers[::-1]:
        if len(layer.output.shape) == 4:
            return layer.output


def compile_with(model, learning_rate):
    model.compile(
        optimizer=keras.optimizers.Adam(learning_rate=learning_rate),
        loss=keras.losses.SparseCategoricalCrossentropy(),
        metrics=[keras.metrics.SparseCategoricalAccuracy(name="acc")],
    )


def add_head(base, n_classes):
    base.trainable = False
    if len(base.output_shape) == 2:
        trunk = keras.Model(base.inputs, last_maps(base), name="trunk")
    else:
        trunk = base
    inputs = keras.Input(base.input_shape[1:])
    features = trunk(ToBaseRange()(inputs))
    flat = keras.layers.Flatten()(features)
    flat = keras.layers.Dropout(0.3)(flat)
    model = keras.Model(inputs, keras.layers.Dense(n_classes, "softmax")(flat))
    compile_with(model, 3e-3)
    return model


def unfreeze_top(model, base, n_layers, learning_rate):
    base.trainable = True
    start = len(base.layers) - n_layers
    for number, layer in enumerate(base.layers):
        if number < start or isinstance(layer, keras.layers.BatchNormalization):
            layer.trainable = False
    compile_with(model, learning_rate)
    return model


def compare(base, x_train, y_train, x_test, y_test, n_classes, epochs=3):
    settings = dict(batch_size=16, verbose=0)
    fresh = keras.models.clone_model(base)
    scratch = add_head(fresh, n_classes)
    fresh.trainable = True
    compile_with(scratch, 3e-3)
    scratch.fit(x_train, y_train, epochs=epochs, **settings)
    frozen = add_head(base, n_classes)
    frozen.fit(x_train, y_train, epochs=epochs, **settings)
    a, b = (m.evaluate(x_test, y_test, return_dict=True, verbose=0)["acc"] for m in (scratch, frozen))
    tuned = add_head(base, n_classes)
    unfreeze_top(tuned, base, 2, 3e-4)
    tuned.fit(x_train, y_train, epochs=epochs, **settings)
    return {"scratch": a, "frozen": b, "finetuned": tuned.evaluate(x_test, y_test, return_dict=True, verbose=0)["acc"]}
