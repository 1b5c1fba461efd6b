"""Values pass through a frame unchanged, and no other values come out of one."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from grader.sandbox.inside.values import ARRAY_TYPES, REPLY, Decoder, Encoder, arrays_of

PLAIN = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats()
    | st.text(max_size=20)
    | st.complex_numbers(),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.lists(inner, max_size=4).map(tuple)
        | st.dictionaries(st.text(max_size=5), inner, max_size=4)
    ),
    max_leaves=10,
)
ARRAYS = st.sampled_from(sorted(ARRAY_TYPES)).flatmap(
    lambda dtype: hnp.arrays(np.dtype(dtype), hnp.array_shapes(min_dims=0, min_side=0))
)


def refused(value):
    return {"t": "h", "i": 0, "d": type(value).__name__}


def there_and_back(value):
    encoder = Encoder(refused, 2**20)
    node = encoder.node(value)
    payload = bytearray(b"".join(bytes(buffer) for buffer in encoder.buffers))
    return Decoder(arrays_of(encoder.descriptions, payload), lambda node: node["d"]).value(node)


def same(left, right):
    if isinstance(left, float):
        return left == right or (math.isnan(left) and math.isnan(right))
    if isinstance(left, complex):
        return same(left.real, right.real) and same(left.imag, right.imag)
    if isinstance(left, (list, tuple)):
        return type(left) is type(right) and len(left) == len(right) and all(map(same, left, right))
    if isinstance(left, dict):
        return left.keys() == right.keys() and all(same(left[key], right[key]) for key in left)
    return type(left) is type(right) and left == right


@given(PLAIN)
def test_plain_data_comes_back_as_it_was(value):
    assert same(there_and_back(value), value)


@given(ARRAYS)
def test_arrays_come_back_with_dtype_shape_and_bits(array):
    back = there_and_back(array)
    assert back.dtype == array.dtype
    assert back.shape == array.shape
    assert back.tobytes() == array.tobytes()


def test_a_view_comes_back_contiguous_and_writable():
    back = there_and_back(np.arange(12.0).reshape(3, 4)[::2, ::-1])
    assert back.flags.c_contiguous
    assert back.flags.writeable
    assert back.tolist() == [[3, 2, 1, 0], [11, 10, 9, 8]]


def test_the_other_byte_order_is_converted():
    assert there_and_back(np.array([1.5, -2.0], dtype=">f8")).tolist() == [1.5, -2.0]


@pytest.mark.parametrize(
    "value",
    [
        np.array([None, 1]),
        np.array(["a"]),
        np.zeros(2, "M8[s]"),
        {1: 2},
        2**63,
        b"bytes",
        object(),
        {1, 2},
        "x" * 20_000,
    ],
)
def test_a_value_that_is_not_plain_data_stays_in_the_child(value):
    assert there_and_back(value) == type(value).__name__


def test_an_array_that_is_too_large_stays_in_the_child():
    assert there_and_back(np.zeros(2**20)) == "ndarray"


def test_a_list_that_contains_itself_ends():
    endless = []
    endless.append(endless)
    node = there_and_back(endless)
    for _ in range(REPLY.depth + 1):
        node = node[0]
    assert node == "list"
