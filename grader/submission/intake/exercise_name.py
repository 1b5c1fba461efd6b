"""Find the exercise that a file belongs to by its name alone.

A copy that a program has named counts as the file itself: `dropout copy.py` (macOS), `dropout - Copy (2).py`
(Windows), `dropout-Copy1.ipynb` (Jupyter), `Copy of dropout.ipynb` (Google), `dropout.py.txt` (mail programs). So does
`03_dropout.py`, which repeats the number of its exercise. The original takes precedence over all of these. A word that
a person has added, as in `dropout_final.py` or `dropout_old.py`, may mean anything, so the content of such a file
decides.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from grader.course import did_you_mean
from grader.submission.intake.ignored import Kind

_ATTEMPT = re.compile(r"(?:-(?P<dashed>[0-9]{1,3})| ?\((?P<bracketed>[0-9]{1,3})\))\Z")
_COPY = re.compile(
    r"(?: [0-9]{1,3}|(?: - |[ _+-])(?:copy|copie|copia|kopie)(?:[ _+-]?(?:[0-9]{1,3}|\([0-9]{1,3}\)))?)\Z",
    re.IGNORECASE,
)
_COPY_OF = re.compile(r"\A(?:cop(?:y[ _+]of|i[ae][ _+]de)|kopie[ _+]von)[ _+]", re.IGNORECASE)
_NUMBERED = re.compile(r"\A(?P<number>[0-9]{1,2})[ _+.-]")
_SEPARATOR = re.compile(r"[ _-]")
_COPIES = 1000  # subtracted from the attempts of copies
_COPY_NUMBER = re.compile(r"[0-9]++")
_ADDED = {".py": (".txt", ".py"), ".ipynb": (".txt", ".json", ".ipynb")}
_ASSIGNMENT = re.compile(
    r"(?:(?:abgabe|assignment|aufgabe|blatt|devoir|ejercicio|exerc[ií]cio|exercice|exercise|final|homework|lab|pset"
    r"|pr[aá]ctica|problem(?:[ _-]?set)?|project|sheet|solution|submission|tarea|tarefa|task|uebung|übung|week)s?"
    r"[ _.-]{0,3}[0-9]{0,4}|(?:attempt|code|ex|hw|ps|src|td|tp|try|unit|v|version|versuch)[ _.-]{0,3}[0-9]{1,4})",
    re.IGNORECASE,
)
"""A name for an assignment or an attempt, such as `lab3` or `Homework 3`. It is not the name of a learner."""
_LONGEST_ASSIGNMENT = 32  # characters; the pattern above has no longer match
_ARCHIVES = (".zip", ".7z", ".rar", ".gz", ".tar", ".tgz")


@dataclass(frozen=True, slots=True)
class ExerciseName:
    """The key of an exercise, the module that a learner hands in, its functions, and the stub to start from."""

    key: str
    module: str
    functions: tuple[str, ...] = ()
    stub: bytes = b""


@dataclass(frozen=True, slots=True)
class NamedFile:
    """A file that belongs to an exercise.

    `dropout-1.py` is attempt 2: Canvas gives this name if the first one is taken (`Attachment.make_unique_filename`).
    Browsers write `dropout (1).py`. The attempts of copies are below 1. A file is `renamed` if the learner should be
    told: its name is neither the module's nor one that Canvas gives.
    """

    exercise: ExerciseName
    attempt: int
    is_notebook: bool
    is_exact: bool  # spelt as in the exercise, not `Dropout.py`
    renamed: bool = False


class ExerciseNames:
    """Finds the exercises of a course by file names.

    `graded` are the keys of those that are expected now, all of them if it is empty. With `any_name`, a program of
    any name is expected.
    """

    def __init__(self, exercises: Sequence[ExerciseName], graded: Sequence[str] = (), any_name: bool = False) -> None:
        self._by_module: dict[str, list[ExerciseName]] = {}
        for exercise in exercises:
            self._by_module.setdefault(exercise.module.casefold(), []).append(exercise)
        self._keys = {exercise.key.casefold() for exercise in exercises}
        self._longest_first = sorted(self._by_module, key=len, reverse=True)
        self._modules = sorted({f"{one.module}.py" for one in exercises if not graded or one.key in graded})
        self.wanted = ", ".join(self._modules) or "no file"
        self._wanted_kind = "a Python file, a notebook or a zip archive" if any_name else self.wanted

    def is_course_folder(self, name: str) -> bool:
        """Return whether a folder of this name is a part of a learner's work and not the name of a learner."""
        folded = name.casefold()
        return folded in self._keys or folded in self._by_module or folded in ("exercises", "src", "notebooks")

    def is_assignment(self, folder: str) -> bool:
        """Return True if a folder is named after an assignment, as in `LEARNER/lab3/dropout.py`."""
        return self.is_course_folder(folder) or _ASSIGNMENT.fullmatch(folder) is not None

    def find(self, inside: Sequence[str]) -> NamedFile | str:
        """Return the exercise of a file at `inside` of a learner's work, or why it belongs to none."""
        stem, suffix = _split(inside[-1])
        if suffix not in _ADDED:
            return f"is not an exercise file; expected {self.wanted}"
        reading, exercises = next(
            ((one, found) for one in _readings(stem) if (found := self._meant(one))), (_Reading(stem), [])
        )
        if not exercises:
            hint = did_you_mean(f"{stem}.py".lower(), self._modules)
            return f"is not an exercise file; expected {self.wanted}.{hint}"
        exercise = _only(exercises, inside[:-1])
        if exercise is None:
            keys = " and ".join(f'"{one.key}"' for one in exercises)
            return f"could belong to {keys}; put it into a folder of that name"
        has_more = len(stem) + len(suffix) < len(inside[-1])
        attempt = min(reading.attempt, 0) if has_more else reading.attempt
        exact = reading.stem == exercise.module
        return NamedFile(exercise, attempt, suffix == ".ipynb", exact, reading.renamed or has_more)

    def may_be_work(self, path: str) -> bool:
        """Return True if a file may be a learner's work, and not only a note next to it."""
        return any(self.is_source(part) or _split(part)[1] in _ARCHIVES for part in path.split("/"))

    def is_source(self, name: str) -> bool:
        """Return True for the name of a Python file or a notebook."""
        return _split(name)[1] in _ADDED

    def _meant(self, reading: _Reading) -> list[ExerciseName]:
        """Return the exercises with this module and, if the reading has a number, this number."""
        exercises = self._by_module.get(reading.stem.casefold(), [])
        if reading.number is None:
            return exercises
        return [one for one in exercises if one.key.partition("_")[0].lstrip("0") == reading.number.lstrip("0")]

    def no_source(self, inside: Sequence[str]) -> tuple[str, Kind]:
        """Return why a file that is not source is not graded, and "refused" if an instructor should look at it."""
        if _split(inside[-1])[1] in _ARCHIVES:
            return "is an archive of a kind that is not opened; expected a zip archive", "refused"
        return f"is not an exercise file; expected {self._wanted_kind}", "other"

    def split_flat(self, name: str) -> tuple[str, str] | None:
        """Return learner and file of a name such as `ada_l_batch_norm.py`; None for a name of a different form."""
        stem, suffix = _split(name)
        if suffix not in _ADDED:
            return None
        for candidate in (stem, _without(_ATTEMPT, stem), _without(_COPY, stem)):
            for module in self._longest_first:
                learner = candidate[: -len(module) - 1]
                if learner and candidate[len(learner) :].casefold() == f"_{module}":
                    return learner, name[len(learner) + 1 :]
        for module in self._longest_first:  # ada_dropout_final.py
            learner, found, _ = stem.partition(f"_{module}_")
            if found and learner:
                return learner, name[len(learner) + 1 :]
        learner = without_assignment(stem)
        is_person = learner != stem and learner.casefold() not in self._by_module  # dropout_v2.py
        return (learner, name[len(learner) + 1 :]) if is_person else None


