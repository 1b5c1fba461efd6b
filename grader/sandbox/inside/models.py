"""What a check may do with a Keras model that stays in the child. Importing this runs no operation of TensorFlow.

In a child that holds a learner's code, whatever these functions say is a claim of that code's. In a clean child, which
holds none, a model is rebuilt from its exported configuration and weights, and what it says there is true.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import numpy as np

BATCH = 512  # without a graph, which would take longer to make than a few digits take to go through


def prepare(seed: int) -> None:
    """Before any operation: the same weights and the same shuffling for the same seed."""
    import keras
    import tensorflow

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
        raise TypeError(f"expected a keras.Model, not {type(model).__name__}")
    if not model.built:
        raise ValueError("the model is not built: begin it with keras.Input(shape)")
    graph = _graph(model)
    trainable = {id(weight) for weight in graph.trainable_weights}
    tree = {
        "module": type(graph).__module__,
        "class_name": type(graph).__name__,
        "config": keras.saving.serialize_keras_object(graph)["config"],
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
    parts = [np.asarray(model(x[start : start + BATCH], training=False)) for start in range(0, len(x), BATCH)]
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
    model = kind.from_config(tree["config"])
    model.set_weights([np.asarray(value) for value in values])
    return model


def fed(model: Any, layer: str, inner: str, x: Any) -> Any:
    """What a layer is given, or the inner model of another name that holds it."""
    import keras

    found = next(one for one in model.layers if one.name in (layer, inner))
    return predict(keras.Model(model.inputs, found._inbound_nodes[-1].input_tensors[0]), x)


def silently(function: Callable[..., Any], model: Any, x: Any) -> Any:
    """What a learner's function makes of the model's weights and of x, when no layer of Keras answers."""
    import keras

    layer = keras.layers.Layer
    original = layer.__call__

    def refuse(self: Any, *_: Any, **__: Any) -> Any:
        raise RuntimeError(f"the Keras layer {self.name} was called: compute it with your own NumPy layers")

    layer.__call__ = refuse
    try:
        return np.asarray(function(model, x))
    finally:
        layer.__call__ = original


OPERATIONS: dict[str, Callable[..., Any]] = {
    "export": export,
    "describe": describe,
    "weights": weights,
    "assign": assign,
    "predict": predict,
    "fit": fit,
    "train": train,
    "fed": fed,
    "history": history,
    "rebuild": rebuild,
    "silently": silently,
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


def _layers(model: Any) -> list[Any]:
    found = []
    for layer in model.layers:
        found += _layers(layer) if hasattr(layer, "layers") else [layer]
    return found


def _path(weight: Any, number: int) -> str:
    return str(getattr(weight, "path", "") or number)


def _loss(model: Any) -> dict[str, Any] | None:
    loss = getattr(model, "loss", None)
    if not getattr(model, "compiled", False) or loss is None:
        return None
    if isinstance(loss, str):
        return {"name": loss, "from_logits": False}
    name = getattr(loss, "name", None) or getattr(loss, "__name__", None) or type(loss).__name__
    settings = loss.get_config() if hasattr(loss, "get_config") else {}
    return {"name": str(name), "from_logits": bool(settings.get("from_logits", False))}


def _optimizer(model: Any) -> dict[str, Any] | None:
    optimizer = getattr(model, "optimizer", None)
    if not getattr(model, "compiled", False) or optimizer is None:
        return None
    return {"name": str(optimizer.name), "learning_rate": float(np.asarray(optimizer.learning_rate))}
