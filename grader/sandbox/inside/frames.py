"""A frame: magic, two lengths, a JSON header, a payload of raw bytes.

Both sides use the layout; our side reads it with `grader.sandbox.wire`, which believes nothing.
"""

from __future__ import annotations

import json
import os
import struct
from typing import Any

MAGIC = b"CNG1"
PREFIX = struct.Struct("<4sIQ")
HEADER_LIMIT = 4 * 1024 * 1024


def pack(header: dict[str, Any], buffers: list[Any]) -> list[Any]:
    """The pieces of a frame, ready to be written one after another."""
    text = json.dumps(header, separators=(",", ":"), allow_nan=False).encode()
    payload_bytes = sum(memoryview(buffer).nbytes for buffer in buffers)
    return [PREFIX.pack(MAGIC, len(text), payload_bytes) + text, *buffers]


def write(descriptor: int, pieces: list[Any]) -> None:
    """Write whole pieces to a blocking descriptor."""
    for piece in pieces:
        view = memoryview(piece).cast("B") if memoryview(piece).nbytes else memoryview(b"")
        while view:
            view = view[os.write(descriptor, view) :]


def read(descriptor: int) -> tuple[dict[str, Any], bytearray] | None:
    """The next frame from a blocking descriptor that we trust; None at its end."""
    prefix = _exactly(descriptor, PREFIX.size)
    if prefix is None:
        return None
    _, header_bytes, payload_bytes = PREFIX.unpack(prefix)
    header = _exactly(descriptor, header_bytes)
    payload = _exactly(descriptor, payload_bytes)
    if header is None or payload is None:
        return None
    return json.loads(bytes(header)), payload


def _exactly(descriptor: int, count: int) -> bytearray | None:
    content = bytearray(count)
    view = memoryview(content)
    while view:
        got = os.readv(descriptor, [view])
        if got == 0:
            return None
        view = view[got:]
    return content
