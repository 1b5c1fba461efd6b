"""The file of a course with the answers of its wrong programs: a diagnosis that reads it sees the same as without it."""

import shutil

import numpy as np
import pytest

from grader.authoring.compilation import compile_exercise
from grader.course import load_course
from grader.diagnosis.answers import Failed, answer_of, same
from grader.diagnosis.behaviours import behaviours_path, read_behaviours
from grader.diagnosis.exploration import OF_CHECKS, Item, questions_of
from grader.diagnosis.programs import RIGHT, Programs
from grader.diagnosis.recorder import Recorded
from grader.diagnosis.search import Search
from grader.sandbox.answer import Returned
from tests.grading import COURSE

KEY = "00_why_cnns"


@pytest.fixture(scope="module")
def exercise(tmp_path_factory):
    """Return an exercise in a course of its own, compiled again."""
    root = tmp_path_factory.mktemp("course")
    for tree in ("exercises", "solutions", "tests/hidden"):
        shutil.copytree(COURSE.root / tree / KEY, root / tree / KEY)
    (root / "rubrics").mkdir()
    shutil.copy(COURSE.find(KEY).rubric_path, root / "rubrics")
    found = load_course(root).find(KEY)
    behaviours_path(found).unlink()
    assert compile_exercise(found) == behaviours_path(found)
    return found


def test_the_stored_answer_of_each_program_is_what_it_answers(exercise):
    known = read_behaviours(exercise)
    stored = 0
    for function, family in exercise.calls().items():
        programs = Programs(exercise, function, exercise.misconceptions(), known[function])
        for call in (one.call for aspects in (0, 1) for one in questions_of(family, programs.reference, aspects)):
            for mix in (RIGHT, *((form,) for form in range(len(programs.forms)))):
                program = (
                    programs.reference if mix == RIGHT else exercise.program(function, programs.forms[mix[0]].form)
                )
                lives, kept = answer_of(program, call), programs.answer(mix, call)
                assert same(lives, kept) or lives is kept is None
            stored += known[function].answer(call, 0) is not None
    assert stored > 50


def test_exceptions_are_not_stored(exercise):
    known = read_behaviours(exercise)
    raising = [
        (call, number)
        for function, family in exercise.calls().items()
        for programs in [Programs(exercise, function, exercise.misconceptions(), known[function])]
        for call in (one.call for one in questions_of(family, programs.reference, 1))
        for form in range(len(programs.forms))
        if isinstance(programs.answer((form,), call), Failed)
        for number in [int(known[function].of(call.fingerprint)[form])]
        if known[function].answer(call, number) is not None
    ]
    assert raising == []


@pytest.mark.parametrize("part", [0, 10, 1000], ids=["empty", "ten bytes", "torn"])
def test_without_a_whole_file_nothing_is_known(exercise, part, tmp_path, monkeypatch):
    whole = behaviours_path(exercise).read_bytes()
    damaged = tmp_path / "behaviours.npz"
    damaged.write_bytes(whole[:part])
    monkeypatch.setattr("grader.diagnosis.behaviours.behaviours_path", lambda exercise: damaged)
    assert len(whole) > part
    assert read_behaviours(exercise) == {}


@pytest.mark.parametrize(
    ("answers", "idle"),
    [
        ([[0.0, 0.0], [0.0]], True),
        ([[np.nan, np.nan], [np.nan]], True),
        ([[], [1.0]], True),
        ([[0.0, 0.0], [1.0]], False),
        ([[0.0, 1.0]], False),
    ],
)
def test_a_result_with_one_number_for_all_calls_is_idle(answers, idle):
    programs = Programs(COURSE.find(KEY), "conv_params", ())
    search = Search(programs)
    for answer in map(np.array, answers):
        call = Recorded((), {}, Returned(answer), 0)
        search.items.append(Item(call, call.answer, OF_CHECKS, (), 0, answer, answer))
    assert search.idle_parts == ({0} if idle else set())
