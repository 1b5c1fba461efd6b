"""Exercise 6: the reference, right answers of other tastes, and what learners get wrong."""

import hashlib

import numpy as np
import pytest

from grader.checks import Verdict
from grader.sandbox.inside.models import prepare
from tests.grading import COURSE, ROOT, functions_in, outcomes_of, reference_functions

KEY = "06_transfer_learning"
STYLES = sorted(path.stem for path in (ROOT / "tests" / "right_answers" / KEY).glob("*.py"))
BASE = ROOT / "exercises" / KEY / "base.npz"
BASE_SHA256 = "67ef548da40505ddd60fc53d5072d78ae83c34c3b17f6658b44f325a13f2e0ce"  # of the weights, in order


@pytest.fixture(scope="module")
def misconceptions():
    return {one.id: one for one in COURSE.find(KEY).misconceptions()}


IDS = [
    "base-not-frozen", "whole-model-frozen", "base-weights-random", "bn-statistics-move", "wrong-preprocessing",
    "wrong-units", "not-compiled", "changed-trainable-without-recompile", "unfroze-first-layers",
    "head-and-base-together", "parent-false-child-true-order", "bn-unfrozen", "high-learning-rate",
    "test-set-selection", "measures-training", "fixed-numbers", "returns-list",
]  # fmt: skip


def not_passed(functions, seed=0, of=None, but=()):
    prepare(seed)  # as a learner's process begins
    return {o.name: o for o in outcomes_of(KEY, functions, seed, of, but) if o.verdict is not Verdict.PASSED}


def test_the_list_is_whole(misconceptions):
    assert [f"tl.{name}" for name in IDS] == list(misconceptions)


@pytest.mark.parametrize("name", IDS)
def test_a_misconception_costs_its_own_function(misconceptions, name):
    one = misconceptions[f"tl.{name}"]
    # Training takes seconds: it is left out for functions that have no part in it.
    of = {"add_head", "unfreeze_top"} if one.function == "add_head" else {one.function}
    but = {"test_compare_has_learnt"}
    lost = not_passed({**reference_functions(KEY), one.function: one.variant}, of=of, but=but)
    assert not [o for o in lost.values() if o.verdict is Verdict.GRADER_FAULT]
    rubric = COURSE.find(KEY).rubric
    functions = {rubric.criterion_of(check).function for check in lost}
    assert one.function in functions
    assert functions <= {one.function, *(name for name, needed in rubric.needs.items() if one.function in needed)}


@pytest.mark.parametrize("style", STYLES)
def test_right_answers_earn_everything(style):
    functions = functions_in(ROOT / "tests" / "right_answers" / KEY / f"{style}.py", KEY)
    assert not_passed(functions, seed=1) == {}


def test_there_are_four_styles():
    assert len(STYLES) >= 4


def test_the_base_is_the_one_that_was_trained():
    with np.load(BASE) as data:
        digest = hashlib.sha256(b"".join(data[name].tobytes() for name in sorted(data.files) if name.startswith("w")))
    assert digest.hexdigest() == BASE_SHA256
