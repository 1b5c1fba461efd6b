"""The retry policy: who gets another try in a fresh worker, and when the grader gives up."""

import pytest

from grader.batch.breach import Breach, verdict
from grader.batch.retries import Retries
from grader.batch.task import Task

TASK = Task(0, "anna", "01_double", "0" * 64, "in", (), 0, seconds=2.0)
OTHER = Task(1, "bob", "01_double", "0" * 64, "in", (), 0)


def test_a_fault_of_the_grader_is_tried_once_more():
    retries = Retries()

    assert [retries.next_try(TASK), retries.next_try(TASK), retries.next_try(OTHER)] == [TASK, None, OTHER]


@pytest.mark.parametrize("second", [Breach.STUCK, Breach.MEMORY])
def test_a_submission_that_breaks_two_workers_is_charged_and_a_third_breach_is_a_fault_of_the_grader(second):
    retries = Retries()

    assert retries.next_try(TASK, Breach.STUCK) == TASK
    charged = retries.next_try(TASK, second)
    assert charged.unreadable == verdict(second, 2.0)
    assert retries.next_try(charged, Breach.STUCK) is None


def test_a_breach_does_not_use_up_the_retry_after_a_fault_of_the_grader():
    retries = Retries()

    assert retries.next_try(TASK, Breach.DIED) == TASK
    assert retries.next_try(TASK) == TASK
