import keras
import numpy as np


def add_head(base, n_classes):
    if len(base.output_shape) == 2:
        base = keras.Sequential([layer for layer in base.layers if not layer.name.startswith("old")])
    for layer in base.layers:
        layer.trainable = False
    model = keras.Sequential([
        keras.Input((8, 8, 1)),
        keras.layers.Rescaling(1 / 0.5, -1),
        base,
        keras.layers.Flatten(),
        keras.layers.Dropout(0.2),
        keras.layers.Dense(n_classes),
    ])
    model.compile("adam", keras.losses.SparseCategoricalCrossentropy(from_logits=True), metrics=["accuracy"])
    return model


def unfreeze_top(model, base, n_layers, learning_rate):
    base.trainable = True
    for layer in base.layers:
        layer.trainable = False
    if n_layers > 0:
        for layer in base.layers[-n_layers:]:
            if "norm" not in layer.name:
                layer.trainable = True
    model.compile(
        optimizer=keras.optimizers.SGD(learning_rate, momentum=0.9),
        loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        metrics=["accuracy"],
    )
    return model


def compare(base, x_train, y_train, x_test, y_test, n_classes, epochs=3):
    def score(m):
        return np.mean(np.argmax(m.predict(x_test, verbose=0), 1) == y_test)

    fresh = keras.models.clone_model(base)
    scratch = add_head(fresh, n_classes)
    for layer in fresh.layers:
        layer.trainable = True
    scratch.compile(keras.optimizers.Adam(0.005), keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    scratch.fit(x_train, y_train, epochs=epochs, batch_size=16, verbose=0)
    model = add_head(base, n_classes)
    model.fit(x_train, y_train, epochs=epochs, batch_size=16, verbose=0)
    frozen = score(model)
    model = add_head(base, n_classes)
    for _ in range(epochs // 2):
        model.fit(x_train, y_train, batch_size=16, verbose=0)
    model = unfreeze_top(model, base, 2, 0.001)
    model.fit(x_train, y_train, epochs=epochs - epochs // 2, batch_size=16, verbose=0)
    return dict(scratch=score(scratch), frozen=frozen, finetuned=score(model))
