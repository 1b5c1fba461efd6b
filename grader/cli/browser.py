"""Open a page in the browser of a desktop."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from grader import processes
from grader.current_folder import environment


def open_page(page: Path) -> bool:
    """Open a page in a new process and return True. Return False if this machine shows no windows here."""
    opener = _opener()
    if opener is None:
        return False
    try:
        processes.start([opener, page.resolve().as_uri()], environment())
    except OSError:
        return False
    return True


def _opener() -> str | None:
    """Return the program that opens files on this desktop; None over ssh, in a container and without a desktop."""
    if sys.platform == "darwin":
        return processes.find_program("open")
    if processes.find_program("wslview"):
        return processes.find_program("wslview")
    has_desktop = os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    return processes.find_program("xdg-open") if has_desktop else None
