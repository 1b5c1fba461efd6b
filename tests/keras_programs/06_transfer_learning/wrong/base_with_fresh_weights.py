# add_head: builds the base again, with random weights
import keras
import numpy as np
from keras import layers, ops


def merkmale(basis):
    """Die letzten Karten der Basis (ohne alten Klassifikator)."""
    karten = [schicht.output for schicht in basis.layers if len(schicht.output.shape) == 4]
    return keras.Model(basis.inputs, karten[-1])


def uebersetzen(modell, rate):
    modell.compile(
        optimizer=keras.optimizers.AdamW(rate, weight_decay=1e-3),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )
    return modell


def add_head(base, n_classes):
    base.trainable = False
    eingang = keras.Input(base.input_shape[1:])
    h = ops.subtract(ops.multiply(eingang, 2.0), 1.0)
    base = keras.models.clone_model(base)
    base.trainable = False
    h = merkmale(base)(h)
    h = layers.Flatten()(h)
    h = layers.Dense(32, activation="relu")(h)
    ausgang = layers.Dense(n_classes, activation="softmax")(h)
    return uebersetzen(keras.Model(eingang, ausgang), 0.003)


def unfreeze_top(model, base, n_layers, learning_rate):
    # zuerst die Basis, dann ihre Schichten
    base.trainable = True
    oben = base.layers[len(base.layers) - n_layers :]
    for schicht in base.layers:
        schicht.trainable = False
    for schicht in oben:
        if not isinstance(schicht, layers.BatchNormalization):
            schicht.trainable = True
    return uebersetzen(model, learning_rate)


def compare(base, x_train, y_train, x_test, y_test, n_classes, epochs=3):
    frisch = keras.models.clone_model(base)
    ganz = add_head(frisch, n_classes)
    frisch.trainable = True
    uebersetzen(ganz, 0.003)
    ganz.fit(x_train, y_train, epochs=epochs, batch_size=8, verbose=0)
    fest = add_head(base, n_classes)
    fest.fit(x_train, y_train, epochs=epochs, batch_size=8, verbose=0)
    genau = {"scratch": ganz.evaluate(x_test, y_test, verbose=0)[1], "frozen": fest.evaluate(x_test, y_test, verbose=0)[1]}
    fein = add_head(base, n_classes)
    fein.fit(x_train, y_train, epochs=epochs // 2, batch_size=8, verbose=0)
    fein = unfreeze_top(fein, base, 4, 5e-4)
    fein.fit(x_train, y_train, epochs=epochs - epochs // 2, batch_size=8, verbose=0)
    genau["finetuned"] = fein.evaluate(x_test, y_test, verbose=0)[1]
    return genau
