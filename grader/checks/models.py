"""Models of Keras in a check: what a learner's process says of them is a claim, what is rebuilt without it is true.

A model stays in the process that made it. Its configuration and weights cross as data; from them the same model is
built again in a clean process that has never held a learner's code, where it predicts, is trained and is measured.
Only built-in layers are rebuilt: a layer of one's own could compute anything.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grader.checks.assertions import CheckFailedError
from grader.checks.submission import Caller, OurFaultError
from grader.sandbox.answer import Raised, Returned

WITH_CODE = frozenset({"Lambda", "TFSMLayer", "TorchModuleWrapper", "JaxLayer", "FlaxLayer"})
MODULES = ("keras", "builtins")
PARAMETERS_LIMIT = 4_000_000


@dataclass(frozen=True)
class Weight:
    """A weight of a model."""

    path: str
    value: NDArray[Any]
    trainable: bool


@dataclass(frozen=True)
class Exported:
    """A model as data. `layers` are class, name and `trainable` of each, `loss` and `optimizer` as it was compiled."""

    config: str
    weights: tuple[Weight, ...]
    layers: tuple[tuple[str, str, bool], ...]
    inputs: tuple[tuple[int | None, ...], ...]
    outputs: tuple[tuple[int | None, ...], ...]
    loss: Mapping[str, Any] | None
    optimizer: Mapping[str, Any] | None

    @property
    def parameters(self) -> int:
        """How many numbers the model holds."""
        return sum(weight.value.size for weight in self.weights)

    def has(self, *kinds: str) -> bool:
        """Whether any layer is of one of these classes."""
        return any(kind in kinds for kind, _, _ in self.layers)

    def settings(self) -> Iterator[Mapping[str, Any]]:
        """The configuration of each layer, inner models opened."""
        yield from _layers_of(json.loads(self.config).get("config", {}))


class Models:
    """The models of one submission; `clean` calls a process without a learner's code."""

    def __init__(self, learner: Caller, clean: Caller) -> None:
        self._learner = learner
        self._clean = clean
        self._kept: dict[str, Any] = {}

    def once(self, name: str, make: Callable[[], Any]) -> Any:
        """What `make` gives, made for the first check that asks; where it failed, it fails for all."""
        if name not in self._kept:
            try:
                self._kept[name] = make()
            except CheckFailedError as error:
                self._kept[name] = error
        found = self._kept[name]
        if isinstance(found, CheckFailedError):
            raise CheckFailedError(str(found))
        return found

    def export(self, model: Any) -> Exported:
        """A learner's model as data. Fails the check where it is none."""
        return _exported(_claimed(self._learner.call("@export", (model,), {})))

    def weights(self, model: Any) -> dict[str, NDArray[Any]]:
        """The weights of a learner's model by path, in its order."""
        found = _claimed(self._learner.call("@weights", (model,), {}))
        try:
            return {str(path): np.asarray(value) for path, value in found}
        except (TypeError, ValueError):
            raise CheckFailedError("the weights of the model cannot be read") from None

    def fit(self, model: Any, x: NDArray[Any], y: NDArray[Any], epochs: int, batch_size: int) -> None:
        """Train a learner's model in their process, as it was compiled."""
        _claimed(
            self._learner.call("@fit", (model, x, y, epochs, batch_size), {}), "expected a model that can be trained"
        )

    def history(self, found: Any) -> dict[str, list[float]]:
        """A learner's History as a dictionary."""
        table = _claimed(self._learner.call("@history", (found,), {}), "expected the History that model.fit returns")
        if not isinstance(table, dict) or not all(isinstance(values, list) for values in table.values()):
            raise CheckFailedError("train returned no History, expected the one that model.fit returns")
        return table

    def silently(self, function: str, model: Any, x: NDArray[Any]) -> Any:
        """What a learner's function makes of a model whose layers do not answer."""
        return self._learner.call(function, (model, x), {}, silently=True)

    def send(self, exported: Exported) -> Any:
        """The model of these data in the learner's process, as an argument for their functions."""
        return _ours(self._learner.call("@rebuild", (exported.config, [one.value for one in exported.weights]), {}))

    def rebuild(self, exported: Exported) -> CleanModel:
        """The model in a clean process. Fails the check where it is not made of built-in layers."""
        refused = refusal(exported)
        if refused:
            raise CheckFailedError(refused)
        answer = self._clean.call("@rebuild", (exported.config, [one.value for one in exported.weights]), {})
        if isinstance(answer, Raised):
            raise CheckFailedError(f"the model cannot be built again from its configuration: {answer.message[:300]}")
        return CleanModel(self._clean, _ours(answer))


