"""Decide which models are built again in a clean process: those of built-in layers, which run no learner's code."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

WITH_CODE = frozenset({"Lambda", "__lambda__", "TFSMLayer", "TorchModuleWrapper", "JaxLayer", "FlaxLayer"})
LOOKED_UP = frozenset({"StringLookup", "IntegerLookup", "TextVectorization", "Hashing", "Discretization"})
PLAIN = frozenset({"__keras_tensor__", "__slice__", "__ellipsis__", "__numpy__", "__tensor__"})
MODULES = frozenset(
    {"keras.layers", "keras.initializers", "keras.regularizers", "keras.constraints", "keras.activations"}
)
"""The modules of Keras with the parts of models. Its other modules can load files, download and change settings."""
OPERATIONS = ("keras.src.ops.", "keras.src.activations.", "keras.ops.")  # x * 2 - 1 contains two of them
ELSEWHERE = frozenset(
    {
        ("keras", "DTypePolicy"), ("keras", "Sequential"), ("keras", "Model"), ("keras", "Functional"),
        ("keras.models", "Sequential"), ("keras.models", "Model"), ("keras.models", "Functional"),
        ("keras.src.models.functional", "Functional"), ("keras.src.models.sequential", "Sequential"),
    }
)  # fmt: skip
OURS = frozenset(
    ("Parameter", f"{package}inside.keras_parameter", "grader>Parameter") for package in ("", "grader.sandbox.")
)
"""Class, module and registered name of our own layer, which holds a weight that a learner's own layer uses.

The package `inside` has its short name in a sandbox.
"""
PARAMETERS_LIMIT = 4_000_000


def refusal(config: str, parameters: int) -> tuple[str, str] | None:
    """Return why a model is not rebuilt, and what is expected; None if it is rebuilt."""
    if parameters > PARAMETERS_LIMIT:
        return f"the model has {parameters:,} parameters", f"at most {PARAMETERS_LIMIT:,}"
    for node in _nodes(json.loads(config)["config"]):
        name, module = node["class_name"], node.get("module")
        if not isinstance(name, str) or not isinstance(module, str | None):
            return "the model cannot be read", "one made of built-in Keras layers"
        shown = name[:100]
        if name in WITH_CODE or name == "function":
            return f"the model has a layer of class {shown}, which runs its own code", "built-in layers"
        if name in PLAIN or (name, module, _text(node.get("registered_name"))) in OURS:
            continue
        known = module in MODULES or (module, name) in ELSEWHERE or (module or "").startswith(OPERATIONS)
        if node.get("registered_name") not in (None, name) or not known or not name.isidentifier():
            origin = (module or "nowhere")[:100]
            return f"the model has a layer of class {shown} from {origin}", "built-in Keras layers"
        if name in LOOKED_UP:
            return f"the model has a layer of class {shown}, which is not for images", "layers for images"
    return None


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _nodes(tree: Any) -> Iterator[Mapping[str, Any]]:
    """Yield every serialised object of a configuration."""
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, dict):
            if "class_name" in node:
                yield node
            waiting += node.values()
        elif isinstance(node, list):
            waiting += node
