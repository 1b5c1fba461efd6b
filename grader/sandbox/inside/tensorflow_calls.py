"""TensorFlow functions as Keras operations, so that a layer which calls them can be read as a graph.

TensorFlow refuses a symbolic tensor of Keras, and then asks its dispatchers. Ours answers while a model is read, and
only then: elsewhere a program must fail as it does on the learner's machine.
"""

from __future__ import annotations

import contextlib
import functools
from collections.abc import Callable, Iterator
from typing import Any

import keras
import tensorflow
from tensorflow.python.util import tf_export

ALIKE = frozenset({
    "abs", "add", "argmax", "cos", "divide", "elu", "exp", "floor", "log", "log1p", "maximum", "minimum", "multiply",
    "negative", "ones_like", "relu", "relu6", "round", "rsqrt", "selu", "sigmoid", "sign", "silu", "sin", "softplus",
    "softsign", "sqrt", "square", "subtract", "tanh", "where", "zeros_like",
})  # fmt: skip
"""Functions of TensorFlow, without their modules, that Keras has under the same name, with the same arguments."""
SAME = frozenset({"convert_to_tensor", "identity", "stop_gradient"})
RENAMED = {"pow": "power", "truediv": "divide", "bias_add": "add", "tile": "tile", "concat": "concatenate"}
REDUCTIONS = {
    "reduce_mean": "mean", "reduce_sum": "sum", "reduce_max": "max", "reduce_min": "min", "reduce_std": "std",
    "reduce_variance": "var",
}  # fmt: skip


@contextlib.contextmanager
def as_keras_operations() -> Iterator[None]:
    """Let TensorFlow's functions take symbolic tensors of Keras inside the block."""
    dispatcher = _dispatcher()
    dispatcher.active = True
    try:
        yield
    finally:
        dispatcher.active = False


@functools.cache
def _dispatcher() -> Any:
    """Return our dispatcher, which TensorFlow asks from now on."""
    base: Any = tensorflow.__internal__.dispatch.GlobalOpDispatcher

    class Dispatcher(base):  # type: ignore[misc]  # TensorFlow has no types
        active = False

        def handle(self, op: Any, args: Any, kwargs: Any) -> Any:
            symbolic = any(isinstance(one, keras.KerasTensor) for one in keras.tree.flatten((args, kwargs)))
            translated = _translation(op) if self.active and symbolic else None
            if translated is None:
                return self.NOT_SUPPORTED
            given = {name: value for name, value in kwargs.items() if name not in ("name", "data_format")}
            return translated(*args, **{name: value for name, value in given.items() if value is not None})

    dispatcher = Dispatcher()
    dispatcher.register()
    return dispatcher


def _translation(op: Any) -> Callable[..., Any] | None:
    """Return what computes the same with Keras operations, or None."""
    name = str(tf_export.get_canonical_name_for_symbol(op)).rpartition(".")[2]
    if name in SAME:
        return lambda x, *_, **__: x
    if name in ALIKE or name in RENAMED:
        operation = getattr(keras.ops, RENAMED.get(name, name))
        return lambda *values, **named: operation(*values, *named.values())
    if name in REDUCTIONS:
        reduce = getattr(keras.ops, REDUCTIONS[name])
        return lambda input_tensor, axis=None, keepdims=False: reduce(input_tensor, axis=axis, keepdims=keepdims)
    return TRANSLATIONS.get(name)


def _reshape(tensor: Any, shape: Any) -> Any:
    """Reshape. A size that is unknown before the images come, as in tf.shape(x)[0], is that of the batch."""
    sizes = [size if size is None else int(size) for size in shape]
    if sizes[0] is None and -1 in sizes:
        known = [size for size in tensor.shape[1:] if size is not None]
        rest = [size for size in sizes[1:] if size not in (None, -1)]
        total = functools.reduce(lambda a, b: a * b, known, 1) // functools.reduce(lambda a, b: a * b, rest, 1)
        sizes = [total if size == -1 else size for size in sizes]
    return keras.ops.reshape(tensor, [-1 if size is None else size for size in sizes])


def _window(sizes: Any) -> Any:
    """Return a size per axis of the image: TensorFlow also takes (1, height, width, 1)."""
    return tuple(sizes)[1:3] if isinstance(sizes, list | tuple) and len(sizes) == 4 else sizes


