"""Exercise 6: what the checks of a comparison ask for. Each test says what its models know; nothing is trained."""

import importlib.util
from pathlib import Path

import numpy as np
import pytest

from grader.checks import CheckFailedError
from tests.needs import needs_installed

needs_installed("h5py", "reads the weights of the base")
HIDDEN = Path(__file__).parents[1] / "hidden" / "06_transfer_learning" / "test_transfer_learning.py"
SPEC = importlib.util.spec_from_file_location("hidden_transfer_checks", HIDDEN)
checks = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(checks)


RIGHT = (14,) * 4 + (2,) * 4 + (2,) * 2 + (4,) * 2  # scratch, frozen, and fine-tuning with the base frozen and not


class Program:
    """A program whose comparisons give these accuracies, one after another, and its models.

    `learning` says of each epoch how many weights learn in it.
    """

    def __init__(self, *accuracies, learning=RIGHT):
        self._accuracies, self._learning, self._kept = list(accuracies), tuple(learning), {}
        self.compare = self

    def trained(self, *arguments, **named):
        scratch, frozen, finetuned = self._accuracies.pop(0)
        return {"scratch": scratch, "frozen": frozen, "finetuned": finetuned}, self._learning

    def send(self, exported):
        return exported

    def once(self, name, make):
        if name not in self._kept:
            self._kept[name] = make()
        return self._kept[name]

    def keep(self, name, value):
        self._kept[name] = value

    def kept(self, name):
        return self._kept[name]


def seen_by(check, program):
    """Return what a check saw, and the sign; None if it passed."""
    try:
        getattr(checks, check)(program, program, np.random.default_rng(0))
    except CheckFailedError as error:
        return error.seen, error.sign
    return None


def test_one_comparison_above_the_bars_is_enough():
    assert seen_by("test_compare_has_learnt", Program((0.37, 0.9, 0.9))) is None


def test_a_comparison_below_a_bar_is_made_again():
    assert seen_by("test_compare_has_learnt", Program((0.36, 0.9, 0.9), (0.4, 0.36, 0.9))) is None
    assert seen_by("test_compare_has_learnt", Program((0.9, 0.9, 0.7), (0.9, 0.9, 0.8))) is None


@pytest.mark.parametrize(
    ("accuracies", "seen"),
    [
        ([(0.36, 0.9, 0.9), (0.3, 0.9, 0.9)], "scratch knows 36% of the test images"),
        ([(0.9, 0.9, 0.7), (0.9, 0.95, 0.7)], "the accuracy is 20% lower after fine-tuning than with the base frozen"),
    ],
)
def test_two_comparisons_below_a_bar_fail(accuracies, seen):
    assert seen_by("test_compare_has_learnt", Program(*accuracies)) == (seen, "")


def test_more_epochs_than_asked_for_are_seen():
    seen = "called with epochs=4, compare trained for 14 epochs in all"
    program = Program((0.2, 0.2, 0.28), learning=(*RIGHT, 4, 4))
    assert seen_by("test_compare_measures_the_test_images", program) == (seen, "tl.unequal-epochs")


@pytest.mark.parametrize(
    "learning",
    [(), (14,) * 4, RIGHT, RIGHT[:-1], (14,) * 4 + (2,) * 8, (14,) * 10 + (4,) * 2],
)
def test_as_many_epochs_as_asked_for_or_fewer_pass(learning):
    assert seen_by("test_compare_measures_the_test_images", Program((0.2, 0.2, 0.28), learning=learning)) is None


def test_scratch_that_trains_only_its_head_is_named():
    program = Program((0.2, 0.2, 0.2), learning=(2,) * 10 + (4,) * 2)
    seen = "in 10 of 12 epochs only a head learnt"
    assert seen_by("test_compare_measures_the_test_images", program) == (seen, "tl.scratch-frozen")


def test_fine_tuning_without_frozen_epochs_is_named():
    program = Program((0.2, 0.2, 0.2), learning=(14,) * 4 + (2,) * 4 + (4,) * 4)
    seen = "in 4 of 12 epochs only a head learnt"
    assert seen_by("test_compare_measures_the_test_images", program) == (seen, "tl.no-frozen-epochs")


def test_known_random_labels_fail():
    program = Program((0.2, 0.2, 0.37), (0.9, 0.9, 0.9))
    seen, sign = seen_by("test_compare_measures_the_test_images", program)
    assert (seen, sign) == ("finetuned is 37% for random labels of five classes", "tl.measures-training")


@pytest.mark.parametrize(("known", "sign"), [(0.6, None), (0.64, "tl.test-set-selection")])
def test_in_doubt_a_few_images_are_repeated(known, sign):
    found = seen_by("test_compare_measures_the_test_images", Program((0.2, 0.29, 0.36), (0.2, known, 0.2)))
    assert (found and found[1]) == sign


def test_scratch_gets_a_second_try_with_a_blind_base():
    assert seen_by("test_compare_uses_the_base", Program((0.3, 0.2, 0.2), (0.4, 0.2, 0.2))) is None
    seen, _ = seen_by("test_compare_uses_the_base", Program((0.3, 0.2, 0.2), (0.36, 0.2, 0.2)))
    assert seen.startswith("scratch knows 36% of the test images")


def test_statistics_of_the_head_may_move_and_those_of_a_copied_base_may_not():
    before = {
        "head/moving_mean": np.zeros(3),
        "copy/moving_mean": np.array([0.1, 0.2]),
        "norm1/moving_mean": np.zeros(2),
    }
    assert [path for path in before if checks.is_fresh(path, before)] == ["head/moving_mean"]
