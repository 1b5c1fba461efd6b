# MobileNet style: depthwise 3x3, then pointwise 1x1, each with batch norm and relu6
import keras
import numpy as np
from keras import layers, ops


def prepare(images_uint8, labels):
    x = images_uint8.astype("float32") / 255
    return (np.expand_dims(x, 3) if x.ndim == 3 else x), labels


def block(x, filters, stride):
    x = layers.DepthwiseConv2D(3, strides=stride, padding="same", use_bias=False)(x)
    x = layers.BatchNormalization(momentum=0.9)(x)
    x = layers.ReLU(max_value=6)(x)
    x = layers.Conv2D(filters, 1, use_bias=False)(x)
    x = layers.BatchNormalization(momentum=0.9)(x)
    return ops.relu6(x)


def build_cnn(input_shape, n_classes):
    inputs = keras.Input(input_shape)
    x = layers.Conv2D(32, 3, padding="same", use_bias=False)(inputs)
    x = layers.BatchNormalization(momentum=0.9)(x)
    x = layers.ReLU(6.0)(x)
    x = block(x, 64, 1)
    x = block(x, 96, 2)
    x = layers.GlobalAveragePooling2D()(x)
    outputs = layers.Dense(n_classes, activation="softmax")(x)
    model = keras.Model(inputs, outputs)
    model.compile(keras.optimizers.Adam(5e-3), loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


def train(model, x_train, y_train, x_val, y_val, epochs):
    return model.fit(x_train, y_train, batch_size=32, epochs=epochs, validation_data=(x_val, y_val), verbose=0)


def predict_labels(model, x):
    return model.predict(x, verbose=0).argmax(axis=1)


def numpy_forward(model, x):
    from batch_norm import batch_norm_infer
    from convolution import conv2d_fast, same_padding, pad2d

    def relu6(h):
        return np.clip(h, 0, 6)

    h = x
    for layer in model.layers:
        w = layer.get_weights()
        if isinstance(layer, layers.DepthwiseConv2D):
            (kh, kw), s = layer.kernel_size, layer.strides[0]
            h = pad2d(h, (same_padding(h.shape[1], kh, s), same_padding(h.shape[2], kw, s)))
            view = np.lib.stride_tricks.sliding_window_view(h, (kh, kw), axis=(1, 2))[:, ::s, ::s]
            h = np.einsum("nijcab,abc->nijc", view, w[0][..., 0])
        elif isinstance(layer, layers.Conv2D):
            h = conv2d_fast(h, w[0], np.zeros(w[0].shape[-1]), layer.strides, layer.padding)
        elif isinstance(layer, layers.BatchNormalization):
            h = relu6(batch_norm_infer(h, *w, layer.epsilon))  # a relu6 follows each of them
        elif isinstance(layer, layers.GlobalAveragePooling2D):
            h = h.mean((1, 2))
        elif isinstance(layer, layers.Dense):
            z = h @ w[0] + w[1]
            z = np.exp(z - z.max(1, keepdims=True))
            h = z / z.sum(1, keepdims=True)
    return h
