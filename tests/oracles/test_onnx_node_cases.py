"""The backend cases of the ONNX project, with NCHW changed to NHWC. Cases that do not map are listed with a reason."""

import warnings
from functools import cache

import numpy as np

from tests.grading import COURSE
from tests.needs import needs

CONVOLUTION = COURSE.find("convolution").reference()
POOLING = COURSE.find("pooling").reference()
DROPOUT = COURSE.find("dropout").reference()
BATCH_NORM = COURSE.find("batch_norm").reference()

OPERATORS = ("Conv", "MaxPool", "AveragePool", "GlobalAveragePool", "Dropout", "BatchNormalization")


@cache
def node_cases():
    """Return name, operator, attributes, inputs and outputs of every case of ONNX for our operators.

    ONNX needs some seconds to make its cases, so they are made when a test runs, not whenever tests are collected.
    """
    onnx = needs("onnx", "cases for our references")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # some cases overflow on purpose
        from onnx.backend.test.case.node import collect_testcases

        collected = collect_testcases("")
    found = []
    for case in collected:
        nodes = case.model.graph.node
        if len(nodes) == 1 and nodes[0].op_type in OPERATORS and case.data_sets:
            attributes = {one.name: onnx.helper.get_attribute_value(one) for one in nodes[0].attribute}
            found.append((case.name, nodes[0].op_type, attributes, *case.data_sets[0]))
    return found


def why_not(operator, attributes, inputs):
    """Return why a case does not map to our functions; empty if it does."""
    if "Pool" in operator or operator == "Conv":
        if inputs[0].ndim != 4:
            return "our images have two dimensions"
        if set(attributes.get("dilations", [1])) != {1}:
            return "our pooling has no dilation"
        if attributes.get("ceil_mode"):
            return "we leave out windows that do not fit, as Keras does"
        if attributes.get("count_include_pad"):
            return "our mean leaves padding out"
        if attributes.get("auto_pad") == b"SAME_LOWER" and operator != "Conv":
            return "we put the odd pixel at the end"
    return ""


def mapped():
    return [case for case in node_cases() if not why_not(*case[1:4])]


def channels_last(images):
    return np.moveaxis(np.asarray(images), 1, -1)


def test_most_cases_of_every_operator_are_mapped():
    assert {case[1] for case in mapped()} == set(OPERATORS)
    assert len(mapped()) >= 38


def test_every_case_of_onnx():
    wrong = {}
    for name, operator, attributes, inputs, outputs in mapped():
        ours = OURS[operator](attributes, inputs, outputs)
        for one, other in zip(ours, outputs, strict=False):
            right = channels_last(other) if np.ndim(other) == 4 else np.asarray(other)
            if not np.allclose(np.reshape(one, right.shape), right, rtol=1e-4, atol=1e-5):
                wrong[name] = one, right
    assert wrong == {}


def geometry(attributes):
    """Return stride and padding in our form, with four pads as two pairs."""
    strides = tuple(attributes.get("strides", (1, 1)))
    if "auto_pad" in attributes:
        return strides, "same", None
    top, left, bottom, right = attributes.get("pads", (0, 0, 0, 0))
    if len({top, left, bottom, right}) == 1:
        return strides, top, None
    return strides, "valid", ((top, bottom), (left, right))


def conv(attributes, inputs, _):
    x, w = channels_last(inputs[0]), np.moveaxis(inputs[1], (0, 1), (3, 2))
    strides, padding, pads = geometry(attributes)
    if pads is not None:
        x = CONVOLUTION.pad2d(x, pads)
    bias = inputs[2] if len(inputs) > 2 else np.zeros(w.shape[3], x.dtype)
    return (CONVOLUTION.conv2d(x, w, bias, strides, padding),)


def pool(function):
    def run(attributes, inputs, _):
        strides, padding, _ = geometry(attributes)
        return (function(channels_last(inputs[0]), tuple(attributes["kernel_shape"]), strides, padding),)

    return run


def dropout(attributes, inputs, outputs):
    """Return the identity at inference. In training, ONNX draws its own mask, which we scale and use."""
    x = inputs[0]
    ratio = float(inputs[1]) if len(inputs) > 1 and np.size(inputs[1]) else 0.5
    training = len(inputs) > 2 and bool(inputs[2])
    y, mask = DROPOUT.dropout(x, ratio, training, np.random.default_rng(0))
    if training and ratio:
        drawn = (outputs[1] if len(outputs) > 1 else outputs[0] != 0).astype(x.dtype)
        return DROPOUT.dropout_backward(x, drawn / (1 - ratio)), drawn
    return y, mask


def batch_norm(attributes, inputs, _):
    x, gamma, beta, mean, variance = inputs
    eps = attributes.get("epsilon", 1e-5)
    if attributes.get("training_mode"):
        return BATCH_NORM.batch_norm_train(
            channels_last(x), gamma, beta, mean, variance, attributes.get("momentum", 0.9), eps
        )
    return (BATCH_NORM.batch_norm_infer(channels_last(x), gamma, beta, mean, variance, eps),)


OURS = {
    "Conv": conv,
    "MaxPool": pool(POOLING.max_pool2d),
    "AveragePool": pool(POOLING.avg_pool2d),
    "GlobalAveragePool": lambda _attributes, inputs, _outputs: (POOLING.global_avg_pool2d(channels_last(inputs[0])),),
    "Dropout": dropout,
    "BatchNormalization": batch_norm,
}
