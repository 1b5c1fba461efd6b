"""The oracles: TensorFlow, Keras and the ONNX project's own cases, which know nothing of our references."""

import importlib
import os
import warnings

import pytest

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "0")


def oracle(name):
    """A module that only these tests need; where it is missing they skip, but in CI they fail."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what their imports warn of is theirs to mend
            return importlib.import_module(name)
    except ImportError as error:
        if os.environ.get("CI"):
            raise
        pytest.skip(f"{name} is not installed ({error}): pip install -e '.[dev]'", allow_module_level=True)


@pytest.fixture(scope="session")
def tf():
    return oracle("tensorflow")


@pytest.fixture(scope="session")
def keras(tf):
    return oracle("keras")
