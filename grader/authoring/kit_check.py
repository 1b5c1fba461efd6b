"""Prove what a kit does not contain: no solution, no wrong program, and no file that its manifest does not list.

A text gives a solution away if it has a run of its tokens. For the engine and for what the release writes, the limit is
RUN. Lessons, stubs and checks of a course state formulas and compute expected values, so their limit is LONG_RUN.

                       longest run in common, in our course    limit
    engine, written    12 to 15 tokens                         RUN
    handed out         32 tokens, in a check                   LONG_RUN
"""

from __future__ import annotations

import ast
import hashlib
import io
import re
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import numpy as np

from grader.authoring.course_source import code_tokens
from grader.authoring.kit_files import FOLDER
from grader.course import Course, Exercise, Patch
from grader.course.kit import KitManifest, kit_hash
from grader.course.root import KIT_FILE
from grader.grade_error import GradeError
from grader.text import for_path

RUN, LONG_RUN = 16, 40
WRITTEN = re.compile(rf"{FOLDER}/(recorded/.*|README\.md|[^/]*\.whl|{re.escape(KIT_FILE)})")
SECRET = re.compile(
    r"(.*/)?(misconceptions|calls|pictures)\.py|.*/(tastes|beliefs)/.*|.*solutions/[^/]*/(?!questions\.py).*"
)
BYTES_LIMIT = 200 * 1024 * 1024  # of all files of a kit after unpacking; ours has 5
ZIP = b"PK\x03\x04"

Tokens = tuple[str, ...]


class KitError(GradeError):
    """A file is not a kit."""


@dataclass(frozen=True)
class KitCheckup:
    """The result: the hash of the kit, how many files and pieces of solutions were compared, and what is wrong."""

    hash: str
    files: int
    runs: int
    faults: tuple[str, ...]


def check_kit(path: Path, course: Course) -> KitCheckup:
    """Compare a kit with the solutions of a course. Raises KitError if it is not a kit."""
    files = _files_in(path)
    try:
        manifest = KitManifest.model_validate_json(files.get(f"{FOLDER}/{KIT_FILE}", b""))
    except ValueError:
        raise KitError(f"{for_path(path)} is not a kit: it has no valid {FOLDER}/{KIT_FILE}.") from None
    secrets = Secrets.of(course)
    faults = [*_unlisted(files, manifest)]
    for name, content in files.items():
        if SECRET.fullmatch(name):
            faults.append(f"{name}: a kit must not contain this file")
        stub = name.replace(f"{FOLDER}/recorded/", f"{FOLDER}/exercises/")
        is_stub = stub != name and files.get(stub) == content
        length = RUN if WRITTEN.fullmatch(name) and not is_stub else LONG_RUN
        faults += [f"{place}: contains a piece of {found}" for place, found in secrets.found_in(name, content, length)]
    return KitCheckup(kit_hash(files[f"{FOLDER}/{KIT_FILE}"]), len(files), len(secrets.short), tuple(faults))


@dataclass(frozen=True)
class Secrets:
    """The runs of tokens of all solutions and wrong programs, each with the file or the misconception that it is from.

    A wrong program that is shorter than a run cannot be found.
    """

    short: dict[Tokens, str]
    long: dict[Tokens, str]

    @classmethod
    def of(cls, course: Course) -> Secrets:
        """Collect the runs of a course."""
        texts = [text for exercise in course for text in _secret_texts(exercise)]
        found: list[dict[Tokens, str]] = []
        for length in (RUN, LONG_RUN):
            runs: dict[Tokens, str] = {}
            for origin, text in texts:
                for run in _runs(code_tokens(text), length):
                    runs.setdefault(run, origin)
            found.append(runs)
        return cls(*found)

    def found_in(self, name: str, content: bytes, length: int) -> Iterator[tuple[str, str]]:
        """Yield each place in a file with a secret, and where the secret is from; once for each origin."""
        known = self.short if length == RUN else self.long
        for place, text in _texts_in(name, content):
            origins = (known[run] for run in _runs(code_tokens(text), length) if run in known)
            yield from ((place, origin) for origin in dict.fromkeys(origins))


