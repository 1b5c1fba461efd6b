"""Read a learner's model as a graph of built-in Keras layers and operations, which share its weights.

The form of a program must not matter. So a Lambda layer, a layer or model of the learner's own class, and an activation
that is their own function are called once on a symbolic tensor, in the learner's process. The graph is what they do to
it. Only that graph crosses as data, so no clean process runs a learner's code.
"""

from __future__ import annotations

import contextlib
import inspect
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import keras
import numpy as np

from .keras_models import OTHER_NAMES
from .keras_parameter import Parameter
from .tensorflow_calls import as_keras_operations

INSTEAD = "use built-in layers such as layers.Rescaling, or operations such as keras.ops.relu"


class UnreadableError(TypeError):
    """A layer does something that is not a Keras operation."""


@contextlib.contextmanager
def as_graph(model: Any, shape: Any = None) -> Iterator[Any]:
    """Yield the model as a graph of built-in layers and operations; a model of built-in layers is its own graph.

    `shape` is that of an image, if the model does not know it. At the end of the block, the learner's layers are as
    before. Raises UnreadableError.
    """
    if not is_own(model) or _is_plain_sequential(model):
        yield model
        return
    given = _shapes(model, shape)
    images = _images(given)
    computed = model(images, training=False)
    failure: UnreadableError | None = None
    # A model may ask whether it is trained. Its dropout is in the graph only if it is; other parts only if it is not.
    for training in (True, False):
        reading = _Reading(training)
        try:
            graph = reading.read(model, given)
        except UnreadableError as error:
            failure = error
        else:
            if _agree(graph(images, training=False), computed):
                try:
                    yield graph
                finally:
                    reading.restore()
                return
        reading.restore()
    raise failure or UnreadableError(
        f"{type(model).__name__} cannot be read: its layers compute something else on a symbolic tensor; {INSTEAD}"
    )


def is_own(operation: Any) -> bool:
    """Return True if a layer or operation is not built in, or a model contains one that is not."""
    if not _is_built_in(operation) or isinstance(operation, keras.layers.Lambda):
        return True
    if isinstance(operation, keras.Model):
        return any(map(is_own, getattr(operation, "operations", operation.layers)))
    return _has_own_activation(operation)


@dataclass
class _Reading:
    """One reading of a model, and what it changes in the learner's layers until it is restored."""

    training: bool
    parameters: dict[int, Any] = field(default_factory=dict)
    activations: dict[int, tuple[Any, Any]] = field(default_factory=dict)
    names: list[tuple[Any, str]] = field(default_factory=list)
    inputs: list[Any] = field(default_factory=list)

    def read(self, model: Any, shapes: list[Any]) -> Any:
        """Return the graph of a model. Raises UnreadableError."""
        self.inputs = [keras.Input(shape[1:]) for shape in shapes]
        with self._calls_inside(), as_keras_operations():
            outputs = self._inside(model, [self.inputs if len(self.inputs) > 1 else self.inputs[0]], {})
        try:
            self._name_apart(outputs)
            return keras.Model(self.inputs if len(self.inputs) > 1 else self.inputs[0], outputs, name=model.name)
        except (TypeError, ValueError, AttributeError) as error:
            raise _unreadable(model, error) from error

    def restore(self) -> None:
        """Give the learner's layers back their names and activations."""
        for layer, activation in self.activations.values():
            layer.activation = activation
        for operation, name in reversed(self.names):
            operation.name = name

    @contextlib.contextmanager
    def _calls_inside(self) -> Iterator[None]:
        """Call inside a learner's own layers, and make the weights in their operations layers, inside the block."""
        layer, operation, tensor = keras.layers.Layer, keras.Operation, keras.KerasTensor
        call, symbolic_call = layer.__call__, operation.symbolic_call

        def called(one: Any, *arguments: Any, **named: Any) -> Any:
            if not _are_symbolic(arguments, named):
                return call(one, *arguments, **named)
            if _is_built_in(one) and _has_own_activation(one):
                self.activations[id(one)] = one, one.activation
                one.activation = keras.activations.linear
            elif is_own(one):
                if not one.built:
                    call(one, *arguments, **named)
                return self._inside(one, arguments, named)
            named.pop("training", None)  # the graph gets it when it is called
            outputs = call(one, *arguments, **named)
            return self.activations[id(one)][1](outputs) if id(one) in self.activations else outputs

        def with_parameters(one: Any, *arguments: Any, **named: Any) -> Any:
            arguments, named = keras.tree.map_structure(self._parameter, (arguments, named))
            return symbolic_call(one, *arguments, **named)

        layer.__call__, operation.symbolic_call = called, with_parameters
        tensor.get_shape = lambda one: one.shape
        try:
            yield
        finally:
            layer.__call__, operation.symbolic_call = call, symbolic_call
            del tensor.get_shape

    def _inside(self, layer: Any, arguments: Any, named: dict[str, Any]) -> Any:
        """Return what the learner's own layer computes from symbolic tensors. Raises UnreadableError."""
        call: Callable[..., Any] = getattr(layer.call, "python_function", layer.call)  # it may be a tf.function
        try:
            accepted = inspect.signature(call).parameters
            if "training" in accepted and named.get("training") is None and not _is_built_in(layer):
                named = {**named, "training": self.training}
            elif "training" not in accepted:
                named.pop("training", None)
            return call(*arguments, **named)
        except UnreadableError:
            raise
        except Exception as error:  # whatever their code raises
            raise _unreadable(layer, error) from error

    def _parameter(self, value: Any) -> Any:
        """Return a learner's variable as the output of a layer that holds it, and anything else unchanged."""
        if not isinstance(value, keras.Variable):
            return value
        if id(value) not in self.parameters:
            layer = Parameter.holding(value, f"{value.path.replace('/', '_')}_{len(self.parameters)}")
            self.parameters[id(value)] = layer(self.inputs[0])
        return self.parameters[id(value)]

    def _name_apart(self, outputs: Any) -> None:
        """Rename operations that have the name of another: two blocks of a learner's class may both hold a `conv`."""
        taken: set[str] = set()
        for operation in _operations_before(outputs):
            name, number = operation.name, 1
            while operation.name in taken:
                self.names.append((operation, operation.name))
                operation.name = f"{name}_{number}"
                number += 1
            taken.add(operation.name)


