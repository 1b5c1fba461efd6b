"""A zip archive of submissions, read by its directory and never unpacked to disk.

`zipfile` reads the whole directory into memory: 140 MB for 200,000 members, and more for a hostile archive. Here the
directory is read as a stream of records (APPNOTE.TXT 6.3.10, sections 4.3.7, 4.3.12 to 4.3.16). Each record is checked
at once, and a member is found again by its offset. Only the methods that learning platforms write are read: stored and
deflated.

A hostile archive contradicts itself: its directory and the header of a member disagree, or two members are at one place
(CVE-2024-0450). A member is read only if both agree.
"""

from __future__ import annotations

import calendar
import io
import json
import os
import re
import stat
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from grader.submission.intake.error import IntakeError
from grader.submission.intake.ignored import Ignored
from grader.submission.intake.leaf import Clone, Folder, Leaf
from grader.text import for_line

ENTRIES_LIMIT = 200_000  # 100,000 learners with a folder each; a zipped disk has more
NAME_BYTES_LIMIT = 1024  # the longest name that Moodle writes is 255; APPNOTE allows 65,535
PART_BYTES_LIMIT = 255  # what file systems allow
DEFLATE_RATIO = 1032  # deflate cannot pack better (zlib_tech.html); source packs 4 : 1, a bomb claims more
CHUNK_BYTES = 64 * 1024

_END = struct.Struct("<4s4H2LH")  # end of central directory
_END64 = struct.Struct("<4sQ2H2L4Q")
_LOCATOR64 = struct.Struct("<4sLQL")
_RECORD = struct.Struct("<4s4B4HL2L5H2L")  # one member in the directory
_LOCAL = struct.Struct("<4s5H3L2H")  # the header before a member
_ENCRYPTED, _UTF8 = 0x0001, 0x0800
_STORED, _DEFLATED = 0, 8
_METHODS = {1: "shrunk", 6: "imploded", 9: "deflate64", 12: "bzip2", 14: "LZMA", 93: "Zstandard", 95: "xz", 98: "PPMd"}
_SPECIAL = {
    stat.S_IFLNK: "is a link, which is never followed; hand in the file itself",
    stat.S_IFIFO: "is a named pipe; expected an ordinary file",
    stat.S_IFSOCK: "is a socket; expected an ordinary file",
    **dict.fromkeys((stat.S_IFCHR, stat.S_IFBLK), "is a device; expected an ordinary file"),
}
_DRIVE = re.compile(r"[A-Za-z]:")


@dataclass(frozen=True, slots=True)
class _Directory:
    """The position of the members' records in the file."""

    offset: int
    size: int
    count: int
    shift: int  # bytes before the archive, which its own offsets do not count


@dataclass(frozen=True, slots=True)
class _Record:
    """One member, as the directory describes it."""

    raw_name: bytes
    extra: bytes
    flags: int
    method: int
    crc: int
    packed: int
    size: int
    offset: int
    mode: int
    modified: int


