# unfreeze_top: ignores the learning rate
import keras
import numpy as np
import tensorflow as tf
from tensorflow.keras import layers


def cut(base):
    if len(base.output_shape) > 2:
        return base
    names = [layer.name for layer in base.layers if len(layer.output.shape) == 4]
    return keras.Model(inputs=base.inputs, outputs=base.get_layer(names[-1]).output)


def add_head(base, n_classes):
    base.trainable = False
    inputs = keras.Input(shape=base.input_shape[1:])
    x = layers.Rescaling(2.0, offset=-1)(inputs)
    x = cut(base)(x)
    x = layers.GlobalMaxPooling2D()(x)
    outputs = layers.Dense(n_classes, activation="softmax", kernel_regularizer=keras.regularizers.L2(1e-4))(x)
    model = keras.Model(inputs, outputs)
    model.compile(optimizer=keras.optimizers.Nadam(0.005), loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


def unfreeze_top(model, base, n_layers, learning_rate):
    base.trainable = True
    n = len(base.layers)
    for i in range(n):
        is_norm = isinstance(base.layers[i], layers.BatchNormalization)
        base.layers[i].trainable = (i >= n - n_layers) and not is_norm
    model.compile(optimizer=keras.optimizers.Nadam(), loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


def compare(base, x_train, y_train, x_test, y_test, n_classes, epochs=3):
    ds = tf.data.Dataset.from_tensor_slices((x_train, y_train)).shuffle(256).batch(4).prefetch(1)
    test = tf.data.Dataset.from_tensor_slices((x_test, y_test)).batch(64)
    fresh = keras.models.clone_model(base)
    scratch = add_head(fresh, n_classes)
    fresh.trainable = True
    scratch.compile(optimizer=keras.optimizers.Nadam(0.005), loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    scratch.fit(ds, epochs=epochs, verbose=0)
    frozen = add_head(base, n_classes)
    frozen.fit(ds, epochs=epochs, verbose=0)
    acc_frozen = frozen.evaluate(test, verbose=0)[1]
    tuned = add_head(base, n_classes)
    tuned.fit(ds, epochs=max(1, epochs // 2), verbose=0)
    unfreeze_top(tuned, base, 3, 2e-4)
    tuned.fit(ds, initial_epoch=max(1, epochs // 2), epochs=epochs, verbose=0)
    return {
        "scratch": scratch.evaluate(test, verbose=0)[1],
        "frozen": acc_frozen,
        "finetuned": tuned.evaluate(test, verbose=0)[1],
    }
