"""A course is found, its exercises have names, and its hash changes with everything that can change a score."""

import shutil
import sys

import pytest

from grader.course import CourseError, UnknownExerciseError, builtin_course_root, load_course
from tests.grading import COURSE


@pytest.mark.parametrize("name", ["3", "03", "03_dropout", "dropout", "Dropout", "dropout.py"])
def test_an_exercise_is_found_by_each_of_its_names(name):
    assert COURSE.find(name).key == "03_dropout"


def test_an_unknown_exercise_is_refused_with_the_nearest_name():
    with pytest.raises(UnknownExerciseError) as caught:
        COURSE.find("droput")
    assert str(caught.value).startswith('There is no exercise "droput". Did you mean "dropout"? This course has: ')


def test_a_folder_that_is_not_a_course(tmp_path):
    with pytest.raises(CourseError) as caught:
        load_course(tmp_path)
    assert str(caught.value).endswith("is not a course: expected rubrics in `rubrics/NN_name.yaml` below it")


def test_the_course_of_a_checkout_is_beside_the_package():
    assert builtin_course_root() == COURSE.root


def test_a_rubric_under_another_name(tmp_path):
    (tmp_path / "rubrics").mkdir()
    shutil.copy(COURSE.find("dropout").rubric_path, tmp_path / "rubrics" / "09_other.yaml")
    with pytest.raises(CourseError) as caught:
        load_course(tmp_path).find("9").rubric  # noqa: B018 # reading it is what fails
    assert '`exercise` is "03_dropout", expected "09_other"' in str(caught.value)


def test_a_reference_imports_other_exercises_without_a_longer_path(copy, monkeypatch):
    written(copy, "solutions/03_dropout/dropout.py", "def dropout():\n    from pooling import LOSS\n    return LOSS\n")
    written(copy, "solutions/02_pooling/pooling.py", "LOSS = 7\n")
    rubric = copy.root / "rubrics/03_dropout.yaml"
    rubric.write_text(rubric.read_text().replace("module: dropout\n", "module: dropout\ncompanions: [pooling]\n"))
    monkeypatch.delitem(sys.modules, "pooling", raising=False)
    before = list(sys.path)

    assert load_course(copy.root).find("3").reference().dropout() == 7
    assert sys.path == before


@pytest.fixture
def copy(tmp_path):
    """Return a copy of our course in another folder."""
    for folder in ("exercises", "rubrics", "solutions", "tests/hidden"):
        shutil.copytree(COURSE.root / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__"))
    return load_course(tmp_path)


def written(copy, path, text="changed"):
    """Write a file of the course, in a folder that may be new."""
    file = copy.root / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)
    return file


def test_the_hash_does_not_depend_on_the_folder_of_the_course(copy):
    assert [one.content_hash() for one in copy] == [one.content_hash() for one in COURSE]
    assert len({one.content_hash() for one in copy}) == 7


@pytest.mark.parametrize(
    "path",
    [
        "rubrics/05_keras_cnn.yaml",
        "solutions/05_keras_cnn/keras_cnn.py",
        "solutions/05_keras_cnn/misconceptions.py",
        "solutions/05_keras_cnn/tables/new.json",
        "tests/hidden/05_keras_cnn/test_keras_cnn.py",
        "tests/hidden/05_keras_cnn/new.txt",
        "exercises/05_keras_cnn/digits.npz",
        "exercises/05_keras_cnn/new.py",
        "solutions/02_pooling/pooling.py",
    ],
)
def test_the_hash_covers_the_folders_of_an_exercise_and_its_companions(copy, path):
    before = copy.find("5").content_hash()
    with (copy.root / path).open("ab") if (copy.root / path).exists() else written(copy, path).open("ab") as file:
        file.write(b"\n# changed\n")
    assert copy.find("5").content_hash() != before


@pytest.mark.parametrize(
    ("line", "path"),
    [
        ("from common import twice", "common.py"),
        ("from common import twice", "solutions/common.py"),
        ("import numpy, common.numbers as n", "solutions/common/numbers.py"),
        ("from common import numbers", "solutions/common/numbers.py"),
        ("from common import numbers", "solutions/common/__init__.py"),
        ("if True: import solutions.common", "solutions/common.py"),
        ("import zahlen_äöü", "tests/hidden/zahlen_äöü.py"),
    ],
)
def test_the_hash_covers_what_is_imported_from_elsewhere_in_the_course(copy, line, path):
    written(copy, "solutions/03_dropout/uses.py", "from tests import shared\n")
    written(copy, "tests/shared.py", f"{line}\n")
    written(copy, path, "TWICE = 2\n")
    before = copy.find("3").content_hash()
    written(copy, path, "TWICE = 3\n")
    assert copy.find("3").content_hash() != before


def test_the_hash_covers_what_a_companion_imports_from_its_own_folder(copy):
    with (copy.root / "solutions/02_pooling/pooling.py").open("a") as file:
        file.write("from .windows import WINDOWS\n")
    written(copy, "solutions/02_pooling/windows.py", "WINDOWS = 1\n")
    before = copy.find("5").content_hash()
    written(copy, "solutions/02_pooling/windows.py", "WINDOWS = 2\n")
    assert copy.find("5").content_hash() != before


def test_the_hash_covers_the_data_of_another_exercise_that_a_check_reads(copy):
    before = copy.find("6").content_hash()
    (copy.root / "exercises/05_keras_cnn/digits.npz").write_bytes(b"other digits")
    assert copy.find("6").content_hash() != before


def test_the_hash_covers_the_version_of_the_engine(copy, monkeypatch):
    before = copy.find("3").content_hash()
    monkeypatch.setattr("grader.course.content.__version__", "99.0")
    assert copy.find("3").content_hash() != before


@pytest.mark.parametrize(
    "path",
    [
        "solutions/03_dropout/__pycache__/dropout.cpython-311.pyc",
        "solutions/03_dropout/dropout.pyc",
        "solutions/03_dropout/dropout.py~",
        "solutions/03_dropout/.dropout.py.swp",
        "solutions/03_dropout/#dropout.py#",
        "tests/hidden/03_dropout/.DS_Store",
        "tests/hidden/03_dropout/test_dropout.py.orig",
        "exercises/03_dropout/.ipynb_checkpoints/dropout.ipynb",
        "exercises/03_dropout/dropout.py",  # the stub, which learners edit
        "exercises/02_pooling/notes.txt",
        "solutions/02_pooling/pooling.py",
        "grader/common.py",
        "numpy.py.txt",
    ],
)
def test_the_hash_does_not_cover_files_that_change_no_score(copy, path):
    written(copy, "solutions/03_dropout/uses.py", "import dropout\nimport numpy\nfrom grader.common import double\n")
    before = copy.find("3").content_hash()
    written(copy, path)
    assert copy.find("3").content_hash() == before


def test_a_file_of_an_exercise_that_cannot_be_read_is_a_fault_of_the_course(copy, monkeypatch):
    def refuse(path):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("pathlib.Path.read_bytes", refuse)
    exercise = copy.find("3")
    exercise.rubric  # noqa: B018 # read before
    with pytest.raises(CourseError) as caught:
        exercise.content_hash()
    assert str(caught.value).endswith(": cannot be read: Permission denied")
