"""Answers of functions that were recorded once, and the functions that give them again.

An answer has everything that a caller can see: the value or the exception, the arrays that were written into, and
whether a generator was used. A question that was not recorded raises UnknownQuestionError.
"""

from __future__ import annotations

import builtins
import copy
import functools
import inspect
import io
import lzma
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grader.course.fault import CourseError, Fault, UnknownQuestionError, built_in_name
from grader.course.recorded_values import KEY_BYTES, Pool, program_key, question_key, value_in

MESSAGE_CHARACTERS = 500  # of an exception
DAMAGED = (OSError, EOFError, zipfile.BadZipFile, zlib.error, lzma.LZMAError)


class Recording:
    """Answers while they are recorded."""

    def __init__(self) -> None:
        self._answers: dict[tuple[bytes, bytes], tuple[list[Any], bool]] = {}
        self._wrong: set[bytes] = set()

    def __len__(self) -> int:
        return len(self._answers)

    def listening(self, function: Callable[..., Any], name: str, form: bytes = b"") -> Callable[..., Any]:
        """Return a function that answers as this one does, and records each answer under a name and a form.

        A function with a form is wrong. Its fractions lose the digits that a diagnosis does not compare.
        """
        program = program_key(name, form)
        if form:
            self._wrong.add(program)

        @functools.wraps(function)
        def asked(*arguments: Any, **named: Any) -> Any:
            key = question_key(arguments, named), program
            before = [_state_of(value) for value in arguments]
            try:
                value = function(*arguments, **named)
            except Exception as error:
                said = [type(error).__name__, str(error)[:MESSAGE_CHARACTERS], built_in_name(error)]
                self._keep(key, {"raised": said}, arguments, before)
                raise
            self._keep(key, {"value": value}, arguments, before)
            return value

        vars(asked)["is_recorded"] = True
        return asked

    def _keep(
        self, key: tuple[bytes, bytes], answer: dict[str, Any], arguments: tuple[Any, ...], before: list[Any]
    ) -> None:
        if key in self._answers:
            return
        changed: list[Any] = []
        for place, (value, was) in enumerate(zip(arguments, before, strict=True)):
            if was is not None and not _same(_state_of(value), was):
                changed.append([place, value])
        (kind,) = answer
        drawn = any(isinstance(value, np.random.Generator) for _, value in changed)
        self._answers[key] = copy.deepcopy([kind, answer[kind], changed]), drawn  # the caller may change them

    def forget_rare(self, kept: Collection[tuple[str, bytes]], fewest: int) -> None:
        """Forget the programs that answered fewer questions than this, but for those in `kept`."""
        known = {program_key(*names) for names in kept}
        counts = Counter(program for _, program in self._answers)
        self._answers = {key: one for key, one in self._answers.items() if key[1] in known or counts[key[1]] >= fewest}

    def content(self) -> bytes:
        """Return the bytes of the file with all answers: an archive of arrays, as NumPy reads them.

        The answers are in the order of their questions, and their texts in the order of the answers. So the numbers of
        the texts mostly grow by one, and are as good as nothing when they are compressed.
        """
        order = sorted(self._answers)
        questions, programs = (sorted({key[part] for key in order}) for part in (0, 1))
        numbers = {program: number for number, program in enumerate(programs)}
        pool = Pool()
        texts: dict[str, int] = {}
        rows = []
        for key in order:
            answer, drawn = self._answers[key]
            text = pool.text_of(answer, rough=drawn, exact=key[1] not in self._wrong)
            rows.append(texts.setdefault(text, len(texts)))
        counts = Counter(question for question, _ in order)
        arrays: dict[str, NDArray[Any]] = {
            "questions": _as_rows(questions),
            "programs": _as_rows(programs),
            "counts": np.array([counts[question] for question in questions], np.uint32),
            "asked": np.array([numbers[program] for _, program in order], np.uint16),
            "rows": np.diff(np.array(rows, np.int32), prepend=np.int32(0)),
            "lengths": np.array([len(text.encode()) for text in texts], np.uint32),
            "texts": np.frombuffer("".join(texts).encode(), np.uint8),
            "pool": np.frombuffer(bytes(pool.content), np.uint8),
        }
        return packed(arrays)


