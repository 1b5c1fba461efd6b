# A Lambda for the range, logits, RMSprop for the fine-tuning
import keras
import numpy as np
import tensorflow as tf

LOSS = keras.losses.SparseCategoricalCrossentropy(from_logits=True)


def add_head(base, n_classes):
    base.trainable = False
    outputs = base.outputs[0]
    if len(outputs.shape) != 4:
        outputs = next(l.output for l in reversed(base.layers) if len(l.output.shape) == 4)
    cut = keras.Model(base.inputs, outputs)
    inputs = keras.layers.Input(shape=base.input_shape[1:])
    x = keras.layers.Lambda(lambda t: 2.0 * t - 1.0)(inputs)
    x = cut(x, training=False)
    x = keras.layers.GlobalAveragePooling2D()(x)
    x = keras.layers.Dropout(0.1)(x)
    model = keras.Model(inputs, keras.layers.Dense(n_classes)(x))
    model.compile(optimizer=keras.optimizers.Adam(0.01), loss=LOSS, metrics=["accuracy"])
    return model


def unfreeze_top(model, base, n_layers, learning_rate):
    base.trainable = True
    for layer in base.layers[: len(base.layers) - n_layers]:
        layer.trainable = False
    for layer in base.layers:
        if isinstance(layer, keras.layers.BatchNormalization):
            layer.trainable = False
    model.compile(optimizer=keras.optimizers.RMSprop(learning_rate), loss=LOSS, metrics=["accuracy"])
    return model


def compare(base, x_train, y_train, x_test, y_test, n_classes, epochs=3):
    new_base = keras.models.clone_model(base)
    scratch = add_head(new_base, n_classes)
    new_base.trainable = True
    scratch.compile(optimizer="adam", loss=LOSS, metrics=["accuracy"])
    scratch.fit(x_train, y_train, epochs=epochs, verbose=0)
    frozen = add_head(base, n_classes)
    frozen.fit(x_train, y_train, epochs=epochs, verbose=0)
    _, frozen_acc = frozen.evaluate(x_test, y_test, verbose=0)
    finetuned = add_head(base, n_classes)
    finetuned.fit(x_train, y_train, epochs=epochs // 2, verbose=0)
    finetuned = unfreeze_top(finetuned, base, 3, 1e-4)
    finetuned.fit(x_train, y_train, epochs=epochs - epochs // 2, verbose=0)
    _, scratch_acc = scratch.evaluate(x_test, y_test, verbose=0)
    _, finetuned_acc = finetuned.evaluate(x_test, y_test, verbose=0)
    return {"scratch": scratch_acc, "frozen": frozen_acc, "finetuned": finetuned_acc}
