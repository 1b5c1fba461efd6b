"""Files that import TensorFlow or Dask are collected for their doctests; without it they skip with a reason."""

from pathlib import Path

import pytest

from tests.needs import needs_installed

OF_KERAS = (
    "solutions/05_keras_cnn/keras_cnn.py", "solutions/06_transfer_learning/transfer_learning.py",
    "grader/sandbox/inside/keras_graphs.py", "grader/sandbox/inside/keras_parameter.py",
    "grader/sandbox/inside/keras_steps.py", "grader/sandbox/inside/tensorflow_calls.py",
)  # fmt: skip
OF_DASK = tuple(
    f"grader/batch/cluster/{name}.py"
    for name in ("cluster_pool", "connection_to_dask", "grading_plugin", "local_cluster", "local_process")
)
NEEDED = {
    Path(__file__).parent / name: (module, why)
    for names, module, why in (
        (OF_KERAS, "tensorflow", "this file builds networks with it"),
        (OF_DASK, "distributed", "this file talks to a Dask cluster"),
    )
    for name in names
}


@pytest.hookimpl(tryfirst=True)
def pytest_make_collect_report(collector):
    """Report the file as skipped; in CI, where it must not be, as failed."""
    if collector.path not in NEEDED or not isinstance(collector, pytest.File):
        return None
    try:
        needs_installed(*NEEDED[collector.path])
    except pytest.skip.Exception as error:
        return pytest.CollectReport(collector.nodeid, "skipped", (str(collector.path), 1, f"Skipped: {error}"), [])
    except pytest.fail.Exception as error:
        return pytest.CollectReport(collector.nodeid, "failed", str(error), [])
    return None