def packed(arrays: Mapping[str, NDArray[Any]]) -> bytes:
    """Return an archive of arrays, as NumPy reads them: smaller than NumPy writes them, and always the same bytes."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_LZMA) as archive:
        for name, array in arrays.items():
            content = io.BytesIO()
            np.lib.format.write_array(content, array, allow_pickle=False)
            archive.writestr(zipfile.ZipInfo(f"{name}.npy"), content.getvalue(), zipfile.ZIP_LZMA)
    return file.getvalue()


class RecordedAnswers:
    """The answers in a file. `unknown` counts the questions without one."""

    def __init__(self, path: Path) -> None:
        """Read the file. Raises CourseError if that fails."""
        self.unknown = 0
        try:
            with np.load(io.BytesIO(path.read_bytes()), allow_pickle=False) as file:
                self._questions, self._programs = _numbers(file["questions"]), _numbers(file["programs"])
                self._first, self._ends = _ends(file["counts"]), _ends(file["lengths"])
                self._asked, self._rows = file["asked"], np.cumsum(file["rows"])
                self._texts, self._pool = file["texts"].tobytes(), file["pool"].tobytes()
        except (*DAMAGED, KeyError, ValueError) as error:
            message = f"holds no recorded answers ({type(error).__name__}); unpack the kit again"
            raise CourseError([Fault(path, 1, message)]) from None

    def __contains__(self, key: tuple[bytes, bytes]) -> bool:
        return self._row(*key) is not None

    def has_program(self, name: str, form: bytes) -> bool:
        """Return True if there is any answer of this form of a function."""
        return _place_of(program_key(name, form), self._programs) is not None

    def function(self, name: str, form: bytes = b"", signature: inspect.Signature | None = None) -> RecordedFunction:
        """Return the function with this name and form."""
        return RecordedFunction(self, name, form, signature)

    def answer(self, question: bytes, program: bytes) -> tuple[str, Any, Any]:
        """Return the kind of an answer, its value, and what it changes. Raises UnknownQuestionError."""
        row = self._row(question, program)
        if row is None:
            self.unknown += 1
            raise UnknownQuestionError
        kind, value, changed = value_in(self._texts[self._ends[row] : self._ends[row + 1]], self._pool)
        return kind, value, changed

    def _row(self, question: bytes, program: bytes) -> int | None:
        place, number = _place_of(question, self._questions), _place_of(program, self._programs)
        if place is None or number is None:
            return None
        first, end = self._first[place : place + 2]
        at = first + int(np.searchsorted(self._asked[first:end], number))
        return int(self._rows[at]) if at < end and self._asked[at] == number else None


class RecordedFunction:
    """A function of the course that gives recorded answers."""

    is_recorded = True  # `is_fast` compares no times with it

    def __init__(
        self, answers: RecordedAnswers, name: str, form: bytes = b"", signature: inspect.Signature | None = None
    ) -> None:
        self._answers = answers
        self._program = program_key(name, form)
        self.__name__ = name
        if signature is not None:
            self.__signature__ = signature

    def knows(self, *arguments: Any, **named: Any) -> bool:
        """Return True if there is an answer."""
        return (question_key(arguments, named), self._program) in self._answers

    def __call__(self, *arguments: Any, **named: Any) -> Any:
        """Return the recorded value, or raise the recorded exception. Raises UnknownQuestionError."""
        kind, value, changed = self._answers.answer(question_key(arguments, named), self._program)
        for place, now in changed:
            if isinstance(now, np.random.Generator):
                arguments[place].bit_generator.state = now.bit_generator.state
            else:
                arguments[place][...] = now
        if kind == "raised":
            raise _exception(*value)
        return value


def _ends(lengths: NDArray[Any]) -> NDArray[np.int64]:
    """Return where each of several parts begins, and where the last one ends."""
    return np.cumsum([0, *lengths.tolist()], dtype=np.int64)


def _as_rows(keys: Sequence[bytes]) -> NDArray[np.uint8]:
    return np.frombuffer(b"".join(keys), np.uint8).reshape(-1, KEY_BYTES)


def _place_of(key: bytes, keys: NDArray[np.uint64]) -> int | None:
    """Return the place of a key among sorted ones; None if it is not there."""
    number = np.uint64(int.from_bytes(key))
    place = int(np.searchsorted(keys, number))
    return place if place < len(keys) and keys[place] == number else None


def _numbers(keys: NDArray[Any]) -> NDArray[np.uint64]:
    """Return keys as numbers in ascending order."""
    padded = np.zeros((len(keys), 8), np.uint8)
    padded[:, 8 - KEY_BYTES :] = keys
    return padded.view(">u8").ravel().astype(np.uint64)


def _exception(name: str, message: str, built_in: str) -> Exception:
    """Return an exception with this class name and these words, of a built-in class or derived from it."""
    known = getattr(builtins, built_in, None)
    base = known if isinstance(known, type) and issubclass(known, Exception) else Exception
    try:
        error = base(message)
    except TypeError:  # such as UnicodeDecodeError, which takes more than words
        base, error = Exception, Exception(message)
    if base.__name__ == name and str(error) == message:  # KeyError puts quotes around its words
        return error
    renamed: Exception = type(name, (base,), {"__str__": lambda self: message})(message)
    return renamed


def _state_of(value: Any) -> Any:
    if isinstance(value, np.ndarray):
        return value.copy()
    return value.bit_generator.state if isinstance(value, np.random.Generator) else None


def _same(now: Any, was: Any) -> bool:
    if isinstance(now, np.ndarray):
        return bool(now.shape == was.shape and now.tobytes() == was.tobytes())
    return bool(now == was)
