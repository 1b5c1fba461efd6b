"""The files of a kit: what a class gets of a course, with recorded answers in place of its solutions."""

from __future__ import annotations

import ast
import hashlib
import json
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import numpy as np

from grader import __version__
from grader.authoring.compilation import is_current, of_program
from grader.authoring.engine_wheel import archive, engine_wheel
from grader.authoring.kit_readme import readme
from grader.authoring.kit_recording import ListeningExercise, listened_to
from grader.course import Course, Exercise, form_key
from grader.course.kit import (
    RECORDED,
    KitExercise,
    KitManifest,
    families_as_data,
    kit_hash,
    misconception_as_data,
)
from grader.course.recorded_answers import packed
from grader.course.recorded_values import program_key
from grader.course.root import KIT_FILE
from grader.diagnosis.behaviours import Behaviours, read_behaviours, write_behaviours
from grader.diagnosis.candidates import Program
from grader.diagnosis.measurements import OfProgram, measurements_as_text
from grader.grade_error import GradeError
from grader.study.course_code import import_course_file
from grader.study.lesson_pictures import figures_as_text
from grader.study.lessons import read_lessons
from grader.study.worked_example import modules_used, run_example, split_example

Files = dict[str, bytes]
HANDED_OUT = (".md", ".yaml", ".npz", ".h5")
"""The ends of the names of what a learner reads, and of the data of an exercise."""
FOLDER = "kit"
"""The folder in the archive, so that its files stay together when it is unpacked."""


class ReleaseError(GradeError):
    """A kit cannot be made of this course. The message says why."""


def kit_archive(
    course: Course, exercises: Iterable[Exercise], seed: int, tell: Callable[[str], None] = lambda text: None
) -> tuple[bytes, str]:
    """Return a kit as a zip, and its hash. Call `tell` with what is being done. Raises ReleaseError and CourseError."""
    files = kit_files(course, exercises, seed, tell)
    return archive({f"{FOLDER}/{one}": files[one] for one in sorted(files)}), kit_hash(files[KIT_FILE])


def kit_files(
    course: Course, exercises: Iterable[Exercise], seed: int, tell: Callable[[str], None] = lambda text: None
) -> Files:
    """Return the files of a kit by their names. The arguments and errors are those of `kit_archive`."""
    chosen = tuple(exercises)
    for exercise in chosen:
        _refuse_unrecordable(exercise)
    name, wheel = engine_wheel()
    files: Files = {name: wheel, "README.md": readme(chosen, seed, name).encode()}
    unit = course.root / "exercises" / "unit.md"
    if unit.is_file():
        files["exercises/unit.md"] = unit.read_bytes()
    for exercise in chosen:
        files |= _handed_out(exercise)
        files |= {f"{RECORDED}/{exercise.key}/{one}": data for one, data in _recorded(exercise, seed, tell).items()}
    digests = {one: hashlib.sha256(content).hexdigest() for one, content in sorted(files.items())}
    keys = tuple(one.key for one in chosen)
    manifest = KitManifest(format=1, engine=__version__, seed=seed, exercises=keys, files=digests)
    files[KIT_FILE] = f"{manifest.model_dump_json(indent=1)}\n".encode()
    return files


def _refuse_unrecordable(exercise: Exercise) -> None:
    """Raise ReleaseError if the answers of an exercise cannot be recorded, or not yet."""
    number = int(exercise.key[:2])
    if exercise.recorded_seed is not None:
        raise ReleaseError("This course is a kit already. Make a kit from the whole course.")
    if exercise.rubric.flavour != "numpy":
        raise ReleaseError(
            f"Exercise {number} trains models, so its answers cannot be recorded. Leave it out with --exercises."
        )
    if not is_current(exercise):
        raise ReleaseError(
            f"Exercise {number} has changed since it was compiled. First run: grade course compile {number}"
        )
    for path in _question_files(exercise):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        if any(isinstance(node, ast.ImportFrom) and node.level for node in ast.walk(tree)):
            raise ReleaseError(
                f"{path} imports a file of the solutions, and a kit contains questions.py but no solution. "
                "Write the questions without that import."
            )


