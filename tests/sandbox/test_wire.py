"""Every byte from a child is a claim: anything but an answer ends as a ProtocolError."""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.sandbox import Foreign, IsolationError, Line, Raised, Refusal, Returned, wire
from grader.sandbox.inside import frames
from grader.sandbox.request import Request

NONCE = 7
EXPECTED = wire.Expected(NONCE, child=1)


def answer(header, payload=b""):
    return wire.answer_of(json.dumps(header).encode(), bytearray(payload), EXPECTED)


def refusal(header, payload=b""):
    with pytest.raises(wire.ProtocolError) as caught:
        answer(header, payload)
    return str(caught.value)


def returned(value, arrays=(), nonce=NONCE):
    return {"ending": "returned", "nonce": nonce, "value": value, "arrays": list(arrays)}


def test_an_array_and_a_tuple():
    header = returned({"t": "u", "v": [{"t": "a", "i": 0}, 3]}, [{"dtype": "<f8", "shape": [2]}])
    value = answer(header, np.array([1.0, 2.0]).tobytes()).value
    assert value[0].tolist() == [1.0, 2.0]
    assert value[1] == 3


def test_a_handle():
    assert answer(returned({"t": "h", "i": 4, "d": "a model", "k": "Model"})) == Returned(
        Foreign("a model", 4, 1, "Model")
    )


def test_an_exception():
    header = {"ending": "raised", "nonce": NONCE, "kind": "IndexError", "message": "out", "lines": [[3, "f"]]}
    assert answer(header) == Raised("IndexError", "out", (Line(3, "f"),))


def test_an_answer_to_another_call():
    assert refusal(returned(1, nonce=8)) == "it answered a call before it was made"


@pytest.mark.parametrize("dtype", ["|O", "O", "<U4", "|V8", "<M8[s]", "f8,f8", "float64", ""])
def test_an_array_of_an_unknown_type(dtype):
    seen = refusal(returned({"t": "a", "i": 0}, [{"dtype": dtype, "shape": [1]}]), b"12345678")
    assert seen == f"it sent an array of the unknown type {dtype!r}"


@pytest.mark.parametrize("shape", [[2], [0], [1, 3], [2**39, 2**39], [-1], [1.0], ["1"], [True]])
def test_an_array_of_a_different_size_than_its_bytes(shape):
    assert refusal(returned({"t": "a", "i": 0}, [{"dtype": "<f8", "shape": shape}]), b"12345678")


@pytest.mark.parametrize(
    "node",
    [
        {"t": "a", "i": 1}, {"t": "a", "i": "x"}, {"t": "a"}, {"t": "l", "v": 3}, {"t": "l"}, {"t": "d", "v": [1]},
        {"t": "f", "v": "abc"}, {"t": "z", "v": ["1"]}, {"t": "h", "i": "0", "d": "x"}, {"t": "h"}, {"t": "g", "v": {}},
        {"t": "?"}, {}, [1], {"t": "d", "v": [[[], 1]]}, {"t": "d", "v": [["a", 1], ["a", 2]]}, {"t": "c", "v": "square"},
        {"t": "h", "i": -1, "d": "x"}, {"t": "h", "i": True, "d": "x"}, {"t": "h", "i": 2**64, "d": "x"},
        int("9" * 401), 2**63, float("nan"), float("inf"), {"t": "f", "v": "1e999"}, {"t": "f", "v": int("9" * 401)},
        {"t": "z", "v": ["9" * 1000, "1"]}, {"t": "l", "v": [0] * 20_001}, "x" * 10_001, {"t": "l", "v": ["x" * 9000] * 23},
    ],
)  # fmt: skip
def test_an_invalid_node(node):
    assert refusal(returned(node)) == "it sent an answer that cannot be read"


@pytest.mark.parametrize("times", [0, 2, 100_000])
def test_each_array_is_named_once(times):
    """An array named twice needs twice its memory here, and an array without a name was sent for nothing."""
    node = {"t": "l", "v": [{"t": "a", "i": 0}] * times}
    assert (
        refusal(returned(node, [{"dtype": "<f8", "shape": [1]}]), b"12345678")
        == "it sent an answer that cannot be read"
    )


@pytest.mark.parametrize("shape", [[0, 2**39, 2**39], [0, 2**40 - 1], [2**26 + 1, 0]])
def test_an_empty_array_that_is_wider_than_memory(shape):
    assert refusal(returned({"t": "a", "i": 0}, [{"dtype": "<f8", "shape": shape}]))


