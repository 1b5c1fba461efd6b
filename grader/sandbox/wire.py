"""Our end of a child's channel: what arrives is measured, parsed with limits, validated, and still only a claim."""

from __future__ import annotations

import math
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from grader.sandbox.answer import Foreign, Line, Raised, Returned, UnsendableError
from grader.sandbox.inside import frames
from grader.sandbox.inside.values import ARRAY_TYPES, Encoder, arrays_of, value_of
from grader.text import claimed, claimed_name, quoted

DESCRIPTION_CHARACTERS = 200


class ProtocolError(Exception):
    """What arrived is not a frame of ours."""


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class _Array(_Strict):
    dtype: Annotated[str, Field(max_length=8)]
    shape: Annotated[list[Annotated[int, Field(ge=0, lt=2**40)]], Field(max_length=16)]


class _ReturnedFrame(_Strict):
    ending: Literal["returned"]
    nonce: int
    value: Any
    after: Annotated[list[Any] | None, Field(max_length=64)] = None
    arrays: Annotated[list[_Array], Field(max_length=frames.HEADER_LIMIT)]


class _RaisedFrame(_Strict):
    ending: Literal["raised"]
    nonce: int
    kind: Annotated[str, Field(max_length=100)]
    message: Annotated[str, Field(max_length=4000)]
    lines: Annotated[
        list[Annotated[list[int | Annotated[str, Field(max_length=100)]], Field(min_length=2, max_length=2)]],
        Field(max_length=100),
    ]


class Epoch(_Strict):
    """Said while a call trains: which epoch begins, of how many."""

    ending: Literal["epoch"]
    nonce: int
    number: Annotated[int, Field(ge=1, lt=10**6)]
    of: Annotated[int, Field(ge=1, lt=10**6)]


class _StartFrame(_Strict):
    ending: Literal["confined", "unconfined"]
    message: str = ""


_Frame = _ReturnedFrame | _RaisedFrame | _StartFrame | Epoch
_FRAME: TypeAdapter[_Frame] = TypeAdapter(Annotated[_Frame, Field(discriminator="ending")])


def frame_bytes(prefix: bytes, payload_limit: int) -> tuple[int, int]:
    """The lengths of header and payload that a prefix announces; raises ProtocolError before anything of it is read."""
    magic, header_bytes, payload_bytes = frames.PREFIX.unpack(prefix)
    if magic != frames.MAGIC or header_bytes > frames.HEADER_LIMIT or payload_bytes > payload_limit:
        raise ProtocolError("it wrote something into the grader's channel that is no answer")
    return header_bytes, payload_bytes


def confirms_confinement(header: bytes) -> str | None:
    """None where the first frame says that the child is confined, else why it is not."""
    frame = _parse(header)
    if not isinstance(frame, _StartFrame):
        raise ProtocolError("the child did not say that it is confined")
    return None if frame.ending == "confined" else frame.message


def answer_of(header: bytes, payload: bytearray, nonce: int, child: int) -> Returned | Raised | Epoch:
    """The answer in a frame, or word of an epoch before it.

    Raises ProtocolError where it is no answer to the request `nonce`.
    """
    frame = _parse(header)
    if isinstance(frame, _StartFrame) or frame.nonce != nonce:
        raise ProtocolError("it answered a call before it was made")
    if isinstance(frame, Epoch):
        return frame
    if isinstance(frame, _RaisedFrame):
        lines = tuple(_line(line) for line in frame.lines)
        return Raised(claimed_name(frame.kind), quoted(claimed(frame.message)), lines)
    total = 0
    for array in frame.arrays:
        if array.dtype not in ARRAY_TYPES:
            raise ProtocolError(f"it sent an array of the unknown type {array.dtype!r}")
        total += math.prod(array.shape) * ARRAY_TYPES[array.dtype].itemsize
    if total != len(payload):
        raise ProtocolError("it sent arrays of another size than it announced")
    arrays = arrays_of([{"dtype": array.dtype, "shape": array.shape} for array in frame.arrays], payload)

    def held(node: dict[str, Any]) -> Foreign:
        handle, description = node.get("i"), node.get("d")
        if not isinstance(handle, int) or not isinstance(description, str):
            raise ValueError("not a handle")
        return Foreign(claimed_name(description, DESCRIPTION_CHARACTERS), handle, child)

    try:
        value = value_of(frame.value, arrays, held)
        after = None if frame.after is None else tuple(value_of(node, arrays, held) for node in frame.after)
    except (ValueError, TypeError, KeyError, IndexError, AttributeError, OverflowError, RecursionError):
        raise ProtocolError("it sent an answer that cannot be read") from None
    return Returned(value, after)


class Request:
    """The frame of a call, to a child that will be believed nothing."""

    def __init__(self, header: dict[str, Any], arguments: tuple[Any, ...], named: dict[str, Any], child: int) -> None:
        self._child = child
        encoder = Encoder(self._keep, 2**40)
        header = {
            **header,
            "arguments": [encoder.node(argument) for argument in arguments],
            "named": {key: encoder.node(value) for key, value in named.items()},
            "arrays": encoder.descriptions,
        }
        self.pieces = frames.pack(header, encoder.buffers)

    def _keep(self, value: Any) -> dict[str, Any]:
        if isinstance(value, Foreign) and value.handle is not None:
            if value.child != self._child:
                raise UnsendableError(f"{value.description} was lost with the process that had made it")
            return {"t": "h", "i": value.handle}
        if isinstance(value, Foreign):
            raise UnsendableError(f"{value.description} cannot be given to another function")
        raise UnsendableError(f"a {type(value).__name__} like this cannot be sent to a submission")


def _parse(header: bytes) -> _Frame:
    try:
        return _FRAME.validate_json(header)
    except ValidationError:
        raise ProtocolError("it wrote something into the grader's channel that is no answer") from None


def _line(pair: list[int | str]) -> Line:
    number, function = pair
    return Line(number if isinstance(number, int) else 0, claimed_name(str(function)))
