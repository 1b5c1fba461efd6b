"""Zip files whose bytes do not depend on the clock.

A zip file cannot hold years before 1980 or after 2107, so every member has the same time.
"""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from pathlib import Path

EPOCH = (1980, 1, 1, 0, 0, 0)


def write_archive(path: Path, members: Mapping[str, str | bytes]) -> None:
    """Write the members in this order. A name that ends in `/` is an empty folder."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            info = zipfile.ZipInfo(name, EPOCH)
            info.external_attr = (0o40755 << 16) | 0x10 if info.is_dir() else 0o644 << 16
            archive.writestr(info, content, zipfile.ZIP_STORED if info.is_dir() else zipfile.ZIP_DEFLATED)
