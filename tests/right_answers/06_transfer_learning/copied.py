import keras
import numpy as np


def add_head(base, n_classes):
    if len(base.output_shape) != 4:
        base = keras.Model(base.inputs, base.get_layer(index=-3).output)
    base.trainable = False
    inputs = keras.Input((8, 8, 1))
    scaled = keras.layers.Rescaling(scale=2, offset=-1)(inputs)
    features = base(scaled)
    pooled = keras.layers.AveragePooling2D(4)(features)
    outputs = keras.layers.Dense(n_classes, "softmax")(keras.layers.Flatten()(pooled))
    model = keras.Model(inputs, outputs)
    model.compile(keras.optimizers.Nadam(0.02), keras.losses.SparseCategoricalCrossentropy(), metrics=["accuracy"])
    return model


def unfreeze_top(model, base, n_layers, learning_rate):
    base.trainable = True
    for k, layer in enumerate(reversed(base.layers), start=1):
        layer.trainable = k <= n_layers
        if hasattr(layer, "moving_mean"):
            layer.trainable = False
    model.compile(keras.optimizers.Nadam(learning_rate), keras.losses.SparseCategoricalCrossentropy(), metrics=["accuracy"])
    return model


def compare(base, x_train, y_train, x_test, y_test, n_classes, epochs=3):
    scratch_base = keras.Sequential.from_config(base.get_config())
    scratch = add_head(scratch_base, n_classes)
    scratch_base.trainable = True
    scratch.compile("adam", keras.losses.SparseCategoricalCrossentropy(), metrics=["accuracy"])
    scratch.optimizer.learning_rate = 0.004
    scratch.fit(x_train, y_train, batch_size=16, epochs=epochs, verbose=0)
    model = add_head(base, n_classes)
    model.fit(x_train, y_train, batch_size=16, epochs=epochs, verbose=0)
    values = [scratch.evaluate(x_test, y_test, verbose=0)[1], model.evaluate(x_test, y_test, verbose=0)[1]]
    model = add_head(base, n_classes)
    model.fit(x_train, y_train, batch_size=16, epochs=epochs // 2, verbose=0)
    model = unfreeze_top(model, base, 2, 1e-3)
    model.fit(x_train, y_train, batch_size=16, epochs=epochs - epochs // 2, verbose=0)
    values.append(model.evaluate(x_test, y_test, verbose=0)[1])
    return dict(zip(["scratch", "frozen", "finetuned"], np.array(values)))
