"""Every frame is an answer within bounds or a ProtocolError. A forged frame is never a grader fault and earns no point.

The tests mutate valid replies as trees and as bytes. The mutations are random, but the same in each run.
"""

import json
import math
from dataclasses import dataclass
from functools import partial

import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from grader.checks import Verdict
from grader.checks.session import RunContext
from grader.diagnosis import Diagnostician, Recorder, in_words, smallest_failing
from grader.report import Circumstances, Judgement, build_report, to_json
from grader.sandbox import Foreign, Raised, Reason, Returned, Stopped, wire
from grader.sandbox.inside.values import ARRAY_TYPES, REPLY, TEXT_LIMIT, Encoder
from grader.sandbox.request import Caller, Request
from grader.scoring import score
from grader.submission import Submission
from tests.grading import COURSE, session_of

NONCE = 7
FRAMES = settings(max_examples=1200, deadline=None, derandomize=True, database=None)
CHECKS = settings(deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))


def deep(times):
    node = 1
    for _ in range(times):
        node = {"t": "l", "v": [node]}
    return node


ATOMS = (
    None, True, -1, 0, 1, 2**31, 2**63, 2**64, -(2**64), int("9" * 401), 1e308, -0.0, math.nan, math.inf, 0.5,
    "", "x", "\ud800", "a\0b", "x" * (TEXT_LIMIT + 1), "x" * 3900, "\u202e", "9" * 5000, "nan", "1e999",
    [], {}, [[]], [0, 2**39, 2**39], [2**39, 2**39], [0, 2**40 - 1], [0] * 16, [1] * 17, [[2**40, "f"]], ["a", "b"],
    {"t": "a", "i": 0}, {"t": "a", "i": 1}, {"t": "a", "i": -1}, {"t": "a", "i": True}, {"t": "a", "i": 2**64},
    {"t": "a", "i": 0, "f": True}, {"t": "u", "v": [{"t": "a", "i": 0}] * 2}, {"t": "l", "v": [{"t": "a", "i": 0}] * 30_000},
    {"t": "h", "i": 0, "d": "a model"}, {"t": "h", "i": -1, "d": "x"}, {"t": "h", "i": True, "d": "x"},
    {"t": "h", "i": 2**64, "d": "x"}, {"t": "h", "i": 0, "d": "x" * 9000}, {"t": "h", "i": 0, "d": 3}, {"t": "h"},
    {"t": "g", "v": {}}, {"t": "g", "v": {"bit_generator": "PCG64"}}, {"t": "c", "v": "square"}, {"t": "c", "v": []},
    {"t": "f", "v": "nan"}, {"t": "f", "v": "1e999"}, {"t": "f", "v": int("9" * 401)}, {"t": "f", "v": []},
    {"t": "z", "v": ["1", "inf"]}, {"t": "z", "v": ["9" * 100_000, "1"]}, {"t": "z", "v": [1, 2]}, {"t": "z", "v": "12"},
    {"t": "d", "v": [["a", 1], ["a", 2]]}, {"t": "d", "v": [[[], 1]]}, {"t": "d", "v": [["k" * 20_000, 1]]},
    {"t": "d", "v": [[1, 2, 3]]}, {"t": "d", "v": [["a", 1]]}, {"t": "l", "v": "text"}, {"t": []}, {"t": "l", "v": {}},
    {"t": "l", "v": [0] * (REPLY.items + 1)}, {"t": "l", "v": ["x" * 9000] * 30}, {"t": "l", "v": ["x" * 9000, 1, 2]},
    deep(REPLY.depth), deep(REPLY.depth + 2), deep(60),
    {"dtype": "|b1", "shape": [8]}, {"dtype": "<f2", "shape": [2, 2]}, {"dtype": "|O", "shape": [1]}, {"dtype": "<c16", "shape": []},
)  # fmt: skip
BYTES = (
    b"", b"\0", b"\xff", b"NaN", b"-Infinity", b"1e999", b"9" * 401, b"9" * 5000, b'"', b"{", b"[" * 500, b"]", b",",
    b'"t":"h",', b'"nonce":7,', b'"\\ud800"', b"\\u0000", b"-", b"\xed\xa0\x80", b"true", b"null",
)  # fmt: skip


