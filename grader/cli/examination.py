"""Examine a machine: is everything there that the commands need, and how to fix what is not."""

from __future__ import annotations

import importlib.metadata
import platform
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING

from grader.grade_error import GradeError

if TYPE_CHECKING:
    from grader.sandbox import Isolation

OLDEST, NEWEST_TESTED = (3, 11), (3, 13)
NARROW = 60


class Health(Enum):
    """The result of one examination: the word that the learner reads."""

    FINE = "ok"
    LIMITED = "note"  # something optional is missing
    BROKEN = "broken"  # an exercise cannot be graded, or results are lost


@dataclass(frozen=True)
class Finding:
    """The subject of an examination, what was seen, and how to fix it."""

    subject: str
    health: Health
    seen: str
    advice: str = ""


def examine(width: int, *, ascii_only: bool) -> Iterator[Finding]:
    """Yield a finding for each thing that the commands need. The slow ones come last."""
    yield _python()
    yield _package("NumPy", "numpy", "pip install --force-reinstall numpy")
    yield _terminal(width, ascii_only=ascii_only)
    yield _speech()
    yield from _places()
    sandbox = _sandbox()
    yield sandbox
    yield _tensorflow(sandbox)


def _python() -> Finding:
    seen = f"{platform.python_version()} in {sys.prefix}"
    advice = f"Use Python {OLDEST[0]}.{OLDEST[1]} to {NEWEST_TESTED[0]}.{NEWEST_TESTED[1]}"
    if sys.version_info < OLDEST:
        return Finding("Python", Health.BROKEN, seen, f"{advice}.")
    if sys.version_info[:2] > NEWEST_TESTED:
        return Finding("Python", Health.LIMITED, f"{seen}; newer than what was tested", f"{advice} if something fails.")
    return Finding("Python", Health.FINE, seen)


def _package(subject: str, name: str, command: str) -> Finding:
    """Import a package in this process."""
    import importlib

    try:
        importlib.import_module(name)
    except Exception as error:  # a broken installation raises anything
        return Finding(subject, Health.BROKEN, f"cannot be imported: {_first_line(error)}", f"Install it: {command}")
    return Finding(subject, Health.FINE, importlib.metadata.version(name))


def _terminal(width: int, *, ascii_only: bool) -> Finding:
    encoding = getattr(sys.stdout, "encoding", None) or "no encoding"
    seen = f"{width} columns, {encoding}"
    if ascii_only:
        advice = "Pictures use plain letters. For block characters: export LC_ALL=C.UTF-8"
        return Finding("Terminal", Health.LIMITED, seen, advice)
    if width < NARROW:
        return Finding("Terminal", Health.LIMITED, seen, f"Make the window at least {NARROW} columns wide.")
    return Finding("Terminal", Health.FINE, seen)


def _speech() -> Finding:
    from grader.study.speech import SpeechError, voice_name

    try:
        return Finding("Speech", Health.FINE, voice_name())
    except SpeechError as error:
        seen, _, advice = str(error).partition(". ")
        return Finding("Speech", Health.LIMITED, seen, advice)


def _places() -> Iterator[Finding]:
    """Yield whether the folders that commands write to can be written."""
    from grader.cli.user_state import StateError, record_path, state_folder
    from grader.study.record_file import StudyError, refuse_others

    yield _writable("This folder", Path(), Health.LIMITED, "Go to a folder that you can write to: cd FOLDER")
    try:
        temporary = Path(tempfile.gettempdir())
    except OSError:
        yield Finding("Temporary folder", Health.BROKEN, "none is writable", "Set one: export TMPDIR=FOLDER")
    else:
        yield _writable("Temporary folder", temporary, Health.BROKEN, "Choose another: export TMPDIR=FOLDER")
    advice = "Choose another: export CNN_GRADER_STATE=FOLDER"
    try:
        folder = state_folder()
        refuse_others(record_path())
    except (StateError, StudyError) as error:
        yield Finding("Your record", Health.BROKEN, str(error), advice)
        return
    nearest = next(place for place in (folder, *folder.absolute().parents) if place.exists())
    yield _writable("Your record", nearest, Health.BROKEN, advice, shown=folder)


def _writable(subject: str, folder: Path, otherwise: Health, advice: str, shown: Path | None = None) -> Finding:
    """Write a file into a folder, and delete it."""
    seen = str(shown or folder.absolute())
    try:
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(b"x")
    except OSError as error:
        return Finding(subject, otherwise, f"{seen} cannot be written: {error.strerror or error}", advice)
    return Finding(subject, Health.FINE, seen)


def _sandbox() -> Finding:
    from grader.cli.advice import advice_for
    from grader.sandbox import Isolation, IsolationError

    try:
        _start("numpy", Isolation.NAMESPACES)
        return Finding("Sandbox", Health.FINE, "namespaces")
    except IsolationError as error:
        why, advice = str(error), advice_for(error)
    try:
        _start("numpy", Isolation.PROCESS)
    except IsolationError as error:
        return Finding("Sandbox", Health.BROKEN, str(error), advice_for(error))
    return Finding("Sandbox", Health.LIMITED, f"a plain process with limits, because {why}", advice)


def _tensorflow(sandbox: Finding) -> Finding:
    """Start TensorFlow where it will run: in the sandbox."""
    from grader.sandbox import Isolation

    subject, install = "TensorFlow", "pip install 'cnn-grader[keras]'"
    try:
        seen = importlib.metadata.version("tensorflow")
    except importlib.metadata.PackageNotFoundError:
        seen = "not installed; exercises 5 and 6 need it"
        return Finding(subject, Health.LIMITED, seen, f"Install it: {install}")
    if sandbox.health is Health.BROKEN:
        return Finding(subject, Health.LIMITED, f"{seen}, not tried without a sandbox")
    isolation = Isolation.NAMESPACES if sandbox.health is Health.FINE else Isolation.PROCESS
    try:
        _start("keras", isolation)
    except GradeError as error:
        return Finding(subject, Health.BROKEN, f"{seen} does not start: {error}", f"Install it again: {install}")
    return Finding(subject, Health.FINE, seen)


def _start(flavour: str, isolation: Isolation) -> None:
    """Start a sandbox and confine one child in it. Raises IsolationError."""
    from grader.sandbox import Zygote
    from grader.sandbox.flavours import FLAVOURS

    with Zygote(flavour, isolation) as zygote:
        zygote.confirm(FLAVOURS[flavour].limits)


def _first_line(error: Exception) -> str:
    return (str(error).strip() or type(error).__name__).partition("\n")[0]
