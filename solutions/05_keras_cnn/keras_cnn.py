"""A convolutional network in Keras, and the same network in the NumPy of exercises 1 to 4.

    x (N, 8, 8, 1) -> conv 3x3, 16, relu -> conv 3x3, 32, relu -> max pool 2 -> flatten -> dropout -> dense 10, softmax

Keras finds the weights. `numpy_forward` takes them and computes the same output, which shows that we understand them.

References: LeCun, Bottou, Bengio, Haffner, "Gradient-Based Learning Applied to Document Recognition", 1998; Keras 3.
"""

import keras
import numpy as np


def prepare(images_uint8, labels):
    """Return images as floats in [0, 1] with a channel axis, and labels as integers.

    >>> x, y = prepare(np.full((2, 8, 8), 51, np.uint8), np.array([3, 7], np.uint8))
    >>> x.shape, float(x[0, 0, 0, 0]), y.tolist()
    ((2, 8, 8, 1), 0.20000000298023224, [3, 7])
    """
    x = np.asarray(images_uint8).astype("float32") / 255
    if x.ndim == 3:
        x = x[..., np.newaxis]
    return x, np.asarray(labels).astype("int64")


def build_cnn(input_shape, n_classes):
    """Build two convolutions, one pooling layer, dropout against overfitting, and a softmax at the end."""
    model = keras.Sequential(
        [
            keras.Input(input_shape),
            keras.layers.Conv2D(16, 3, padding="same", activation="relu"),
            keras.layers.Conv2D(32, 3, padding="same", activation="relu"),
            keras.layers.MaxPooling2D(2),
            keras.layers.Flatten(),
            keras.layers.Dropout(0.3),
            keras.layers.Dense(n_classes, activation="softmax"),
        ]
    )
    model.compile(keras.optimizers.Adam(2e-3), "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


def train(model, x_train, y_train, x_val, y_val, epochs):
    """Fit on the training images only; the validation images are only measured."""
    return model.fit(x_train, y_train, epochs=epochs, batch_size=32, validation_data=(x_val, y_val), verbose=0)


def predict_labels(model, x):
    """Return the position of the largest number in each row."""
    return np.argmax(model.predict(x, verbose=0), axis=1)


def numpy_forward(model, x):
    """Compute the output of the model at inference, layer by layer, with the NumPy of exercises 1 to 4."""
    from batch_norm import batch_norm_infer
    from convolution import conv2d_fast
    from pooling import avg_pool2d, global_avg_pool2d, max_pool2d

    for layer in model.layers:
        kind, settings = type(layer).__name__, layer.get_config()
        arrays = [np.asarray(array, dtype=np.float64) for array in layer.get_weights()]
        if kind == "Conv2D":
            w, b = arrays if len(arrays) == 2 else (arrays[0], np.zeros(arrays[0].shape[-1]))
            x = conv2d_fast(x, w, b, settings["strides"], settings["padding"])
        elif kind == "Dense":
            x = x @ arrays[0] + (arrays[1] if len(arrays) == 2 else 0)
        elif kind in ("MaxPooling2D", "AveragePooling2D"):
            pool = max_pool2d if kind == "MaxPooling2D" else avg_pool2d
            x = pool(x, settings["pool_size"], settings["strides"], settings["padding"])
        elif kind == "GlobalAveragePooling2D":
            x = global_avg_pool2d(x)
        elif kind == "BatchNormalization":
            gamma, beta, mean, variance = arrays
            x = batch_norm_infer(x, gamma, beta, mean, variance, settings["epsilon"])
        elif kind == "Flatten":
            x = x.reshape(len(x), -1)
        elif kind == "Activation":
            pass  # its function is applied below
        elif kind not in ("Dropout", "InputLayer"):
            raise ValueError(f"numpy_forward does not support the layer {kind}")
        x = _activation(settings.get("activation"), x)
    return x


def _activation(name, x):
    if name in (None, "linear"):
        return x
    if name == "relu":
        return np.maximum(x, 0)
    if name == "softmax":
        e = np.exp(x - x.max(axis=-1, keepdims=True))
        return e / e.sum(axis=-1, keepdims=True)
    raise ValueError(f"numpy_forward does not support the activation {name}")
