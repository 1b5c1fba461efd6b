"""Recognise what programs leave next to a learner's work. It is listed and never opened."""

from __future__ import annotations

from collections.abc import Sequence

_FOLDERS = {
    "__macosx": "is macOS's copy of file attributes",
    "__pycache__": "contains compiled modules",
    ".git": "is the history of a Git repository, which is never read",
    "node_modules": "contains installed packages",
    "site-packages": "contains installed packages",
    "venv": "contains an environment of installed packages",
}
_FILES = {
    "thumbs.db": "is a file of Windows",
    "desktop.ini": "is a file of Windows",
    "icon\r": "is a file of macOS",
}
_ENDINGS = {
    "~": "is an editor's backup",
    ".bak": "is a backup",
    ".orig": "is a backup",
    ".swp": "is an editor's backup",
    ".swo": "is an editor's backup",
    ".tmp": "is a temporary file",
    ".pyc": "is a compiled module",
}


def litter(parts: Sequence[str]) -> tuple[int, str] | None:
    """Return how many parts of the path name the litter, and what it is; None for everything else.

    >>> litter(["ada", "__pycache__", "a.pyc"])
    (2, 'contains compiled modules')
    >>> litter(["ada", "dropout.py"])
    """
    for depth, part in enumerate(parts[:-1], 1):
        why = folder_litter(part)
        if why is not None:
            return depth, why
    name = parts[-1].lower()
    why = _FILES.get(name)
    if why is None and name.startswith("."):
        why = "is a file of macOS" if name == ".ds_store" or name.startswith("._") else "is a hidden file"
    if why is None and name.startswith("#") and name.endswith("#"):
        why = "is an editor's backup"
    if why is None:
        why = next((reason for ending, reason in _ENDINGS.items() if name.endswith(ending)), None)
    return None if why is None else (len(parts), why)


def folder_litter(name: str) -> str | None:
    """Return why a folder of this name is not entered; None if it is entered."""
    why = _FOLDERS.get(name.lower())
    return "is a hidden folder" if why is None and name.startswith(".") else why
