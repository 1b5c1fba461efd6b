import keras


def _compile(model, rate):
    model.compile(optimizer=keras.optimizers.RMSprop(rate), loss="categorical_crossentropy", metrics=["accuracy"])


def add_head(base, n_classes):
    shape = base.input_shape[1:]
    if len(base.output_shape) == 2:
        base = keras.Sequential([keras.Input(shape), *base.layers[:-2]])
    base.trainable = False
    inputs = keras.Input(base.input_shape[1:])
    x = inputs * 2 - 1
    x = base(x, training=False)
    x = keras.layers.GlobalMaxPooling2D()(x)
    x = keras.layers.Dense(32, activation="relu")(x)
    model = keras.Model(inputs, keras.layers.Dense(n_classes, activation="softmax")(x))
    _compile(model, 0.01)
    return model


def unfreeze_top(model, base, n_layers, learning_rate):
    base.trainable = True
    top = base.layers[len(base.layers) - n_layers :]
    for layer in base.layers:
        layer.trainable = layer in top and not layer.__class__.__name__.startswith("BatchNorm")
    _compile(model, learning_rate)
    return model


def compare(base, x_train, y_train, x_test, y_test, n_classes, epochs=3):
    train = keras.utils.to_categorical(y_train, n_classes)
    test = keras.utils.to_categorical(y_test, n_classes)
    result = {}
    fresh = keras.models.clone_model(base)
    model = add_head(fresh, n_classes)
    fresh.trainable = True
    _compile(model, 0.003)
    model.fit(x_train, train, epochs=epochs, batch_size=32, verbose=0)
    result["scratch"] = model.evaluate(x_test, test, verbose=0)[1]
    model = add_head(base, n_classes)
    model.fit(x_train, train, epochs=epochs, batch_size=32, verbose=0)
    result["frozen"] = model.evaluate(x_test, test, verbose=0)[1]
    model = add_head(base, n_classes)
    half = epochs // 2
    model.fit(x_train, train, epochs=half, batch_size=32, verbose=0)
    unfreeze_top(model, base, 1, 5e-4)
    model.fit(x_train, train, epochs=epochs, initial_epoch=half, batch_size=32, verbose=0)
    result["finetuned"] = model.evaluate(x_test, test, verbose=0)[1]
    return result