def is_notebook(name: str) -> bool:
    """Return True for the name of a notebook."""
    return _split(name)[1] == ".ipynb"


def without_assignment(name: str) -> str:
    """Return the name of a learner without the assignment after it.

    >>> without_assignment("ada_l_hw3"), without_assignment("ada-lab 3"), without_assignment("ada_l")
    ('ada_l', 'ada', 'ada_l')
    """
    for match in _SEPARATOR.finditer(name, max(len(name) - _LONGEST_ASSIGNMENT, 0)):
        learner, rest = name[: match.start()], name[match.end() :]
        if learner and _ASSIGNMENT.fullmatch(rest):
            return learner
    return name


@dataclass(frozen=True, slots=True)
class _Reading:
    """The possible meaning of a stem: the module, the attempt, and the number of the exercise if it has one."""

    stem: str
    attempt: int = 1
    renamed: bool = False
    number: str | None = None


def _readings(stem: str) -> Iterator[_Reading]:
    """Yield what a stem may mean, the most literal meaning first."""
    yield _Reading(stem)
    attempt = _ATTEMPT.search(stem)
    if attempt is not None:
        number = int(attempt["dashed"] or attempt["bracketed"])
        yield _Reading(stem[: attempt.start()], number + 1, renamed=attempt["dashed"] is None)
    plain = _without(_COPY_OF, _without(_ATTEMPT, stem))
    copied = _without(_COPY, plain)
    last = _COPY_NUMBER.findall(stem[len(copied) :])
    rank = int(last[-1]) - _COPIES if last and copied != plain else -_COPIES
    if copied != stem:
        yield _Reading(copied, rank, renamed=True)
    numbered = _NUMBERED.match(copied)
    if numbered is not None:
        yield _Reading(copied[numbered.end() :], rank, True, numbered["number"])


def _without(pattern: re.Pattern[str], stem: str) -> str:
    """Return a stem without the match of the pattern at its beginning or its end."""
    found = pattern.search(stem)
    return stem if found is None else stem[: found.start()] + stem[found.end() :]


def _split(name: str) -> tuple[str, str]:
    """Return the stem and the suffix of a name, without what a program has added to them.

    >>> _split("dropout.py"), _split("dropout.py.txt"), _split("notes.txt")
    (('dropout', '.py'), ('dropout', '.py'), ('notes', '.txt'))
    """
    stem, dot, last = name.rpartition(".")
    if not dot:
        return name, ""
    inner, dot, before = stem.rpartition(".")
    suffix, inner_suffix = f".{last.lower()}", f".{before.lower()}"
    return (inner, inner_suffix) if inner and suffix in _ADDED.get(inner_suffix, ()) else (stem, suffix)


def _only(exercises: Sequence[ExerciseName], folders: Sequence[str]) -> ExerciseName | None:
    if len(exercises) == 1:
        return exercises[0]
    folded = {folder.casefold() for folder in folders}
    named = [exercise for exercise in exercises if exercise.key.casefold() in folded]
    return named[0] if len(named) == 1 else None