@dataclass(frozen=True)
class Edit:
    """One mutation of a frame: of its tree, below the key `within`, of its bytes, or of its payload.

    `place` is a position between 0, the beginning, and 1, the end.
    """

    kind: str
    within: str
    place: float
    what: int

    def of_tree(self, tree):
        """Change the header at one place."""
        inside = {self.within: tree[self.within]} if self.within in tree else tree
        places = list(_places(inside))
        holder, key = places[min(int(self.place * len(places)), len(places) - 1)]
        if self.kind == "put":
            holder[key] = json.loads(json.dumps(ATOMS[self.what % len(ATOMS)]))
        elif self.kind == "drop":
            del holder[key]
        elif self.kind == "double" and isinstance(holder, list):
            holder.insert(key, holder[key])
        elif self.kind == "wrap":
            holder[key] = {"t": "lud"[self.what % 3], "v": [holder[key]]}
        elif self.kind == "swap":
            other, name = places[self.what % len(places)]
            holder[key] = json.loads(json.dumps(other[name]))
        if inside is not tree:
            tree.pop(self.within)
            tree.update(inside)

    def of_bytes(self, content):
        """Return the bytes with one run replaced."""
        start = int(self.place * (len(content) + 1))
        return content[:start] + BYTES[self.what % len(BYTES)] + content[start + self.what % 7 :]


def _places(tree):
    keys = tree if isinstance(tree, dict) else range(len(tree))
    for key in list(keys):
        yield tree, key
        if isinstance(tree[key], dict | list):
            yield from _places(tree[key])


EDITS = st.lists(
    st.builds(
        Edit,
        st.sampled_from((*("put",) * 12, *("drop", "double", "wrap", "swap") * 2, "bytes", "payload")),
        st.sampled_from((*("value",) * 8, "after", "arrays", "lines", "")),
        st.floats(0, 1, exclude_max=True),
        st.integers(0, 10_000),
    ),
    min_size=1,
    max_size=3,
)


def forged(header, payload, edits):
    """Return the frame of a valid reply after the edits."""
    tree = json.loads(json.dumps(header))
    for edit in edits:
        if edit.kind not in ("bytes", "payload") and tree:
            edit.of_tree(tree)
    text = json.dumps(tree).encode()
    for edit in edits:
        if edit.kind == "bytes":
            text = edit.of_bytes(text)
        if edit.kind == "payload":
            payload = edit.of_bytes(bytes(payload))
    return text, bytearray(payload)


def reply_of(value, after=None):
    """Return header and payload of a child's answer."""
    encoder = Encoder(lambda kept: {"t": "h", "i": 0, "d": type(kept).__name__}, 2**26)
    node = encoder.node(value)
    nodes = None if after is None else [encoder.node(one) for one in after]
    header = {"ending": "returned", "nonce": NONCE, "value": node, "after": nodes, "arrays": encoder.descriptions}
    return header, b"".join(bytes(buffer) for buffer in encoder.buffers)


X = np.arange(6.0).reshape(2, 3)
VALID = (
    reply_of((X, X * 0 + 7)),
    reply_of(X.T, [X, None]),
    reply_of([1, 2.5, "text", None, True, 3j, math.nan, (X.astype("<f4"), np.float64(2))]),
    reply_of({"scratch": 0.5, "frozen": X > 2, "others": {"a": [X[0], {1}]}}),
    reply_of(np.zeros((0, 3))),
    ({"ending": "raised", "nonce": NONCE, "kind": "IndexError", "message": "index 7", "lines": [[3, "f"]]}, b""),
    ({"ending": "epoch", "nonce": NONCE, "number": 1, "of": 3, "learning": 4}, b""),
)


def arrays_in(value):
    """Yield the arrays of an answer; assert that everything else in it is within bounds."""
    assert type(value) in (type(None), bool, int, float, complex, str, list, tuple, dict, np.ndarray, Foreign)
    if isinstance(value, np.ndarray):
        assert value.dtype.str in ARRAY_TYPES
        if value.dtype.kind == "b":
            assert np.ascontiguousarray(value).view(np.uint8).max(initial=0) <= 1
        yield value
    elif isinstance(value, dict):
        assert all(type(key) is str and len(key.encode()) <= 4 * TEXT_LIMIT for key in value)
        yield from (array for part in value.values() for array in arrays_in(part))
    elif isinstance(value, list | tuple):
        assert len(value) <= REPLY.items
        yield from (array for part in value for array in arrays_in(part))
    elif isinstance(value, Foreign):
        assert 0 <= value.handle < 2**31
        assert len(value.description) <= 200
    elif isinstance(value, str):
        assert len(value.encode()) <= 4 * TEXT_LIMIT
    elif type(value) is int:
        assert -(2**63) <= value < 2**63