class ArchiveTree:
    """The members of a zip archive: of the file at `path`, or of `content`, which was read from there."""

    is_archive = True

    def __init__(self, path: Path, content: bytes | None = None) -> None:
        self._path = path
        self._content = content
        self._shown = for_line(path.name)
        self.name = path.stem

    def walk(self) -> Iterator[Leaf | Ignored | Folder | Clone]:
        """Yield every member, in the order of the directory. Raises IntakeError."""
        with self._opened() as archive:
            directory = self._directory(archive)
            locked = count = 0
            for count, record in enumerate(self._records(archive, directory), 1):
                if count > ENTRIES_LIMIT:
                    raise IntakeError(
                        f"{self._shown} contains more than {ENTRIES_LIMIT:,} members. Unpack it and grade it in parts."
                    )
                locked += bool(record.flags & _ENCRYPTED)
                yield from self._found(record, directory.shift)
            if count & 0xFFFF != directory.count & 0xFFFF:  # old programs count modulo 65,536
                raise self._damaged(f"its directory has {count} members, but its end announces {directory.count}")
            if 0 < count == locked:
                raise IntakeError(f"{self._shown} is encrypted. Unpack it with its password and grade the folder.")

    def chunks(self, parts: tuple[str, ...], locator: str, most_bytes: int) -> Iterator[bytes]:
        """Yield the content of a member, unpacked in pieces, at most `most_bytes + 1` bytes. Raises IntakeError.

        Its length and its checksum are checked if it is read to its end.
        """
        offset, packed, size, method, crc, raw_name = json.loads(locator)
        member = f"{self._shown}: the member {for_line('/'.join(parts))}"
        with self._opened() as archive:
            self._go_to_content(archive, offset, bytes.fromhex(raw_name), member)
            got, checksum = 0, 0
            try:
                for chunk in _unpacked(archive, packed, method):
                    checksum = zlib.crc32(chunk, checksum)
                    chunk = chunk[: most_bytes + 1 - got]
                    got += len(chunk)
                    yield chunk
                    if got > most_bytes:
                        return
            except (zlib.error, EOFError):
                raise IntakeError(f"{member} is damaged. Download the archive again.") from None
            except OSError as error:
                raise IntakeError(f"{member} cannot be read: {error.strerror or error}.") from None
            if got != size or checksum != crc:
                raise IntakeError(f"{member} is damaged: its length or checksum is wrong. Download the archive again.")

    def _opened(self) -> IO[bytes]:
        if self._content is not None:
            return io.BytesIO(self._content)
        try:
            return self._path.open("rb")
        except OSError as error:
            raise IntakeError(f"{self._shown} cannot be read: {error.strerror or error}.") from None

    def _damaged(self, what: str) -> IntakeError:
        return IntakeError(f"{self._shown} is not a complete zip archive: {what}. Download it again.")

    def _directory(self, archive: IO[bytes]) -> _Directory:
        """Return the position of the directory, which the end of the file names."""
        length = archive.seek(0, os.SEEK_END)
        tail_at = max(0, length - _END.size - 0xFFFF)
        archive.seek(tail_at)
        tail = archive.read()
        at = tail.rfind(b"PK\x05\x06")
        if at < 0 or at + _END.size > len(tail):
            raise self._damaged("its end is missing")
        _, disk, first_disk, _, count, size, offset, _ = _END.unpack_from(tail, at)
        end_at = tail_at + at
        if disk not in (0, 0xFFFF) or first_disk not in (0, 0xFFFF):
            raise IntakeError(f"{self._shown} is one part of a split archive. Join its parts and grade the whole.")
        if 0xFFFF in (count, disk) or 0xFFFFFFFF in (size, offset):
            end64 = self._end64(archive, end_at)
            if end64 is not None:
                count, size, offset, end_at = end64
        shift = end_at - size - offset
        if shift < 0:
            raise self._damaged("its directory lies outside of the file")
        return _Directory(offset + shift, size, count, shift)

    def _end64(self, archive: IO[bytes], end_at: int) -> tuple[int, int, int, int] | None:
        """Return count, size, offset and end of a directory of more than 65,535 members; None for a smaller one."""
        at = end_at - _LOCATOR64.size
        if at < 0:
            return None
        archive.seek(at)
        signature, _, end64_at, _ = _LOCATOR64.unpack(archive.read(_LOCATOR64.size))
        if signature != b"PK\x06\x07":
            return None
        for place in (end64_at, at - _END64.size):  # the second if there are bytes before the archive
            if 0 <= place <= at - _END64.size:
                archive.seek(place)
                fields = _END64.unpack(archive.read(_END64.size))
                if fields[0] == b"PK\x06\x06":
                    return fields[7], fields[8], fields[9], place
        raise self._damaged("the end of its directory is missing")

    def _records(self, archive: IO[bytes], directory: _Directory) -> Iterator[_Record]:
        at, end = directory.offset, directory.offset + directory.size
        archive.seek(at)
        while at < end:
            head = archive.read(_RECORD.size)
            if len(head) < _RECORD.size or head[:4] != b"PK\x01\x02":
                raise self._damaged("its directory is damaged")
            fields = _RECORD.unpack(head)
            system, flags, method, clock, date, crc, packed, size = fields[2], *fields[5:12]
            name_length, extra_length, comment_length = fields[12:15]
            external, offset = fields[17:19]
            names = archive.read(name_length + extra_length + comment_length)
            if len(names) < name_length + extra_length + comment_length:
                raise self._damaged("its directory is damaged")
            at += _RECORD.size + len(names)
            extra = names[name_length : name_length + extra_length]
            try:
                size, packed, offset = _sizes64(extra, size, packed, offset)
            except struct.error:
                raise self._damaged("its directory is damaged") from None
            mode = external >> 16 if system in (3, 19) or external >> 16 else 0  # Unix, macOS
            yield _Record(
                names[:name_length], extra, flags, method, crc, packed, size, offset, mode, _instant(date, clock)
            )

    def _found(self, record: _Record, shift: int) -> Iterator[Leaf | Ignored | Folder | Clone]:
        """Yield one member as a file, a folder, or something ignored with its reason."""
        name, unsafe = _name(record)
        parts = tuple(part for part in name.split("/") if part not in ("", "."))
        origin = for_line(name)
        if ".git" in parts:
            yield Clone(parts[: parts.index(".git")])
        unsafe = unsafe or _unsafe(name, parts, len(record.raw_name))
        kind = stat.S_IFMT(record.mode)
        if unsafe is None and (stat.S_ISDIR(kind) or (name.endswith("/") and kind not in _SPECIAL)):
            yield Folder(parts)
            return
        refusal = unsafe or _unreadable(record, kind)
        if refusal is not None:
            if unsafe is None:
                yield Folder(parts)
            yield Ignored(origin, refusal, "refused")
            return
        offset = record.offset + shift
        fields = (offset, record.packed, record.size, record.method, record.crc, record.raw_name.hex())
        end = offset + _LOCAL.size + len(record.raw_name) + record.packed
        yield Leaf(parts, record.size, record.modified, json.dumps(fields), (offset, end))

    def _go_to_content(self, archive: IO[bytes], offset: int, raw_name: bytes, member: str) -> None:
        """Move past the local header, which must name the same member. Raises IntakeError."""
        archive.seek(offset)
        head = archive.read(_LOCAL.size)
        if len(head) < _LOCAL.size or head[:4] != b"PK\x03\x04":
            raise IntakeError(f"{member} is not where the directory says. Download the archive again.")
        *_, name_length, extra_length = _LOCAL.unpack(head)
        if archive.read(name_length) != raw_name:
            raise IntakeError(f"{member} has one name in the directory and a different one before its content.")
        archive.seek(extra_length, os.SEEK_CUR)


