"""What the sandbox refuses, in words: the system itself only says "Operation not permitted"."""

from __future__ import annotations

import errno
from types import TracebackType

_NETWORK = "The sandbox has no network."
_PROCESSES = "The sandbox starts no other processes."
_THREADS = "The sandbox starts no threads."
_NO_FILE = "The sandbox holds the files that you handed in, and no others."
_READ_ONLY = "The sandbox lets you write into its current folder only."
_NO_KEYBOARD = "The sandbox has no keyboard: input() finds the end of the file."
_SOMETHING = "The sandbox has no network and starts no other processes."

_BY_LIBRARY = {
    "socket": _NETWORK, "ssl": _NETWORK, "http": _NETWORK, "urllib": _NETWORK, "ftplib": _NETWORK,
    "asyncio": _NETWORK, "subprocess": _PROCESSES, "pty": _PROCESSES, "multiprocessing": _PROCESSES,
    "threading": _THREADS,
}  # fmt: skip
_REFUSED = frozenset({errno.EPERM, errno.EACCES, errno.EROFS})


def refusal(error: BaseException) -> str:
    """Return what the sandbox has not, if that is why a program failed; empty if it is not."""
    library = _library_of(error.__traceback__)
    if isinstance(error, RuntimeError):
        return _THREADS if library == "threading" and "start new thread" in str(error) else ""
    if isinstance(error, EOFError) and "reading a line" in str(error):
        return _NO_KEYBOARD
    if not isinstance(error, OSError):
        return ""
    if isinstance(error, FileNotFoundError):
        return _NO_FILE
    said = _BY_LIBRARY.get(library, "")
    if said == _NETWORK or error.errno not in _REFUSED:
        return said if said == _NETWORK else ""
    if error.filename is not None:
        return _READ_ONLY
    return said or _SOMETHING


def _library_of(trace: TracebackType | None) -> str:
    """Return the module or package of the standard library that the exception came through, as far in as possible."""
    found = ""
    while trace is not None:
        *_, folder, file = ["", *trace.tb_frame.f_code.co_filename.split("/")]
        found = next((name for name in (file.removesuffix(".py"), folder) if name in _BY_LIBRARY), found)
        trace = trace.tb_next
    return found
