"""Compare `grade exercise 5` with plain pytest, which runs the same checks without a sandbox, as whole processes.

python -m benchmarks.keras_cnn
"""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

from benchmarks.paired import machine, paired, python

ROOT = Path(__file__).parents[1]
KEY, RUNS = "05_keras_cnn", 5


def main() -> None:
    """Compare whole processes. Both import TensorFlow and train; pytest runs the reference in its own process."""
    print(machine())
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
    with tempfile.TemporaryDirectory() as folder:
        for name in ("keras_cnn", "convolution", "pooling", "batch_norm"):
            shutil.copy(next((ROOT / "solutions").glob(f"*/{name}.py")), folder)
        graded = python("-m", "grader", "exercise", "5", folder)
        plain = python("-m", "pytest", "-q", "-p", "no:cacheprovider", str(ROOT / "tests" / "hidden" / KEY))
        timing = paired(graded, plain, RUNS, frozenset({0}))
    print(
        f"grade exercise 5: {timing.first:.2f} s; plain pytest: {timing.second:.2f} s; "
        f"ratio {timing.ratio:.2f} (median of {timing.runs} pairs)"
    )


if __name__ == "__main__":
    main()
