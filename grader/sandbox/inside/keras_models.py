"""What a check may do with a Keras model that stays in the child. Importing this runs no operation of TensorFlow.

In a child that holds a learner's code, whatever these functions say is a claim of that code's. In a clean child, which
holds none, a model is rebuilt from its exported configuration and weights, and what it says there is true.
"""

from __future__ import annotations

import contextlib
import json
import warnings
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from .protocol import ModelOperation

BATCH = 512  # without a graph, which would take longer to make than a few digits take to go through
LARGEST_MAP = 8_000_000  # numbers that a layer makes of an image: our references 2,048, VGG16 of a photograph 3,211,264
AT_ONCE = 64_000_000  # numbers of a batch: 256 MB
LARGEST_WEIGHT = 4_000_000  # numbers; beyond memory, TensorFlow would try for ten seconds to have some
LAYERS_OF_OTHERS = ("Conv", "Pool", "BatchNorm", "Patches", "Dilation", "__inference", "__forward", "PartitionedCall")
"""In the name of an operation of TensorFlow: it does a layer's work, or runs a function that was compiled before."""
OTHER_NAMES = {"softmax_v2": "softmax", "log_softmax_v2": "log_softmax", "swish": "silu", "identity": "linear"}
"""Activations that Keras knows, by the names that tensorflow.nn gives them."""


def prepare(seed: int) -> None:
    """Before any operation: the same weights and the same shuffling for the same seed."""
    import keras
    import tensorflow

    for package in ("keras", "tensorflow", "h5py"):  # what they do that NumPy will not like is not the learner's output
        warnings.filterwarnings("ignore", category=DeprecationWarning, module=rf"{package}\.")
    tensorflow.get_logger().setLevel("ERROR")  # what it says of its graphs is not the learner's output
    keras.utils.set_random_seed(seed % 2**32)
    tensorflow.config.experimental.enable_op_determinism()


def begin_again(seed: int) -> None:
    """The same, where models of an earlier program are still about: they are forgotten."""
    import keras

    keras.backend.clear_session()
    prepare(seed)


def tell_epochs(tell: Callable[[int, int], None]) -> None:
    """Have `tell` hear which epoch begins, of how many, whoever trains."""
    from keras.callbacks import CallbackList

    original = CallbackList.on_epoch_begin

    def on_epoch_begin(self: Any, epoch: int, logs: Any = None) -> None:
        tell(epoch + 1, int((self.params or {}).get("epochs", epoch + 1)))
        original(self, epoch, logs)

    CallbackList.on_epoch_begin = on_epoch_begin


def export(model: Any) -> dict[str, Any]:
    """Configuration, weights by path, and how it was compiled."""
    import keras

    if not isinstance(model, keras.Model):
        raise TypeError(f"this is no keras.Model but a {type(model).__name__}")
    if not model.built:
        raise ValueError("the model is not built: begin it with keras.Input(shape)")
    graph = _graph(model)
    trainable = {id(weight) for weight in graph.trainable_weights}
    tree = {
        "module": type(graph).__module__,
        "class_name": type(graph).__name__,
        "config": _plain(keras.saving.serialize_keras_object(graph)["config"]),
    }
    return {
        "config": np.frombuffer(json.dumps(tree).encode(), np.uint8),
        "weights": [
            [_path(weight, number), np.asarray(weight.numpy()), id(weight) in trainable]
            for number, weight in enumerate(graph.weights)
        ],
        "loss": _loss(model),
        "optimizer": _optimizer(model),
    }


def describe(model: Any) -> dict[str, Any]:
    """Class, name and `trainable` of each layer, inner models opened, and the shapes that go in and out."""
    return {
        "layers": [[type(layer).__name__, layer.name, layer.trainable] for layer in _layers(model)],
        "inputs": [list(tensor.shape) for tensor in model.inputs] if model.inputs else [],
        "outputs": [list(tensor.shape) for tensor in model.outputs] if model.outputs else [],
    }


def weights(model: Any) -> list[Any]:
    """Path and value of each weight."""
    return [[_path(weight, number), np.asarray(weight.numpy())] for number, weight in enumerate(model.weights)]


