# unfreeze_top: unfreezes the first layers instead of the last
from keras import Input, Model, layers, models, optimizers
import numpy as np


def compiled(model, rate):
    model.compile(optimizer=optimizers.SGD(rate, momentum=0.9), loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


def add_head(base, n_classes):
    base.trainable = False
    maps = base
    if len(base.output_shape) == 2:
        i = max(i for i, layer in enumerate(base.layers) if len(layer.output.shape) == 4)
        maps = Model(base.inputs, base.layers[i].output)
    image = Input(shape=base.input_shape[1:])
    h = maps(image * 2 - 1)
    h = layers.GlobalAveragePooling2D()(h)
    h = layers.Dense(32, activation="relu")(h)
    return compiled(Model(image, layers.Dense(n_classes, activation="softmax")(h)), 0.05)


def unfreeze_top(model, base, n_layers, learning_rate):
    base.trainable = True
    top = list(base.layers)[:n_layers]
    for layer in base.layers:
        layer.trainable = layer in top and "BatchNormalization" not in type(layer).__name__
    return compiled(model, learning_rate)


def compare(base, x_train, y_train, x_test, y_test, n_classes, epochs=3):
    def fit(model, n):
        if n:
            model.fit(x_train, y_train, batch_size=8, epochs=n, verbose=0)

    def score(model):
        return model.evaluate(x_test, y_test, verbose=0)[1]

    clone = models.clone_model(base)
    scratch = add_head(clone, n_classes)
    clone.trainable = True
    compiled(scratch, 0.05)
    fit(scratch, epochs)
    frozen = add_head(base, n_classes)
    fit(frozen, epochs)
    answer = dict(scratch=score(scratch), frozen=score(frozen))
    finetuned = add_head(base, n_classes)
    fit(finetuned, epochs // 2)
    unfreeze_top(finetuned, base, 3, 0.001)
    fit(finetuned, epochs - epochs // 2)
    return answer | dict(finetuned=score(finetuned))
