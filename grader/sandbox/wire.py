"""Our end of a child's channel.

Every frame that arrives is measured, parsed with limits and validated, and is still only a claim.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Annotated, Any, Literal

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from grader.sandbox.answer import Foreign, Line, Raised, Returned, StrandedError, UnsendableError
from grader.sandbox.inside import frames
from grader.sandbox.inside.functions import FUNCTIONS, Named
from grader.sandbox.inside.protocol import AnswerFrame, CallFrame, CallNode, Ending, Operation
from grader.sandbox.inside.values import ARRAY_TYPES, REQUEST, Decoder, Encoder, arrays_of
from grader.sandbox.refusal import IsolationError, Refusal
from grader.sandbox.request import Request
from grader.text import claimed, claimed_name, quoted

DESCRIPTION_CHARACTERS = 200
HANDLES_LIMIT = 2**31
LINES_LIMIT = 10**7  # a file of 1 MiB has fewer


class ProtocolError(Exception):
    """The bytes that arrived are not a valid frame."""


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class _Array(_Strict):
    dtype: Annotated[str, Field(max_length=8)]
    shape: Annotated[list[Annotated[int, Field(ge=0, lt=2**40)]], Field(max_length=16)]


class _ReturnedFrame(_Strict):
    ending: Literal[Ending.RETURNED]
    nonce: int
    value: Any
    after: Annotated[list[Any] | None, Field(max_length=64)] = None
    arrays: Annotated[list[_Array], Field(max_length=frames.HEADER_LIMIT)]


class _RaisedFrame(_Strict):
    ending: Literal[Ending.RAISED]
    nonce: int
    kind: Annotated[str, Field(max_length=100)]
    base: Annotated[str, Field(max_length=100)] = ""
    message: Annotated[str, Field(max_length=4000)]
    lines: Annotated[
        list[tuple[Annotated[int, Field(ge=0, le=LINES_LIMIT)], Annotated[str, Field(max_length=100)]]],
        Field(max_length=100),
    ]


class Ended(_Strict):
    """The end of a child, as the zygote reports it."""

    signal: Annotated[int, Field(ge=0, le=64)] = 0
    code: Annotated[int, Field(ge=0, le=255)] = 0
    cpu_seconds: Annotated[float, Field(ge=0, allow_inf_nan=False)] = 0.0


class Epoch(_Strict):
    """A call that trains reports which epoch begins, how many there are, and how many weight arrays learn in it."""

    ending: Literal[Ending.EPOCH]
    nonce: int
    number: Annotated[int, Field(ge=1, lt=10**6)]
    of: Annotated[int, Field(ge=1, lt=10**6)]
    learning: Annotated[int, Field(ge=0, lt=10**6)]


class _AskedFrame(_Strict):
    ending: Literal[Ending.ASKED]
    nonce: int
    function: Annotated[str, Field(max_length=100)]
    arguments: Annotated[list[Any], Field(max_length=64)]
    named: Annotated[dict[Annotated[str, Field(max_length=100)], Any], Field(max_length=64)]
    arrays: Annotated[list[_Array], Field(max_length=frames.HEADER_LIMIT)]


class _StartFrame(_Strict):
    ending: Literal[Ending.CONFINED, Ending.UNCONFINED]
    message: str = ""
    refused: Refusal = Refusal.UNKNOWN


_Frame = _ReturnedFrame | _RaisedFrame | _StartFrame | _AskedFrame | Epoch
_FRAME: TypeAdapter[_Frame] = TypeAdapter(Annotated[_Frame, Field(discriminator="ending")])


def frame_bytes(prefix: bytes, payload_limit: int) -> tuple[int, int]:
    """Return the lengths of header and payload that a prefix announces. Raises ProtocolError if they are too large."""
    magic, header_bytes, payload_bytes = frames.PREFIX.unpack(prefix)
    if magic != frames.MAGIC or header_bytes > frames.HEADER_LIMIT or payload_bytes > payload_limit:
        raise ProtocolError("it wrote something into the grader's channel that is not an answer")
    return header_bytes, payload_bytes


def confirms_confinement(header: bytes) -> None:
    """Read the first frame of a child. Raises IsolationError if the child could not be confined."""
    frame = _parse(header)
    if not isinstance(frame, _StartFrame):
        raise ProtocolError("the child did not say that it is confined")
    if frame.ending is not Ending.CONFINED:
        raise IsolationError(frame.message, frame.refused)


@dataclass(frozen=True)
class Expected:
    """The conditions on an answer: the number of the request, its child, and how many arguments it must return.

    `substitutes` are the functions that the child may ask for before it answers.
    """

    nonce: int
    child: int
    arguments: int | None = None
    substitutes: frozenset[str] = frozenset()


Said = Returned | Raised | Epoch | Request
"""A frame of a child that holds a learner's code: an answer, an epoch, or a call of one of our functions."""


