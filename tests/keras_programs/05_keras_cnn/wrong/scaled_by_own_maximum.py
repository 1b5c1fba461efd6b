# prepare: divides by the largest pixel of the batch
import keras
import numpy as np


def prepare(images_uint8, labels):
    X = images_uint8 / images_uint8.max()
    if X.ndim < 4:
        X = X[..., None]
    return X.astype(np.float32), labels


def build_cnn(input_shape, n_classes):
    return_model = keras.Sequential(
        [
            keras.Input(input_shape),
            keras.layers.Conv2D(16, 3, padding="same", activation="relu"),
            keras.layers.AveragePooling2D(2),
            keras.layers.Conv2D(32, 3, padding="same", activation="relu"),
            keras.layers.AveragePooling2D(2),
            keras.layers.Flatten(),
            keras.layers.Dropout(0.1),
            keras.layers.Dense(64, activation="relu"),
            keras.layers.Dense(n_classes, activation="softmax"),
        ]
    )
    sgd = keras.optimizers.SGD(learning_rate=0.02, momentum=0.9)
    return_model.compile(optimizer=sgd, loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return return_model


def train(model, x_train, y_train, x_val, y_val, epochs):
    return model.fit(x_train, y_train, 8, epochs, verbose=0, validation_data=(x_val, y_val))


def predict_labels(model, x):
    scores = model.predict(x, batch_size=128, verbose=0)
    return np.array([int(np.argmax(row)) for row in scores])


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
