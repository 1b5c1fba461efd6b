# Inception: branches of 1x1, 3x3, 5x5 and pooling side by side
import keras
import numpy as np
from keras.layers import Concatenate, Conv2D, Dense, Dropout, Flatten, Input, MaxPooling2D


def inception(x, f):
    a = Conv2D(f, 1, padding="same", activation="relu")(x)
    b = Conv2D(f, 1, padding="same", activation="relu")(x)
    b = Conv2D(f, 3, padding="same", activation="relu")(b)
    c = Conv2D(f, 5, padding="same", activation="relu")(x)
    d = MaxPooling2D(3, strides=1, padding="same")(x)
    d = Conv2D(f, 1, padding="same", activation="relu")(d)
    return Concatenate(axis=-1)([a, b, c, d])


def prepare(images_uint8, labels):
    x = np.asarray(images_uint8, "float32") / 255
    return (x.reshape(x.shape + (1,)) if x.ndim == 3 else x), labels


def build_cnn(input_shape, n_classes):
    inputs = Input(shape=input_shape)
    x = inception(inputs, 8)
    x = MaxPooling2D()(x)
    x = inception(x, 12)
    x = MaxPooling2D()(x)
    x = Flatten()(x)
    x = Dropout(0.2)(x)
    model = keras.Model(inputs, Dense(n_classes, activation="softmax")(x))
    model.compile(keras.optimizers.Adam(0.003), loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


def train(model, x_train, y_train, x_val, y_val, epochs):
    return model.fit(x_train, y_train, epochs=epochs, validation_data=(x_val, y_val), verbose=0)


def predict_labels(model, x):
    return model.predict(x, verbose=0).argmax(axis=1)


def numpy_forward(model, x):
    from convolution import conv2d
    from pooling import max_pool2d

    # the output of each layer, computed from those before it
    done = []
    for layer in model.layers:
        name = type(layer).__name__
        if name == "InputLayer":
            done.append((layer.output, x))
            continue
        inputs = layer.input if isinstance(layer.input, list) else [layer.input]
        h = [value for tensor in inputs for known, value in done if known is tensor]
        if name == "Conv2D":
            y = np.maximum(conv2d(h[0], *layer.get_weights(), layer.strides, layer.padding), 0)
        elif name == "MaxPooling2D":
            y = max_pool2d(h[0], layer.pool_size, layer.strides, layer.padding)
        elif name == "Concatenate":
            y = np.concatenate(h, axis=-1)
        elif name == "Flatten":
            y = h[0].reshape(len(x), -1)
        elif name == "Dense":
            w, b = layer.get_weights()
            y = h[0] @ w + b
            y = np.exp(y - y.max(axis=1, keepdims=True))
            y = y / y.sum(axis=1, keepdims=True)
        else:
            y = h[0]
        done.append((layer.output, y))
    return done[-1][1]