def answer_of(header: bytes, payload: bytearray, expected: Expected) -> Said:
    """Return the answer in a frame, the epoch that it reports, or the call of our function that it asks for.

    Raises ProtocolError for everything else, whatever the decoding raises: no claim of a child is ever a grader fault.
    The answer holds only what an Encoder sends, within its bounds.
    """
    try:
        return _answer(header, payload, expected)
    except ProtocolError:
        raise
    except Exception:  # whatever a child's claim raises in our code is the child's error
        raise ProtocolError("it sent an answer that cannot be read") from None


def _answer(header: bytes, payload: bytearray, expected: Expected) -> Said:
    frame = _parse(header)
    if isinstance(frame, _StartFrame) or frame.nonce != expected.nonce:
        raise ProtocolError("it answered a call before it was made")
    descriptions = frame.arrays if isinstance(frame, _ReturnedFrame | _AskedFrame) else []
    for array in descriptions:
        if array.dtype not in ARRAY_TYPES:
            raise ProtocolError(f"it sent an array of the unknown type {array.dtype!r}")
    if sum(math.prod(array.shape) * ARRAY_TYPES[array.dtype].itemsize for array in descriptions) != len(payload):
        raise ProtocolError("it sent arrays of a different size than it announced")
    if isinstance(frame, Epoch):
        return frame
    if isinstance(frame, _RaisedFrame):
        lines = tuple(Line(number, claimed_name(function)) for number, function in frame.lines)
        return Raised(claimed_name(frame.kind), quoted(claimed(frame.message)), lines, claimed_name(frame.base))
    arrays = arrays_of([{"dtype": array.dtype, "shape": array.shape} for array in descriptions], payload)
    return _asked(frame, arrays, expected) if isinstance(frame, _AskedFrame) else _returned(frame, arrays, expected)


def _asked(frame: _AskedFrame, arrays: list[Any], expected: Expected) -> Request:
    """Return the call of our function that a child asks for. It holds only plain data."""
    if frame.function not in expected.substitutes:
        raise ProtocolError("it asked the grader for a function that it may not ask for")

    def held(node: dict[str, Any]) -> Any:
        raise ValueError("not plain data")

    decoder = Decoder(arrays, held)
    arguments = tuple([decoder.value(node) for node in frame.arguments])
    named = {key: decoder.value(node) for key, node in frame.named.items()}
    if decoder.unnamed:
        raise ValueError("an array that the call does not name")
    return Request(frame.function, arguments, named)


def _returned(frame: _ReturnedFrame, arrays: list[Any], expected: Expected) -> Returned:
    def held(node: dict[str, Any]) -> Foreign:
        handle = node["i"]
        if node["t"] != "h" or type(handle) is not int or not 0 <= handle < HANDLES_LIMIT:
            raise ValueError("not a handle")
        description = claimed_name(node["d"], DESCRIPTION_CHARACTERS) or "a value"
        return Foreign(description, handle, expected.child, claimed_name(node["k"]))

    decoder = Decoder(arrays, held)
    value = decoder.value(frame.value)
    after = None if frame.after is None else tuple([decoder.value(node) for node in frame.after])
    if decoder.unnamed:
        raise ValueError("an array that the answer does not name")
    if expected.arguments != (None if after is None else len(after)):
        raise ValueError("not the arguments that the request asks for")
    if not all(one is None or isinstance(one, bool | np.ndarray | Foreign) for one in after or ()):
        raise ValueError("an argument that is neither an array nor a flag of a generator")
    return Returned(value, after)


