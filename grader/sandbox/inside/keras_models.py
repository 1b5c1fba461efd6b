"""The operations of a check on a Keras model that stays in the child. This import runs no operation of TensorFlow.

In a child that holds a learner's code, the results of these functions are claims of that code. In a clean child, which
holds no such code, a model is rebuilt from its exported configuration and weights, and the results are true.
"""

from __future__ import annotations

import contextlib
import json
import warnings
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from .protocol import ModelOperation

BATCH = 512  # without a graph, which takes longer to make than to predict a few digits without it
LARGEST_MAP = 8_000_000  # numbers in a layer's output for one image: our references 2,048, VGG16 3,211,264
AT_ONCE = 64_000_000  # numbers of a batch: 256 MB
LARGEST_WEIGHT = 4_000_000  # numbers; if memory is too small, TensorFlow tries to allocate it for ten seconds
OTHER_NAMES = {"softmax_v2": "softmax", "log_softmax_v2": "log_softmax", "swish": "silu", "identity": "linear"}
"""Activations of Keras by their names in tensorflow.nn."""


def prepare(seed: int) -> None:
    """Make weights and shuffling the same for the same seed. Call this before any operation."""
    import keras
    import tensorflow

    for package in ("keras", "tensorflow", "h5py"):  # their warnings about NumPy are not the learner's output
        warnings.filterwarnings("ignore", category=DeprecationWarning, module=rf"{package}\.")
    tensorflow.get_logger().setLevel("ERROR")  # its messages about graphs are not the learner's output
    keras.utils.set_random_seed(seed % 2**32)
    tensorflow.config.experimental.enable_op_determinism()


def quiet_tensorboard() -> None:
    """Make the callback for TensorBoard do nothing if that is not installed here: it shows what others may read."""
    from importlib.util import find_spec

    from keras.callbacks import Callback, TensorBoard

    if find_spec("tensorboard") is None:
        TensorBoard.__init__ = lambda self, *_, **__: Callback.__init__(self)
        for name in set(vars(TensorBoard)) & set(vars(Callback)):
            if callable(getattr(Callback, name)) and not name.startswith("__"):
                setattr(TensorBoard, name, getattr(Callback, name))


def begin_again(seed: int) -> None:
    """Forget the models of an earlier program and prepare again."""
    import keras

    keras.backend.clear_session()
    prepare(seed)


def tell_epochs(tell: Callable[[int, int, int], None]) -> Callable[[], None]:
    """Call `tell` with each epoch that begins in any training, how many there are, and how many weight arrays learn.

    Return what ends that.
    """
    from keras.callbacks import CallbackList

    original = CallbackList.on_epoch_begin

    def on_epoch_begin(self: Any, epoch: int, logs: Any = None) -> None:
        learning = len(self.model.trainable_weights) if self.model is not None else 0
        tell(epoch + 1, int((self.params or {}).get("epochs", epoch + 1)), learning)
        original(self, epoch, logs)

    CallbackList.on_epoch_begin = on_epoch_begin
    return lambda: setattr(CallbackList, "on_epoch_begin", original)


def export(model: Any, shape: Any = None) -> dict[str, Any]:
    """Return the configuration, the weights by path, and how the model was compiled.

    A model that is not built yet is built for images of this shape.
    """
    import keras

    from .keras_graphs import as_graph

    if not isinstance(model, keras.Model):
        raise TypeError(f"expected a keras.Model, got a {type(model).__name__}")
    built = bool(model.built)
    if not built:
        if shape is None:
            raise ValueError("the model is not built: start it with keras.Input(shape)")
        if isinstance(model, keras.Sequential):
            model.build((None, *shape))
        else:
            model(np.zeros((1, *shape), "float32"))
    with as_graph(model, shape) as graph:
        trainable = {id(weight) for weight in graph.trainable_weights}
        return {
            "config": np.frombuffer(json.dumps(_tree(graph)).encode(), np.uint8),
            "weights": [
                [_path(weight, number), np.asarray(weight.numpy()), id(weight) in trainable]
                for number, weight in enumerate(graph.weights)
            ],
            "built": built,
            "loss": _loss(model),
            "optimizer": _optimizer(model),
        }


def _tree(graph: Any) -> dict[str, Any]:
    """Return a graph of built-in layers as its configuration. A learner's subclass of Sequential is a Sequential."""
    import keras

    kind = next(kind for kind in (keras.Sequential, type(graph)) if isinstance(graph, kind))
    config = kind.get_config(graph) if kind is not type(graph) else keras.saving.serialize_keras_object(graph)["config"]
    return {"module": kind.__module__, "class_name": kind.__name__, "config": _plain(config)}


