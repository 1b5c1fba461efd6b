"""A learner's function finds right functions in place of wrong ones: those that are listed, while it runs, and no more."""

from dataclasses import replace

import numpy as np
import pytest

from grader.sandbox import Raised, Reason, Request, Returned, Sandboxed, Stopped, Substitutes
from grader.sandbox.request import Caller
from grader.submission import SourceFile, Submission

from .conftest import LIMITS

PROGRAM = """
import numpy as np

def wrong(n):
    return -1

def caller(n):
    return wrong(n)

def other(n):
    return wrong(n)
"""


class Ours(Caller):
    """Twice the number that is asked for, and a note of what was asked."""

    def __init__(self, answer=None):
        self.requests = []
        self._answer = answer

    def ask(self, request):
        self.requests.append(request)
        if self._answer is not None:
            return self._answer
        return Returned(request.arguments[0] * 2)


@pytest.fixture
def start(namespaces):
    """`start(source, ours)` returns a loaded submission whose `caller` finds ours in place of `wrong`."""
    opened = []

    def _start(source, ours, limits=LIMITS, **more):
        functions = ["wrong", "caller", "other"]
        submission = Submission("someone", "01_toy", (SourceFile("toy.py", source),), "0" * 64)
        substitutes = Substitutes("caller", frozenset({"wrong"}), ours, **more)
        opened.append(Sandboxed(namespaces, submission, "toy", functions, limits, substitutes=substitutes))
        assert opened[-1].load() is None
        return opened[-1]

    yield _start
    for one in opened:
        one.close()


def program(body, above=""):
    """Return a program whose `caller` has this body."""
    lines = "\n".join(f"    {line}" for line in body.splitlines())
    return PROGRAM.replace("    return wrong(n)", lines, 1) + above


def test_the_caller_finds_ours_and_every_other_function_its_own(start):
    sandboxed = start(PROGRAM, Ours())

    assert sandboxed.call("caller", (21,)) == Returned(42)
    assert sandboxed.call("other", (21,)) == Returned(-1)
    assert sandboxed.call("wrong", (21,)) == Returned(-1)
    assert sandboxed.call("caller", (4,)) == Returned(8)


def test_a_function_that_is_missing_is_found_while_the_caller_runs(start):
    sandboxed = start(PROGRAM + "\ndel wrong\n", Ours())

    assert sandboxed.call("caller", (21,)) == Returned(42)
    assert sandboxed.call("other", (21,)).kind == "NameError"


def test_many_calls_in_one_frame_may_each_ask(start):
    ours = Ours()
    answers = start(program("return [wrong(i) for i in range(n)]"), ours).ask_all(
        [Request("caller", (3,)), Request("other", (3,)), Request("caller", (2,))]
    )

    assert answers == [Returned([0, 2, 4]), Returned(-1), Returned([0, 2])]
    assert len(ours.requests) == 5


def test_arrays_pairs_and_named_arguments_cross_both_ways(start):
    ours = Ours()
    x = np.arange(6.0).reshape(2, 3)
    answer = start(program("y = wrong(n, pads=((1, 2), (3, 4)))\ny[0] += 1\nreturn y"), ours).call("caller", (x,))

    assert np.array_equal(answer.value, x * 2 + [[1], [0]])
    (request,) = ours.requests
    assert request.named == {"pads": ((1, 2), (3, 4))}
    assert np.array_equal(request.arguments[0], x)


@pytest.mark.parametrize(
    ("ours", "kind"),
    [
        (Raised("ValueError", "the rate is 1"), "ValueError"),
        (Raised("LinAlgError", "the rate is 1", base="ValueError"), "ValueError"),
        (Raised("NoSuchError", "the rate is 1"), "RuntimeError"),
        (Raised("UnicodeDecodeError", "the rate is 1"), "RuntimeError"),
        (Raised("SystemExit", "the rate is 1"), "RuntimeError"),
    ],
)
def test_an_exception_of_ours_is_raised_in_the_caller(start, ours, kind):
    answer = start(PROGRAM, Ours(ours)).call("caller", (1,))

    assert (answer.kind, answer.message) == (kind, "the rate is 1")
    assert answer.lines[-1].function == "caller"


@pytest.mark.parametrize("value", ["print", "np.random.default_rng(0)", "{1: 2}", "2**70", "np.array([None])"])
def test_an_argument_that_cannot_be_sent_is_a_type_error(start, value):
    ours = Ours()
    answer = start(program(f"return wrong({value})"), ours).call("caller", (1,))

    assert answer.kind == "TypeError"
    assert answer.message.startswith("wrong got a ")
    assert ours.requests == []


STOLEN = """
import os, sys
stolen = []

def frames():
    return next(one for name, one in sys.modules.items() if name.endswith(".frames") and hasattr(one, "PREFIX"))

def asking(name):
    serving = sys._getframe()
    while "nonce" not in serving.f_locals:
        serving = serving.f_back
    header = {"ending": "asked", "nonce": serving.f_locals["nonce"], "function": name, "arguments": [21], "named": {}, "arrays": []}
    return frames().pack(header, [])

def other(n):
    stolen[0](21)

def wrong(n):
    frames().write(3, asking("wrong"))
"""


