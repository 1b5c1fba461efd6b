"""Open a page in the user's browser, if there is one."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path


def open_page(path: Path) -> bool:
    """Open a file in a browser. Return False if there is none: the caller then says where the file is.

    Without a display, Python would start a browser for the terminal, in the middle of the command's output.
    """
    if not _has_display(sys.platform, os.environ):
        return False
    import webbrowser

    try:
        return webbrowser.open(path.resolve().as_uri())
    except (webbrowser.Error, OSError):
        return False


def _has_display(platform: str, environment: Mapping[str, str]) -> bool:
    """Return True if windows can be shown, or if the user has named a browser."""
    if platform in ("darwin", "win32"):
        return True
    return any(environment.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER"))
