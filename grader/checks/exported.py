"""A Keras model as data: what crosses between processes, and what checks ask of it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Any

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field


@dataclass(frozen=True)
class Weight:
    """A weight of a model."""

    path: str
    value: NDArray[Any]
    trainable: bool


class Loss(BaseModel):
    """The loss that a model was compiled with."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    name: Annotated[str, Field(max_length=200)]
    from_logits: bool


class Optimizer(BaseModel):
    """The optimizer that a model was compiled with."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    name: Annotated[str, Field(max_length=200)]
    learning_rate: float
    weight_decay: float
    iterations: int


@dataclass(frozen=True)
class Step:
    """One call of a layer: its class, its activation, the largest side of its kernel, the rank of its output.

    `before` holds the numbers of the steps that it takes its input from.
    """

    kind: str
    activation: str
    window: int
    rank: int
    before: tuple[int, ...]


@dataclass(frozen=True)
class Exported:
    """A model as data.

    `layers` holds the class, the name and `trainable` of each layer, `steps` their calls in the order of the data.
    `loss` and `optimizer` are those that it was compiled with. `built` is False if it did not know the shape of its
    images. `claimed` is True if a learner's process described it.
    """

    config: str
    weights: tuple[Weight, ...]
    layers: tuple[tuple[str, str, bool], ...] = ()
    steps: tuple[Step, ...] = ()
    inputs: tuple[tuple[int | None, ...], ...] = ()
    outputs: tuple[tuple[int | None, ...], ...] = ()
    loss: Loss | None = None
    optimizer: Optimizer | None = None
    built: bool = True
    claimed: bool = False

    @property
    def parameters(self) -> int:
        """Return how many numbers the model holds."""
        return sum(weight.value.size for weight in self.weights)

    def has(self, *kinds: str) -> bool:
        """Return True if any layer is of one of these classes."""
        return any(kind in kinds for kind, _, _ in self.layers)

    def settings(self) -> Iterator[Mapping[str, Any]]:
        """Yield the configuration of each layer, including those in inner models."""
        yield from _layers_of(json.loads(self.config)["config"])

    def as_arguments(self) -> tuple[Any, ...]:
        """Return the configuration and the weights as they cross to another process."""
        return np.frombuffer(self.config.encode(), np.uint8), [one.value for one in self.weights]


def _layers_of(config: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Yield the settings of each layer. Raises TypeError, KeyError or AttributeError for a form unknown to Keras."""
    for layer in config["layers"]:
        inner = layer["config"]
        if "layers" in inner:
            yield from _layers_of(inner)
        else:
            yield {**inner, "class_name": str(layer["class_name"])}
