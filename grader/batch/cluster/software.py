"""Compare the software of a Dask worker with ours: the same submission must give the same bytes everywhere."""

from __future__ import annotations

import hashlib
import platform
from collections.abc import Mapping
from functools import cache
from importlib import metadata
from pathlib import Path

from grader import __version__

_EVERYWHERE = ("cnn-grader", "engine", "Python", "numpy")
_IF_BOTH_HAVE_IT = ("tensorflow",)  # only exercises that train models need it


@cache
def software_here() -> Mapping[str, str]:
    """Return everything in this process that a report may depend on, except the course: names and versions."""
    versions = {"cnn-grader": __version__, "engine": _engine(), "Python": ".".join(platform.python_version_tuple()[:2])}
    for name in ("numpy", *_IF_BOTH_HAVE_IT):
        try:
            versions[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
    return versions


def difference(seen: Mapping[str, str], expected: Mapping[str, str]) -> str:
    """Return the first difference that matters as a sentence, or an empty text.

    >>> ours = {"cnn-grader": "0.1.0", "engine": "1f", "Python": "3.11", "numpy": "2.4.6"}
    >>> difference({**ours, "cnn-grader": "0.0.9"}, ours)
    'It has cnn-grader 0.0.9; expected 0.1.0.'
    >>> difference({**ours, "engine": "2e"}, ours)
    'It has other source files of cnn-grader, with the hash 2e; expected 1f.'
    >>> difference({}, ours)
    'It has no cnn-grader; expected 0.1.0.'
    >>> difference({**ours, "tensorflow": "2.21"}, ours)
    ''
    """
    both = [name for name in _IF_BOTH_HAVE_IT if name in seen and name in expected]
    for name in (*_EVERYWHERE, *both):
        if seen.get(name) != expected[name]:
            shown = "other source files of cnn-grader, with the hash" if name == "engine" else name
            has = f"{shown} {seen[name]}" if name in seen else f"no {name}"
            return f"It has {has}; expected {expected[name]}."
    return ""


def _engine() -> str:
    """Return the hash of our own source files, without the course in an installed package."""
    package = Path(__file__).resolve().parents[2]
    digest = hashlib.sha256()
    for path in sorted(package.rglob("*.py")):
        if "_course" not in path.relative_to(package).parts:
            digest.update(b"%b\0" % bytes(path.relative_to(package)))
            digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:16]