def _pool(kind: str) -> Callable[..., Any]:
    def pool(input: Any, ksize: Any, strides: Any, padding: str) -> Any:
        return getattr(keras.ops, kind)(input, _window(ksize), _window(strides), padding.lower())

    return pool


def _convolve(input: Any, filters: Any, strides: Any, padding: str) -> Any:
    strides = _window(strides)
    return keras.ops.conv(input, filters, strides, padding.lower())


def _drop(x: Any, rate: float) -> Any:
    return keras.layers.Dropout(float(rate))(x)


def _respond_locally(
    input: Any, depth_radius: int = 5, bias: float = 1.0, alpha: float = 1.0, beta: float = 0.5
) -> Any:
    """Divide each number by those of the neighbouring channels."""
    sides = [[0, 0]] * (len(input.shape) - 1)
    squares = keras.ops.pad(keras.ops.square(input), [*sides, [depth_radius, depth_radius]])
    channels = input.shape[-1]
    total = sum(squares[..., first : first + channels] for first in range(2 * depth_radius + 1))
    return input / (bias + alpha * total) ** beta


def _standardize(image: Any) -> Any:
    axes = (1, 2, 3)
    least = float(functools.reduce(lambda a, b: a * b, image.shape[1:], 1)) ** -0.5
    deviation = keras.ops.maximum(keras.ops.std(image, axis=axes, keepdims=True), least)
    return (image - keras.ops.mean(image, axis=axes, keepdims=True)) / deviation


TRANSLATIONS: dict[str, Callable[..., Any]] = {
    "softmax": lambda logits, axis=-1: keras.ops.softmax(logits, axis=axis),
    "log_softmax": lambda logits, axis=-1: keras.ops.log_softmax(logits, axis=axis),
    "leaky_relu": lambda features, alpha=0.2: keras.ops.leaky_relu(features, negative_slope=alpha),
    "gelu": lambda features, approximate=False: keras.ops.gelu(features, approximate=approximate),
    "max_pool": _pool("max_pool"),
    "max_pool2d": _pool("max_pool"),
    "avg_pool": _pool("average_pool"),
    "avg_pool2d": _pool("average_pool"),
    "conv2d": _convolve,
    "matmul": lambda a, b: keras.ops.matmul(a, b),
    "tensordot": lambda a, b, axes: keras.ops.tensordot(a, b, axes=axes),
    "einsum": lambda equation, *inputs: keras.ops.einsum(equation, *inputs),
    "l2_normalize": lambda x, axis=-1, epsilon=1e-12: keras.ops.normalize(x, axis=axis, epsilon=epsilon),
    "clip_by_value": lambda t, clip_value_min, clip_value_max: keras.ops.clip(t, clip_value_min, clip_value_max),
    "cast": lambda x, dtype: keras.ops.cast(x, getattr(dtype, "name", dtype)),
    "reshape": _reshape,
    "shape": lambda input, *_, **__: tuple(input.shape),
    "rank": lambda input: len(input.shape),
    "transpose": lambda a, perm=None: keras.ops.transpose(a, axes=perm),
    "stack": lambda values, axis=0: keras.ops.stack(values, axis=axis),
    "split": lambda value, num_or_size_splits, axis=0: keras.ops.split(value, num_or_size_splits, axis=axis),
    "squeeze": lambda input, axis=None: keras.ops.squeeze(input, axis=axis),
    "expand_dims": lambda input, axis: keras.ops.expand_dims(input, axis),
    "pad": lambda tensor, paddings, mode="CONSTANT": keras.ops.pad(tensor, paddings, mode=mode.lower()),
    "repeat": lambda input, repeats, axis=None: keras.ops.repeat(input, repeats, axis=axis),
    "add_n": lambda inputs: functools.reduce(keras.ops.add, inputs),
    "resize": lambda images, size, method="bilinear": keras.ops.image.resize(images, size, interpolation=method),
    "flip_left_right": lambda image: keras.ops.flip(image, axis=2),
    "flip_up_down": lambda image: keras.ops.flip(image, axis=1),
    "grayscale_to_rgb": lambda images: keras.ops.repeat(images, 3, axis=-1),
    "per_image_standardization": _standardize,
    "dropout": _drop,
    "local_response_normalization": _respond_locally,
}
