"""The oracles: TensorFlow, Keras and the cases of the ONNX project, all independent of our references."""

import os

import pytest

from tests.needs import needs

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "0")


@pytest.fixture(scope="session")
def tf():
    return needs("tensorflow", "an oracle of our references")


@pytest.fixture(scope="session")
def keras(tf):
    return needs("keras", "an oracle of our references")
