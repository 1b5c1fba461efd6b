"""One mistake is charged once, is named, and every sentence of the report is true.

Each program in this folder has one mistake. What it may cost was decided by people before the checks were written.
"""

import hashlib
from functools import cache
from pathlib import Path

import pytest

from grader.grading.worker import Worker
from grader.report.terminal import render_terminal
from grader.submission import SourceFile, Submission
from tests.grading import COURSE

FOLDER = Path(__file__).parent
LOST = {
    "step_without_bias": ("01_convolution", {"step-bias": 0.5}, ["conv.bias-forgotten"]),
    "symmetric_same_padding": ("01_convolution", {"same-odd-zero": 0.5}, ["conv.same-half-of-one-less"]),
    "strides_swapped": ("01_convolution", {"stride": 0.5, "combined": 0.25}, ["conv.stride-axes-swapped"]),
    "gradients_averaged": ("01_convolution", {"backward-images": 0.75}, ["convb.grads-averaged-over-batch"]),
    "padding_halved": (
        "01_convolution",
        # Its backward pass raises for a padding of 1, also in the check of its arguments.
        {"padding": 0.75, "backward-padding": 0.5, "backward-combined": 0.25, "backward-unchanged": 0.25},
        ["conv.number-is-the-total"],
    ),
    "pads_with_zeros": (
        "02_pooling",
        {"max-padding": 0.38, "avg-padding": 0.75},
        ["pool.max-pads-with-zero", "pool.avg-counts-padding"],
    ),
    "mask_not_scaled": ("03_dropout", {"mask": 0.5}, ["drop.mask-not-scaled"]),
    "one_coin_per_feature": (
        "03_dropout",
        {"independent-units": 0.38, "backward": 0.62},  # its backward pass forgets the scale
        ["drop.mask-shared-across-batch", "drop.backward-no-scale"],
    ),
    "endless_loop": (
        "03_dropout",
        {"moments-mean": 0.25, "moments-variance": 0.5, "moments-unchanged": 0.25},
        [],
    ),
    "variance_over_n_minus_1": ("04_batch_norm", {"normalises": 1.25}, ["bn.ddof-1"]),
    "statistics_are_constants": ("04_batch_norm", {"backward-input": 1.31}, ["bnb.statistics-are-constants"]),
}
"""The exercise of each program, the points that it loses in each criterion, and what is named."""

TOTAL = {
    "half_a_stub": ("03_dropout", 6.5),  # what is missing
    # One function swaps its arguments, another one raises NameError: neither gives a single right answer.
    "typos": ("04_batch_norm", 8.0),
}
"""The exercise of each program that fails whole functions, and the points that it loses."""

SAID = {
    "step_without_bias": [
        "For this input, y is [185]; expected [225].",
        "What does an image of zeros give?",
        "conv2d: Checked with a right conv2d_step, because yours is wrong.",
    ],
    "symmetric_same_padding": [
        "For this input, after is 0; expected 1.",
        "Checked with a right same_padding, because yours is wrong.",
    ],
    "strides_swapped": ["The first number of the stride is for rows.", "Which number of the pair is for rows?"],
    "gradients_averaged": ["Nudge b a little. By how much does the sum of y * dy change?"],
    "padding_halved": ["With padding 1, one pixel 5 becomes 5 in a frame of eight zeros."],
    "pads_with_zeros": [
        "All pixels are negative. Where does your 0 come from?",
        'Same cause as "Pads so that the padding never wins" above; no points lost.',
    ],
    "variance_over_n_minus_1": ["is the standard deviation of your output 1?"],
    "statistics_are_constants": ["If you add 1 to every x, does y change?"],
}
NOT_SAID = {
    "step_without_bias": ["Where must the second window start?"],
    "symmetric_same_padding": ["reshape", "a[0:-0]"],
    "strides_swapped": ["even kernel, how many zeros"],
    "gradients_averaged": ["a[0:-0]", "Where did window i start"],
    "mask_not_scaled": ["y[0"],
    "one_coin_per_feature": ["% of the units were dropped"],
}


@cache
def worker(key):
    return Worker(COURSE.find(key))


@pytest.fixture(scope="module", autouse=True)
def _close_workers():
    yield
    for key in {one[0] for one in (*LOST.values(), *TOTAL.values())}:
        worker(key).close()
    worker.cache_clear()


@cache
def report_of(name):
    key = (LOST.get(name) or TOTAL[name])[0]
    text = (FOLDER / f"{name}.py").read_text(encoding="utf-8")
    file = SourceFile(f"{COURSE.find(key).rubric.module}.py", text)
    return worker(key).grade(Submission("ada", key, (file,), hashlib.sha256(text.encode()).hexdigest()), 0)


@pytest.mark.parametrize("name", LOST)
def test_one_mistake_costs_its_own_criterion_and_is_named(name):
    _, lost, named = LOST[name]
    report = report_of(name)

    found = {one.id: round(one.possible - one.earned, 2) for one in report.criteria if one.earned < one.possible}
    bonus = {one.id for one in report.criteria if one.bonus}
    assert {name: points for name, points in found.items() if name not in bonus} == lost
    assert list(dict.fromkeys(one.id for one in report.diagnoses)) == named


@pytest.mark.parametrize("name", TOTAL)
def test_a_function_without_a_right_answer_costs_its_own_points_only(name):
    score = report_of(name).score

    assert score.possible - score.earned == TOTAL[name][1]


@pytest.mark.parametrize("name", SAID)
def test_the_report_says_what_is_true_and_asks_what_helps(name):
    shown = " ".join(render_terminal(report_of(name), width=400, colour=False).split())

    for sentence in SAID[name]:
        assert sentence in shown
    for sentence in NOT_SAID.get(name, ()):
        assert sentence not in shown
