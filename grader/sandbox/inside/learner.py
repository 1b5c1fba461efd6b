"""The service of a child: load the learner's files, call their functions, answer.

From `load` on, everything in this process may be changed by the learner's code.
"""

from __future__ import annotations

import builtins
import functools
import io
import os
import re
import sys
import types
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from . import frames
from .asking import Asking
from .functions import FUNCTIONS
from .generators import generator_with
from .protocol import CallFrame, CallNode, Ending, LoadFrame, ModelOperation, Operation, RaisedFrame
from .refusals import refusal
from .running import run
from .values import REQUEST, Decoder, Encoder, arrays_of, is_unicode

LINE_LIMIT = 20
MESSAGE_LIMIT = 1000
_ADDRESS = re.compile(r" at 0x[0-9a-fA-F]*")

_BUILT_IN = {
    one: name for name, one in vars(builtins).items() if isinstance(one, type) and issubclass(one, BaseException)
    if one.__name__ == name
}  # fmt: skip
_CODING = re.compile(r"[ \t\f]*#.*?coding[:=]")  # PEP 263


def serve(channel: int, scratch: str, reply_bytes: int) -> None:
    """Answer requests until the channel ends."""
    held: list[Any] = []
    module: types.ModuleType | None = None
    operations: dict[ModelOperation, Any] = {}
    nonce = 0

    def send(reply: Any, buffers: list[Any]) -> None:
        reply["nonce"] = nonce
        frames.write(channel, frames.pack(reply, buffers))

    def tell_epoch(number: int, of: int, learning: int) -> None:
        send({"ending": Ending.EPOCH, "number": number, "of": of, "learning": learning}, [])

    requests = frames.reader(channel)
    asking = Asking(send, requests, reply_bytes)
    while (frame := frames.read(requests)) is not None:
        request: Any = frame[0]
        nonce = request["nonce"]
        if request["op"] == Operation.CALL:
            for reply, buffers in _answers(module, request, frame[1], held, reply_bytes, operations, asking):
                _flush()
                send(reply, buffers)
            continue
        if request["op"] == Operation.START_KERAS:
            held.clear()
            reply, buffers = _start_keras(operations, request["seed"], tell_epoch)
        else:
            module = types.ModuleType(request["module"])
            reply, buffers = _load(module, request, scratch)
        _flush()
        send(reply, buffers)


def _load(module: types.ModuleType, request: LoadFrame, scratch: str) -> tuple[Any, list[Any]]:
    """Run the learner's main file as a module. It can import the other files from the scratch."""
    main = f"{request['module']}.py"
    for name, text in request["files"]:
        with open(os.path.join(scratch, name), "wb") as file:
            file.write(encoded(text))
    source = next(text for name, text in request["files"] if name == main)
    module.__file__ = os.path.join(scratch, main)
    sys.argv = [module.__file__]
    sys.modules[module.__name__] = module
    sys.path.append(scratch)
    try:
        _install_stand_ins(request["imports"], main, scratch)
        run(source, main, module.__dict__)
    except BaseException as error:
        return _raised(error, main), []
    defined = [name for name in request["functions"] if callable(getattr(module, name, None))]
    return {"ending": Ending.RETURNED, "value": {"t": "l", "v": defined}, "arrays": []}, []


def _install_stand_ins(imports: dict[str, Any], main: str, scratch: str) -> None:
    """Prepare stand-ins for imports of missing modules. Most files need none."""
    if imports["guarded"] is not None:
        from . import missing

        files = {name if name == main else os.path.join(scratch, name): lines for name, lines in imports["guarded"]}
        missing.install(main, files, imports["forbidden"])
    if imports["notebook"]:
        from . import missing

        missing.install_notebook_names()
    if imports["parallel"]:
        from . import inline

        inline.install(imports["parallel"])


def encoded(text: str) -> bytes:
    """Return a source in the encoding in which Python reads its file: UTF-8, unless it declares a different one."""
    if not any(map(_CODING.match, text[:4096].split("\n", 2)[:2])):
        return text.encode()
    import tokenize

    try:
        return text.encode(tokenize.detect_encoding(io.BytesIO(text.encode()).readline)[0])
    except (SyntaxError, UnicodeError):
        return text.encode()


def _start_keras(
    operations: dict[ModelOperation, Any], seed: int, tell_epoch: Callable[[int, int, int], None]
) -> tuple[Any, list[Any]]:
    """Prepare for Keras models, before the learner's code is loaded. A clean child is reset in the same way."""
    from . import keras_models as models

    if operations:
        models.begin_again(seed)
    else:
        models.prepare(seed)
        models.tell_epochs(tell_epoch)
        models.quiet_tensorboard()
        operations.update(models.OPERATIONS)
    return {"ending": Ending.RETURNED, "value": None, "arrays": []}, []


