# Depthwise separable convolutions with swish
import keras
import numpy as np
from keras import layers


def prepare(images_uint8, labels):
    x = images_uint8.astype("float32") / 255
    if x.ndim == 3:
        x = x[..., None]
    return x, labels


def build_cnn(input_shape, n_classes):
    model = keras.Sequential([
        keras.Input(input_shape),
        layers.Conv2D(32, 3, padding="same", activation="swish"),
        layers.SeparableConv2D(64, 3, padding="same", activation="swish"),
        layers.MaxPooling2D(),
        layers.SeparableConv2D(64, 3, padding="same", activation="swish"),
        layers.Flatten(),
        layers.Dropout(0.2),
        layers.Dense(n_classes, activation="softmax"),
    ])
    model.compile(keras.optimizers.Adam(3e-3), loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


def train(model, x_train, y_train, x_val, y_val, epochs):
    return model.fit(x_train, y_train, batch_size=32, epochs=epochs, validation_data=(x_val, y_val), verbose=0)


def predict_labels(model, x):
    return model.predict(x, verbose=0).argmax(axis=1)


def numpy_forward(model, x):
    def patches(h):  # 3x3, same
        h = np.pad(h, ((0, 0), (1, 1), (1, 1), (0, 0)))
        return np.lib.stride_tricks.sliding_window_view(h, (3, 3), axis=(1, 2))

    def swish(z):
        return z / (1 + np.exp(-z))

    first, second, third, dense = [layer.get_weights() for layer in model.layers if layer.get_weights()]
    h = swish(np.einsum("nijcab,abcf->nijf", patches(x), first[0]) + first[1])
    h = swish(np.einsum("nijcab,abcm->nijcm", patches(h), second[0])[..., 0] @ second[1][0, 0] + second[2])
    n, rows, columns, c = h.shape
    h = h[:, : rows // 2 * 2, : columns // 2 * 2].reshape(n, rows // 2, 2, columns // 2, 2, c).max(axis=(2, 4))
    h = swish(np.einsum("nijcab,abcm->nijcm", patches(h), third[0])[..., 0] @ third[1][0, 0] + third[2])
    z = h.reshape(n, -1) @ dense[0] + dense[1]
    z = np.exp(z - z.max(axis=1, keepdims=True))
    return z / z.sum(axis=1, keepdims=True)
