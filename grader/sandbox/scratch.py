"""Temporary folders for what submissions write."""

from __future__ import annotations

import contextlib
import os
import shutil
import stat
import sys
import tempfile
import time
import weakref

from grader.sandbox.refusal import IsolationError, Refusal

REMOVAL_SECONDS = 5.0  # a process that was killed may write for a moment; a loaded machine takes 0.1


class ScratchRoot:
    """A temporary folder with one scratch folder for each plain child. It is removed on `close`, at the latest at exit.

    A child in namespaces mounts its own scratch instead.
    """

    def __init__(self) -> None:
        """Make the folder. Raises IsolationError."""
        self._folder = make_folder()
        self.close = weakref.finalize(self, remove_folder, self._folder)

    def new_folder(self) -> str:
        """Make the scratch folder of one child. Raises IsolationError."""
        try:
            folder = tempfile.mkdtemp(dir=self._folder)
            if os.getuid() == 0:
                os.chown(folder, 65534, 65534)
        except OSError as error:
            raise _refused(self._folder, error) from None
        return folder


def make_folder(for_children: bool = True) -> str:
    """Make a temporary folder. With `for_children`, other users may pass through it. Raises IsolationError."""
    # A plain child of root becomes another user, who must pass through it.
    mode = 0o711 if for_children and os.getuid() == 0 else 0o700
    parent = tempfile.gettempdir()
    while True:
        folder = os.path.join(parent, f"grade-{os.urandom(6).hex()}")
        with contextlib.suppress(FileExistsError):
            return _made(folder, mode)


def _made(folder: str, mode: int) -> str:
    try:
        os.mkdir(folder, mode)
        try:
            if stat.S_IMODE(os.stat(folder).st_mode) != mode:  # our umask changed it
                os.chmod(folder, mode)
        except OSError:
            os.rmdir(folder)
            raise
    except FileExistsError:
        raise
    except OSError as error:
        raise _refused(folder, error) from None
    return folder


def _refused(folder: str, error: OSError) -> IsolationError:
    """Return the error for a folder that cannot be created or handed to its user."""
    return IsolationError(f"cannot create the scratch folder {folder}: {error.strerror}", Refusal.SCRATCH)


def remove_folder(folder: str) -> None:
    """Remove a folder with its content, even while a process that is being killed still writes into it."""
    deadline = time.monotonic() + REMOVAL_SECONDS
    while True:
        if sys.version_info >= (3, 12):
            shutil.rmtree(folder, onexc=_open_up)
        else:
            shutil.rmtree(folder, onerror=_open_up)
        if not os.path.lexists(folder) or time.monotonic() > deadline:
            return
        time.sleep(0.02)


def _open_up(function: object, path: str, error: object) -> None:
    """Open a folder that a submission has closed, so that the next round can remove it."""
    with contextlib.suppress(OSError):
        if stat.S_ISDIR(os.lstat(path).st_mode):
            os.chmod(path, 0o700)
