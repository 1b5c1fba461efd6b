"""A kit: a course for a class, with recorded answers in place of its solutions.

    kit.json                        the seed, the exercises, and the digest of each file
    exercises/ rubrics/ tests/hidden/   as in a course
    recorded/03_dropout/dropout.py      the stub as it was handed out; the learner edits the one in exercises/
    recorded/03_dropout/misconceptions.json  their texts; a digest stands for each piece of a wrong program
    recorded/03_dropout/families.json   what may vary in the calls of a diagnosis
    recorded/03_dropout/refused.json    which pairs of patches exclude each other
    recorded/03_dropout/pictures.json   the pictures of the lesson
    recorded/03_dropout/behaviours.npz  which wrong programs answer alike
    recorded/03_dropout/reference.npz   what the reference answers to everything that the checks ask
    recorded/03_dropout/programs.npz    what else the diagnosis asks

The recorded answers are those of one seed. An instructor grades with another seed and the whole course, so they are of
no use there.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from inspect import Signature, signature
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from grader.course.call_family import Aspect, CallFamily
from grader.course.course import Exercise, import_file
from grader.course.fault import CourseError, Fault, UnknownQuestionError
from grader.course.misconception import Form, Misconception, form_key, sealed, sealed_variant
from grader.course.root import KIT_FILE
from grader.course.wrong_program import Patch, PatchError

if TYPE_CHECKING:
    from grader.course.recorded_answers import RecordedAnswers

RECORDED = "recorded"
REFERENCE, PROGRAMS = "reference", "programs"
MAKE, VALID = "{} make", "{} valid"
"""The names under which a family of calls is recorded: how it makes a call, and which calls are valid."""

Frozen = ConfigDict(frozen=True, extra="forbid")


class KitManifest(BaseModel):
    """The file `kit.json`."""

    model_config = Frozen

    format: Literal[1]
    engine: str
    seed: Annotated[int, Field(ge=0)]
    exercises: tuple[Annotated[str, Field(pattern=r"^\d\d_[a-z0-9_]+$")], ...]
    files: dict[str, Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]]


def read_manifest(root: Path) -> KitManifest:
    """Read the manifest of the kit in a folder. Raises CourseError."""
    path = root / KIT_FILE
    try:
        return KitManifest.model_validate_json(path.read_bytes())
    except OSError as error:
        raise CourseError([Fault(path, 1, f"cannot be read: {error.strerror or error}")]) from None
    except ValidationError as error:
        problem = error.errors()[0]
        where = ".".join(map(str, problem["loc"]))
        message = f"is not the manifest of a kit that this version of grade can read: `{where}`: {problem['msg']}"
        raise CourseError([Fault(path, 1, message)]) from None


def kit_hash(manifest: bytes) -> str:
    """Return the hash of a kit: its manifest has the digest of every other file."""
    return hashlib.sha256(manifest).hexdigest()


def kit_exercises(root: Path) -> tuple[Exercise, ...]:
    """Return the exercises of the kit in a folder. Raises CourseError."""
    return tuple(KitExercise(key, root) for key in read_manifest(root).exercises)


@dataclass(frozen=True)
class KitExercise(Exercise):
    """An exercise whose reference and wrong programs are recorded answers."""

    @property
    def folder(self) -> Path:
        """Return the folder with everything that is recorded."""
        return self.root / RECORDED / self.key

    @property
    def stub(self) -> Path:
        """Return the path of the stub as it was handed out."""
        return self.folder / f"{self.rubric.module}.py"

    @property
    def signatures_path(self) -> Path:
        """Return the path of the stub: its functions have the signatures of the reference."""
        return self.stub

    @property
    def compiled_path(self) -> Path:
        """Return the path of what `grade course compile` has found out."""
        return self.folder / "behaviours.npz"

    @property
    def recorded_seed(self) -> int:
        """Return the seed of the kit."""
        return self._manifest.seed

    @property
    def unanswered(self) -> int:
        """Return how many questions had no recorded answer so far."""
        return sum(one.unknown for one in list(self._opened.values()))

    def reference(self) -> ModuleType:
        """Return a module whose functions give the recorded answers of the reference."""
        return self._reference

    def misconceptions(self) -> tuple[Misconception, ...]:
        """Return the misconceptions, with sealed programs."""
        return self._misconceptions

    def calls(self) -> Mapping[str, CallFamily]:
        """Return the families of calls: they give the recorded calls."""
        return self._families

    def program(self, function: str, form: Form) -> Callable[..., Any]:
        """Return the recorded answers of a wrong program.

        Raises PatchError if it is a patch that does not apply, and UnknownQuestionError if nothing is recorded.
        """
        from grader.course.recorded_values import program_key

        key = form_key(form)
        if program_key(function, key).hex() in self._refused:
            raise PatchError("two patches of the same text")
        answers = self._answers(PROGRAMS)
        if not answers.has_program(function, key):
            answers.unknown += 1
            raise UnknownQuestionError
        return answers.function(function, key, self._signatures.get(function))

    def read_ahead(self) -> None:
        """Begin to read what an explanation asks: it is decompressed in a thread while the checks wait for answers."""
        if not self._locks[PROGRAMS].locked() and PROGRAMS not in self._opened:
            threading.Thread(target=self._try_to_open, args=(PROGRAMS,), name="recorded answers").start()

    def content_hash(self) -> str:
        """Return the hash of the kit."""
        return kit_hash((self.root / KIT_FILE).read_bytes())

    @cached_property
    def _manifest(self) -> KitManifest:
        return read_manifest(self.root)

    @cached_property
    def _opened(self) -> dict[str, RecordedAnswers]:
        return {}

    def _answers(self, name: str) -> RecordedAnswers:
        from grader.course.recorded_answers import RecordedAnswers  # with NumPy, which the sandbox imports first

        with self._locks[name]:
            if name not in self._opened:
                self._opened[name] = RecordedAnswers(self.folder / f"{name}.npz")
            return self._opened[name]

    def _try_to_open(self, name: str) -> None:
        with contextlib.suppress(CourseError, MemoryError):  # the next call tries again, and reports the error
            self._answers(name)

    @cached_property
    def _locks(self) -> Mapping[str, threading.Lock]:
        return {name: threading.Lock() for name in (REFERENCE, PROGRAMS)}

    @cached_property
    def _signatures(self) -> Mapping[str, Signature]:
        stub = import_file(self.stub, self.rubric.module)
        return {name: signature(getattr(stub, name)) for name in self.rubric.functions}

    @cached_property
    def _reference(self) -> ModuleType:
        module = ModuleType(self.rubric.module)
        for name in self.rubric.functions:
            function = self._answers(REFERENCE).function(name, signature=self._signatures[name])
            setattr(module, name, function)
        return module

    @cached_property
    def _misconceptions(self) -> tuple[Misconception, ...]:
        return tuple(map(misconception_from, self._data("misconceptions.json")))

    @cached_property
    def _refused(self) -> frozenset[str]:
        """The keys of the programs that cannot exist."""
        return frozenset(self._data("refused.json"))

    @cached_property
    def _families(self) -> Mapping[str, CallFamily]:
        from grader.course.recorded_values import value_in

        found = {}
        for function, aspects in self._data("families.json").items():
            make, valid = (self._answers(PROGRAMS).function(name.format(function)) for name in (MAKE, VALID))
            found[function] = CallFamily(
                make, tuple(Aspect(words, value_in(settings, b"")) for words, settings in aspects), valid
            )
        return found

    def _data(self, name: str) -> Any:
        path = self.folder / name
        try:
            return json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            message = f"is not a file of a kit ({type(error).__name__}); unpack the kit again"
            raise CourseError([Fault(path, 1, message)]) from None


def families_as_data(families: Mapping[str, CallFamily]) -> Any:
    """Return what varies in families of calls as data."""
    from grader.course.recorded_values import Pool

    pool = Pool()
    return {
        function: [[aspect.words, pool.text_of(dict(aspect.settings))] for aspect in family.aspects]
        for function, family in families.items()
    }


def misconception_as_data(one: Misconception) -> dict[str, Any]:
    """Return a misconception as data, with sealed programs."""
    texts = {name: getattr(one, name) for name in TEXTS}
    return {
        **texts,
        "cards": list(one.cards),
        "criteria": dict(one.criteria),
        "overwrites": one.overwrites,
        "forms": list(map(_form_as_data, (one.variant, *one.forms))),
        "elsewhere": {name: list(map(_form_as_data, forms)) for name, forms in one.elsewhere.items()},
    }


def misconception_from(data: Mapping[str, Any]) -> Misconception:
    """Return the misconception in this data."""
    variant, *forms = map(_form_from, data["forms"])
    return Misconception(
        **{name: data[name] for name in TEXTS},
        variant=variant,
        forms=tuple(forms),
        cards=tuple(data["cards"]),
        criteria=data["criteria"],
        overwrites=data["overwrites"],
        elsewhere={name: tuple(map(_form_from, several)) for name, several in data["elsewhere"].items()},
    )


TEXTS = ("id", "function", "belief", "question", "probe", "name", "severity")


def _form_as_data(form: Form) -> list[Any]:
    plain = sealed(form)
    if isinstance(plain, Patch):
        return [plain.taste, [edit for edit, _ in plain.edits]]
    return [plain.func.__name__, plain.keywords]


def _form_from(data: Any) -> Form:
    name, parts = data
    if isinstance(parts, dict):
        return sealed_variant(name, parts)
    return Patch(name, tuple((edit, "") for edit in parts))
