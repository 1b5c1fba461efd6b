# train: shuffles the images, but not the labels with them
import keras
import numpy as np
from keras import layers as L


def prepare(images_uint8, labels):
    x = images_uint8.astype(np.float64) / 255
    return (x.reshape(*x.shape, 1) if x.ndim == 3 else x), labels


def build_cnn(input_shape, n_classes):
    common = dict(activation="selu", kernel_initializer="lecun_normal", padding="same")
    model = keras.Sequential([
        keras.Input(input_shape),
        L.Conv2D(24, 3, **common),
        L.Conv2D(24, 3, strides=2, **common),
        L.Conv2D(48, 3, strides=2, **common),
        L.Flatten(),
        L.AlphaDropout(0.1),
        L.Dense(n_classes, activation="softmax"),
    ])
    model.compile(keras.optimizers.Adam(1e-3), loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


def train(model, x_train, y_train, x_val, y_val, epochs):
    x_train = np.random.permutation(x_train)
    return model.fit(x_train, y_train, epochs=epochs, validation_data=(x_val, y_val), verbose=0, batch_size=24)


def predict_labels(model, x):
    return L.Softmax()(model.predict(x, verbose=0)).numpy().argmax(1)


def numpy_forward(model, x):
    from batch_norm import batch_norm_infer
    from convolution import conv2d
    from pooling import avg_pool2d, global_avg_pool2d, max_pool2d

    activations = {
        "linear": lambda z: z,
        "relu": lambda z: np.maximum(z, 0),
        "tanh": np.tanh,
        "selu": lambda z: 1.0507009873554805 * np.where(z > 0, z, 1.6732632423543772 * (np.exp(np.minimum(z, 0)) - 1)),
        "sigmoid": lambda z: 1 / (1 + np.exp(-z)),
        "softmax": lambda z: np.exp(z - z.max(-1, keepdims=True)) / np.exp(z - z.max(-1, keepdims=True)).sum(-1, keepdims=True),
    }
    for layer in model.layers:
        kind, config, weights = type(layer).__name__, layer.get_config(), layer.get_weights()
        if kind == "Conv2D":
            bias = weights[1] if config["use_bias"] else np.zeros(weights[0].shape[-1])
            x = activations[config["activation"]](conv2d(x, weights[0], bias, config["strides"], config["padding"]))
        elif kind == "Dense":
            x = activations[config["activation"]](x @ weights[0] + (weights[1] if config["use_bias"] else 0))
        elif kind == "MaxPooling2D":
            x = max_pool2d(x, config["pool_size"], config["strides"], config["padding"])
        elif kind == "AveragePooling2D":
            x = avg_pool2d(x, config["pool_size"], config["strides"], config["padding"])
        elif kind == "GlobalAveragePooling2D":
            x = global_avg_pool2d(x)
        elif kind == "BatchNormalization":
            x = batch_norm_infer(x, *weights, config["epsilon"])
        elif kind == "Flatten":
            x = x.reshape(len(x), -1)
        elif kind == "Activation":
            x = activations[config["activation"]](x)
        elif kind == "ReLU":
            x = np.maximum(x, 0)
        elif kind == "LeakyReLU":
            x = np.where(x > 0, x, config["negative_slope"] * x)
        elif kind == "Rescaling":
            x = x * config["scale"] + config["offset"]
        elif kind == "Softmax":
            x = activations["softmax"](x)
    return x