def assert_refused(answer):
    assert isinstance(answer, Stopped), answer
    assert answer.reason is Reason.INVALID_ANSWER


def test_a_stub_that_was_kept_is_refused_in_every_other_call(start):
    ours = Ours()
    sandboxed = start(program("stolen.append(wrong)\nreturn wrong(n)", STOLEN), ours)

    assert sandboxed.call("caller", (21,)) == Returned(42)
    answer = sandboxed.call("other", (21,))
    assert_refused(answer)
    assert answer.detail == "other was stopped: it asked the grader for a function that it may not ask for"
    assert len(ours.requests) == 1


def test_a_function_cannot_ask_for_its_own_answer(start):
    ours = Ours()
    assert_refused(start(program("return n", STOLEN), ours).call("wrong", (21,)))
    assert ours.requests == []


@pytest.mark.parametrize("name", ["caller", "other", "nothing", "__import__", ""])
def test_only_what_is_listed_can_be_asked(start, name):
    ours = Ours()
    assert_refused(start(program(f"frames().write(3, asking({name!r}))", STOLEN), ours).call("caller", (21,)))
    assert ours.requests == []


def test_a_forged_frame_in_time_is_answered_like_that_of_a_stub(start):
    """The promise is kept on the wire: a program that may ask can also write the frame itself."""
    body = "frames().write(3, asking('wrong'))\nreturn frames().read(frames().reader(3))[0]['value']"
    assert start(program(body, STOLEN), Ours()).call("caller", (1,)) == Returned(42)


def test_a_frame_while_no_call_runs_ends_the_child(start):
    body = "frame = asking('wrong')\nwrite = os.write\nos.write = lambda to, text: (write(to, text), write(3, frame[0]))[0]"
    ours = Ours()
    sandboxed = start(program(body, STOLEN), ours)

    assert sandboxed.call("caller", (1,)) == Returned(None)
    assert_refused(sandboxed.call("caller", (1,)))
    assert ours.requests == []


@pytest.mark.parametrize(
    "frame",
    [
        {"arguments": [{"t": "h", "i": 0, "d": "", "k": ""}]},
        {"arguments": [{"t": "g", "v": {}}]},
        {"arguments": [{"t": "c", "v": "square"}]},
        {"arguments": [{"t": "a", "i": 0}]},
        {"arguments": [1] * 65},
        {"arrays": [{"dtype": "<f8", "shape": [0]}]},
        {"arrays": [{"dtype": "<f8", "shape": [10]}]},
        {"named": {"x": {"t": "x"}}},
        {"nonce": 1},
        {"more": 1},
    ],
)
def test_a_frame_that_no_stub_writes_ends_the_child(start, frame):
    ours = Ours()
    above = STOLEN.replace("    return frames().pack", f"    header.update({frame!r})\n    return frames().pack")
    assert_refused(start(program("frames().write(3, asking('wrong'))", above), ours).call("caller", (21,)))
    assert ours.requests == []


def test_the_number_of_questions_is_limited(start):
    ours = Ours()
    answer = start(program("return [wrong(i) for i in range(n)]"), ours, left=10).call("caller", (11,))

    assert_refused(answer)
    assert answer.detail == "caller was stopped: it called wrong more than 20,000 times"
    assert len(ours.requests) == 10


def test_endless_questions_take_no_longer_than_a_call(start):
    limits = replace(LIMITS, call_seconds=0.4)
    answer = start(program("while True:\n    wrong(1)"), Ours(), limits, left=10**9).call("caller", (1,))

    assert answer.reason is Reason.TIMED_OUT


def test_questions_whose_answers_nobody_reads_take_no_longer_than_a_call(start):
    body = "frames().read = lambda source: ({'kind': '', 'value': 0, 'arrays': []}, bytearray())\n"
    limits = replace(LIMITS, call_seconds=0.4)
    sandboxed = start(program(body + "while True:\n    wrong(np.zeros(9999))", STOLEN), Ours(), limits, left=10**9)

    assert sandboxed.call("caller", (1,)).reason is Reason.TIMED_OUT


def test_the_bytes_of_questions_count_as_answers(start):
    limits = replace(LIMITS, all_replies_bytes=1_000_000)
    sandboxed = start(program("for _ in range(n):\n    wrong(np.zeros(10_000))\nreturn 0"), Ours(), limits)

    assert sandboxed.call("caller", (5,)) == Returned(0)
    assert 500_000 < sandboxed.left.all_replies_bytes < 1_000_000 - 5 * 80_000
    assert sandboxed.call("caller", (50,)).reason is Reason.OVER_BUDGET


def test_a_question_that_ours_cannot_answer_ends_the_child(start):
    answer = start(PROGRAM, Ours(Stopped(Reason.TIMED_OUT, "too long"))).call("caller", (1,))

    assert_refused(answer)
    assert answer.detail == "caller was stopped: our own wrong has no answer to what it asked"


def test_another_run_has_only_the_time_that_is_left(start):
    sandboxed = start(PROGRAM, Ours())

    assert 0 < sandboxed.left.submission_seconds < LIMITS.submission_seconds
    assert sandboxed.left.call_seconds == LIMITS.call_seconds