def describe(model: Any) -> dict[str, Any]:
    """Return the layers, including those in inner models, the steps, and the shapes of the inputs and outputs.

    A layer is its class, its name and `trainable`.
    """
    from .keras_steps import steps_of

    return {
        "steps": steps_of(model),
        "layers": [[type(layer).__name__, layer.name, layer.trainable] for layer in _layers(model)],
        "inputs": [list(tensor.shape) for tensor in model.inputs] if model.inputs else [],
        "outputs": [list(tensor.shape) for tensor in model.outputs] if model.outputs else [],
    }


def weights(model: Any) -> list[Any]:
    """Return the path and value of each weight."""
    return [[_path(weight, number), np.asarray(weight.numpy())] for number, weight in enumerate(model.weights)]


def assign(model: Any, values: list[Any]) -> None:
    """Set the weights of a model, in the order in which they were exported."""
    from .keras_graphs import as_graph

    with as_graph(model) as graph:
        graph.set_weights([np.asarray(value) for value in values])


def predict(model: Any, x: Any) -> Any:
    """Return the outputs of the model at inference."""
    batch = min(BATCH, max(1, AT_ONCE // _largest_map(model)))
    parts = [np.asarray(model(x[start : start + batch], training=False)) for start in range(0, len(x), batch)]
    return np.concatenate(parts)


def fit(model: Any, x: Any, y: Any, epochs: int, batch_size: int) -> dict[str, list[float]]:
    """Train the model as it was compiled, and return its history."""
    return history(model.fit(x, y, epochs=epochs, batch_size=batch_size, verbose=0))


def history(found: Any) -> dict[str, list[float]]:
    """Return the content of a History, or of a dictionary of the same form."""
    table = found if isinstance(found, dict) else found.history
    return {str(name): [float(value) for value in values] for name, values in table.items()}


def train(model: Any, x: Any, y: Any, epochs: int, batch_size: int, from_logits: bool) -> None:
    """Train a model with integer labels, however it was compiled, to see which of its weights change."""
    import keras

    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=from_logits)
    model.compile(
        keras.optimizers.Adam(0.01), loss, run_eagerly=True
    )  # a graph takes longer to make than a few steps take
    model.fit(x, y, epochs=epochs, batch_size=batch_size, verbose=0)


def rebuild(config: Any, values: list[Any]) -> Any:
    """Return the model of an exported configuration, as UTF-8 bytes, with these weights in their order.

    Only built-in layers are rebuilt.
    """
    import keras

    from . import keras_parameter  # noqa: F401  # Keras finds the layer in its registry

    tree = json.loads(np.asarray(config, np.uint8).tobytes())
    kind = keras.Sequential if tree["class_name"] == "Sequential" else keras.Model
    with _weights_of_at_most(LARGEST_WEIGHT):
        model = kind.from_config(_plain(tree["config"]))
    largest = _largest_map(model)
    if largest > LARGEST_MAP:
        raise ValueError(f"a layer has {largest:,} outputs for one image; the limit is {LARGEST_MAP:,}")
    model.set_weights([np.asarray(value) for value in values])
    return model


def fed(model: Any, layer: str, inner: str, x: Any) -> Any:
    """Return the input of the layer, or of the `inner` model that holds it, whatever models hold these."""
    import keras

    found = next(one for one in model.layers if one.name in (layer, inner) or _holds(one, layer))
    tensor = found._inbound_nodes[-1].input_tensors[0]
    given = x if any(tensor is one for one in model.inputs) else predict(keras.Model(model.inputs, tensor), x)
    return given if found.name in (layer, inner) else fed(found, layer, inner, given)


def _holds(model: Any, layer: str) -> bool:
    """Return True if a layer of this name is in a model, or in a model inside."""
    return any(one.name == layer or _holds(one, layer) for one in getattr(model, "layers", ()))


OPERATIONS: dict[ModelOperation, Callable[..., Any]] = {
    ModelOperation.EXPORT: export,
    ModelOperation.DESCRIBE: describe,
    ModelOperation.WEIGHTS: weights,
    ModelOperation.ASSIGN: assign,
    ModelOperation.PREDICT: predict,
    ModelOperation.FIT: fit,
    ModelOperation.TRAIN: train,
    ModelOperation.FED: fed,
    ModelOperation.HISTORY: history,
    ModelOperation.REBUILD: rebuild,
}


@contextlib.contextmanager
def _weights_of_at_most(limit: int) -> Iterator[None]:
    """Make a layer with a larger weight raise an error inside the block."""
    import keras

    layer = keras.layers.Layer
    original = layer.add_weight

    def add_weight(self: Any, *arguments: Any, **named: Any) -> Any:
        shape = named.get("shape", arguments[0] if arguments else None)
        size = float(np.prod([float(one) for one in shape or ()]))
        if size > limit:
            raise ValueError(f"a layer has a weight of {size:,.0f} numbers; the limit is {limit:,}")
        return original(self, *arguments, **named)

    layer.add_weight = add_weight
    try:
        yield
    finally:
        layer.add_weight = original


def _plain(tree: Any) -> Any:
    """Return a configuration without the compile settings of inner models, and with Keras' names of activations.

    A learner's own initialiser is left out: the weights cross with their values.
    """
    if isinstance(tree, dict):
        name = tree.get("config")
        if tree.get("class_name") == "function" and isinstance(name, str) and name in OTHER_NAMES:
            return OTHER_NAMES[name]
        return {
            name: "zeros" if name.endswith("_initializer") and _is_own(part) else _plain(part)
            for name, part in tree.items()
            if name != "compile_config"
        }
    return [_plain(part) for part in tree] if isinstance(tree, list | tuple) else tree


def _is_own(tree: Any) -> bool:
    """Return True for the configuration of an object that is not a part of Keras."""
    return isinstance(tree, dict) and (tree.get("registered_name") is not None or tree.get("class_name") == "function")


def _operations(model: Any) -> Iterator[Any]:
    """Yield the operations of a model, including those in inner models."""
    for operation in getattr(model, "operations", model.layers):
        yield operation
        if hasattr(operation, "layers"):
            yield from _operations(operation)


def _largest_map(model: Any) -> int:
    """Return the largest number of outputs of a layer for one image; 1 if the layers do not say."""
    nodes = (node for operation in _operations(model) for node in operation._inbound_nodes)
    return max((_size(tensor) for node in nodes for tensor in node.output_tensors), default=1)


def _size(tensor: Any) -> int:
    """Return how many numbers a tensor holds for one image."""
    return int(np.prod([float(size or 1) for size in tensor.shape[1:]]))


def _layers(model: Any) -> list[Any]:
    """Return the layers of a model; an inner model is replaced by its layers."""
    found = []
    for layer in model.layers:
        found += _layers(layer) if hasattr(layer, "layers") else [layer]
    return found


def _path(weight: Any, number: int) -> str:
    return str(getattr(weight, "path", "") or number)


def _loss(model: Any) -> dict[str, Any] | None:
    """Return name and form of the loss; for a learner's own function, of the loss that it computes."""
    import keras

    loss = getattr(model, "loss", None)
    while isinstance(loss, (list, tuple, dict)) and len(loss) == 1:  # one for each output
        loss = next(iter(loss.values())) if isinstance(loss, dict) else loss[0]
    if not getattr(model, "compiled", False) or loss is None:
        return None
    if isinstance(loss, str):
        return {"name": _snake(loss), "from_logits": False}
    if isinstance(loss, keras.losses.Loss) and getattr(keras.losses, type(loss).__name__, None) is type(loss):
        settings = loss.get_config()
        return {"name": _snake(type(loss).__name__), "from_logits": bool(settings.get("from_logits", False))}
    name = str(getattr(loss, "__name__", None) or getattr(loss, "name", None) or type(loss).__name__)
    if getattr(keras.losses, name, None) is loss:
        return {"name": name, "from_logits": False}
    return _computed(loss) or {"name": name[:200], "from_logits": False}


def _computed(loss: Any) -> dict[str, Any] | None:
    """Return the kind of categorical cross-entropy that a learner's own function computes, or None."""
    import keras

    labels, rows = np.array([2, 0]), np.array([[0.1, 0.3, 0.6], [0.2, 0.5, 0.3]], dtype="float32")
    for kind, y in (("sparse_categorical_crossentropy", labels), ("categorical_crossentropy", np.eye(3)[labels])):
        for from_logits in (False, True):
            known = np.asarray(getattr(keras.losses, kind)(y, rows, from_logits=from_logits)).mean()
            with contextlib.suppress(Exception):  # it expects labels in the other form
                if abs(np.asarray(loss(y, rows)).mean() - known) < 1e-4:
                    return {"name": kind, "from_logits": from_logits}
    return None


def _snake(name: str) -> str:
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name[:200]).lstrip("_")


def _optimizer(model: Any) -> dict[str, Any] | None:
    optimizer = getattr(model, "optimizer", None)
    if not getattr(model, "compiled", False) or optimizer is None:
        return None
    return {
        "name": str(optimizer.name),
        "learning_rate": float(np.asarray(optimizer.learning_rate)),
        "weight_decay": float(getattr(optimizer, "weight_decay", None) or 0),
        "iterations": int(np.asarray(optimizer.iterations)),
    }