def _answers(
    module: types.ModuleType | None,
    request: CallFrame,
    payload: bytearray,
    held: list[Any],
    reply_bytes: int,
    operations: dict[ModelOperation, Any],
    asking: Asking,
) -> Iterator[tuple[Any, list[Any]]]:
    """Make the calls of a frame one after another, and yield the answer of each as soon as it ends."""

    def hold(node: dict[str, Any]) -> Any:
        if node["t"] == "g":
            return generator_with(node["v"])
        return FUNCTIONS[node["v"]] if node["t"] == "c" else held[node["i"]]

    def keep(value: Any) -> dict[str, Any]:
        held.append(value)
        return {"t": "h", "i": len(held) - 1, "d": describe(value), "k": kind_of(value)}

    def called(call: CallNode) -> Callable[..., Any]:
        name = call["function"]
        function: Callable[..., Any] = operations[ModelOperation(name)] if call["operation"] else getattr(module, name)
        return function

    decoder = Decoder(arrays_of(request["arrays"], payload), hold, REQUEST)
    for call in request["calls"]:
        arguments = [decoder.value(node) for node in call["arguments"]]
        named = {key: decoder.value(node) for key, node in call["named"].items()}
        encoder = Encoder(keep, reply_bytes)
        try:
            function = called(call)
            if call["silently"]:
                from .refused_layers import silently

                function = functools.partial(silently, function)
            before = states_of(arguments) if call["return_arguments"] else []
            with asking.in_place_of(module, request["substitutes"].get(call["function"], ())):
                value = function(*arguments, **named)
            node = encoder.node(value)
            after = None
            if call["return_arguments"]:
                after = [encoder.node(one) for one in as_left(arguments, before)]
        except BaseException as error:
            yield _raised(error, f"{request['module']}.py"), []
        else:
            reply = {"ending": Ending.RETURNED, "value": node, "after": after, "arrays": encoder.descriptions}
            yield reply, encoder.buffers


def states_of(arguments: Sequence[Any]) -> list[str]:
    """Return the states of the generators among arguments, and an empty text for everything else."""
    return [repr(one.bit_generator.state) if isinstance(one, np.random.Generator) else "" for one in arguments]


def as_left(arguments: Sequence[Any], before: Sequence[str]) -> list[Any]:
    """Return the arguments after a call: each array itself, for a generator whether it was used, else None."""
    moved = [now != was if now else None for now, was in zip(states_of(arguments), before, strict=True)]
    return [one if isinstance(one, np.ndarray) else told for one, told in zip(arguments, moved, strict=True)]


def _raised(error: BaseException, main: str) -> RaisedFrame:
    """Return an exception as a reply: its type, its message, and the lines of the learner's file that it passed."""
    lines: list[tuple[int, str]] = []
    trace = error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == main:
            lines.append((trace.tb_lineno, trace.tb_frame.f_code.co_name[:80]))
        trace = trace.tb_next
    try:
        message = str(error)
    except BaseException:  # a learner's exception may fail to print itself
        message = "(its message cannot be shown)"
    if "keras" in sys.modules:
        from .keras_errors import in_plain_words

        message = in_plain_words(error, message)
    if isinstance(error, SystemExit):
        message = f"it called exit({message})"
    if isinstance(error, RecursionError):
        lines = lines[:1]
    if refused := refusal(error):
        message = f"{message[: MESSAGE_LIMIT - len(refused) - 2]}. {refused}"
    message = without_addresses(message.encode("utf-8", "replace").decode())[:MESSAGE_LIMIT]
    kind = type(error).__name__[:80]
    return {
        "ending": Ending.RAISED, "kind": kind, "base": base_of(error), "message": message, "lines": lines[-LINE_LIMIT:],
    }  # fmt: skip


def base_of(error: BaseException) -> str:
    """Return the nearest built-in class of an exception; empty if its own class is built in.

    >>> base_of(np.linalg.LinAlgError()), base_of(ValueError())
    ('ValueError', '')
    """
    classes = type.mro(type(error))
    nearest = next(one for one in classes if one in _BUILT_IN)
    return "" if nearest is classes[0] else _BUILT_IN[nearest]


def without_addresses(text: str) -> str:
    """Return a text without the addresses of objects, which differ from run to run.

    >>> without_addresses("<function f at 0x7f5c3a1b2c40> and <__main__.A object at 0x55d0>")
    '<function f> and <__main__.A object>'
    """
    return _ADDRESS.sub("", text)


def describe(value: Any) -> str:
    """Return a short description of a value that stays in this process."""
    kind = kind_of(value)
    if isinstance(value, np.ndarray):
        large = f" ({value.nbytes / 2**20:.0f} MiB, more than a reply may hold)" if value.nbytes > 2**20 else ""
        return f"an array of shape {value.shape} and dtype {value.dtype}{large}"[:200]
    if callable(value) and hasattr(value, "__name__"):
        return f"the function {str(value.__name__)[:60]}"
    if type(value) is dict and not all(type(key) is str for key in value):
        return "a dict with keys that are not text"
    if type(value) is str and not is_unicode(value):
        return "a text that is not valid Unicode"
    if type(value) in (list, tuple, dict, str):
        return f"a {kind} of length {len(value):,}, more than a reply may hold"
    if type(value) is int:
        return "an integer beyond 64 bits"
    return f"an object of type {kind}"


def kind_of(value: Any) -> str:
    """Return the name of a value's class."""
    return type(value).__name__[:60]


def _flush() -> None:
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except BaseException:  # the learner may have closed or replaced it
            continue
