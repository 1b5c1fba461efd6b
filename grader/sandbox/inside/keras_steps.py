"""The steps of a built-in model in the order in which data flows through them, including inner models."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np

STEPS_LIMIT = 5_000  # the deepest network of keras.applications has 813 layers; inner models may be called many times


def steps_of(model: Any) -> list[list[Any]]:
    """Return class, activation, window, rank of the output and numbers of the earlier steps of each step.

    The window is the largest side of a kernel, 0 if there is none.
    """
    steps: list[list[Any]] = []
    graph = _functional(model)
    if graph is not None:
        _add_steps(graph, [[] for _ in graph.inputs], steps)
    return steps


def _functional(model: Any) -> Any:
    """Return the graph behind a model; None if it has none."""
    graph = getattr(model, "_functional", None) if isinstance(model, keras.Sequential) else model
    return graph if hasattr(graph, "_nodes_by_depth") else None


def _add_steps(graph: Any, given: list[list[int]], steps: list[list[Any]]) -> list[list[int]]:
    """Add the steps of a graph whose inputs come from the steps `given`; return where its outputs come from."""
    origins = {id(tensor): origin for tensor, origin in zip(graph.inputs, given, strict=True)}
    for depth in sorted(graph._nodes_by_depth, reverse=True):
        for node in graph._nodes_by_depth[depth]:
            if node.is_input:
                continue
            before = [origins.get(id(tensor), []) for tensor in node.input_tensors]
            inner = _functional(node.operation)
            if inner is not None and len(inner.inputs) == len(before):
                after = _add_steps(inner, before, steps)
            else:
                if len(steps) >= STEPS_LIMIT:
                    raise ValueError(f"the model calls more than {STEPS_LIMIT:,} layers")
                steps.append(_step(node, sorted({number for origin in before for number in origin})))
                after = [[len(steps) - 1]] * len(node.output_tensors)
            origins.update({id(tensor): origin for tensor, origin in zip(node.output_tensors, after, strict=True)})
    return [origins.get(id(tensor), []) for tensor in graph.outputs]


def _step(node: Any, before: list[int]) -> list[Any]:
    operation = node.operation
    activation = getattr(operation, "activation", None)
    name = getattr(activation, "__name__", type(activation).__name__) if activation is not None else ""
    return [type(operation).__name__, str(name), _window(node), len(node.output_tensors[0].shape), before]


def _window(node: Any) -> int:
    """Return the largest side of the kernel of a convolution: a setting of a layer, an argument of an operation."""
    if hasattr(node.operation, "kernel_size"):
        return int(np.max(node.operation.kernel_size))
    arguments = node.arguments.args
    if "Conv" in type(node.operation).__name__ and len(arguments) > 1:
        return int(np.max(arguments[1].shape[:-2], initial=0))
    return 0
