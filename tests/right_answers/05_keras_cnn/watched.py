import keras
import numpy as np
import tensorflow as tf
from keras import layers


def prepare(images_uint8, labels):
    x = tf.image.convert_image_dtype(images_uint8, tf.float32).numpy()
    return (x if x.ndim == 4 else x[:, :, :, None]), np.array(labels, dtype=int)


def build_cnn(input_shape, n_classes):
    model = keras.Sequential()
    model.add(layers.Conv2D(24, (3, 3), padding="same", activation=tf.nn.relu))
    model.add(layers.Conv2D(24, (3, 3), activation=tf.nn.relu))
    model.add(layers.MaxPool2D())
    model.add(layers.Flatten())
    model.add(layers.Dense(n_classes, activation=tf.nn.softmax, kernel_regularizer=keras.regularizers.l2(1e-3)))
    model.build((None, *input_shape))
    rate = keras.optimizers.schedules.ExponentialDecay(4e-3, decay_steps=300, decay_rate=0.8)
    model.compile(keras.optimizers.Adam(rate), [keras.losses.SparseCategoricalCrossentropy(name="xent")], metrics=["acc"])
    return model


def train(model, x_train, y_train, x_val, y_val, epochs):
    train_set = tf.data.Dataset.from_tensor_slices((x_train, y_train)).shuffle(len(x_train), seed=1).batch(32)
    val_set = tf.data.Dataset.from_tensor_slices((x_val, y_val)).batch(64)
    stop = keras.callbacks.EarlyStopping(monitor="val_loss", patience=3, restore_best_weights=True)
    return model.fit(train_set, validation_data=val_set, epochs=epochs, callbacks=[stop], verbose=2)


def predict_labels(model, x):
    return tf.argmax(model(x), axis=-1).numpy()


def numpy_forward(model, x):
    from convolution import conv2d
    from pooling import max_pool2d

    for layer in model.layers:
        if isinstance(layer, layers.Conv2D):
            kernel, bias = layer.weights
            x = layer.activation(conv2d(x, kernel.numpy(), bias.numpy(), layer.strides, layer.padding)).numpy()
        elif isinstance(layer, layers.MaxPool2D):
            x = max_pool2d(x, layer.pool_size, layer.strides, layer.padding)
        elif isinstance(layer, layers.Flatten):
            x = x.reshape(x.shape[0], -1)
        else:
            x = layer.activation(x @ layer.kernel.numpy() + layer.bias.numpy()).numpy()
    return x