def _operations_before(outputs: Any) -> list[Any]:
    """Return the operations that lead to symbolic tensors, each once."""
    waiting, found = list(keras.tree.flatten(outputs)), dict[int, Any]()
    while waiting:
        operation, place, _ = waiting.pop()._keras_history
        if id(operation) not in found:
            found[id(operation)] = operation
            waiting += operation._inbound_nodes[place].input_tensors
    return list(found.values())


def _is_built_in(operation: Any) -> bool:
    return type(operation).__module__.partition(".")[0] == "keras" or isinstance(operation, Parameter)


def _is_plain_sequential(model: Any) -> bool:
    """Return True for a class of a learner that is a Sequential of built-in layers and computes as Sequential does."""
    sequential = keras.Sequential
    return isinstance(model, sequential) and type(model).call is sequential.call and not any(map(is_own, model.layers))


def _has_own_activation(layer: Any) -> bool:
    """Return True if an activation is a function that Keras does not have."""
    activation = getattr(layer, "activation", None)
    if not callable(activation) or isinstance(activation, keras.layers.Layer):
        return False
    root = str(getattr(activation, "__module__", "")).partition(".")[0]
    name = str(getattr(activation, "__name__", ""))
    known = root == "tensorflow" and hasattr(keras.activations, OTHER_NAMES.get(name, name))
    return root != "keras" and not known


def _are_symbolic(arguments: Any, named: Any) -> bool:
    return any(isinstance(one, keras.KerasTensor) for one in keras.tree.flatten((arguments, named)))


def _shapes(model: Any, shape: Any) -> list[Any]:
    """Return the shape of each input of a model, with its batch axis. Raises UnreadableError."""
    if getattr(model, "inputs", None):
        return [tensor.shape for tensor in model.inputs]
    own = (model.get_build_config() or {}).get("input_shape")
    known = own or ([None, *shape] if shape else None)
    if not known:
        raise UnreadableError(
            f"{type(model).__name__} does not define the shape of its input; "
            "call its build((None, *input_shape)), or use keras.Sequential or keras.Model(inputs, outputs)"
        )
    return [known]


def _images(shapes: list[Any]) -> Any:
    """Return two images for each input, and one list of them if there are several inputs."""
    rng = np.random.default_rng(0)
    images = [rng.uniform(size=(2, *(size or 1 for size in shape[1:]))).astype("float32") for shape in shapes]
    return images if len(images) > 1 else images[0]


def _agree(ours: Any, theirs: Any) -> bool:
    """Return True if a graph and its model computed the same, even if the model gives more than one tensor."""
    if not (hasattr(ours, "shape") and hasattr(theirs, "shape")):
        return True
    a, b = np.asarray(ours), np.asarray(theirs)
    return a.shape == b.shape and bool(np.allclose(a, b, rtol=1e-3, atol=1e-4, equal_nan=True))


def _unreadable(layer: Any, error: Exception) -> UnreadableError:
    first = str(error).strip().split("\n")[0][:200]
    return UnreadableError(
        f"the layer {layer.name} of class {type(layer).__name__} cannot be read as Keras operations: "
        f"{type(error).__name__}: {first}; {INSTEAD}"
    )
