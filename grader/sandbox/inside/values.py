"""Values as a tree of JSON nodes and a list of raw buffers.

A node is None, a bool, an int, a str or a float, or an object with one letter under "t":

    {"t": "f", "v": "nan"}            a float that JSON has not
    {"t": "z", "v": [re, im]}         a complex number, as two texts
    {"t": "l" | "u", "v": [...]}      a list, a tuple
    {"t": "d", "v": [[key, node]]}    a dict with text keys
    {"t": "a", "i": 0}                the array number 0 of the frame; with "f": true, transposed
    {"t": "g", "v": state}            a numpy Generator (to the child only)
    {"t": "c", "v": name}             one of the functions that both sides know
    {"t": "h", "i": 3, "d": "..."}    what stays in the child, under a handle
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from .functions import FUNCTIONS, Named

ARRAY_TYPES = {
    dtype.str: dtype
    for dtype in map(np.dtype, (
        "bool", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64",
        "float16", "float32", "float64", "complex64", "complex128",
    ))
}  # fmt: skip
DEPTH_LIMIT = 8
ITEM_LIMIT = 20_000
TEXT_LIMIT = 10_000
INTEGER_LIMIT = 2**63

Keep = Callable[[Any], dict[str, Any]]


class Encoder:
    """Collects the arrays of one frame while it turns values into nodes; `keep` makes a handle of what is no plain
    data.
    """

    def __init__(self, keep: Keep, array_bytes: int) -> None:
        self.descriptions: list[dict[str, Any]] = []
        self.buffers: list[Any] = []
        self._keep = keep
        self._array_bytes = array_bytes
        self._items = 0

    def node(self, value: Any, depth: int = 0) -> Any:
        """The node of a value."""
        self._items += 1
        if depth > DEPTH_LIMIT or self._items > ITEM_LIMIT:
            return self._keep(value)
        kind = type(value)
        if value is None or kind is bool:
            return value
        if isinstance(value, (np.ndarray, np.generic)):
            return self._array(value)
        if kind is int and -INTEGER_LIMIT <= value < INTEGER_LIMIT:
            return value
        if kind is float:
            return value if math.isfinite(value) else {"t": "f", "v": repr(value)}
        if kind is complex:
            return {"t": "z", "v": [repr(value.real), repr(value.imag)]}
        if kind is str and len(value) <= TEXT_LIMIT:
            return value
        if isinstance(value, (list, tuple)):  # a named tuple is one, too
            return {"t": "l" if isinstance(value, list) else "u", "v": [self.node(part, depth + 1) for part in value]}
        if isinstance(value, dict) and all(type(key) is str for key in value):
            return {"t": "d", "v": [[key, self.node(part, depth + 1)] for key, part in value.items()]}
        if isinstance(value, np.random.Generator):
            return {"t": "g", "v": value.bit_generator.state}
        if isinstance(value, Named) and FUNCTIONS.get(value.name) is value:
            return {"t": "c", "v": value.name}
        return self._keep(value)

    def _array(self, value: Any) -> dict[str, Any]:
        array = np.asarray(value)
        if array.dtype.newbyteorder("=").str not in ARRAY_TYPES or array.ndim > 16:
            return self._keep(value)
        self._array_bytes -= array.nbytes
        if self._array_bytes < 0:
            return self._keep(value)
        turned = array.flags.f_contiguous and not array.flags.c_contiguous  # it must lie in memory there as here
        if turned:
            array = array.T
        array = np.ascontiguousarray(array, dtype=array.dtype.newbyteorder("=")).reshape(array.shape)
        self.descriptions.append({"dtype": array.dtype.str, "shape": list(array.shape)})
        self.buffers.append(array.reshape(-1).view(np.uint8).data if array.size else b"")
        node: dict[str, Any] = {"t": "a", "i": len(self.buffers) - 1}
        return {**node, "f": True} if turned else node


def arrays_of(descriptions: list[dict[str, Any]], payload: bytearray) -> list[Any]:
    """The arrays of a frame, writable, as views of its payload. The sizes must have been checked."""
    arrays = []
    offset = 0
    for description in descriptions:
        dtype = ARRAY_TYPES[description["dtype"]]
        count = math.prod(description["shape"])
        flat = np.frombuffer(payload, dtype, count, offset) if count else np.empty(0, dtype)
        arrays.append(flat.reshape(description["shape"]))
        offset += count * dtype.itemsize
    return arrays


def value_of(node: Any, arrays: list[Any], held: Callable[[dict[str, Any]], Any]) -> Any:
    """The value of a node; raises ValueError or another plain exception where the node is not one."""
    if node is None or isinstance(node, (bool, int, float, str)):
        return node
    if not isinstance(node, dict):
        raise ValueError("not a node")
    kind = node.get("t")
    content: Any = node.get("v")
    if kind == "a":
        return arrays[node["i"]].T if node.get("f") is True else arrays[node["i"]]
    if kind == "l":
        return [value_of(part, arrays, held) for part in _list(content)]
    if kind == "u":
        return tuple(value_of(part, arrays, held) for part in _list(content))
    if kind == "d":
        return {key: value_of(part, arrays, held) for key, part in _list(content)}
    if kind == "f":
        return float(content)
    if kind == "z":
        return complex(float(content[0]), float(content[1]))
    if kind in ("h", "g"):
        return held(node)
    if kind == "c":
        return FUNCTIONS[content]
    raise ValueError("not a node")


def _list(content: Any) -> list[Any]:
    if not isinstance(content, list):
        raise ValueError("not a list")
    return content
