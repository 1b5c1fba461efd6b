"""The engine as a wheel without any course, made of the installed package's own files.

A learner who installs it has no solution on the machine. The long description is left out: it is the README.
"""

from __future__ import annotations

import base64
import hashlib
import io
import zipfile
from collections.abc import Collection, Mapping
from importlib.metadata import Distribution, distribution
from pathlib import Path

import grader

DISTRIBUTION = "cnn-grader"
COURSE = "_course"
DATE = (1980, 1, 1, 0, 0, 0)  # of each file in an archive, so that the same content gives the same bytes
WHEEL = "Wheel-Version: 1.0\nGenerator: grade release\nRoot-Is-Purelib: true\nTag: py3-none-any\n"


def engine_wheel() -> tuple[str, bytes]:
    """Return the name and the content of the wheel: pip takes the version and the tags from the name."""
    ours = distribution(DISTRIBUTION)
    stem = f"{DISTRIBUTION.replace('-', '_')}-{ours.version}"
    info = f"{stem}.dist-info"
    files = {**_package(), **{f"{info}/{name}": content for name, content in _metadata(ours).items()}}
    record = f"{info}/RECORD"
    lines = [f"{name},sha256={_digest(content)},{len(content)}" for name, content in files.items()]
    files[record] = "\n".join([*lines, f"{record},,", ""]).encode()
    # Without compression: the kit compresses the whole wheel at once, and its files have much in common.
    return f"{stem}-py3-none-any.whl", archive(files, zipfile.ZIP_STORED)


def archive(
    files: Mapping[str, bytes], compression: int = zipfile.ZIP_DEFLATED, programs: Collection[str] = ()
) -> bytes:
    """Return a zip with these files, the same bytes for the same content. Its `programs` can be executed."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression) as target:
        for name, content in files.items():
            entry = zipfile.ZipInfo(name, DATE)
            entry.external_attr = (0o755 if name in programs else 0o644) << 16
            entry.compress_type = compression
            target.writestr(entry, content)
    return out.getvalue()


def _package() -> dict[str, bytes]:
    """Return the files of the package without its course, by their names in the wheel."""
    folder = Path(grader.__file__).resolve().parent
    found = {}
    for path in sorted(folder.rglob("*")):
        parts = path.relative_to(folder).parts
        if path.is_file() and parts[0] != COURSE and "__pycache__" not in parts and path.suffix != ".pyc":
            found["/".join((folder.name, *parts))] = path.read_bytes()
    return found


def _metadata(ours: Distribution) -> dict[str, bytes]:
    headers, _, _ = (ours.read_text("METADATA") or "").partition("\n\n")
    kept = [line for line in headers.split("\n") if not line.startswith(("Description-Content-Type:", "License-File:"))]
    return {
        "METADATA": "\n".join([*kept, "", ""]).encode(),
        "WHEEL": WHEEL.encode(),
        "entry_points.txt": (ours.read_text("entry_points.txt") or "").encode(),
    }


def _digest(content: bytes) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
