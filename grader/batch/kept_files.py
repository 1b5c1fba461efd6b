"""The files of a hand-in as the journal keeps them: a grade can be explained when the folder has changed or is gone."""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from grader.submission.intake.contents import Place

KEPT_BYTES = 4 * 1024 * 1024  # a notebook with many pictures of plots is larger; the journal does not keep it
_FASTEST = 1


@dataclass(frozen=True)
class KeptFiles:
    """The places of the files of a hand-in, and their bytes by name."""

    places: tuple[Place, ...]
    contents: Mapping[str, bytes]


def packed_files(places: Sequence[Place], contents: Mapping[str, bytes]) -> bytes | None:
    """Return files as bytes for the journal; None if they are too large to be kept."""
    if sum(map(len, contents.values())) > KEPT_BYTES:
        return None
    head = [[place.name, place.parts, place.locator, place.copy, len(contents[place.name])] for place in places]
    whole = b"".join([json.dumps(head).encode(), b"\n", *(contents[place.name] for place in places)])
    return zlib.compress(whole, _FASTEST)


def unpacked_files(packed: bytes) -> KeptFiles:
    """Return the files that `packed_files` got.

    >>> place = Place("dropout.py", ("ada", "dropout.py"), "")
    >>> packed = packed_files([place], {"dropout.py": b"x = 1"})
    >>> unpacked_files(packed) == KeptFiles((place,), {"dropout.py": b"x = 1"})
    True
    """
    head, _, rest = zlib.decompress(packed).partition(b"\n")
    places, contents, at = [], {}, 0
    for name, parts, locator, copy, size in json.loads(head):
        places.append(Place(name, tuple(parts), locator, copy))
        contents[name] = rest[at : at + size]
        at += size
    return KeptFiles(tuple(places), contents)