def _unpacked(archive: IO[bytes], packed: int, method: int) -> Iterator[bytes]:
    """Yield the content in pieces of at most CHUNK_BYTES. Raises zlib.error or EOFError."""
    inflate = zlib.decompressobj(-zlib.MAX_WBITS) if method == _DEFLATED else None
    while packed > 0:
        chunk = archive.read(min(packed, CHUNK_BYTES))
        if not chunk:
            raise EOFError
        packed -= len(chunk)
        if inflate is None:
            yield chunk
            continue
        while chunk:
            yield inflate.decompress(chunk, CHUNK_BYTES)
            chunk = inflate.unconsumed_tail
    if inflate is not None:
        while rest := inflate.decompress(b"", CHUNK_BYTES):
            yield rest
        if not inflate.eof:
            raise EOFError


def _name(record: _Record) -> tuple[str, str | None]:
    """Return the member's name, and the reason if it cannot be used.

    Without the flag of UTF-8, a name is cp437 by the standard (APPNOTE, appendix D). But macOS and many web servers
    write UTF-8 without the flag, and a name that is valid UTF-8 is almost never cp437.
    """
    raw = _unicode_path(record) or record.raw_name
    try:
        name = raw.decode("utf-8")
    except UnicodeDecodeError:
        if record.flags & _UTF8:
            return raw.decode("utf-8", "backslashreplace"), "has a name that is marked as UTF-8 but is not UTF-8"
        name = raw.decode("cp437")
    if "\\" in name and "/" not in name:  # .NET before 4.6.1 wrote `alice\dropout.py`
        name = name.replace("\\", "/")
    return name, None


