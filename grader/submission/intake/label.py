"""Turn names that strangers chose into ids, into texts that are safe to print, and into names of output folders.

A name may hold escape codes for a terminal, a mark that changes the writing direction, a slash, or nothing at all.
Different names have different ids; a printed name may be shortened.
"""

from __future__ import annotations

import base64
import hashlib
import re
import unicodedata

ID_CHARACTERS = 128  # names of people have fewer than 80; a part of a path has at most 255
SHOWN_CHARACTERS = 300
FOLDER_CHARACTERS = 64

_SAFE_FOLDER = re.compile(r"[a-z0-9](?:[a-z0-9._-]{0,62}[a-z0-9_-])?")
_NOT_PLAIN = re.compile(r"[^a-z0-9]+")
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\..*)?")  # devices of Windows, with any extension


def identity(name: str) -> str:
    """Return the id for a name: in NFC, without characters that do not print, never too long.

    Two names get the same id only if they are the same text in two Unicode normal forms.

    >>> identity("anna")
    'anna'
    >>> identity("an\\x1b[2Jna")
    'an\\\\x1b[2Jna'
    """
    normal = unicodedata.normalize("NFC", name)
    escaped = "".join(_escaped(character) for character in normal)
    if len(escaped) <= ID_CHARACTERS:
        return escaped
    return f"{escaped[:96]}~{_digest(normal)}"


def shown(name: str) -> str:
    """Return the name, safe to print on a terminal and in a message."""
    text = "".join(character if character.isprintable() else _escaped(character) for character in name)
    return text if len(text) <= SHOWN_CHARACTERS else f"{text[:200]}...{text[-60:]}"


def folder_name(learner: str) -> str:
    """Return the name of this learner's output folder, on any file system. Different learners have different folders.

    An id of small letters, digits, `.`, `_` and `-` is its own folder. Every other id gets a readable beginning, a `~`,
    which the first kind never holds, and 128 bits of its hash. So no two collide, even if a file system does not
    distinguish upper and lower case or Unicode normal forms.

    >>> folder_name("anna-b")
    'anna-b'
    >>> folder_name("Anna B").startswith("anna-b~")
    True
    """
    if _SAFE_FOLDER.fullmatch(learner) and not _RESERVED.fullmatch(learner):
        return learner
    plain = unicodedata.normalize("NFKD", learner).encode("ascii", "ignore").decode().lower()
    beginning = _NOT_PLAIN.sub("-", plain).strip("-")[:32].strip("-") or "learner"
    return f"{beginning}~{_digest(learner)}"


def _escaped(character: str) -> str:
    if character == "\\":
        return "\\\\"
    if character.isprintable():
        return character
    return character.encode("unicode_escape", "surrogatepass").decode("ascii")


def _digest(text: str) -> str:
    """Return 128 bits as 26 small letters and digits."""
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()[:16]
    return base64.b32encode(digest).decode("ascii").rstrip("=").lower()
