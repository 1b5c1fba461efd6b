"""Compare grading exercise 5 with less: only its trainings in one warm process, and plain pytest without a sandbox.

python -m benchmarks.keras_cnn          both comparisons
python -m benchmarks.keras_cnn warm     a worker, and the same trainings and evaluations in one warm process
python -m benchmarks.keras_cnn command  `grade exercise 5`, and plain pytest with the same checks, as whole processes
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from benchmarks.paired import machine, paired, python
from grader.course import load_course
from grader.grading import Worker
from grader.submission import read_submission

ROOT = Path(__file__).parents[1]
KEY, RUNS = "05_keras_cnn", 9
BARE = """
import sys, time
import numpy as np
from keras_cnn import build_cnn, train
import keras
keras.utils.set_random_seed(0)
import tensorflow
tensorflow.config.experimental.enable_op_determinism()
with np.load(sys.argv[1]) as data:
    x = (data["images"] / 255).astype("float32")[..., None]
    y = data["labels"].astype(int)
for line in sys.stdin:
    started = time.perf_counter()
    few = build_cnn((8, 8, 1), 10)
    train(few, x[:128], y[:128], x[128:192], y[128:192], 25)
    few(x[:192])
    model = build_cnn((8, 8, 1), 10)
    train(model, x[:1100], y[:1100], x[1100:1347], y[1100:1347], 12)
    model(x[1347:])
    print(time.perf_counter() - started, flush=True)
"""


COMMAND_RUNS = 5


def main(arguments: list[str]) -> None:
    """Print the chosen comparisons."""
    print(machine())
    if "warm" in arguments or not arguments:
        warm()
    if "command" in arguments or not arguments:
        command()


def command() -> None:
    """Compare whole processes. Both import TensorFlow and train; pytest runs the reference in its own process."""
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
    with tempfile.TemporaryDirectory() as folder:
        for name in ("keras_cnn", "convolution", "pooling", "batch_norm"):
            shutil.copy(next((ROOT / "solutions").glob(f"*/{name}.py")), folder)
        graded = python("-m", "grader", "exercise", "5", folder)
        plain = python("-m", "pytest", "-q", "-p", "no:cacheprovider", str(ROOT / "tests" / "hidden" / KEY))
        timing = paired(graded, plain, COMMAND_RUNS, frozenset({0}))
    print(
        f"grade exercise 5: {timing.first:.2f} s; plain pytest: {timing.second:.2f} s; "
        f"ratio {timing.ratio:.2f} (median of {timing.runs} pairs)"
    )


def warm() -> None:
    """Compare a worker that has graded a submission before with a process that has trained before."""
    exercise = load_course(ROOT).find(KEY)
    submission = read_submission(exercise.reference_path, KEY, "keras_cnn", companions=exercise.rubric.companions)
    variables = {
        "TF_CPP_MIN_LOG_LEVEL": "3", "TF_NUM_INTRAOP_THREADS": "1", "TF_NUM_INTEROP_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "PYTHONPATH": str(exercise.reference_path.parent),
    }  # fmt: skip
    data = ROOT / "exercises" / KEY / "digits.npz"
    command = [sys.executable, "-c", BARE, str(data)]
    pipe, null = subprocess.PIPE, subprocess.DEVNULL
    known = {**os.environ, **variables}
    bare = subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=null, env=known, text=True)
    assert bare.stdin is not None
    assert bare.stdout is not None
    pairs = []
    with Worker(exercise) as worker:
        for run in range(RUNS + 1):
            bare.stdin.write("go\n")
            bare.stdin.flush()
            alone = float(bare.stdout.readline())
            started = time.perf_counter()
            report = worker.grade(submission, run)
            taken = time.perf_counter() - started
            if report.score.earned < report.score.possible:
                sys.exit(f"the reference earned {report.score.earned}")
            if run:
                pairs.append((taken, alone))
    bare.stdin.close()
    bare.wait()
    ratio = median(taken / alone for taken, alone in pairs)
    print(f"graded {median(p[0] for p in pairs):.2f} s, bare training {median(p[1] for p in pairs):.2f} s: {ratio:.2f}")


if __name__ == "__main__":
    main(sys.argv[1:])
