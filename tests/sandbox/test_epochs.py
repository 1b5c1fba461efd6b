"""An answer tells of each epoch that began during its call how many weight arrays learnt in it."""

import json

from grader.checks.proxy import SubmissionProxy
from grader.sandbox import Caller, Limits
from grader.sandbox.answer import Returned
from grader.sandbox.child import Child
from tests.checks.test_map import RUBRIC
from tests.sandbox.test_forged_frames import NONCE, reply_of

ANSWER, _ = reply_of(3)


def epoch(number, of):
    return {"ending": "epoch", "nonce": NONCE, "number": number, "of": of, "learning": 2 * number}


class Connection:
    """A child that reports epochs before each of its answers."""

    number = 1

    def __init__(self, *epochs):
        self._frames = [frame for count in epochs for frame in [*(epoch(n + 1, count) for n in range(count)), ANSWER]]

    def has_early_bytes(self):
        return False

    def write(self, pieces, deadline):
        pass

    def processor_seconds(self):
        return None

    def end(self, wait=True):
        pass

    def read_frame(self, deadline, limit):
        return json.dumps(self._frames.pop(0)).encode(), b""


def test_each_answer_has_its_own_epochs():
    told = []
    child = Child(Connection(3, 0, 2), Limits(), lambda number, of: told.append((number, of)))
    answers = child._answers([], NONCE, ["f"] * 3, [None] * 3, 5.0)
    assert [answer.learning for answer in answers] == [(2, 4, 6), (), (2, 4)]
    assert told == [(1, 3), (2, 3), (3, 3), (1, 2), (2, 2)]


class Trains(Caller):
    """Answers each call after twelve epochs."""

    def ask(self, request):
        return Returned(4.0, learning=(6,) * 12)


def test_a_check_gets_the_epochs_with_the_answer():
    answer, learning = SubmissionProxy(RUBRIC, Trains(), {}).halve.trained(8.0)
    assert (float(answer), learning) == (4.0, (6,) * 12)


def test_epochs_make_no_difference_between_answers():
    assert Returned(4.0, learning=(6,) * 12) == Returned(4.0)
