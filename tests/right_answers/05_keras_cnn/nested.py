import keras
import numpy as np


def prepare(images_uint8, labels):
    x = np.asarray(images_uint8, "float64")
    if x.ndim < 4:
        x = x[..., None]
    return x / 255, labels


def features():
    return keras.Sequential([
        keras.layers.Conv2D(16, 3, padding="same", activation="elu"),
        keras.layers.Conv2D(32, 3, padding="same", activation="elu"),
        keras.layers.MaxPooling2D(),
    ], name="features")


def build_cnn(input_shape, n_classes):
    inputs = keras.Input(input_shape)
    x = features()(inputs)
    x = keras.layers.Dropout(0.25)(keras.layers.Flatten()(x))
    model = keras.Model(inputs, keras.layers.Dense(n_classes, "softmax")(x))
    model.compile("nadam", "sparse_categorical_crossentropy")
    model.optimizer.learning_rate = 2e-3
    return model


def train(model, x_train, y_train, x_val, y_val, epochs):
    history = {"loss": [], "val_loss": []}
    for _ in range(epochs):
        one = model.fit(x_train, y_train, batch_size=32, verbose=0)
        history["loss"] += one.history["loss"]
        history["val_loss"].append(model.evaluate(x_val, y_val, verbose=0))
    return history


def predict_labels(model, x):
    return np.argsort(model.predict(x, verbose=0), axis=1)[:, -1]


def numpy_forward(model, x):
    import convolution
    import pooling

    inner = next(layer for layer in model.layers if layer.name.startswith("features"))
    for layer in [*inner.layers, *model.layers]:
        if type(layer) is keras.layers.Conv2D:
            x = convolution.conv2d(x, *layer.get_weights(), 1, "same")
            x = np.where(x > 0, x, np.exp(np.minimum(x, 0)) - 1)
        elif type(layer) is keras.layers.MaxPooling2D:
            x = pooling.max_pool2d(x)
        elif type(layer) is keras.layers.Dense:
            w, b = layer.get_weights()
            x = x.reshape(len(x), -1) @ w + b
    return np.exp(x) / np.exp(x).sum(axis=1, keepdims=True)
