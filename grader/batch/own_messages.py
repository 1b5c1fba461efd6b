"""Recognise the messages that grade wrote and that nobody has changed since: only these may be replaced or deleted.

A message of an earlier run may have a former score, or be for a learner who has left: nobody should send it by mistake.
A person may have written into a draft, or have put a message of their own beside ours: these stay and are named.

Each message has a header with the hash of everything else in it.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

_HEADER = "X-Grade-Content"
_DIGEST_LINE = re.compile(rb"^X-Grade-Content: ([0-9a-f]{32})\n", re.MULTILINE)
_FROM_LINE = re.compile(rb"^(>*From )", re.MULTILINE)
_QUOTED_FROM_LINE = re.compile(rb"^>(>*From )", re.MULTILINE)
_START = b"From grade Thu Jan  1 00:00:00 1970\n"
_STARTS = re.compile(rb"^" + re.escape(_START), re.MULTILINE)
_UNIX = SMTP.clone(linesep="\n")


def sign(message: EmailMessage) -> None:
    """Add the header by which a message is recognised. Nothing may be changed in it after this."""
    message[_HEADER] = _digest(message.as_bytes(policy=_UNIX))


def in_mbox(message: EmailMessage) -> bytes:
    """Return a message as a part of an mbox: with a line before it, and with marks before lines that look like one."""
    return _START + _FROM_LINE.sub(rb">\1", message.as_bytes(policy=_UNIX)) + b"\n"


def is_own_message(content: bytes) -> bool:
    """Return True for a message that grade wrote and that is unchanged."""
    text = content.replace(b"\r\n", b"\n")
    head, end, body = text.partition(b"\n\n")
    stated = _DIGEST_LINE.search(head + b"\n")
    if stated is None:
        return False
    rest = _DIGEST_LINE.sub(b"", head + b"\n", count=1) + end[1:] + body
    return _digest(rest).encode() == stated[1]


def is_own_mbox(content: bytes) -> bool:
    """Return True for an mbox that grade wrote and that is unchanged."""
    before, *parts = _STARTS.split(content)
    return not before and all(is_own_message(_QUOTED_FROM_LINE.sub(rb"\1", part).removesuffix(b"\n")) for part in parts)


def others_messages(folder: Path, mbox: Path) -> tuple[Path, ...]:
    """Return the files with messages in a results folder that are not as grade wrote them. Raises OSError."""
    own = dict.fromkeys(_messages_in(folder), is_own_message) | ({mbox: is_own_mbox} if mbox.exists() else {})
    return tuple(path for path, is_own in own.items() if not (path.is_file() and is_own(path.read_bytes())))


def remove_own_messages(folder: Path, mbox: Path, wanted: Collection[Path]) -> None:
    """Delete the files that grade wrote with messages, except the wanted ones. Raises OSError."""
    others = others_messages(folder, mbox)
    for path in (*_messages_in(folder), mbox):
        if path not in wanted and path not in others:
            path.unlink(missing_ok=True)


def _digest(text: bytes) -> str:
    return hashlib.sha256(text).hexdigest()[:32]  # a header of more than 78 characters would be folded


def _messages_in(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.eml"))
