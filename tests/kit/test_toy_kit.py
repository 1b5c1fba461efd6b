"""A kit of the small course: it grades like the course, and contains neither its solutions nor its wrong programs."""

import json
import shutil
import subprocess
import sys
import threading
import zipfile
from dataclasses import replace

import numpy as np
import pytest

from grader.authoring.kit_check import check_kit
from grader.authoring.kit_files import FOLDER, ReleaseError, kit_archive
from grader.authoring.kit_recording import Rehearser, variants_of
from grader.checks import DirectCaller
from grader.checks.session import CheckSession, RunContext
from grader.course import CourseError, UnknownQuestionError, load_course, recorded_answers
from grader.course.root import usual_course_root
from grader.grading import Worker
from grader.grading.recorded_caller import RecordedCaller
from grader.grading.worker import NOT_RECORDED, OtherSeedError
from grader.sandbox import Isolation, Returned, Stopped
from grader.sandbox.request import Request
from grader.scoring import score
from grader.submission import SourceFile, Submission
from tests.grading import ROOT
from tests.kit.conftest import kit_of

RIGHT = "def double(x):\n    return x + x\n\n\ndef split(n, parts=2):\n    return n // parts, n - n // parts\n\n\ndef halve(x):\n    return x / 2\n"


def submission(text):
    return Submission("a learner", "01_double", (SourceFile("double.py", text),), "0" * 64)


@pytest.fixture
def graded():
    """`graded(exercise, text)` is the report of a file."""

    def _graded(exercise, text, seed=7):
        with Worker(exercise, isolation=Isolation.PROCESS) as worker:
            return worker.grade(submission(text), seed)

    return _graded


def explained(exercise, replaced, seed=7):
    """Everything that grading finds out about functions of ours."""
    ours = {**vars(exercise.reference()), **replaced}
    found = Rehearser(exercise, CheckSession(exercise), seed).explained(ours)
    points = score(exercise.rubric, found.outcomes, found.diagnoses)
    names = [[one.id for one in diagnosis.misconceptions] for diagnosis in found.diagnoses]
    return points.earned, points.earned_bonus, found.outcomes, names, dict(found.examples)


def test_each_misconception_has_the_score_and_the_explanation_of_the_whole_course(toy, toy_kit):
    variants = list(variants_of(toy))
    assert len(variants) == 2
    for _, replaced in variants:
        assert explained(toy_kit, replaced) == explained(toy, replaced)
    assert toy_kit.unanswered == 0


@pytest.mark.parametrize(
    ("text", "earned"), [(RIGHT, 5), (RIGHT.replace("x + x", "x + 2"), 2), (RIGHT.replace("x + x", "x * 3"), 2)]
)
def test_a_file_has_the_same_report_in_the_kit(toy, toy_kit, graded, text, earned):
    ours, kits = graded(toy, text), graded(toy_kit, text)
    assert kits.score.earned == earned
    stamped = {"course", "run", "sha256", "remarks"}
    assert kits.model_dump(exclude=stamped) == ours.model_dump(exclude=stamped)


def test_a_report_names_the_hash_of_the_kit(toy_root, toy_kit, graded):
    course = load_course(toy_root)
    _, kit_hash = kit_archive(course, [course.find("1")], 7)
    assert graded(toy_kit, RIGHT).course.hash == kit_hash


def test_a_kit_contains_no_file_of_the_solutions(toy_kit_root):
    found = (path for path in toy_kit_root.rglob("*") if path.is_file() and path.parent.name != "__pycache__")
    names = {path.relative_to(toy_kit_root).as_posix() for path in found}
    assert {name for name in names if not name.endswith(".whl")} == {
        "kit.json",
        "README.md",
        "exercises/01_double/double.py",
        "rubrics/01_double.yaml",
        "tests/hidden/01_double/test_double.py",
        "recorded/01_double/behaviours.npz",
        "recorded/01_double/double.py",
        "recorded/01_double/families.json",
        "recorded/01_double/misconceptions.json",
        "recorded/01_double/programs.npz",
        "recorded/01_double/refused.json",
        "recorded/01_double/reference.npz",
    }


def test_another_seed_is_refused(toy_kit, graded):
    assert toy_kit.practice_seed == 7
    with pytest.raises(OtherSeedError, match="has answers for seed 7 only, and none for seed 0"):
        graded(toy_kit, RIGHT, seed=0)


def test_the_reference_of_a_kit_knows_only_what_was_asked(toy_kit):
    double = toy_kit.reference().double
    with pytest.raises(UnknownQuestionError):
        double(np.array([123.0]))


