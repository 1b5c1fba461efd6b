# Everything is trained by my own loop with GradientTape
import keras
import numpy as np
import tensorflow as tf


def network(base, n_classes):
    maps = base.outputs[0] if len(base.outputs[0].shape) == 4 else [l for l in base.layers if len(l.output.shape) == 4][-1].output
    inputs = keras.Input(base.input_shape[1:])
    x = keras.layers.Rescaling(1 / 0.5, offset=-1)(inputs)
    x = keras.Model(base.inputs, maps)(x)
    x = keras.layers.Flatten()(x)
    return keras.Model(inputs, keras.layers.Dense(n_classes)(x))


def compiled(model, rate):
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(optimizer=keras.optimizers.Adam(rate), loss=loss, metrics=["accuracy"])
    return model


def add_head(base, n_classes):
    base.trainable = False
    return compiled(network(base, n_classes), 3e-3)


def unfreeze_top(model, base, n_layers, learning_rate):
    base.trainable = True
    for k, layer in enumerate(reversed(base.layers)):
        layer.trainable = k < n_layers and not isinstance(layer, keras.layers.BatchNormalization)
    return compiled(model, learning_rate)


def loop(model, x, y, epochs):
    loss_fn = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    data = tf.data.Dataset.from_tensor_slices((x, y)).shuffle(len(x)).batch(16)
    for _ in range(epochs):
        for images, labels in data:
            with tf.GradientTape() as tape:
                loss = loss_fn(labels, model(images, training=True))
            variables = model.trainable_variables
            model.optimizer.apply_gradients(zip(tape.gradient(loss, variables), variables))


def accuracy(model, x, y):
    return float((model(x, training=False).numpy().argmax(1) == y).mean())


def compare(base, x_train, y_train, x_test, y_test, n_classes, epochs=3):
    scratch = compiled(network(keras.models.clone_model(base), n_classes), 3e-3)
    for layer in scratch._flatten_layers():
        layer.trainable = True
    compiled(scratch, 3e-3)
    loop(scratch, x_train, y_train, epochs)
    frozen = add_head(base, n_classes)
    loop(frozen, x_train, y_train, epochs)
    out = {"scratch": accuracy(scratch, x_test, y_test), "frozen": accuracy(frozen, x_test, y_test)}
    tuned = add_head(base, n_classes)
    loop(tuned, x_train, y_train, epochs // 2)
    loop(unfreeze_top(tuned, base, 3, 1e-3), x_train, y_train, epochs - epochs // 2)
    out["finetuned"] = accuracy(tuned, x_test, y_test)
    return out
