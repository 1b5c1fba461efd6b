"""What a course shows of a program after grading: it costs no points, and a bad answer loses only the picture."""

import shutil

import numpy as np
import pytest
from pydantic import ValidationError

from grader.checks import CheckFailedError, DirectCaller
from grader.checks.models import Models
from grader.checks.seen import CLASSES, EPOCHS, SIDE, Bar, Chart, Curve, Map, Maps, Table
from grader.checks.session import RunContext
from grader.checks.sight import Sight, seen_by, seen_of, sights_of
from grader.course import Exercise
from grader.sandbox import Reason
from tests.grading import COURSE, reference_functions, session_of

POOLING = "02_pooling"


def shown_by(key, **changed):
    """What a learner sees whose functions are those of the reference, but for the changed ones."""
    context = RunContext(DirectCaller(reference_functions(key) | changed), 0)
    return list(seen_by(session_of(key), context, sights_of(COURSE.find(key))))


@pytest.mark.parametrize("exercise", list(COURSE), ids=lambda exercise: exercise.key)
def test_an_exercise_that_promises_pictures_declares_them(exercise):
    assert bool(exercise.rubric.sees) == exercise.sights_path.is_file()
    criteria = {one.id for one in exercise.rubric.criteria}
    assert {one.criterion for one in sights_of(exercise)} <= criteria


def test_an_edge_filter_finds_the_edges_of_a_digit():
    (seen,) = shown_by("01_convolution")

    digit, across, down = (np.array(one.rows) for one in seen.body.maps)
    assert np.allclose(across[:, 1:-1], digit[:, 2:] - digit[:, :-2])
    assert np.allclose(down[1:-1], digit[2:] - digit[:-2])


def test_pooling_keeps_the_largest_of_each_four_pixels():
    (seen,) = shown_by(POOLING)

    digit, largest, mean = (np.array(one.rows) for one in seen.body.maps)
    blocks = digit.reshape(4, 2, 4, 2)
    assert np.allclose(largest, blocks.max(axis=(1, 3)))
    assert np.allclose(mean, blocks.mean(axis=(1, 3)))


def test_a_wrong_answer_is_shown_too():
    (seen,) = shown_by(POOLING, max_pool2d=lambda x, size: np.zeros((1, 4, 4, 1)))

    assert not np.any(seen.body.maps[1].rows)


def test_an_unwritten_function_shows_nothing():
    def unwritten(x, size):
        raise NotImplementedError

    assert shown_by(POOLING, max_pool2d=unwritten) == []


def test_an_exception_is_named_in_place_of_the_picture():
    def broken(x, size):
        raise ValueError("no window")

    (seen,) = shown_by(POOLING, max_pool2d=broken)

    assert seen.body is None
    assert seen.lost.startswith("max_pool2d raised ValueError: no window")
    assert len(seen.lost) <= 200


@pytest.mark.parametrize(
    "answer",
    [
        None,
        "pooled",
        np.array(3.0),
        np.zeros((1, 4)),
        np.zeros((0, 4, 4, 1)),
        np.zeros((1, SIDE + 1, 4, 1)),
        np.zeros((1, 1000, 1000, 1)),
        np.full((1, 4, 4, 1), np.nan),
        np.full((1, 4, 4, 1), np.inf),
        np.zeros((1, 4, 4, 1), complex),
        [[[[1.0], [2.0]], [[3.0]]]],
    ],
    ids=str,
)
def test_an_answer_that_cannot_be_drawn_loses_the_picture(answer):
    (seen,) = shown_by(POOLING, max_pool2d=lambda x, size: answer)

    assert seen.body is None
    assert seen.lost


def test_a_sight_that_breaks_says_how_and_harms_no_other():
    def broken():
        raise ZeroDivisionError

    def whole():
        return Maps(maps=(Map(caption="one", rows=np.ones((1, 1))),))

    sights = (Sight("Broken", broken, "c"), Sight("Whole", whole, "c"))
    first, second = seen_by(session_of(POOLING), RunContext(DirectCaller({}), 0), sights)

    assert (first.title, first.lost) == ("Broken", "this answer cannot be drawn (ZeroDivisionError)")
    assert second.body is not None


def test_too_little_memory_for_a_picture_costs_the_picture():
    def too_large():
        raise MemoryError

    (seen,) = seen_by(session_of(POOLING), RunContext(DirectCaller({}), 0), (Sight("Large", too_large, "c"),))

    assert (seen.body, seen.lost) == (None, "there was not enough memory for it")


def test_a_history_is_kept_as_data():
    class History(Models):
        def history(self, found):
            if found is None:
                raise CheckFailedError(Reason.WRONG_TYPE, "train returned no History")
            return {"loss": [1.0]}

    models = History(None, None)
    models.keep_history("training", object())
    assert models.kept("training") == {"loss": [1.0]}
    models.keep_history("training", None)
    with pytest.raises(CheckFailedError, match="no History"):
        models.kept("training")


def test_a_broken_file_of_sights_loses_only_the_pictures(tmp_path):
    for folder in ("rubrics", "tests/hidden/02_pooling"):
        (tmp_path / folder).mkdir(parents=True)
    shutil.copy(COURSE.find(POOLING).rubric_path, tmp_path / "rubrics")
    (tmp_path / "tests" / "hidden" / POOLING / "sights.py").write_text("SIGHTS = (\n", encoding="utf-8")

    (seen,) = seen_of(
        session_of(POOLING), RunContext(DirectCaller({}), 0), Exercise(POOLING, tmp_path), ["max-windows"]
    )

    assert seen.lost == "the sights of the course cannot be read (SyntaxError)"


def test_a_number_that_is_not_finite_is_a_gap_in_a_curve():
    curve = Curve(name="loss", values=(2.0, float("inf"), float("nan"), 1e300, 0.5))

    assert curve.values == (2.0, None, None, None, 0.5)


@pytest.mark.parametrize(
    "make",
    [
        lambda: Map(caption="ragged", rows=((1.0, 2.0), (3.0,))),
        lambda: Map(caption="large", rows=np.zeros((SIDE + 1, 1))),
        lambda: Map(caption="c" * 1000, rows=np.zeros((1, 1))),
        lambda: Curve(name="long", values=(0.0,) * (EPOCHS + 1)),
        lambda: Curve(name="empty", values=()),
        lambda: Chart(name="none", curves=()),
        lambda: Table(rows=("a",), columns=("a", "b"), counts=((1,),)),
        lambda: Table(rows=("a",), columns=("a",), counts=((-1,),)),
        lambda: Table(rows=("a",) * (CLASSES + 1), columns=("a",), counts=((1,),) * (CLASSES + 1)),
        lambda: Bar(name="more than all", share=1.01),
        lambda: Bar(name="not a number", share=float("nan")),
    ],
)
def test_what_does_not_fit_a_screen_is_refused(make):
    with pytest.raises(ValidationError):
        make()


def test_what_a_check_keeps_is_found_by_a_sight_of_the_same_run():
    kept = {}
    Models(None, None, kept).keep("training", 7)

    assert Models(None, None, kept).kept("training") == 7


def test_a_sight_never_starts_a_training_that_no_check_has_started():
    with pytest.raises(CheckFailedError, match="no check has got as far as training"):
        Models(None, None).kept("training")