def _unicode_path(record: _Record) -> bytes | None:
    """Return the name in UTF-8 that Info-ZIP adds to one in a different encoding (APPNOTE 4.6.9), or None."""
    for tag, content in _extras(record.extra):
        if tag == 0x7075 and len(content) > 5 and content[:5] == struct.pack("<BL", 1, zlib.crc32(record.raw_name)):
            return content[5:]
    return None


def _extras(extra: bytes) -> Iterator[tuple[int, bytes]]:
    at = 0
    while at + 4 <= len(extra):
        tag, length = struct.unpack_from("<HH", extra, at)
        yield tag, extra[at + 4 : at + 4 + length]
        at += 4 + length


def _sizes64(extra: bytes, size: int, packed: int, offset: int) -> tuple[int, int, int]:
    """Return the three numbers. Those that did not fit into 32 bits are in the extra field (APPNOTE 4.5.3)."""
    values = [size, packed, offset]
    if 0xFFFFFFFF not in values:
        return size, packed, offset
    for tag, content in _extras(extra):
        if tag == 1:
            at = 0
            for index, value in enumerate(values):
                if value == 0xFFFFFFFF:
                    (values[index],) = struct.unpack_from("<Q", content, at)
                    at += 8
            break
    return values[0], values[1], values[2]


def _unsafe(name: str, parts: tuple[str, ...], raw_bytes: int) -> str | None:
    """Return why a name must not be trusted; None if it can be."""
    if "\0" in name:
        return "has a name with a NUL in it"
    if raw_bytes > NAME_BYTES_LIMIT or any(len(part.encode("utf-8")) > PART_BYTES_LIMIT for part in parts):
        return f"has a name of {raw_bytes} bytes; expected at most {PART_BYTES_LIMIT} for each part of the path"
    if name.startswith("/") or _DRIVE.match(name):
        return "has an absolute path as its name, which leads out of the archive"
    if ".." in parts:
        return 'has ".." in its name, which leads out of the archive'
    return None if parts else "has no name"


def _unreadable(record: _Record, kind: int) -> str | None:
    if kind in _SPECIAL:
        return _SPECIAL[kind]
    if record.flags & _ENCRYPTED:
        return "is encrypted; unpack the archive with its password and grade the folder"
    if record.method not in (_STORED, _DEFLATED):
        method = _METHODS.get(record.method, f"by method {record.method}")
        return f"is compressed as {method}; expected deflated or stored. Pack it again"
    if record.method == _STORED and record.packed != record.size:
        return f"claims to be stored, but in {record.packed} bytes instead of {record.size}"
    if record.size > DEFLATE_RATIO * record.packed + 1024:
        return f"claims that {record.packed} bytes unpack to {record.size:,}, which is impossible"
    return None


def _instant(date: int, clock: int) -> int:
    """Return a time in MS-DOS format as seconds since 1970; 0 if it is not a date. Its zone is unknown."""
    year, month, day = (date >> 9) + 1980, date >> 5 & 15, date & 31
    if not (1 <= month <= 12 and day):
        return 0
    return calendar.timegm((year, month, day, clock >> 11, clock >> 5 & 63, (clock & 31) * 2))
