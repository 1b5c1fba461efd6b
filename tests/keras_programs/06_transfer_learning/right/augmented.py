# Small random shifts before the base, as in the tutorial; batch normalisation in the head
import keras
import numpy as np
from keras import layers


def add_head(base, n_classes):
    base.trainable = False
    trunk = base
    if len(base.output_shape) == 2:
        trunk = keras.Model(base.inputs, [l for l in base.layers if len(l.output.shape) == 4][-1].output)
    inputs = keras.Input(shape=base.input_shape[1:])
    x = layers.RandomTranslation(0.05, 0.05, fill_mode="constant")(inputs)
    x = layers.Rescaling(scale=1.0 / 0.5, offset=-1.0)(x)
    x = trunk(x, training=False)
    x = layers.GlobalAveragePooling2D()(x)
    x = layers.BatchNormalization(momentum=0.8)(x)
    outputs = layers.Dense(n_classes)(x)
    model = keras.Model(inputs, outputs, name="with_head")
    model.compile(
        optimizer=keras.optimizers.Adam(0.02),
        loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        metrics=["accuracy"],
    )
    return model


def unfreeze_top(model, base, n_layers, learning_rate):
    base.trainable = True
    fine_tune_at = len(base.layers) - n_layers
    for layer in base.layers[:fine_tune_at]:
        layer.trainable = False
    for layer in base.layers[fine_tune_at:]:
        if isinstance(layer, layers.BatchNormalization):
            layer.trainable = False
    model.compile(
        optimizer=keras.optimizers.Adam(learning_rate),
        loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        metrics=["accuracy"],
    )
    return model


def compare(base, x_train, y_train, x_test, y_test, n_classes, epochs=3):
    fresh = keras.models.clone_model(base)
    scratch = add_head(fresh, n_classes)
    fresh.trainable = True
    scratch.compile(
        optimizer=keras.optimizers.Adam(0.01),
        loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        metrics=["accuracy"],
    )
    scratch.fit(x_train, y_train, epochs=epochs, verbose=0)

    frozen = add_head(base, n_classes)
    frozen.fit(x_train, y_train, epochs=epochs, verbose=0)
    frozen_result = frozen.evaluate(x_test, y_test, verbose=0)[1]

    initial_epochs = epochs // 2
    finetuned = add_head(base, n_classes)
    history = finetuned.fit(x_train, y_train, epochs=initial_epochs, verbose=0)
    unfreeze_top(finetuned, base, 3, 1e-4)
    finetuned.fit(x_train, y_train, epochs=epochs, initial_epoch=initial_epochs, verbose=0)
    return {
        "scratch": scratch.evaluate(x_test, y_test, verbose=0)[1],
        "frozen": frozen_result,
        "finetuned": finetuned.evaluate(x_test, y_test, verbose=0)[1],
    }