def test_a_call_that_was_not_recorded_stops_and_is_counted(toy_kit):
    caller = RecordedCaller(toy_kit)
    before = toy_kit.unanswered
    assert isinstance(caller.ask(Request("halve", (np.array([123.0]),))), Stopped)
    assert toy_kit.unanswered == before + 1


def test_a_call_of_the_checks_is_answered_as_the_reference_answers(toy, toy_kit):
    asked = []

    class Noting(DirectCaller):
        def ask(self, request):
            asked.append(request)
            return super().ask(request)

    CheckSession(toy).run(RunContext(Noting(vars(toy.reference())), 7))
    assert len(asked) >= 4
    for request in asked:
        ours, kits = DirectCaller(vars(toy.reference())).ask(request), RecordedCaller(toy_kit).ask(request)
        assert isinstance(kits, Returned)
        np.testing.assert_equal(kits.value, ours.value)


def test_a_report_says_once_that_something_was_not_recorded(toy_kit, graded, monkeypatch):
    assert NOT_RECORDED not in graded(toy_kit, RIGHT).remarks
    recorded = type(toy_kit)._families.func
    monkeypatch.setattr(
        type(toy_kit),
        "calls",
        lambda self: {
            name: replace(one, make=lambda rng, **settings: (rng.normal(size=4),))
            for name, one in recorded(self).items()
        },
    )
    report = graded(toy_kit, RIGHT.replace("x + x", "x * 3"))
    assert report.score.earned == 2
    assert report.remarks.count(NOT_RECORDED) == 1


def test_the_working_copy_of_the_learner_changes_neither_stub_nor_hash(toy_kit_root, toy_kit, tmp_path):
    before = toy_kit.content_hash(), toy_kit.stub.read_bytes()
    copy = toy_kit_root / "exercises" / "01_double" / "double.py"
    original = copy.read_bytes()
    try:
        copy.write_text(RIGHT)
        assert (toy_kit.content_hash(), toy_kit.stub.read_bytes()) == before
    finally:
        copy.write_bytes(original)


def test_a_manifest_of_another_kind_is_refused(tmp_path):
    (tmp_path / "kit.json").write_text('{"format": 2}')
    with pytest.raises(CourseError, match="is not the manifest of a kit that this version of grade can read"):
        load_course(tmp_path)


def test_a_kit_of_a_kit_is_refused(toy_kit_root):
    course = load_course(toy_kit_root)
    with pytest.raises(ReleaseError, match="is a kit already"):
        kit_archive(course, list(course), 0)


def test_the_folder_of_a_kit_is_found_from_inside(toy_kit_root, monkeypatch, tmp_path):
    monkeypatch.setattr("grader.course.root.builtin_course_root", lambda: tmp_path)
    monkeypatch.chdir(toy_kit_root / "exercises" / "01_double")
    assert usual_course_root() == toy_kit_root


# --------------------------------------------------------------------------------------------- grade release --check


@pytest.fixture
def archived(toy_root, tmp_path):
    """`archived(name=bytes, ...)` is a kit in a file, with some members replaced or added."""
    course = load_course(toy_root)
    content, _ = kit_archive(course, [course.find("1")], 7)

    def _archived(members=()):
        path, changed = tmp_path / "kit.zip", tmp_path / "changed.zip"
        path.write_bytes(content)
        with zipfile.ZipFile(path) as old, zipfile.ZipFile(changed, "w") as new:
            for name in old.namelist():
                new.writestr(name, dict(members).get(name, old.read(name)))
            for name, added in dict(members).items():
                if name not in old.namelist():
                    new.writestr(name, added)
        return changed

    return _archived


LONG = "def double(x):\n    total = [value * 2 + index - index for index, value in enumerate(x) if value is not None]\n    return total\n"


@pytest.fixture
def longer(toy_root, tmp_path):
    """The course with a reference that is long enough to be found."""
    import shutil

    root = tmp_path / "longer"
    shutil.copytree(toy_root, root, ignore=shutil.ignore_patterns("__pycache__"))
    path = root / "solutions" / "01_double" / "double.py"
    path.write_text(path.read_text() + LONG.replace("double", "other"))
    return load_course(root)


def test_a_kit_as_it_is_made_passes_the_check(archived, longer):
    checkup = check_kit(archived(), longer)
    assert checkup.faults == ()
    assert checkup.runs > 0