def assign(model: Any, values: list[Any]) -> None:
    """Give a model other weights, in the order in which they were exported."""
    _graph(model).set_weights([np.asarray(value) for value in values])


def predict(model: Any, x: Any) -> Any:
    """What the model answers at inference."""
    batch = min(BATCH, max(1, AT_ONCE // _largest_map(model)))
    parts = [np.asarray(model(x[start : start + batch], training=False)) for start in range(0, len(x), batch)]
    return np.concatenate(parts)


def fit(model: Any, x: Any, y: Any, epochs: int, batch_size: int) -> dict[str, list[float]]:
    """Train as the model was compiled, and give its history."""
    return history(model.fit(x, y, epochs=epochs, batch_size=batch_size, verbose=0))


def history(found: Any) -> dict[str, list[float]]:
    """What a History holds, or a dictionary of the same form."""
    table = found if isinstance(found, dict) else found.history
    return {str(name): [float(value) for value in values] for name, values in table.items()}


def train(model: Any, x: Any, y: Any, epochs: int, batch_size: int, from_logits: bool) -> None:
    """Train a model with integer labels, whatever it was compiled with: for which of its weights that moves."""
    import keras

    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=from_logits)
    model.compile(keras.optimizers.Adam(0.01), loss, run_eagerly=True)  # a graph takes longer to make than a few steps
    model.fit(x, y, epochs=epochs, batch_size=batch_size, verbose=0)


def rebuild(config: Any, values: list[Any]) -> Any:
    """The model of an exported configuration, as UTF-8 bytes, with these weights, in their order. Built-in layers
    only.
    """
    import keras

    tree = json.loads(np.asarray(config, np.uint8).tobytes())
    kind = keras.Sequential if tree["class_name"] == "Sequential" else keras.Model
    with _weights_of_at_most(LARGEST_WEIGHT):
        model = kind.from_config(_plain(tree["config"]))
    largest = _largest_map(model)
    if largest > LARGEST_MAP:
        raise ValueError(f"a layer makes {largest:,} numbers of an image; the limit is {LARGEST_MAP:,}")
    model.set_weights([np.asarray(value) for value in values])
    return model


def fed(model: Any, layer: str, inner: str, x: Any) -> Any:
    """What a layer is given, or the inner model of another name that holds it."""
    import keras

    found = next(one for one in model.layers if one.name in (layer, inner))
    return predict(keras.Model(model.inputs, found._inbound_nodes[-1].input_tensors[0]), x)


def silently(function: Callable[..., Any], model: Any, x: Any) -> Any:
    """What a learner's function makes of the model's weights and of x, when no layer of Keras answers.

    TensorFlow still reads variables, and computes what is no layer of the exercises: an activation, say.
    """
    with _refused_layers():
        return np.asarray(function(model, x))


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


def _graph(model: Any) -> Any:
    """The model as a graph of its layers: itself, or what calling one of a learner's own classes does to an input."""
    import keras

    if isinstance(model, keras.Sequential) or type(model).__module__.split(".")[0] == "keras":
        return model
    if getattr(model, "inputs", None):
        return keras.Model(model.inputs, model.outputs)
    shape = (model.get_build_config() or {}).get("input_shape")
    if not shape:
        raise TypeError(
            f"{type(model).__name__} is a class of its own that does not say which images it takes; "
            "call build((None, *input_shape)) of it, or use keras.Sequential or keras.Model(inputs, outputs)"
        )
    inputs = keras.Input(shape[1:])
    return keras.Model(inputs, model.call(inputs))


@contextlib.contextmanager
def _refused_layers() -> Iterator[None]:
    """While inside, Keras' layers and what TensorFlow has for them raise an error that says so."""
    import keras
    from tensorflow.python import pywrap_tfe
    from tensorflow.python.client import session

    def refuse_layer(self: Any, *_: Any, **__: Any) -> Any:
        raise RuntimeError(f"the Keras layer {self.name} was called: compute it with your own NumPy layers")

    def refuse_session(*_: Any, **__: Any) -> Any:
        raise RuntimeError("a session of TensorFlow was run: compute the layers with your own NumPy layers")

    def guarded(execute: Callable[..., Any], place: int) -> Callable[..., Any]:
        def execute_unless_layer(*arguments: Any, **named: Any) -> Any:
            name = str(arguments[place])
            if any(part in name for part in LAYERS_OF_OTHERS):
                shown = "a compiled function" if "_" in name or "Call" in name else name
                raise RuntimeError(f"TensorFlow was asked for {shown}: compute it with your own NumPy layers")
            return execute(*arguments, **named)

        return execute_unless_layer

    layer, runner = keras.layers.Layer, session.BaseSession
    patches = [
        (layer, "__call__", refuse_layer),
        (runner, "run", refuse_session),
        *(
            (pywrap_tfe, name, guarded(getattr(pywrap_tfe, name), place))
            for name, place in (("TFE_Py_FastPathExecute", 1), ("TFE_Py_Execute", 2), ("TFE_Py_ExecuteCancelable", 2))
        ),
    ]
    originals = [(owner, name, getattr(owner, name)) for owner, name, _ in patches]
    for owner, name, patch in patches:
        setattr(owner, name, patch)
    try:
        yield
    finally:
        for owner, name, original in originals:
            setattr(owner, name, original)


@contextlib.contextmanager
def _weights_of_at_most(limit: int) -> Iterator[None]:
    """While inside, a layer that makes a larger weight raises an error that says so."""
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
    """A configuration without how inner models were compiled, and with Keras' names for TensorFlow's activations."""
    if isinstance(tree, dict):
        name = tree.get("config")
        if tree.get("class_name") == "function" and isinstance(name, str) and name in OTHER_NAMES:
            return OTHER_NAMES[name]
        return {name: _plain(part) for name, part in tree.items() if name != "compile_config"}
    return [_plain(part) for part in tree] if isinstance(tree, list | tuple) else tree


def _operations(model: Any) -> Iterator[Any]:
    """What a model is made of, inner models opened."""
    for operation in getattr(model, "operations", model.layers):
        yield operation
        if hasattr(operation, "layers"):
            yield from _operations(operation)


def _largest_map(model: Any) -> int:
    """How many numbers of one image there are at once, at most; 1 where the layers do not say."""
    nodes = (node for operation in _operations(model) for node in operation._inbound_nodes)
    return max((_size(tensor) for node in nodes for tensor in node.output_tensors), default=1)


def _size(tensor: Any) -> int:
    """How many numbers are in a tensor for one image."""
    return int(np.prod([float(size or 1) for size in tensor.shape[1:]]))


def _layers(model: Any) -> list[Any]:
    found = []
    for layer in model.layers:
        found += _layers(layer) if hasattr(layer, "layers") else [layer]
    return found


def _path(weight: Any, number: int) -> str:
    return str(getattr(weight, "path", "") or number)


def _loss(model: Any) -> dict[str, Any] | None:
    """Name and form of the loss: of what Keras has, its own name; of what it has not, what it computes."""
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
    """The categorical cross-entropy that a learner's own function computes; None where it computes none."""
    import keras

    labels, rows = np.array([2, 0]), np.array([[0.1, 0.3, 0.6], [0.2, 0.5, 0.3]], dtype="float32")
    for kind, y in (("sparse_categorical_crossentropy", labels), ("categorical_crossentropy", np.eye(3)[labels])):
        for from_logits in (False, True):
            known = np.asarray(getattr(keras.losses, kind)(y, rows, from_logits=from_logits)).mean()
            with contextlib.suppress(Exception):  # it takes labels in the other form
                if abs(np.asarray(loss(y, rows)).mean() - known) < 1e-4:
                    return {"name": kind, "from_logits": from_logits}
    return None


def _snake(name: str) -> str:
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name[:200]).lstrip("_")


def _optimizer(model: Any) -> dict[str, Any] | None:
    optimizer = getattr(model, "optimizer", None)
    if not getattr(model, "compiled", False) or optimizer is None:
        return None
    return {"name": str(optimizer.name), "learning_rate": float(np.asarray(optimizer.learning_rate))}
