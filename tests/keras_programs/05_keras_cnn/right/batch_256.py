# Large batches (256) with a larger learning rate
import keras
import numpy as np
from keras import layers


def prepare(images_uint8, labels):
    x = images_uint8.astype(np.float32) / 255
    x = x.reshape(x.shape + (1,)) if x.ndim == 3 else x
    return x, labels.astype(np.int32)


def build_cnn(input_shape, n_classes):
    model = keras.Sequential([
        layers.Input(shape=input_shape),
        layers.Conv2D(48, 3, padding="same", activation="relu"),
        layers.MaxPooling2D(),
        layers.Conv2D(64, 3, padding="same", activation="relu"),
        layers.Flatten(),
        layers.Dropout(0.2),
        layers.Dense(n_classes, activation="softmax"),
    ])
    model.compile(keras.optimizers.Adam(0.008), loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


def train(model, x_train, y_train, x_val, y_val, epochs):
    return model.fit(x_train, y_train, batch_size=256, epochs=epochs, validation_data=(x_val, y_val), verbose=0)


def predict_labels(model, x):
    return model.predict(x, verbose=0).argmax(axis=1)


def numpy_forward(model, x):
    import math

    # my own convolution again, in plain numpy, so that this file needs no other one
    def windows(h, size, strides, padding, fill):
        (kh, kw), (sh, sw) = size, strides
        if padding == "same":
            pads = []
            for n, k, s in ((h.shape[1], kh, sh), (h.shape[2], kw, sw)):
                total = max((-(-n // s) - 1) * s + k - n, 0)
                pads.append((total // 2, total - total // 2))
            h = np.pad(h, [(0, 0), *pads, (0, 0)], constant_values=fill)
        view = np.lib.stride_tricks.sliding_window_view(h, (kh, kw), axis=(1, 2))
        return view[:, ::sh, ::sw]  # (N, OH, OW, C, kh, kw)

    def activate(name, z):
        match name:
            case "relu":
                return np.maximum(z, 0)
            case "tanh":
                return np.tanh(z)
            case "sigmoid":
                return 1 / (1 + np.exp(-z))
            case "softmax":
                z = np.exp(z - z.max(axis=-1, keepdims=True))
                return z / z.sum(axis=-1, keepdims=True)
            case "elu":
                return np.where(z > 0, z, np.exp(np.minimum(z, 0)) - 1)
            case "gelu":
                return z * (1 + np.vectorize(math.erf)(z / np.sqrt(2))) / 2
            case "linear":
                return z
        raise ValueError(name)

    h = np.array(x, float)
    for layer in model.layers:
        cfg, w = layer.get_config(), layer.get_weights()
        match layer.__class__.__name__:
            case "Conv2D":
                v = windows(h, cfg["kernel_size"], cfg["strides"], cfg["padding"], 0)
                h = np.einsum("nijcab,abcf->nijf", v, w[0]) + (w[1] if cfg["use_bias"] else 0)
                h = activate(cfg["activation"], h)
            case "Dense":
                h = activate(cfg["activation"], h @ w[0] + (w[1] if cfg["use_bias"] else 0))
            case "BatchNormalization":
                gamma, beta, mean, var = w
                h = gamma * (h - mean) / np.sqrt(var + cfg["epsilon"]) + beta
            case "MaxPooling2D":
                h = windows(h, cfg["pool_size"], cfg["strides"], cfg["padding"], -np.inf).max(axis=(-1, -2))
            case "AveragePooling2D":
                h = np.nanmean(windows(h, cfg["pool_size"], cfg["strides"], cfg["padding"], np.nan), axis=(-1, -2))
            case "GlobalAveragePooling2D":
                h = h.mean(axis=(1, 2))
            case "GlobalMaxPooling2D":
                h = h.max(axis=(1, 2))
            case "GroupNormalization":
                n, rows, columns, c = h.shape
                g = h.reshape(n, rows, columns, cfg["groups"], c // cfg["groups"])
                mean, var = g.mean(axis=(1, 2, 4), keepdims=True), g.var(axis=(1, 2, 4), keepdims=True)
                h = ((g - mean) / np.sqrt(var + cfg["epsilon"])).reshape(h.shape) * w[0] + w[1]
            case "Flatten":
                h = h.reshape(len(h), -1)
            case "ReLU":
                h = np.maximum(h, 0)
            case "Softmax":
                h = activate("softmax", h)
            case "Activation":
                h = activate(cfg["activation"], h)
    return h
