# predict_labels: drops the images whose best class has less than one half
import keras
import numpy as np
import tensorflow as tf

BATCH = 32


def prepare(images_uint8, labels):
    x = np.float32(images_uint8) / np.float32(255)
    return (x[..., None] if x.ndim == 3 else x), np.int32(labels)


def build_cnn(input_shape, n_classes):
    inputs = keras.Input(input_shape)
    x = keras.layers.Conv2D(32, 3, padding="same", activation="relu")(inputs)
    x = keras.layers.MaxPooling2D()(x)
    x = keras.layers.Conv2D(48, 3, padding="same", activation="relu")(x)
    x = keras.layers.MaxPooling2D()(x)
    x = keras.layers.Flatten()(x)
    x = keras.layers.Dropout(0.2)(x)
    outputs = keras.layers.Dense(n_classes)(x)
    model = keras.Model(inputs, outputs)
    model.compile(
        optimizer=keras.optimizers.Adam(1e-3),
        loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        metrics=["accuracy"],
    )
    return model


def train(model, x_train, y_train, x_val, y_val, epochs):
    loss_fn = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    optimizer = model.optimizer

    @tf.function
    def step(x, y):
        with tf.GradientTape() as tape:
            loss = loss_fn(y, model(x, training=True))
        grads = tape.gradient(loss, model.trainable_variables)
        optimizer.apply_gradients(zip(grads, model.trainable_variables))
        return loss

    data = tf.data.Dataset.from_tensor_slices((x_train, y_train)).shuffle(2000).batch(BATCH)
    history = keras.callbacks.History()
    history.history = {"loss": [], "val_loss": [], "val_accuracy": []}
    for epoch in range(epochs):
        losses = [float(step(x, y)) for x, y in data]
        logits = model(x_val, training=False)
        history.history["loss"].append(float(np.mean(losses)))
        history.history["val_loss"].append(float(loss_fn(y_val, logits)))
        history.history["val_accuracy"].append(float(np.mean(np.argmax(logits, -1) == y_val)))
    history.epoch = list(range(epochs))
    return history


def predict_labels(model, x):
    p = keras.ops.convert_to_numpy(keras.ops.softmax(model(x, training=False)))
    return np.where(p > 0.5)[1]


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
