"""Values as a tree of JSON nodes and a list of raw buffers.

A node is None, a bool, an int, a str or a float, or an object with one letter under "t":

    {"t": "f", "v": "nan"}            a float that JSON does not have
    {"t": "z", "v": [re, im]}         a complex number, as two texts
    {"t": "l" | "u", "v": [...]}      a list, a tuple
    {"t": "d", "v": [[key, node]]}    a dict with text keys
    {"t": "a", "i": 0}                the array number 0 of the frame; with "f": true, transposed
    {"t": "g", "v": state}            a numpy Generator (to the child only)
    {"t": "c", "v": name}             one of the functions that both sides know (to the child only)
    {"t": "h", "i": 3, "d": "...", "k": "Model"}    a value that stays in the child: handle, description, class

A Decoder accepts only what an Encoder with the same bounds writes.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from .protocol import ArrayDescription

ARRAY_TYPES = {
    dtype.str: dtype
    for dtype in map(np.dtype, (
        "bool", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64",
        "float16", "float32", "float64", "complex64", "complex128",
    ))
}  # fmt: skip
TEXT_LIMIT = 10_000
INTEGER_LIMIT = 2**63
AXES_LIMIT = 16
EMPTY_LIMIT = 2**26
"""The limit for the other axes of an empty array: the array holds nothing, but a sum over it is that large."""
NOT_FINITE = {"nan": math.nan, "inf": math.inf, "-inf": -math.inf}
COMPLEX_PART_LIMIT = 32  # characters; repr of a float has at most 24


_REAL = (np.integer, np.floating)


@dataclass(frozen=True)
class Bounds:
    """The limits of one frame: the depth of containers, the parts of all containers, the characters of all texts."""

    depth: int
    items: int
    text: int


REPLY = Bounds(depth=8, items=20_000, text=200_000)
"""A right answer of exercise 6 has depth 3 and 40 parts; no right answer has a text of 100 characters."""
REQUEST = Bounds(depth=16, items=1_000_000, text=20_000_000)
"""Wide enough to send every answer of a child back to it, even as a part of something larger."""

Keep = Callable[[Any], Any]
"""Makes the node of a value that is not plain data."""


class Encoder:
    """Collects the arrays of one frame while it turns values into nodes.

    `keep` makes the node of a value that is not plain data, or that exceeds the bounds.
    """

    def __init__(self, keep: Keep, array_bytes: int, bounds: Bounds = REPLY) -> None:
        self.descriptions: list[ArrayDescription] = []
        self.buffers: list[Any] = []
        self._keep = keep
        self._array_bytes = array_bytes
        self._left = _Left(bounds)

    def node(self, value: Any, depth: int = 0) -> Any:
        """Return the node of a value."""
        kind = type(value)
        if kind is np.ndarray:
            return self._array(value)
        if value is None or kind is bool:
            return value
        if kind is int and -INTEGER_LIMIT <= value < INTEGER_LIMIT:
            return value
        if kind is float:
            return value if math.isfinite(value) else {"t": "f", "v": repr(value)}
        if isinstance(value, (np.ndarray, np.generic)):  # of a subclass, or a float64, which is a float too
            return self._array(value)
        if kind is complex:
            return {"t": "z", "v": [repr(value.real), repr(value.imag)]}
        if kind is str and self._left.takes_text(value):
            return value
        if isinstance(value, (list, tuple)) and self._left.takes_items(len(value), depth):  # named tuples, too
            return {"t": "l" if isinstance(value, list) else "u", "v": [self.node(part, depth + 1) for part in value]}
        if (
            isinstance(value, dict)
            and self._left.takes_items(len(value), depth)
            and all(type(key) is str and self._left.takes_text(key) for key in value)
        ):
            return {"t": "d", "v": [[key, self.node(part, depth + 1)] for key, part in value.items()]}
        return self._kept(value)

    def _kept(self, value: Any) -> Any:
        node = self._keep(value)
        if isinstance(node, dict) and not self._left.takes_text(node.get("d", "")):
            return {**node, "d": ""}
        return node

    def _array(self, value: Any) -> Any:
        array = _as_sent(np.asarray(value))
        if array.dtype.newbyteorder("=").str not in ARRAY_TYPES or not _is_sendable(array.shape):
            return self._kept(value)
        self._array_bytes -= array.nbytes
        if self._array_bytes < 0:
            return self._kept(value)
        turned = array.flags.f_contiguous and not array.flags.c_contiguous  # keep its order in memory
        if turned:
            array = array.T
        array = np.ascontiguousarray(array, dtype=array.dtype.newbyteorder("=")).reshape(array.shape)
        if array.dtype.kind == "b":
            array = array.view(np.uint8) != 0  # a view of other bytes may hold more than 0 and 1
        self.descriptions.append({"dtype": array.dtype.str, "shape": list(array.shape)})
        self.buffers.append(array.reshape(-1).view(np.uint8).data if array.size else b"")
        node: dict[str, Any] = {"t": "a", "i": len(self.buffers) - 1}
        return {**node, "f": True} if turned else node


class Decoder:
    """Turns the nodes of one frame into values. `held` makes the value of a node that is not plain data.

    Raises ValueError or another plain exception for a node that no Encoder writes. A frame may name each array only
    once: an array named a thousand times would need a thousand times its size in our memory.
    """

    def __init__(self, arrays: list[Any], held: Callable[[dict[str, Any]], Any], bounds: Bounds = REPLY) -> None:
        self._arrays = dict(enumerate(arrays))
        self._held = held
        self._left = _Left(bounds)

    def value(self, node: Any, depth: int = 0) -> Any:
        """Return the value of a node."""
        kind = type(node)
        if node is None or kind is bool:
            return node
        if kind is int or kind is float:
            return _number(node)
        if kind is str:
            return self._text(node)
        if kind is not dict:
            raise ValueError("not a node")
        letter, content = node.get("t"), node.get("v")
        if letter == "a":
            array = self._arrays.pop(node["i"])
            return array.T if node.get("f") is True else array
        if letter == "l":
            return [self.value(part, depth + 1) for part in self._parts(content, depth)]
        if letter == "u":
            return tuple([self.value(part, depth + 1) for part in self._parts(content, depth)])
        if letter == "d":
            return self._dict(content, depth)
        if letter == "f":
            return NOT_FINITE[content]
        if letter == "z":
            real, imaginary = content
            return complex(_part_of_complex(real), _part_of_complex(imaginary))
        self._text(node.get("d", ""))
        return self._held(node)

    @property
    def unnamed(self) -> int:
        """Return how many arrays no node has named yet."""
        return len(self._arrays)

    def _dict(self, content: Any, depth: int) -> dict[str, Any]:
        pairs = self._parts(content, depth)
        found = {self._text(key): self.value(part, depth + 1) for key, part in pairs}
        if len(found) != len(pairs):
            raise ValueError("the same key twice")
        return found

    def _parts(self, content: Any, depth: int) -> list[Any]:
        if type(content) is not list or not self._left.takes_items(len(content), depth):
            raise ValueError("not a list, or too many parts")
        return content

    def _text(self, text: Any) -> str:
        if type(text) is not str or not self._left.takes_text(text):
            raise ValueError("not a text, or too long")
        return text


class _Left:
    """The rest of the bounds of a frame."""

    def __init__(self, bounds: Bounds) -> None:
        self._depth = bounds.depth
        self._items = bounds.items
        self._characters = bounds.text

    def takes_items(self, count: int, depth: int) -> bool:
        """Return whether a container of `count` parts at this depth still fits, and count it if it does."""
        if depth > self._depth or count > self._items:
            return False
        self._items -= count
        return True

    def takes_text(self, text: str) -> bool:
        """Return whether a text still fits and is valid UTF-8, and count it if so."""
        if len(text) > min(TEXT_LIMIT, self._characters) or not is_unicode(text):
            return False
        self._characters -= len(text)
        return True


def arrays_of(descriptions: Sequence[ArrayDescription], payload: bytearray) -> list[Any]:
    """Return the arrays of a frame, writable, as views of its payload. The sizes must have been checked.

    Raises ValueError for an array that no Encoder sends.
    """
    arrays = []
    offset = 0
    for description in descriptions:
        dtype, shape = ARRAY_TYPES[description["dtype"]], description["shape"]
        if not _is_sendable(shape):
            raise ValueError("an array with an invalid shape")
        count = math.prod(shape)
        flat = np.frombuffer(payload, dtype, count, offset) if count else np.empty(0, dtype)
        if dtype.kind == "b" and count and flat.view(np.uint8).max() > 1:
            raise ValueError("a truth value that is neither 0 nor 1")
        arrays.append(flat.reshape(shape))
        offset += count * dtype.itemsize
    return arrays


def _as_sent(array: Any) -> Any:
    """Return an array of numbers in a type that can be sent; every other array as it is.

    Longer floats, and numbers in an array of objects, become float64. Expected values have no more digits either.
    """
    if array.dtype.char in "gG":
        return array.astype(np.complex128 if array.dtype.kind == "c" else np.float64)
    if array.dtype.kind == "O" and all(type(one) in (int, float) or isinstance(one, _REAL) for one in array.flat):
        try:
            return array.astype(np.float64)
        except (OverflowError, TypeError, ValueError):  # an integer above all floats
            return array
    return array


def _is_sendable(shape: Any) -> bool:
    if len(shape) > AXES_LIMIT:
        return False
    return 0 not in shape or math.prod(length for length in shape if length) <= EMPTY_LIMIT


def is_unicode(text: str) -> bool:
    """Return whether a text is valid UTF-8, without half of a surrogate pair."""
    if text.isascii():
        return True
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _number(number: Any) -> Any:
    if not (-INTEGER_LIMIT <= number < INTEGER_LIMIT if type(number) is int else math.isfinite(number)):
        raise ValueError("an invalid number")
    return number


def _part_of_complex(text: Any) -> float:
    if type(text) is not str or len(text) > COMPLEX_PART_LIMIT:
        raise ValueError("not a part of a complex number")
    return float(text)