class CleanModel:
    """A model in a process without a learner's code: what it says is true."""

    def __init__(self, caller: Caller, model: Any) -> None:
        self._caller = caller
        self._model = model

    def predict(self, x: NDArray[Any]) -> NDArray[Any]:
        """The answers at inference."""
        return np.asarray(self._measured("@predict", x))

    def fed(self, layer: str, inner: str, x: NDArray[Any]) -> NDArray[Any]:
        """What a layer of this name is given for x, or the inner model `inner` where that holds it."""
        return np.asarray(self._measured("@fed", layer, inner, x))

    def accuracy(self, x: NDArray[Any], labels: NDArray[Any]) -> float:
        """The share of examples whose largest answer is at their label."""
        return float((self.predict(x).reshape(len(x), -1).argmax(axis=1) == labels).mean())

    def _measured(self, operation: str, *arguments: Any) -> Any:
        answer = self._caller.call(operation, (self._model, *arguments), {})
        if isinstance(answer, Raised):
            raise CheckFailedError(f"the model does not take the images: {answer.message[:300]}")
        return _ours(answer)


def refusal(exported: Exported) -> str:
    """Why a model is not rebuilt; empty where it is."""
    if exported.parameters > PARAMETERS_LIMIT:
        return f"the model has {exported.parameters:,} parameters, expected at most {PARAMETERS_LIMIT:,}"
    for node in _nodes(json.loads(exported.config).get("config", {})):
        name, module = str(node.get("class_name")), str(node.get("module", "keras"))
        if name in WITH_CODE or name == "function":
            return f"the model has a layer of the kind {name}, which runs code of its own; expected built-in layers"
        if node.get("registered_name") not in (None, name) or module.split(".")[0] not in MODULES:
            return f"the model has a layer of the class {name} from {module}, expected built-in layers of Keras"
    return ""


def _nodes(tree: Any) -> Iterator[Mapping[str, Any]]:
    """Every serialised object of a configuration."""
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, dict):
            if "class_name" in node:
                yield node
            waiting += node.values()
        elif isinstance(node, list):
            waiting += node


def _layers_of(config: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for layer in config.get("layers", ()):
        inner = layer.get("config", {})
        if "layers" in inner:
            yield from _layers_of(inner)
        else:
            yield {"class_name": layer.get("class_name"), **inner}


def _exported(found: Any) -> Exported:
    """The data of a claim; fails the check where it has another form."""
    try:
        exported = Exported(
            str(found["config"]),
            tuple(Weight(str(path), np.asarray(value), bool(trainable)) for path, value, trainable in found["weights"]),
            tuple((str(kind), str(name), bool(trainable)) for kind, name, trainable in found["layers"]),
            tuple(_shape(shape) for shape in found["inputs"]),
            tuple(_shape(shape) for shape in found["outputs"]),
            found["loss"],
            found["optimizer"],
        )
        if not isinstance(json.loads(exported.config)["config"], dict):
            raise TypeError
    except (TypeError, ValueError, KeyError, RecursionError):
        raise CheckFailedError("the model cannot be read, expected one of built-in layers of Keras") from None
    return exported


def _shape(shape: Any) -> tuple[int | None, ...]:
    return tuple(None if one is None else int(one) for one in shape)


def _claimed(answer: Any, expected: str = "expected a built model of Keras") -> Any:
    if isinstance(answer, Returned):
        return answer.value
    if isinstance(answer, Raised):
        raise CheckFailedError(
            f"{answer.message[:400]}" if "expected" in answer.message else f"{answer.message[:400]}; {expected}"
        )
    raise CheckFailedError(answer.detail)


def _ours(answer: Any) -> Any:
    if isinstance(answer, Returned):
        return answer.value
    raise OurFaultError(f"a clean process did not answer: {answer}")
