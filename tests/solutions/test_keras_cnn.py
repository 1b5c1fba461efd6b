"""Exercise 5: the reference, right networks of other tastes, and what learners get wrong."""

import numpy as np
import pytest

from grader.checks import Verdict
from grader.sandbox.inside.models import prepare
from tests.grading import COURSE, ROOT, functions_in, outcomes_of, reference_functions

KEY = "05_keras_cnn"
STYLES = sorted(path.stem for path in (ROOT / "tests" / "right_answers" / KEY).glob("*.py"))


@pytest.fixture(scope="module")
def misconceptions():
    return {one.id: one for one in COURSE.find(KEY).misconceptions()}


IDS = [
    "unscaled-input", "train-test-scaled-differently", "missing-channel-axis", "channels-first-data", "labels-one-hot",
    "no-nonlinearity", "dense-without-flatten", "logits-without-from-logits", "softmax-and-from-logits",
    "output-activation-relu", "dropout-on-output", "wrong-units", "binary-loss-for-multiclass", "not-compiled",
    "no-pooling", "no-regulariser", "too-many-parameters", "test-set-as-validation", "sparse-vs-onehot",
    "validation-forgotten", "epochs-ignored", "returns-model", "returns-nothing", "argmax-wrong-axis",
    "max-not-argmax", "predicts-rows", "numpy-forgets-activation", "numpy-wrong-bias", "numpy-dropout-scales",
    "numpy-flatten-order",
]  # fmt: skip


def not_passed(functions, seed=0, of=None, but=()):
    prepare(seed)  # as a learner's process begins
    COURSE.find(KEY).reference()  # makes our solutions of other exercises importable, as the learner's own would be
    return {o.name: o for o in outcomes_of(KEY, functions, seed, of, but) if o.verdict is not Verdict.PASSED}


def test_the_list_is_whole(misconceptions):
    assert [f"keras.{name}" for name in IDS] == list(misconceptions)


@pytest.mark.parametrize("name", IDS)
def test_a_misconception_costs_its_own_function(misconceptions, name):
    one = misconceptions[f"keras.{name}"]
    # Training takes seconds: it is left out for functions that have no part in it, and the longest one for all.
    apart = {"prepare", "predict_labels", "numpy_forward"}
    of = apart if one.function in apart else None
    lost = not_passed(
        {**reference_functions(KEY), one.function: one.variant}, of=of, but={"test_knows_held_out_digits"}
    )
    assert not [o for o in lost.values() if o.verdict is Verdict.GRADER_FAULT]
    rubric = COURSE.find(KEY).rubric
    functions = {rubric.criterion_of(check).function for check in lost}
    assert one.function in functions
    assert functions <= {one.function, *(name for name, needed in rubric.needs.items() if one.function in needed)}


@pytest.mark.parametrize("style", STYLES)
def test_right_networks_earn_everything(style):
    functions = functions_in(ROOT / "tests" / "right_answers" / KEY / f"{style}.py", KEY)
    assert not_passed(functions, seed=1) == {}


def test_there_are_four_styles():
    assert len(STYLES) >= 4


@pytest.mark.parametrize("value", [None, 3, "model", np.zeros((2, 2)), {"loss": 1}, [1, 2, 3]])
def test_no_check_stumbles_over_a_weird_answer(value):
    weird = dict.fromkeys(reference_functions(KEY), lambda *_, **__: value)
    outcomes = outcomes_of(KEY, weird)
    assert not [o for o in outcomes if o.verdict is Verdict.GRADER_FAULT]
