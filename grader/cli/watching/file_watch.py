"""Report the saves of a few files.

Editors save in many ways: they write in place, or rename a new file over the old one; some delete the old one first.
So this module watches folders, and compares contents: a change of anything else in the folder reports nothing.
"""

from __future__ import annotations

import hashlib
import os
import stat
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from grader.cli.watching.happening import Saved, SavedUnchanged
from grader.submission.reading import NOTEBOOK_BYTES_LIMIT

STEP_MS = 10  # an editor writes a file in pieces; a save ends when nothing has changed for this long
LONGEST_SAVE_MS = 100  # when files change all the time
LOOK_MS = 500  # look at the files without a notice: network folders send none, and a new folder is not watched yet
CLOSING_SECONDS = 2.0  # it looks for the end every STEP_MS
GRACE_SECONDS = 0.3  # a file that is missing or empty for longer was not just being saved

Stamps = tuple[tuple[int, int, int] | None, ...]


class FileWatch(threading.Thread):
    """Calls `report` with Saved or SavedUnchanged after each save of one of the `files`, until it is closed."""

    def __init__(self, files: Sequence[Path], report: Callable[[Saved | SavedUnchanged], None]) -> None:
        super().__init__(name="file watch", daemon=True)
        self._files = [Path(os.path.abspath(file)) for file in files]
        self._report = report
        self._ended = threading.Event()
        self._stamps = _stamps_of(self._files)
        self._digest = _digest_of(self._files)

    def run(self) -> None:
        """Watch until `close`."""
        while not self._ended.is_set():
            folders = self._folders()
            try:
                self._watch(folders)
            except (OSError, RuntimeError):  # the system has no more watches, or a folder went away
                self._look()
                self._ended.wait(LOOK_MS / 1000)

    def close(self) -> None:
        """Stop watching, and wait for the thread: Python cannot end a thread in compiled code without an abort."""
        self._ended.set()
        if self.is_alive() and threading.current_thread() is not self:
            self.join(CLOSING_SECONDS)

    def _watch(self, folders: Sequence[Path]) -> None:
        """Look at the files after each notice. Return when other folders must be watched. Raises OSError."""
        from watchfiles import watch

        if not folders:
            raise FileNotFoundError
        notices = watch(
            *folders,
            watch_filter=None,
            debounce=LONGEST_SAVE_MS,
            step=STEP_MS,
            stop_event=self._ended,
            rust_timeout=LOOK_MS,
            yield_on_timeout=True,
            recursive=False,
            raise_interrupt=False,
            ignore_permission_denied=True,
        )
        inodes = _stamps_of(folders)
        self._look()  # a save that came before; one that comes right now is seen after LOOK_MS
        for _ in notices:
            self._look()
            if self._ended.is_set() or self._folders() != folders or not _same_folders(inodes, _stamps_of(folders)):
                return

    def _folders(self) -> list[Path]:
        """Return the folders of the files, and of what they are links to, as far as they exist."""
        places = [place.parent for file in self._files for place in (file, Path(os.path.realpath(file)))]
        return [folder for folder in dict.fromkeys(places) if folder.is_dir()]

    def _look(self) -> None:
        stamps = _stamps_of(self._files)
        if stamps == self._stamps:
            return
        deadline = time.monotonic() + GRACE_SECONDS
        while _is_unfinished(stamps[0]) and time.monotonic() < deadline and not self._ended.wait(STEP_MS / 1000):
            stamps = _stamps_of(self._files)
        self._stamps = stamps
        digest = _digest_of(self._files)
        self._report(SavedUnchanged() if digest == self._digest else Saved())
        self._digest = digest


def _stamps_of(files: Sequence[Path]) -> Stamps:
    return tuple(_stamp_of(file) for file in files)


def _stamp_of(file: Path) -> tuple[int, int, int] | None:
    """Return the time, size and inode of a file; None if it is missing."""
    try:
        status = file.stat()
    except (OSError, ValueError):
        return None
    return status.st_mtime_ns, status.st_size, status.st_ino


def _same_folders(before: Stamps, after: Stamps) -> bool:
    return [stamp and stamp[2] for stamp in before] == [stamp and stamp[2] for stamp in after]


def _is_unfinished(stamp: tuple[int, int, int] | None) -> bool:
    return stamp is None or stamp[1] == 0


def _digest_of(files: Sequence[Path]) -> bytes:
    """Return a digest of the contents. A pipe, a device or a folder counts as missing."""
    digest = hashlib.sha256()
    for file in files:
        try:
            if not stat.S_ISREG(file.stat().st_mode):
                raise FileNotFoundError
            with file.open("rb") as opened:
                content = opened.read(NOTEBOOK_BYTES_LIMIT + 1)
        except (OSError, ValueError):
            digest.update(b"missing\0")
            continue
        digest.update(b"%d\0" % len(content))
        digest.update(content)
    return digest.digest()
