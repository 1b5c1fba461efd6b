"""Replace the text between two markers of a file."""

from __future__ import annotations

import sys
from pathlib import Path


def write_between(path: Path, begin: str, end: str, text: str) -> None:
    """Replace the text between the two markers. Append the markers if they are missing."""
    old = path.read_text(encoding="utf-8")
    if begin not in old:
        old = f"{old.rstrip()}\n\n{begin}\n{end}\n"
    before, _, rest = old.partition(begin)
    _, found, after = rest.partition(end)
    if not found:
        sys.exit(f"{path} has {begin} without {end}")
    path.write_text(f"{before}{begin}\n{text}\n{end}{after}", encoding="utf-8")
