"""Files that import TensorFlow are collected for their doctests; without it they skip with a reason."""

from pathlib import Path

import pytest

from tests.needs import needs_installed

OF_KERAS = {
    Path(__file__).parent / name
    for name in (
        "solutions/05_keras_cnn/keras_cnn.py", "solutions/06_transfer_learning/transfer_learning.py",
        "grader/sandbox/inside/keras_graphs.py", "grader/sandbox/inside/keras_parameter.py",
        "grader/sandbox/inside/keras_steps.py", "grader/sandbox/inside/tensorflow_calls.py",
    )
}  # fmt: skip


@pytest.hookimpl(tryfirst=True)
def pytest_make_collect_report(collector):
    """Report the file as skipped; in CI, where it must not be, as failed."""
    if collector.path not in OF_KERAS or not isinstance(collector, pytest.File):
        return None
    try:
        needs_installed("tensorflow", "this file builds networks with it")
    except pytest.skip.Exception as error:
        return pytest.CollectReport(collector.nodeid, "skipped", (str(collector.path), 1, f"Skipped: {error}"), [])
    except pytest.fail.Exception as error:
        return pytest.CollectReport(collector.nodeid, "failed", str(error), [])
    return None
