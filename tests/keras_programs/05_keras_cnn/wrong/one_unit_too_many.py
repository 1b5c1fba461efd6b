# build_cnn: n_classes + 1 outputs
from keras import Input, Sequential, layers, optimizers
import keras
import numpy as np


def conv_bn_relu(filters, stride=1):
    return [
        layers.Conv2D(filters, 3, strides=stride, padding="same", use_bias=False, kernel_initializer="he_uniform"),
        layers.BatchNormalization(momentum=0.9),
        layers.ReLU(),
    ]


def prepare(images_uint8, labels):
    x = np.array(images_uint8, dtype="float32") / 255.0
    while x.ndim < 4:
        x = x[..., None]
    return x, labels


def build_cnn(input_shape, n_classes):
    model = Sequential([Input(input_shape)] + conv_bn_relu(16) + conv_bn_relu(32, 2) + conv_bn_relu(64, 2) + [
        layers.GlobalAveragePooling2D(),
        layers.Dense(n_classes + 1),
        layers.Softmax(),
    ])
    model.compile(
        optimizer=optimizers.SGD(0.05, momentum=0.9, nesterov=True),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )
    return model


def train(model, x_train, y_train, x_val, y_val, epochs):
    return model.fit(x_train, y_train, batch_size=32, epochs=epochs, validation_data=(x_val, y_val), shuffle=True, verbose=0)


def predict_labels(model, x):
    return np.argmax(model.predict(x, verbose=0), -1)


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
