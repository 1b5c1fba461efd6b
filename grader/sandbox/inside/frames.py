"""A frame: magic, two lengths, a JSON header, a payload of raw bytes.

Both sides use this layout. Our side reads it with `grader.sandbox.wire`, which trusts nothing in it.
"""

from __future__ import annotations

import json
import os
import struct
from collections.abc import Callable
from typing import Any

MAGIC = b"CNG1"
PREFIX = struct.Struct("<4sIQ")
HEADER_LIMIT = 4 * 1024 * 1024
AT_ONCE = 64 * 1024
"""A frame up to this size is written in one piece, and a read asks for as much: each piece wakes the other side."""

Receive = Callable[[memoryview], int]
_ENCODER = json.JSONEncoder(separators=(",", ":"), allow_nan=False)


def pack(header: Any, buffers: list[Any]) -> list[Any]:
    """Return the pieces of a frame, ready to be written one after another."""
    text = _ENCODER.encode(header).encode()
    payload_bytes = sum(memoryview(buffer).nbytes for buffer in buffers)
    prefix = PREFIX.pack(MAGIC, len(text), payload_bytes)
    if len(prefix) + len(text) + payload_bytes <= AT_ONCE:
        return [b"".join((prefix, text, *buffers))]
    return [prefix + text, *buffers]


def write(descriptor: int, pieces: list[Any]) -> None:
    """Write whole pieces to a blocking descriptor."""
    for piece in pieces:
        view = memoryview(piece).cast("B") if memoryview(piece).nbytes else memoryview(b"")
        while view:
            view = view[os.write(descriptor, view) :]


class Reader:
    """Splits a stream into parts. `receive` fills the beginning of a buffer and returns how far; 0 at the end."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._buffer = memoryview(bytearray(AT_ONCE))
        self.ahead = self._buffer[:0]
        """The bytes that have arrived and nobody has asked for yet."""

    def exactly(self, count: int) -> bytearray | None:
        """Return the next `count` bytes; None if the stream ends before."""
        if len(self.ahead) >= count:
            content = bytearray(self.ahead[:count])
            self.ahead = self.ahead[count:]
            return content
        content = bytearray(count)
        view = memoryview(content)
        while view:
            if not self.ahead and len(view) < AT_ONCE:
                self.ahead = self._buffer[: self._receive(self._buffer)]
                if not self.ahead:
                    return None
            if self.ahead:
                got = min(len(view), len(self.ahead))
                view[:got] = self.ahead[:got]
                self.ahead = self.ahead[got:]
            else:
                got = self._receive(view)
                if got == 0:
                    return None
            view = view[got:]
        return content


def reader(descriptor: int) -> Reader:
    """Return a reader of a blocking descriptor."""
    return Reader(lambda view: os.readv(descriptor, [view]))


def read(source: Reader) -> tuple[dict[str, Any], bytearray] | None:
    """Return the next frame of a stream that we trust; None at its end."""
    prefix = source.exactly(PREFIX.size)
    if prefix is None:
        return None
    _, header_bytes, payload_bytes = PREFIX.unpack(prefix)
    header = source.exactly(header_bytes)
    payload = source.exactly(payload_bytes)
    if header is None or payload is None:
        return None
    return json.loads(header), payload
