"""Values as text and bytes: what the functions of a course are asked and what they answer, without pickle.

The text is JSON. Arrays are bytes in one pool, each array once. An array with few different numbers, such as a mask, is
the list of these numbers and a place in the list for each element: one bit each, or one byte.
"""

from __future__ import annotations

import hashlib
import importlib
import json
import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

KINDS = "biufc"
LEVELS = 250
FEW, LONG = 256, 64  # different numbers, elements: a shorter array is written as it is
MANY = 256  # elements of an array that may be rounded: the answers that a check compares one by one are shorter
BITS = 33  # of a fraction that need not be exact: an error of 1e-10
KEY_BYTES = 6  # of a question: two of 10,000 have one key once in 5,000,000 kits
NAMED = "grader.sandbox.inside.functions"
"""The module with the functions that a check may pass. It is imported when a value is one: few exercises need it."""


class Unrecorded:
    """Stands for a value that is no data, such as an exception that a wrong program returns: it equals no answer."""


class Pool:
    """Arrays as bytes, while they are recorded."""

    def __init__(self) -> None:
        self.content = bytearray()
        self._places: dict[bytes, int] = {}

    def text_of(self, value: Any, *, rough: bool = False, exact: bool = True) -> str:
        """Return a value as text; its arrays are added to the pool.

        If `exact` is False, fractions are rounded to BITS binary digits: a diagnosis ignores differences below a
        ten-millionth, and digits of noise do not compress.
        With `rough`, long arrays of many different numbers are rounded to LEVELS of them: enough for a random answer,
        of which only the distribution counts.
        """
        return json.dumps(self._tree(value, rough, exact), separators=(",", ":"))

    def _tree(self, value: Any, rough: bool, exact: bool) -> Any:
        if value is None or type(value) in (bool, int, float, str):
            return value
        if rough and isinstance(value, np.ndarray) and _may_be_rounded(value):
            return {"rounded": self._rounded(value)}
        if isinstance(value, np.ndarray) and value.dtype.kind in KINDS:
            return {"array": self._array(value, exact)}
        if isinstance(value, np.generic) and value.dtype.kind in KINDS:
            return {"number": self._array(np.asarray(value), exact)}
        if isinstance(value, tuple | list):
            return {type(value).__name__: [self._tree(part, rough, exact) for part in value]}
        if type(value) is dict:
            return {"dict": {name: self._tree(part, rough, exact) for name, part in value.items()}}
        if isinstance(value, complex):
            return {"complex": [value.real, value.imag]}
        if isinstance(value, np.random.Generator):
            return {"generator": value.bit_generator.state}
        if type(value).__module__ == NAMED:
            return {"function": value.name}
        return {"unrecorded": None}

    def _array(self, array: NDArray[Any], exact: bool) -> list[Any]:
        """Return the type, the shape, the place, and for few different numbers their count and the place of each."""
        plain = np.ascontiguousarray(array).reshape(array.shape)
        if not exact and plain.dtype == np.float64:
            plain = _rounded_to_bits(plain)
        if plain.size >= LONG and plain.dtype.kind != "c":
            kinds, places = np.unique(plain, return_inverse=True)
            if len(kinds) <= FEW:
                codes = places.astype(np.uint8).ravel()
                packed = np.packbits(codes) if len(kinds) <= 2 else codes
                return [
                    plain.dtype.str,
                    plain.shape,
                    self._add(kinds.tobytes()),
                    len(kinds),
                    self._add(packed.tobytes()),
                ]
        return [plain.dtype.str, plain.shape, self._add(plain.tobytes())]

    def _rounded(self, array: NDArray[Any]) -> list[Any]:
        """Return the shape, the place of the levels, the lowest level and the step; level 0 stands for the number 0."""
        least = float(array.min())
        step = (float(array.max()) - least) / LEVELS
        levels = np.where(array == 0, 0, 1 + np.minimum((array - least) // step, LEVELS - 1))
        return [array.shape, self._add(levels.astype(np.uint8).tobytes()), least + step / 2, step]

    def _add(self, content: bytes) -> int:
        digest = hashlib.blake2b(content, digest_size=16).digest()
        if digest not in self._places:
            self._places[digest] = len(self.content)
            self.content += content
        return self._places[digest]


def _rounded_to_bits(array: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return an array with numbers of at most BITS binary digits. Smaller whole numbers stay as they are.

    >>> _rounded_to_bits(np.array([0.1, -3.0, np.inf])).tolist()
    [0.10000000000582077, -3.0, inf]
    """
    unit = 1 << (np.finfo(np.float64).nmant + 1 - BITS)
    bits = array.view(np.int64)
    return np.where(np.isfinite(array), (bits + unit // 2) & -unit, bits).view(np.float64)


def value_in(text: str | bytes, pool: bytes) -> Any:
    """Return the value that a text and its pool stand for. Each array is a copy of its own."""
    return _value(json.loads(text), pool)


def _value(tree: Any, pool: bytes) -> Any:
    if not isinstance(tree, dict):
        return tree
    ((kind, content),) = tree.items()
    if kind == "array":
        return _array_in(content, pool)
    if kind == "rounded":
        shape, place, least, step = content
        levels = np.frombuffer(pool, np.uint8, math.prod(shape), place).reshape(shape)
        return np.where(levels == 0, 0.0, least + (levels - 1.0) * step)
    if kind == "number":
        return _array_in(content, pool)[()]
    if kind in ("tuple", "list"):
        parts = [_value(part, pool) for part in content]
        return tuple(parts) if kind == "tuple" else parts
    if kind == "dict":
        return {name: _value(part, pool) for name, part in content.items()}
    if kind == "unrecorded":
        return Unrecorded()
    if kind == "complex":
        return complex(*content)
    if kind == "generator":
        generator = np.random.default_rng()
        generator.bit_generator.state = content  # refuses the state of another kind
        return generator
    return importlib.import_module(NAMED).FUNCTIONS[content]


def _array_in(content: Sequence[Any], pool: bytes) -> NDArray[Any]:
    dtype, shape, first, *few = content
    size = math.prod(shape)
    if not few:
        return np.frombuffer(pool, np.dtype(dtype), size, first).reshape(shape).copy()
    count, place = few
    kinds = np.frombuffer(pool, np.dtype(dtype), count, first)
    if count <= 2:
        codes = np.unpackbits(np.frombuffer(pool, np.uint8, -(-size // 8), place), count=size)
    else:
        codes = np.frombuffer(pool, np.uint8, size, place)
    return kinds[codes].reshape(shape)


def _may_be_rounded(array: NDArray[Any]) -> bool:
    """Return True for a long array of many different finite fractions."""
    if array.dtype != np.float64 or array.size < MANY or not np.isfinite(array).all():
        return False
    return len(np.unique(array)) > FEW


def program_key(function: str, form: bytes) -> bytes:
    """Return the key of a function, or of a wrong `form` of it."""
    return hashlib.blake2b(f"{function}\0".encode() + form, digest_size=KEY_BYTES).digest()


def question_key(arguments: Sequence[Any], named: Mapping[str, Any]) -> bytes:
    """Return the key of a question.

    Arrays of fractions are compared in single precision: on another machine the last bits of a check's numbers differ.
    """
    digest = hashlib.blake2b(digest_size=KEY_BYTES)
    for value in (*arguments, *(part for pair in sorted(named.items()) for part in pair)):
        _add_to(digest, value)
    return digest.digest()


def _add_to(digest: Any, value: Any) -> None:
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, np.ndarray):
        digest.update(f"a{value.dtype.str}{value.shape}".encode())
        if value.dtype.kind == "f":
            with np.errstate(all="ignore"):
                value = value.astype(np.float32) + np.float32(0)  # -0 is 0
        digest.update(value.tobytes())
    elif isinstance(value, tuple | list):
        digest.update(f"t{len(value)}".encode())
        for part in value:
            _add_to(digest, part)
    else:
        text = repr(value.bit_generator.state if isinstance(value, np.random.Generator) else value)
        digest.update(f"{len(text)}:{text}".encode())