@FRAMES
@given(st.sampled_from(VALID), EDITS)
def test_a_mutated_frame_is_an_answer_within_bounds_or_refused(frame, edits):
    header, payload = forged(*frame, edits)
    returning = 2 if frame is VALID[1] else None
    try:
        answer = wire.answer_of(header, payload, wire.Expected(NONCE, 1, returning))
    except wire.ProtocolError:
        return
    if isinstance(answer, Returned):
        arrays = list(arrays_in((answer.value, answer.arguments)))
        assert sum(array.nbytes for array in arrays) <= len(payload)
        wire.call_frame(1, "dropout", [Request("f", (answer.value, [answer.value]))], 1)  # it can be given back
    elif isinstance(answer, Raised):
        assert all(0 <= line.number <= 10**7 for line in answer.lines)


class Forger(Caller):
    """Answers each call of dropout incorrectly, in a mutated frame."""

    def __init__(self, edits):
        self._edits = edits

    def ask(self, request):
        function, arguments, named = request.function, request.arguments, request.named
        x = np.asarray(arguments[0] if arguments else next(iter(named.values())))
        wrong = x * 7 if function == "dropout_backward" else (x * 7, x * 0 + 7)
        after = (
            [one if isinstance(one, np.ndarray) else None for one in arguments] if request.return_arguments else None
        )
        header, payload = forged(*reply_of(wrong, after), self._edits)
        try:
            answer = wire.answer_of(header, payload, wire.Expected(NONCE, 1, len(arguments) if after else None))
        except wire.ProtocolError as error:
            return Stopped(Reason.INVALID_ANSWER, f"{function} was stopped: {error}")
        return answer if isinstance(answer, Returned | Raised) else Stopped(Reason.INVALID_ANSWER, "an epoch")


def ask_all(function, edits, several):
    return Forger(edits).ask_all([Request(function, one, return_arguments=True) for one in several])


@pytest.fixture(scope="module")
def graded():
    """`graded(edits)` gives the score of a forger and the report, explained as a learner's."""
    exercise = COURSE.find("dropout")
    reference, rubric = exercise.reference(), exercise.rubric
    diagnostician = Diagnostician(exercise)

    def _graded(edits):
        recorder, diagnoses = Recorder(Forger(edits)), []
        outcomes = session_of(exercise.key).run(RunContext(recorder, 1, begin=recorder.begin))
        for name, results in rubric.functions.items():
            diagnosis = diagnostician.diagnose(name, recorder.calls.get(name, ()), partial(ask_all, name, edits))
            if diagnosis is None:
                continue
            diagnoses.append(diagnosis)
            ours, valid = getattr(reference, name), exercise.calls()[name].valid
            if (
                smallest := smallest_failing(diagnosis.items, ours, partial(Forger(edits).call, name), valid)
            ) is not None:
                in_words(name, [one.name for one in results], ours, smallest)
        found = score(rubric, outcomes, diagnoses)
        who = Submission("someone", exercise.key, (), "0" * 64)
        circumstances = Circumstances("namespaces", 1, "0" * 64)
        to_json(build_report(Judgement(rubric, who, found, circumstances, diagnoses=tuple(diagnoses))))
        return found, outcomes

    return _graded


@pytest.fixture(scope="module")
def floor(graded):
    """The points that the wrong answers earn without any mutation."""
    return graded([])[0].earned


@settings(CHECKS, max_examples=20)
@given(edits=EDITS)
@example(edits=[Edit("wrap", "value", 0.75, 0)])  # an answer where an exception is due, with results of two shapes
def test_a_mutated_frame_earns_nothing_and_breaks_no_check(graded, floor, edits):
    found, outcomes = graded(edits)
    assert [one for one in outcomes if one.verdict is Verdict.GRADER_FAULT] == []
    assert found.earned <= floor


@pytest.mark.thorough
@settings(CHECKS, max_examples=200)
@given(edits=EDITS)
def test_many_mutated_frames_earn_nothing_and_break_no_check(graded, floor, edits):
    found, outcomes = graded(edits)
    assert [one for one in outcomes if one.verdict is Verdict.GRADER_FAULT] == []
    assert found.earned <= floor