def call_frame(
    nonce: int,
    module: str,
    requests: Sequence[Request],
    child: int,
    substitutes: Mapping[str, Collection[str]] = MappingProxyType({}),
) -> list[Any]:
    """Return the pieces of the frame that asks a child for these calls. Its answers will be only claims.

    `substitutes` names, for a function that is called, those that the child may ask for. Raises UnsendableError for an
    argument that no frame can hold, and StrandedError for a value of a child that has ended.
    """

    def keep(value: Any) -> Any:
        if isinstance(value, float):  # of a subclass that remembers the call it came from
            return encoder.node(float(value))
        if isinstance(value, Foreign):
            if value.child != child or value.handle is None:
                raise StrandedError(f"{value.description} was lost with the process that had made it")
            return {"t": "h", "i": value.handle}
        return node_for_child(value)

    encoder = Encoder(keep, 2**40, REQUEST)
    calls: list[CallNode] = [
        {
            "function": request.function,
            "operation": request.is_operation,
            "arguments": [encoder.node(argument) for argument in request.arguments],
            "named": {key: encoder.node(value) for key, value in request.named.items()},
            "return_arguments": request.return_arguments,
            "silently": request.silently,
        }
        for request in requests
    ]
    frame: CallFrame = {
        "op": Operation.CALL, "nonce": nonce, "module": module, "calls": calls, "arrays": encoder.descriptions,
        "substitutes": {function: sorted(names) for function, names in substitutes.items()},
    }  # fmt: skip
    return frames.pack(frame, encoder.buffers)


def answer_frame(nonce: int, answer: Returned | Raised) -> list[Any]:
    """Return the pieces of the frame with the answer of our function. Raises UnsendableError."""
    encoder = Encoder(node_for_child, 2**40, REQUEST)
    frame: AnswerFrame = {
        "op": Operation.ANSWER, "nonce": nonce, "value": None, "arrays": encoder.descriptions,
        "kind": "", "message": "",
    }  # fmt: skip
    if isinstance(answer, Raised):
        frame.update({"kind": answer.built_in, "message": answer.message})
    else:
        frame["value"] = encoder.node(answer.value)
    return frames.pack(frame, encoder.buffers)


def node_for_child(value: Any) -> dict[str, Any]:
    """Return the node of a value that only we send: a generator, or a function that both sides know.

    Raises UnsendableError for everything else.
    """
    if isinstance(value, np.random.Generator):
        return {"t": "g", "v": value.bit_generator.state}
    if isinstance(value, Named) and FUNCTIONS.get(value.name) is value:
        return {"t": "c", "v": value.name}
    raise UnsendableError(
        f"Cannot send {_shown(value)} to a submission. Send numbers below 2**63, texts, arrays of numbers, lists, "
        "tuples, dictionaries with text keys, a generator or one of the named functions."
    )


def _shown(value: Any) -> str:
    if type(value) is int:
        return "an integer beyond 64 bits"
    if isinstance(value, np.ndarray):
        return f"an array of shape {value.shape} and dtype {value.dtype}"
    return f"a value of type {type(value).__name__}"


def ended_of(text: bytes) -> Ended:
    """Return how the child ended; an empty report if the zygote ended without a readable one."""
    try:
        return Ended.model_validate_json(text)
    except ValidationError:
        return Ended()


def _parse(header: bytes) -> _Frame:
    try:
        return _FRAME.validate_json(header)
    except ValidationError:
        raise ProtocolError("it wrote something into the grader's channel that is not an answer") from None