@pytest.mark.parametrize(
    ("name", "place"),
    [
        (f"{FOLDER}/README.md", "kit/README.md"),
        (f"{FOLDER}/recorded/01_double/families.json", "kit/recorded/01_double/families.json"),
        (f"{FOLDER}/recorded/01_double/more.py", "kit/recorded/01_double/more.py"),
    ],
)
def test_a_piece_of_a_solution_is_found_in_what_was_written(archived, longer, name, place):
    faults = check_kit(archived({name: LONG.encode()}), longer).faults
    assert f"{place}: contains a piece of solutions/01_double/double.py" in faults


def test_a_piece_of_a_solution_is_found_in_the_wheel(archived, longer, toy_kit_root):
    (wheel,) = toy_kit_root.glob("*.whl")
    path = archived()
    inner = path.with_name("inner.whl")
    inner.write_bytes(wheel.read_bytes())
    with zipfile.ZipFile(inner, "a") as archive:
        archive.writestr("grader/more.py", LONG)
    faults = check_kit(archived({f"{FOLDER}/{wheel.name}": inner.read_bytes()}), longer).faults
    assert f"kit/{wheel.name}:grader/more.py: contains a piece of solutions/01_double/double.py" in faults


def test_files_that_the_manifest_does_not_have_are_found(archived, longer):
    changed = {f"{FOLDER}/solutions/01_double/double.py": b"", f"{FOLDER}/rubrics/01_double.yaml": b"other"}
    assert set(check_kit(archived(changed), longer).faults) == {
        "kit/solutions/01_double/double.py: kit.json does not list this file",
        "kit/solutions/01_double/double.py: a kit must not contain this file",
        "kit/rubrics/01_double.yaml: differs from what kit.json says",
    }


def test_the_texts_of_misconceptions_are_inside_and_their_programs_are_sealed(toy_kit_root):
    first, _ = json.loads((toy_kit_root / "recorded" / "01_double" / "misconceptions.json").read_text())
    assert first["belief"] == "Doubling a number adds two to it."
    ((name, switches),) = first["forms"]
    assert all(one.startswith("~") for one in (name, *switches, *switches.values()))


def test_a_kit_is_the_same_bytes_when_it_is_made_again(toy_root, archived):
    course = load_course(toy_root)
    one, other = (kit_archive(course, [course.find("1")], 7)[1] for _ in range(2))
    assert one == other


def test_a_kit_of_an_exercise_that_was_changed_is_refused(toy_root, tmp_path):
    import shutil

    root = tmp_path / "changed"
    shutil.copytree(toy_root, root, ignore=shutil.ignore_patterns("__pycache__"))
    path = root / "solutions" / "01_double" / "double.py"
    path.write_text(path.read_text() + "\n# changed\n")
    with pytest.raises(ReleaseError, match="Exercise 1 has changed since it was compiled"):
        kit_of(load_course(root), ["1"], tmp_path / "kit")


def test_a_kit_is_opened_without_numpy_so_that_the_sandbox_imports_it_at_the_same_time(toy_kit_root):
    code = (
        "import sys; from pathlib import Path; from grader.course import load_course\n"
        "exercise = load_course(Path(sys.argv[1])).find('1'); exercise.rubric, exercise.practice_seed\n"
        "sys.exit('numpy' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code, str(toy_kit_root)], cwd=ROOT).returncode == 0


def test_what_an_explanation_needs_is_read_while_the_checks_run(toy_kit_root, monkeypatch):
    exercise = load_course(toy_kit_root).find("1")
    opened = []
    monkeypatch.setattr(recorded_answers, "RecordedAnswers", lambda path: opened.append(path.name))
    exercise.read_ahead()
    exercise.read_ahead()
    for thread in threading.enumerate():
        if thread.name == "recorded answers":
            thread.join()
    exercise._answers("programs")

    assert opened == ["programs.npz"]


def test_a_damaged_file_is_reported_by_whoever_needs_it_and_not_by_reading_ahead(toy_kit_root, tmp_path, capfd):
    shutil.copytree(toy_kit_root, tmp_path / "kit")
    exercise = load_course(tmp_path / "kit").find("1")
    (exercise.folder / "programs.npz").write_bytes(b"PK")
    exercise.read_ahead()
    with pytest.raises(CourseError, match="unpack the kit again"):
        exercise._answers("programs")

    assert capfd.readouterr().err == ""


def test_only_a_failure_is_a_reason_to_read_ahead(toy):
    read = []
    for double, times in ((lambda x: 2 * x, 0), (lambda x: 3 * x, 1)):
        caller = DirectCaller(vars(toy.reference()) | {"double": double})
        CheckSession(toy).run(RunContext(caller, 7, failed=lambda: read.append(1)))
        assert bool(read) == bool(times)