def _handed_out(exercise: Exercise) -> Files:
    """Return what the class gets unchanged: the stub, the lesson, cards, quiz and data, the rubric, and the checks."""
    root, key = exercise.root, exercise.key
    paths = [path for path in (root / "exercises" / key).iterdir() if path.suffix in HANDED_OUT]
    paths += [exercise.stub, exercise.rubric_path, *_question_files(exercise)]
    paths += sorted(exercise.checks_path.parent.glob("*.py"))
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in sorted(paths)}


def _question_files(exercise: Exercise) -> list[Path]:
    """Return the file that draws the questions of a quiz, if there is one."""
    path = exercise.root / "solutions" / exercise.key / "questions.py"
    return [path] if path.is_file() else []


def _recorded(exercise: Exercise, seed: int, tell: Callable[[str], None]) -> Files:
    """Return everything that stands for the solutions of an exercise."""
    found = listened_to(exercise, seed, tell)
    _run_lesson(found)
    refused = [program_key(*names).hex() for names, program in found.tried.items() if program is None]
    data: dict[str, Any] = {
        "families.json": families_as_data(found.calls()),
        "misconceptions.json": list(map(misconception_as_data, exercise.misconceptions())),
        "refused.json": sorted(refused),
    }
    files = {name: json.dumps(one, separators=(",", ":")).encode() for name, one in data.items()}
    pictures = exercise.root / "solutions" / exercise.key / "pictures.py"
    if pictures.is_file():
        figures = getattr(import_course_file(pictures), "PICTURES", {})
        files["pictures.json"] = figures_as_text(figures).encode()
    return {
        **files,
        exercise.stub.name: exercise.stub.read_bytes(),
        "behaviours.npz": _behaviours(found),
        "reference.npz": found.of_reference.content(),
        "programs.npz": found.of_programs.content(),
    }


def _run_lesson(exercise: ListeningExercise) -> None:
    """Run the worked example of the lesson, so that the kit can show what it prints."""
    lesson = next((one for one in read_lessons(exercise.root).values() if one.exercise == exercise.key), None)
    if lesson is None or "Worked example" not in lesson.sections:
        return
    statements = split_example(lesson.sections["Worked example"])[1]
    reference = exercise.reference()
    used = {name: functions for name, functions in modules_used(statements).items() if name == reference.__name__}
    run_example(statements, {name: {one: getattr(reference, one) for one in of} for name, of in used.items()})


def _behaviours(exercise: ListeningExercise) -> bytes:
    """Return which wrong programs answer alike, as a kit reads it: with the digest of the kit's own file.

    Of a random function, the programs of two misconceptions that were tried are measured too.
    """
    known = dict(read_behaviours(exercise))
    families = exercise.calls()
    for function, one in known.items():
        if one.measurements:
            reference = Program((function, "reference"), getattr(exercise.reference(), function))
            several: dict[bytes, OfProgram] = dict(one.measured)
            for (name, key), form in exercise.tried.items():
                if name == function and form is not None and key not in several:
                    program = Program((function, form), exercise.program(function, form), form_key(form))
                    several[key] = of_program(program, families[function], reference)
            known[function] = Behaviours(measurements=measurements_as_text(several))
    with tempfile.TemporaryDirectory() as folder:
        kit = KitExercise(exercise.key, Path(folder))
        rubric = kit.rubric_path
        rubric.parent.mkdir(parents=True)
        rubric.write_bytes(exercise.rubric_path.read_bytes())
        kit.folder.mkdir(parents=True)
        kit.stub.write_bytes(exercise.stub.read_bytes())
        with np.load(write_behaviours(kit, known), allow_pickle=False) as file:
            return packed({name: file[name] for name in file.files})
