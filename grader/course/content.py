"""One hash over everything that can change the report of an exercise.

A batch keeps a score as long as this hash stays the same, so the hash covers too much rather than too little: whole
folders, everything that their Python files import from the course, and the data of every exercise that they name. It
does not cover a module that is imported by a computed name.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from grader import __version__
from grader.course.fault import CourseError, Fault

DATA_SUFFIXES = (".npz", ".h5")
_ENGINE = "grader"  # its version is hashed instead: a checkout has it below the root of the course, a wheel does not
_IMPORT = re.compile(rb"\bfrom[ \t]+([^\s;#]+)[ \t]+import\b|\bimport[ \t]+([^\n;#()]+)")  # matches prose too
_LEFTOVER = re.compile(r"\..*|.*~|#.*#|.*\.(?:pyc|pyo|swp|swo|bak|orig|rej|tmp)|__pycache__|Thumbs\.db|desktop\.ini")


def content_hash(
    root: Path, folders: Sequence[Path], files: Iterable[Path], without: Path, companions: Sequence[Path]
) -> str:
    """Return the SHA-256 of these files, of all files below `folders`, and of what they use of the course at `root`.

    The arguments are those of `used_files`. Raises CourseError if a file cannot be read.
    """
    digest = hashlib.sha256(f"{__version__}\0".encode())
    contents = used_files(root, folders, files, without, companions)
    named = {os.fsencode(path.relative_to(root).as_posix()): content for path, content in contents.items()}
    for name, content in sorted(named.items()):
        digest.update(b"%b\0%d\0" % (name, len(content)))
        digest.update(content)
    return digest.hexdigest()


def used_files(
    root: Path, folders: Sequence[Path], files: Iterable[Path], without: Path, companions: Sequence[Path]
) -> dict[Path, bytes]:
    """Return the contents of these files, of all files below `folders`, and of what they use of the course at `root`.

    The file `without` is left out. `companions` are the folders that the exercise's modules are imported from, in
    addition to their own. Raises CourseError if a file cannot be read.
    """
    course = _Course(root, [*folders, *companions])
    contents: dict[Path, bytes] = {}
    waiting = [*files, *(path for folder in folders for path in _files_below(folder))]
    while waiting:
        path = waiting.pop()
        if path in contents or path == without:
            continue
        contents[path] = _read(path)
        if path.suffix == ".py":
            waiting += course.used_by(path, contents[path])
    return contents


class _Course:
    """Finds the files of a course that a Python file of it uses."""

    def __init__(self, root: Path, folders: Sequence[Path]) -> None:
        """Find modules in `folders` and in those that hold them, up to `root`: each can be on Python's path."""
        self._root = root
        self._places = tuple(dict.fromkeys(place for folder in folders for place in self._up_from(folder)))
        self._looked_up: set[tuple[Path, str]] = set()
        self._names: dict[Path, frozenset[str]] = {}
        exercises = root / "exercises"
        self._exercises = {os.fsencode(name): exercises / name for name in self._names_in(exercises)}

    def used_by(self, path: Path, text: bytes) -> Iterator[Path]:
        """Yield the modules that `text`, the file at `path`, imports, and the data of exercises that it names."""
        for match in _IMPORT.finditer(text):
            for words in (match[1] or match[2]).split(b","):
                name, *_ = words.split() or [b""]
                yield from self._modules(path.parent, name.decode("utf-8", "replace"))
        for name, folder in self._exercises.items():
            if name in text:
                yield from data_in(folder)

    def _modules(self, folder: Path, dotted: str) -> Iterator[Path]:
        """Yield the files that this module name can mean in a file in `folder`; nothing at a second look-up."""
        if (folder, dotted) in self._looked_up:
            return
        self._looked_up.add((folder, dotted))
        parts = dotted.removeprefix(".").split(".") if dotted != "." else []
        if not all(part.isidentifier() for part in parts):
            return  # not a name, or a relative import beyond the folder
        if dotted.startswith("."):
            yield from _module_at(folder, parts)
        elif parts[0] != _ENGINE:
            for place in dict.fromkeys((*self._up_from(folder), *self._places)):
                if not self._names_in(place).isdisjoint((parts[0], f"{parts[0]}.py")):
                    yield from _module_at(place, parts)

    def _up_from(self, folder: Path) -> tuple[Path, ...]:
        """Return the folder and those that hold it, up to the course."""
        depth = len(folder.relative_to(self._root).parts)
        return (folder, *folder.parents)[: depth + 1]

    def _names_in(self, folder: Path) -> frozenset[str]:
        if folder not in self._names:
            self._names[folder] = frozenset(os.listdir(folder)) if folder.is_dir() else frozenset()
        return self._names[folder]


def data_in(folder: Path) -> list[Path]:
    """Return the data files in an exercise's folder."""
    return sorted(path for path in folder.glob("*") if path.suffix in DATA_SUFFIXES)


def _module_at(base: Path, parts: Sequence[str]) -> Iterator[Path]:
    """Yield the file of a module below `base`; of a package, every file that `from package import` can load."""
    at = base
    for part in parts:
        at /= part
        if (file := at.with_name(f"{part}.py")).is_file():
            yield file
            return
        if not at.is_dir():
            return
        if (file := at / "__init__.py").is_file():
            yield file
    yield from (path for path in _files_below(at) if path.suffix == ".py")


def _files_below(folder: Path) -> Iterator[Path]:
    """Yield the files in a folder, in no order, without the leftovers of editors and systems."""
    for place, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if not _LEFTOVER.fullmatch(name)]
        for name in names:
            path = Path(place, name)
            if not _LEFTOVER.fullmatch(name) and path.is_file():
                yield path


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise CourseError([Fault(path, 1, f"cannot be read: {error.strerror or error}")]) from None
