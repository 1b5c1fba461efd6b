# compare: measures the accuracy on the training images
import keras
import numpy as np


def body(base):
    """The base without its old classifier."""
    if len(base.output_shape) == 4:
        return base
    keep = []
    for layer in base.layers:
        if isinstance(layer, (keras.layers.Flatten, keras.layers.GlobalAveragePooling2D, keras.layers.Dense)):
            break
        keep.append(layer)
    return keras.Model(base.inputs, keep[-1].output)


def add_head(base, n_classes):
    for layer in base.layers:
        layer.trainable = False
    model = keras.Sequential(
        [
            keras.Input(base.input_shape[1:]),
            keras.layers.Rescaling(scale=2, offset=-1),
            body(base),
            keras.layers.GlobalAveragePooling2D(),
            keras.layers.Dense(n_classes, activation="softmax"),
        ]
    )
    model.compile(optimizer=keras.optimizers.Adam(1e-2), loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


def unfreeze_top(model, base, n_layers, learning_rate):
    for layer in base.layers:
        layer.trainable = False
    if n_layers > 0:
        for layer in base.layers[-n_layers:]:
            if not isinstance(layer, keras.layers.BatchNormalization):
                layer.trainable = True
    model.compile(keras.optimizers.Adam(learning_rate), "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


def accuracy(model, x, y):
    return float(np.mean(model.predict(x, verbose=0).argmax(axis=1) == y))


def compare(base, x_train, y_train, x_test, y_test, n_classes, epochs=3):
    results = {}
    model = add_head(keras.models.clone_model(base), n_classes)
    for layer in model._flatten_layers():
        layer.trainable = True
    model.compile(keras.optimizers.Adam(1e-2), "sparse_categorical_crossentropy", metrics=["accuracy"])
    model.fit(x_train, y_train, batch_size=16, epochs=epochs, verbose=0)
    results["scratch"] = accuracy(model, x_train, y_train)
    model = add_head(base, n_classes)
    model.fit(x_train, y_train, batch_size=16, epochs=epochs, verbose=0)
    results["frozen"] = accuracy(model, x_train, y_train)
    copy = keras.models.clone_model(base)
    copy.set_weights(base.get_weights())
    model = add_head(copy, n_classes)
    half = epochs // 2
    model.fit(x_train, y_train, batch_size=16, epochs=half, verbose=0)
    unfreeze_top(model, copy, 2, 5e-4)
    model.fit(x_train, y_train, batch_size=16, epochs=epochs - half, verbose=0)
    results["finetuned"] = accuracy(model, x_train, y_train)
    return results
