"""The attacks on files, memory and other processes, with Landlock instead of namespaces."""

import pytest

from grader.grading import Worker
from grader.sandbox import Isolation
from grader.sandbox.inside import landlock

from .test_hostile import EXERCISE, HERE, LIMITS, grade

ATTACKS = (
    "leave_by_fork_storm", "leave_by_network", "leave_by_signals", "leave_by_subprocess", "leave_files_behind",
    "look_at_descriptors", "look_at_environment", "look_at_memory", "look_at_proc", "look_at_the_grader",
    "look_by_ptrace", "look_for_other_submissions", "look_for_the_course", "look_through_gc", "look_through_modules",
    "look_up_the_stack", "tell_by_futex", "tell_by_notification", "tell_by_page_cache", "tell_by_record_locks",
)  # fmt: skip

pytestmark = pytest.mark.skipif(landlock.abi() == 0, reason="this kernel has no Landlock")


@pytest.fixture(scope="module")
def plain():
    with Worker(EXERCISE, Isolation.PROCESS, LIMITS) as worker:
        yield worker


@pytest.fixture(scope="module")
def plain_floor(plain):
    """What wrong answers earn by themselves."""
    return grade(plain, HERE / "plain_wrong" / "dropout.py").score.earned


@pytest.mark.parametrize("attack", ATTACKS)
def test_an_attack_in_a_plain_process(plain, plain_floor, attack):
    report = grade(plain, HERE / attack / "dropout.py")

    assert report.score.earned <= plain_floor
    assert report.grader_faults == ()
    told = [check.message for criterion in report.criteria for check in criterion.checks]
    assert not [message for message in told if "SystemError" in message]
    assert report.isolation == "process"
