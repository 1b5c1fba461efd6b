"""A course is found, its exercises answer to their names, and its hash changes with what decides a score."""

import shutil

import pytest

from grader.course import CourseError, UnknownExerciseError, builtin_course_root, load_course
from tests.grading import COURSE


@pytest.mark.parametrize("name", ["3", "03", "03_dropout", "dropout", "Dropout", "dropout.py"])
def test_an_exercise_answers_to_its_names(name):
    assert COURSE.find(name).key == "03_dropout"


def test_an_unknown_exercise_is_answered_with_the_nearest():
    with pytest.raises(UnknownExerciseError) as caught:
        COURSE.find("droput")
    assert str(caught.value).startswith('There is no exercise "droput". Did you mean "dropout"? This course has: ')


def test_a_folder_that_is_no_course(tmp_path):
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


def test_the_hash_covers_what_decides_a_score(tmp_path):
    for folder in ("rubrics", "solutions", "tests/hidden"):
        shutil.copytree(COURSE.root / folder, tmp_path / folder)
    copy = load_course(tmp_path).find("dropout")
    before = copy.content_hash()
    assert before == COURSE.find("dropout").content_hash()
    (copy.checks_path.parent / "notes.txt").write_text("decides nothing")
    assert copy.content_hash() == before
    with copy.checks_path.open("a") as file:
        file.write("# another check\n")
    assert copy.content_hash() != before