def _secret_texts(exercise: Exercise) -> Iterator[tuple[str, str]]:
    """Yield the code of the reference, of the right programs and of the wrong ones, each with its origin."""
    folder = exercise.reference_path.parent
    for path in sorted(folder.rglob("*.py")):
        if path.parent == folder and path.name in ("questions.py", "calls.py", "pictures.py"):
            continue
        yield from ((path.relative_to(exercise.root).as_posix(), body) for body in _bodies(path.read_text("utf-8")))
    for one in exercise.misconceptions():
        for form in (form for name in exercise.rubric.functions for form in one.programs(name)):
            if isinstance(form, Patch):
                yield from ((f"the misconception {one.id}", text) for edit in form.edits for text in edit)


def _bodies(source: str) -> Iterator[str]:
    """Yield the code of each function, without its docstring, comments and messages: these are also its answers."""
    for node in ast.walk(_Wordless().visit(ast.parse(source))):
        if isinstance(node, ast.FunctionDef):
            body = node.body[1:] if ast.get_docstring(node) is not None else node.body
            yield "\n".join(map(ast.unparse, body))


class _Wordless(ast.NodeTransformer):
    """Leaves out the words for people."""

    def visit_Raise(self, node: ast.Raise) -> ast.AST:  # the name that ast asks for
        """Leave out the message of an exception."""
        if isinstance(node.exc, ast.Call):
            node.exc.args = []
        return node


def _runs(tokens: list[str], length: int) -> Iterable[Tokens]:
    return zip(*(tokens[i:] for i in range(length)), strict=False)


def _texts_in(name: str, content: bytes) -> Iterator[tuple[str, str]]:
    """Yield the texts in a file: itself, the members of an archive, and the bytes of arrays."""
    if not content.startswith(ZIP):
        yield name, content.decode("utf-8", "replace")
    elif name.endswith(".npz"):
        with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
            for key in arrays.files:
                yield f"{name}:{key}", arrays[key].tobytes().decode("latin-1")
    else:
        with zipfile.ZipFile(io.BytesIO(content)) as inner:
            for member in inner.namelist():
                yield from _texts_in(f"{name}:{member}", inner.read(member))


def _files_in(path: Path) -> dict[str, bytes]:
    """Return the files of an archive. Raises KitError."""
    if path.exists() and not path.is_file():  # a reader would wait for a named pipe forever
        raise KitError(
            f"{for_path(path)} is {'a folder' if path.is_dir() else 'no ordinary file'}, expected a zip file."
        )
    try:
        with zipfile.ZipFile(path) as archive:
            if sum(one.file_size for one in archive.infolist()) > BYTES_LIMIT:
                raise KitError(f"{for_path(path)} is not a kit: it would have more than {BYTES_LIMIT // 2**20} MiB.")
            return {one.filename: archive.read(one) for one in archive.infolist()}
    except OSError as error:
        raise KitError(f"{for_path(path)} cannot be read: {error.strerror or error}.") from None
    except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError) as error:
        raise KitError(f"{for_path(path)} is not a zip file that can be read: {error}.") from None


def _unlisted(files: dict[str, bytes], manifest: KitManifest) -> Iterator[str]:
    """Report files that the manifest does not list, and those that are missing or have another content."""
    listed = {f"{FOLDER}/{name}": digest for name, digest in manifest.files.items()}
    for name in sorted(files.keys() - listed.keys() - {f"{FOLDER}/{KIT_FILE}"}):
        yield f"{name}: {KIT_FILE} does not list this file"
    for name, digest in listed.items():
        if name not in files:
            yield f"{name}: is missing"
        elif hashlib.sha256(files[name]).hexdigest() != digest or PurePosixPath(name).is_absolute() or ".." in name:
            yield f"{name}: differs from what {KIT_FILE} says"
