"""The right programs that patches change are right: each agrees with the reference, values, shapes and arguments."""

import pytest

from grader.authoring.patches import wrong_tastes
from grader.course.taste import right_program
from tests.grading import COURSE

WITH_TASTES = [exercise for exercise in COURSE if exercise.taste_path("*").parent.is_dir()]
TASTES = [(exercise, path) for exercise in WITH_TASTES for path in sorted(exercise.taste_path("*").parent.glob("*.py"))]


def test_the_course_has_tastes():
    assert "01_convolution" in {exercise.key for exercise in WITH_TASTES}


@pytest.mark.parametrize("exercise", WITH_TASTES, ids=lambda one: one.key)
def test_each_taste_agrees_with_the_reference(exercise):
    assert list(wrong_tastes(exercise, exercise.reference())) == []


@pytest.mark.parametrize(("exercise", "path"), TASTES, ids=lambda one: getattr(one, "key", getattr(one, "stem", "")))
def test_each_function_of_a_taste_has_calls_to_compare_it_with(exercise, path):
    defined = {name for name in exercise.rubric.functions if right_program(path, name) is not None}

    assert defined
    assert defined <= set(exercise.calls())


@pytest.mark.parametrize("exercise", WITH_TASTES, ids=lambda one: one.key)
def test_each_taste_is_changed_by_a_patch(exercise):
    used = {
        form.taste
        for one in exercise.misconceptions()
        for function in (one.function, *one.elsewhere)
        for form in one.programs(function)
        if hasattr(form, "taste")
    }

    assert {path.stem for other, path in TASTES if other is exercise} == used
