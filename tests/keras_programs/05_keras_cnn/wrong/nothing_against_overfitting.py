# build_cnn: nothing against overfitting
import numpy as np
import keras
from keras import layers


def prepare(images_uint8, labels):
    # Scale images to the [0, 1] range
    x = images_uint8.astype("float32") / 255
    # Make sure images have shape (H, W, 1)
    if x.ndim == 3:
        x = np.expand_dims(x, -1)
    return x, labels


def build_cnn(input_shape, n_classes):
    model = keras.Sequential(
        [
            keras.Input(shape=input_shape),
            layers.Conv2D(32, kernel_size=(3, 3), activation="relu", padding="same"),
            layers.MaxPooling2D(pool_size=(2, 2)),
            layers.Conv2D(64, kernel_size=(3, 3), activation="relu", padding="same"),
            layers.MaxPooling2D(pool_size=(2, 2)),
            layers.Flatten(),
            layers.Dense(n_classes, activation="softmax"),
        ]
    )
    model.summary()
    model.compile(loss="categorical_crossentropy", optimizer="adam", metrics=["accuracy"])
    return model


def train(model, x_train, y_train, x_val, y_val, epochs):
    classes = model.output_shape[1]
    y_train = keras.utils.to_categorical(y_train, classes)
    y_val = keras.utils.to_categorical(y_val, classes)
    return model.fit(x_train, y_train, batch_size=32, epochs=epochs, validation_data=(x_val, y_val))


def predict_labels(model, x):
    return model.predict(x).argmax(axis=1)


def _act(name, z):
    if name == "relu":
        return np.where(z > 0, z, 0.0)
    if name == "softmax":
        e = np.exp(z - np.max(z, axis=-1, keepdims=True))
        return e / np.sum(e, axis=-1, keepdims=True)
    if name == "tanh":
        return np.tanh(z)
    if name == "sigmoid":
        return 1.0 / (1.0 + np.exp(-z))
    return z


def numpy_forward(model, x):
    import batch_norm
    import convolution
    import pooling

    L = keras.layers
    h = np.asarray(x, dtype=np.float64)
    for layer in model.layers:
        if isinstance(layer, L.Conv2D):
            w = layer.get_weights()
            b = w[1] if len(w) > 1 else np.zeros(w[0].shape[3])
            h = convolution.conv2d_fast(h, w[0], b, stride=layer.strides, padding=layer.padding)
            h = _act(layer.activation.__name__, h)
        elif isinstance(layer, L.Dense):
            w = layer.get_weights()
            h = h.dot(w[0])
            if len(w) > 1:
                h = h + w[1]
            h = _act(layer.activation.__name__, h)
        elif isinstance(layer, L.MaxPooling2D):
            h = pooling.max_pool2d(h, layer.pool_size, layer.strides, layer.padding)
        elif isinstance(layer, L.AveragePooling2D):
            h = pooling.avg_pool2d(h, layer.pool_size, layer.strides, layer.padding)
        elif isinstance(layer, L.GlobalAveragePooling2D):
            h = pooling.global_avg_pool2d(h)
        elif isinstance(layer, L.BatchNormalization):
            gamma, beta, mean, var = layer.get_weights()
            h = batch_norm.batch_norm_infer(h, gamma, beta, mean, var, eps=layer.epsilon)
        elif isinstance(layer, L.Flatten):
            h = h.reshape((h.shape[0], -1))
        elif isinstance(layer, L.Lambda):
            h = h - 0.5  # the only Lambda in my model
        elif isinstance(layer, L.GlobalMaxPooling2D):
            h = h.max(axis=(1, 2))
        elif isinstance(layer, L.PReLU):
            h = np.where(h > 0, h, layer.get_weights()[0] * h)
        elif isinstance(layer, L.LayerNormalization):
            gamma, beta = layer.get_weights()
            centred = h - h.mean(axis=-1, keepdims=True)
            h = gamma * centred / np.sqrt(h.var(axis=-1, keepdims=True) + layer.epsilon) + beta
        elif isinstance(layer, L.ReLU):
            h = np.maximum(h, 0)
        elif isinstance(layer, L.Softmax):
            h = _act("softmax", h)
        elif isinstance(layer, L.Activation):
            h = _act(layer.activation.__name__, h)
    return h
