"""Read a stranger's file or folder as source text.

Nothing is opened before its kind and size are known: we would wait for a named pipe forever, and a device has no end.
One message says what is wrong: what was seen, what was expected, what to do.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Sequence
from encodings import normalize_encoding
from encodings.aliases import aliases
from pathlib import Path

from grader.course import did_you_mean
from grader.grade_error import GradeError
from grader.submission.submission import ANONYMOUS, Submission
from grader.text import for_line

BYTES_LIMIT = 1024 * 1024  # our longest reference is 40 KiB of source; a data set pasted into a file is over 10 MiB
NOTEBOOK = ".ipynb"
ARCHIVE = ".zip"
NOTEBOOK_BYTES_LIMIT = 16 * 1024 * 1024  # it holds pictures of plots
NAMES_SHOWN = 10

_CODING = re.compile(rb"^[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)")  # PEP 263
_LINE_END = re.compile(rb"\r\n|\r|\n")
_BLANK_OR_COMMENT = re.compile(rb"^[ \t\f]*(?:#.*)?$")
_ENCODINGS = frozenset(
    {"ascii", "big5", "cp1250", "cp1251", "cp1252", "cp1253", "cp1254", "cp1256", "cp1257", "cp437", "cp850", "cp866"}
    | {"cp932", "cp936", "cp949", "euc_jp", "euc_kr", "gb18030", "gb2312", "gbk", "koi8_r", "koi8_u", "latin_1"}
    | {"mac_roman", "shift_jis", "utf_8", "utf_8_sig"}
    | {f"iso8859_{part}" for part in (2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 14, 15, 16)}
)
"""The encodings that editors save files in, by the names of Python's codecs. Other codecs, such as `rot13`, `zip` or
`unicode_escape`, transform the text and are refused.
"""

_SIGNATURES = (
    (b"PK\x03\x04", "a zip archive"),
    (b"%PDF", "a PDF document"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"\x89PNG", "a picture"),
)
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_SPECIAL = (
    (stat.S_ISFIFO, "a named pipe"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
)


class SubmissionError(GradeError):
    """A file cannot be read as a submission. The message is for the person who handed it in."""


class MissingFileError(SubmissionError):
    """An expected file is missing. `suggests` is true if the message suggests a different one."""

    def __init__(self, message: str, suggests: bool = False) -> None:
        super().__init__(message)
        self.suggests = suggests


def read_submission(
    path: Path,
    exercise_key: str,
    module: str,
    learner: str | None = None,
    companions: Sequence[str] = (),
    functions: Sequence[str] = (),
) -> Submission:
    """Return the submission in a file, a folder or a zip archive. Raises SubmissionError.

    In a folder, `<module>.py` comes first, then `<module>.ipynb`, then such a file below it. From a notebook, the cells
    that define `functions` are taken. `companions` are modules of other exercises. They are included if they are next
    to the file, or in a folder `NN_name/` next to its folder.

    The file is called `<module>.py` from here on, whatever its name on disk: the same source gives the same
    submission. A link that leads out of the folder is refused, because it would hand in somebody else's work.
    """
    wanted = f"{module}.py"
    mode = _status(path, wanted).st_mode
    try:
        file = _file_of_folder(path, module) if stat.S_ISDIR(mode) else path
    except MissingFileError:
        within = _within(path, exercise_key, module, learner, companions, functions)
        if within is None:
            raise
        return within
    if stat.S_ISREG(mode) and path.suffix.lower() == ARCHIVE:
        within = _within(path, exercise_key, module, learner, companions, functions)
        if within is None:
            raise MissingFileError(f"{for_line(str(path))} is a zip archive without {wanted}. Put {wanted} into it.")
        return within
    name = f"{module}{NOTEBOOK}" if file.suffix.lower() == NOTEBOOK else wanted
    contents = {name: _content(file, wanted)}
    texts, remarks = sources_of(contents[name], for_line(file.name), name, functions)
    for companion in companions:
        name = f"{companion}.py"
        beside = [file.parent / name, *sorted(file.absolute().parent.parent.glob(f"[0-9][0-9]_*/{name}"))]
        found = next((one for one in beside if one.is_file() and not one.is_symlink()), None)
        if found is not None:
            try:
                contents[name] = _content(found, name)
                texts[name] = companion_source(contents[name], name)
            except SubmissionError as error:
                contents[name], texts[name] = b"", stand_in(name, str(error))
    return Submission.of(learner or ANONYMOUS, exercise_key, contents, texts, remarks)


def _within(
    path: Path,
    exercise_key: str,
    module: str,
    learner: str | None,
    companions: Sequence[str],
    functions: Sequence[str],
) -> Submission | None:
    """Return the submission below a folder or in an archive, None if there is none. Raises SubmissionError."""
    from grader.submission.intake.exercise_name import ExerciseName
    from grader.submission.intake.own_work import submission_within

    return submission_within(path, learner or ANONYMOUS, ExerciseName(exercise_key, module), companions, functions)


def sources_of(
    content: bytes, shown: str, name: str, functions: Sequence[str]
) -> tuple[dict[str, str], tuple[str, ...]]:
    """Return the source files in a file, which is called `name` in the course, and remarks. Raises SubmissionError.

    Messages call it `shown`. From a notebook, the cells that define `functions` are taken.
    """
    if not name.endswith(NOTEBOOK):
        return {name: decode_source(content, shown)}, ()
    from grader.submission.intake.notebook import source_of_notebook

    module = name.removesuffix(NOTEBOOK)
    found = source_of_notebook(content, shown, functions, module)
    return dict(found.files) | {f"{module}.py": found.text}, found.remarks


def companion_source(content: bytes, name: str) -> str:
    """Return the text of a companion. An unreadable one becomes a stand-in, so the other files still run."""
    try:
        if len(content) > BYTES_LIMIT:
            raise SubmissionError(_too_large(name, f"more than {BYTES_LIMIT // 1024} KiB"))
        return decode_source(content, name)
    except SubmissionError as error:
        return stand_in(name, str(error))


def stand_in(name: str, because: str) -> str:
    """Return the source that replaces an unusable companion. Its import raises an error that says why.

    >>> print(stand_in("pooling.py", "line 3 is not Python"), end="")
    raise ImportError('pooling.py cannot be used: line 3 is not Python')
    """
    return f"raise ImportError({f'{name} cannot be used: {because}'!r})\n"


def decode_source(content: bytes, name: str) -> str:
    """Return the text of a source file in UTF-8, in the encoding that it declares (PEP 263), or in UTF-16 with a mark.

    Raises SubmissionError.

    >>> decode_source(b"\\xef\\xbb\\xbfx = 1", "a.py")
    'x = 1'
    >>> decode_source(b"# coding: latin-1\\nx = '\\xe9'", "a.py")
    "# coding: latin-1\\nx = 'é'"
    """
    for signature, kind in _SIGNATURES:
        if content.startswith(signature):
            raise SubmissionError(
                f"{name} looks like {kind}; expected Python source in UTF-8. Hand in the .py file that you edited."
            )
    if content.startswith(_UTF_16):
        text = _decoded(content, "utf_16", "UTF-16", name)
    else:
        _refuse_nul(content.find(b"\0"), name)
        text = _decoded(content, *_encoding_of(content, name), name)
    _refuse_nul(text.find("\0"), name)
    return text


def _refuse_nul(offset: int, name: str) -> None:
    if offset >= 0:
        raise SubmissionError(
            f"{name} contains binary data: a NUL byte at offset {offset}; expected Python source in UTF-8. "
            "Hand in the .py file that you edited."
        )


def _encoding_of(content: bytes, name: str) -> tuple[str, str]:
    """Return the codec of a file, and its name for a message. No module is imported by a name in the file.

    A byte order mark of UTF-8 contradicts any other declaration; Python refuses such a file, too.
    """
    declared = _declared_encoding(content)
    if declared is None:
        return "utf_8_sig", "UTF-8"
    line, encoding = declared
    plain = normalize_encoding(encoding).lower()
    codec = aliases.get(plain, plain)
    if codec not in _ENCODINGS or content.startswith(b"\xef\xbb\xbf"):
        raise SubmissionError(
            f'{name} declares the encoding "{encoding}" in line {line}; expected UTF-8. '
            "Save it as UTF-8 and remove that declaration."
        )
    return codec, encoding


def _decoded(content: bytes, codec: str, encoding: str, name: str) -> str:
    try:
        return content.decode(codec)
    except UnicodeDecodeError as error:
        offset = error.start + (len(content) - len(error.object))
        line = content.count(b"\n", 0, offset) + 1
        seen = f": byte {content[offset]:#04x} at offset {offset}, in line {line}" if offset < len(content) else ""
        raise SubmissionError(f"{name} is not {encoding}{seen}. Save it as UTF-8 in your editor.") from None


def _status(path: Path, wanted: str) -> os.stat_result:
    """Return the status of `path`; links are followed."""
    shown = for_line(str(path))
    try:
        return path.stat()
    except FileNotFoundError:
        raise _missing(path, wanted) from None
    except NotADirectoryError:
        raise MissingFileError(f"There is no {shown}: a part of this path is a file; expected a folder.") from None
    except (OSError, ValueError) as error:  # ValueError: a NUL in the path
        raise SubmissionError(_unreadable(shown, error)) from None


def _missing(path: Path, wanted: str) -> MissingFileError:
    if path.is_symlink():
        message = f"{for_line(str(path))} is a broken link; expected a Python source file. Hand in the file itself."
        return MissingFileError(message)
    if not path.parent.is_dir():
        return MissingFileError(
            f"There is no {for_line(str(path))}: the folder {for_line(str(path.parent))} does not exist."
        )
    try:
        sources = sorted(entry.name for entry in path.parent.iterdir() if entry.suffix == ".py")
    except OSError:
        sources = []
    hint = did_you_mean(for_line(path.name), [for_line(name) for name in sources])
    if not hint and wanted in sources:
        hint = f' Did you mean "{wanted}"?'
    where = "this folder" if path.parent == Path() else for_line(str(path.parent))
    message = f"There is no {for_line(path.name)} in {where}; expected the file that you edited.{hint}"
    return MissingFileError(message, bool(hint))


def _file_of_folder(folder: Path, module: str) -> Path:
    """Return the module in a folder, as source or else as a notebook."""
    wanted, notebook = f"{module}.py", f"{module}{NOTEBOOK}"
    shown = for_line(str(folder))
    try:
        names = sorted(entry.name for entry in folder.iterdir())
    except OSError as error:
        raise SubmissionError(_unreadable(shown, error)) from None
    if wanted not in names and notebook not in names:
        listed = ", ".join(for_line(name) for name in names[:NAMES_SHOWN])
        more = f" and {len(names) - NAMES_SHOWN} more" if len(names) > NAMES_SHOWN else ""
        holds = f"it contains {listed}{more}" if names else "it is empty"
        hint = did_you_mean(wanted, [for_line(name) for name in names if Path(name).suffix in (".py", NOTEBOOK)])
        raise MissingFileError(
            f"{shown} is a folder without {wanted}: {holds}.{hint} Hand in {wanted}, or the folder that it is in.",
            bool(hint),
        )
    file = folder / (wanted if wanted in names else notebook)
    if not file.resolve().is_relative_to(folder.resolve()):
        raise SubmissionError(
            f"{for_line(str(file))} is a link that leads out of its folder; expected the file itself. Hand in a copy."
        )
    return file


def _content(file: Path, wanted: str) -> bytes:
    shown = for_line(str(file))
    most_bytes = NOTEBOOK_BYTES_LIMIT if file.suffix.lower() == NOTEBOOK else BYTES_LIMIT
    _refuse_special(_status(file, wanted), shown, most_bytes)
    # The file may have been replaced since: O_NONBLOCK does not wait for a pipe, and the open file is checked again.
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)
    try:
        descriptor = os.open(file, flags)
        with os.fdopen(descriptor, "rb") as opened:
            _refuse_special(os.fstat(opened.fileno()), shown, most_bytes)
            content = opened.read(most_bytes + 1)
    except OSError as error:
        raise SubmissionError(_unreadable(shown, error)) from None
    if len(content) > most_bytes:
        raise SubmissionError(_too_large(shown, f"more than {most_bytes // 1024} KiB", most_bytes))
    return content


def _refuse_special(status: os.stat_result, shown: str, most_bytes: int) -> None:
    """Raise SubmissionError unless this is an ordinary file of at most this many bytes."""
    if stat.S_ISDIR(status.st_mode):
        raise SubmissionError(f"{shown} is a folder; expected a Python source file.")
    for holds, kind in _SPECIAL:
        if holds(status.st_mode):
            raise SubmissionError(
                f"{shown} is {kind}; expected an ordinary file. Save the source to a file and hand in that file."
            )
    if status.st_size > most_bytes:
        raise SubmissionError(_too_large(shown, f"{status.st_size / 1024**2:.1f} MiB", most_bytes))


def _too_large(shown: str, size: str, most_bytes: int = BYTES_LIMIT) -> str:
    return f"{shown} is {size}; expected at most {most_bytes // 1024} KiB. Hand in source only, without data."


def _unreadable(shown: str, error: OSError | ValueError) -> str:
    reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return f"{shown} cannot be read: {reason}. Hand in a file that you can read."


def _declared_encoding(content: bytes) -> tuple[int, str] | None:
    """Return line and name of an encoding other than UTF-8 that the first two lines declare."""
    for number, line in enumerate(_LINE_END.split(content.removeprefix(b"\xef\xbb\xbf")[:4096])[:2], 1):
        match = _CODING.match(line)
        if match:
            encoding = match[1].decode("ascii", "backslashreplace")
            plain = encoding.lower().replace("_", "-")
            return None if plain in ("utf-8", "utf8", "u8") or plain.startswith("utf-8-") else (number, encoding)
        if not _BLANK_OR_COMMENT.match(line):
            break
    return None