def test_a_truth_value_is_true_or_false():
    header = returned({"t": "a", "i": 0}, [{"dtype": "|b1", "shape": [2]}])
    assert answer(header, b"\0\1").value.tolist() == [False, True]
    assert refusal(header, b"\0\2")


@pytest.mark.parametrize("after", [[], [None], [None, "x"], [None, 1.0], [None] * 3])
def test_arguments_that_do_not_fit_the_request(after):
    frame = json.dumps({**returned(1), "after": after}).encode()
    with pytest.raises(wire.ProtocolError):
        wire.answer_of(frame, bytearray(), wire.Expected(NONCE, 1, 2))


def test_arguments_that_were_not_requested():
    assert refusal({**returned(1), "after": [None]})


@pytest.mark.parametrize("line", [["f", 1], [-1, "f"], [int("9" * 400), "f"], [True, "f"], [1], [1, "f", 2]])
def test_a_line_that_cannot_be_read(line):
    assert refusal({"ending": "raised", "nonce": NONCE, "kind": "X", "message": "", "lines": [line]})


@pytest.mark.parametrize("ending", ["raised", "epoch"])
def test_bytes_that_belong_to_no_array(ending):
    more = {"kind": "X", "message": "", "lines": []} if ending == "raised" else {"number": 1, "of": 2}
    assert refusal({"ending": ending, "nonce": NONCE, **more}, b"12345678")


@pytest.mark.parametrize(
    "text", [b"", b"{", b"[]", b'{"signal": -1}', b'{"signal": "9"}', b'{"cpu_seconds": 1e999}', b"\xff"]
)
def test_an_end_that_cannot_be_read_says_nothing(text):
    assert wire.ended_of(text) == wire.Ended()


def test_an_end_as_the_zygote_reports_it():
    assert wire.ended_of(b'{"signal": 9, "code": 0, "cpu_seconds": 0.5}') == wire.Ended(signal=9, cpu_seconds=0.5)


@pytest.mark.parametrize(
    "text",
    [b"", b"{", b"null", b"[]", b'{"ending": "returned"}', b'{"ending": "won"}', b"{}" * 9, b"\xff\xfe", b"[" * 100_000,
     b'{"ending":"returned","nonce":7,"value":' + b"[" * 5000 + b"]" * 5000 + b',"arrays":[]}',
     b'{"ending":"returned","nonce":7,"value":' + b"9" * 10_000 + b',"arrays":[]}',
     b'{"ending":"returned","nonce":7,"value":1,"arrays":[],"score":100}'],
)  # fmt: skip
def test_an_invalid_header(text):
    with pytest.raises(wire.ProtocolError):
        wire.answer_of(text, bytearray(), EXPECTED)


@given(st.binary(max_size=200), st.binary(max_size=64))
def test_noise_is_refused(header, payload):
    with pytest.raises(wire.ProtocolError):
        wire.answer_of(header, bytearray(payload), EXPECTED)


def test_sizes_are_checked_before_reading():
    for prefix in (
        frames.PREFIX.pack(b"HTTP", 10, 10),
        frames.PREFIX.pack(frames.MAGIC, 2**31, 0),
        frames.PREFIX.pack(frames.MAGIC, 10, 2**62),
    ):
        with pytest.raises(wire.ProtocolError) as caught:
            wire.frame_bytes(prefix, 2**20)
        assert str(caught.value) == "it wrote something into the grader's channel that is not an answer"


def test_only_our_first_frame_confirms_confinement():
    wire.confirms_confinement(b'{"ending":"confined"}')
    with pytest.raises(IsolationError) as caught:
        wire.confirms_confinement(b'{"ending":"unconfined","message":"clone: no","refused":"user namespaces"}')
    assert caught.value.refusal is Refusal.USER_NAMESPACES
    with pytest.raises(wire.ProtocolError):
        wire.confirms_confinement(json.dumps(returned(1)).encode())


def test_a_value_that_cannot_be_sent_is_named():
    with pytest.raises(wire.UnsendableError) as caught:
        wire.call_frame(1, "dropout", [Request("f", (object(),))], 1)
    assert str(caught.value) == (
        "Cannot send a value of type object to a submission. Send numbers below 2**63, texts, arrays of numbers, "
        "lists, tuples, dictionaries with text keys, a generator or one of the named functions."
    )


def test_a_handle_of_a_different_child_is_not_sent():
    with pytest.raises(wire.StrandedError) as caught:
        wire.call_frame(1, "dropout", [Request("f", (Foreign("a model", 0, 1),))], 2)
    assert "was lost with the process that had made it" in str(caught.value)
