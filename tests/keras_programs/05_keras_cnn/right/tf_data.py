# tf.data pipeline with cache, shuffle, batch and prefetch
import keras
import numpy as np
import tensorflow as tf

AUTOTUNE = tf.data.AUTOTUNE


def prepare(images_uint8, labels):
    x = tf.image.convert_image_dtype(images_uint8, tf.float32)  # uint8 -> [0, 1]
    if len(x.shape) == 3:
        x = tf.expand_dims(x, axis=-1)
    return x.numpy(), np.array(labels)


def build_cnn(input_shape, n_classes):
    model = keras.Sequential([
        keras.Input(input_shape),
        keras.layers.Conv2D(32, 3, activation="relu", padding="same", kernel_initializer="he_normal"),
        keras.layers.Conv2D(32, 3, activation="relu", padding="same", kernel_initializer="he_normal"),
        keras.layers.MaxPool2D(),
        keras.layers.Dropout(0.25),
        keras.layers.Flatten(),
        keras.layers.Dense(64, activation="relu", kernel_initializer="he_normal"),
        keras.layers.Dropout(0.25),
        keras.layers.Dense(n_classes, activation="softmax"),
    ])
    model.compile(keras.optimizers.Adam(), "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


def train(model, x_train, y_train, x_val, y_val, epochs):
    train_ds = tf.data.Dataset.from_tensor_slices((x_train, y_train)).cache().shuffle(len(x_train)).batch(32).prefetch(AUTOTUNE)
    val_ds = tf.data.Dataset.from_tensor_slices((x_val, y_val)).batch(64).cache()
    return model.fit(train_ds, validation_data=val_ds, epochs=epochs, verbose=0)


def predict_labels(model, x):
    return np.argmax(model.predict(tf.data.Dataset.from_tensor_slices(x).batch(64), verbose=0), axis=1)


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
