"""Messages for what the sandbox refuses. The system itself only says "Operation not permitted"."""

from __future__ import annotations

import errno
from types import TracebackType

_NETWORK = "The sandbox has no network."
_PROCESSES = "The sandbox starts no other processes."
_THREADS = "The sandbox starts no threads."
_NO_FILE = "The sandbox contains only the files that you handed in."
_READ_ONLY = "In the sandbox you can write into the current folder only."
_NO_KEYBOARD = "The sandbox has no keyboard, so input() cannot read a line."
_SOMETHING = "The sandbox has no network and starts no other processes."

_NETWORK_LIBRARIES = ("socket", "ssl", "http", "urllib", "ftplib", "asyncio")
_BY_LIBRARY = {
    **dict.fromkeys(_NETWORK_LIBRARIES, _NETWORK),
    "subprocess": _PROCESSES, "pty": _PROCESSES, "multiprocessing": _PROCESSES, "threading": _THREADS,
}  # fmt: skip
_REFUSED = frozenset({errno.EPERM, errno.EACCES, errno.EROFS})


def refusal(error: BaseException) -> str:
    """Return what the sandbox lacks if a program failed for that reason; else an empty text."""
    library = _library_of(error.__traceback__)
    if isinstance(error, RuntimeError):
        return _THREADS if library == "threading" and "start new thread" in str(error) else ""
    if isinstance(error, EOFError) and "reading a line" in str(error):
        return _NO_KEYBOARD
    if not isinstance(error, OSError):
        return ""
    if isinstance(error, FileNotFoundError):
        return _NO_FILE
    message = _BY_LIBRARY.get(library, "")
    if library in _NETWORK_LIBRARIES:
        return message
    if error.errno not in _REFUSED:
        return ""
    return _READ_ONLY if error.filename is not None else message or _SOMETHING


def _library_of(trace: TracebackType | None) -> str:
    """Return the innermost module or package of `_BY_LIBRARY` that the exception passed through, or an empty text."""
    found = ""
    while trace is not None:
        *_, folder, file = ["", *trace.tb_frame.f_code.co_filename.split("/")]
        found = next((name for name in (file.removesuffix(".py"), folder) if name in _BY_LIBRARY), found)
        trace = trace.tb_next
    return found
