import keras
import numpy as np
import tensorflow as tf


def prepare(images_uint8, labels):
    images = np.asarray(images_uint8)
    if images.ndim == 3:
        images = np.expand_dims(images, -1)
    return np.true_divide(images, 255.0), np.asarray(labels)


def cross_entropy(y, logits):
    return keras.losses.sparse_categorical_crossentropy(y, logits, from_logits=True)


def build_cnn(input_shape, n_classes):
    inputs = keras.Input(shape=input_shape)
    x = keras.activations.relu(keras.layers.Conv2D(24, 3, padding="same")(inputs * 2 - 1))
    y = keras.layers.Conv2D(24, 3, padding="same")(x)
    x = keras.ops.relu(x + y)
    x = keras.layers.AveragePooling2D(2)(x)
    x = keras.layers.GaussianDropout(0.1)(keras.layers.Flatten()(x))
    model = keras.Model(inputs, keras.layers.Dense(n_classes, name="logits")(x))
    model.compile(optimizer=keras.optimizers.AdamW(3e-3), loss=cross_entropy)
    return model


def train(model, x_train, y_train, x_val, y_val, epochs):
    @tf.function
    def step(x, y):
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean(cross_entropy(y, model(x, training=True)))
        gradients = tape.gradient(loss, model.trainable_variables)
        model.optimizer.apply_gradients(zip(gradients, model.trainable_variables))
        return loss

    history = {"loss": [], "val_loss": []}
    for epoch in range(epochs):
        order = np.random.default_rng(epoch).permutation(len(x_train))
        losses = [
            float(step(tf.constant(x_train[rows], tf.float32), tf.constant(y_train[rows])))
            for rows in np.array_split(order, len(order) // 32)
        ]
        history["loss"].append(np.mean(losses))
        history["val_loss"].append(np.mean(cross_entropy(y_val, model(x_val, training=False))))
    return history


def predict_labels(model, x):
    return [int(np.argmax(row)) for row in model.predict(x, batch_size=16, verbose=0)]


def numpy_forward(model, x):
    import convolution
    import pooling

    first, second = (layer.get_weights() for layer in model.layers if isinstance(layer, keras.layers.Conv2D))
    kernel, bias = model.get_layer("logits").get_weights()
    x = np.maximum(convolution.conv2d_fast(2 * x - 1, *first, 1, "same"), 0)
    x = np.maximum(x + convolution.conv2d_fast(x, *second, 1, "same"), 0)
    return pooling.avg_pool2d(x, 2).reshape(len(x), -1) @ kernel + bias
