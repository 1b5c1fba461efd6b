"""The files of a hand-in as the journal keeps them: a grade can be explained when the folder has changed or is gone.

The bytes are kept once for each hash, and the places of the files with each entry: two learners may hand in the same
bytes under different names.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from grader.submission.intake.contents import Place

KEPT_BYTES = 4 * 1024 * 1024  # a notebook with many pictures of plots is larger; the journal does not keep it
_FASTEST = 1


@dataclass(frozen=True)
class KeptFiles:
    """The places of the files of a hand-in, and their bytes by name."""

    places: tuple[Place, ...]
    contents: Mapping[str, bytes]


def places_for_details(places: Sequence[Place]) -> list[list[Any]]:
    """Return places for the details of an entry in the journal."""
    return [[place.name, list(place.parts), place.locator, place.copy] for place in places]


def places_in_details(details: Mapping[str, Any]) -> tuple[Place, ...]:
    """Return the places in the details of an entry; none if an older version wrote it."""
    return tuple(Place(name, tuple(parts), *rest) for name, parts, *rest in details.get("places", ()))


def packed_contents(contents: Mapping[str, bytes]) -> bytes | None:
    """Return the bytes of files for the journal; None if they are too large to be kept."""
    return None if sum(map(len, contents.values())) > KEPT_BYTES else packed_files(contents)


def packed_files(contents: Mapping[str, bytes]) -> bytes:
    """Return files of any size as bytes, for `unpacked_contents`."""
    head = json.dumps({name: len(content) for name, content in contents.items()})
    return zlib.compress(b"".join([head.encode(), b"\n", *contents.values()]), _FASTEST)


def unpacked_contents(packed: bytes) -> dict[str, bytes]:
    """Return the files that `packed_contents` or `packed_files` got.

    >>> unpacked_contents(packed_contents({"dropout.py": b"x = 1", "pooling.py": b""}))
    {'dropout.py': b'x = 1', 'pooling.py': b''}
    """
    head, _, rest = zlib.decompress(packed).partition(b"\n")
    contents, at = {}, 0
    for name, size in json.loads(head).items():
        contents[name] = rest[at : at + size]
        at += size
    return contents
