"""The file of a course with the answers of its wrong programs: a diagnosis that reads it sees the same as without it."""

import shutil

import numpy as np
import pytest

from grader.authoring.compilation import compile_exercise
from grader.course import load_course
from grader.diagnosis.answers import Failed, answer_of, same
from grader.diagnosis.behaviours import AS_REFERENCE, behaviours_path, read_behaviours
from grader.diagnosis.exploration import OF_CHECKS, Item, calls_of, questions_of
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


def test_the_file_tells_exceptions_from_other_answers(exercise):
    known = read_behaviours(exercise)
    seen = set()
    for function, family in exercise.calls().items():
        programs = Programs(exercise, function, exercise.misconceptions(), known[function])
        for call in calls_of(family, programs.reference):
            assert known[function].raises(call.fingerprint, AS_REFERENCE) is False
            for form, number in enumerate(known[function].of(call.fingerprint).tolist()):
                raises = isinstance(answer_of(exercise.program(function, programs.forms[form].form), call), Failed)
                assert known[function].raises(call.fingerprint, number) is raises
                seen.add(raises)
    assert seen == {True, False}


def test_of_an_unknown_call_and_of_a_file_of_an_earlier_version_it_is_not_known_what_raises(exercise, monkeypatch):
    path = behaviours_path(exercise)
    with np.load(path) as file:
        earlier = {name: file[name] for name in file.files if not name.endswith(".raising")}
    function, family = next(iter(exercise.calls().items()))
    call = calls_of(family, getattr(exercise.reference(), function))[0]
    written = path.with_name("earlier.npz")
    np.savez_compressed(written, **earlier)
    assert read_behaviours(exercise)[function].raises(b"another call", 1) is None

    monkeypatch.setattr("grader.diagnosis.behaviours.behaviours_path", lambda exercise: written)
    known = read_behaviours(exercise)

    assert known[function].raises(call.fingerprint, 1) is None
    programs = Programs(exercise, function, exercise.misconceptions(), known[function])
    assert [len(list(programs.classes(call, raised=raised))) for raised in (True, False)] == [
        len(list(programs.classes(call)))
    ] * 2


class TestWithoutRunning:
    @pytest.fixture
    def programs(self, exercise, monkeypatch):
        """Return the programs of a function, none of which may run."""
        function = "shift2d"
        found = Programs(exercise, function, exercise.misconceptions(), read_behaviours(exercise)[function])

        def run(program, call):
            raise AssertionError("a program ran")

        monkeypatch.setattr("grader.diagnosis.programs.answer_of", run)
        return found

    @pytest.fixture
    def calls(self, exercise):
        """Return the plain calls, whose arrays are stored."""
        family = exercise.calls()["shift2d"]
        return calls_of(family, exercise.reference().shift2d, 1)

    def test_arrays_are_compared(self, programs, calls):
        arrays = [answer for call in calls for answer, _ in programs.classes(call, raised=False)]
        assert len(arrays) > 100
        assert not any(isinstance(answer, Failed) for answer in arrays)

    def test_exceptions_are_left_to_run(self, programs, calls):
        with pytest.raises(AssertionError, match="a program ran"):
            [list(programs.classes(call, raised=True)) for call in calls]

    def test_the_forms_that_change_a_call_are_known(self, programs, calls):
        changed = [set(programs.changed_in(call)) for call in calls]
        numbers = [programs._behaviours.of(call.fingerprint) for call in calls]
        assert any(changed)
        assert all(numbers[i][form] != AS_REFERENCE for i, forms in enumerate(changed) for form in forms)


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
